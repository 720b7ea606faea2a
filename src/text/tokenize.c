/* SPDX-License-Identifier: MIT */
/* Text to token hashes: words of ASCII eight bytes at a time, all else one code point at a time. */
#include "text/tokenize.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "text/ascii_chunk.h"
#include "text/fold.h"
#include "text/fold_record.h"
#include "text/utf8.h"
#include "text/word_hash.h"

/* More tokens than one code point can complete: each of its foldings and the gaps before them. */
#define TOKENS_PER_STEP (2 * NDUP__FOLD_MAX + 2)

/* Marks of one run that are sorted; more than Unicode's Stream-Safe Text Format allows in a row. A
 * longer run is sorted in pieces. */
#define MARKS_SORTED 32

/* The token in the making and where in the text it is. */
typedef struct walker {
    ndup__tokens *tokens;
    ndup_error *error;
    const char *text;
    size_t length;
    bool characters;
    size_t room_until; /* while count <= room_until, TOKENS_PER_STEP more fit */

    uint32_t open; /* class of the open token (a run begun by a mark is WORD), BREAK if none */
    bool gap;      /* something that ends a token came after the last token */
    bool has_digit;
    uint64_t hash;  /* of the complete chunks */
    uint64_t chunk; /* folded bytes not yet hashed */
    unsigned bits;  /* of them, 0 to 56 */
    size_t start;   /* of the open token */
    size_t end;     /* of the open or the last token */
    size_t next;    /* offset behind the code point being read */
    unsigned mark_count;
    uint32_t marks[MARKS_SORTED]; /* pool elements with an order, in order, not yet hashed */
} walker;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Starts and ends share one block, so that one failed allocation cannot leave them of different
 * sizes. */
static ndup_status reserve_offsets(ndup__tokens *tokens, size_t wanted, ndup_error *error)
{
    size_t old = tokens->offset_capacity;
    if (wanted <= old) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__resize(tokens->allocator, &tokens->starts, old, wanted,
                                      2 * sizeof *tokens->starts, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    tokens->ends = tokens->starts + wanted;
    memmove(tokens->ends, tokens->starts + old, old * sizeof *tokens->ends);
    tokens->offset_capacity = wanted;
    return NDUP_STATUS_OK;
}

/* Makes room for TOKENS_PER_STEP more tokens. All arrays grow together: numbers are some of the
 * tokens, so they never outgrow them. */
static ndup_status make_room(walker *w)
{
    ndup__tokens *tokens = w->tokens;
    /* The shortest words of any language average more than 3 bytes; a first guess saves copying. */
    size_t wanted = tokens->count + TOKENS_PER_STEP + (w->length - w->next) / 8;
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->hashes, &tokens->capacity,
                                       wanted, sizeof *tokens->hashes, w->error);
    size_t room = tokens->capacity;
    if (status == NDUP_STATUS_OK && tokens->wants_offsets) {
        status = reserve_offsets(tokens, tokens->capacity, w->error);
        room = smaller(room, tokens->offset_capacity);
    }
    if (status == NDUP_STATUS_OK && tokens->wants_numbers) {
        status = ndup__reserve(tokens->allocator, &tokens->numbers, &tokens->number_capacity,
                               tokens->capacity, sizeof *tokens->numbers, w->error);
        room = smaller(room, tokens->number_capacity);
    }
    w->room_until = room - TOKENS_PER_STEP;
    return status;
}

static void put_token(walker *w, uint64_t hash, size_t start, size_t end, bool is_number)
{
    ndup__tokens *tokens = w->tokens;
    tokens->hashes[tokens->count] = hash;
    if (tokens->wants_offsets) {
        tokens->starts[tokens->count] = (uint32_t)start;
        tokens->ends[tokens->count] = (uint32_t)end;
    }
    tokens->count++;
    if (tokens->wants_numbers) {
        tokens->numbers[tokens->number_count] = hash;
        tokens->number_count += is_number;
    }
}

/* Adds `count` folded bytes, 1 to 7, to the open token. */
static void add_bytes(walker *w, uint64_t bytes, unsigned count)
{
    w->chunk |= bytes << w->bits;
    w->bits += 8 * count;
    if (w->bits >= 64) {
        w->hash = ndup__word_step(w->hash, w->chunk);
        w->bits -= 64;
        w->chunk = bytes >> (8 * count - w->bits);
    }
}

static void add_code_point(walker *w, uint32_t c)
{
    if (c < 0x80) {
        add_bytes(w, c, 1);
    } else if (c < 0x800) {
        add_bytes(w, 0x80C0u | c >> 6 | (c & 0x3F) << 8, 2);
    } else if (c < 0x10000) {
        add_bytes(w, 0x8080E0u | c >> 12 | (c >> 6 & 0x3F) << 8 | (c & 0x3F) << 16, 3);
    } else {
        add_bytes(w,
                  0x808080F0u | c >> 18 | (c >> 12 & 0x3F) << 8 | (c >> 6 & 0x3F) << 16 |
                      (c & 0x3F) << 24,
                  4);
    }
}

