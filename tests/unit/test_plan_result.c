/* SPDX-License-Identifier: MIT */
/* A plan against its corpus, as it is and after changes: what is another document, and where. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup/dedup.h"
#include "neardup/output.h"
#include "neardup/plan.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512 };

/* Records, of which some have no id, in one file or one file each. */
static const char *const records[] = {
    "{\"id\":\"a\",\"text\":\"one two three four five six\"}\n",
    "{\"text\":\"the river runs past the mill\"}\n",
    "{\"text\":\"one two three four five six\"}\n",
    "{\"id\":\"d\",\"text\":\"nets dry on the railings\"}\n",
};

typedef struct desk {
    temp_dir folder;
    char input[PATH_BYTES];
    char plan[PATH_BYTES];
} desk;

static ndup_status open_corpus(ndup_corpus **corpus, const desk *self, ndup_error *error)
{
    const char *input = self->input;
    return ndup_corpus_open(corpus, &input, 1, NULL, NULL, error);
}

static void write_plan_by(const desk *self, ndup_rule rule)
{
    char specification[PATH_BYTES + 8];
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_sink *sink;
    ndup_error error;
    ndup_output_options opening = {.struct_size = sizeof opening, .overwrite = true};
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.rule = rule;
    snprintf(specification, sizeof specification, "plan:%s", self->plan);
    assert_ok(open_corpus(&corpus, self, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    assert_ok(ndup_output_open(&sink, specification, &opening, &error), &error);
    assert_ok(ndup_result_write(result, corpus, &sink, 1, NULL, &error), &error);
    ndup_output_close(sink);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
}

static void write_records(const desk *self, const char *const *lines, size_t count)
{
    char text[2000] = "";
    for (size_t i = 0; i < count; i++) {
        strcat(text, lines[i]);
    }
    temp_dir_write_text(&self->folder, "r.jsonl", text);
}

static void desk_init(desk *self)
{
    temp_dir_init(&self->folder);
    temp_dir_path(&self->folder, "r.jsonl", self->input, PATH_BYTES);
    temp_dir_path(&self->folder, "plan", self->plan, PATH_BYTES);
    write_records(self, records, 4);
    write_plan_by(self, NDUP_RULE_JACCARD);
}

static ndup_status match(ndup_result **result, const desk *self, bool is_edited, ndup_error *error)
{
    ndup_plan *plan;
    ndup_corpus *corpus;
    ndup_error opening;
    *result = NULL;
    assert_ok(is_edited ? ndup_plan_open_edited(&plan, self->plan, NULL, &opening)
                        : ndup_plan_open(&plan, self->plan, NULL, &opening),
              &opening);
    assert_ok(ndup_plan_open_corpus(&corpus, plan, NULL, 0, NULL, NULL, &opening), &opening);
    ndup_status status = ndup_plan_result(result, plan, corpus, NULL, error);
    ndup_corpus_close(corpus);
    ndup_plan_close(plan);
    return status;
}

static void assert_changed(const desk *self, bool is_edited, const char *message)
{
    ndup_error error;
    ndup_result *result;
    assert_status(match(&result, self, is_edited, &error), NDUP_STATUS_CHANGED, &error);
    assert_null(result);
    if (strstr(error.message, message) == NULL) {
        print_error("message: %s, expected: %s\n", error.message, message);
    }
    assert_non_null(strstr(error.message, message));
    assert_int_equal(match(&result, self, is_edited, NULL), NDUP_STATUS_CHANGED);
}

static void test_plan_result__is_that_of_the_run(void **state)
{
    (void)state;
    desk self;
    ndup_result *result;
    ndup_error error;
    desk_init(&self);
    assert_ok(match(&result, &self, false, &error), &error);
    assert_u64_equal(ndup_result_summary(result)->documents, 4);
    assert_u64_equal(ndup_result_summary(result)->kept, 3);
    ndup_verdict verdict;
    ndup_result_verdict(result, 2, &verdict);
    assert_false(verdict.kept);
    assert_u64_equal(verdict.survivor, 0);
    ndup_result_free(result);
    temp_dir_deinit(&self.folder);
}

static void check_change(size_t at, const char *line, const char *message)
{
    desk self;
    const char *lines[4];
    desk_init(&self);
    memcpy(lines, records, sizeof lines);
    lines[at] = line;
    write_records(&self, lines, 4);
    assert_changed(&self, false, message);
    temp_dir_deinit(&self.folder);
}

static void test_plan_result__names_what_changed(void **state)
{
    (void)state;
    static const char another[] = "another document stood here when the plan was made";
    static const char text[] = "the text changed since the plan was made";
    check_change(0, "{\"id\":\"x\",\"text\":\"one two three four five six\"}\n", another);
    check_change(0, "{\"id\":\"a\",\"text\":\"one two three four five sex\"}\n", text);
    check_change(1, "{\"text\":\"the river runs past the hill\"}\n", text);
    check_change(1, "{\"id\":\"new\",\"text\":\"the river runs past the mill\"}\n", another);
    check_change(3, "{\"text\":\"nets dry on the railings\"}\n", another);
    check_change(3, "", "");
    check_change(3, "{\"id\":\"d\",\"text\":\"nets dry on the railings\"}\n{\"text\":\"more\"}\n",
                 "this document is not in the plan");
}

/* Lines that an edited plan has lost are documents that stay; those it has must be right. */
static void test_plan_result__of_an_edited_plan_lost_lines_stay(void **state)
{
    (void)state;
    desk self;
    ndup_result *result;
    ndup_error error;
    desk_init(&self);
    char *text = temp_dir_read(&self.folder, "plan", NULL);
    char *lost = strstr(text, "{\"type\":\"document\",\"id\":\"a\"");
    assert_non_null(lost);
    char *behind = strchr(lost, '\n') + 1;
    memmove(lost, behind, strlen(behind) + 1);
    char *dropped = strstr(text, "\"survivor_number\":0");
    assert_non_null(dropped);
    temp_dir_write_text(&self.folder, "plan", text);
    assert_ok(match(&result, &self, true, &error), &error);
    ndup_verdict verdict;
    ndup_result_verdict(result, 0, &verdict);
    assert_true(verdict.kept);
    ndup_result_free(result);
    const char *lines[4] = {"{\"id\":\"other\",\"text\":\"other\"}\n", records[1], records[2],
                            records[3]};
    write_records(&self, lines, 4);
    assert_ok(match(&result, &self, true, &error), &error);
    ndup_result_free(result);
    lines[1] = "{\"text\":\"changed\"}\n";
    write_records(&self, lines, 4);
    assert_changed(&self, true, "the text changed");
    free(text);
    temp_dir_deinit(&self.folder);
}

/* Takes `part` out of the plan. */
static void cut_plan(const desk *self, const char *part)
{
    char *text = temp_dir_read(&self->folder, "plan", NULL);
    char *found = strstr(text, part);
    assert_non_null(found);
    memmove(found, found + strlen(part), strlen(found + strlen(part)) + 1);
    temp_dir_write_text(&self->folder, "plan", text);
    free(text);
}

static void test_plan_result__of_a_plan_from_before_there_were_rules(void **state)
{
    (void)state;
    desk self;
    ndup_result *result;
    ndup_error error;
    desk_init(&self);
    cut_plan(&self, ",\"rule\":\"jaccard\"");
    assert_ok(match(&result, &self, false, &error), &error);
    assert_int_equal(ndup_result_options(result)->rule, NDUP_RULE_JACCARD);
    assert_double_in(ndup_result_options(result)->containment, 0, 0);
    ndup_result_free(result);
    temp_dir_deinit(&self.folder);
}

/* An excerpt of a longer text. */
static const char *const excerpt[] = {
    "{\"id\":\"a\",\"text\":\"one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen\"}\n",
    "{\"id\":\"b\",\"text\":\"one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen nets dry on the railings and the river runs past the mill to the sea in "
    "the evening while boats lie on the sand\"}\n",
};

static void test_plan_result__keeps_what_containment_was_asked_for(void **state)
{
    (void)state;
    desk self;
    ndup_plan *plan;
    ndup_result *result;
    ndup_error error;
    desk_init(&self);
    write_records(&self, excerpt, 2);
    write_plan_by(&self, NDUP_RULE_CONTAINED);
    assert_ok(match(&result, &self, false, &error), &error);
    const ndup_dedup_options *options = ndup_result_options(result);
    assert_int_equal(options->rule, NDUP_RULE_CONTAINED);
    assert_double_in(options->containment, NDUP_CONTAINMENT, NDUP_CONTAINMENT);
    assert_string_equal(options->keep, "longest");
    ndup_verdict verdict;
    ndup_result_verdict(result, 0, &verdict);
    assert_int_equal(verdict.kind, NDUP_KIND_CONTAINED);
    assert_false(verdict.kept);
    assert_double_in(verdict.containment, 1, 1);
    ndup_result_free(result);
    cut_plan(&self, ",\"containment\":0.9");
    assert_status(ndup_plan_open(&plan, self.plan, NULL, &error), NDUP_STATUS_CORRUPT, &error);
    temp_dir_deinit(&self.folder);
}

TEST_MAIN(cmocka_unit_test(test_plan_result__is_that_of_the_run),
          cmocka_unit_test(test_plan_result__of_a_plan_from_before_there_were_rules),
          cmocka_unit_test(test_plan_result__keeps_what_containment_was_asked_for),
          cmocka_unit_test(test_plan_result__names_what_changed),
          cmocka_unit_test(test_plan_result__of_an_edited_plan_lost_lines_stay))
