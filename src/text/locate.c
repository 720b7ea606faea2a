/* SPDX-License-Identifier: MIT */
/* Slices of text that end behind a byte that ends every token can be tokenised each on its own:
 * the slices before a token are only counted, which is much faster than keeping offsets. */
#include "text/locate.h"

#include <assert.h>

#include "text/counted_text.h"

#define SLICE 256 /* least bytes of a slice */

static bool ends_token(char byte)
{
    unsigned char c = (unsigned char)byte;
    bool is_digit = c >= '0' && c <= '9';
    bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return c < 0x80 && !is_digit && !is_letter;
}

/* What is looked for, and the slice it is looked for in. */
typedef struct search {
    ndup__tokens *tokens;
    ndup__token_mode mode;
    const char *text;
    size_t length;
    size_t first, last;    /* tokens to locate */
    size_t at, stop;       /* the slice */
    size_t before;         /* tokens before it */
    uint32_t *start, *end; /* results */
} search;

/* Sets where the slice that begins at `at` stops. Gaps are tokens where characters are: the text is
 * one slice then. */
static void cut_slice(search *now)
{
    now->stop = now->length;
    if (now->mode == NDUP__TOKEN_WORDS && now->length - now->at > SLICE) {
        size_t stop = now->at + SLICE;
        while (stop < now->length && !ends_token(now->text[stop - 1])) {
            stop++;
        }
        now->stop = stop;
    }
}

static ndup_status tokenize_slice(search *now, bool wants_offsets, ndup_error *error)
{
    now->tokens->wants_offsets = wants_offsets;
    return ndup__tokenize(now->tokens, now->mode, now->text + now->at, now->stop - now->at, error);
}

/* Sets *start and *end when their tokens are in the slice; moves on behind it. */
static ndup_status search_slice(search *now, ndup_error *error)
{
    ndup_status status = tokenize_slice(now, false, error);
    size_t behind = now->before + now->tokens->count;
    bool has_first = now->first >= now->before && now->first < behind;
    bool has_last = now->last >= now->before && now->last < behind;
    if (status == NDUP_STATUS_OK && (has_first || has_last)) {
        status = tokenize_slice(now, true, error);
    }
    if (status == NDUP_STATUS_OK && has_first) {
        *now->start = (uint32_t)now->at + now->tokens->starts[now->first - now->before];
    }
    if (status == NDUP_STATUS_OK && has_last) {
        *now->end = (uint32_t)now->at + now->tokens->ends[now->last - now->before];
    }
    now->before = behind;
    now->at = now->stop;
    return status;
}

ndup_status ndup__tokens_locate(uint32_t *start, uint32_t *end, ndup__tokens *tokens,
                                ndup__token_mode mode, const char *text, size_t length,
                                size_t first, size_t last, ndup_error *error)
{
    bool wants_numbers = tokens->wants_numbers;
    bool wants_offsets = tokens->wants_offsets;
    search now = {.tokens = tokens,
                  .mode = mode,
                  .text = text,
                  .length = length,
                  .first = first,
                  .last = last,
                  .start = start,
                  .end = end};
    ndup_status status = ndup__tokens_view(tokens, &now.mode, &now.text, length, error);
    tokens->wants_numbers = false;
    while (status == NDUP_STATUS_OK && now.before <= last) {
        assert(now.at < length);
        cut_slice(&now);
        status = search_slice(&now, error);
    }
    tokens->wants_numbers = wants_numbers;
    tokens->wants_offsets = wants_offsets;
    return status;
}
