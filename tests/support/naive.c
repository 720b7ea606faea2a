/* SPDX-License-Identifier: MIT */
/* Plain answers by sorting strings and comparing all pairs. */
#include "support/naive.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

/* A string somewhere in the corpus and the place that wants its number. */
typedef struct entry {
    const char *bytes;
    size_t length;
    uint32_t *number;
} entry;

static void *get_memory(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    assert_non_null(memory);
    return memory;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int compare_entries(const void *a, const void *b)
{
    const entry *x = a;
    const entry *y = b;
    size_t shorter = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->bytes, y->bytes, shorter);
    return order != 0 ? order : (x->length > y->length) - (x->length < y->length);
}

/* Gives equal strings equal numbers. */
static void number_entries(entry *entries, size_t count)
{
    uint32_t number = 0;
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && compare_entries(&entries[i - 1], &entries[i]) != 0) {
            number++;
        }
        *entries[i].number = number;
    }
}

/* The tokens of a text as one string, each followed by a 0 byte; returns its length. */
static size_t write_tokens(char *out, const char *text, size_t length, bool characters)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_letter(text[i])) {
            continue;
        }
        bool begins_word = i == 0 || !is_letter(text[i - 1]);
        bool ends_word = i + 1 == length || !is_letter(text[i + 1]);
        if (characters && begins_word && used > 0) {
            out[used++] = ' ';
            out[used++] = '\0';
        }
        out[used++] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
        if (characters || ends_word) {
            out[used++] = '\0';
        }
    }
    return used;
}

static size_t count_zeros(const char *bytes, size_t length)
{
    size_t zeros = 0;
    for (size_t i = 0; i < length; i++) {
        zeros += bytes[i] == '\0';
    }
    return zeros;
}

static size_t shingle_places(size_t tokens, size_t size)
{
    return tokens == 0 ? 0 : tokens < size ? 1 : tokens - size + 1;
}

/* The place behind `count` tokens from `at` on. */
static const char *skip_tokens(const char *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        at += strlen(at) + 1;
    }
    return at;
}

static size_t add_shingles(entry *entries, naive_document *document, const char *tokens,
                           size_t size)
{
    size_t places = shingle_places(document->token_count, size);
    size_t width = document->token_count < size ? document->token_count : size;
    const char *end = skip_tokens(tokens, width);
    for (size_t i = 0; i < places; i++) {
        entries[i] = (entry){tokens, (size_t)(end - tokens), &document->shingles[i]};
        tokens += strlen(tokens) + 1;
        end += i + 1 < places ? strlen(end) + 1 : 0;
    }
    return places;
}

static void add_tokens(entry *entries, naive_document *document, const char *tokens)
{
    for (size_t i = 0; i < document->token_count; i++) {
        entries[i] = (entry){tokens, strlen(tokens), &document->tokens[i]};
        if (strpbrk(tokens, "0123456789") != NULL) {
            /* Numbered like the tokens once these have their numbers. */
            document->numbers[document->number_count++] = (uint32_t)i;
        }
        tokens += strlen(tokens) + 1;
    }
}

static void sort_sets(naive_document *document)
{
    size_t distinct = 0;
    qsort(document->shingles, document->shingle_count, sizeof(uint32_t), compare_numbers);
    for (size_t i = 0; i < document->shingle_count; i++) {
        if (i == 0 || document->shingles[i] != document->shingles[distinct - 1]) {
            document->shingles[distinct++] = document->shingles[i];
        }
    }
    document->shingle_count = distinct;
    for (size_t i = 0; i < document->number_count; i++) {
        document->numbers[i] = document->tokens[document->numbers[i]];
    }
    qsort(document->numbers, document->number_count, sizeof(uint32_t), compare_numbers);
}