static void flush_marks(walker *w)
{
    for (unsigned i = 0; i < w->mark_count; i++) {
        add_code_point(w, ndup__folded_code_point(w->marks[i]));
    }
    w->mark_count = 0;
}

/* Insertion by order, behind equals: Unicode's canonical ordering of the marks that are kept. */
static void add_mark(walker *w, uint32_t mark)
{
    if (w->mark_count == MARKS_SORTED) {
        flush_marks(w);
    }
    unsigned at = w->mark_count++;
    while (at > 0 && ndup__folded_order(w->marks[at - 1]) > ndup__folded_order(mark)) {
        w->marks[at] = w->marks[at - 1];
        at--;
    }
    w->marks[at] = mark;
}

/* The hash of all bytes so far. The last chunk is hashed unless it is empty. */
static uint64_t finish_hash(const walker *w)
{
    return ndup__word_end(w->bits > 0 ? ndup__word_step(w->hash, w->chunk) : w->hash);
}

static void close_token(walker *w)
{
    if (w->open == NDUP__CLASS_BREAK) {
        return;
    }
    flush_marks(w);
    put_token(w, finish_hash(w), w->start, w->end, w->has_digit);
    w->open = NDUP__CLASS_BREAK;
}

/* In CHARACTERS mode the gap between two words is a token, too. */
static void put_gap(walker *w, size_t start)
{
    if (w->gap && w->tokens->count > 0) {
        uint64_t hash = ndup__word_end(ndup__word_step(NDUP__WORD_SEED, ' '));
        put_token(w, hash, w->end, start, false);
    }
    w->gap = false;
}

static void open_token(walker *w, uint32_t token_class, size_t start)
{
    close_token(w);
    if (w->characters) {
        put_gap(w, start);
    }
    w->open = token_class;
    w->has_digit = false;
    w->hash = NDUP__WORD_SEED;
    w->chunk = 0;
    w->bits = 0;
    w->start = start;
}

/* Takes one folded code point (a pool element) that comes from the bytes at..w->next. */
static void take(walker *w, uint32_t element, size_t at)
{
    uint32_t token_class = ndup__folded_class(element);
    if (token_class == NDUP__CLASS_BREAK) {
        close_token(w);
        w->gap = true;
        return;
    }
    bool joins =
        token_class == NDUP__CLASS_MARK
            ? w->open != NDUP__CLASS_BREAK
            : token_class == NDUP__CLASS_WORD && w->open == NDUP__CLASS_WORD && !w->characters;
    if (!joins) {
        open_token(w, token_class == NDUP__CLASS_MARK ? NDUP__CLASS_WORD : token_class, at);
    }
    w->end = w->next;
    if (ndup__folded_order(element) != 0) {
        add_mark(w, element);
        return;
    }
    flush_marks(w);
    add_code_point(w, ndup__folded_code_point(element));
    w->has_digit |= ndup__folded_is_digit(element) != 0;
}

/* Reads the code point at `at` and takes its folding. */
static void take_code_point(walker *w, size_t at)
{
    uint32_t code_point;
    w->next = at + ndup__utf8_read(&code_point, w->text + at, w->length - at, &w->tokens->replaced);
    uint32_t record = ndup__fold_record(code_point);
    if (ndup__fold_kind(record) == NDUP__FOLD_KIND_ONE) {
        take(w, ndup__fold_one(record, code_point), at);
        return;
    }
    uint32_t jamo[3];
    const uint32_t *elements = jamo;
    uint32_t count;
    if (ndup__fold_kind(record) == NDUP__FOLD_KIND_SYLLABLE) {
        count = ndup__fold_syllable(jamo, record, code_point);
    } else {
        elements = ndup__fold_many(&count, record);
    }
    for (uint32_t i = 0; i < count; i++) {
        take(w, elements[i], at);
    }
    if (count == 0 && w->open != NDUP__CLASS_BREAK) {
        w->end = w->next; /* an accent that does not count is still part of the word */
    }
}

static uint64_t load_at(const walker *w, size_t at)
{
    size_t left = w->length - at;
    return left >= 8 ? ndup__chunk_load(w->text + at) : ndup__chunk_load_part(w->text + at, left);
}

/* Continues the open WORD with ASCII letters and digits at w->next; closes it when an ASCII byte
 * ends it. */
static void continue_ascii(walker *w)
{
    uint64_t bytes = load_at(w, w->next);
    uint64_t digits = ndup__chunk_digits(bytes);
    uint64_t others = ~(ndup__chunk_letters(bytes) | digits) & NDUP__FLAGS;
    unsigned count = others == 0 ? 7 : ndup__chunk_first(others);
    if (count == 0) {
        close_token(w);
        w->next++;
        return;
    }
    flush_marks(w);
    add_bytes(w, ndup__chunk_head(ndup__chunk_fold(bytes), count), count);
    w->has_digit |= ndup__chunk_head(digits, count) != 0;
    w->next += count;
    w->end = w->next;
}

