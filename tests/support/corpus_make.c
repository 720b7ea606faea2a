/* SPDX-License-Identifier: MIT */
/* Corpora of known make-up. */
#include "support/corpus_make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { WORD_BYTES = 16 };

static void *get_memory(size_t bytes)
{
    void *memory = malloc(bytes + 1);
    assert_non_null(memory);
    return memory;
}

static made_words make_words(size_t count)
{
    return (made_words){get_memory(count * sizeof(uint32_t)), count};
}

/* Words from here to MADE_NUMBERS are drawn by edits only, and hardly ever twice. */
static uint32_t fresh_word(test_random *random)
{
    return (uint32_t)(MADE_NUMBERS / 2 + test_random_below(random, MADE_NUMBERS / 2));
}

made_words made_words_random(test_random *random, size_t count, uint32_t vocabulary, double numbers)
{
    made_words words = make_words(count);
    for (size_t i = 0; i < count; i++) {
        bool is_number = numbers > 0 && test_random_chance(random, numbers);
        words.items[i] = is_number ? MADE_NUMBERS + (uint32_t)test_random_below(random, 50)
                                   : (uint32_t)test_random_below(random, vocabulary);
    }
    return words;
}

/* Of no words there may be no array. */
static void copy_words(uint32_t *into, const uint32_t *from, size_t start, size_t count)
{
    if (count > 0) {
        memcpy(into, from + start, count * sizeof *into);
    }
}

made_words made_words_part(const made_words *from, size_t start, size_t count)
{
    made_words words = make_words(count);
    copy_words(words.items, from->items, start, count);
    return words;
}

made_words made_words_joined(const made_words *a, const made_words *b)
{
    made_words words = make_words(a->count + b->count);
    copy_words(words.items, a->items, 0, a->count);
    copy_words(words.items + a->count, b->items, 0, b->count);
    return words;
}

made_words made_words_edited(test_random *random, const made_words *from, size_t count)
{
    made_words words = made_words_part(from, 0, from->count);
    for (size_t i = 0; i < count && from->count > 0; i++) {
        words.items[test_random_below(random, from->count)] = fresh_word(random);
    }
    return words;
}

made_words made_words_near(test_random *random, const made_words *from, double wanted,
                           unsigned shingle_size)
{
    made_words words = made_words_part(from, 0, from->count);
    unsigned misses = 0;
    while (misses < 4 && from->count > 0) {
        size_t place = (size_t)test_random_below(random, from->count);
        uint32_t before = words.items[place];
        words.items[place] = fresh_word(random);
        if (made_words_similarity(from, &words, shingle_size) < wanted) {
            words.items[place] = before;
            misses++;
        }
    }
    return words;
}

void made_words_free(made_words *words)
{
    free(words->items);
    *words = (made_words){0};
}

static bool holds(const made_words *words, size_t count, const uint32_t *shingle, size_t size)
{
    bool found = false;
    for (size_t i = 0; !found && i < count; i++) {
        found = memcmp(words->items + i, shingle, size * sizeof *shingle) == 0;
    }
    return found;
}

double made_words_similarity(const made_words *a, const made_words *b, unsigned shingle_size)
{
    size_t least = a->count < b->count ? a->count : b->count;
    size_t size = least < shingle_size ? least : shingle_size;
    if (least < shingle_size) {
        return a->count == b->count && memcmp(a->items, b->items, least * sizeof(uint32_t)) == 0;
    }
    size_t a_places = a->count - size + 1;
    size_t b_places = b->count - size + 1;
    size_t a_distinct = 0;
    size_t b_distinct = 0;
    size_t shared = 0;
    for (size_t i = 0; i < a_places; i++) {
        if (!holds(a, i, a->items + i, size)) {
            a_distinct++;
            shared += holds(b, b_places, a->items + i, size);
        }
    }
    for (size_t i = 0; i < b_places; i++) {
        b_distinct += !holds(b, i, b->items + i, size);
    }
    return (double)shared / (double)(a_distinct + b_distinct - shared);
}

/* Writes a word and returns its length. */
static size_t write_word(char *out, uint32_t word)
{
    if (word >= MADE_NUMBERS) {
        return (size_t)sprintf(out, "%u", (unsigned)(word - MADE_NUMBERS));
    }
    size_t length = 0;
    do {
        out[length++] = (char)('a' + word % 26);
        word /= 26;
    } while (word > 0);
    return length;
}

static char *write_words(const made_words *words, test_random *variation, size_t *length)
{
    static const char *const gaps[] = {" ", "  ", ", ", ".\n", " - ", "; ", "\n\n", "! "};
    char *text = get_memory(words->count * WORD_BYTES + 8);
    *length = 0;
    for (size_t i = 0; i < words->count; i++) {
        size_t start = *length;
        *length += write_word(text + start, words->items[i]);
        if (variation != NULL && test_random_chance(variation, 0.3)) {
            text[start] = (char)(text[start] >= 'a' ? text[start] - 'a' + 'A' : text[start]);
        }
        const char *gap = variation != NULL ? gaps[test_random_below(variation, 8)] : " ";
        if (i + 1 < words->count || variation != NULL) {
            memcpy(text + *length, gap, strlen(gap));
            *length += strlen(gap);
        }
    }
    return text;
}

