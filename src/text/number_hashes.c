/* SPDX-License-Identifier: MIT */
/* Most texts have digits of ASCII only, which a kernel finds. The others are looked at character by
 * character where one may be a digit. */
#include "text/number_hashes.h"

#include "kernel/kernel.h"
#include "kernel/token_numbers.h"
#include "text/ascii_chunk.h"
#include "text/fold_record.h"
#include "text/utf8.h"

static int is_digit_lead(unsigned char byte)
{
    static const unsigned char leads[] = {NDUP__DIGIT_LEADS};
    int found = 0;
    for (size_t i = 0; i < sizeof leads; i++) {
        found |= byte == leads[i];
    }
    return found;
}

/* Whether a digit begins at a byte that is a digit of ASCII or not of ASCII. */
static inline int is_digit(const char *bytes, size_t length)
{
    unsigned char lead = (unsigned char)bytes[0];
    if (lead < 0x80) {
        return 1;
    }
    if (!is_digit_lead(lead)) {
        return 0;
    }
    uint32_t code_point;
    uint64_t replaced = 0;
    (void)ndup__utf8_read(&code_point, bytes, length, &replaced);
    uint32_t record = ndup__fold_record(code_point);
    return ndup__fold_kind(record) == NDUP__FOLD_KIND_ONE &&
           ndup__folded_is_digit(ndup__fold_one(record, code_point)) != 0;
}

/* Flags the bytes that are not zero. */
static inline uint64_t flag_bytes(uint64_t chunk)
{
    return (((chunk & ~NDUP__FLAGS) + (NDUP__FLAGS - NDUP__EACH_BYTE)) | chunk) & NDUP__FLAGS;
}

static inline size_t count_flags(uint64_t flags)
{
    return (size_t)((flags >> 7) * NDUP__EACH_BYTE >> 56);
}

/* Eight bytes at a time. */
static size_t find_all(uint64_t *numbers, const uint64_t *hashes, const char *tokens, size_t length)
{
    size_t count = 0;
    size_t begun = 0; /* tokens that begin before the chunk */
    size_t noted = 0; /* 1 + the last token that was copied */
    uint64_t before = 0;
    for (size_t at = 0; at < length; at += 8) {
        uint64_t chunk = ndup__chunk_load(tokens + at);
        uint64_t bytes = flag_bytes(chunk);
        uint64_t starts = bytes & ~(bytes << 8 | before);
        uint64_t suspects = ndup__chunk_digits(chunk) | (chunk & NDUP__FLAGS);
        before = bytes >> 56;
        for (; suspects != 0; suspects &= suspects - 1) {
            unsigned flag = (unsigned)__builtin_ctzll(suspects);
            size_t token = begun + count_flags(starts & (((uint64_t)2 << flag) - 1));
            size_t place = at + flag / 8;
            if (token != noted && is_digit(tokens + place, length - place)) {
                noted = token;
                numbers[count++] = hashes[token - 1];
            }
        }
        begun += count_flags(starts);
    }
    return count;
}

size_t ndup__number_hashes(uint64_t *numbers, const uint64_t *hashes, const char *tokens,
                           size_t length)
{
    size_t count = ndup__token_numbers(numbers, hashes, tokens, length);
    return count != NDUP__NUMBERS_UNKNOWN ? count : find_all(numbers, hashes, tokens, length);
}
