/* SPDX-License-Identifier: MIT */
/* Shared passages against all runs of all pairs of texts: every run that is long enough lies in a
 * passage, and every passage has one. */
#include "support/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/naive_passages.h"
#include "support/passage_check.h"
#include "support/passage_texts.h"

/* One comparison of a run with the naive one. */
typedef struct trial {
    const naive_texts *texts;
    const passage_check *run;
    const ndup_passage_options *options;
    size_t runs;    /* long enough */
    size_t excused; /* of them, not found, as the header says */
} trial;

static bool is_compared(const trial *t, size_t a, size_t b)
{
    const naive_text *of_a = &t->texts->items[a];
    const naive_text *of_b = &t->texts->items[b];
    bool same_series = t->options->series != NULL && of_a->source[0] != '\0' &&
                       strcmp(of_a->source, of_b->source) == 0;
    bool is_wanted = t->options->against == NULL || of_a->is_against != of_b->is_against;
    return a < b && is_wanted && !same_series;
}

static bool has_run(const ndup_passage *passage, const naive_run *run)
{
    return passage->a.first_token <= run->a && passage->b.first_token <= run->b &&
           passage->a.first_token + passage->a.tokens >= run->a + run->words &&
           passage->b.first_token + passage->b.tokens >= run->b + run->words;
}

static bool is_found(const trial *t, size_t a, size_t b, const naive_run *run)
{
    for (size_t i = 0; i < t->run->passage_count; i++) {
        const ndup_passage *passage = &t->run->passages[i];
        if (passage->a.document == a && passage->b.document == b && has_run(passage, run)) {
            return true;
        }
    }
    return false;
}

/* How often words [at, at + words) of `of` stand in a text. */
static size_t places_in(const naive_text *text, const naive_text *of, size_t at, size_t words)
{
    size_t places = 0;
    for (size_t i = 0; i + words <= text->count; i++) {
        places += naive_same_words(text, i, of, at, words);
    }
    return places;
}

/* Whether a gram of a run is one that proposes nothing. */
static bool is_common(const trial *t, size_t a, size_t b, size_t at, size_t words)
{
    const naive_text *of = &t->texts->items[a];
    uint64_t documents = 0;
    for (size_t i = 0; i < t->texts->count; i++) {
        documents += places_in(&t->texts->items[i], of, at, words) > 0;
    }
    return documents > t->options->max_documents || places_in(of, of, at, words) > 16 ||
           places_in(&t->texts->items[b], of, at, words) > 16;
}

static bool is_excused(const trial *t, size_t a, size_t b, const naive_run *run)
{
    const naive_text *text = &t->texts->items[a];
    for (size_t i = run->a; i < run->a + run->words; i++) {
        unsigned weight = 0;
        size_t words = 0;
        while (i + words < run->a + run->words && weight < 4 * t->run->summary.gram) {
            weight += text->words[i + words++].weight;
        }
        if (weight >= 4 * t->run->summary.gram && is_common(t, a, b, i, words)) {
            return true;
        }
    }
    return false;
}

static void check_runs(trial *t, size_t a, size_t b)
{
    unsigned weight = 4 * t->options->min_words;
    naive_run *runs;
    size_t count = naive_runs(&runs, &t->texts->items[a], &t->texts->items[b], weight);
    for (size_t i = 0; i < count; i++) {
        bool must = runs[i].weight >= weight + (runs[i].is_mixed ? 3 : 0);
        bool is_missed = must && !is_found(t, a, b, &runs[i]);
        if (is_missed && !is_excused(t, a, b, &runs[i])) {
            print_error("documents %zu and %zu share %zu words at %zu and %zu\n", a, b,
                        runs[i].words, runs[i].a, runs[i].b);
            fail();
        }
        t->runs += must;
        t->excused += is_missed;
    }
    free(runs);
}

static void check_every_run(trial *t)
{
    for (size_t b = 0; b < t->texts->count; b++) {
        for (size_t a = 0; a < b; a++) {
            if (is_compared(t, a, b)) {
                check_runs(t, a, b);
            }
        }
    }
}

/* The span says the same in bytes and in words. */
static void check_place(const trial *t, const ndup_passage_place *place)
{
    const naive_text *text = &t->texts->items[place->document];
    assert_int_equal(place->document_tokens, text->count);
    assert_true(place->tokens > 0);
    assert_in_range(place->first_token + place->tokens, 1, text->count);
    const naive_word *last = &text->words[place->first_token + place->tokens - 1];
    assert_int_equal(place->offset, text->words[place->first_token].start);
    assert_int_equal(place->offset + place->length, last->end);
}

/* The most that one run in a passage counts. */
static unsigned longest_in(const trial *t, const ndup_passage *passage)
{
    naive_text a = t->texts->items[passage->a.document];
    naive_text b = t->texts->items[passage->b.document];
    a.words += passage->a.first_token;
    a.count = passage->a.tokens;
    b.words += passage->b.first_token;
    b.count = passage->b.tokens;
    naive_run *runs;
    unsigned most = 0;
    size_t count = naive_runs(&runs, &a, &b, 1);
    for (size_t i = 0; i < count; i++) {
        most = runs[i].weight > most ? runs[i].weight : most;
    }
    free(runs);
    return most;
}