/* Takes over the text. */
static made_document *add_document(made_corpus *self, test_random *random, char *text,
                                   size_t length)
{
    if (self->count == self->capacity) {
        self->capacity = self->capacity * 2 + 16;
        self->items = realloc(self->items, self->capacity * sizeof *self->items);
        assert_non_null(self->items);
    }
    made_document *document = &self->items[self->count];
    *document = (made_document){.text = text, .length = length, .score = -1};
    snprintf(document->id, sizeof document->id, "d%zu", self->count);
    snprintf(document->source, sizeof document->source, "s%u",
             (unsigned)test_random_below(random, 4));
    if (test_random_chance(random, 0.8)) {
        unsigned year = (unsigned)test_random_below(random, 30);
        unsigned month = (unsigned)test_random_below(random, 2) + 1;
        unsigned day = (unsigned)test_random_below(random, 3) + 1;
        snprintf(document->date, sizeof document->date, "20%02u-%02u-%02u", year % 100, month % 13,
                 day % 32);
    }
    if (test_random_chance(random, 0.8)) {
        document->score = (int)test_random_below(random, 8);
    }
    self->count++;
    return document;
}

made_document *made_corpus_add(made_corpus *self, test_random *random, const made_words *words)
{
    size_t length;
    char *text = write_words(words, NULL, &length);
    return add_document(self, random, text, length);
}

made_document *made_corpus_add_varied(made_corpus *self, test_random *random,
                                      const made_words *words)
{
    size_t length;
    char *text = write_words(words, random, &length);
    return add_document(self, random, text, length);
}

made_document *made_corpus_add_text(made_corpus *self, test_random *random, const char *text,
                                    size_t length)
{
    char *copy = get_memory(length);
    memcpy(copy, text, length);
    return add_document(self, random, copy, length);
}

void made_corpus_deinit(made_corpus *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->items[i].text);
    }
    free(self->items);
    *self = (made_corpus){0};
}

made_corpus made_corpus_shuffled(const made_corpus *self, test_random *random)
{
    made_corpus shuffled = {.as_records = self->as_records};
    uint64_t *order = get_memory(self->count * sizeof *order);
    for (size_t i = 0; i < self->count; i++) {
        order[i] = i;
    }
    test_random_shuffle_u64(random, order, self->count);
    for (size_t i = 0; i < self->count; i++) {
        const made_document *from = &self->items[order[i]];
        made_document *to = made_corpus_add_text(&shuffled, random, from->text, from->length);
        char *text = to->text;
        *to = *from;
        to->text = text;
    }
    free(order);
    return shuffled;
}

/* One more document, made from an earlier one in some way or from nothing. */
static made_words derive_words(test_random *random, const made_words *earlier, uint32_t vocabulary,
                               unsigned shingle_size)
{
    uint64_t way = test_random_below(random, 10);
    if (earlier == NULL || way < 3 || earlier->count < 4) {
        static const size_t lengths[] = {0, 1, 2, 4, 5, 6, 12, 30, 60, 90};
        static const double numbers[] = {0, 0, 0.03, 0.05, 0.3};
        size_t length = lengths[test_random_below(random, 10)];
        size_t more = test_random_below(random, 4) * (length > 4);
        double share = numbers[test_random_below(random, 5)];
        return made_words_random(random, length + more, vocabulary, share);
    }
    if (way < 7) {
        double wanted = 0.3 + 0.69 * test_random_unit(random);
        return made_words_near(random, earlier, wanted, shingle_size);
    }
    if (way == 7) {
        size_t count = earlier->count / 2 + test_random_below(random, earlier->count / 2);
        return made_words_part(earlier, test_random_below(random, earlier->count - count), count);
    }
    made_words copy = made_words_part(earlier, 0, earlier->count);
    for (size_t i = 0; way == 8 && i < copy.count; i++) {
        if (copy.items[i] >= MADE_NUMBERS && test_random_chance(random, 0.4)) {
            copy.items[i] = MADE_NUMBERS + (uint32_t)test_random_below(random, 50);
        }
    }
    return copy;
}

made_corpus made_corpus_mixed(test_random *random, size_t count, unsigned shingle_size)
{
    made_corpus corpus = {0};
    made_words *words = get_memory(count * sizeof *words);
    uint32_t vocabulary = test_random_chance(random, 0.3) ? 3 : 4000;
    for (size_t i = 0; i < count; i++) {
        const made_words *earlier = i == 0 ? NULL : &words[test_random_below(random, i)];
        words[i] = derive_words(random, earlier, vocabulary, shingle_size);
        if (test_random_chance(random, 0.3)) {
            made_corpus_add_varied(&corpus, random, &words[i]);
        } else {
            made_corpus_add(&corpus, random, &words[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        made_words_free(&words[i]);
    }
    free(words);
    return corpus;
}

made_corpus made_corpus_chain(test_random *random, size_t count)
{
    made_corpus corpus = {0};
    made_words all = made_words_random(random, 8 * count + 96, MADE_NUMBERS / 4, 0);
    for (size_t i = 0; i < count; i++) {
        made_words words = made_words_part(&all, 8 * i, 104);
        made_corpus_add(&corpus, random, &words);
        made_words_free(&words);
    }
    made_words_free(&all);
    return corpus;
}

made_corpus made_corpus_template(test_random *random, size_t count, size_t words,
                                 double template_share)
{
    made_corpus corpus = {0};
    size_t shared = (size_t)((double)words * template_share);
    made_words head = made_words_random(random, shared, MADE_NUMBERS / 4, 0);
    for (size_t i = 0; i < count; i++) {
        made_words tail = made_words_random(random, words - shared, MADE_NUMBERS / 4, 0);
        made_words both = made_words_joined(&head, &tail);
        made_corpus_add(&corpus, random, &both);
        made_words_free(&both);
        made_words_free(&tail);
    }
    made_words_free(&head);
    return corpus;
}
