/* SPDX-License-Identifier: MIT */
/* Plans read back: what was written, and every way in which a file is no plan. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "plan/plan_state.h"
#include "report/id_hash.h"
#include "support/failing_allocator.h"
#include "support/fake_result.h"
#include "support/temp_dir.h"

/* The sample's plan as text; free() it. */
static char *sample_plan(void)
{
    temp_dir folder;
    char path[300];
    char specification[400];
    ndup_error error;
    ndup_result result = fake_sample();
    temp_dir_init(&folder);
    snprintf(specification, sizeof specification, "plan:%s",
             temp_dir_path(&folder, "p", path, sizeof path));
    assert_ok(fake_output(&result, specification, false, NULL, &error), &error);
    char *bytes = temp_dir_read(&folder, "p", NULL);
    temp_dir_deinit(&folder);
    return bytes;
}

static ndup_status open_text(ndup_plan **plan, const char *text, const ndup_allocator *allocator,
                             ndup_error *error)
{
    temp_dir folder;
    char path[300];
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "my.plan", text);
    ndup_status status = ndup_plan_open(plan, temp_dir_path(&folder, "my.plan", path, sizeof path),
                                        allocator, error);
    temp_dir_deinit(&folder);
    return status;
}

/* `text` with the first `from` replaced by `to`; free() it. */
static char *replaced(const char *text, const char *from, const char *to)
{
    const char *place = strstr(text, from);
    assert_non_null(place);
    size_t before = (size_t)(place - text);
    char *changed = malloc(strlen(text) + strlen(to) + 1);
    memcpy(changed, text, before);
    strcpy(changed + before, to);
    strcat(changed, place + strlen(from));
    return changed;
}

static void test_plan__reads_back_what_was_written(void **state)
{
    (void)state;
    char *text = sample_plan();
    ndup_plan *plan;
    ndup_error error;
    assert_ok(open_text(&plan, text, NULL, &error), &error);
    free(text);
    assert_u64_equal(plan->row_count, FAKE_COUNT);
    assert_u64_equal(plan->kept, 4);
    assert_u64_equal(plan->dropped, 3);
    for (size_t i = 0; i < FAKE_COUNT; i++) {
        const ndup__plan_row *row = &plan->rows[i];
        const ndup_verdict *verdict = &fake_verdicts[i];
        assert_u64_equal(row->id_hash, ndup__id_hash(fake_documents[i].id));
        assert_u64_equal(row->text_hash, verdict->text_hash);
        assert_u64_equal(row->keep_hash, verdict->keep_hash);
        assert_u64_equal(row->survivor, verdict->survivor);
        assert_double_in(row->similarity - verdict->similarity, -5e-7, 5e-7);
        assert_double_in(row->containment - verdict->containment, -5e-7, 5e-7);
        assert_double_in(row->survivor_containment - verdict->survivor_containment, -5e-7, 5e-7);
        assert_int_equal(row->kind, verdict->kind);
        assert_int_equal(row->kept, verdict->kept);
        assert_int_equal(row->grouped, verdict->grouped);
        assert_int_equal(row->span_tokens, verdict->span_tokens);
        assert_int_equal(row->span_offset, verdict->span_offset);
        assert_int_equal(row->span_bytes, verdict->span_bytes);
    }
    ndup_plan_close(plan);
}

static void test_plan__reads_back_inputs_fields_and_options(void **state)
{
    (void)state;
    char *text = sample_plan();
    ndup_plan *plan;
    ndup_error error;
    assert_ok(open_text(&plan, text, NULL, &error), &error);
    free(text);
    assert_u64_equal(plan->input_count, 2);
    assert_string_equal(plan->inputs[0], fake_inputs[0]);
    assert_string_equal(plan->inputs[1], fake_inputs[1]);
    assert_string_equal(plan->fields.text_field, "body.text");
    assert_null(plan->fields.id_field);
    assert_u64_equal(plan->fields.max_record_bytes, 1000);
    assert_string_equal(plan->options.preset, "news");
    assert_double_in(plan->options.matching.threshold, 0.6, 0.6);
    assert_int_equal(plan->options.matching.shingle_size, 5);
    assert_string_equal(plan->options.sketch, "one-permutation");
    assert_u64_equal(plan->options.seed, UINT64_MAX);
    assert_string_equal(plan->options.keep, "longest,first");
    assert_u64_equal(plan->options.never_drop_count, 1);
    assert_string_equal(plan->options.never_drop[0], "gold/*");
    assert_int_equal(plan->options.cluster, NDUP_CLUSTER_LEADER);
    assert_int_equal(plan->bands.bands, 20);
    assert_int_equal(plan->bands.rows, 5);
    assert_int_equal(plan->bands.slots, 128);
    ndup_plan_close(plan);
}

