/* SPDX-License-Identifier: MIT */
/* Groups while memory runs out or the disk is full: every output, files and folders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup/group.h"
#include "support/fault_loop.h"
#include "support/full_disk.h"
#include "support/passage_texts.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512, STEP = 37 };

typedef struct workshop {
    temp_dir folder;
    const char *form;
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

static ndup_status open_output(ndup_group_sink **sink, const workshop *self,
                               const ndup_allocator *allocator, ndup_error *error)
{
    char path[PATH_BYTES];
    char specification[PATH_BYTES + 32];
    ndup_output_options options = {
        .struct_size = sizeof options, .overwrite = true, .allocator = allocator};
    snprintf(specification, sizeof specification, "%s:%s", self->form,
             temp_dir_path(&self->folder, "made/out", path, sizeof path));
    return ndup_group_output_open(sink, specification, &options, error);
}

static ndup_status group(ndup_group_sink *sink, ndup_corpus *corpus,
                         const ndup_allocator *allocator, ndup_error *error)
{
    ndup_group_summary summary;
    ndup_group_options options;
    ndup_group_options_init(&options);
    options.threads = 1;
    options.allocator = allocator;
    ndup_status status = ndup_group(&summary, corpus, &options, &sink, 1, NULL, error);
    assert_true(status != NDUP_STATUS_OK || (summary.stories > 0 && summary.copies > 0));
    return status;
}

/* Makes the output, or nothing at all, in a folder that was empty. */
static ndup_status group_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const workshop *self = context;
    ndup_group_sink *sink = NULL;
    ndup_corpus *corpus = NULL;
    temp_dir made = {""};
    temp_dir_mkdir(&self->folder, "made");
    temp_dir_path(&self->folder, "made", made.path, sizeof made.path);
    ndup_status status = open_output(&sink, self, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = open_corpus(&corpus, self, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = group(sink, corpus, allocator, error);
    }
    ndup_group_output_close(sink);
    ndup_corpus_close(corpus);
    assert_u64_equal(temp_dir_count(&made, ""), status == NDUP_STATUS_OK);
    temp_dir_deinit(&made);
    return status;
}

static void workshop_init(workshop *self)
{
    made_corpus corpus = {0};
    test_random random;
    passage_texts from = {PASSAGE_MIXED, 500, 40, 0.02};
    *self = (workshop){.form = "html"};
    temp_dir_init(&self->folder);
    test_random_init(&random, 2);
    passage_texts_add(&corpus, &from, 12, &random);
    made_corpus_write_jsonl(&corpus, &self->folder, "r.jsonl");
    made_corpus_deinit(&corpus);
}

static void test_fault_group__every_output(void **state)
{
    (void)state;
    workshop shop;
    workshop_init(&shop);
    for (size_t i = 0; i < ndup_group_output_count(); i++) {
        shop.form = ndup_group_output_get(i)->name;
        printf("%s: %zu requests\n", shop.form, fault_loop(group_job, &shop, STEP));
    }
    temp_dir_deinit(&shop.folder);
}

/* With room for less and less the run fails, or succeeds with nothing missing. */
static void fill_disk(const char *form)
{
    workshop shop;
    size_t failed = 0;
    size_t done = 0;
    workshop_init(&shop);
    shop.form = form;
    for (uint64_t room = 100; room < 2000000; room += room / 3) {
        ndup_error error;
        full_disk_begin(room);
        ndup_status status = group_job(&shop, NULL, &error);
        full_disk_end();
        assert_true(status == NDUP_STATUS_OK || status == NDUP_STATUS_IO);
        failed += status != NDUP_STATUS_OK;
        done += status == NDUP_STATUS_OK;
    }
    assert_true(failed > 3 && done > 3);
    temp_dir_deinit(&shop.folder);
}

static void test_fault_group__full_disk(void **state)
{
    (void)state;
    fill_disk("html");
    fill_disk("pages");
}

TEST_MAIN(cmocka_unit_test(test_fault_group__every_output),
          cmocka_unit_test(test_fault_group__full_disk))
