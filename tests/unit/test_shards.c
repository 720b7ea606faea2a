/* SPDX-License-Identifier: MIT */
/* Decisions made in shards are those of one run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dedup/run_stages.h"
#include "neardup.h"
#include "stages/bucket_file.h"
#include "stages/components.h"
#include "stages/run_settings.h"
#include "support/corpus_make.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { FILES = 3, SHARDS_MOST = 17, PATH_BYTES = 300, DOCUMENTS = 150, FORMS = 40 };

/* A corpus of three files, a part of each, and what the stages make of them. */
typedef struct desk {
    temp_dir folder;
    ndup_dedup_options options;
    char inputs[FILES][PATH_BYTES];
    char parts[FILES][PATH_BYTES];
    char buckets[SHARDS_MOST][PATH_BYTES];
    char counts[SHARDS_MOST][PATH_BYTES];
    char decisions[SHARDS_MOST][PATH_BYTES];
    char components[PATH_BYTES];
    const char *input_names[FILES];
    const char *part_names[FILES];
    const char *bucket_names[SHARDS_MOST];
    const char *count_names[SHARDS_MOST];
    const char *decision_names[SHARDS_MOST];
} desk;

static void name_file(desk *self, char *path, const char *kind, size_t number)
{
    char name[40];
    snprintf(name, sizeof name, "%zu.%s", number, kind);
    temp_dir_path(&self->folder, name, path, PATH_BYTES);
}

/* Copies of the documents of a file stand in others, and every file has pages of one form. */
static void write_inputs(desk *self)
{
    for (size_t i = 0; i < FILES; i++) {
        test_random random;
        char name[20];
        test_random_init(&random, 5 + i / 2);
        made_corpus made = made_corpus_mixed(&random, DOCUMENTS, 5);
        test_random_init(&random, 90);
        made_words form = made_words_random(&random, 60, 5000, 0);
        test_random_init(&random, 70 + i);
        for (size_t k = 0; k < FORMS; k++) {
            made_words own = made_words_random(&random, 15, 5000, 0);
            made_words page = made_words_joined(&form, &own);
            made_corpus_add(&made, &random, &page);
            made_words_free(&own);
            made_words_free(&page);
        }
        made_words_free(&form);
        made.as_records = true;
        snprintf(name, sizeof name, "%zu.jsonl", i);
        made_corpus_write_jsonl(&made, &self->folder, name);
        made_corpus_deinit(&made);
    }
}

static void desk_init(desk *self, const char *keep)
{
    ndup_error error;
    *self = (desk){.components = ""};
    temp_dir_init(&self->folder);
    assert_ok(ndup_dedup_options_init(&self->options, NULL, &error), &error);
    self->options.keep = keep;
    self->options.threads = 2;
    self->options.titles = self->options.spans = true;
    temp_dir_path(&self->folder, "components", self->components, PATH_BYTES);
    for (size_t i = 0; i < FILES; i++) {
        name_file(self, self->inputs[i], "jsonl", i);
        name_file(self, self->parts[i], "part", i);
        self->input_names[i] = self->inputs[i];
        self->part_names[FILES - 1 - i] = self->parts[i]; /* their order is nothing */
    }
    for (size_t i = 0; i < SHARDS_MOST; i++) {
        name_file(self, self->buckets[i], "buckets", i);
        name_file(self, self->counts[i], "counts", i);
        name_file(self, self->decisions[i], "decisions", i);
        self->bucket_names[i] = self->buckets[i];
        self->count_names[i] = self->counts[i];
        self->decision_names[i] = self->decisions[i];
    }
    write_inputs(self);
}

static void desk_deinit(desk *self)
{
    temp_dir_deinit(&self->folder);
}

static void write_part(desk *self, size_t file)
{
    ndup_error error;
    ndup_corpus *corpus;
    ndup__json_line settings = {.allocator = NULL};
    assert_ok(ndup_corpus_open(&corpus, &self->input_names[file], 1, NULL, NULL, &error), &error);
    ndup__run run = {.options = &self->options, .corpus = corpus};
    assert_ok(ndup__run_reckon(&run, &error), &error);
    assert_ok(ndup__run_start(&run, &error), &error);
    assert_ok(ndup__read_table(&run, &error), &error);
    assert_ok(
        ndup__run_settings_write(&settings, &self->options, ndup__corpus_options(corpus), &error),
        &error);
    const ndup__part_source source = {.table = &run.table,
                                      .to = run.table.count,
                                      .corpus = corpus,
                                      .settings = {settings.bytes, settings.length},
                                      .skipped = run.summary.skipped,
                                      .repaired = run.summary.repaired};
    assert_ok(ndup__part_write(self->parts[file], &source, &error), &error);
    ndup__json_line_deinit(&settings);
    ndup__run_end(&run);
    ndup_corpus_close(corpus);
}

