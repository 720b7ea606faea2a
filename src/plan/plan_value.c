/* SPDX-License-Identifier: MIT */
/* Numbers, words and lists out of scanned JSON values. */
#include "plan/plan_value.h"

#include <string.h>

void ndup__plan_refuse(ndup__plan_line *line, unsigned field, const char *problem)
{
    if (line->wrong == NULL) {
        line->wrong = line->paths[field];
        line->problem = problem;
    }
}

static void note_wrong(ndup__plan_line *line, unsigned field)
{
    ndup__plan_refuse(line, field, "missing or wrong: ");
}

static void note_range(ndup__plan_line *line, unsigned field)
{
    ndup__plan_refuse(line, field, "out of range: ");
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads digits from raw[*at] on; false if there are none or the number does not fit. */
static bool read_digits(uint64_t *number, const ndup__value *value, size_t *at)
{
    size_t start = *at;
    for (; *at < value->length && is_digit(value->raw[*at]); (*at)++) {
        if (__builtin_mul_overflow(*number, (uint64_t)10, number) ||
            __builtin_add_overflow(*number, (uint64_t)(value->raw[*at] - '0'), number)) {
            return false;
        }
    }
    return *at > start;
}

uint64_t ndup__plan_count(ndup__plan_line *line, unsigned field, uint64_t least, uint64_t most)
{
    const ndup__value *value = &line->values[field];
    uint64_t number = 0;
    size_t at = 0;
    if ((value->kind != NDUP__VALUE_NUMBER && value->kind != NDUP__VALUE_STRING) ||
        !read_digits(&number, value, &at) || at != value->length) {
        note_wrong(line, field);
        return 0;
    }
    if (number < least || number > most) {
        note_range(line, field);
        return 0;
    }
    return number;
}

uint32_t ndup__plan_small(ndup__plan_line *line, unsigned field, uint32_t least, uint32_t most)
{
    return (uint32_t)ndup__plan_count(line, field, least, most);
}

/* "0.833333", as plans are written; and an exponent, as other programs may write it. */
static bool read_fixed(double *number, const ndup__value *value)
{
    uint64_t digits = 0;
    uint64_t exponent = 0;
    size_t at = 0;
    size_t decimals = 0;
    if (!read_digits(&digits, value, &at)) {
        return false;
    }
    if (at < value->length && value->raw[at] == '.') {
        size_t point = ++at;
        if (!read_digits(&digits, value, &at)) {
            return false;
        }
        decimals = at - point;
    }
    if (at < value->length && (value->raw[at] | 0x20) == 'e') {
        if (++at == value->length || value->raw[at++] != '-' ||
            !read_digits(&exponent, value, &at)) {
            return false;
        }
    }
    double scale = 1;
    for (uint64_t i = 0; i < decimals + exponent && i < 30; i++) {
        scale *= 10;
    }
    *number = (double)digits / scale;
    return at == value->length;
}

double ndup__plan_share(ndup__plan_line *line, unsigned field)
{
    double number = 0;
    if (line->values[field].kind != NDUP__VALUE_NUMBER ||
        !read_fixed(&number, &line->values[field])) {
        note_wrong(line, field);
        return 0;
    }
    if (!(number >= 0 && number <= 1)) {
        note_range(line, field);
        return 0;
    }
    return number;
}

bool ndup__plan_bool(ndup__plan_line *line, unsigned field)
{
    ndup__value_kind kind = line->values[field].kind;
    if (kind != NDUP__VALUE_TRUE && kind != NDUP__VALUE_FALSE) {
        note_wrong(line, field);
    }
    return kind == NDUP__VALUE_TRUE;
}

uint64_t ndup__plan_hash(ndup__plan_line *line, unsigned field)
{
    const ndup__value *value = &line->values[field];
    uint64_t hash = 0;
    bool is_good = value->kind == NDUP__VALUE_STRING && value->length == 16;
    for (size_t i = 0; is_good && i < 16; i++) {
        char c = value->raw[i];
        is_good = is_digit(c) || (c >= 'a' && c <= 'f');
        hash = hash << 4 | (uint64_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    if (!is_good) {
        note_wrong(line, field);
    }
    return is_good ? hash : 0;
}

unsigned ndup__plan_choice(ndup__plan_line *line, unsigned field, const char *const *words,
                           unsigned word_count)
{
    const ndup__value *value = &line->values[field];
    for (unsigned i = 0; value->kind == NDUP__VALUE_STRING && i < word_count; i++) {
        if (strlen(words[i]) == value->length && memcmp(words[i], value->raw, value->length) == 0) {
            return i;
        }
    }
    note_wrong(line, field);
    return 0;
}

static const char *decode(size_t *length, ndup__plan_line *line, const ndup__value *value,
                          ndup__arena *strings)
{
    void *block = NULL;
    if (line->status == NDUP_STATUS_OK) {
        line->status =
            ndup__arena_take(strings, &block, value->length + NDUP__DECODE_SLACK, line->error);
    }
    if (line->status != NDUP_STATUS_OK) {
        return NULL;
    }
    uint64_t replaced = 0;
    char *copy = block;
    size_t decoded = ndup__value_decode(copy, value, &replaced);
    copy[decoded] = '\0';
    if (length != NULL) {
        *length = decoded;
    }
    return copy;
}

const char *ndup__plan_string(size_t *length, ndup__plan_line *line, unsigned field,
                              ndup__arena *strings)
{
    if (length != NULL) {
        *length = 0;
    }
    if (line->values[field].kind != NDUP__VALUE_STRING) {
        note_wrong(line, field);
        return NULL;
    }
    return decode(length, line, &line->values[field], strings);
}

const char *ndup__plan_optional(ndup__plan_line *line, unsigned field, ndup__arena *strings)
{
    ndup__value_kind kind = line->values[field].kind;
    return kind == NDUP__VALUE_ABSENT || kind == NDUP__VALUE_NULL
               ? NULL
               : ndup__plan_string(NULL, line, field, strings);
}

/* The next string of an array that a scan has accepted, from *at on; false at the array's end, and
 * with *is_good unset at what is no string. */
static bool next_string(ndup__value *string, bool *is_good, const ndup__value *array, size_t *at)
{
    while (*at < array->length && strchr(" \t\r\n,", array->raw[*at]) != NULL) {
        (*at)++;
    }
    if (*at >= array->length || array->raw[*at] == ']') {
        return false;
    }
    *is_good = array->raw[*at] == '"';
    if (!*is_good) {
        return false;
    }
    size_t start = ++*at;
    *string = (ndup__value){.kind = NDUP__VALUE_STRING, .raw = array->raw + start};
    while (array->raw[*at] != '"') {
        bool is_escape = array->raw[*at] == '\\';
        string->escaped |= is_escape;
        *at += is_escape ? 2 : 1;
    }
    string->length = (*at)++ - start;
    return true;
}

const char *const *ndup__plan_list(size_t *count, ndup__plan_line *line, unsigned field,
                                   ndup__arena *strings)
{
    const ndup__value *array = &line->values[field];
    ndup__value string;
    bool is_good = array->kind == NDUP__VALUE_ARRAY;
    size_t at = 1; /* behind the bracket */
    *count = 0;
    while (is_good && next_string(&string, &is_good, array, &at)) {
        (*count)++;
    }
    void *block = NULL;
    if (!is_good) {
        note_wrong(line, field);
        *count = 0;
        return NULL;
    }
    if (line->status == NDUP_STATUS_OK) {
        line->status =
            ndup__arena_take(strings, &block, (*count + 1) * sizeof(char *), line->error);
    }
    if (line->status != NDUP_STATUS_OK) {
        *count = 0;
        return NULL;
    }
    const char **list = block;
    at = 1;
    for (size_t i = 0; i < *count && next_string(&string, &is_good, array, &at); i++) {
        list[i] = decode(NULL, line, &string, strings);
    }
    return list;
}
