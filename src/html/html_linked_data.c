/* SPDX-License-Identifier: MIT */
/* JSON-LD, read as a stream of keys and strings. */
#include <string.h>

#include "html/html_attributes.h"
#include "html/html_facts.h"
#include "text/utf8.h"

#define DEPTH_MOST 32
#define STRING_BYTES 1024

/* Keys whose string is wanted. Ranks of the depths that matter stand between those of the other
 * sources. */
typedef struct wanted_key {
    const char *key;
    ndup__html_fact fact;
    unsigned rank;
} wanted_key;

static const wanted_key wanted[] = {
    {"datepublished", NDUP__HTML_DATE, 2},
    {"headline", NDUP__HTML_TITLE, 2},
    {"inlanguage", NDUP__HTML_LANGUAGE, 3},
};

typedef struct reader {
    const char *at;
    const char *end;
    unsigned depth;
    bool is_publisher[DEPTH_MOST]; /* the object at this depth is the value of "publisher" */
    char key[STRING_BYTES];        /* read last */
    size_t key_length;
    bool is_key_fresh;                    /* what comes next is its value */
    unsigned best[NDUP__HTML_FACT_COUNT]; /* depth of what was found, plus 1; 0 = nothing */
} reader;

/* The four hexadecimal digits of an escape; false when they are not that. */
static bool read_unit(uint32_t *unit, const char *at, const char *end)
{
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        unsigned digit = at < end ? (unsigned)(unsigned char)*at - '0' : 16;
        unsigned letter = at < end ? ((unsigned)(unsigned char)*at | 0x20) - 'a' : 6;
        if (digit > 9 && letter > 5) {
            return false;
        }
        *unit = *unit * 16 + (digit <= 9 ? digit : letter + 10);
        at++;
    }
    return true;
}

/* One escape behind its backslash; moves *at behind it. */
static uint32_t read_escape(const char **at, const char *end)
{
    static const char letters[] = "nrtbf";
    char letter = *(*at)++;
    if (((unsigned char)letter & 0x80) != 0) {
        --*at; /* no escape; the character follows */
        return ' ';
    }
    if (letter != 'u') {
        return strchr(letters, letter) != NULL ? ' ' : (unsigned char)letter;
    }
    uint32_t unit;
    uint32_t low;
    if (!read_unit(&unit, *at, end)) {
        return NDUP__REPLACEMENT;
    }
    *at += 4;
    bool is_high = unit >= 0xD800 && unit < 0xDC00;
    if (is_high && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u' &&
        read_unit(&low, *at + 2, end) && low >= 0xDC00 && low < 0xE000) {
        *at += 6;
        return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    return unit;
}

/* The length without the last character, of which only a part may be there. */
static size_t drop_cut_character(const char *text, size_t length)
{
    while (length > 0 && ((unsigned char)text[length - 1] & 0xC0) == 0x80) {
        length--;
    }
    return length - (length > 0 && ((unsigned char)text[length - 1] & 0x80) != 0);
}

/* Reads a string behind its quote, cut off at STRING_BYTES. */
static size_t read_string(char *text, reader *json)
{
    size_t length = 0;
    bool is_cut = false;
    while (json->at < json->end && *json->at != '"') {
        uint32_t code_point = 0;
        char bytes[4];
        size_t taken = 1;
        bytes[0] = *json->at++;
        if (bytes[0] == '\\' && json->at < json->end) {
            code_point = read_escape(&json->at, json->end);
            taken = ndup__utf8_write(bytes, code_point);
        }
        is_cut = is_cut || length + taken > STRING_BYTES;
        if (!is_cut) {
            memcpy(text + length, bytes, taken);
            length += taken;
        }
    }
    json->at += json->at < json->end;
    return is_cut ? drop_cut_character(text, length) : length;
}

static ndup_status offer(ndup__html_facts *facts, reader *json, const wanted_key *key,
                         ndup_text value, ndup_error *error)
{
    if (json->best[key->fact] != 0 && json->best[key->fact] <= json->depth + 1) {
        return NDUP_STATUS_OK;
    }
    if (facts->ranks[key->fact] == key->rank && json->best[key->fact] != 0) {
        facts->ranks[key->fact]++; /* from deeper inside the same script */
    }
    json->best[key->fact] = json->depth + 1;
    return ndup__html_facts_offer(facts, key->fact, key->rank, value, error);
}

static ndup_status take_value(ndup__html_facts *facts, reader *json, ndup_text value,
                              ndup_error *error)
{
    static const wanted_key publisher = {"name", NDUP__HTML_SITE, 2};
    ndup_text key = {json->key, json->key_length};
    if (json->is_publisher[json->depth] && ndup__html_is_word(key, publisher.key)) {
        return offer(facts, json, &publisher, value, error);
    }
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (ndup__html_is_word(key, wanted[i].key)) {
            return offer(facts, json, &wanted[i], value, error);
        }
    }
    return NDUP_STATUS_OK;
}

static const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && (unsigned char)*at <= ' ') {
        at++;
    }
    return at;
}

static ndup_status take_string(ndup__html_facts *facts, reader *json, ndup_error *error)
{
    char text[STRING_BYTES];
    size_t length = read_string(text, json);
    json->at = skip_spaces(json->at, json->end);
    if (json->at < json->end && *json->at == ':') {
        json->at++;
        memcpy(json->key, text, length);
        json->key_length = length;
        json->is_key_fresh = true;
        return NDUP_STATUS_OK;
    }
    bool is_value = json->is_key_fresh;
    json->is_key_fresh = false;
    return is_value ? take_value(facts, json, (ndup_text){text, length}, error) : NDUP_STATUS_OK;
}

ndup_status ndup__html_facts_linked_data(ndup__html_facts *facts, ndup_text text, ndup_error *error)
{
    reader json = {.at = text.bytes, .end = text.bytes + text.length};
    ndup_status status = NDUP_STATUS_OK;
    while (json.at < json.end && status == NDUP_STATUS_OK) {
        char byte = *json.at++;
        if (byte == '"') {
            status = take_string(facts, &json, error);
        } else if (byte == '{' || byte == '[') {
            if (++json.depth == DEPTH_MOST) {
                break;
            }
            ndup_text key = {json.key, json.key_length};
            json.is_publisher[json.depth] =
                json.is_key_fresh && ndup__html_is_word(key, "publisher");
            json.is_key_fresh = byte == '[' && json.is_key_fresh;
        } else if (byte == '}' || byte == ']') {
            json.depth -= json.depth > 0;
        } else if (byte == ',') {
            json.is_key_fresh = false;
        }
    }
    return status;
}