/* Parts that are shares of one corpus of all inputs. */
static void write_shares(desk *self)
{
    ndup_error error;
    for (uint32_t i = 0; i < FILES; i++) {
        ndup_corpus *corpus;
        const ndup_shard shard = {i, FILES};
        assert_ok(ndup_corpus_open(&corpus, self->input_names, FILES, NULL, NULL, &error), &error);
        assert_ok(
            ndup_sketch_part(self->parts[i], corpus, &self->options, shard, NULL, NULL, &error),
            &error);
        ndup_corpus_close(corpus);
    }
}

static void write_buckets(desk *self, uint32_t shards)
{
    ndup_error error;
    for (uint32_t i = 0; i < shards; i++) {
        const ndup_shard shard = {i, shards};
        assert_ok(ndup_bucket_parts(self->buckets[i], self->part_names, FILES, shard, NULL, NULL,
                                    NULL, &error),
                  &error);
    }
}

static ndup_shard_options shard_options(const desk *self, uint32_t shard, uint32_t shards)
{
    ndup_shard_options options;
    ndup_shard_options_init(&options);
    options.parts = self->part_names;
    options.part_count = FILES;
    options.components = self->components;
    options.counts = self->count_names;
    options.counts_count = shards;
    options.decisions = self->decision_names;
    options.decision_count = shards;
    options.shard = shard;
    options.shards = shards;
    options.threads = 2;
    return options;
}

static void find_components(const desk *self, uint32_t shards)
{
    ndup_error error;
    assert_ok(
        ndup_components_find(self->components, self->bucket_names, shards, shards, NULL, &error),
        &error);
}

static void work_shards(const desk *self, uint32_t shards)
{
    ndup_error error;
    for (uint32_t i = 0; i < shards; i++) {
        ndup_shard_options options = shard_options(self, i, shards);
        assert_ok(ndup_count_shard(self->counts[i], &options, NULL, &error), &error);
    }
    for (uint32_t i = 0; i < shards; i++) {
        ndup_shard_options options = shard_options(self, i, shards);
        assert_ok(ndup_verify_shard(self->decisions[i], &options, NULL, &error), &error);
    }
}

/* Parts, buckets and components for so many shards. */
static void prepare(desk *self, uint32_t shards)
{
    for (size_t i = 0; i < FILES; i++) {
        write_part(self, i);
    }
    write_buckets(self, shards);
    find_components(self, shards);
}

/* Writes a result as a plan and reads that; free() it. */
static char *plan_of(const desk *self, const ndup_result *result, ndup_corpus *corpus,
                     const char *name)
{
    char path[PATH_BYTES], specification[PATH_BYTES + 10];
    ndup_error error;
    ndup_sink *sink;
    snprintf(specification, sizeof specification, "plan:%s",
             temp_dir_path(&self->folder, name, path, sizeof path));
    assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
    assert_ok(ndup_result_write(result, corpus, &sink, 1, NULL, &error), &error);
    ndup_output_close(sink);
    char *plan = temp_dir_read(&self->folder, name, NULL);
    temp_dir_write_text(&self->folder, name, "");
    return plan;
}

static char *plan_of_run(const desk *self)
{
    ndup_error error;
    ndup_corpus *corpus;
    ndup_result *result;
    assert_ok(ndup_corpus_open(&corpus, self->input_names, FILES, NULL, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &self->options, NULL, &error), &error);
    assert_true(ndup_result_summary(result)->near > 20);
    assert_true(ndup_result_summary(result)->identical > 5);
    assert_true(ndup_result_summary(result)->templates > FORMS);
    char *plan = plan_of(self, result, corpus, "run.jsonl");
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return plan;
}

static char *plan_of_shards(const desk *self, uint32_t shards)
{
    ndup_error error;
    ndup_corpus *corpus;
    ndup_result *result;
    char name[30];
    ndup_shard_options options = shard_options(self, 0, shards);
    assert_ok(ndup_decide_shards(&result, &corpus, &options, NULL, &error), &error);
    snprintf(name, sizeof name, "shards%u.jsonl", shards);
    char *plan = plan_of(self, result, corpus, name);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return plan;
}

