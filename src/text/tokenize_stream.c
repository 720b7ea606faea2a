/* SPDX-License-Identifier: MIT */
/* Text to hashes of words in pieces of a few kilobytes: token_fold writes the folded tokens, and
 * token_hash takes them from there. What token_fold leaves alone is folded here, with every case.
 */
#include "text/tokenize_stream.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "kernel/kernel.h"
#include "kernel/word_hash.h"
#include "text/fold.h"
#include "text/fold_record.h"
#include "text/utf8.h"

/* Small enough for the first-level cache together with the hashes. */
#define PIECE 4096
#define BUFFER (PIECE + NDUP__TOKEN_SLACK + NDUP__TOKEN_PADDING)

/* As in tokenize.c: with the marks that are held back, a code point must fit the slack. */
#define MARKS_ORDERED 32
#define SEPARATOR_BYTES 3 /* in the stream */
_Static_assert(4 * MARKS_ORDERED + 5 * NDUP__FOLD_MAX + 1 + SEPARATOR_BYTES < NDUP__TOKEN_SLACK,
               "room for a step");

/* Stands behind each of several units: a token that no text has. */
static const char SEPARATOR[] = "\0\x01";
_Static_assert(sizeof SEPARATOR == SEPARATOR_BYTES, "with the zero byte at its end");

typedef struct folder {
    ndup__token_stream stream;
    char *spare; /* the buffer that is not in use */
    const ndup__token_table *entries;
    unsigned mark_count;
    uint32_t marks[MARKS_ORDERED]; /* end of the last token: marks with an order, ordered */
} folder;

static ndup__token_table table; /* constant once it is filled */

/* The entry of a folded code point that has one: no bytes are more than three. */
static uint32_t element_entry(uint32_t element)
{
    static const uint32_t flags[] = {[NDUP__CLASS_WORD] = NDUP__TOKEN_WORD,
                                     [NDUP__CLASS_MARK] = NDUP__TOKEN_MARK,
                                     [NDUP__CLASS_SINGLE] = NDUP__TOKEN_SINGLE};
    uint32_t token_class = ndup__folded_class(element);
    if (token_class == NDUP__CLASS_BREAK) {
        return 1u << NDUP__TOKEN_LENGTH_SHIFT;
    }
    unsigned char bytes[4] = {0};
    uint32_t length = (uint32_t)ndup__utf8_write((char *)bytes, ndup__folded_code_point(element));
    return flags[token_class] | length << NDUP__TOKEN_LENGTH_SHIFT | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[1] << 8 | bytes[0];
}

/* Enters what a code point folds to, if that is two or three short ones of which the first has no
 * order. */
static uint32_t expansion_entry(uint32_t *used, uint32_t record)
{
    uint32_t count;
    const uint32_t *elements = ndup__fold_many(&count, record);
    bool fits = count >= 2 && count <= NDUP__TOKEN_PARTS && *used < NDUP__TOKEN_EXPANSIONS &&
                ndup__folded_order(elements[0]) == 0;
    for (uint32_t i = 0; fits && i < count; i++) {
        fits = ndup__folded_code_point(elements[i]) <= 0xFFFF;
    }
    if (!fits) {
        return NDUP__TOKEN_SPECIAL;
    }
    for (uint32_t i = 0; i < count; i++) {
        table.expansions[i][*used] = element_entry(elements[i]);
    }
    bool ends_ordered = ndup__folded_order(elements[count - 1]) != 0;
    return NDUP__TOKEN_SPECIAL | NDUP__TOKEN_EXPANDS |
           (ends_ordered ? NDUP__TOKEN_ENDS_ORDERED : 0) | (*used)++;
}

