/* SPDX-License-Identifier: MIT */
/* The rules that ask for containment against brute force: who goes, for whom, and who stays. */
#include <stdio.h>
#include <string.h>

#include "dedup/containers.h"
#include "neardup/dedup.h"
#include "support/dedup_model.h"
#include "support/test.h"

enum { SHINGLE = 5, SEEDS = 60, BASES = 6, KINDS = 9 };

/* Adds a text that stands in another, or in which another stands, in some way. */
static void add_relative(made_corpus *corpus, test_random *random, const made_words *from)
{
    size_t start = (size_t)test_random_below(random, from->count - 20);
    size_t count = 14 + (size_t)test_random_below(random, from->count - start - 14);
    size_t kind = (size_t)test_random_below(random, KINDS);
    made_words part = made_words_part(from, start, kind == 5 ? 3 + count % 10 : count);
    made_words other = made_words_random(random, 10 + count, MADE_NUMBERS / 4, 0);
    made_words inner = made_words_part(&part, 0, part.count > 30 ? part.count - 8 : part.count);
    made_words made;
    switch (kind) {
    case 0: /* an extension */
        made = made_words_joined(from, &other);
        break;
    case 1: /* a part among other text */
        made = made_words_joined(&part, &other);
        break;
    case 2: /* a part of a part that is added, too */
        made_corpus_add(corpus, random, &part);
        made = made_words_part(&inner, 0, inner.count);
        break;
    case 3: /* as long, and near */
        made = made_words_edited(random, from, 1);
        break;
    case 4: /* a part that was changed */
        made = made_words_edited(random, &part, 1 + count / 60);
        break;
    default: /* a part; of kind 5 a short one */
        made = made_words_part(&part, 0, part.count);
    }
    if (kind == 6) {
        made_corpus_add_varied(corpus, random, &made); /* and the same again */
    }
    made_corpus_add(corpus, random, &made);
    made_words_free(&part);
    made_words_free(&inner);
    made_words_free(&other);
    made_words_free(&made);
}

static made_corpus make_relatives(test_random *random)
{
    made_corpus corpus = {0};
    for (size_t i = 0; i < BASES; i++) {
        size_t count = 60 + (size_t)test_random_below(random, 240);
        made_words base = made_words_random(random, count, MADE_NUMBERS / 4, 0);
        made_corpus_add(&corpus, random, &base);
        for (size_t k = 0; k < 8; k++) {
            add_relative(&corpus, random, &base);
        }
        made_words_free(&base);
    }
    return corpus;
}

static ndup_dedup_options options_of(ndup_rule rule, double containment, unsigned shingle_size)
{
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.rule = rule;
    options.containment = containment;
    options.keep = "longest";
    options.matching.shingle_size = shingle_size;
    options.matching.number_agreement = 0;
    options.templates = NDUP_TEMPLATES_DROP; /* brute force knows no forms */
    options.allow_empty_guard = true;
    options.threads = 1;
    return options;
}

/* Whether a document may go for one before it in keep order. */
static bool may_go(const dedup_model *model, size_t number, size_t other)
{
    const ndup_dedup_options *options = model->options;
    naive_comparison comparison = naive_compare(&model->naive, number, other);
    size_t size = model->naive.items[number].shingle_count;
    size_t other_size = model->naive.items[other].shingle_count;
    return comparison.same_tokens ||
           (size <= other_size && comparison.containment_a >= options->containment) ||
           (options->rule == NDUP_RULE_EITHER &&
            naive_is_duplicate(&model->naive, other, number, &options->matching));
}

typedef struct tally {
    size_t dropped, contained, missed;
} tally;

/* Whether a document that stayed should have gone; short ones are found by their words only. */
static bool is_missed(const dedup_model *model, const ndup_result *result, size_t number)
{
    const ndup_dedup_options *options = model->options;
    unsigned run = ndup__contained_run(options->matching.shingle_size, options->containment);
    bool found = false;
    if (model->protections[number] || model->naive.items[number].token_count < run) {
        return false;
    }
    for (size_t i = 0; i < model->ranks[number] && !found; i++) {
        ndup_verdict other;
        ndup_result_verdict(result, model->order[i], &other);
        found = other.survivor == other.document && may_go(model, number, model->order[i]);
    }
    return found;
}

