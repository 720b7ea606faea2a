/* SPDX-License-Identifier: MIT */
/* Winnowing against its definition, its guarantee and its density. */
#include "passage/winnow.h"

#include <stdlib.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/passage_texts.h"
#include "support/random.h"
#include "support/test.h"

/* A text that has been winnowed. */
typedef struct winnowed {
    ndup__passage_text text;
    ndup__winnow winnow;
    char *bytes;
} winnowed;

static void winnowed_init(winnowed *self, passage_script script, uint32_t vocabulary, size_t words,
                          unsigned least, uint64_t seed)
{
    ndup_error error;
    test_random random;
    size_t length = 0;
    test_random_init(&random, seed);
    *self = (winnowed){.bytes = malloc(words * 40 + 1)};
    assert_non_null(self->bytes);
    for (size_t i = 0; i < words; i++) {
        uint32_t word = (uint32_t)test_random_below(&random, vocabulary);
        length += passage_texts_write(self->bytes + length, script, word, &random);
    }
    assert_ok(ndup__passage_text_read(&self->text, (ndup_text){self->bytes, length}, &error),
              &error);
    assert_int_equal(self->text.tokens.count, words);
    assert_ok(ndup__winnow_init(&self->winnow, ndup__winnow_size_for(least), NULL, &error), &error);
    assert_ok(ndup__winnow_text(&self->winnow, &self->text, &error), &error);
}

static void winnowed_deinit(winnowed *self)
{
    ndup__winnow_deinit(&self->winnow);
    ndup__passage_text_deinit(&self->text);
    free(self->bytes);
}

static void test_winnow__sizes(void **state)
{
    (void)state;
    ndup__winnow_size usual = ndup__winnow_size_for(15);
    assert_int_equal(usual.gram, 8);
    assert_int_equal(usual.window, 8);
    for (unsigned least = NDUP__WINNOW_LEAST; least <= NDUP__WINNOW_MOST; least++) {
        ndup__winnow_size size = ndup__winnow_size_for(least);
        assert_int_equal(size.least, least);
        assert_int_equal(size.gram + size.window - 1, least);
        assert_true(size.window - size.gram <= 1);
    }
}

/* The end of the gram that begins at token `begin`, or 0 where the text is too short. */
static size_t gram_end(const winnowed *self, size_t begin)
{
    for (size_t end = begin; end <= self->text.tokens.count; end++) {
        if (ndup__weight_of(&self->text, begin, end) >= 4 * self->winnow.size.gram) {
            return end;
        }
    }
    return 0;
}

/* Every run that counts `least` words, and three quarters of one more where scripts mix, has a gram
 * that lies in it. */
static void check_guarantee(const winnowed *self, unsigned slack)
{
    size_t next = 0;
    size_t count = self->text.tokens.count;
    for (size_t begin = 0, end = 0; begin < count; begin++) {
        while (end < count &&
               ndup__weight_of(&self->text, begin, end) < 4 * self->winnow.size.least + slack) {
            end++;
        }
        if (ndup__weight_of(&self->text, begin, end) < 4 * self->winnow.size.least + slack) {
            return;
        }
        while (next < self->winnow.count && self->winnow.grams[next].token < begin) {
            next++;
        }
        assert_true(next < self->winnow.count);
        size_t last = gram_end(self, self->winnow.grams[next].token);
        assert_in_range(last, begin + 1, end);
    }
}

static void test_winnow__every_run_has_a_gram(void **state)
{
    (void)state;
    static const unsigned sizes[] = {5, 6, 15, 40, 101};
    for (unsigned i = 0; i < 5; i++) {
        for (passage_script script = PASSAGE_LATIN; script <= PASSAGE_MIXED; script++) {
            for (uint32_t vocabulary = 2; vocabulary < 5000; vocabulary *= 40) {
                winnowed text;
                winnowed_init(&text, script, vocabulary, 3000, sizes[i], vocabulary + i);
                check_guarantee(&text, script == PASSAGE_MIXED ? 3 : 0);
                winnowed_deinit(&text);
            }
        }
    }
}

