/* SPDX-License-Identifier: MIT */
/* Parts and buckets while memory runs out and while the disk is full: all fails with a message,
 * nothing leaks, and what stood under the name stays. */
#include <stdlib.h>
#include <string.h>

#include "neardup/stages.h"
#include "support/corpus_make.h"
#include "support/fault_loop.h"
#include "support/full_disk.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 300, DOCUMENTS = 40, STEP = 7 };

/* A folder with an input and a part of it. */
typedef struct workshop {
    temp_dir folder;
    char input[PATH_BYTES];
    char part[PATH_BYTES];
    char output[PATH_BYTES];
} workshop;

static ndup_status sketch(const workshop *self, const char *path, const ndup_allocator *allocator,
                          ndup_error *error)
{
    ndup_corpus_options reading = NDUP_CORPUS_OPTIONS_INIT;
    ndup_dedup_options options;
    ndup_corpus *corpus;
    const char *input = self->input;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.threads = 1;
    options.titles = true;
    options.keep = "newest,last";
    options.allocator = reading.allocator = allocator;
    ndup_status status = ndup_corpus_open(&corpus, &input, 1, &reading, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_sketch_part(path, corpus, &options, (ndup_shard){0}, NULL, NULL, error);
    }
    ndup_corpus_close(corpus);
    return status;
}

static void workshop_init(workshop *self)
{
    test_random random;
    ndup_error error;
    temp_dir_init(&self->folder);
    test_random_init(&random, 3);
    made_corpus made = made_corpus_mixed(&random, DOCUMENTS, 5);
    made.as_records = true;
    made_corpus_write_jsonl(&made, &self->folder, "in.jsonl");
    made_corpus_deinit(&made);
    temp_dir_path(&self->folder, "in.jsonl", self->input, PATH_BYTES);
    temp_dir_path(&self->folder, "in.part", self->part, PATH_BYTES);
    temp_dir_path(&self->folder, "out", self->output, PATH_BYTES);
    assert_ok(sketch(self, self->part, NULL, &error), &error);
}

static ndup_status sketch_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    return sketch(self, self->output, allocator, error);
}

static ndup_status merge_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    const char *part = self->part;
    return ndup_parts_merge(self->output, &part, 1, allocator, error);
}

static ndup_status bucket_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    const char *part = self->part;
    return ndup_bucket_parts(self->output, &part, 1, (ndup_shard){0}, NULL, allocator, NULL, error);
}

/* Runs the job with each request for memory failing; then two files more than the input are there
 * in the end. */
static void check_job(fault_job *job, size_t step)
{
    workshop self;
    workshop_init(&self);
    assert_true(fault_loop(job, &self, step) > 5);
    assert_u64_equal(temp_dir_count(&self.folder, ""), 3);
    temp_dir_deinit(&self.folder);
}

static void test_fault_stages__memory(void **state)
{
    (void)state;
    check_job(sketch_job, STEP);
    check_job(merge_job, STEP);
    check_job(bucket_job, STEP);
}

static void check_full_disk(fault_job *job)
{
    workshop self;
    ndup_error error;
    size_t length, again;
    workshop_init(&self);
    assert_ok(job(&self, NULL, &error), &error);
    char *before = temp_dir_read(&self.folder, "out", &length);
    for (uint64_t bytes = 0; bytes < length; bytes += 1 + length / 5) {
        full_disk_begin(bytes);
        ndup_status status = job(&self, NULL, &error);
        full_disk_end();
        assert_status(status, NDUP_STATUS_IO, &error);
        char *after = temp_dir_read(&self.folder, "out", &again);
        assert_u64_equal(again, length);
        assert_memory_equal(before, after, length);
        assert_u64_equal(temp_dir_count(&self.folder, ""), 3);
        free(after);
    }
    free(before);
    temp_dir_deinit(&self.folder);
}

static void test_fault_stages__a_full_disk(void **state)
{
    (void)state;
    check_full_disk(sketch_job);
    check_full_disk(merge_job);
    check_full_disk(bucket_job);
}

TEST_MAIN(cmocka_unit_test(test_fault_stages__memory),
          cmocka_unit_test(test_fault_stages__a_full_disk))
