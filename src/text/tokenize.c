/* SPDX-License-Identifier: MIT */
/* Text to token hashes: words of ASCII eight bytes at a time, common characters of two and three
 * bytes in a tight loop, and the rest by a careful path that knows every case. */
#include "text/tokenize.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cpu.h"
#include "base/error.h"
#include "text/ascii_chunk.h"
#include "text/counted_text.h"
#include "text/text_numbers.h"
#include "text/token_room.h"
#include "text/token_sink.h"
#include "text/tokenize_exact.h"
#include "text/tokenize_stream.h"
#include "text/utf8.h"

/* More tokens than one code point can complete: each of its foldings and the gaps before them. */
#define TOKENS_PER_STEP (2 * NDUP__FOLD_MAX + 2)

/* Marks in a row that are brought in order; Unicode's Stream-Safe Text Format allows 30. A longer
 * row is ordered in pieces. */
#define MARKS_ORDERED 32

typedef struct walker {
    ndup__tokens *tokens;
    const char *text;
    size_t length;
    size_t next; /* offset of what is to be read */
    bool characters;
    ndup__token_sink sink;
    ndup__open_token token;
    unsigned mark_count;
    uint32_t marks[MARKS_ORDERED]; /* end of the open token: marks with an order, ordered */
} walker;

/* Makes room for TOKENS_PER_STEP more tokens. */
static ndup_status make_room(walker *w, ndup_error *error)
{
    return ndup__token_room(&w->sink, w->tokens, TOKENS_PER_STEP, w->length - w->next, error);
}

static void flush_marks(walker *w)
{
    for (unsigned i = 0; i < w->mark_count; i++) {
        ndup__token_add(&w->token, ndup__folded_code_point(w->marks[i]));
    }
    w->mark_count = 0;
}

static void close_token(walker *w)
{
    flush_marks(w);
    ndup__token_close(&w->sink, &w->token);
}

/* Holds back a mark with an order: inserted by order, behind equals, which is Unicode's canonical
 * ordering of the marks that are kept. */
static void take_mark(walker *w, uint32_t mark, size_t start, size_t end)
{
    if (w->token.token_class == NDUP__CLASS_BREAK) {
        ndup__token_open(&w->sink, &w->token, w->characters, NDUP__CLASS_WORD, start);
    }
    if (w->mark_count == MARKS_ORDERED) {
        flush_marks(w);
    }
    unsigned at = w->mark_count++;
    while (at > 0 && ndup__folded_order(w->marks[at - 1]) > ndup__folded_order(mark)) {
        w->marks[at] = w->marks[at - 1];
        at--;
    }
    w->marks[at] = mark;
    w->token.end = end;
}

/* The careful path: any code point, any state. */
static void take_code_point(walker *w)
{
    size_t start = w->next;
    uint32_t code_point;
    w->next +=
        ndup__utf8_read(&code_point, w->text + start, w->length - start, &w->tokens->replaced);
    w->tokens->damaged += code_point == NDUP__REPLACEMENT;
    uint32_t record = ndup__fold_record(code_point);
    uint32_t own[3];
    const uint32_t *elements = own;
    uint32_t count = 1;
    if (ndup__fold_kind(record) == NDUP__FOLD_KIND_ONE) {
        own[0] = ndup__fold_one(record, code_point);
    } else if (ndup__fold_kind(record) == NDUP__FOLD_KIND_SYLLABLE) {
        count = ndup__fold_syllable(own, record, code_point);
    } else {
        elements = ndup__fold_many(&count, record);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (ndup__folded_order(elements[i]) != 0) {
            take_mark(w, elements[i], start, w->next);
        } else {
            flush_marks(w);
            ndup__token_take(&w->sink, &w->token, w->characters, elements[i], start, w->next);
        }
    }
    if (count == 0 && w->token.token_class != NDUP__CLASS_BREAK) {
        w->token.end = w->next; /* an accent that does not count is still part of the word */
    }
}

/* Decodes a whole sequence of two or three bytes, or of one byte with `ascii`, and returns its
 * length; 0 for anything else. Three bytes must be readable. */
