/* SPDX-License-Identifier: MIT */
/* Parsing keep chains and ranking documents by them. */
#include "cluster/keep.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/glob.h"
#include "base/hash.h"

#define STRING_MOST 4096
#define MISSING NDUP__KEEP_MISSING
#define STRING_MARK (UINT64_MAX - 1) /* the number of every string value: behind all numbers */

static const struct {
    const char *name;
    ndup__keep_kind kind;
} plain_elements[] = {
    {"first", NDUP__KEEP_FIRST},     {"last", NDUP__KEEP_LAST},
    {"longest", NDUP__KEEP_LONGEST}, {"shortest", NDUP__KEEP_SHORTEST},
    {"newest", NDUP__KEEP_NEWEST},   {"oldest", NDUP__KEEP_OLDEST},
};

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static ndup_status fail_element(const char *element, ndup_error *error)
{
    return ndup__fail(
        error, NDUP_STATUS_INVALID,
        "keep policy '%.60s', must be first, last, longest, shortest, newest, oldest, "
        "prefer=GLOB or field:NAME:asc|desc",
        element);
}

/* "field:NAME:asc": the name may hold colons, the direction is the last part. */
static ndup_status parse_field(ndup__keep_policy *policy, ndup__keep_element *element, char *text,
                               ndup_error *error)
{
    char *name = text + strlen("field:");
    char *direction = strrchr(name, ':');
    if (direction == NULL || direction == name) {
        return fail_element(text, error);
    }
    element->descending = strcmp(direction, ":desc") == 0;
    if (!element->descending && strcmp(direction, ":asc") != 0) {
        return fail_element(text, error);
    }
    if (policy->field_count == NDUP__EXTRA_FIELDS) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "more than %d fields in the keep policy",
                          NDUP__EXTRA_FIELDS);
    }
    *direction = '\0';
    element->kind = NDUP__KEEP_FIELD;
    element->argument = name;
    element->extra = policy->field_count;
    policy->fields[policy->field_count++] = name;
    return NDUP_STATUS_OK;
}

static ndup_status parse_element(ndup__keep_policy *policy, char *text, ndup_error *error)
{
    if (policy->count == NDUP__KEEP_ELEMENTS) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "more than %d parts in the keep policy",
                          NDUP__KEEP_ELEMENTS);
    }
    ndup__keep_element *element = &policy->elements[policy->count++];
    *element = (ndup__keep_element){0};
    if (has_prefix(text, "prefer=") && text[strlen("prefer=")] != '\0') {
        element->kind = NDUP__KEEP_PREFER;
        element->argument = text + strlen("prefer=");
        return NDUP_STATUS_OK;
    }
    if (has_prefix(text, "field:")) {
        return parse_field(policy, element, text, error);
    }
    for (size_t i = 0; i < sizeof plain_elements / sizeof plain_elements[0]; i++) {
        if (strcmp(text, plain_elements[i].name) == 0) {
            element->kind = plain_elements[i].kind;
            return NDUP_STATUS_OK;
        }
    }
    return fail_element(text, error);
}

ndup_status ndup__keep_parse(ndup__keep_policy *policy, const char *chain, ndup__arena *strings,
                             ndup_error *error)
{
    *policy = (ndup__keep_policy){0};
    char *copy;
    ndup_status status = ndup__arena_copy(strings, &copy, chain, strlen(chain), error);
    while (status == NDUP_STATUS_OK) {
        char *comma = strchr(copy, ',');
        if (comma != NULL) {
            *comma = '\0';
        }
        status = parse_element(policy, copy, error);
        if (comma == NULL) {
            break;
        }
        copy = comma + 1;
    }
    for (unsigned i = 0; i < policy->count; i++) {
        policy->uses_input |= policy->elements[i].kind == NDUP__KEEP_FIRST ||
                              policy->elements[i].kind == NDUP__KEEP_LAST;
    }
    policy->input_order = policy->elements[0].kind == NDUP__KEEP_FIRST;
    return status;
}

/* Order-preserving image of a double: all bits flipped for negative numbers, the sign bit for
 * others. */
static uint64_t number_of_double(double value)
{
    uint64_t bits;
    value += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &value, sizeof bits);
    bits = (bits >> 63) != 0 ? ~bits : bits | (uint64_t)1 << 63;
    return bits >= STRING_MARK ? STRING_MARK - 1 : bits;
}

static ndup_status field_value(ndup__keep_value *value, const ndup__value *raw,
                               ndup__arena *strings, ndup_error *error)
{
    if (raw->kind == NDUP__VALUE_NUMBER && raw->length < 64) {
        char digits[64];
        memcpy(digits, raw->raw, raw->length);
        digits[raw->length] = '\0';
        value->number = number_of_double(strtod(digits, NULL));
        return NDUP_STATUS_OK;
    }
    if (raw->kind == NDUP__VALUE_FALSE || raw->kind == NDUP__VALUE_TRUE) {
        value->number = number_of_double(raw->kind == NDUP__VALUE_TRUE);
        return NDUP_STATUS_OK;
    }
    if (raw->kind != NDUP__VALUE_STRING) {
        return NDUP_STATUS_OK;
    }
    void *block;
    uint64_t replaced = 0;
    ndup_status status = ndup__arena_take(strings, &block, raw->length + NDUP__DECODE_SLACK, error);
    if (status == NDUP_STATUS_OK) {
        size_t length = ndup__value_decode(block, raw, &replaced);
        length = length > STRING_MOST ? STRING_MOST : length;
        ndup__arena_trim(strings, block, length);
        *value = (ndup__keep_value){STRING_MARK, block, (uint32_t)length};
    }
    return status;
}

