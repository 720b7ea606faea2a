/* SPDX-License-Identifier: MIT */
/* Forms in random corpora: what follows from the pairs, and what must not show. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup/dedup.h"
#include "neardup/output.h"
#include "neardup/plan.h"
#include "support/form_check.h"
#include "support/test.h"

enum { SEEDS = 60 };

static bool same_id(ndup_text a, ndup_text b)
{
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

/* Everything about forms in the verdicts follows from the verdicts. */
static void check_families(const ndup_result *result)
{
    const ndup_summary *summary = ndup_result_summary(result);
    size_t *sizes = calloc(summary->documents + 1, sizeof *sizes);
    uint64_t templates = 0, forms = 0, largest = 0;
    assert_non_null(sizes);
    for (uint64_t i = 0; i < summary->documents; i++) {
        ndup_verdict verdict;
        ndup_verdict first;
        ndup_result_verdict(result, i, &verdict);
        ndup_result_verdict(result, verdict.form, &first);
        templates += verdict.kind == NDUP_KIND_TEMPLATE;
        assert_true(same_id(verdict.form_id, first.id));
        assert_true(verdict.formed || verdict.form == i);
        assert_true(verdict.formed || !verdict.kept || verdict.kind != NDUP_KIND_TEMPLATE);
        if (verdict.formed) {
            assert_true(verdict.kept && first.kept && first.formed);
            assert_u64_equal(first.form, verdict.form);
            assert_true(first.kind == NDUP_KIND_NONE && verdict.form <= i); /* in keep order */
            assert_true((verdict.kind == NDUP_KIND_TEMPLATE) == (verdict.form != i));
            double least = verdict.form == i ? 1 : ndup_result_options(result)->matching.threshold;
            assert_double_in(verdict.form_similarity, least, 1);
            sizes[verdict.form]++;
        }
    }
    for (uint64_t i = 0; i < summary->documents; i++) {
        assert_true(sizes[i] != 1);
        forms += sizes[i] > 1;
        largest = sizes[i] > largest ? sizes[i] : largest;
    }
    assert_u64_equal(summary->templates, templates);
    assert_u64_equal(summary->forms, forms);
    assert_u64_equal(summary->largest_form, largest);
    free(sizes);
}

static void check_counts(const ndup_result *result)
{
    const ndup_summary *summary = ndup_result_summary(result);
    bool drops = ndup_result_options(result)->templates == NDUP_TEMPLATES_DROP;
    assert_u64_equal(summary->kept + summary->dropped, summary->documents);
    assert_u64_equal(summary->dropped,
                     summary->identical + summary->normalized + summary->contained + summary->near +
                         summary->dropped_survivors + (drops ? summary->templates : 0));
}

static ndup_result *run_seed(uint64_t seed, const ndup_dedup_options *options)
{
    made_corpus corpus = form_check_corpus(seed);
    ndup_result *result = dedup_model_run(&corpus, options);
    made_corpus_deinit(&corpus);
    return result;
}

static void test_forms__families_and_counts_add_up(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        for (unsigned way = 0; way < 8; way++) {
            ndup_dedup_options options = form_check_options();
            options.exact = (way & 1) != 0;
            options.templates = (way & 2) != 0 ? NDUP_TEMPLATES_DROP : NDUP_TEMPLATES_KEEP;
            options.cluster = (way & 4) != 0 ? NDUP_CLUSTER_COMPONENTS : NDUP_CLUSTER_LEADER;
            ndup_result *result = run_seed(seed, &options);
            check_families(result);
            check_counts(result);
            ndup_result_free(result);
        }
    }
}

static void test_forms__counts_add_up_without_survivors(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ndup_dedup_options options = form_check_options();
        options.drop_all = true;
        ndup_result *result = run_seed(seed, &options);
        check_counts(result);
        ndup_result_free(result);
    }
}

