/* SPDX-License-Identifier: MIT */
/* Texts as lists of words that copy from each other, and how the words are spelt. */
#include "support/passage_texts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { WORDS_MOST = 4000, PARTS_MOST = 6 };

static size_t write_letter(char *out, uint32_t letter)
{
    out[0] = (char)(0xE0 | letter >> 12);
    out[1] = (char)(0x80 | (letter >> 6 & 0x3F));
    out[2] = (char)(0x80 | (letter & 0x3F));
    return 3;
}

static size_t write_latin(char *out, uint32_t number, test_random *random)
{
    static const char *const gaps[] = {" ", "  ", ", ", ".\n", " - "};
    size_t length = (size_t)sprintf(out, "w%x", (unsigned)number);
    bool is_upper = test_random_chance(random, 0.2);
    for (size_t i = 0; is_upper && i < length; i++) {
        out[i] = (char)toupper((unsigned char)out[i]);
    }
    const char *gap = gaps[test_random_chance(random, 0.8) ? 0 : test_random_below(random, 5)];
    return length + (size_t)sprintf(out + length, "%s", gap);
}

static size_t write_han(char *out, uint32_t number, test_random *random)
{
    size_t length = write_letter(out, 0x4E00 + number % 8000);
    return length +
           (size_t)sprintf(out + length, "%s", test_random_chance(random, 0.1) ? "\n" : "");
}

/* One of 44 consonants, which may carry one of 3 vowels. */
static size_t write_thai(char *out, uint32_t number, test_random *random)
{
    size_t length = write_letter(out, 0xE01 + number % 44);
    if (number / 44 % 4 > 0) {
        length += write_letter(out + length, 0xE34 + number / 44 % 4 - 1);
    }
    return length + (size_t)sprintf(out + length, "%s", test_random_chance(random, 0.1) ? " " : "");
}

size_t passage_texts_write(char *out, passage_script script, uint32_t number, test_random *random)
{
    if (script == PASSAGE_MIXED) {
        script = (passage_script)(number / 5 % 3); /* neighbours in number are of one script */
    }
    return script == PASSAGE_LATIN ? write_latin(out, number, random)
           : script == PASSAGE_HAN ? write_han(out, number, random)
                                   : write_thai(out, number, random);
}

static size_t words_in(const passage_texts *from, test_random *random)
{
    static const size_t a_word[] = {1, 2, 4, 2};
    size_t least = from->least * a_word[from->script];
    return test_random_chance(random, 0.6) ? least - 3 + (size_t)test_random_below(random, 7)
                                           : 1 + (size_t)test_random_below(random, 3 * least);
}

/* Appends new words to `to`, or some of `stock`, of which a few are others. */
static void add_part(made_words *to, const passage_texts *from, const made_words *stock,
                     test_random *random)
{
    size_t count = words_in(from, random);
    size_t start = (size_t)test_random_below(random, stock->count + 1);
    bool is_copy = start + count <= stock->count && test_random_chance(random, 0.7);
    double edits = test_random_chance(random, 0.5) ? from->edits : 0;
    for (size_t i = 0; i < count && to->count < WORDS_MOST; i++) {
        bool is_new = !is_copy || test_random_chance(random, edits);
        to->items[to->count++] = is_new ? (uint32_t)test_random_below(random, from->vocabulary)
                                        : stock->items[start + i];
    }
}

static void add_document(made_corpus *corpus, passage_script script, const made_words *words,
                         test_random *random)
{
    char *text = malloc(words->count * 40 + 1);
    size_t length = 0;
    assert_non_null(text);
    for (size_t i = 0; i < words->count; i++) {
        length += passage_texts_write(text + length, script, words->items[i], random);
    }
    made_corpus_add_text(corpus, random, text, length);
    free(text);
}

void passage_texts_add(made_corpus *corpus, const passage_texts *from, size_t count,
                       test_random *random)
{
    made_words stock = {.items = malloc(count * WORDS_MOST * sizeof *stock.items)};
    assert_non_null(stock.items);
    for (size_t i = 0; i < count; i++) {
        made_words words = {.items = stock.items + stock.count};
        for (uint64_t parts = test_random_below(random, PARTS_MOST + 1); parts > 0; parts--) {
            add_part(&words, from, &stock, random);
        }
        add_document(corpus, from->script, &words, random);
        stock.count += words.count;
    }
    free(stock.items);
}