static void check_passage(const trial *t, const ndup_passage *passage)
{
    const naive_text *a = &t->texts->items[passage->a.document];
    const naive_text *b = &t->texts->items[passage->b.document];
    uint32_t i = passage->a.first_token;
    uint32_t k = passage->b.first_token;
    uint32_t a_words = passage->a.tokens;
    uint32_t b_words = passage->b.tokens;
    assert_true(is_compared(t, passage->a.document, passage->b.document));
    check_place(t, &passage->a);
    check_place(t, &passage->b);
    assert_true(longest_in(t, passage) >= 4 * t->options->min_words);
    assert_true(naive_same_words(a, i, b, k, 1));
    assert_true(naive_same_words(a, i + a_words - 1, b, k + b_words - 1, 1));
    assert_in_range(passage->matched, 1, naive_common_words(a, i, a_words, b, k, b_words));
    double all = (double)a_words + b_words - passage->matched;
    assert_double_in(passage->similarity, passage->matched / all - 1e-12,
                     passage->matched / all + 1e-12);
}

static bool comes_before(const ndup_passage *one, const ndup_passage *other)
{
    const uint64_t keys[][2] = {{one->b.document, other->b.document},
                                {one->a.document, other->a.document},
                                {one->a.first_token, other->a.first_token},
                                {one->b.first_token, other->b.first_token}};
    for (size_t i = 0; i < 4; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1];
        }
    }
    return false;
}

static void check_every_passage(const trial *t)
{
    for (size_t i = 0; i < t->run->passage_count; i++) {
        check_passage(t, &t->run->passages[i]);
        assert_true(i == 0 || comes_before(&t->run->passages[i - 1], &t->run->passages[i]));
        assert_true(t->run->passages[i].family < t->run->family_count);
    }
}

/* Whether a family has a place that overlaps a span by more than half of the longer one. */
static bool has_place(const ndup_passage_family *family, const ndup_passage_place *span)
{
    for (size_t i = 0; i < family->count; i++) {
        const ndup_passage_place *place = &family->places[i];
        uint64_t end = place->first_token + place->tokens;
        uint64_t span_end = span->first_token + span->tokens;
        uint64_t from =
            place->first_token > span->first_token ? place->first_token : span->first_token;
        uint64_t to = end < span_end ? end : span_end;
        uint64_t longer = place->tokens > span->tokens ? place->tokens : span->tokens;
        if (place->document == span->document && to > from && 2 * (to - from) > longer) {
            return true;
        }
    }
    return false;
}

static void check_every_family(const trial *t)
{
    for (size_t i = 0; i < t->run->family_count; i++) {
        const ndup_passage_family *family = &t->run->families[i];
        uint64_t passages = 0;
        assert_u64_equal(family->number, i);
        assert_true(family->documents >= t->options->min_documents);
        assert_true(family->documents <= family->count);
        for (size_t k = 0; k < t->run->passage_count; k++) {
            const ndup_passage *passage = &t->run->passages[k];
            if (passage->family == i) {
                passages++;
                assert_true(has_place(family, &passage->a) && has_place(family, &passage->b));
            }
        }
        assert_u64_equal(family->passages, passages);
        for (size_t k = 0; k < family->count; k++) {
            check_place(t, &family->places[k]);
        }
    }
}

/* Other threads, and memory for a few records, must not change a call. */
static void check_same_calls(const passage_check *run, const made_corpus *corpus,
                             const made_corpus *against, const ndup_passage_options *options)
{
    static const uint64_t memory[] = {0, 1600, 1 << 20};
    for (unsigned i = 0; i < 3; i++) {
        passage_check other;
        ndup_passage_options with = *options;
        with.threads = 1 + 2 * i;
        with.memory = memory[i];
        passage_check_init(&other, corpus, against, &with);
        assert_string_equal(other.calls, run->calls);
        assert_int_equal(other.summary.spilled_bytes > 0, memory[i] == 1600);
        passage_check_deinit(&other);
    }
}

static trial compare(const made_corpus *corpus, const made_corpus *against,
                     const ndup_passage_options *options)
{
    naive_texts texts;
    passage_check run;
    ndup_passage_options with = *options;
    with.against = NULL;
    naive_texts_init(&texts, corpus, against);
    passage_check_init(&run, corpus, against, options);
    assert_u64_equal(run.summary.documents, corpus->count);
    if (against != NULL) {
        with.against = (ndup_corpus *)&texts; /* not NULL is all that is asked */
    }
    trial t = {.texts = &texts, .run = &run, .options = &with};
    check_every_run(&t);
    check_every_passage(&t);
    check_every_family(&t);
    check_same_calls(&run, corpus, against, options);
    passage_check_deinit(&run);
    naive_texts_deinit(&texts);
    return (trial){.runs = t.runs, .excused = t.excused};
}

