/* SPDX-License-Identifier: MIT */
/* The naive tokeniser: fold the whole text, cut it, order the marks, hash byte by byte. */
#include "support/naive_tokens.h"

#include <stdlib.h>

#include "support/test.h"
#include "text/fold.h"
#include "text/utf8.h"

/* General categories Cc, Zs, Zl and Zp. */
static const uint32_t blanks[][2] = {{0x00, 0x20},     {0x7F, 0xA0},     {0x1680, 0x1680},
                                     {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F},
                                     {0x205F, 0x205F}, {0x3000, 0x3000}};

/* A folded code point and the bytes it comes from; one that vanished has no code point. */
typedef struct piece {
    ndup__folded folded;
    bool vanished;
    size_t start;
    size_t end;
} piece;

/* A code point as it stands, in the class that it has in EXACT mode. */
static ndup__folded unfolded(uint32_t code_point, const ndup__folded *folded, size_t count)
{
    ndup__folded as_is = {.code_point = code_point, .token_class = NDUP__CLASS_MARK};
    if (count > 0) {
        as_is.token_class = folded[0].token_class;
    }
    if (as_is.token_class == NDUP__CLASS_BREAK) {
        as_is.token_class = NDUP__CLASS_SINGLE;
    }
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        if (code_point >= blanks[i][0] && code_point <= blanks[i][1]) {
            as_is.token_class = NDUP__CLASS_BREAK;
        }
    }
    return as_is;
}

static size_t fold_text(piece *out, ndup__token_mode mode, const char *text, size_t length)
{
    size_t count = 0;
    uint64_t replaced = 0;
    for (size_t at = 0; at < length;) {
        uint32_t code_point;
        ndup__folded folded[NDUP__FOLD_MAX];
        size_t end = at + ndup__utf8_read(&code_point, text + at, length - at, &replaced);
        size_t more = ndup__fold(folded, code_point);
        if (mode == NDUP__TOKEN_EXACT) {
            folded[0] = unfolded(code_point, folded, more);
            more = 1;
        }
        if (more == 0) {
            out[count++] = (piece){.vanished = true, .start = at, .end = end};
        }
        for (size_t i = 0; i < more; i++) {
            out[count++] = (piece){.folded = folded[i], .start = at, .end = end};
        }
        at = end;
    }
    return count;
}

static void order_marks(uint32_t *code_points, uint8_t *orders, size_t count)
{
    for (size_t pass = 0; pass < count; pass++) {
        for (size_t i = 1; i < count; i++) {
            if (orders[i] != 0 && orders[i - 1] > orders[i]) {
                uint32_t code_point = code_points[i];
                uint8_t order = orders[i];
                code_points[i] = code_points[i - 1];
                orders[i] = orders[i - 1];
                code_points[i - 1] = code_point;
                orders[i - 1] = order;
            }
        }
    }
}

/* The outputs of SplitMix64 that begins with the seed 0. */
#define KEY_START 0xE220A8397B1DCDAFu
#define KEY_STEP (0x6E789E6AA1B965F4u | 1)

static uint64_t hash_bytes(const unsigned char *bytes, size_t length)
{
    uint64_t hash = KEY_START;
    for (size_t at = 0; at < length; at += 8) {
        uint64_t chunk = 0;
        for (size_t i = 8; i > 0; i--) {
            chunk = chunk << 8 | (at + i - 1 < length ? bytes[at + i - 1] : 0u);
        }
        hash ^= chunk;
        hash = (hash ^ hash >> 32) * KEY_STEP;
        hash ^= hash >> 32;
    }
    hash *= 0xD6E8FEB86659FD93u;
    return hash ^ hash >> 29;
}

/* The token of pieces[0..count), the first of which has not vanished. */
static naive_token make_token(const piece *pieces, size_t count)
{
    uint32_t *code_points = malloc(count * sizeof *code_points);
    uint8_t *orders = malloc(count);
    unsigned char *bytes = malloc(4 * count);
    naive_token token = {.start = pieces[0].start, .end = pieces[count - 1].end};
    size_t used = 0;
    assert_true(code_points != NULL && orders != NULL && bytes != NULL);
    for (size_t i = 0; i < count; i++) {
        if (!pieces[i].vanished) {
            code_points[used] = pieces[i].folded.code_point;
            orders[used++] = pieces[i].folded.mark_order;
        }
    }
    order_marks(code_points, orders, used);
    size_t length = 0;
    for (size_t i = 0; i < used; i++) {
        length += ndup__utf8_write((char *)bytes + length, code_points[i]);
    }
    token.hash = hash_bytes(bytes, length);
    free(code_points);
    free(orders);
    free(bytes);
    return token;
}

