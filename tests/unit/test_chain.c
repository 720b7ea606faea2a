/* SPDX-License-Identifier: MIT */
/* From grams that meet to passages: edits, moves, repeats. */
#include "passage/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/test.h"

enum { LEAST = 15, WORDS_MOST = 20000 };

/* Two texts, written as runs of numbered words, and what they share. */
typedef struct pair {
    ndup__passage_text a, b;
    ndup__chainer chainer;
    ndup__meeting *meetings;
    size_t count;
    char shown[2000];
} pair;

/* "100-139 x 140-159": words 100 to 139, a word that stands nowhere else, ... */
static void read_words(ndup__passage_text *text, const char *plan)
{
    static unsigned other;
    static char bytes[WORDS_MOST * 8];
    size_t length = 0;
    ndup_error error;
    for (const char *at = plan; *at != '\0';) {
        unsigned first, last;
        if (sscanf(at, "%u-%u", &first, &last) == 2) {
            for (unsigned word = first; word <= last; word++) {
                length += (size_t)sprintf(bytes + length, "w%u ", word);
            }
        } else {
            length += (size_t)sprintf(bytes + length, "x%u ", other++);
        }
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    assert_ok(ndup__passage_text_read(text, (ndup_text){bytes, length}, &error), &error);
}

/* Every pair of places of an equal gram of 8 words, as if all were fingerprints. */
static void meet(pair *self)
{
    const ndup__tokens *a = &self->a.tokens;
    const ndup__tokens *b = &self->b.tokens;
    for (size_t i = 0; i + 8 <= a->count; i++) {
        for (size_t k = 0; k + 8 <= b->count; k++) {
            if (memcmp(a->hashes + i, b->hashes + k, 8 * sizeof *a->hashes) == 0) {
                if ((self->count & (self->count - 1)) == 0) { /* room for as many again */
                    size_t room = self->count > 0 ? 2 * self->count : 1;
                    self->meetings = realloc(self->meetings, room * sizeof(ndup__meeting));
                }
                assert_non_null(self->meetings);
                self->meetings[self->count++] = (ndup__meeting){(uint32_t)i, (uint32_t)k};
            }
        }
    }
}

static void pair_init(pair *self, const char *a, const char *b)
{
    ndup_error error;
    *self = (pair){.chainer.least = LEAST};
    read_words(&self->a, a);
    read_words(&self->b, b);
    meet(self);
    assert_ok(ndup__chain(&self->chainer, &self->a, &self->b, self->meetings, self->count, &error),
              &error);
    size_t used = 0;
    for (size_t i = 0; i < self->chainer.count && used + 60 < sizeof self->shown; i++) {
        const ndup__token_passage *p = &self->chainer.passages[i];
        used += (size_t)sprintf(self->shown + used, "%u+%u %u+%u: %u, %.3f; ", p->a, p->a_tokens,
                                p->b, p->b_tokens, p->matched, ndup__passage_similarity(p));
    }
}

static void pair_deinit(pair *self)
{
    ndup__passage_text_deinit(&self->a);
    ndup__passage_text_deinit(&self->b);
    ndup__chainer_deinit(&self->chainer);
    free(self->meetings);
}

static void assert_passages(const char *a, const char *b, const char *expected)
{
    pair compared;
    pair_init(&compared, a, b);
    assert_string_equal(compared.shown, expected);
    pair_deinit(&compared);
}

static void test_chain__a_run_of_enough_words(void **state)
{
    (void)state;
    assert_passages("x 1-15 x", "x x 1-15 x", "1+15 2+15: 15, 1.000; ");
    assert_passages("x 1-14 x", "x x 1-14 x", "");
    assert_passages("1-40", "1-40", "0+40 0+40: 40, 1.000; ");
}

static void test_chain__edits_inside_are_one_passage(void **state)
{
    (void)state;
    /* A word changed, added, left out. */
    assert_passages("1-20 x 21-40", "1-20 x 21-40", "0+41 0+41: 40, 0.952; ");
    assert_passages("1-20 21-40", "1-20 x 21-40", "0+40 0+41: 40, 0.976; ");
    assert_passages("1-40", "1-20 22-40", "0+40 0+39: 39, 0.975; ");
    /* Words between, in the same order, though no gram meets there. */
    assert_passages("1-20 x 21-23 x 24-40", "1-20 x 21-23 x 24-40", "0+42 0+42: 40, 0.909; ");
}

static void test_chain__short_runs_go_on_a_passage_but_make_none(void **state)
{
    (void)state;
    assert_passages("1-20 x x 30-39", "1-20 x 30-39", "0+32 0+31: 30, 0.909; ");
    assert_passages("30-39 x x 1-20", "30-39 x 1-20", "0+32 0+31: 30, 0.909; ");
    assert_passages("1-10 x 11-20 x 21-30", "1-10 x 11-20 x 21-30", "");
}

/* As many words may lie between as a passage must share. */
static void test_chain__what_lies_far_apart_is_two(void **state)
{
    (void)state;
    assert_passages("1-20 900-914 21-40", "1-20 x 21-40", "0+55 0+41: 40, 0.714; ");
    assert_passages("1-20 900-915 21-40", "1-20 x 21-40",
                    "0+20 0+20: 20, 1.000; 36+20 21+20: 20, 1.000; ");
}

static void test_chain__moved_blocks_are_two(void **state)
{
    (void)state;
    assert_passages("1-20 x 101-120", "101-120 x 1-20",
                    "0+20 21+20: 20, 1.000; 21+20 0+20: 20, 1.000; ");
    assert_passages("1-30", "1-30 x 1-30", "0+30 0+30: 30, 1.000; 0+30 31+30: 30, 1.000; ");
}

/* A sentence said twice in the one is said once in the other: its words count once. */
static void test_chain__words_are_matched_once(void **state)
{
    (void)state;
    pair compared;
    pair_init(&compared, "1-30 11-30 31-50", "1-30 31-50");
    for (size_t i = 0; i < compared.chainer.count; i++) {
        const ndup__token_passage *p = &compared.chainer.passages[i];
        assert_true(p->matched <= p->a_tokens && p->matched <= p->b_tokens);
    }
    pair_deinit(&compared);
}

/* One phrase three hundred times: every place meets all others, and no more is made of it than can
 * be looked at. */
static void test_chain__repeated_phrases_stay_few(void **state)
{
    (void)state;
    static char plan[8000];
    size_t length = 0;
    for (unsigned i = 0; i < 300; i++) {
        length += (size_t)sprintf(plan + length, "1-9 ");
    }
    pair compared;
    pair_init(&compared, plan, plan);
    assert_true(compared.count > 90000);
    assert_in_range(compared.chainer.count, 1, 2000); /* diagonals nine words apart */
    pair_deinit(&compared);
}

static ndup_status chain_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    pair *compared = context;
    ndup__chainer chainer = {.allocator = allocator, .least = LEAST};
    ndup_status status = ndup__chain(&chainer, &compared->a, &compared->b, compared->meetings,
                                     compared->count, error);
    ndup__chainer_deinit(&chainer);
    return status;
}

static void test_chain__without_memory(void **state)
{
    (void)state;
    pair compared;
    pair_init(&compared, "1-20 x x 21-40 x 1-20 101-120", "1-20 x 21-40 101-120 x 1-20");
    fault_loop(chain_job, &compared, 1);
    pair_deinit(&compared);
}

TEST_MAIN(cmocka_unit_test(test_chain__a_run_of_enough_words),
          cmocka_unit_test(test_chain__edits_inside_are_one_passage),
          cmocka_unit_test(test_chain__short_runs_go_on_a_passage_but_make_none),
          cmocka_unit_test(test_chain__what_lies_far_apart_is_two),
          cmocka_unit_test(test_chain__moved_blocks_are_two),
          cmocka_unit_test(test_chain__words_are_matched_once),
          cmocka_unit_test(test_chain__repeated_phrases_stay_few),
          cmocka_unit_test(test_chain__without_memory))