static ndup_passage_options options_for(unsigned min_words)
{
    ndup_passage_options options;
    ndup_passage_options_init(&options);
    options.min_words = min_words;
    options.threads = 2;
    return options;
}

static made_corpus make(passage_script script, uint32_t vocabulary, unsigned least, double edits,
                        size_t count, uint64_t seed)
{
    made_corpus corpus = {0};
    test_random random;
    test_random_init(&random, seed);
    passage_texts from = {script, vocabulary, least, edits};
    passage_texts_add(&corpus, &from, count, &random);
    return corpus;
}

static void test_model_passages__every_run_and_no_other(void **state)
{
    (void)state;
    static const unsigned sizes[] = {5, 6, 15, 16, 40};
    for (unsigned i = 0; i < 5; i++) {
        for (passage_script script = PASSAGE_LATIN; script <= PASSAGE_MIXED; script++) {
            made_corpus corpus = make(script, 2000, sizes[i], 0.05, 60, 31 * i + script + 1);
            ndup_passage_options options = options_for(sizes[i]);
            trial t = compare(&corpus, NULL, &options);
            assert_true(t.runs > 20);
            assert_int_equal(t.excused, 0);
            made_corpus_deinit(&corpus);
        }
    }
}

static void test_model_passages__texts_of_few_words(void **state)
{
    (void)state;
    static const uint32_t vocabularies[] = {1, 2, 3, 5, 9};
    for (unsigned i = 0; i < 5; i++) {
        made_corpus corpus = make(PASSAGE_LATIN, vocabularies[i], 5, 0.1, 10, 70 + i);
        ndup_passage_options options = options_for(5);
        trial t = compare(&corpus, NULL, &options);
        assert_true(t.runs > 5);
        made_corpus_deinit(&corpus);
    }
}

static void test_model_passages__series_are_left_out(void **state)
{
    (void)state;
    made_corpus corpus = make(PASSAGE_MIXED, 2000, 15, 0.05, 40, 90);
    ndup_passage_options options = options_for(15);
    options.series = "source";
    trial t = compare(&corpus, NULL, &options);
    assert_true(t.runs > 20);
    assert_int_equal(t.excused, 0);
    made_corpus_deinit(&corpus);
}

/* Copies of one text in two corpora. */
static void test_model_passages__against_another_corpus(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        made_corpus all = make((passage_script)i, 2000, 15, 0.05, 40, 95 + i);
        made_corpus corpus = {.items = all.items, .count = 25};
        made_corpus against = {.items = all.items + 25, .count = 15};
        ndup_passage_options options = options_for(15);
        trial t = compare(&corpus, &against, &options);
        assert_true(t.runs > 5);
        assert_int_equal(t.excused, 0);
        made_corpus_deinit(&all);
    }
}

/* The passages that are left are those of wide families, and nothing else of them changes. */
static void test_model_passages__families_of_enough_documents(void **state)
{
    (void)state;
    made_corpus corpus = make(PASSAGE_LATIN, 2000, 15, 0.05, 40, 99);
    ndup_passage_options options = options_for(15);
    passage_check all;
    passage_check wide;
    passage_check_init(&all, &corpus, NULL, &options);
    options.min_documents = 4;
    passage_check_init(&wide, &corpus, NULL, &options);
    size_t kept = 0;
    for (size_t i = 0; i < all.passage_count; i++) {
        const ndup_passage *passage = &all.passages[i];
        if (all.families[passage->family].documents >= 4) {
            assert_true(kept < wide.passage_count);
            assert_u64_equal(wide.passages[kept].b.offset, passage->b.offset);
            assert_u64_equal(wide.passages[kept++].a.document, passage->a.document);
        }
    }
    assert_int_equal(kept, wide.passage_count);
    assert_true(kept > 0 && kept < all.passage_count);
    passage_check_deinit(&all);
    passage_check_deinit(&wide);
    made_corpus_deinit(&corpus);
}

static void test_model_passages__what_is_common_proposes_nothing(void **state)
{
    (void)state;
    for (uint64_t most = 2; most < 8; most++) {
        made_corpus corpus = make(PASSAGE_LATIN, 2000, 15, 0.02, 40, 99);
        ndup_passage_options options = options_for(15);
        options.max_documents = most;
        trial t = compare(&corpus, NULL, &options);
        assert_true(t.runs > t.excused + 5);
        assert_true(most > 2 || t.excused > 0);
        made_corpus_deinit(&corpus);
    }
}

TEST_MAIN(cmocka_unit_test(test_model_passages__every_run_and_no_other),
          cmocka_unit_test(test_model_passages__texts_of_few_words),
          cmocka_unit_test(test_model_passages__series_are_left_out),
          cmocka_unit_test(test_model_passages__against_another_corpus),
          cmocka_unit_test(test_model_passages__families_of_enough_documents),
          cmocka_unit_test(test_model_passages__what_is_common_proposes_nothing))