static uint32_t table_entry(uint32_t *expansions, uint32_t code_point)
{
    uint32_t record = ndup__fold_record(code_point);
    bool is_surrogate = code_point >> 11 == 0x1B;
    if (record == NDUP__FOLD_RECORD_VANISH) {
        return NDUP__TOKEN_MARK;
    }
    if (ndup__fold_kind(record) == NDUP__FOLD_KIND_MANY && !is_surrogate) {
        return expansion_entry(expansions, record);
    }
    uint32_t element = ndup__fold_one(record, code_point);
    if (is_surrogate || ndup__fold_kind(record) != NDUP__FOLD_KIND_ONE ||
        ndup__folded_order(element) != 0 || ndup__folded_code_point(element) > 0xFFFF) {
        return NDUP__TOKEN_SPECIAL;
    }
    return element_entry(element);
}

/* The first byte that a word character or break folds to if it folds to at most `most`. */
static uint8_t first_byte(uint32_t entry, uint32_t most)
{
    uint32_t length = entry >> NDUP__TOKEN_LENGTH_SHIFT & 3;
    if (entry == NDUP__TOKEN_MARK) {
        return NDUP__TOKEN_VANISHES;
    }
    if ((entry & (NDUP__TOKEN_MARK | NDUP__TOKEN_SINGLE | NDUP__TOKEN_SPECIAL)) != 0 ||
        length > most) {
        return NDUP__TOKEN_OTHER;
    }
    return (uint8_t)entry;
}

/* The two letters of ASCII that make up an expansion like that of the German sharp s, or 0. */
static uint32_t two_letters(uint32_t entry)
{
    uint32_t both = 0;
    for (uint32_t i = 0; i < NDUP__TOKEN_PARTS && (entry & NDUP__TOKEN_EXPANDS) != 0; i++) {
        uint32_t part = table.expansions[i][entry & 0xFFFF];
        uint32_t is_letter = (part & ~0x7Fu) == (NDUP__TOKEN_WORD | 1u << NDUP__TOKEN_LENGTH_SHIFT);
        if (i < 2 ? !is_letter : part != 0) {
            return 0;
        }
        both |= i < 2 ? (part & 0x7F) << (8 * i) : 0;
    }
    return both;
}

static void fill_short_sequences(void)
{
    for (uint32_t i = 0; i < 0x800 - 0x80; i++) {
        uint32_t entry = table.entries[0x80 + i];
        uint32_t both = two_letters(entry);
        uint8_t first = both != 0 ? (uint8_t)both : first_byte(entry, 2);
        bool is_pair = first != NDUP__TOKEN_OTHER && first != NDUP__TOKEN_VANISHES;
        uint32_t second = both != 0 ? both >> 8 : entry >> 8 & 0xFF;
        table.pair_firsts[i] = first;
        table.pair_seconds[i] = is_pair ? (uint8_t)second : 0;
        table.shorts[0x80 + i] = (uint16_t)(is_pair ? second << 8 | first : NDUP__TOKEN_OTHER);
    }
    for (uint32_t c = 0; c < 0x80; c++) {
        table.shorts[c] = table.entries[c] & 0xFF;
    }
    for (uint32_t i = 0; i < 256; i++) {
        uint8_t first = first_byte(table.entries[0x1E00 + i], 1);
        table.letters[i] = first != NDUP__TOKEN_VANISHES ? first : NDUP__TOKEN_OTHER;
    }
    for (uint32_t i = 0; i < 64; i++) {
        table.punctuation[i] = first_byte(table.entries[0x2000 + i], 1);
    }
}

static void fill_table(void)
{
    uint32_t expansions = 0;
    for (uint32_t c = 0; c < 0x10000; c++) {
        table.entries[c] = table_entry(&expansions, c);
    }
    fill_short_sequences();
}

const ndup__token_table *ndup__token_table_get(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, fill_table);
    return &table;
}

static void put(folder *f, uint32_t code_point)
{
    ndup__token_stream *s = &f->stream;
    s->used += ndup__utf8_write(s->bytes + s->used, code_point);
}

static void flush_marks(folder *f)
{
    for (unsigned i = 0; i < f->mark_count; i++) {
        put(f, ndup__folded_code_point(f->marks[i]));
    }
    f->mark_count = 0;
}