/* The grams of a run depend on nothing around it. */
static void test_winnow__equal_runs_have_equal_grams(void **state)
{
    (void)state;
    winnowed text;
    winnowed_init(&text, PASSAGE_LATIN, 3, 4000, 15, 9);
    const ndup__gram *grams = text.winnow.grams;
    const uint64_t *hashes = text.text.tokens.hashes;
    size_t compared = 0;
    for (size_t i = 0; i < text.winnow.count; i++) {
        for (size_t k = i + 1; k < text.winnow.count; k++) {
            bool is_same = memcmp(hashes + grams[i].token, hashes + grams[k].token,
                                  text.winnow.size.gram * sizeof *hashes) == 0;
            assert_int_equal(is_same, grams[i].hash == grams[k].hash);
            compared += is_same;
        }
    }
    assert_true(compared > 100);
    winnowed_deinit(&text);
}

/* 2 / (w + 1) of all grams, as the least of w random numbers changes. */
static void test_winnow__density(void **state)
{
    (void)state;
    static const size_t tokens_a_word[] = {1, 2, 4};
    for (passage_script script = PASSAGE_LATIN; script <= PASSAGE_THAI; script++) {
        winnowed text;
        winnowed_init(&text, script, 8000, 40000, 15, 3);
        double tokens = (double)text.text.tokens.count;
        double window = 7.0 * (double)tokens_a_word[script] + 1;
        double density = (double)text.winnow.count / tokens;
        assert_double_in(density * (window + 1) / 2, 0.97, 1.03);
        winnowed_deinit(&text);
    }
}

static void test_winnow__short_texts_have_no_gram(void **state)
{
    (void)state;
    for (size_t words = 0; words < 20; words++) {
        winnowed text;
        winnowed_init(&text, PASSAGE_LATIN, 8000, words, 15, words);
        assert_int_equal(text.winnow.count > 0, words >= 15);
        winnowed_deinit(&text);
    }
}

/* Whatever lies around two equal runs: no place is passed by. */
static void test_winnow__surroundings_pass_by_no_run(void **state)
{
    (void)state;
    winnowed text;
    winnowed_init(&text, PASSAGE_LATIN, 2, 3000, 15, 4);
    const ndup__gram *grams = text.winnow.grams;
    const uint64_t *hashes = text.text.tokens.hashes;
    size_t passed_by = 0;
    for (size_t i = 0; i < text.winnow.count; i++) {
        for (size_t k = i + 1; k < text.winnow.count; k++) {
            if (grams[i].hash != grams[k].hash) {
                continue;
            }
            size_t a = grams[i].token, b = grams[k].token, same = 0;
            while (a > 0 && hashes[a - 1] == hashes[b - 1]) {
                a--, b--;
            }
            while (b + same < text.text.tokens.count && hashes[a + same] == hashes[b + same]) {
                same++;
            }
            bool may_be = ndup__may_be_run(&text.winnow.size, grams[i].before, grams[k].before,
                                           grams[i].behind, grams[k].behind);
            assert_true(may_be || same < 15);
            passed_by += !may_be;
        }
    }
    assert_true(passed_by > 100);
    winnowed_deinit(&text);
}

static ndup_status winnow_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const winnowed *self = context;
    ndup__winnow winnow;
    ndup_status status = ndup__winnow_init(&winnow, ndup__winnow_size_for(15), allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__winnow_text(&winnow, &self->text, error);
    }
    ndup__winnow_deinit(&winnow);
    return status;
}

static void test_winnow__without_memory(void **state)
{
    (void)state;
    winnowed text;
    winnowed_init(&text, PASSAGE_HAN, 8000, 500, 15, 4);
    fault_loop(winnow_job, &text, 1);
    winnowed_deinit(&text);
}

TEST_MAIN(cmocka_unit_test(test_winnow__sizes), cmocka_unit_test(test_winnow__every_run_has_a_gram),
          cmocka_unit_test(test_winnow__equal_runs_have_equal_grams),
          cmocka_unit_test(test_winnow__density),
          cmocka_unit_test(test_winnow__short_texts_have_no_gram),
          cmocka_unit_test(test_winnow__surroundings_pass_by_no_run),
          cmocka_unit_test(test_winnow__without_memory))