static void test_plan__may_have_been_written_by_another_program(void **state)
{
    (void)state;
    char *text = sample_plan();
    char *changed = replaced(text, "\"similarity\":0.666667", "\"similarity\" : 6666.67E-4");
    char *again = replaced(changed, "[\"corpus\",", "[ \"cor\\u0070us\" , ");
    ndup_plan *plan;
    ndup_error error;
    again[strlen(again) - 1] = '\0'; /* without the last line end */
    assert_ok(open_text(&plan, again, NULL, &error), &error);
    assert_double_in(plan->rows[1].similarity, 0.6666669, 0.6666671);
    assert_string_equal(plan->inputs[0], "corpus");
    ndup_plan_close(plan);
    free(again);
    free(changed);
    free(text);
}

static void test_plan_id_hash__repairs_ids_of_any_length(void **state)
{
    (void)state;
    assert_u64_equal(ndup__id_hash((ndup_text){"a\xFF", 2}),
                     ndup__id_hash((ndup_text){"a\xEF\xBF\xBD", 4}));
    assert_true(ndup__id_hash((ndup_text){"a", 1}) != ndup__id_hash((ndup_text){"b", 1}));
    static char text[5000];
    memset(text, 'x', sizeof text);
    uint64_t hash = ndup__id_hash((ndup_text){text, sizeof text});
    text[10] = 'y';
    assert_true(hash != ndup__id_hash((ndup_text){text, sizeof text}));
    text[10] = 'x';
    assert_u64_equal(hash, ndup__id_hash((ndup_text){text, sizeof text}));
    text[4999] = 'y';
    assert_true(hash != ndup__id_hash((ndup_text){text, sizeof text}));
}

static void assert_corrupt(const char *text, uint64_t line, const char *part)
{
    ndup_plan *plan;
    ndup_error error;
    assert_status(open_text(&plan, text, NULL, &error), NDUP_STATUS_CORRUPT, &error);
    assert_null(plan);
    assert_non_null(strstr(error.message, "my.plan"));
    if (strstr(error.message, part) == NULL) {
        fail_msg("'%s' does not say '%s'", error.message, part);
    }
    assert_u64_equal(error.line, line);
    assert_int_equal(open_text(&plan, text, NULL, NULL), NDUP_STATUS_CORRUPT);
}

static void assert_change_corrupt(const char *from, const char *to, uint64_t line, const char *part)
{
    char *text = sample_plan();
    char *changed = replaced(text, from, to);
    assert_corrupt(changed, line, part);
    free(changed);
    free(text);
}