static inline size_t read_short(uint32_t *code_point, const char *text, bool ascii)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (ascii && bytes[0] < 0x80) {
        *code_point = bytes[0];
        return 1;
    }
    uint32_t c = (bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu);
    if ((bytes[0] & 0xE0) == 0xC0) {
        *code_point = c;
        return (bytes[1] & 0xC0) == 0x80 && c >= 0x80 ? 2 : 0;
    }
    c = (c & 0x3FF) << 6 | (bytes[2] & 0x3Fu);
    *code_point = c;
    bool is_whole = (bytes[0] & 0xF0) == 0xE0 && (bytes[1] & 0xC0) == 0x80 &&
                    (bytes[2] & 0xC0) == 0x80 && c >= 0x800 && c >> 11 != 0x1B;
    return is_whole ? 3 : 0;
}

/* The tight loop: short sequences that fold to one code point without an order, to nothing, or to
 * jamo. Stops before anything else; returns whether it moved. */
static inline bool walk_short(walker *w, bool characters)
{
    ndup__token_sink sink = w->sink;
    ndup__open_token token = w->token;
    size_t at = w->next;
    while (w->length - at >= 3 && sink.count <= sink.room_until) {
        uint32_t code_point;
        size_t end = at + read_short(&code_point, w->text + at, characters);
        if (end == at) {
            break;
        }
        uint32_t record = ndup__fold_record(code_point);
        if (ndup__folded_order(record) == 0 && ndup__fold_kind(record) == NDUP__FOLD_KIND_ONE) {
            uint32_t element = ndup__fold_one(record, code_point);
            ndup__token_take(&sink, &token, characters, element, at, end);
        } else if (record == NDUP__FOLD_RECORD_VANISH) {
            token.end = token.token_class != NDUP__CLASS_BREAK ? end : token.end;
        } else if (ndup__fold_kind(record) == NDUP__FOLD_KIND_SYLLABLE) {
            uint32_t jamo[3];
            uint32_t count = ndup__fold_syllable(jamo, record, code_point);
            for (uint32_t i = 0; i < count; i++) {
                ndup__token_take(&sink, &token, characters, jamo[i], at, end);
            }
        } else {
            break;
        }
        at = end;
    }
    bool moved = at != w->next;
    w->sink = sink;
    w->token = token;
    w->next = at;
    return moved;
}

static inline uint64_t load_at(const char *text, size_t length, size_t at)
{
    size_t left = length - at;
    return left >= 8 ? ndup__chunk_load(text + at) : ndup__chunk_load_part(text + at, left);
}

/* Flags the letters and digits. */
static inline uint64_t word_flags(uint64_t bytes)
{
    return ndup__chunk_letters(bytes) | ndup__chunk_digits(bytes);
}

/* Continues the open WORD with ASCII letters and digits; closes it when an ASCII byte ends it. */
static void continue_word(walker *w)
{
    uint64_t bytes = load_at(w->text, w->length, w->next);
    uint64_t others = ~word_flags(bytes) & NDUP__FLAGS;
    unsigned count = others == 0 ? 7 : ndup__chunk_first(others);
    if (count == 0) {
        close_token(w);
        w->next++;
        return;
    }
    flush_marks(w);
    ndup__token_add_bytes(&w->token, ndup__chunk_head(ndup__chunk_fold(bytes), count), count);
    w->next += count;
    w->token.end = w->next;
}

/* Reads words of ASCII while there are any and there is room. A word that goes on with something
 * else is left open. No token may be open. */
