/* SPDX-License-Identifier: MIT */
/* Bytes come with the stream of folded tokens where there is one; else tokens are found once more,
 * with their places, and folded one by one. */
#include "text/token_bytes.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "text/fold.h"
#include "text/utf8.h"

/* As in tokenize_stream.c. */
#define MARKS_ORDERED 32

/* Zero bytes behind the bytes of all tokens. */
#define BYTES_END 9

/* What one code point can add: the marks that are held back, its own, and zero bytes and gaps. */
#define BYTES_PER_STEP (4 * (MARKS_ORDERED + 2 * NDUP__FOLD_MAX))

/* Where the bytes of a token go, with room for another step. */
typedef struct writer {
    char *bytes;
    size_t used;
    size_t begin;                      /* of the token */
    ndup__folded marks[MARKS_ORDERED]; /* held back, ordered */
    unsigned mark_count;
} writer;

static void flush_marks(writer *w)
{
    for (unsigned i = 0; i < w->mark_count; i++) {
        w->used += ndup__utf8_write(w->bytes + w->used, w->marks[i].code_point);
    }
    w->mark_count = 0;
}

/* Inserts by order, behind equals: Unicode's canonical ordering. */
static void take_mark(writer *w, ndup__folded mark)
{
    if (w->mark_count == MARKS_ORDERED) {
        flush_marks(w);
    }
    unsigned at = w->mark_count++;
    for (; at > 0 && w->marks[at - 1].mark_order > mark.mark_order; at--) {
        w->marks[at] = w->marks[at - 1];
    }
    w->marks[at] = mark;
}

/* Ends the token that is being written, if any; what follows in the same passage is another. */
static void part(writer *w, bool is_gap)
{
    if (w->used > w->begin) {
        flush_marks(w);
        w->bytes[w->used++] = 0;
        if (is_gap) {
            w->bytes[w->used++] = ' ';
            w->bytes[w->used++] = 0;
        }
        w->begin = w->used;
    }
}

static void take_folded(writer *w, uint32_t code_point, bool characters)
{
    ndup__folded folded[NDUP__FOLD_MAX];
    size_t count = ndup__fold(folded, code_point);
    for (size_t i = 0; i < count; i++) {
        bool is_break = folded[i].token_class == NDUP__CLASS_BREAK;
        if (folded[i].mark_order != 0) {
            take_mark(w, folded[i]);
            continue;
        }
        if (is_break || (characters && folded[i].token_class != NDUP__CLASS_MARK)) {
            part(w, is_break && characters);
        }
        if (!is_break) {
            flush_marks(w);
            w->used += ndup__utf8_write(w->bytes + w->used, folded[i].code_point);
        }
    }
}

static ndup_status make_room(writer *w, ndup__tokens *tokens, ndup_error *error)
{
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->bytes, &tokens->byte_capacity,
                                       w->used + BYTES_PER_STEP, 1, error);
    w->bytes = tokens->bytes;
    return status;
}

/* Writes the token that stands for a passage, and a zero byte; or the tokens, where it is one code
 * point that folds to several. */
static ndup_status take_token(writer *w, ndup__tokens *tokens, ndup__token_mode mode,
                              const char *text, size_t length, ndup_error *error)
{
    size_t before = w->used;
    w->begin = w->used;
    ndup_status status = make_room(w, tokens, error);
    for (size_t at = 0; at < length && status == NDUP_STATUS_OK;) {
        uint32_t code_point;
        uint64_t replaced = 0;
        at += ndup__utf8_read(&code_point, text + at, length - at, &replaced);
        if (mode == NDUP__TOKEN_EXACT) {
            w->used += ndup__utf8_write(w->bytes + w->used, code_point);
        } else {
            take_folded(w, code_point, mode == NDUP__TOKEN_CHARACTERS);
        }
        status = make_room(w, tokens, error);
    }
    if (status == NDUP_STATUS_OK) {
        flush_marks(w);
        if (w->used == before) { /* the gap between two words, in CHARACTERS mode */
            w->bytes[w->used++] = ' ';
        }
        w->bytes[w->used++] = 0;
    }
    return status;
}

/* Finds the tokens once more, with their places, and writes them one by one. */
static ndup_status fold_tokens(ndup__tokens *tokens, ndup__token_mode mode, const char *text,
                               size_t length, ndup_error *error)
{
    ndup__tokens places = {.allocator = tokens->allocator, .wants_offsets = true};
    writer w = {.used = 0};
    ndup_status status = ndup__tokenize(&places, mode, text, length, error);
    if (status == NDUP_STATUS_OK) {
        status = make_room(&w, tokens, error);
    }
    if (status == NDUP_STATUS_OK) {
        w.bytes[w.used++] = 0;
    }
    for (size_t i = 0; i < places.count && status == NDUP_STATUS_OK; i++) {
        if (i > 0 && places.starts[i] == places.starts[i - 1]) {
            continue; /* of the same code point */
        }
        status = take_token(&w, tokens, mode, text + places.starts[i],
                            places.ends[i] - places.starts[i], error);
    }
    tokens->byte_count = status == NDUP_STATUS_OK ? w.used : 0;
    ndup__tokens_deinit(&places);
    return status;
}

/* Who reads them looks at eight bytes at a time, and one ahead. */
static ndup_status end_bytes(ndup__tokens *tokens, ndup_error *error)
{
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->bytes, &tokens->byte_capacity,
                                       tokens->byte_count + BYTES_END, 1, error);
    if (status == NDUP_STATUS_OK) {
        memset(tokens->bytes + tokens->byte_count, 0, BYTES_END);
        tokens->byte_count += BYTES_END;
    }
    return status;
}

ndup_status ndup__tokenize_bytes(ndup__tokens *tokens, ndup__token_mode mode, const char *text,
                                 size_t length, ndup_error *error)
{
    tokens->wants_bytes = true;
    ndup_status status = ndup__tokenize(tokens, mode, text, length, error);
    tokens->wants_bytes = false;
    if (status == NDUP_STATUS_OK && tokens->byte_count == 0) {
        status = fold_tokens(tokens, mode, text, length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = end_bytes(tokens, error);
    }
    if (status != NDUP_STATUS_OK) {
        tokens->byte_count = 0;
    }
    return status;
}