static void test_plan__names_the_line_that_is_wrong(void **state)
{
    (void)state;
    assert_corrupt("", 1, "not a plan");
    assert_corrupt("id,decision\n", 1, "not a plan");
    assert_corrupt("{\"type\":\"other\"}\n", 1, "not a plan");
    assert_change_corrupt("\"schema_version\":1", "\"schema_version\":null", 1, "schema_version");
    assert_change_corrupt("\"threshold\":0.6", "\"threshold\":\"x\"", 1, "options.threshold");
    assert_change_corrupt("[\"corpus\",", "[7,", 1, "inputs");
    assert_change_corrupt("[\"corpus\",", "[[],", 1, "inputs");
    assert_change_corrupt("[\"gold/*\"]", "{}", 1, "never_drop");
    assert_change_corrupt("\"tokens\":\"words\"", "\"tokens\":\"word\"", 1, "options.tokens");
    assert_change_corrupt("\"drop_all\":false", "\"drop_all\":0", 1, "options.drop_all");
    assert_change_corrupt("\"id\":\"a.txt\"", "\"id\":1", 2, "id");
    assert_change_corrupt("\"decision\":\"keep\"", "\"decision\":\"maybe\"", 2, "decision");
    assert_change_corrupt("\"kind\":\"near\"", "\"kind\":\"far\"", 3, "kind");
    assert_change_corrupt("0123456789abcdef", "0123456789abcdeg", 2, "text_hash");
    assert_change_corrupt("0123456789abcdef", "0123", 2, "text_hash");
    assert_change_corrupt("\"similarity\":0.666667", "\"similarity\":-1", 3, "similarity");
    assert_change_corrupt("\"similarity\":0.666667", "\"similarity\":1e5", 3, "similarity");
    assert_change_corrupt("\"tokens\":4", "\"tokens\":99999999999999999999999", 3, "span.tokens");
    assert_change_corrupt("\"tokens\":4", "\"tokens\":4294967296", 3, "span.tokens");
    assert_change_corrupt("\"keep_hash\":\"fedc", "\"keep_hash\":\"fed", 2, "keep_hash");
    assert_change_corrupt("\"keep_hash\":\"fedcba9876543210\"", "\"keep_hash\":null", 2,
                          "missing or wrong: keep_hash");
    assert_change_corrupt("\"longest,first\"", "\"largest\"", 1,
                          "options.keep: keep policy 'largest'");
    assert_change_corrupt("\"number\":1", "\"number\":2", 3, "out of order");
    assert_change_corrupt("\"survivor_number\":4", "\"survivor_number\":7", 6, "survivor");
    assert_change_corrupt("\"survivor_number\":4", "\"survivor_number\":1", 6, "survivor");
    assert_change_corrupt("\"number\":5,\"survivor_number\":4", "\"number\":5", 7,
                          "survivor_number");
    assert_change_corrupt("\"id\":\"f\"", "\"id\"\"f\"", 7, "expected");
    assert_change_corrupt("\"kept\":4", "\"kept\":5", 9, "counts");
    assert_change_corrupt("\"dropped\":3}\n", "\"dropped\":3}\n{}\n", 10, "behind the end");
}

static void test_plan__refuses_numbers_out_of_range(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *field;
        uint64_t line;
    } changes[] = {
        {"\"max_record_bytes\":1000", "\"max_record_bytes\":2147483649", "max_record_bytes", 1},
        {"\"threshold\":0.6", "\"threshold\":1.000001", "options.threshold", 1},
        {"\"shingle_size\":5", "\"shingle_size\":0", "options.shingle_size", 1},
        {"\"shingle_size\":5", "\"shingle_size\":65", "options.shingle_size", 1},
        {"\"number_agreement\":0", "\"number_agreement\":7", "options.number_agreement", 1},
        {"\"slots\":128", "\"slots\":4097", "options.slots", 1},
        {"\"bands\":20", "\"bands\":4294967295", "options.bands", 1},
        {"\"rows\":5", "\"rows\":99999", "options.rows", 1},
        {"\"recall\":0.99", "\"recall\":2", "options.recall", 1},
        {"\"repaired\":0", "\"repaired\":8", "search.repaired", 1},
        {"\"empty\":0", "\"empty\":8", "search.empty", 1},
        {"\"unreadable\":0", "\"unreadable\":18446744073709551615", "search.unreadable", 1},
        {"\"audit_found\":0", "\"audit_found\":1", "search.audit_found", 1},
        {"\"audit_low\":0", "\"audit_low\":3", "search.audit_low", 1},
        {"\"documents\":7}", "\"documents\":4294967295}", "documents", 1},
        {"\"similarity\":0.666667", "\"similarity\":1.5", "similarity", 3},
        {"\"containment\":0.8", "\"containment\":80", "containment", 3},
        {"\"survivor_containment\":0.75", "\"survivor_containment\":1.1", "survivor_containment",
         3},
        {"\"offset\":4,\"bytes\":14", "\"offset\":4294967290,\"bytes\":14", "span.bytes", 3},
        {"\"survivor_number\":4", "\"survivor_number\":4294967295", "survivor_number", 6},
        {"\"kept\":4", "\"kept\":4294967295", "kept", 9},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char part[80];
        snprintf(part, sizeof part, "out of range: %s", changes[i].field);
        assert_change_corrupt(changes[i].from, changes[i].to, changes[i].line, part);
    }
    assert_change_corrupt("histogram\":[0", "histogram\":[18446744073709551616", 1, "histogram");
    assert_change_corrupt("\"documents\":7}", "\"documents\":8}", 9, "another number of documents");
}