void naive_corpus_init(naive_corpus *self, const char *const *texts, const size_t *lengths,
                       size_t count, const ndup_matching *matching)
{
    bool characters = matching->tokens == NDUP_TOKEN_CHARACTERS;
    char **written = get_memory(count, sizeof *written);
    size_t tokens = 0;
    self->items = get_memory(count, sizeof *self->items);
    self->count = count;
    for (size_t i = 0; i < count; i++) {
        naive_document *document = &self->items[i];
        written[i] = get_memory(4 * lengths[i], 1);
        document->text = texts[i];
        document->length = lengths[i];
        document->token_count =
            count_zeros(written[i], write_tokens(written[i], texts[i], lengths[i], characters));
        document->tokens = get_memory(document->token_count, sizeof(uint32_t));
        document->numbers = get_memory(document->token_count, sizeof(uint32_t));
        document->shingles = get_memory(document->token_count, sizeof(uint32_t));
        tokens += document->token_count;
    }
    entry *words = get_memory(tokens, sizeof *words);
    entry *shingles = get_memory(tokens, sizeof *shingles);
    size_t word_count = 0;
    size_t shingle_count = 0;
    for (size_t i = 0; i < count; i++) {
        naive_document *document = &self->items[i];
        add_tokens(words + word_count, document, written[i]);
        word_count += document->token_count;
        document->shingle_count =
            add_shingles(shingles + shingle_count, document, written[i], matching->shingle_size);
        shingle_count += document->shingle_count;
    }
    number_entries(words, word_count);
    number_entries(shingles, shingle_count);
    for (size_t i = 0; i < count; i++) {
        sort_sets(&self->items[i]);
        free(written[i]);
    }
    free(written);
    free(words);
    free(shingles);
}

void naive_corpus_deinit(naive_corpus *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->items[i].tokens);
        free(self->items[i].numbers);
        free(self->items[i].shingles);
    }
    free(self->items);
    *self = (naive_corpus){0};
}

/* Common elements of two ascending lists, each repeat as often as both have it. */
static size_t count_shared(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
    size_t i = 0;
    size_t j = 0;
    size_t shared = 0;
    while (i < a_count && j < b_count) {
        shared += a[i] == b[j];
        size_t next_i = i + (a[i] <= b[j]);
        j += b[j] <= a[i];
        i = next_i;
    }
    return shared;
}

