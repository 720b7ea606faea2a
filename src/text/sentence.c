/* SPDX-License-Identifier: MIT */
/* Where sentences end. What is joined too often does no harm: a longer sentence stays whole. */
#include "text/sentence.h"

#include <stdbool.h>

#include "base/alloc.h"
#include "text/utf8.h"

/* Shorter words in front of a full stop are taken for abbreviations and numbers of lists. */
#define WORD_LEAST 3

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x3000 ||
           c == 0x2028 || c == 0x2029;
}

/* Marks that end a sentence whatever follows: of scripts that put no space behind it. */
static bool is_wide_end(uint32_t c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF0E;
}

/* . ! ? and the ellipsis; the marks of Devanagari, Arabic and Urdu. */
static bool is_narrow_end(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x0964 || c == 0x061F ||
           c == 0x06D4;
}

static bool closes(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x2019 || c == 0x201D ||
           c == 0xBB || c == 0x300D || c == 0x300F || c == 0xFF09 || c == 0x3011;
}

/* The text behind `at`, read forwards. */
typedef struct reader {
    const char *text;
    size_t end;
    size_t at;
} reader;

static uint32_t peek(const reader *from, size_t *bytes)
{
    uint32_t c;
    uint64_t damaged = 0;
    *bytes = ndup__utf8_read(&c, from->text + from->at, from->end - from->at, &damaged);
    return c;
}

static void pass(reader *from, bool (*belongs)(uint32_t))
{
    size_t bytes;
    while (from->at < from->end && belongs(peek(from, &bytes))) {
        from->at += bytes;
    }
}

/* Whether the full stop at from->at, behind a word of so many bytes, may end a sentence. */
static bool may_end(uint32_t c, size_t word_bytes)
{
    return is_wide_end(c) || (is_narrow_end(c) && (c != '.' || word_bytes >= WORD_LEAST));
}

static bool ends_or_repeats(uint32_t c)
{
    return is_wide_end(c) || is_narrow_end(c) || closes(c);
}

/* Moves behind the sentence that begins at from->at, not behind its spaces. */
static void pass_sentence(reader *from)
{
    size_t word = from->at;
    while (from->at < from->end) {
        size_t bytes;
        uint32_t c = peek(from, &bytes);
        if (may_end(c, from->at - word)) {
            pass(from, ends_or_repeats);
            size_t next;
            if (is_wide_end(c) || from->at == from->end || is_space(peek(from, &next))) {
                return;
            }
            continue;
        }
        from->at += bytes;
        word = is_space(c) ? from->at : word;
    }
}

static ndup_status add(ndup__sentences *sentences, size_t begin, size_t end, ndup_error *error)
{
    ndup_status status =
        ndup__reserve(sentences->allocator, &sentences->items, &sentences->capacity,
                      sentences->count + 1, sizeof *sentences->items, error);
    if (status == NDUP_STATUS_OK) {
        sentences->items[sentences->count++] =
            (ndup__sentence){(uint32_t)begin, (uint32_t)(end - begin)};
    }
    return status;
}

ndup_status ndup__sentences_split(ndup__sentences *sentences, const char *text, size_t length,
                                  ndup_error *error)
{
    ndup__paragraphs *paragraphs = &sentences->paragraphs;
    paragraphs->allocator = sentences->allocator;
    sentences->count = 0;
    ndup_status status = ndup__paragraphs_split(paragraphs, text, length, false, error);
    for (size_t i = 0; i < paragraphs->count && status == NDUP_STATUS_OK; i++) {
        const ndup_unit *unit = &paragraphs->units[i];
        reader from = {text, unit->offset + unit->length, unit->offset};
        while (from.at < from.end && status == NDUP_STATUS_OK) {
            size_t begin = from.at;
            pass_sentence(&from);
            status = add(sentences, begin, from.at, error);
            pass(&from, is_space);
        }
    }
    return status;
}

void ndup__sentences_deinit(ndup__sentences *sentences)
{
    ndup__free(sentences->allocator, &sentences->items, sentences->capacity,
               sizeof *sentences->items);
    sentences->capacity = sentences->count = 0;
    ndup__paragraphs_deinit(&sentences->paragraphs);
}