static void check_dropped(const dedup_model *model, const ndup_result *result,
                          const ndup_verdict *verdict, tally *sums)
{
    ndup_verdict survivor;
    ndup_result_verdict(result, verdict->survivor, &survivor);
    assert_u64_equal(survivor.survivor, verdict->survivor);
    assert_int_equal(survivor.kept,
                     model->protections[verdict->survivor] || !model->options->drop_all);
    assert_false(model->protections[verdict->document]);
    assert_true(model->ranks[verdict->survivor] < model->ranks[verdict->document]);
    assert_true(may_go(model, verdict->document, verdict->survivor));
    naive_comparison comparison =
        naive_compare(&model->naive, verdict->document, verdict->survivor);
    if (verdict->kind == NDUP_KIND_CONTAINED) {
        assert_double_in(verdict->containment, comparison.containment_a, comparison.containment_a);
        assert_double_in(verdict->similarity, comparison.similarity, comparison.similarity);
        sums->contained++;
    }
    sums->dropped++;
}

static void check_result(const dedup_model *model, const ndup_result *result, tally *sums)
{
    for (size_t i = 0; i < model->corpus->count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        if (verdict.survivor != i) {
            check_dropped(model, result, &verdict, sums);
        } else {
            sums->missed += is_missed(model, result, i);
        }
    }
}

/* The same decisions: of each document whether it stays, for whom it goes and why. */
static void assert_same(const ndup_result *a, const ndup_result *b, const size_t *places,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ndup_verdict of_a, of_b;
        ndup_result_verdict(a, i, &of_a);
        ndup_result_verdict(b, places != NULL ? places[i] : i, &of_b);
        assert_int_equal(of_a.kept, of_b.kept);
        assert_int_equal(of_a.kind, of_b.kind);
        assert_u64_equal(of_a.survivor_id.length, of_b.survivor_id.length);
        assert_memory_equal(of_a.survivor_id.bytes, of_b.survivor_id.bytes,
                            of_a.survivor_id.length);
    }
}

static void check_threads(const made_corpus *corpus, ndup_dedup_options options,
                          const ndup_result *result)
{
    options.threads = 3;
    ndup_result *again = dedup_model_run(corpus, &options);
    assert_same(result, again, NULL, corpus->count);
    ndup_result_free(again);
}

static size_t find_id(const made_corpus *corpus, const char *id)
{
    size_t i = 0;
    while (strcmp(corpus->items[i].id, id) != 0) {
        i++;
    }
    return i;
}

static void check_shuffled(const made_corpus *corpus, const ndup_dedup_options *options,
                           const ndup_result *result, test_random *random)
{
    made_corpus shuffled = made_corpus_shuffled(corpus, random);
    ndup_result *again = dedup_model_run(&shuffled, options);
    size_t places[1000];
    assert_in_range(corpus->count, 1, 1000);
    for (size_t i = 0; i < corpus->count; i++) {
        places[i] = find_id(&shuffled, corpus->items[i].id);
    }
    assert_same(result, again, places, corpus->count);
    ndup_result_free(again);
    made_corpus_deinit(&shuffled);
}

/* A run over a corpus of its own, beside the naive answer. */
typedef struct trial {
    test_random random;
    made_corpus corpus;
    ndup_dedup_options options;
    dedup_model model;
    ndup_result *result;
} trial;

static void trial_init(trial *self, uint64_t seed, const ndup_dedup_options *options)
{
    test_random_init(&self->random, seed);
    self->options = *options;
    self->corpus = make_relatives(&self->random);
    dedup_model_init(&self->model, &self->corpus, &self->options);
    self->result = dedup_model_run(&self->corpus, &self->options);
}

static void trial_deinit(trial *self)
{
    ndup_result_free(self->result);
    dedup_model_deinit(&self->model);
    made_corpus_deinit(&self->corpus);
}