static void check_same_verdicts(const ndup_result *a, const ndup_result *b, double error)
{
    const ndup_summary *x = ndup_result_summary(a);
    const ndup_summary *y = ndup_result_summary(b);
    assert_u64_equal(x->documents, y->documents);
    for (uint64_t i = 0; i < x->documents; i++) {
        ndup_verdict v;
        ndup_verdict w;
        ndup_result_verdict(a, i, &v);
        ndup_result_verdict(b, i, &w);
        assert_true(v.kept == w.kept && v.kind == w.kind && v.survivor == w.survivor);
        assert_true(v.formed == w.formed && v.form == w.form);
        assert_true(same_id(v.form_id, w.form_id));
        assert_double_in(v.form_similarity, w.form_similarity - error, w.form_similarity + error);
        assert_double_in(v.similarity, w.similarity - error, w.similarity + error);
    }
    assert_u64_equal(x->templates, y->templates);
    assert_u64_equal(x->forms, y->forms);
    assert_u64_equal(x->largest_form, y->largest_form);
}

static void check_same_pairs(const ndup_result *a, const ndup_result *b)
{
    const ndup_pair *x;
    const ndup_pair *y;
    size_t count = ndup_result_pairs(a, &x);
    assert_u64_equal(count, ndup_result_pairs(b, &y));
    for (size_t i = 0; i < count; i++) {
        assert_true(x[i].a == y[i].a && x[i].b == y[i].b && x[i].kind == y[i].kind);
        assert_double_in(x[i].similarity, y[i].similarity, y[i].similarity);
    }
}

/* The pairs are the same, and now all of them decide. */
static void check_drop(const made_corpus *corpus, const ndup_result *with_keep,
                       const ndup_result *with_drop)
{
    const ndup_summary *summary = ndup_result_summary(with_drop);
    check_same_pairs(with_keep, with_drop);
    form_check_kept(corpus, with_keep, with_drop, true);
    for (uint64_t i = 0; i < summary->documents; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(with_drop, i, &verdict);
        assert_false(verdict.formed);
        assert_true(verdict.kind != NDUP_KIND_TEMPLATE || !verdict.kept);
        if (!verdict.kept && verdict.same_text == i) {
            bool is_form = form_check_kind(with_keep, verdict.survivor, i) == NAIVE_FORM;
            assert_int_equal(verdict.kind == NDUP_KIND_TEMPLATE, is_form);
        }
    }
    assert_u64_equal(summary->forms, 0);
    assert_u64_equal(summary->largest_form, 0);
}

static void test_forms__drop_lets_all_pairs_decide(void **state)
{
    (void)state;
    uint64_t templates = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        made_corpus corpus = form_check_corpus(seed);
        ndup_dedup_options options = form_check_options();
        ndup_result *with_keep = dedup_model_run(&corpus, &options);
        options.templates = NDUP_TEMPLATES_DROP;
        ndup_result *with_drop = dedup_model_run(&corpus, &options);
        check_drop(&corpus, with_keep, with_drop);
        templates += ndup_result_summary(with_drop)->templates;
        ndup_result_free(with_drop);
        ndup_result_free(with_keep);
        made_corpus_deinit(&corpus);
    }
    assert_true(templates > 100);
}

/* A component is named after its first document: a form of it is told as one. */
static void test_forms__components_tell_forms_from_copies(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ndup_dedup_options options = form_check_options();
        options.cluster = NDUP_CLUSTER_COMPONENTS;
        options.templates = NDUP_TEMPLATES_DROP;
        ndup_result *result = run_seed(seed, &options);
        for (uint64_t i = 0; i < ndup_result_summary(result)->documents; i++) {
            ndup_verdict verdict;
            ndup_result_verdict(result, i, &verdict);
            naive_kind kind = form_check_kind(result, verdict.survivor, i);
            assert_true(kind != NAIVE_FORM || verdict.kind == NDUP_KIND_TEMPLATE);
            assert_true(kind != NAIVE_COPY || verdict.kind != NDUP_KIND_TEMPLATE);
        }
        ndup_result_free(result);
    }
}

static void test_forms__threads_do_not_show(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ndup_dedup_options options = form_check_options();
        options.exact = seed % 3 == 0;
        options.threads = 1;
        ndup_result *one = run_seed(seed, &options);
        for (unsigned threads = 2; threads <= 5; threads += 3) {
            options.threads = threads;
            ndup_result *more = run_seed(seed, &options);
            check_same_verdicts(one, more, 0);
            check_same_pairs(one, more);
            ndup_result_free(more);
        }
        ndup_result_free(one);
    }
}