/* Plans had no keep_hash once. */
static void test_plan__of_an_earlier_version_is_read_where_nothing_is_missing(void **state)
{
    (void)state;
    char *text = sample_plan();
    ndup_plan *plan;
    ndup_error error;
    for (char *at; (at = strstr(text, "\"keep_hash\":\"")) != NULL;) {
        memmove(at, at + 31, strlen(at + 31) + 1);
    }
    assert_status(open_text(&plan, text, NULL, &error), NDUP_STATUS_VERSION, &error);
    assert_non_null(strstr(error.message, "earlier version"));
    assert_u64_equal(error.line, 2);
    char *unguarded = replaced(text, "[\"gold/*\"]", "[]");
    assert_ok(open_text(&plan, unguarded, NULL, &error), &error);
    ndup_plan_close(plan);
    char *newest = replaced(unguarded, "longest,first", "longest,newest");
    assert_status(open_text(&plan, newest, NULL, &error), NDUP_STATUS_VERSION, &error);
    free(newest);
    free(unguarded);
    free(text);
}

static ndup_plan *open_edited(const char *text)
{
    temp_dir folder;
    char path[300];
    ndup_plan *plan;
    ndup_error error;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "my.plan", text);
    assert_ok(ndup_plan_open_edited(&plan, temp_dir_path(&folder, "my.plan", path, sizeof path),
                                    NULL, &error),
              &error);
    temp_dir_deinit(&folder);
    return plan;
}

static void test_plan__takes_edited_decisions_when_told_so(void **state)
{
    (void)state;
    char *text = sample_plan();
    char *changed = replaced(text, "\"decision\":\"drop\",\"kind\":\"near\"",
                             "\"decision\":\"keep\",\"kind\":\"near\"");
    assert_corrupt(changed, 9, "--edited");
    ndup_plan *plan = open_edited(changed);
    assert_u64_equal(plan->kept, 5);
    assert_u64_equal(plan->dropped, 2);
    assert_true(plan->rows[1].kept);
    assert_u64_equal(plan->rows[1].survivor, 1);
    assert_int_equal(plan->rows[1].kind, NDUP_KIND_NONE);
    assert_true(!plan->rows[1].grouped);
    assert_true(plan->rows[0].grouped); /* with document 3 */
    ndup_plan_close(plan);
    free(changed);
    free(text);
}

static void test_plan__keeps_what_an_edited_one_has_no_line_of(void **state)
{
    (void)state;
    char *text = sample_plan();
    char *line = strstr(text, "{\"type\":\"document\",\"id\":\"b");
    char *next = strchr(line, '\n') + 1;
    memmove(line, next, strlen(next) + 1);
    strstr(text, "{\"type\":\"end\"")[0] = '\0';
    assert_corrupt(text, 3, "--edited");
    ndup_plan *plan = open_edited(text);
    assert_u64_equal(plan->row_count, FAKE_COUNT);
    assert_true(plan->rows[1].kept && plan->rows[1].unlisted);
    assert_true(!plan->rows[3].kept && !plan->rows[3].unlisted);
    assert_u64_equal(plan->dropped, 2);
    ndup_plan_close(plan);
    free(text);
}

static void test_plan__notices_every_cut(void **state)
{
    (void)state;
    char *text = sample_plan();
    ndup_plan *plan;
    ndup_error error;
    for (size_t length = strlen(text) - 2; length > 0; length -= length < 40 ? 1 : 37) {
        text[length] = '\0';
        assert_status(open_text(&plan, text, NULL, &error), NDUP_STATUS_CORRUPT, &error);
    }
    free(text);
}

static void test_plan__of_another_version_is_told_apart(void **state)
{
    (void)state;
    char *text = sample_plan();
    char *changed = replaced(text, "\"schema_version\":1", "\"schema_version\":2");
    ndup_plan *plan;
    ndup_error error;
    assert_status(open_text(&plan, changed, NULL, &error), NDUP_STATUS_VERSION, &error);
    assert_non_null(strstr(error.message, "version 2"));
    free(changed);
    free(text);
    assert_status(ndup_plan_open(&plan, "/no/such/plan", NULL, &error), NDUP_STATUS_NOT_FOUND,
                  &error);
}

