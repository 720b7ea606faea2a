/* SPDX-License-Identifier: MIT */
/* What is found in a long text slice by slice is what is found in it as a whole. */
#include "dedup/text_sketch.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "dedup/reading.h"
#include "neardup/sketch.h"
#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"
#include "text/shingle.h"
#include "text/tokenize.h"

enum { SHORT_BYTES = 3000, LONG_BYTES = 3 * 1024 * 1024, SLOTS = 96 };

/* Words of one to twelve letters, two bytes each now and then, with damage in between. */
static ndup_text make_text(test_random *random, size_t bytes, double damage)
{
    char *text = malloc(bytes + 64);
    size_t length = 0;
    assert_non_null(text);
    while (length < bytes) {
        for (uint64_t left = 1 + test_random_below(random, 12); left > 0; left--) {
            text[length++] = (char)('a' + test_random_below(random, 26));
        }
        if (test_random_chance(random, 0.1)) {
            memcpy(text + length, "\xC3\xA9", 2);
            length += 2;
        }
        if (test_random_chance(random, damage)) {
            text[length++] = '\xFF';
        }
        text[length++] = " \n,"[test_random_below(random, 3)];
    }
    return (ndup_text){text, length};
}

static ndup__stopwatch watch;

/* What sketches are made by. */
typedef struct made_of {
    const ndup_allocator *allocator;
    const ndup_sketcher *sketcher;
    ndup__shingling shingling;
} made_of;

/* The same of the whole text, by the functions that it is made of. */
static void check(const made_of *run, ndup_text text)
{
    ndup__text_sketch found;
    ndup__tokens tokens = {.seed = run->shingling.seed};
    ndup_error error;
    uint32_t state[SLOTS];
    assert_ok(ndup__text_sketch_init(&found, &run->shingling, run->sketcher, NULL, &error), &error);
    found.watch = &watch;
    assert_ok(ndup__text_sketch_make(&found, text, &error), &error);
    assert_ok(ndup__tokenize(&tokens, run->shingling.mode, text.bytes, text.length, &error),
              &error);
    size_t count = ndup__shingle_count(tokens.count, run->shingling.size);
    uint64_t *shingles = malloc((count + 1) * sizeof *shingles);
    uint64_t *scratch = malloc((count + 1) * sizeof *scratch);
    assert_true(shingles != NULL && scratch != NULL);
    ndup__shingle(shingles, tokens.hashes, tokens.count, run->shingling.size);
    count = ndup__sort_distinct(shingles, scratch, count);
    ndup_sketch_make(run->sketcher, state, shingles, count);
    ndup__hash128 hash =
        ndup__hash_bytes128(tokens.hashes, tokens.count * sizeof *tokens.hashes, 0);
    assert_u64_equal(found.token_count, tokens.count);
    assert_u64_equal(found.replaced, tokens.replaced);
    assert_int_equal(found.reading, ndup__reading_of(&tokens));
    assert_memory_equal(&found.tokens_hash, &hash, sizeof hash);
    assert_memory_equal(found.state, state, sizeof state);
    free(shingles);
    free(scratch);
    ndup__tokens_deinit(&tokens);
    ndup__text_sketch_deinit(&found);
}

static void check_kind(const char *kind, ndup__token_mode mode)
{
    static const size_t sizes[] = {0, 1, SHORT_BYTES, NDUP__LONG_TEXT_BYTES, LONG_BYTES};
    test_random random;
    ndup_sketcher *sketcher;
    ndup_error error;
    test_random_init(&random, mode + 1);
    assert_ok(ndup_sketcher_new(&sketcher, kind, SLOTS, 3, NULL, &error), &error);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        made_of run = {.sketcher = sketcher, .shingling = {.mode = mode, .size = 5, .seed = 9}};
        ndup_text text = make_text(&random, sizes[i], i % 2 == 0 ? 0.01 : 0.4);
        check(&run, text);
        run.shingling.size = 1;
        check(&run, text);
        run.shingling.size = 64;
        check(&run, text);
        free((char *)text.bytes);
    }
    ndup_sketcher_free(sketcher);
}

static void test_text_sketch__is_that_of_the_whole_text(void **state)
{
    (void)state;
    check_kind(NULL, NDUP__TOKEN_WORDS);
    check_kind(NULL, NDUP__TOKEN_EXACT);
    check_kind(NULL, NDUP__TOKEN_CHARACTERS);
    check_kind("kmins", NDUP__TOKEN_WORDS);
}

/* A word that fills several slices, and long texts of fewer words than a shingle. */
static void test_text_sketch__of_few_and_huge_words(void **state)
{
    (void)state;
    ndup_sketcher *sketcher;
    ndup_error error;
    size_t length = 2 * NDUP__LONG_TEXT_BYTES;
    char *text = malloc(length);
    assert_non_null(text);
    assert_ok(ndup_sketcher_new(&sketcher, NULL, SLOTS, 0, NULL, &error), &error);
    made_of run = {.sketcher = sketcher, .shingling = {NDUP__TOKEN_WORDS, 5, 0}};
    memset(text, 'x', length);
    check(&run, (ndup_text){text, length});
    memset(text, ' ', length);
    check(&run, (ndup_text){text, length});
    for (size_t words = 1; words <= 6; words++) {
        memcpy(text + words * length / 8, "word", 4);
        check(&run, (ndup_text){text, length});
    }
    free(text);
    ndup_sketcher_free(sketcher);
}

static void test_text_sketch__failing_allocations_leave_nothing(void **state)
{
    (void)state;
    test_random random;
    failing_allocator allocator;
    ndup_sketcher *sketcher;
    ndup_error error;
    ndup_status status = NDUP_STATUS_MEMORY;
    test_random_init(&random, 4);
    failing_allocator_init(&allocator);
    assert_ok(ndup_sketcher_new(&sketcher, NULL, SLOTS, 0, NULL, &error), &error);
    ndup_text text = make_text(&random, NDUP__LONG_TEXT_BYTES + 10, 0);
    made_of run = {.allocator = &allocator.allocator,
                   .sketcher = sketcher,
                   .shingling = {NDUP__TOKEN_WORDS, 5, 0}};
    for (size_t call = 1; status != NDUP_STATUS_OK; call++) {
        ndup__text_sketch sketch;
        failing_allocator_fail_at(&allocator, call);
        status = ndup__text_sketch_init(&sketch, &run.shingling, sketcher, run.allocator, &error);
        sketch.watch = &watch;
        if (status == NDUP_STATUS_OK) {
            status = ndup__text_sketch_make(&sketch, text, &error);
        }
        if (status != NDUP_STATUS_OK) {
            assert_status(status, NDUP_STATUS_MEMORY, &error);
        }
        ndup__text_sketch_deinit(&sketch);
        assert_u64_equal(failing_allocator_live_blocks(&allocator), 0);
    }
    free((char *)text.bytes);
    ndup_sketcher_free(sketcher);
}

TEST_MAIN(cmocka_unit_test(test_text_sketch__is_that_of_the_whole_text),
          cmocka_unit_test(test_text_sketch__of_few_and_huge_words),
          cmocka_unit_test(test_text_sketch__failing_allocations_leave_nothing))