static bool is_break(const piece *p)
{
    return !p->vanished && p->folded.token_class == NDUP__CLASS_BREAK;
}

/* How many of pieces[0..count), which begin with one that is neither BREAK nor vanished, are one
 * token. */
static size_t token_length(const piece *pieces, size_t count, ndup__token_mode mode)
{
    bool is_run = pieces[0].folded.token_class != NDUP__CLASS_SINGLE;
    size_t length = 1;
    while (length < count) {
        const piece *p = &pieces[length];
        bool is_letter = !p->vanished && p->folded.token_class == NDUP__CLASS_WORD;
        bool is_mark = !p->vanished && p->folded.token_class == NDUP__CLASS_MARK;
        if (!p->vanished && !is_mark && !(is_letter && is_run && mode != NDUP__TOKEN_CHARACTERS)) {
            break;
        }
        length++;
    }
    return length;
}

size_t naive_tokenize(naive_token *out, ndup__token_mode mode, const char *text, size_t length)
{
    piece *pieces = malloc((length * NDUP__FOLD_MAX + 1) * sizeof *pieces);
    assert_non_null(pieces);
    size_t count = fold_text(pieces, mode, text, length);
    size_t tokens = 0;
    bool has_gap = false;
    for (size_t at = 0; at < count;) {
        if (pieces[at].vanished || is_break(&pieces[at])) {
            has_gap |= is_break(&pieces[at]);
            at++;
            continue;
        }
        size_t more = token_length(pieces + at, count - at, mode);
        naive_token token = make_token(pieces + at, more);
        if (mode == NDUP__TOKEN_CHARACTERS && has_gap && tokens > 0) {
            size_t before = out[tokens - 1].end;
            out[tokens++] = (naive_token){
                .hash = hash_bytes((const unsigned char *)" ", 1),
                .start = before < token.start ? before : token.start,
                .end = before < token.start ? token.start : before,
            };
        }
        has_gap = false;
        out[tokens++] = token;
        at += more;
    }
    free(pieces);
    return tokens;
}

static bool is_digit(const piece *p)
{
    return !p->vanished && p->folded.code_point >= '0' && p->folded.code_point <= '9';
}

static bool ends_run(const piece *p)
{
    return !p->vanished && (p->folded.token_class == NDUP__CLASS_BREAK ||
                            p->folded.token_class == NDUP__CLASS_SINGLE);
}

size_t naive_numbers(uint64_t *out, const char *text, size_t length)
{
    piece *pieces = malloc((length * NDUP__FOLD_MAX + 1) * sizeof *pieces);
    unsigned char *digits = malloc(length * NDUP__FOLD_MAX + 1);
    assert_true(pieces != NULL && digits != NULL);
    size_t count = fold_text(pieces, NDUP__TOKEN_WORDS, text, length);
    size_t numbers = 0;
    size_t before = 0; /* the token */
    size_t used = 0;
    for (size_t i = 0; i <= count; i++) {
        if (i < count && is_digit(&pieces[i])) {
            digits[used++] = (unsigned char)pieces[i].folded.code_point;
        } else if (used > 0 && (i == count || !pieces[i].vanished)) {
            out[numbers++] = hash_bytes(digits, used);
            used = 0;
        }
        if (i == count || ends_run(&pieces[i])) {
            numbers = numbers - before > 3 ? before + 1 : numbers;
            before = numbers;
        }
    }
    free(pieces);
    free(digits);
    return numbers;
}

uint64_t naive_damage(const char *text, size_t length)
{
    uint64_t count = 0;
    uint64_t replaced = 0;
    for (size_t at = 0; at < length;) {
        uint32_t code_point;
        at += ndup__utf8_read(&code_point, text + at, length - at, &replaced);
        count += code_point == NDUP__REPLACEMENT;
    }
    return count;
}