static void walk_ascii(walker *w)
{
    const char *text = w->text;
    size_t length = w->length;
    size_t at = w->next;
    ndup__token_sink sink = w->sink;
    const ndup__word_key key = w->token.key;
    while (at < length && sink.count <= sink.room_until) {
        uint64_t bytes = load_at(text, length, at);
        uint64_t words = word_flags(bytes);
        if ((words & 0x80) == 0) {
            if ((bytes & 0x80) != 0) {
                break;
            }
            uint64_t stops = words | (bytes & NDUP__FLAGS);
            at += stops == 0 ? 8 : ndup__chunk_first(stops);
            continue;
        }
        size_t start = at;
        uint64_t hash = key.start;
        while (words == NDUP__FLAGS) {
            hash = ndup__word_step(hash, ndup__chunk_fold(bytes), key);
            at += 8;
            bytes = load_at(text, length, at);
            words = word_flags(bytes);
        }
        unsigned count = ndup__chunk_first(~words & NDUP__FLAGS);
        uint64_t chunk = ndup__chunk_head(ndup__chunk_fold(bytes), count);
        if ((bytes >> (8 * count) & 0x80) != 0) {
            at += count;
            w->token = (ndup__open_token){.key = key,
                                          .token_class = NDUP__CLASS_WORD,
                                          .hash = hash,
                                          .chunk = chunk,
                                          .bits = 8 * count,
                                          .start = start,
                                          .end = at};
            break;
        }
        hash = count > 0 ? ndup__word_step(hash, chunk, key) : hash;
        ndup__token_put(&sink, ndup__word_end(hash), start, at + count);
        /* The next word may begin in the same chunk. */
        uint64_t stops = (words | (bytes & NDUP__FLAGS)) & ~(uint64_t)0 << (8 * count);
        at += stops == 0 ? 8 : ndup__chunk_first(stops);
    }
    w->sink = sink;
    w->next = at < length ? at : length;
}

/* One step of at least a byte, while there is room. */
static inline void step_words(walker *w)
{
    if ((unsigned char)w->text[w->next] >= 0x80) {
        if (w->mark_count > 0 || !walk_short(w, false)) {
            take_code_point(w);
        }
    } else if (w->token.token_class == NDUP__CLASS_WORD) {
        continue_word(w);
    } else {
        close_token(w);
        walk_ascii(w);
    }
}

static inline void step_characters(walker *w)
{
    if (w->mark_count > 0 || !walk_short(w, true)) {
        take_code_point(w);
    }
}

/* Appends the tokens of a text. */
static ndup_status walk(ndup__tokens *tokens, bool characters, const char *text, size_t length,
                        ndup_error *error)
{
    walker w = {.tokens = tokens,
                .text = text,
                .length = length,
                .characters = characters,
                .sink = {.count = tokens->count},
                .token = {.key = ndup__word_key_of(tokens->seed)}};
    ndup_status status = make_room(&w, error);
    while (status == NDUP_STATUS_OK && w.next < length) {
        if (w.sink.count > w.sink.room_until) {
            status = make_room(&w, error);
        } else if (characters) {
            step_characters(&w);
        } else {
            step_words(&w);
        }
    }
    if (status == NDUP_STATUS_OK) {
        close_token(&w);
        tokens->count = w.sink.count;
    }
    return status;
}

/* The characters of a text of ASCII, without offsets: nothing but letters and digits, and nothing
 * that could join them. */
static ndup_status take_ascii_characters(ndup__tokens *tokens, const char *text, size_t length,
                                         ndup_error *error)
{
    const ndup__word_key key = ndup__word_key_of(tokens->seed);
    const uint64_t gap = ndup__word_end(ndup__word_step(key.start, ' ', key));
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->hashes, &tokens->capacity,
                                       length + 2, sizeof *tokens->hashes, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t *hashes = tokens->hashes;
    size_t count = 0;
    bool after_gap = false;
    for (size_t i = 0; i < length; i++) {
        uint8_t folded = (uint8_t)text[i] | 0x20;
        bool is_character = (uint8_t)(folded - 'a') < 26 || (uint8_t)((uint8_t)text[i] - '0') < 10;
        hashes[count] = gap;
        count += is_character && after_gap && count > 0;
        hashes[count] = ndup__word_end(ndup__word_step(key.start, folded, key));
        count += is_character;
        after_gap = !is_character;
    }
    tokens->count = count;
    return NDUP_STATUS_OK;
}

static void clear(ndup__tokens *tokens)
{
    tokens->count = 0;
    tokens->number_count = 0;
    tokens->byte_count = 0;
    tokens->replaced = 0;
    tokens->damaged = 0;
}

/* Words without offsets, their numbers and bytes. Clears *is_done where the walk has to do it: the
 * stream of folded tokens is for vector units, and not for a text with a huge token. Both give the
 * same. */
static ndup_status find_words(bool *is_done, ndup__tokens *tokens, const char *text, size_t length,
                              ndup_error *error)
{
    *is_done = (ndup__cpu_features() & NDUP__CPU_AVX2) != 0 || tokens->wants_bytes;
    if (!*is_done) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__tokenize_stream(is_done, tokens, text, length, error);
    if (!*is_done) {
        clear(tokens);
    }
    return status;
}

