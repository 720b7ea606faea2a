/* SPDX-License-Identifier: MIT */
/* Forms in corpora that are files, and in plans. */
#include <stdio.h>

#include "neardup/output.h"
#include "neardup/plan.h"
#include "support/form_check.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { SEEDS = 30 };

/* Writes the documents to `count` files in turn of their order; fills paths and names. */
static void cut(const made_corpus *corpus, const temp_dir *dir, char (*paths)[512], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t begin = corpus->count * i / count;
        made_corpus piece = *corpus;
        char name[32];
        snprintf(name, sizeof name, "part%zu-of%zu.jsonl", i, count);
        piece.items += begin;
        piece.count = corpus->count * (i + 1) / count - begin;
        made_corpus_write_jsonl(&piece, dir, name);
        temp_dir_path(dir, name, paths[i], sizeof paths[i]);
    }
}

static ndup_result *run_files(const made_corpus *corpus, size_t files,
                              const ndup_dedup_options *options)
{
    temp_dir dir;
    char paths[4][512];
    const char *inputs[4];
    ndup_corpus *opened;
    ndup_result *result;
    ndup_error error;
    temp_dir_init(&dir);
    cut(corpus, &dir, paths, files);
    for (size_t i = 0; i < files; i++) {
        inputs[i] = paths[i];
    }
    assert_ok(ndup_corpus_open(&opened, inputs, files, NULL, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, opened, options, NULL, &error), &error);
    ndup_corpus_close(opened);
    temp_dir_deinit(&dir);
    return result;
}

static void test_forms__files_do_not_show(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ndup_dedup_options options = form_check_options();
        options.exact = seed % 2 == 0;
        made_corpus corpus = form_check_corpus(seed);
        ndup_result *one = run_files(&corpus, 1, &options);
        ndup_result *four = run_files(&corpus, 4, &options);
        form_check_same_verdicts(one, four, 0);
        form_check_same_pairs(one, four);
        ndup_result_free(one);
        ndup_result_free(four);
        made_corpus_deinit(&corpus);
    }
}

static void write_plan(const ndup_result *result, ndup_corpus *corpus, const char *path)
{
    char specification[600];
    ndup_sink *sink;
    ndup_error error;
    snprintf(specification, sizeof specification, "plan:%s", path);
    assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
    assert_ok(ndup_result_write(result, corpus, &sink, 1, NULL, &error), &error);
    ndup_output_close(sink);
}

static ndup_result *read_plan(const char *path)
{
    ndup_plan *plan;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    assert_ok(ndup_plan_open(&plan, path, NULL, &error), &error);
    assert_ok(ndup_plan_open_corpus(&corpus, plan, NULL, 0, NULL, NULL, &error), &error);
    assert_ok(ndup_plan_result(&result, plan, corpus, NULL, &error), &error);
    ndup_corpus_close(corpus);
    ndup_plan_close(plan);
    return result;
}

static void check_plan(uint64_t seed, const ndup_dedup_options *options)
{
    temp_dir dir;
    char paths[2][512];
    const char *input = paths[0];
    ndup_corpus *opened;
    ndup_result *run;
    ndup_error error;
    made_corpus corpus = form_check_corpus(seed);
    temp_dir_init(&dir);
    made_corpus_write_jsonl(&corpus, &dir, "in.jsonl");
    temp_dir_path(&dir, "in.jsonl", paths[0], sizeof paths[0]);
    temp_dir_path(&dir, "plan.jsonl", paths[1], sizeof paths[1]);
    assert_ok(ndup_corpus_open(&opened, &input, 1, NULL, NULL, &error), &error);
    assert_ok(ndup_dedup(&run, opened, options, NULL, &error), &error);
    write_plan(run, opened, paths[1]);
    ndup_result *read = read_plan(paths[1]);
    form_check_same_verdicts(run, read, 5e-7); /* plans have six digits */
    form_check_families(read);
    assert_int_equal(ndup_result_options(read)->templates, options->templates);
    ndup_result_free(read);
    ndup_result_free(run);
    ndup_corpus_close(opened);
    made_corpus_deinit(&corpus);
    temp_dir_deinit(&dir);
}

static void test_forms__plans_tell_them(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ndup_dedup_options options = form_check_options();
        options.exact = seed % 2 == 0;
        check_plan(seed, &options);
        options.templates = NDUP_TEMPLATES_DROP;
        check_plan(seed, &options);
    }
}

TEST_MAIN(cmocka_unit_test(test_forms__files_do_not_show),
          cmocka_unit_test(test_forms__plans_tell_them))
