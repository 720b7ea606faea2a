/* SPDX-License-Identifier: MIT */
/* Outputs of real runs: what is there after a failure, and what may not be replaced. */
#include "neardup/output.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/temporary_name.h"
#include "neardup/eval.h"
#include "neardup/flag.h"
#include "support/temp_dir.h"
#include "support/test.h"

/* A folder with a corpus of two equal texts, and what was made of it. */
typedef struct output_run {
    temp_dir folder;
    char corpus_path[300];
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
} output_run;

static void set_up(output_run *self)
{
    temp_dir_init(&self->folder);
    temp_dir_write_text(&self->folder, "c.jsonl",
                        "{\"id\":\"1\",\"text\":\"the same words\"}\n"
                        "{\"id\":\"2\",\"text\":\"the same words\"}\n");
    const char *path =
        temp_dir_path(&self->folder, "c.jsonl", self->corpus_path, sizeof self->corpus_path);
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, &self->error), &self->error);
    assert_ok(ndup_corpus_open(&self->corpus, &path, 1, NULL, NULL, &self->error), &self->error);
    assert_ok(ndup_dedup(&self->result, self->corpus, &options, NULL, &self->error), &self->error);
}

static void tear_down(output_run *self)
{
    ndup_result_free(self->result);
    ndup_corpus_close(self->corpus);
    temp_dir_deinit(&self->folder);
}

static ndup_status open_sink(output_run *self, ndup_sink **sink, const char *format,
                             const char *name)
{
    char path[300];
    char specification[400];
    snprintf(specification, sizeof specification, "%s:%s", format,
             temp_dir_path(&self->folder, name, path, sizeof path));
    return ndup_output_open(sink, specification, NULL, &self->error);
}

static ndup_status take_nothing(void *context, const ndup_verdict *verdict,
                                const ndup_document *document, ndup_error *error)
{
    (void)context;
    (void)verdict;
    (void)document;
    (void)error;
    return NDUP_STATUS_OK;
}

static ndup_status fail_commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_IO;
}

static ndup_status commit_nothing(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static void ignore(void *context)
{
    (void)context;
}

static void test_outputs__tell_which_are_there_after_a_failure(void **state)
{
    (void)state;
    output_run run;
    ndup_sink *sinks[5];
    ndup_sink failing = {.struct_size = sizeof failing,
                         .document = take_nothing,
                         .commit = fail_commit,
                         .abort = ignore};
    ndup_sink working = failing;
    working.commit = commit_nothing;
    set_up(&run);
    assert_ok(open_sink(&run, &sinks[0], "jsonl", "kept.jsonl"), &run.error);
    assert_ok(open_sink(&run, &sinks[1], "tree", "tree"), &run.error);
    sinks[2] = &working;
    sinks[3] = &failing;
    assert_ok(open_sink(&run, &sinks[4], "ids", "ids"), &run.error);
    assert_status(ndup_result_write(run.result, run.corpus, sinks, 5, NULL, &run.error),
                  NDUP_STATUS_IO, &run.error);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(sinks[i]->committed, i < 3);
    }
    assert_u64_equal(temp_dir_count(&run.folder, ""), 3); /* and no temporary files */
    assert_true(temp_dir_exists(&run.folder, "kept.jsonl"));
    assert_true(temp_dir_exists(&run.folder, "tree/c.jsonl"));
    ndup_output_close(sinks[0]);
    ndup_output_close(sinks[1]);
    ndup_output_close(sinks[4]);
    tear_down(&run);
}

static void test_outputs__leave_nothing_when_they_are_only_opened(void **state)
{
    (void)state;
    static const char *const formats[] = {"jsonl", "tree", "pages", "plan"};
    output_run run;
    char left[NDUP__TEMPORARY_NAME_BYTES];
    set_up(&run);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        ndup_sink *sink;
        ndup__temporary_name(left, "kept");
        temp_dir_write_text(&run.folder, left, "of a dead run");
        assert_ok(open_sink(&run, &sink, formats[i], "new/deep/out"), &run.error);
        assert_u64_equal(temp_dir_count(&run.folder, ""), 1);
        ndup_output_close(sink);
    }
    temp_dir_write_text(&run.folder, "file", "x");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        ndup_sink *sink;
        assert_status(open_sink(&run, &sink, formats[i], "file/out"), NDUP_STATUS_NOT_FOUND,
                      &run.error);
        assert_null(sink);
    }
    tear_down(&run);
}

/* Opens an output over the file `name` in a run that reads the file "plan". */
static ndup_status open_over(output_run *self, const char *kind, const char *name)
{
    char path[300];
    char plan[300];
    char specification[400];
    const char *read = temp_dir_path(&self->folder, "plan", plan, sizeof plan);
    temp_dir_path(&self->folder, name, path, sizeof path);
    ndup_output_options options = {
        .struct_size = sizeof options, .overwrite = true, .also_read = &read, .also_read_count = 1};
    ndup_sink *sink = NULL;
    ndup_flag_sink *flag_sink = NULL;
    ndup_status status;
    snprintf(specification, sizeof specification, "%s:%s", kind, path);
    if (strcmp(kind, "predicted") == 0) {
        status = ndup_predicted_open(&sink, path, 0, 0.5, &options, &self->error);
    } else if (strcmp(kind, "cleaned") == 0) {
        status = ndup_flag_output_open(&flag_sink, specification, &options, &self->error);
    } else {
        status = ndup_output_open(&sink, specification, &options, &self->error);
    }
    ndup_output_close(sink);
    ndup_flag_output_close(flag_sink);
    return status;
}

static void test_outputs__do_not_replace_what_is_read(void **state)
{
    (void)state;
    static const char *const kinds[] = {"jsonl", "plan", "html", "predicted", "cleaned"};
    output_run run;
    char plan[300];
    char link_path[300];
    set_up(&run);
    temp_dir_write_text(&run.folder, "plan", "{\"type\":\"neardup-plan\"}\n");
    temp_dir_path(&run.folder, "plan", plan, sizeof plan);
    temp_dir_path(&run.folder, "hard", link_path, sizeof link_path);
    assert_int_equal(link(plan, link_path), 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_status(open_over(&run, kinds[i], "plan"), NDUP_STATUS_INVALID, &run.error);
        assert_non_null(strstr(run.error.message, "this run reads"));
        assert_status(open_over(&run, kinds[i], "hard"), NDUP_STATUS_INVALID, &run.error);
        assert_status(open_over(&run, kinds[i], "free"), NDUP_STATUS_OK, &run.error);
    }
    tear_down(&run);
}

TEST_MAIN(cmocka_unit_test(test_outputs__tell_which_are_there_after_a_failure),
          cmocka_unit_test(test_outputs__leave_nothing_when_they_are_only_opened),
          cmocka_unit_test(test_outputs__do_not_replace_what_is_read))