/* Inserts by order, behind equals: Unicode's canonical ordering. */
static void take_mark(folder *f, uint32_t mark)
{
    if (f->mark_count == MARKS_ORDERED) {
        flush_marks(f);
    }
    unsigned at = f->mark_count++;
    while (at > 0 && ndup__folded_order(f->marks[at - 1]) > ndup__folded_order(mark)) {
        f->marks[at] = f->marks[at - 1];
        at--;
    }
    f->marks[at] = mark;
}

/* Takes a pool element without mark order. */
static void take_element(folder *f, uint32_t element)
{
    ndup__token_stream *s = &f->stream;
    uint32_t token_class = ndup__folded_class(element);
    bool is_word = token_class == NDUP__CLASS_WORD;
    bool is_single = token_class == NDUP__CLASS_SINGLE;
    if (token_class == NDUP__CLASS_BREAK || is_single || (is_word && s->after_single)) {
        s->bytes[s->used++] = 0;
    }
    if (token_class != NDUP__CLASS_MARK) {
        s->after_single = is_single;
    }
    if (token_class != NDUP__CLASS_BREAK) {
        put(f, ndup__folded_code_point(element));
    }
}

/* The careful path: any code point, any state. Returns how many bytes it takes. */
static size_t take_code_point(folder *f, ndup__tokens *tokens, const char *text, size_t length)
{
    uint32_t code_point;
    size_t taken = ndup__utf8_read(&code_point, text, length, &tokens->replaced);
    tokens->damaged += code_point == NDUP__REPLACEMENT;
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
            take_mark(f, elements[i]);
        } else {
            flush_marks(f);
            take_element(f, elements[i]);
        }
    }
    return taken;
}

static ndup_status note_numbers(ndup__tokens *tokens, const char *bytes, size_t length,
                                ndup_error *error)
{
    ndup_status status =
        ndup__reserve(tokens->allocator, &tokens->numbers, &tokens->number_capacity,
                      tokens->number_count + (length + 1) / 2, sizeof *tokens->numbers, error);
    if (status == NDUP_STATUS_OK && length > 0) {
        tokens->number_count += ndup__token_numbers(tokens->numbers + tokens->number_count, bytes,
                                                    length, ndup__word_key_of(tokens->seed));
    }
    return status;
}

static ndup_status note_bytes(ndup__tokens *tokens, const char *bytes, size_t length,
                              ndup_error *error)
{
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->bytes, &tokens->byte_capacity,
                                       tokens->byte_count + length + 1, 1, error);
    if (status == NDUP_STATUS_OK) {
        tokens->bytes[tokens->byte_count] = 0;
        memcpy(tokens->bytes + tokens->byte_count + 1, bytes, length);
        tokens->byte_count += length + 1;
    }
    return status;
}

/* Hashes the tokens that are complete and moves the open one to the other buffer. */
static ndup_status hash_tokens(bool *is_done, folder *f, ndup__tokens *tokens, bool is_end,
                               ndup_error *error)
{
    ndup__token_stream *s = &f->stream;
    size_t end = s->used;
    while (!is_end && end > 0 && s->bytes[end - 1] != 0) {
        end--;
    }
    size_t open = s->used - end;
    if (open > PIECE / 2) {
        *is_done = false;
        return NDUP_STATUS_OK;
    }
    size_t wanted = tokens->count + (end + 1) / 2 + NDUP__TOKEN_PADDING / 2;
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->hashes, &tokens->capacity,
                                       wanted, sizeof *tokens->hashes, error);
    if (status == NDUP_STATUS_OK) {
        char *bytes = s->bytes;
        memcpy(f->spare, bytes + end, open);
        memset(bytes + end, 0, NDUP__TOKEN_PADDING);
        tokens->count += ndup__token_hash(tokens->hashes + tokens->count, bytes, end,
                                          ndup__word_key_of(tokens->seed));
        if (tokens->wants_numbers) {
            status = note_numbers(tokens, bytes, end, error);
        }
        if (tokens->wants_bytes && status == NDUP_STATUS_OK) {
            status = note_bytes(tokens, bytes, end, error);
        }
        s->bytes = f->spare;
        s->used = open;
        f->spare = bytes;
    }
    return status;
}

