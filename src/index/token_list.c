/* SPDX-License-Identifier: MIT */
/* A text of 500 words has some 260 different ones: a bit says whether a token is new; a new one
 * follows whole, an old one as its place among those before. */
#include "index/token_list.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"

#define TOKEN_SHIFT (64 - NDUP__TOKEN_BITS)

/* A count in the coded list: seven bits a byte, the lowest first. */
#define COUNT_BYTES_MOST 5

/* Bits, lowest first, at the end of a list's bytes, or read from somewhere. */
typedef struct bit_stream {
    uint64_t bits;
    unsigned count;
} bit_stream;

/* What the hash of a token becomes when only its upper bits are known. */
static uint64_t expand(uint32_t token)
{
    return ndup__mix64((uint64_t)token + 1);
}

/* Bits of a place among `count` ones. */
static unsigned place_bits(size_t count)
{
    return count < 2 ? 0 : 64 - (unsigned)__builtin_clzll(count - 1);
}

static void put_bits(ndup__token_list *list, bit_stream *out, uint32_t value, unsigned count)
{
    out->bits |= (uint64_t)value << out->count;
    for (out->count += count; out->count >= 8; out->count -= 8) {
        list->bytes[list->byte_count++] = (unsigned char)out->bits;
        out->bits >>= 8;
    }
}

static void put_count(ndup__token_list *list, size_t count)
{
    for (; count >= 0x80; count >>= 7) {
        list->bytes[list->byte_count++] = (unsigned char)(count | 0x80);
    }
    list->bytes[list->byte_count++] = (unsigned char)count;
}

static ndup_status reserve_slots(ndup__token_list *list, size_t tokens, ndup_error *error)
{
    list->slot_count = 16;
    while (list->slot_count < 2 * tokens) {
        list->slot_count *= 2;
    }
    ndup_status status = ndup__reserve(list->allocator, &list->slots, &list->slot_capacity,
                                       list->slot_count, sizeof *list->slots, error);
    if (status == NDUP_STATUS_OK) {
        memset(list->slots, 0, list->slot_count * sizeof *list->slots);
        status = ndup__reserve(list->allocator, &list->distinct, &list->distinct_capacity, tokens,
                               sizeof *list->distinct, error);
    }
    list->distinct_count = 0;
    return status;
}

/* The place of a token among the distinct ones; *is_new when it was put there now. */
static uint32_t find_place(ndup__token_list *list, uint32_t token, bool *is_new)
{
    size_t mask = list->slot_count - 1;
    size_t slot = (size_t)(expand(token) & mask);
    while (list->slots[slot] != 0 && list->distinct[list->slots[slot] - 1] != token) {
        slot = (slot + 1) & mask;
    }
    *is_new = list->slots[slot] == 0;
    if (*is_new) {
        list->distinct[list->distinct_count++] = token;
        list->slots[slot] = (uint32_t)list->distinct_count;
    }
    return list->slots[slot] - 1;
}

static void put_token(ndup__token_list *list, bit_stream *out, uint32_t token)
{
    unsigned bits = place_bits(list->distinct_count);
    bool is_new;
    uint32_t place = find_place(list, token, &is_new);
    put_bits(list, out, is_new, 1);
    put_bits(list, out, is_new ? token : place, is_new ? NDUP__TOKEN_BITS : bits);
}

static ndup_status reserve_list(ndup__token_list *list, size_t count, size_t number_count,
                                ndup_error *error)
{
    ndup_status status = ndup__reserve(list->allocator, &list->tokens, &list->token_capacity, count,
                                       sizeof *list->tokens, error);
    return status == NDUP_STATUS_OK
               ? ndup__reserve(list->allocator, &list->numbers, &list->number_capacity,
                               number_count, sizeof *list->numbers, error)
               : status;
}

static ndup_status reserve_bytes(ndup__token_list *list, ndup_error *error)
{
    size_t most = 2 * COUNT_BYTES_MOST + sizeof(uint64_t) +
                  (list->count + list->number_count) * (NDUP__TOKEN_BITS / 8 + 1);
    list->byte_count = 0;
    return ndup__reserve(list->allocator, &list->bytes, &list->byte_capacity, most, 1, error);
}

