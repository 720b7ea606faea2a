/* SPDX-License-Identifier: MIT */
/* Passages while memory runs out or the disk is full: in memory and spilled, every output. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup/passage.h"
#include "support/fault_loop.h"
#include "support/full_disk.h"
#include "support/passage_texts.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512, STEP = 37, LITTLE = 400 };

static const char old[] = "an old output\n";

typedef struct workshop {
    temp_dir folder;
    temp_dir output; /* where the output goes */
    const char *form;
    uint64_t memory;
    const char *series;
    bool against; /* the corpus itself, opened once more */
} workshop;

static ndup_status open_corpus(ndup_corpus **corpus, const workshop *self,
                               const ndup_allocator *allocator, ndup_error *error)
{
    char path[PATH_BYTES];
    const char *input = temp_dir_path(&self->folder, "r.jsonl", path, sizeof path);
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.allocator = allocator;
    return ndup_corpus_open(corpus, &input, 1, &options, NULL, error);
}

static ndup_status open_output(ndup_passage_sink **sink, const workshop *self,
                               const ndup_allocator *allocator, ndup_error *error)
{
    char path[PATH_BYTES];
    char specification[PATH_BYTES + 32];
    ndup_output_options options = {
        .struct_size = sizeof options, .overwrite = true, .allocator = allocator};
    snprintf(specification, sizeof specification, "%s:%s", self->form,
             temp_dir_path(&self->output, "out", path, sizeof path));
    return ndup_passage_output_open(sink, specification, &options, error);
}

static ndup_status find(const workshop *self, ndup_passage_sink *sink, ndup_corpus *corpus,
                        ndup_corpus *against, const ndup_allocator *allocator, ndup_error *error)
{
    ndup_passage_summary summary;
    ndup_passage_options options;
    ndup_passage_options_init(&options);
    options.min_words = 5;
    options.threads = 1;
    options.memory = self->memory;
    options.series = self->series;
    options.against = against;
    options.allocator = allocator;
    ndup_status status = ndup_passages(&summary, corpus, &options, &sink, 1, NULL, error);
    assert_true(status != NDUP_STATUS_OK || summary.passages > 0);
    assert_true(status != NDUP_STATUS_OK || (summary.spilled_bytes > 0) == (self->memory > 0));
    return status;
}

static bool is_folder(const workshop *self)
{
    return strcmp(self->form, "pages") == 0;
}

/* The file holds what it held before a run that failed, a folder is not there, and nothing stands
 * beside it. */
static void check_output(const workshop *self, ndup_status status)
{
    if (status != NDUP_STATUS_OK && !is_folder(self)) {
        char *text = temp_dir_read(&self->output, "out", NULL);
        assert_string_equal(text, old);
        free(text);
    }
    if (status == NDUP_STATUS_OK && is_folder(self)) {
        assert_true(temp_dir_exists(&self->output, "out/page-1.html"));
    }
    bool is_there = status == NDUP_STATUS_OK || !is_folder(self);
    assert_u64_equal(temp_dir_count(&self->output, ""), is_there);
}

static ndup_status passage_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    workshop *self = context;
    ndup_passage_sink *sink = NULL;
    ndup_corpus *corpus = NULL;
    ndup_corpus *against = NULL;
    temp_dir_init(&self->output);
    if (!is_folder(self)) {
        temp_dir_write_text(&self->output, "out", old);
    }
    ndup_status status = open_output(&sink, self, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = open_corpus(&corpus, self, allocator, error);
    }
    if (status == NDUP_STATUS_OK && self->against) {
        status = open_corpus(&against, self, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = find(self, sink, corpus, against, allocator, error);
    }
    ndup_passage_output_close(sink);
    ndup_corpus_close(corpus);
    ndup_corpus_close(against);
    check_output(self, status);
    temp_dir_deinit(&self->output);
    return status;
}

static void workshop_init(workshop *self)
{
    made_corpus corpus = {0};
    test_random random;
    passage_texts from = {PASSAGE_MIXED, 500, 5, 0.1};
    *self = (workshop){.form = "jsonl"};
    temp_dir_init(&self->folder);
    test_random_init(&random, 2);
    passage_texts_add(&corpus, &from, 12, &random);
    made_corpus_write_jsonl(&corpus, &self->folder, "r.jsonl");
    made_corpus_deinit(&corpus);
}

static void test_fault_passages__every_output(void **state)
{
    (void)state;
    workshop shop;
    workshop_init(&shop);
    for (size_t i = 0; i < ndup_passage_output_count(); i++) {
        shop.form = ndup_passage_output_get(i)->name;
        printf("%s: %zu requests\n", shop.form, fault_loop(passage_job, &shop, STEP));
    }
    temp_dir_deinit(&shop.folder);
}

static void test_fault_passages__every_way(void **state)
{
    (void)state;
    workshop shop;
    workshop_init(&shop);
    shop.memory = LITTLE;
    printf("spilled: %zu requests\n", fault_loop(passage_job, &shop, STEP));
    shop.memory = 0;
    shop.series = "source";
    printf("series: %zu requests\n", fault_loop(passage_job, &shop, STEP));
    shop.series = "score";
    shop.against = true;
    printf("against: %zu requests\n", fault_loop(passage_job, &shop, STEP));
    temp_dir_deinit(&shop.folder);
}

/* With room for less and less the run fails, or succeeds with nothing missing. */
static void test_fault_passages__full_disk(void **state)
{
    (void)state;
    workshop shop;
    workshop_init(&shop);
    shop.memory = LITTLE;
    size_t failed = 0;
    size_t done = 0;
    for (uint64_t room = 100; room < 200000; room += room / 3) {
        ndup_error error;
        full_disk_begin(room);
        ndup_status status = passage_job(&shop, NULL, &error);
        full_disk_end();
        assert_true(status == NDUP_STATUS_OK || status == NDUP_STATUS_IO);
        failed += status != NDUP_STATUS_OK;
        done += status == NDUP_STATUS_OK;
    }
    assert_true(failed > 3 && done > 3);
    temp_dir_deinit(&shop.folder);
}

TEST_MAIN(cmocka_unit_test(test_fault_passages__every_output),
          cmocka_unit_test(test_fault_passages__every_way),
          cmocka_unit_test(test_fault_passages__full_disk))
