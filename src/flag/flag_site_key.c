/* SPDX-License-Identifier: MIT */
/* The parts of a line between spaces, each with a hash and a class. */
#include "flag/flag_site_key.h"

#include <string.h>

#include "base/hash.h"

/* Longer lines are compared by all their words. */
#define PARTS_MOST 64
/* What says more tells something about the number. */
#define WORDS_MOST 8

typedef enum part_class { WORD, NUMBER, ADDRESS, DATE } part_class;

typedef struct part {
    uint64_t hash; /* of what it says, numbers left out */
    part_class class;
    bool has_comma;
} part;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26 || (signed char)c < 0;
}

static bool has_text(ndup_text in, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= in.length; i++) {
        if (memcmp(in.bytes + i, text, length) == 0) {
            return true;
        }
    }
    return false;
}

/* "4", "4.", "4th", "10:30", "2026-05-04" are numbers; "Issue-4" is a word with one. */
static part read_part(ndup_text text)
{
    part made = {.has_comma = text.bytes[text.length - 1] == ','};
    bool was_digit = false;
    size_t letters = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        bool upper = c >= 'A' && c <= 'Z';
        letters += is_letter(c);
        if (!is_digit(c)) {
            made.hash = ndup__sequence_step(made.hash, (uint8_t)(c + (upper ? 'a' - 'A' : 0)));
        } else if (!was_digit) {
            made.hash = ndup__sequence_step(made.hash, '#');
        }
        was_digit = is_digit(c);
    }
    made.class = has_text(text, "://") || has_text(text, "www.") || has_text(text, "@") ? ADDRESS
                 : is_digit(text.bytes[0]) && letters <= 2                              ? NUMBER
                                                                                        : WORD;
    return made;
}

static size_t read_parts(part *parts, ndup_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length;) {
        size_t begin = i;
        while (i < text.length && text.bytes[i] != ' ' && text.bytes[i] != '\n' &&
               text.bytes[i] != '\t') {
            i++;
        }
        if (i > begin) {
            if (count == PARTS_MOST) {
                return 0;
            }
            parts[count++] = read_part((ndup_text){text.bytes + begin, i - begin});
        }
        i++;
    }
    return count;
}

static bool is_number(const part *parts, size_t count, size_t at)
{
    return at < count && parts[at].class == NUMBER;
}

/* The names in dates: of a month between or before two numbers, of a day before that. */
static void mark_dates(part *parts, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        bool is_month =
            (i > 0 && is_number(parts, count, i - 1) && is_number(parts, count, i + 1)) ||
            (is_number(parts, count, i + 1) && is_number(parts, count, i + 2));
        bool is_day = parts[i].has_comma && i + 1 < count &&
                      (parts[i + 1].class == NUMBER || parts[i + 1].class == DATE);
        if (parts[i].class == WORD && (is_month || is_day)) {
            parts[i].class = DATE;
        }
    }
}

static bool may_vary(ndup_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (is_digit(text.bytes[i]) || text.bytes[i] == '@' ||
            (text.bytes[i] == ':' && text.length - i > 2 && text.bytes[i + 1] == '/')) {
            return true;
        }
    }
    return false;
}

uint64_t ndup__site_key(const ndup__profile *profile, size_t unit, uint64_t host)
{
    ndup_text text = ndup__profile_text(profile, unit);
    part parts[PARTS_MOST];
    uint64_t hashes[PARTS_MOST];
    size_t used = 0;
    size_t words = 0;
    size_t count = may_vary(text) ? read_parts(parts, text) : 0;
    mark_dates(parts, count);
    for (size_t i = 0; i < count; i++) {
        bool is_word = parts[i].class == WORD;
        uint64_t hash = is_word ? ndup__mix64(parts[i].hash) : parts[i].class == ADDRESS ? 2 : 1;
        words += is_word;
        if (is_word || used == 0 || hashes[used - 1] != hash) {
            hashes[used++] = hash;
        }
    }
    uint64_t key = words > 0 && words <= WORDS_MOST
                       ? ndup__hash_bytes(hashes, used * sizeof *hashes, ndup__mix64(host))
                       : ndup__hash_bytes(ndup__profile_tokens(profile, unit),
                                          profile->of[unit].token_count * sizeof(uint64_t), host);
    return key | 1;
}