ndup_status ndup__token_list_make(ndup__token_list *list, const uint64_t *tokens, size_t count,
                                  const uint64_t *numbers, size_t number_count, ndup_error *error)
{
    bit_stream out = {0, 0};
    if (count > UINT32_MAX || number_count > UINT32_MAX) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "a text of more than %u words", UINT32_MAX);
    }
    list->count = count;
    list->number_count = number_count;
    ndup_status status = reserve_list(list, count, number_count, error);
    if (status == NDUP_STATUS_OK) {
        status = reserve_slots(list, count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = reserve_bytes(list, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    put_count(list, count);
    put_count(list, number_count);
    for (size_t i = 0; i < count; i++) {
        uint32_t token = (uint32_t)(tokens[i] >> TOKEN_SHIFT);
        list->tokens[i] = expand(token);
        put_token(list, &out, token);
    }
    for (size_t i = 0; i < number_count; i++) {
        uint32_t number = (uint32_t)(numbers[i] >> TOKEN_SHIFT);
        list->numbers[i] = expand(number);
        put_bits(list, &out, number, NDUP__TOKEN_BITS);
    }
    put_bits(list, &out, 0, 7); /* the last bits */
    return NDUP_STATUS_OK;
}

/* Bytes that are read bit by bit. */
typedef struct bit_reader {
    const unsigned char *at, *end;
    bit_stream in;
    bool is_short; /* more was asked for than there is */
} bit_reader;

static uint32_t take_bits(bit_reader *reader, unsigned count)
{
    while (reader->in.count < count) {
        reader->is_short |= reader->at == reader->end;
        uint64_t byte = reader->at < reader->end ? *reader->at++ : 0;
        reader->in.bits |= byte << reader->in.count;
        reader->in.count += 8;
    }
    uint32_t value = (uint32_t)(reader->in.bits & (((uint64_t)1 << count) - 1));
    reader->in.bits >>= count;
    reader->in.count -= count;
    return value;
}

static uint64_t take_count(bit_reader *reader)
{
    uint64_t count = 0;
    for (unsigned shift = 0; shift < 7 * COUNT_BYTES_MOST; shift += 7) {
        uint32_t byte = take_bits(reader, 8);
        count |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return count;
        }
    }
    reader->is_short = true;
    return 0;
}

/* The next token; CORRUPT shows as a reader that is short. */
static uint32_t take_token(ndup__token_list *list, bit_reader *reader)
{
    if (take_bits(reader, 1) != 0) {
        uint32_t token = take_bits(reader, NDUP__TOKEN_BITS);
        list->distinct[list->distinct_count++] = token;
        return token;
    }
    uint32_t place = take_bits(reader, place_bits(list->distinct_count));
    reader->is_short |= place >= list->distinct_count;
    return place < list->distinct_count ? list->distinct[place] : 0;
}

static ndup_status fail_code(size_t length, ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_CORRUPT, "a list of tokens of %zu bytes is damaged",
                      length);
}

ndup_status ndup__token_list_read(ndup__token_list *list, ndup_text coded, ndup_error *error)
{
    const unsigned char *bytes = (const unsigned char *)coded.bytes;
    bit_reader reader = {bytes, bytes + coded.length, {0, 0}, false};
    uint64_t count = take_count(&reader);
    uint64_t number_count = take_count(&reader);
    list->distinct_count = 0;
    /* A token takes a bit at least, and is at most as many as those bits. */
    if (coded.length == 0 || reader.is_short || count > 8 * (uint64_t)coded.length ||
        number_count > coded.length) {
        return fail_code(coded.length, error);
    }
    list->count = (size_t)count;
    list->number_count = (size_t)number_count;
    ndup_status status = reserve_list(list, list->count, list->number_count, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(list->allocator, &list->distinct, &list->distinct_capacity,
                               list->count, sizeof *list->distinct, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < list->count; i++) {
        list->tokens[i] = expand(take_token(list, &reader));
    }
    for (size_t i = 0; i < list->number_count; i++) {
        list->numbers[i] = expand(take_bits(&reader, NDUP__TOKEN_BITS));
    }
    return reader.is_short || reader.at != reader.end ? fail_code(coded.length, error)
                                                      : NDUP_STATUS_OK;
}

void ndup__token_list_deinit(ndup__token_list *list)
{
    const ndup_allocator *allocator = list->allocator;
    ndup__free(allocator, &list->tokens, list->token_capacity, sizeof *list->tokens);
    ndup__free(allocator, &list->numbers, list->number_capacity, sizeof *list->numbers);
    ndup__free(allocator, &list->distinct, list->distinct_capacity, sizeof *list->distinct);
    ndup__free(allocator, &list->slots, list->slot_capacity, sizeof *list->slots);
    ndup__free(allocator, &list->bytes, list->byte_capacity, 1);
    *list = (ndup__token_list){.allocator = allocator};
}