static void check_keep(const char *keep)
{
    static const uint32_t counts[] = {1, 3, SHARDS_MOST};
    desk self;
    desk_init(&self, keep);
    char *expected = plan_of_run(&self);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        prepare(&self, counts[i]);
        if (counts[i] == 3) {
            write_shares(&self);
            write_buckets(&self, counts[i]);
            find_components(&self, counts[i]);
        }
        work_shards(&self, counts[i]);
        char *plan = plan_of_shards(&self, counts[i]);
        assert_string_equal(plan, expected);
        free(plan);
    }
    free(expected);
    desk_deinit(&self);
}

static void test_shards__give_the_plan_of_one_run(void **state)
{
    (void)state;
    check_keep("first");
    check_keep("last");
    check_keep("longest,field:score:desc");
}

static void assert_message(const ndup_error *error, const char *part)
{
    if (strstr(error->message, part) == NULL) {
        fail_msg("'%s' is not in '%s'", part, error->message);
    }
}

static void test_shards__missing_or_double_files_are_named(void **state)
{
    (void)state;
    desk self;
    ndup_error error;
    ndup_corpus *corpus;
    ndup_result *result;
    desk_init(&self, "first");
    prepare(&self, 3);
    self.bucket_names[1] = self.buckets[0];
    assert_status(ndup_components_find(self.components, self.bucket_names, 3, 3, NULL, &error),
                  NDUP_STATUS_INVALID, &error);
    assert_message(&error, "both of shard 1/3");
    assert_status(ndup_components_find(self.components, self.bucket_names, 1, 3, NULL, &error),
                  NDUP_STATUS_INVALID, &error);
    assert_message(&error, "shard 2/3 are missing");
    work_shards(&self, 3);
    ndup_shard_options options = shard_options(&self, 0, 3);
    options.decision_count = 2;
    assert_status(ndup_decide_shards(&result, &corpus, &options, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_message(&error, "shard 3/3 are missing");
    assert_null(result);
    assert_null(corpus);
    options.decision_count = 3;
    self.decision_names[2] = self.decisions[1];
    assert_status(ndup_decide_shards(&result, &corpus, &options, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_message(&error, "both of shard 2/3");
    desk_deinit(&self);
}

static void test_shards__files_that_do_not_belong_together_are_refused(void **state)
{
    (void)state;
    desk self;
    ndup_error error;
    desk_init(&self, "first");
    prepare(&self, 3);
    ndup_shard_options options = shard_options(&self, 0, 3);
    options.counts_count = 0;
    assert_status(ndup_verify_shard(self.decisions[0], &options, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_message(&error, "count first");
    options.part_count = 2;
    assert_status(ndup_count_shard(self.counts[0], &options, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_message(&error, "other parts");
    options.part_count = 3;
    options.shard = 1;
    options.shards = 2;
    assert_status(ndup_count_shard(self.counts[0], &options, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_message(&error, "--shards 3");
    work_shards(&self, 3);
    options = shard_options(&self, 0, 3);
    options.counts_count = 2;
    assert_status(ndup_verify_shard(self.decisions[0], &options, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_message(&error, "share 3/3 are missing");
    assert_ok(ndup_components_find(self.components, self.bucket_names, 3, 2, NULL, &error), &error);
    options = shard_options(&self, 0, 2);
    assert_status(ndup_verify_shard(self.decisions[0], &options, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_message(&error, "not counted with these components");
    desk_deinit(&self);
}

static void check_unsupported(ndup_dedup_options change, const char *named)
{
    desk self;
    ndup_error error;
    desk_init(&self, "first");
    self.options.rule = change.rule;
    self.options.exact = change.exact;
    self.options.cluster = change.cluster;
    prepare(&self, 1);
    ndup_shard_options options = shard_options(&self, 0, 1);
    assert_status(ndup_verify_shard(self.decisions[0], &options, NULL, &error),
                  NDUP_STATUS_UNSUPPORTED, &error);
    assert_message(&error, named);
    desk_deinit(&self);
}

static void test_shards__what_looks_beyond_buckets_is_refused(void **state)
{
    (void)state;
    check_unsupported((ndup_dedup_options){.rule = NDUP_RULE_EITHER}, "--rule");
    check_unsupported((ndup_dedup_options){.cluster = NDUP_CLUSTER_COMPONENTS}, "--cluster");
}

/* Components are dealt evenly, and whatever the order in which they were found. */
static void test_shards__components_are_dealt_evenly(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    static const uint32_t groups[][5] = {
        {3, 8, 20, 21, 22}, {5, 6, 0, 0, 0}, {8, 50, 51, 0, 0}, {90, 99, 0, 0, 0}};
    static const size_t sizes[] = {5, 2, 3, 2};
    temp_dir folder;
    char path[PATH_BYTES];
    ndup_error error;
    char *first = NULL;
    temp_dir_init(&folder);
    temp_dir_path(&folder, "components", path, sizeof path);
    for (size_t from = 0; from < 4; from++) {
        ndup__component_finder finder;
        ndup__components components;
        uint64_t loads[2] = {0, 0};
        size_t length;
        assert_ok(ndup__component_finder_init(&finder, COUNT, NULL, &error), &error);
        for (size_t i = 0; i < 8; i++) {
            size_t k = (from + i) % 4;
            ndup__component_finder_join(&finder, groups[k], sizes[k], true);
        }
        assert_ok(ndup__components_write(path, &finder, 9, 2, &error), &error);
        ndup__component_finder_deinit(&finder);
        assert_ok(ndup__components_open(&components, path, NULL, &error), &error);
        assert_u64_equal(components.count, 11);
        assert_u64_equal(components.member_count, 5); /* in two buckets of five */
        for (size_t i = 0; i < components.count; i++) {
            loads[components.shards[i]]++;
        }
        assert_u64_equal(loads[0], 7); /* 3, 8, 20, 21, 22, 50, 51 */
        ndup__components_close(&components);
        char *bytes = temp_dir_read(&folder, "components", &length);
        assert_true(first == NULL || memcmp(first, bytes, length) == 0);
        free(first);
        first = bytes;
    }
    free(first);
    temp_dir_deinit(&folder);
}

/* A file that is cut or changed anywhere is told. */
static void check_damage(const desk *self, const char *name,
                         ndup_status (*look)(const desk *self, ndup_error *error))
{
    size_t length;
    ndup_error error;
    char *bytes = temp_dir_read(&self->folder, name, &length);
    assert_ok(look(self, &error), &error);
    for (size_t at = 0; at < length; at += length / 40 + 1) {
        bytes[at] = (char)(bytes[at] ^ 1);
        temp_dir_write(&self->folder, name, bytes, length);
        ndup_status status = look(self, &error);
        assert_true(status == NDUP_STATUS_CORRUPT || status == NDUP_STATUS_VERSION ||
                    status == NDUP_STATUS_INVALID || status == NDUP_STATUS_OK); /* padding */
        bytes[at] = (char)(bytes[at] ^ 1);
        temp_dir_write(&self->folder, name, bytes, at);
        assert_true(look(self, &error) < 0);
    }
    temp_dir_write(&self->folder, name, bytes, length);
    free(bytes);
}

static ndup_status look_at_decisions(const desk *self, ndup_error *error)
{
    ndup_result *result;
    ndup_corpus *corpus;
    ndup_shard_options options = shard_options(self, 0, 2);
    ndup_status status = ndup_decide_shards(&result, &corpus, &options, NULL, error);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status;
}

static ndup_status look_at_components(const desk *self, ndup_error *error)
{
    ndup__components components;
    ndup_status status = ndup__components_open(&components, self->components, NULL, error);
    ndup__components_close(&components);
    return status;
}

static ndup_status look_at_counts(const desk *self, ndup_error *error)
{
    ndup_corpus_frequencies *counts;
    ndup_status status = ndup_corpus_frequencies_open(&counts, self->counts[0], NULL, error);
    ndup_corpus_frequencies_free(counts);
    return status;
}

static void test_shards__damage_is_told(void **state)
{
    (void)state;
    desk self;
    desk_init(&self, "first");
    prepare(&self, 2);
    work_shards(&self, 2);
    check_damage(&self, "0.decisions", look_at_decisions);
    check_damage(&self, "components", look_at_components);
    check_damage(&self, "0.counts", look_at_counts);
    desk_deinit(&self);
}

TEST_MAIN(cmocka_unit_test(test_shards__give_the_plan_of_one_run),
          cmocka_unit_test(test_shards__missing_or_double_files_are_named),
          cmocka_unit_test(test_shards__files_that_do_not_belong_together_are_refused),
          cmocka_unit_test(test_shards__what_looks_beyond_buckets_is_refused),
          cmocka_unit_test(test_shards__components_are_dealt_evenly),
          cmocka_unit_test(test_shards__damage_is_told))