static void test_plan__failing_memory_leaks_nothing(void **state)
{
    (void)state;
    char *text = sample_plan();
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_plan *plan;
        ndup_error error = {0};
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = open_text(&plan, text, &memory.allocator, &error);
        bool has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        ndup_plan_close(plan);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!has_failed) {
            break;
        }
    }
    free(text);
}

/* Lines over the size of one read. */
static void test_plan__reads_long_lines(void **state)
{
    (void)state;
    enum { LONG = 200000 };
    char *id = malloc(LONG + 10);
    memset(id, 'x', LONG);
    strcpy(id + LONG, "\"");
    memcpy(id, "\"id\":\"", 6);
    char *text = sample_plan();
    char *changed = replaced(text, "\"id\":\"f\"", id);
    ndup_plan *plan;
    ndup_error error;
    assert_ok(open_text(&plan, changed, NULL, &error), &error);
    assert_u64_equal(plan->rows[5].id_hash, ndup__id_hash((ndup_text){id + 6, LONG - 6}));
    ndup_plan_close(plan);
    free(changed);
    free(text);
    free(id);
}

static void test_plan__opens_the_corpus_that_it_names(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in/a.txt", "text");
    temp_dir_path(&folder, "in", path, sizeof path);
    char inputs[400];
    snprintf(inputs, sizeof inputs, "[\"%s\"]", path);
    char *text = sample_plan();
    char *changed = replaced(text, "[\"corpus\",\"more \\\"texts\\\"\"]", inputs);
    ndup_plan *plan;
    ndup_corpus *corpus;
    ndup_error error;
    assert_ok(open_text(&plan, changed, NULL, &error), &error);
    assert_ok(ndup_plan_open_corpus(&corpus, plan, NULL, 0, NULL, NULL, &error), &error);
    assert_u64_equal(ndup_corpus_bytes(corpus), 4);
    ndup_corpus_close(corpus);
    ndup_plan_close(plan);
    free(changed);

    static const char *const unreadable[] = {"[]", "[\"-\"]"};
    for (size_t i = 0; i < 2; i++) {
        const char *given[] = {path};
        changed = replaced(text, "[\"corpus\",\"more \\\"texts\\\"\"]", unreadable[i]);
        assert_ok(open_text(&plan, changed, NULL, &error), &error);
        assert_status(ndup_plan_open_corpus(&corpus, plan, NULL, 0, NULL, NULL, &error),
                      NDUP_STATUS_UNSUPPORTED, &error);
        assert_ok(ndup_plan_open_corpus(&corpus, plan, given, 1, NULL, NULL, &error), &error);
        ndup_corpus_close(corpus);
        ndup_corpus_options options = {.struct_size = 1};
        assert_status(ndup_plan_open_corpus(&corpus, plan, given, 1, &options, NULL, &error),
                      NDUP_STATUS_INVALID, &error);
        ndup_plan_close(plan);
        free(changed);
    }
    free(text);
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_plan__reads_back_what_was_written),
          cmocka_unit_test(test_plan__reads_back_inputs_fields_and_options),
          cmocka_unit_test(test_plan__may_have_been_written_by_another_program),
          cmocka_unit_test(test_plan_id_hash__repairs_ids_of_any_length),
          cmocka_unit_test(test_plan__names_the_line_that_is_wrong),
          cmocka_unit_test(test_plan__refuses_numbers_out_of_range),
          cmocka_unit_test(test_plan__of_an_earlier_version_is_read_where_nothing_is_missing),
          cmocka_unit_test(test_plan__takes_edited_decisions_when_told_so),
          cmocka_unit_test(test_plan__keeps_what_an_edited_one_has_no_line_of),
          cmocka_unit_test(test_plan__notices_every_cut),
          cmocka_unit_test(test_plan__of_another_version_is_told_apart),
          cmocka_unit_test(test_plan__failing_memory_leaks_nothing),
          cmocka_unit_test(test_plan__reads_long_lines),
          cmocka_unit_test(test_plan__opens_the_corpus_that_it_names))