/* Reads words of ASCII from w->next until there is something else or no room. A word that goes on
 * with something else is left open. */
static void walk_ascii(walker *w)
{
    ndup__tokens *tokens = w->tokens;
    size_t at = w->next;
    while (at < w->length && tokens->count <= w->room_until) {
        uint64_t bytes = load_at(w, at);
        uint64_t digits = ndup__chunk_digits(bytes);
        uint64_t words = ndup__chunk_letters(bytes) | digits;
        if ((words & 0x80) == 0) {
            if ((bytes & 0x80) != 0) {
                break;
            }
            uint64_t stops = words | (bytes & NDUP__FLAGS);
            at += stops == 0 ? 8 : ndup__chunk_first(stops);
            continue;
        }
        size_t start = at;
        uint64_t hash = NDUP__WORD_SEED;
        uint64_t has_digit = 0;
        while (words == NDUP__FLAGS) {
            hash = ndup__word_step(hash, ndup__chunk_fold(bytes));
            has_digit |= digits;
            at += 8;
            bytes = load_at(w, at);
            digits = ndup__chunk_digits(bytes);
            words = ndup__chunk_letters(bytes) | digits;
        }
        unsigned count = ndup__chunk_first(~words & NDUP__FLAGS);
        uint64_t chunk = ndup__chunk_head(ndup__chunk_fold(bytes), count);
        has_digit |= ndup__chunk_head(digits, count);
        at += count;
        if ((bytes >> (8 * count) & 0x80) != 0) {
            w->open = NDUP__CLASS_WORD;
            w->has_digit = has_digit != 0;
            w->hash = hash;
            w->chunk = chunk;
            w->bits = 8 * count;
            w->start = start;
            w->end = at;
            break;
        }
        hash = count > 0 ? ndup__word_step(hash, chunk) : hash;
        put_token(w, ndup__word_end(hash), start, at, has_digit != 0);
        uint64_t stops = (words | (bytes & NDUP__FLAGS)) & ~(uint64_t)0 << (8 * count);
        at = at - count + (stops == 0 ? 8 : ndup__chunk_first(stops));
    }
    w->next = smaller(at, w->length);
}

static ndup_status walk(ndup__tokens *tokens, bool characters, const char *text, size_t length,
                        ndup_error *error)
{
    walker w = {.tokens = tokens,
                .error = error,
                .text = text,
                .length = length,
                .characters = characters,
                .open = NDUP__CLASS_BREAK};
    tokens->count = 0;
    tokens->replaced = 0;
    ndup_status status = make_room(&w);
    while (status == NDUP_STATUS_OK && w.next < length) {
        if (tokens->count > w.room_until) {
            status = make_room(&w);
        } else if (characters || (unsigned char)text[w.next] >= 0x80) {
            take_code_point(&w, w.next);
        } else if (w.open == NDUP__CLASS_WORD) {
            continue_ascii(&w);
        } else {
            close_token(&w);
            walk_ascii(&w);
        }
    }
    if (status == NDUP_STATUS_OK) {
        close_token(&w);
    }
    return status;
}

ndup_status ndup__tokenize(ndup__tokens *tokens, ndup__token_mode mode, const char *text,
                           size_t length, ndup_error *error)
{
    assert(text != NULL || length == 0);
    tokens->count = 0;
    tokens->number_count = 0;
    tokens->replaced = 0;
    if ((uint64_t)length > UINT32_MAX) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "text of %zu bytes, must be below 4 GiB",
                          length);
    }
    ndup_status status = NDUP_STATUS_OK;
    if (mode == NDUP__TOKEN_WORDS || tokens->wants_numbers) {
        status = walk(tokens, false, text, length, error);
    }
    if (mode == NDUP__TOKEN_CHARACTERS && status == NDUP_STATUS_OK) {
        /* The numbers are whole words: they were found by the walk above. */
        bool wants_numbers = tokens->wants_numbers;
        tokens->wants_numbers = false;
        status = walk(tokens, true, text, length, error);
        tokens->wants_numbers = wants_numbers;
    }
    if (status != NDUP_STATUS_OK) {
        tokens->count = 0;
        tokens->number_count = 0;
    }
    return status;
}

void ndup__tokens_deinit(ndup__tokens *tokens)
{
    ndup__free(tokens->allocator, &tokens->hashes, tokens->capacity, sizeof *tokens->hashes);
    ndup__free(tokens->allocator, &tokens->starts, tokens->offset_capacity,
               2 * sizeof *tokens->starts);
    ndup__free(tokens->allocator, &tokens->numbers, tokens->number_capacity,
               sizeof *tokens->numbers);
    *tokens = (ndup__tokens){.allocator = tokens->allocator,
                             .wants_offsets = tokens->wants_offsets,
                             .wants_numbers = tokens->wants_numbers};
}
