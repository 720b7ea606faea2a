/* SPDX-License-Identifier: MIT */
/* What commands do with a result while memory runs out: outputs, plans, baselines, labels. Old
 * outputs stay as they were until a run succeeds, and nothing else is left in their folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup/baseline.h"
#include "neardup/dedup.h"
#include "neardup/eval.h"
#include "neardup/flag.h"
#include "neardup/output.h"
#include "neardup/plan.h"
#include "support/fault_loop.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512, STEP = 11 };

#define STORY "The ferry left the harbour late that day, and the pilot had to wait for the fog."
#define OTHER "Nobody was hurt when the old bridge closed for repairs, the council said on Friday."
#define RECORD(id, source, text)                                                            \
    "{\"id\":\"" id "\",\"source\":\"" source "\",\"date\":\"2026-01-29\",\"title\":\"T\"," \
    "\"url\":\"http://a.example/" id "\",\"text\":\"" text "\"}\n"

static const char records[] = RECORD("a", "s", STORY) RECORD("b", "t", STORY "\\n\\n" STORY)
    RECORD("c", "s", OTHER) RECORD("d", "t", OTHER " It opens again in <May>.")
        RECORD("e", "s", "!") RECORD("f", "s", STORY) "not JSON\n";
static const char old[] = "an old output\n";

/* A folder with the inputs and what earlier runs wrote. */
typedef struct workshop {
    temp_dir folder;
    char input[PATH_BYTES];
    const char *form; /* of the output under test */
    const char *name;
    bool edited;
    int clusters;
} workshop;

static const char *path_in(const workshop *self, const char *name, char *buffer)
{
    return temp_dir_path(&self->folder, name, buffer, PATH_BYTES);
}

static ndup_status open_corpus(ndup_corpus **corpus, const workshop *self,
                               const ndup_allocator *allocator, ndup_error *error)
{
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    const char *input = self->input;
    options.allocator = allocator;
    return ndup_corpus_open(corpus, &input, 1, &options, NULL, error);
}

static ndup_status dedup(ndup_result **result, ndup_corpus **corpus, const workshop *self,
                         const ndup_allocator *allocator, ndup_error *error)
{
    ndup_dedup_options options;
    *result = NULL;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.allocator = allocator;
    options.threads = 1;
    options.pairs = true;
    options.spans = true;
    ndup_status status = open_corpus(corpus, self, allocator, error);
    return status == NDUP_STATUS_OK ? ndup_dedup(result, *corpus, &options, NULL, error) : status;
}

static ndup_output_options output_options(const ndup_allocator *allocator)
{
    return (ndup_output_options){
        .struct_size = sizeof(ndup_output_options), .overwrite = true, .allocator = allocator};
}

/* Writes the result to the output under test. */
static ndup_status write_result(const workshop *self, const ndup_result *result,
                                ndup_corpus *corpus, const ndup_allocator *allocator,
                                ndup_error *error)
{
    char path[PATH_BYTES];
    char specification[PATH_BYTES + 32];
    ndup_output_options options = output_options(allocator);
    ndup_sink *sink;
    snprintf(specification, sizeof specification, "%s:%s", self->form,
             path_in(self, self->name, path));
    ndup_status status = ndup_output_open(&sink, specification, &options, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_result_write(result, corpus, &sink, 1, NULL, error);
        ndup_output_close(sink);
    }
    return status;
}

/* The file holds what it held before a run that failed, and no file stands beside it. */
static void check_output(const workshop *self, ndup_status status, size_t entries)
{
    if (status != NDUP_STATUS_OK) {
        char *text = temp_dir_read(&self->folder, self->name, NULL);
        assert_string_equal(text, old);
        free(text);
        assert_u64_equal(temp_dir_count(&self->folder, ""), entries);
    }
}

static ndup_status write_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    ndup_corpus *corpus;
    ndup_result *result;
    temp_dir_write_text(&self->folder, self->name, old);
    size_t entries = temp_dir_count(&self->folder, "");
    ndup_status status = dedup(&result, &corpus, self, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = write_result(self, result, corpus, allocator, error);
    }
    check_output(self, status, entries);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status;
}

/* Copies the 16 digits behind the key, where it first stands behind `after` in a file. */
static void find_hash(char *digits, const workshop *self, const char *name, const char *after,
                      const char *key)
{
    char *text = temp_dir_read(&self->folder, name, NULL);
    char *at = strstr(text, after);
    assert_non_null(at);
    at = strstr(at, key);
    assert_non_null(at);
    memcpy(digits, at + strlen(key), 16);
    digits[16] = '\0';
    free(text);
}