/* Takes a text, up to its last character: a token may be open, and marks held back. */
static ndup_status fold_text(bool *is_done, folder *f, ndup__tokens *tokens, const char *text,
                             size_t length, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t at = 0;
    while (at < length && *is_done && status == NDUP_STATUS_OK) {
        size_t taken = 0;
        if (f->stream.used >= PIECE) {
            status = hash_tokens(is_done, f, tokens, false, error);
            continue;
        }
        if (f->mark_count == 0) {
            taken = ndup__token_fold(&f->stream, f->entries, text + at, length - at);
        }
        if (taken == 0) {
            taken = take_code_point(f, tokens, text + at, length - at);
        }
        at += taken;
    }
    flush_marks(f);
    return status;
}

ndup_status ndup__tokenize_stream(bool *is_done, ndup__tokens *tokens, const char *text,
                                  size_t length, ndup_error *error)
{
    char buffers[2][BUFFER];
    folder f = {.stream = {.bytes = buffers[0], .limit = PIECE},
                .spare = buffers[1],
                .entries = ndup__token_table_get()};
    *is_done = true;
    ndup_status status = fold_text(is_done, &f, tokens, text, length, error);
    return status == NDUP_STATUS_OK && *is_done ? hash_tokens(is_done, &f, tokens, true, error)
                                                : status;
}

/* Takes the separators, one behind each unit, out of the hashes. False where there are more of them
 * than units: then some token has the same hash. */
static bool find_ends(ndup__tokens *tokens, ndup__unit_end *ends, size_t count)
{
    const ndup__word_key key = ndup__word_key_of(tokens->seed);
    const uint64_t separator =
        ndup__word_end(ndup__word_step(key.start, (unsigned char)SEPARATOR[1], key));
    uint64_t *hashes = tokens->hashes;
    size_t at = 0;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t sequence = 0;
        for (uint64_t hash; (hash = hashes[at++]) != separator;) {
            sequence = ndup__sequence_step(sequence, hash);
            hashes[kept++] = hash;
        }
        ends[i] = (ndup__unit_end){sequence, kept};
    }
    bool is_whole = at == tokens->count;
    tokens->count = kept;
    return is_whole;
}

ndup_status ndup__tokenize_stream_units(bool *is_done, ndup__tokens *tokens, ndup__unit_end *ends,
                                        const char *text, const ndup_unit *units, size_t count,
                                        ndup_error *error)
{
    char buffers[2][BUFFER];
    folder f = {.stream = {.bytes = buffers[0], .limit = PIECE},
                .spare = buffers[1],
                .entries = ndup__token_table_get()};
    ndup__token_stream *s = &f.stream;
    ndup_status status = NDUP_STATUS_OK;
    *is_done = true;
    for (size_t i = 0; i < count && *is_done && status == NDUP_STATUS_OK; i++) {
        status = fold_text(is_done, &f, tokens, text + units[i].offset, units[i].length, error);
        memcpy(s->bytes + s->used, SEPARATOR, SEPARATOR_BYTES);
        s->used += SEPARATOR_BYTES;
        s->after_single = 0;
        if (s->used >= PIECE && *is_done && status == NDUP_STATUS_OK) {
            status = hash_tokens(is_done, &f, tokens, false, error);
        }
    }
    if (status == NDUP_STATUS_OK && *is_done) {
        status = hash_tokens(is_done, &f, tokens, true, error);
    }
    *is_done = *is_done && status == NDUP_STATUS_OK && find_ends(tokens, ends, count);
    return status;
}