static ndup_status find_characters(ndup__tokens *tokens, const char *text, size_t length,
                                   ndup_error *error)
{
    bool is_plain = !tokens->wants_offsets && ndup__utf8_is_ascii(text, length);
    return is_plain ? take_ascii_characters(tokens, text, length, error)
                    : walk(tokens, true, text, length, error);
}

static ndup_status find_tokens(ndup__tokens *tokens, ndup__token_mode mode, const char *text,
                               size_t length, ndup_error *error)
{
    bool is_done = false;
    ndup_status status = NDUP_STATUS_OK;
    if (mode == NDUP__TOKEN_WORDS && !tokens->wants_offsets) {
        status = find_words(&is_done, tokens, text, length, error);
    }
    if (status != NDUP_STATUS_OK || is_done) {
        return status;
    }
    if (mode == NDUP__TOKEN_EXACT) {
        status = ndup__tokenize_exact(tokens, text, length, error);
    } else if (mode == NDUP__TOKEN_CHARACTERS) {
        status = find_characters(tokens, text, length, error);
    } else {
        status = walk(tokens, false, text, length, error);
    }
    if (status == NDUP_STATUS_OK && tokens->wants_numbers) {
        status = ndup__text_numbers(tokens, text, length, error);
    }
    return status;
}

ndup_status ndup__tokenize(ndup__tokens *tokens, ndup__token_mode mode, const char *text,
                           size_t length, ndup_error *error)
{
    assert(text != NULL || length == 0);
    clear(tokens);
    if ((uint64_t)length > UINT32_MAX) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "text of %zu bytes, must be below 4 GiB",
                          length);
    }
    ndup_status status = ndup__tokens_view(tokens, &mode, &text, length, error);
    if (status == NDUP_STATUS_OK) {
        status = find_tokens(tokens, mode, text, length, error);
    }
    if (status != NDUP_STATUS_OK) {
        clear(tokens);
    }
    return status;
}

/* The units one by one. */
static ndup_status walk_units(ndup__tokens *tokens, ndup__unit_end *ends, const char *text,
                              const ndup_unit *units, size_t count, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    clear(tokens);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        size_t begin = tokens->count;
        status = walk(tokens, false, text + units[i].offset, units[i].length, error);
        ends[i] = (ndup__unit_end){.end = tokens->count};
        for (size_t k = begin; k < tokens->count; k++) {
            ends[i].hash = ndup__sequence_step(ends[i].hash, tokens->hashes[k]);
        }
    }
    return status;
}

ndup_status ndup__tokenize_units(ndup__tokens *tokens, ndup__unit_end *ends, const char *text,
                                 const ndup_unit *units, size_t count, ndup_error *error)
{
    assert(!tokens->wants_offsets && !tokens->wants_numbers && !tokens->wants_bytes);
    bool is_done = false;
    uint64_t bytes = 0;
    ndup_status status = NDUP_STATUS_OK;
    clear(tokens);
    for (size_t i = 0; i < count; i++) {
        bytes += units[i].length;
    }
    if (bytes > UINT32_MAX) {
        return ndup__fail(error, NDUP_STATUS_LIMIT,
                          "units of %llu bytes, must be below 4 GiB together",
                          (unsigned long long)bytes);
    }
    if ((ndup__cpu_features() & NDUP__CPU_AVX2) != 0) {
        status = ndup__tokenize_stream_units(&is_done, tokens, ends, text, units, count, error);
    }
    if (status == NDUP_STATUS_OK && !is_done) {
        status = walk_units(tokens, ends, text, units, count, error);
    }
    if (status != NDUP_STATUS_OK) {
        tokens->count = 0;
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
    ndup__free(tokens->allocator, &tokens->bytes, tokens->byte_capacity, 1);
    ndup__free(tokens->allocator, &tokens->counted, tokens->counted_capacity, 1);
    *tokens = (ndup__tokens){.allocator = tokens->allocator,
                             .wants_offsets = tokens->wants_offsets,
                             .wants_numbers = tokens->wants_numbers,
                             .wants_bytes = tokens->wants_bytes,
                             .seed = tokens->seed};
}