/* As a report page saves it: the second document is to stay. */
static void make_decision(workshop *self)
{
    ndup_error error;
    char corpus[17];
    char text[17];
    char lines[PATH_BYTES];
    self->form = "html";
    self->name = "page.html";
    assert_ok(write_job(self, NULL, &error), &error);
    find_hash(corpus, self, "page.html", "\"corpus\"", ":\"");
    find_hash(text, self, "plan.jsonl", "\"id\":\"b\"", "\"text_hash\":\"");
    snprintf(
        lines, sizeof lines,
        "{\"type\":\"neardup-decisions\",\"schema_version\":1}\n{\"corpus\":\"%s\",\"number\":1,"
        "\"id\":\"b\",\"text_hash\":\"%s\",\"decision\":\"keep\"}\n",
        corpus, text);
    temp_dir_write_text(&self->folder, "decisions.jsonl", lines);
}

static void workshop_init(workshop *self)
{
    *self = (workshop){.form = "plan", .name = "plan.jsonl", .clusters = -1};
    ndup_error error;
    temp_dir_init(&self->folder);
    temp_dir_write_text(&self->folder, "r.jsonl", records);
    path_in(self, "r.jsonl", self->input);
    assert_ok(write_job(self, NULL, &error), &error);
    self->form = "sarif";
    self->name = "old.sarif";
    assert_ok(write_job(self, NULL, &error), &error);
    temp_dir_write_text(&self->folder, "pairs.tsv",
                        "#a\tb\tlevel\na\tb\tdup\na\tc\tdiff\nc\td\tdup\n");
    temp_dir_write_text(&self->folder, "clusters.csv", "id,cluster\na,1\nb,1\nc,2\nd,\"2\"\nx,3\n");
    make_decision(self);
}

static void test_jobs__every_output(void **state)
{
    (void)state;
    workshop shop;
    workshop_init(&shop);
    for (size_t i = 0; i < ndup_output_count(); i++) {
        static const char *const tables[] = {"plan", "pairs", "clusters", "rejected", "sources"};
        shop.form = ndup_output_get(i)->name;
        shop.name = "out";
        if (strcmp(shop.form, "tree") == 0 || strcmp(shop.form, "pages") == 0 ||
            strcmp(shop.form, "csv") == 0 || strcmp(shop.form, "parquet") == 0) {
            continue; /* folders, and rows of a table or of Parquet */
        }
        printf("%s: %zu requests\n", shop.form, fault_loop(write_job, &shop, STEP));
        for (size_t k = 0; k < sizeof tables / sizeof tables[0]; k++) {
            if (strcmp(shop.form, tables[k]) == 0) {
                shop.name = "out.csv";
                fault_loop(write_job, &shop, STEP);
            }
        }
    }
    temp_dir_deinit(&shop.folder);
}