static uint64_t date_number(const ndup_document *document, bool newest)
{
    int64_t milliseconds;
    if (ndup__parse_date(&milliseconds, document->date) != NDUP__DATE_READ) {
        return MISSING;
    }
    uint64_t number = (uint64_t)milliseconds ^ (uint64_t)1 << 63;
    return newest ? STRING_MARK - 1 - number : number;
}

static bool is_preferred(const char *glob, const ndup_document *document)
{
    return ndup__glob_match(glob, document->source) || ndup__glob_match(glob, document->id) ||
           ndup__glob_match(glob, document->url);
}

ndup_status ndup__keep_values(ndup__keep_value *values, const ndup__keep_policy *policy,
                              const ndup__item *item, uint64_t number, uint64_t tokens,
                              ndup__arena *strings, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (unsigned i = 0; i < policy->count && status == NDUP_STATUS_OK; i++) {
        const ndup__keep_element *element = &policy->elements[i];
        ndup__keep_value *value = &values[i];
        *value = (ndup__keep_value){.number = MISSING};
        switch (element->kind) {
        case NDUP__KEEP_FIRST:
        case NDUP__KEEP_SHORTEST:
            value->number = element->kind == NDUP__KEEP_FIRST ? number : tokens;
            break;
        case NDUP__KEEP_LAST:
        case NDUP__KEEP_LONGEST:
            value->number = MISSING - 1 - (element->kind == NDUP__KEEP_LAST ? number : tokens);
            break;
        case NDUP__KEEP_NEWEST:
        case NDUP__KEEP_OLDEST:
            value->number = date_number(&item->document, element->kind == NDUP__KEEP_NEWEST);
            break;
        case NDUP__KEEP_PREFER:
            value->number = !is_preferred(element->argument, &item->document);
            break;
        case NDUP__KEEP_FIELD:
            status = field_value(value, &item->extra[element->extra], strings, error);
            break;
        }
    }
    return status;
}

void ndup__keep_set_number(ndup__keep_value *values, const ndup__keep_policy *policy,
                           uint64_t number)
{
    for (unsigned i = 0; i < policy->count; i++) {
        if (policy->elements[i].kind == NDUP__KEEP_FIRST) {
            values[i].number = number;
        } else if (policy->elements[i].kind == NDUP__KEEP_LAST) {
            values[i].number = INT64_MAX - number;
        }
    }
}

static int compare_strings(const ndup__keep_value *a, const ndup__keep_value *b)
{
    uint32_t shorter = a->length < b->length ? a->length : b->length;
    int difference = shorter > 0 ? memcmp(a->bytes, b->bytes, shorter) : 0;
    return difference != 0 ? difference : (a->length > b->length) - (a->length < b->length);
}

int ndup__keep_compare(const ndup__keep_policy *policy, const ndup__keep_value *a,
                       const ndup__keep_value *b)
{
    for (unsigned i = 0; i < policy->count; i++) {
        int difference = (a[i].number > b[i].number) - (a[i].number < b[i].number);
        bool both_numbers = a[i].number < STRING_MARK && b[i].number < STRING_MARK;
        bool both_strings = a[i].number == STRING_MARK && b[i].number == STRING_MARK;
        if (both_strings && a[i].bytes != NULL && b[i].bytes != NULL) {
            difference = compare_strings(&a[i], &b[i]);
        }
        if (difference != 0) {
            bool reversed = policy->elements[i].descending && (both_numbers || both_strings);
            return reversed ? -difference : difference;
        }
    }
    return 0;
}

/* Of the others, order and length, the text and the place tell. */
static bool reads_record(ndup__keep_kind kind)
{
    return kind == NDUP__KEEP_NEWEST || kind == NDUP__KEEP_OLDEST || kind == NDUP__KEEP_PREFER ||
           kind == NDUP__KEEP_FIELD;
}

bool ndup__keep_reads_record(const ndup__keep_policy *policy)
{
    for (unsigned i = 0; i < policy->count; i++) {
        if (reads_record(policy->elements[i].kind)) {
            return true;
        }
    }
    return false;
}

uint64_t ndup__keep_hash(const ndup__keep_policy *policy, const ndup__keep_value *values,
                         bool is_protected)
{
    uint64_t hash = ndup__mix64(is_protected ? 2 : 1);
    for (unsigned i = 0; values != NULL && i < policy->count; i++) {
        if (reads_record(policy->elements[i].kind)) {
            hash = ndup__mix64(hash + 1) + ndup__mix64(values[i].number);
            hash = ndup__hash_bytes(values[i].bytes, values[i].length, hash);
        }
    }
    return hash != 0 ? hash : 1;
}