/* A family that fills the counters, so that threads meet where they end. */
static void test_forms__threads_do_not_show_in_large_families(void **state)
{
    (void)state;
    test_random random;
    made_corpus corpus = {0};
    test_random_init(&random, 7);
    form_corpus_add_form(&corpus, &random, 320, 60, 2, 9);
    ndup_dedup_options options = form_check_options();
    options.threads = 1;
    ndup_result *one = dedup_model_run(&corpus, &options);
    assert_u64_equal(ndup_result_summary(one)->kept, 320);
    assert_u64_equal(ndup_result_summary(one)->largest_form, 320);
    options.threads = 16;
    ndup_result *more = dedup_model_run(&corpus, &options);
    check_same_verdicts(one, more, 0);
    check_same_pairs(one, more);
    ndup_result_free(more);
    ndup_result_free(one);
    made_corpus_deinit(&corpus);
}

static size_t find_id(const made_corpus *corpus, const char *id)
{
    size_t i = 0;
    while (i < corpus->count && strcmp(corpus->items[i].id, id) != 0) {
        i++;
    }
    assert_true(i < corpus->count);
    return i;
}

/* The pair of the same two texts in another order of the corpus. */
static naive_kind kind_by_id(const ndup_result *result, const made_corpus *of, const char *a,
                             const char *b)
{
    size_t x = find_id(of, a);
    size_t y = find_id(of, b);
    return form_check_kind(result, x < y ? x : y, x < y ? y : x);
}

static void test_forms__order_does_not_show_in_pairs(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        test_random random;
        test_random_init(&random, seed + 1);
        ndup_dedup_options options = form_check_options();
        made_corpus corpus = form_check_corpus(seed);
        made_corpus shuffled = made_corpus_shuffled(&corpus, &random);
        ndup_result *a = dedup_model_run(&corpus, &options);
        ndup_result *b = dedup_model_run(&shuffled, &options);
        const ndup_pair *pairs;
        size_t count = ndup_result_pairs(a, &pairs);
        for (size_t i = 0; i < count; i++) {
            ndup_verdict verdicts[2];
            ndup_result_verdict(a, pairs[i].a, &verdicts[0]);
            ndup_result_verdict(a, pairs[i].b, &verdicts[1]);
            naive_kind kind = form_check_kind(a, pairs[i].a, pairs[i].b);
            naive_kind other =
                kind_by_id(b, &shuffled, corpus.items[pairs[i].a].id, corpus.items[pairs[i].b].id);
            /* Of equal texts the pair names another one then. */
            assert_true(other == kind || other == NAIVE_UNLIKE);
        }
        const ndup_pair *others;
        assert_u64_equal(ndup_result_pairs(b, &others), count);
        ndup_result_free(a);
        ndup_result_free(b);
        made_corpus_deinit(&shuffled);
        made_corpus_deinit(&corpus);
    }
}

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
    for (uint64_t seed = 0; seed < SEEDS / 2; seed++) {
        ndup_dedup_options options = form_check_options();
        options.exact = seed % 2 == 0;
        made_corpus corpus = form_check_corpus(seed);
        ndup_result *one = run_files(&corpus, 1, &options);
        ndup_result *four = run_files(&corpus, 4, &options);
        check_same_verdicts(one, four, 0);
        check_same_pairs(one, four);
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
    check_same_verdicts(run, read, 5e-7); /* plans have six digits */
    check_families(read);
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
    for (uint64_t seed = 0; seed < SEEDS / 2; seed++) {
        ndup_dedup_options options = form_check_options();
        options.exact = seed % 2 == 0;
        check_plan(seed, &options);
        options.templates = NDUP_TEMPLATES_DROP;
        check_plan(seed, &options);
    }
}

TEST_MAIN(cmocka_unit_test(test_forms__families_and_counts_add_up),
          cmocka_unit_test(test_forms__counts_add_up_without_survivors),
          cmocka_unit_test(test_forms__drop_lets_all_pairs_decide),
          cmocka_unit_test(test_forms__components_tell_forms_from_copies),
          cmocka_unit_test(test_forms__threads_do_not_show),
          cmocka_unit_test(test_forms__threads_do_not_show_in_large_families),
          cmocka_unit_test(test_forms__order_does_not_show_in_pairs),
          cmocka_unit_test(test_forms__files_do_not_show),
          cmocka_unit_test(test_forms__plans_tell_them))