static ndup_status apply_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    char path[PATH_BYTES];
    char decisions[PATH_BYTES];
    uint64_t taken;
    ndup_plan *plan;
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.allocator = allocator;
    path_in(self, "plan.jsonl", path);
    ndup_status status = self->edited ? ndup_plan_open_edited(&plan, path, allocator, error)
                                      : ndup_plan_open(&plan, path, allocator, error);
    if (status == NDUP_STATUS_OK && self->edited) {
        status = ndup_plan_decide(&taken, plan, path_in(self, "decisions.jsonl", decisions), error);
        assert_true(status != NDUP_STATUS_OK || taken == 1);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_plan_open_corpus(&corpus, plan, NULL, 0, &options, NULL, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_plan_result(&result, plan, corpus, NULL, error);
    }
    if (status == NDUP_STATUS_OK) {
        assert_u64_equal(ndup_result_summary(result)->documents, 6);
        status = write_result(self, result, corpus, allocator, error);
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    ndup_plan_close(plan);
    return status;
}

static void test_jobs__plans(void **state)
{
    (void)state;
    workshop shop;
    workshop_init(&shop);
    shop.form = "jsonl";
    shop.name = "kept";
    printf("plan: %zu requests\n", fault_loop(apply_job, &shop, STEP));
    shop.edited = true;
    shop.form = "html";
    printf("edited plan: %zu requests\n", fault_loop(apply_job, &shop, STEP));
    temp_dir_deinit(&shop.folder);
}

static ndup_status compare_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    char path[PATH_BYTES];
    ndup_baseline *baseline;
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_status status =
        ndup_baseline_open(&baseline, path_in(self, self->name, path), allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = dedup(&result, &corpus, self, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_result_compare(result, baseline, error);
    }
    if (status == NDUP_STATUS_OK) {
        assert_u64_equal(ndup_result_known(result), ndup_baseline_count(baseline));
    }
    ndup_baseline_close(baseline);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status;
}

static void test_jobs__baselines(void **state)
{
    (void)state;
    static const char *const names[] = {"old.sarif", "plan.jsonl"};
    workshop shop;
    workshop_init(&shop);
    for (size_t i = 0; i < 2; i++) {
        shop.name = names[i];
        printf("%s: %zu requests\n", names[i], fault_loop(compare_job, &shop, STEP));
    }
    temp_dir_deinit(&shop.folder);
}

static ndup_status eval_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    char path[PATH_BYTES];
    ndup_gold *gold = NULL;
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_gold_coverage coverage;
    ndup_gold_options options = {
        .struct_size = sizeof options, .clusters = self->clusters, .allocator = allocator};
    ndup_status status = ndup_gold_open(&gold, path_in(self, self->name, path), &options, error);
    if (status == NDUP_STATUS_OK) {
        status = dedup(&result, &corpus, self, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_gold_cover(&coverage, gold, result, error);
    }
    if (status == NDUP_STATUS_OK && ndup_gold_is_clusters(gold)) {
        ndup_cluster_measures measures;
        assert_u64_equal(coverage.unknown, 1);
        status = ndup_eval_clusters(&measures, result, gold, 0.6, error);
    } else if (status == NDUP_STATUS_OK) {
        ndup_pair_measures measures;
        assert_u64_equal(coverage.ids, 4);
        status = ndup_eval_pairs(&measures, result, gold, 0.6, error);
    }
    ndup_gold_close(gold);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status;
}

static void test_jobs__labels(void **state)
{
    (void)state;
    static const char *const names[] = {"pairs.tsv", "clusters.csv"};
    workshop shop;
    workshop_init(&shop);
    for (size_t i = 0; i < 2; i++) {
        shop.name = names[i];
        printf("%s: %zu requests\n", names[i], fault_loop(eval_job, &shop, STEP));
    }
    temp_dir_deinit(&shop.folder);
}

static ndup_status flag_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    char path[PATH_BYTES];
    char specification[PATH_BYTES + 32];
    ndup_output_options opening = output_options(allocator);
    ndup_flag_options options;
    ndup_flag_summary summary;
    ndup_flag_sink *sink = NULL;
    ndup_corpus *corpus = NULL;
    temp_dir_write_text(&self->folder, self->name, old);
    size_t entries = temp_dir_count(&self->folder, "");
    ndup_flag_options_init(&options);
    options.allocator = allocator;
    options.threads = 1;
    snprintf(specification, sizeof specification, "%s:%s", self->form,
             path_in(self, self->name, path));
    ndup_status status = ndup_flag_output_open(&sink, specification, &opening, error);
    if (status == NDUP_STATUS_OK) {
        status = open_corpus(&corpus, self, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_flag(&summary, corpus, &options, &sink, 1, NULL, error);
    }
    if (status == NDUP_STATUS_OK) {
        assert_u64_equal(summary.repeats, 1);
    }
    ndup_flag_output_close(sink);
    ndup_corpus_close(corpus);
    check_output(self, status, entries);
    return status;
}

static void test_jobs__every_flag_output(void **state)
{
    (void)state;
    workshop shop;
    workshop_init(&shop);
    for (size_t i = 0; i < ndup_flag_output_count(); i++) {
        shop.form = ndup_flag_output_get(i)->name;
        shop.name = "flagged";
        if (strcmp(shop.form, "pages") != 0) {
            printf("%s: %zu requests\n", shop.form, fault_loop(flag_job, &shop, STEP));
        }
    }
    temp_dir_deinit(&shop.folder);
}

TEST_MAIN(cmocka_unit_test(test_jobs__every_output), cmocka_unit_test(test_jobs__plans),
          cmocka_unit_test(test_jobs__baselines), cmocka_unit_test(test_jobs__labels),
          cmocka_unit_test(test_jobs__every_flag_output))
