/* SPDX-License-Identifier: MIT */
/* Counting, verifying and deciding while memory runs out and while the disk is full: all fails with
 * a message, nothing leaks, and what stood under the name stays. */
#include <stdlib.h>
#include <string.h>

#include "neardup/decide.h"
#include "neardup/stages.h"
#include "support/corpus_make.h"
#include "support/fault_loop.h"
#include "support/full_disk.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 300, DOCUMENTS = 40, FORMS = 12, STEP = 11, FILES = 6 };

/* A folder with an input and the files of all stages over it. */
typedef struct workshop {
    temp_dir folder;
    char input[PATH_BYTES];
    char part[PATH_BYTES];
    char buckets[PATH_BYTES];
    char components[PATH_BYTES];
    char counts[PATH_BYTES];
    char decisions[PATH_BYTES];
    char output[PATH_BYTES];
} workshop;

static void write_input(const workshop *self)
{
    test_random random;
    test_random_init(&random, 3);
    made_corpus made = made_corpus_mixed(&random, DOCUMENTS, 5);
    made_words form = made_words_random(&random, 60, 5000, 0);
    for (size_t i = 0; i < FORMS; i++) {
        made_words own = made_words_random(&random, 15, 5000, 0);
        made_words page = made_words_joined(&form, &own);
        made_corpus_add(&made, &random, &page);
        made_words_free(&own);
        made_words_free(&page);
    }
    made_words_free(&form);
    made.as_records = true;
    made_corpus_write_jsonl(&made, &self->folder, "in.jsonl");
    made_corpus_deinit(&made);
}

static void sketch(const workshop *self)
{
    ndup_dedup_options options;
    ndup_corpus *corpus;
    ndup_error error;
    const char *input = self->input;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.threads = 1;
    assert_ok(ndup_corpus_open(&corpus, &input, 1, NULL, NULL, &error), &error);
    assert_ok(ndup_sketch_part(self->part, corpus, &options, (ndup_shard){0}, NULL, NULL, &error),
              &error);
    ndup_corpus_close(corpus);
}

/* Options over the workshop's files; lists point to `names` (part, counts, decisions). */
static ndup_shard_options shard_options(const workshop *self, const char *names[3],
                                        const ndup_allocator *allocator)
{
    ndup_shard_options options;
    ndup_shard_options_init(&options);
    names[0] = self->part;
    names[1] = self->counts;
    names[2] = self->decisions;
    options.parts = &names[0];
    options.counts = &names[1];
    options.decisions = &names[2];
    options.part_count = options.counts_count = options.decision_count = 1;
    options.components = self->components;
    options.threads = 1;
    options.allocator = allocator;
    return options;
}

static ndup_status count_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    const char *names[3];
    ndup_shard_options options = shard_options(self, names, allocator);
    return ndup_count_shard(self->output, &options, NULL, error);
}

static ndup_status verify_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    const char *names[3];
    ndup_shard_options options = shard_options(self, names, allocator);
    return ndup_verify_shard(self->output, &options, NULL, error);
}

static ndup_status decide_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    const char *names[3];
    ndup_result *result;
    ndup_corpus *corpus;
    ndup_shard_options options = shard_options(self, names, allocator);
    ndup_status status = ndup_decide_shards(&result, &corpus, &options, NULL, error);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status;
}

static ndup_status components_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    const char *buckets = self->buckets;
    (void)allocator;
    return ndup_components_find(self->output, &buckets, 1, 3, NULL, error);
}

static void workshop_init(workshop *self)
{
    ndup_error error;
    temp_dir_init(&self->folder);
    temp_dir_path(&self->folder, "in.jsonl", self->input, PATH_BYTES);
    temp_dir_path(&self->folder, "in.part", self->part, PATH_BYTES);
    temp_dir_path(&self->folder, "buckets", self->buckets, PATH_BYTES);
    temp_dir_path(&self->folder, "components", self->components, PATH_BYTES);
    temp_dir_path(&self->folder, "counts", self->counts, PATH_BYTES);
    temp_dir_path(&self->folder, "decisions", self->decisions, PATH_BYTES);
    temp_dir_path(&self->folder, "out", self->output, PATH_BYTES);
    write_input(self);
    sketch(self);
    const char *part = self->part;
    const char *buckets = self->buckets;
    const char *names[3];
    ndup_shard_options options = shard_options(self, names, NULL);
    assert_ok(ndup_bucket_parts(self->buckets, &part, 1, (ndup_shard){0}, NULL, NULL, NULL, &error),
              &error);
    assert_ok(ndup_components_find(self->components, &buckets, 1, 1, NULL, &error), &error);
    assert_ok(ndup_count_shard(self->counts, &options, NULL, &error), &error);
    assert_ok(ndup_verify_shard(self->decisions, &options, NULL, &error), &error);
}

static void check_job(fault_job *job, size_t outputs)
{
    workshop self;
    workshop_init(&self);
    assert_true(fault_loop(job, &self, STEP) > 5);
    assert_u64_equal(temp_dir_count(&self.folder, ""), FILES + outputs);
    temp_dir_deinit(&self.folder);
}

static void test_fault_shards__memory(void **state)
{
    (void)state;
    check_job(count_job, 1);
    check_job(verify_job, 1);
    check_job(decide_job, 0);
}

static void check_full_disk(fault_job *job)
{
    workshop self;
    ndup_error error;
    size_t length, again;
    workshop_init(&self);
    assert_ok(job(&self, NULL, &error), &error);
    char *before = temp_dir_read(&self.folder, "out", &length);
    for (uint64_t bytes = 0; bytes < length; bytes += 1 + length / 3) {
        full_disk_begin(bytes);
        ndup_status status = job(&self, NULL, &error);
        full_disk_end();
        assert_status(status, NDUP_STATUS_IO, &error);
        char *after = temp_dir_read(&self.folder, "out", &again);
        assert_u64_equal(again, length);
        assert_memory_equal(before, after, length);
        assert_u64_equal(temp_dir_count(&self.folder, ""), FILES + 1);
        free(after);
    }
    free(before);
    temp_dir_deinit(&self.folder);
}

static void test_fault_shards__a_full_disk(void **state)
{
    (void)state;
    check_full_disk(components_job);
    check_full_disk(count_job);
    check_full_disk(verify_job);
}

TEST_MAIN(cmocka_unit_test(test_fault_shards__memory),
          cmocka_unit_test(test_fault_shards__a_full_disk))
