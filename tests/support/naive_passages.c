/* SPDX-License-Identifier: MIT */
/* The naive runs: words are cut letter by letter and compared pair by pair. */
#include "support/naive_passages.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static void *get_memory(size_t bytes)
{
    void *memory = calloc(bytes > 0 ? bytes : 1, 1);
    assert_non_null(memory);
    return memory;
}

/* The code point at text, which is valid UTF-8 of at most three bytes. */
static uint32_t read_letter(size_t *length, const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (bytes[0] < 0x80) {
        *length = 1;
        return bytes[0];
    }
    if (bytes[0] < 0xE0) {
        *length = 2;
        return (bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu);
    }
    *length = 3;
    return (bytes[0] & 0xFu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
}

/* What a letter counts alone; 0 for one of a word of several, and for what is none. */
static unsigned weight_of(uint32_t letter)
{
    bool is_kana = letter >= 0x3041 && letter <= 0x30FF;
    bool is_thai = letter >= 0xE01 && letter <= 0xE2E;
    return is_kana || (letter >= 0x4E00 && letter <= 0x9FFF) ? 2 : is_thai ? 1 : 0;
}

/* Vowels above a letter: the marks that are no accents to Unicode, and so are kept. */
static bool is_mark(uint32_t letter)
{
    return letter >= 0xE34 && letter <= 0xE37;
}

/* The end of the word that begins at text[start]. */
static size_t word_end(unsigned *weight, const char *text, size_t start, size_t length)
{
    size_t bytes;
    *weight = weight_of(read_letter(&bytes, text + start));
    size_t end = start + bytes;
    if (*weight > 0) {
        while (end < length && is_mark(read_letter(&bytes, text + end))) {
            end += bytes;
        }
        return end;
    }
    *weight = 4;
    while (end < length && isalnum((unsigned char)text[end])) {
        end++;
    }
    return end;
}

static const char *lower_case(const char *bytes, size_t length)
{
    char *copy = get_memory(length + 1);
    for (size_t i = 0; i < length; i++) {
        copy[i] =
            (char)((unsigned char)bytes[i] < 0x80 ? tolower((unsigned char)bytes[i]) : bytes[i]);
    }
    return copy;
}

static void cut(naive_text *self, const char *text, size_t length)
{
    self->words = get_memory(length * sizeof *self->words);
    for (size_t at = 0; at < length;) {
        if ((unsigned char)text[at] < 0x80 && !isalnum((unsigned char)text[at])) {
            at++;
            continue;
        }
        naive_word *word = &self->words[self->count++];
        word->start = at;
        word->end = at = word_end(&word->weight, text, at, length);
        word->bytes = lower_case(text + word->start, word->end - word->start);
    }
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp((*(naive_word *const *)a)->bytes, (*(naive_word *const *)b)->bytes);
}

static void number_words(naive_texts *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++) {
        count += self->items[i].count;
    }
    naive_word **words = get_memory(count * sizeof *words);
    count = 0;
    for (size_t i = 0; i < self->count; i++) {
        for (size_t k = 0; k < self->items[i].count; k++) {
            words[count++] = &self->items[i].words[k];
        }
    }
    qsort(words, count, sizeof *words, by_bytes);
    for (size_t i = 1; i < count; i++) {
        bool is_new = strcmp(words[i - 1]->bytes, words[i]->bytes) != 0;
        words[i]->number = words[i - 1]->number + is_new;
    }
    free(words);
}

void naive_texts_init(naive_texts *self, const made_corpus *corpus, const made_corpus *against)
{
    size_t more = against != NULL ? against->count : 0;
    self->items = get_memory((corpus->count + more) * sizeof *self->items);
    self->count = corpus->count + more;
    for (size_t i = 0; i < self->count; i++) {
        bool is_against = i >= corpus->count;
        const made_document *from =
            is_against ? &against->items[i - corpus->count] : &corpus->items[i];
        self->items[i] = (naive_text){.source = from->source, .is_against = is_against};
        cut(&self->items[i], from->text, from->length);
    }
    number_words(self);
}

void naive_texts_deinit(naive_texts *self)
{
    for (size_t i = 0; i < self->count; i++) {
        for (size_t k = 0; k < self->items[i].count; k++) {
            free((char *)self->items[i].words[k].bytes);
        }
        free(self->items[i].words);
    }
    free(self->items);
    *self = (naive_texts){0};
}

static naive_run run_at(const naive_text *a, size_t i, const naive_text *b, size_t k)
{
    naive_run run = {.a = i, .b = k};
    while (i + run.words < a->count && k + run.words < b->count &&
           a->words[i + run.words].number == b->words[k + run.words].number) {
        run.is_mixed |= a->words[i + run.words].weight != a->words[i].weight;
        run.weight += a->words[i + run.words++].weight;
    }
    return run;
}

size_t naive_runs(naive_run **runs, const naive_text *a, const naive_text *b, unsigned weight)
{
    size_t count = 0;
    size_t capacity = 64;
    *runs = get_memory(capacity * sizeof **runs);
    for (size_t i = 0; i < a->count; i++) {
        for (size_t k = 0; k < b->count; k++) {
            bool is_begun = i > 0 && k > 0 && a->words[i - 1].number == b->words[k - 1].number;
            if (is_begun || a->words[i].number != b->words[k].number) {
                continue;
            }
            naive_run run = run_at(a, i, b, k);
            if (count == capacity) {
                capacity *= 2;
                *runs = realloc(*runs, capacity * sizeof **runs);
                assert_non_null(*runs);
            }
            (*runs)[count] = run;
            count += run.weight >= weight;
        }
    }
    return count;
}

bool naive_same_words(const naive_text *a, size_t i, const naive_text *b, size_t k, size_t words)
{
    for (size_t n = 0; n < words; n++) {
        if (a->words[i + n].number != b->words[k + n].number) {
            return false;
        }
    }
    return true;
}

size_t naive_common_words(const naive_text *a, size_t i, size_t a_words, const naive_text *b,
                          size_t k, size_t b_words)
{
    size_t *best = get_memory((b_words + 1) * sizeof *best);
    for (size_t n = 0; n < a_words; n++) {
        size_t corner = 0; /* one row up, one column back */
        for (size_t m = 1; m <= b_words; m++) {
            size_t above = best[m];
            bool is_same = a->words[i + n].number == b->words[k + m - 1].number;
            size_t side = above > best[m - 1] ? above : best[m - 1];
            best[m] = is_same && corner + 1 > side ? corner + 1 : side;
            corner = above;
        }
    }
    size_t most = best[b_words];
    free(best);
    return most;
}