static double share(size_t part, size_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

static bool has_many_numbers(const naive_document *document)
{
    return document->number_count > 0 &&
           share(document->number_count, document->token_count) >= NDUP_NUMBER_SHARE;
}

/* How many tokens stand in one of the two documents only, counting repeats. */
static size_t count_changes(const naive_document *x, const naive_document *y)
{
    uint32_t *a = get_memory(x->token_count, sizeof *a);
    uint32_t *b = get_memory(y->token_count, sizeof *b);
    memcpy(a, x->tokens, x->token_count * sizeof *a);
    memcpy(b, y->tokens, y->token_count * sizeof *b);
    qsort(a, x->token_count, sizeof *a, compare_numbers);
    qsort(b, y->token_count, sizeof *b, compare_numbers);
    size_t shared = count_shared(a, x->token_count, b, y->token_count);
    free(a);
    free(b);
    return x->token_count + y->token_count - 2 * shared;
}

bool naive_same_tokens(const naive_corpus *self, size_t a, size_t b)
{
    const naive_document *x = &self->items[a];
    const naive_document *y = &self->items[b];
    if (x->token_count == 0 && y->token_count == 0) {
        return a == b; /* the records differ, by their ids */
    }
    return x->token_count == y->token_count &&
           memcmp(x->tokens, y->tokens, x->token_count * sizeof *x->tokens) == 0;
}

naive_comparison naive_compare(const naive_corpus *self, size_t a, size_t b)
{
    const naive_document *x = &self->items[a];
    const naive_document *y = &self->items[b];
    naive_comparison result = {.number_agreement = 1};
    result.shared = count_shared(x->shingles, x->shingle_count, y->shingles, y->shingle_count);
    result.similarity = share(result.shared, x->shingle_count + y->shingle_count - result.shared);
    result.containment_a = share(result.shared, x->shingle_count);
    result.containment_b = share(result.shared, y->shingle_count);
    if (has_many_numbers(x) && has_many_numbers(y)) {
        size_t common = count_shared(x->numbers, x->number_count, y->numbers, y->number_count);
        size_t number_changes = x->number_count + y->number_count - 2 * common;
        bool numbers_change_most = number_changes >= count_changes(x, y) - number_changes;
        if (numbers_change_most) {
            result.number_agreement = share(common, x->number_count + y->number_count - common);
        }
    }
    result.same_bytes = x->length == y->length && memcmp(x->text, y->text, x->length) == 0;
    result.same_tokens = naive_same_tokens(self, a, b);
    return result;
}

/* Whether the rule about short texts holds, for texts whose words have digits in them: no slips. */
static bool short_texts_agree(const naive_document *x, const naive_document *y,
                              const ndup_matching *matching)
{
    const naive_document *shorter = x->token_count <= y->token_count ? x : y;
    const naive_document *longer = shorter == x ? y : x;
    return matching->tokens == NDUP_TOKEN_CHARACTERS || shorter->token_count >= NDUP_SHORT_TOKENS ||
           naive_has_run(shorter, 0, shorter->token_count, longer);
}

bool naive_is_duplicate(const naive_corpus *self, size_t a, size_t b, const ndup_matching *matching)
{
    naive_comparison result = naive_compare(self, a, b);
    return result.same_tokens || (result.shared > 0 && result.similarity >= matching->threshold &&
                                  result.number_agreement >= matching->number_agreement &&
                                  short_texts_agree(&self->items[a], &self->items[b], matching));
}

void naive_leaders(bool *kept, const naive_corpus *self, const size_t *order,
                   const bool *protections, const ndup_matching *matching)
{
    for (size_t i = 0; i < self->count; i++) {
        bool has_leader = false;
        for (size_t j = 0; j < i && !has_leader && !protections[order[i]]; j++) {
            has_leader = kept[order[j]] && naive_is_duplicate(self, order[j], order[i], matching);
        }
        kept[order[i]] = !has_leader;
    }
}

void naive_components(size_t *firsts, const naive_corpus *self, const size_t *order,
                      const ndup_matching *matching)
{
    bool *reached = get_memory(self->count, sizeof *reached);
    size_t *queue = get_memory(self->count, sizeof *queue);
    for (size_t i = 0; i < self->count; i++) {
        size_t waiting = 0;
        if (!reached[order[i]]) {
            reached[order[i]] = true;
            queue[waiting++] = order[i];
        }
        while (waiting > 0) {
            size_t next = queue[--waiting];
            firsts[next] = order[i];
            for (size_t j = 0; j < self->count; j++) {
                if (!reached[j] && naive_is_duplicate(self, next, j, matching)) {
                    reached[j] = true;
                    queue[waiting++] = j;
                }
            }
        }
    }
    free(queue);
    free(reached);
}

size_t naive_longest_run(const naive_document *a, const naive_document *b)
{
    size_t *lengths = get_memory(b->token_count + 1, sizeof *lengths);
    size_t longest = 0;
    for (size_t i = 0; i < a->token_count; i++) {
        for (size_t j = b->token_count; j > 0; j--) {
            lengths[j] = a->tokens[i] == b->tokens[j - 1] ? lengths[j - 1] + 1 : 0;
            longest = lengths[j] > longest ? lengths[j] : longest;
        }
    }
    free(lengths);
    return longest;
}

bool naive_has_run(const naive_document *a, size_t start, size_t length, const naive_document *b)
{
    bool found = false;
    for (size_t at = 0; !found && at + length <= b->token_count; at++) {
        found = memcmp(a->tokens + start, b->tokens + at, length * sizeof *b->tokens) == 0;
    }
    return found && start + length <= a->token_count;
}

size_t naive_tokens_before(const char *text, size_t offset)
{
    size_t tokens = 0;
    for (size_t i = 0; i < offset; i++) {
        tokens += is_letter(text[i]) && (i == 0 || !is_letter(text[i - 1]));
    }
    return tokens;
}
