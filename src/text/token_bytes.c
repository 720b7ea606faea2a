/* SPDX-License-Identifier: MIT */
/* Bytes come with the stream of folded tokens where there is one; else the text is walked once
 * more, code point by code point, as token_sink.h says. */
#include "text/token_bytes.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "text/counted_text.h"
#include "text/fold.h"
#include "text/tokenize_exact.h"
#include "text/utf8.h"

/* As in tokenize.c. */
#define MARKS_ORDERED 32

/* Zero bytes behind the bytes of all tokens. */
#define BYTES_END 9

/* What one code point can add: the marks that are held back, and each of its own with a gap. */
#define BYTES_PER_STEP (4 * MARKS_ORDERED + (4 + 4) * NDUP__FOLD_MAX)

typedef struct writer {
    ndup__tokens *tokens;
    ndup__token_mode mode;
    char *bytes; /* with room for a step behind `used` */
    size_t used;
    ndup__token_class open; /* BREAK: no token is open */
    bool gap;               /* something that ends a token came after the last one */
    bool any;               /* there is a token before */
    unsigned mark_count;
    ndup__folded marks[MARKS_ORDERED]; /* end of the open token: marks with an order, ordered */
} writer;

static void put(writer *w, uint32_t code_point)
{
    w->used += ndup__utf8_write(w->bytes + w->used, code_point);
}

static void flush_marks(writer *w)
{
    for (unsigned i = 0; i < w->mark_count; i++) {
        put(w, w->marks[i].code_point);
    }
    w->mark_count = 0;
}

static void close_token(writer *w)
{
    flush_marks(w);
    if (w->open != NDUP__CLASS_BREAK) {
        w->bytes[w->used++] = 0;
        w->open = NDUP__CLASS_BREAK;
        w->any = true;
    }
}

static void open_token(writer *w, ndup__token_class token_class)
{
    if (w->mode == NDUP__TOKEN_CHARACTERS && w->gap && w->any) {
        put(w, ' ');
        w->bytes[w->used++] = 0;
    }
    w->gap = false;
    w->open = token_class;
}

/* Inserts by order, behind equals: Unicode's canonical ordering. */
static void take_mark(writer *w, ndup__folded mark)
{
    if (w->open == NDUP__CLASS_BREAK) {
        open_token(w, NDUP__CLASS_WORD);
    }
    if (w->mark_count == MARKS_ORDERED) {
        flush_marks(w);
    }
    unsigned at = w->mark_count++;
    for (; at > 0 && w->marks[at - 1].mark_order > mark.mark_order; at--) {
        w->marks[at] = w->marks[at - 1];
    }
    w->marks[at] = mark;
}

/* Takes what has no order. */
static void take(writer *w, uint32_t code_point, ndup__token_class token_class)
{
    bool is_mark = token_class == NDUP__CLASS_MARK;
    bool continues_word = token_class == NDUP__CLASS_WORD && w->open == NDUP__CLASS_WORD &&
                          w->mode != NDUP__TOKEN_CHARACTERS;
    flush_marks(w);
    if (token_class == NDUP__CLASS_BREAK) {
        close_token(w);
        w->gap = true;
        return;
    }
    if (!continues_word && !(is_mark && w->open != NDUP__CLASS_BREAK)) {
        close_token(w);
        open_token(w, is_mark ? NDUP__CLASS_WORD : token_class);
    }
    put(w, code_point);
}

static void take_code_point(writer *w, uint32_t code_point)
{
    ndup__folded folded[NDUP__FOLD_MAX];
    if (w->mode == NDUP__TOKEN_EXACT) {
        take(w, code_point, ndup__exact_class(code_point));
        return;
    }
    size_t count = ndup__fold(folded, code_point);
    for (size_t i = 0; i < count; i++) {
        if (folded[i].mark_order != 0) {
            take_mark(w, folded[i]);
        } else {
            take(w, folded[i].code_point, (ndup__token_class)folded[i].token_class);
        }
    }
}

static ndup_status make_room(writer *w, ndup_error *error)
{
    ndup__tokens *tokens = w->tokens;
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->bytes, &tokens->byte_capacity,
                                       w->used + BYTES_PER_STEP + BYTES_END, 1, error);
    w->bytes = tokens->bytes;
    return status;
}

static ndup_status walk(ndup__tokens *tokens, ndup__token_mode mode, const char *text,
                        size_t length, ndup_error *error)
{
    writer w = {.tokens = tokens, .mode = mode};
    ndup_status status = make_room(&w, error);
    if (status == NDUP_STATUS_OK) {
        w.bytes[w.used++] = 0;
    }
    for (size_t at = 0; at < length && status == NDUP_STATUS_OK;) {
        uint32_t code_point;
        uint64_t replaced = 0;
        at += ndup__utf8_read(&code_point, text + at, length - at, &replaced);
        take_code_point(&w, code_point);
        status = make_room(&w, error);
    }
    if (status == NDUP_STATUS_OK) {
        close_token(&w);
        tokens->byte_count = w.used;
    }
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
    ndup_status status = ndup__tokens_view(tokens, &mode, &text, length, error);
    tokens->wants_bytes = true;
    if (status == NDUP_STATUS_OK) {
        status = ndup__tokenize(tokens, mode, text, length, error);
    }
    tokens->wants_bytes = false;
    if (status == NDUP_STATUS_OK && tokens->byte_count == 0) {
        status = walk(tokens, mode, text, length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = end_bytes(tokens, error);
    }
    if (status != NDUP_STATUS_OK) {
        tokens->byte_count = 0;
    }
    return status;
}