static void check_seed(tally *sums, uint64_t seed, ndup_dedup_options options)
{
    static const char *const protected_globs[] = {"s3", "d1*"};
    trial now;
    options.never_drop = protected_globs;
    options.never_drop_count = seed % 3 == 0 ? 2 : 0;
    options.drop_all = seed % 5 == 0;
    trial_init(&now, seed, &options);
    check_result(&now.model, now.result, sums);
    check_threads(&now.corpus, options, now.result);
    check_shuffled(&now.corpus, &options, now.result, &now.random);
    trial_deinit(&now);
}

static void check_rule(const char *name, ndup_dedup_options options)
{
    tally sums = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        check_seed(&sums, seed, options);
    }
    printf("%s: %zu dropped, %zu of them contained; %zu missed\n", name, sums.dropped,
           sums.contained, sums.missed);
    assert_true(sums.contained > 500);
    assert_true(sums.missed * 200 <= sums.dropped);
}

static void test_contained__is_what_brute_force_says(void **state)
{
    (void)state;
    check_rule("contained .9", options_of(NDUP_RULE_CONTAINED, 0.9, SHINGLE));
    check_rule("contained .8", options_of(NDUP_RULE_CONTAINED, 0.8, SHINGLE));
    check_rule("contained .5", options_of(NDUP_RULE_CONTAINED, 0.5, SHINGLE));
}

static void test_either__is_what_brute_force_says(void **state)
{
    (void)state;
    check_rule("either .9", options_of(NDUP_RULE_EITHER, 0.9, SHINGLE));
}

static void test_lossless__loses_no_run_of_three_words(void **state)
{
    (void)state;
    check_rule("lossless", options_of(NDUP_RULE_CONTAINED, 1, 3));
}

/* Whatever the keep chain asks for. */
static void test_contained__never_drops_the_longer_one(void **state)
{
    (void)state;
    static const char *const chains[] = {"first", "shortest", "newest"};
    tally sums = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ndup_dedup_options options = options_of(NDUP_RULE_CONTAINED, 0.9, SHINGLE);
        trial now;
        options.keep = chains[seed % 3];
        trial_init(&now, seed, &options);
        check_result(&now.model, now.result, &sums);
        trial_deinit(&now);
    }
    assert_true(sums.dropped > 100);
}

/* Adds the pairs to *near and *contained. */
static void check_pairs(const trial *now, size_t *near, size_t *contained)
{
    const ndup_pair *pairs;
    size_t count = ndup_result_pairs(now->result, &pairs);
    for (size_t i = 0; i < count; i++) {
        const ndup_pair *pair = &pairs[i];
        naive_comparison comparison = naive_compare(&now->model.naive, pair->b, pair->a);
        assert_true(may_go(&now->model, pair->b, pair->a));
        assert_double_in(pair->containment_b, comparison.containment_a, comparison.containment_a);
        assert_true(i == 0 || pair->a != pair[-1].a || pair->b != pair[-1].b);
        *near += pair->kind == NDUP_KIND_NEAR;
        *contained += pair->kind == NDUP_KIND_CONTAINED;
    }
}

/* Pairs are of texts that stand in longer ones, whoever stays; and finding them first changes
 * nothing. */
static void test_contained__pairs_are_exact(void **state)
{
    (void)state;
    size_t near = 0;
    size_t contained = 0;
    tally sums = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ndup_dedup_options options = options_of(NDUP_RULE_EITHER, 0.9, SHINGLE);
        trial now;
        options.pairs = true;
        trial_init(&now, seed, &options);
        check_pairs(&now, &near, &contained);
        check_result(&now.model, now.result, &sums);
        trial_deinit(&now);
    }
    printf("%zu near pairs, %zu contained\n", near, contained);
    assert_true(near > 50 && contained > 500);
    assert_true(sums.missed * 200 <= sums.dropped);
}

TEST_MAIN(cmocka_unit_test(test_contained__is_what_brute_force_says),
          cmocka_unit_test(test_either__is_what_brute_force_says),
          cmocka_unit_test(test_lossless__loses_no_run_of_three_words),
          cmocka_unit_test(test_contained__never_drops_the_longer_one),
          cmocka_unit_test(test_contained__pairs_are_exact))
