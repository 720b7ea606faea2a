/* SPDX-License-Identifier: MIT */
/* Near repeats against comparing all pairs of units: paragraphs of made-up words, copied with noise
 * in the letters and with words changed, dropped and added. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/random.h"
#include "support/repeat_check.h"
#include "support/test.h"

enum { DOCUMENTS = 150, UNITS = 40, UNIT_BYTES = 600, SHINGLE = 5 };

typedef struct page {
    char units[UNITS][UNIT_BYTES];
    size_t count;
} page;

/* A word of letters that stand in words with its rank: frequent ones are short. */
static void add_word(char *text, test_random *random)
{
    double unit = test_random_unit(random);
    uint64_t rank = (uint64_t)(1500 * unit * unit * unit);
    test_random letters;
    test_random_init(&letters, rank + 1);
    size_t length = 2 + (size_t)test_random_below(&letters, rank < 40 ? 3 : 9);
    size_t used = strlen(text);
    for (size_t i = 0; i < length; i++) {
        text[used++] = (char)('a' + test_random_below(&letters, 26));
    }
    text[used] = '\0';
}

static void write_paragraph(char *text, test_random *random)
{
    size_t words = 8 + (size_t)test_random_below(random, 30);
    text[0] = '\0';
    for (size_t i = 0; i < words; i++) {
        if (i > 0) {
            strcat(text, " ");
        }
        add_word(text, random);
    }
}

/* Letters read wrongly, with this probability each. */
static void add_noise(char *text, test_random *random, double probability)
{
    for (char *at = text; *at != '\0'; at++) {
        if (*at != ' ' && test_random_chance(random, probability)) {
            *at = (char)('a' + test_random_below(random, 26));
        }
    }
}

/* Leaves out, changes or adds a word. */
static void edit(char *text, test_random *random)
{
    char copy[UNIT_BYTES];
    size_t words = 1;
    for (const char *at = text; *at != '\0'; at++) {
        words += *at == ' ';
    }
    size_t chosen = (size_t)test_random_below(random, words);
    uint64_t how = test_random_below(random, 3);
    strcpy(copy, text);
    text[0] = '\0';
    size_t word = 0;
    for (const char *at = strtok(copy, " "); at != NULL; at = strtok(NULL, " "), word++) {
        if (word == chosen && how > 0) {
            strcat(text, text[0] != '\0' ? " " : "");
            add_word(text, random);
        }
        if (word != chosen || how == 2) {
            strcat(text, text[0] != '\0' ? " " : "");
            strcat(text, at);
        }
    }
}

static void make_page(page *made, test_random *random)
{
    made->count = 0;
    for (size_t i = 0; i < UNITS; i++) {
        char *text = made->units[made->count++];
        if (i < 4 || test_random_chance(random, 0.7)) {
            write_paragraph(text, random);
        } else {
            strcpy(text, made->units[test_random_below(random, i)]);
            if (test_random_chance(random, 0.5)) {
                add_noise(text, random, 0.05 * test_random_unit(random));
            } else {
                edit(text, random);
            }
        }
    }
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, SHINGLE);
}

/* The distinct shingles of a text, one behind the other. */
static size_t list_shingles(char *shingles, const char *text)
{
    size_t count = strlen(text) - SHINGLE + 1;
    for (size_t i = 0; i < count; i++) {
        memcpy(shingles + i * SHINGLE, text + i, SHINGLE);
    }
    qsort(shingles, count, SHINGLE, by_bytes);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || memcmp(shingles + i * SHINGLE, shingles + (i - 1) * SHINGLE, SHINGLE) != 0) {
            memmove(shingles + distinct++ * SHINGLE, shingles + i * SHINGLE, SHINGLE);
        }
    }
    return distinct;
}

static double compare(const char *a, const char *b)
{
    static char of_a[UNIT_BYTES * SHINGLE];
    static char of_b[UNIT_BYTES * SHINGLE];
    size_t a_count = list_shingles(of_a, a);
    size_t b_count = list_shingles(of_b, b);
    size_t shared = 0;
    for (size_t i = 0; i < a_count; i++) {
        shared += bsearch(of_a + i * SHINGLE, of_b, b_count, SHINGLE, by_bytes) != NULL;
    }
    return (double)shared / (double)(a_count + b_count - shared);
}

/* What a run says about a unit: whether it is a repeat, and of what. */
static const ndup_repeat *find_repeat(const repeat_check *check, size_t unit)
{
    for (size_t i = 0; i < check->finder.count; i++) {
        if (check->finder.repeats[i].unit == unit) {
            return &check->finder.repeats[i];
        }
    }
    return NULL;
}

static void test_model_repeats__all_pairs_find_the_same(void **state)
{
    static page made;
    static char text[UNITS * (UNIT_BYTES + 2)];
    test_random random;
    size_t similar = 0;
    size_t missed = 0;
    (void)state;
    test_random_init(&random, 20);
    for (int document = 0; document < DOCUMENTS; document++) {
        make_page(&made, &random);
        text[0] = '\0';
        for (size_t i = 0; i < made.count; i++) {
            strcat(strcat(text, made.units[i]), "\n\n");
        }
        repeat_check check;
        repeat_check_init(&check, "", text, strlen(text), true);
        assert_int_equal(check.paragraphs.count, made.count);
        for (size_t i = 0; i < made.count; i++) {
            double best = 0;
            for (size_t k = 0; k < i; k++) {
                double similarity = compare(made.units[i], made.units[k]);
                best = similarity > best ? similarity : best;
            }
            const ndup_repeat *repeat = find_repeat(&check, i);
            bool is_near = repeat != NULL && repeat->kind != NDUP_REPEAT_CONTAINED;
            if (is_near) { /* what is claimed is so */
                double similarity = compare(made.units[i], made.units[repeat->first]);
                assert_double_in(repeat->similarity, similarity - 1e-9, similarity + 1e-9);
                assert_true(similarity >= 0.7);
            }
            similar += best >= 0.7;
            missed += best >= 0.7 && !is_near;
        }
        repeat_check_deinit(&check);
    }
    /* A unit that is nearly the same as another is no candidate itself: what is like it, and not
     * like the other, is missed. */
    assert_true(similar > 1000);
    assert_double_in((double)missed / (double)similar, 0, 0.01);
}

TEST_MAIN(cmocka_unit_test(test_model_repeats__all_pairs_find_the_same))
