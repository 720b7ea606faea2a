/* SPDX-License-Identifier: MIT */
/* The scan of one record: a loop over values with a bit stack, no tree and no recursion. */
#include "corpus/record_scan.h"

#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "corpus/json_text.h"
#include "corpus/record_path.h"
#include "kernel/kernel.h"
#include "kernel/string_end.h"
#include "kernel/string_escapes.h"
#include "text/utf8.h"

/* The scan's state beside the read position, which is passed and returned so that it stays in a
 * register; a NULL position means that the error has been filled. The wanted containers that are
 * open form a chain from the record down: the innermost is `node`, and a container deeper than
 * `wanted_depth` is being passed over. */
typedef struct scan_state {
    const char *line;
    const char *end;
    ndup__value *fields;
    ndup__decoding *decoding;
    const ndup__path_node *node;
    size_t depth;
    size_t wanted_depth;
    uint32_t filled;  /* fields that hold a value */
    uint32_t decoded; /* fields whose strings are decoded */
    bool in_object;   /* the innermost container is an object */
    ndup_status status;
    ndup_error *error;
    uint64_t objects[NDUP__RECORD_DEPTH / 64]; /* bit d: container number d is an object */
} scan_state;

static const char *fail_at(scan_state *scan, const char *p, ndup_status status)
{
    scan->status = status;
    if (scan->error != NULL) {
        scan->error->byte = (uint64_t)(p - scan->line);
    }
    return NULL;
}

/* Refuses what stands at p: "expected <expected>, found 'x'". */
__attribute__((noinline, cold)) static const char *fail_expected(scan_state *scan, const char *p,
                                                                 const char *expected)
{
    ndup_status status = NDUP_STATUS_CORRUPT;
    if (p == scan->end) {
        ndup__fail(scan->error, status, "expected %s, found the line's end", expected);
    } else if (*p > 0x20 && *p < 0x7F) {
        ndup__fail(scan->error, status, "expected %s, found '%c'", expected, *p);
    } else {
        ndup__fail(scan->error, status, "expected %s, found byte 0x%02X", expected,
                   (unsigned)(unsigned char)*p);
    }
    return fail_at(scan, p, status);
}

/* Refuses the string that cannot go on at p: its end is missing or a control character. */
__attribute__((noinline, cold)) static const char *fail_in_string(scan_state *scan, const char *p)
{
    if (p == scan->end) {
        ndup__fail(scan->error, NDUP_STATUS_CORRUPT, "the line ends inside a string");
    } else if (*p == '\n') {
        ndup__fail(scan->error, NDUP_STATUS_CORRUPT,
                   "a line end inside a string, must be written as \\n");
    } else {
        ndup__fail(scan->error, NDUP_STATUS_CORRUPT, "a control character (0x%02X) inside a string",
                   (unsigned)(unsigned char)*p);
    }
    return fail_at(scan, p, NDUP_STATUS_CORRUPT);
}

__attribute__((noinline, cold)) static const char *fail_too_deep(scan_state *scan, const char *p)
{
    ndup__fail(scan->error, NDUP_STATUS_LIMIT, "nesting deeper than %d levels", NDUP__RECORD_DEPTH);
    return fail_at(scan, p, NDUP_STATUS_LIMIT);
}

static inline const char *skip_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) {
        p++;
    }
    return p;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Refuses the escape whose backslash is at p. */
__attribute__((noinline, cold)) static const char *fail_in_escape(scan_state *scan, const char *p)
{
    p++;
    if (p == scan->end) {
        return fail_in_string(scan, p);
    }
    if (*p != 'u') {
        return fail_expected(scan, p, "one of \"\\/bfnrtu after a backslash");
    }
    /* Behind a u: there are less than four digits. */
    do {
        p++;
    } while (p < scan->end && ndup__is_hex_digit(*p));
    return p < scan->end ? fail_expected(scan, p, "4 hex digits after \\u")
                         : fail_in_string(scan, scan->end);
}

/* Passes a string whose first byte behind the quote is p; returns the byte behind the closing
 * quote. Keys and most values are short: the call is for what goes on behind sixteen bytes. */
static inline const char *skip_string(scan_state *scan, const char *p, bool *escaped)
{
    *escaped = false;
    if (scan->end - p >= 16) {
        unsigned near = ndup__string_near(p);
        if (near < 16 && p[near] == '"') {
            return p + near + 1;
        }
        p += near < 16 ? 0 : near;
    }
    uint32_t has_escapes = 0;
    p += ndup__string_pass(&has_escapes, p, (size_t)(scan->end - p));
    *escaped = has_escapes != 0;
    if (p < scan->end && *p == '"') {
        return p + 1;
    }
    return p < scan->end && *p == '\\' ? fail_in_escape(scan, p) : fail_in_string(scan, p);
}

_Static_assert(NDUP__DECODE_SLACK >= NDUP__STRING_SLACK, "whole vectors are stored");

/* Decodes a string whose first byte behind the quote is p; returns the byte behind the closing
 * quote. */
static const char *decode_string(scan_state *scan, const char *p, ndup__value *value)
{
    ndup__decoding *to = scan->decoding;
    const char *start = p;
    char *decoded = to->room + to->used;
    char *write = decoded;
    uint64_t replaced = 0;
    p = ndup__json_decode(&write, start, scan->end, &replaced);
    if (p == scan->end || *p != '"') {
        return p < scan->end && *p == '\\' ? fail_in_escape(scan, p) : fail_in_string(scan, p);
    }
    value->length = (size_t)(write - decoded);
    value->replaced = replaced > 0;
    if (value->length < (size_t)(p - start)) {
        value->raw = decoded;
        to->used += value->length;
    } else { /* without escapes: the copy is not needed */
        value->raw = start;
    }
    return p + 1;
}

static const char *skip_digits(scan_state *scan, const char *p)
{
    if (p == scan->end || !is_digit(*p)) {
        return fail_expected(scan, p, "a digit");
    }
    do {
        p++;
    } while (p < scan->end && is_digit(*p));
    return p;
}

static const char *skip_number(scan_state *scan, const char *p)
{
    if (*p == '-') {
        p++;
    }
    if (p < scan->end && *p == '0') {
        p++;
    } else {
        p = skip_digits(scan, p);
    }
    if (p != NULL && p < scan->end && *p == '.') {
        p = skip_digits(scan, p + 1);
    }
    if (p != NULL && p < scan->end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < scan->end && (*p == '+' || *p == '-')) {
            p++;
        }
        p = skip_digits(scan, p);
    }
    return p;
}

/* Refuses the value or key at p, and says so where it is Python's notation. */
__attribute__((noinline, cold)) static const char *fail_notation(scan_state *scan, const char *p,
                                                                 const char *expected)
{
    static const char *const words[] = {"None", "True", "False"};
    size_t left = (size_t)(scan->end - p);
    bool is_python = left > 0 && *p == '\'';
    for (size_t i = 0; i < sizeof words / sizeof words[0] && !is_python; i++) {
        size_t length = strlen(words[i]);
        is_python = left >= length && memcmp(p, words[i], length) == 0;
    }
    if (!is_python) {
        return fail_expected(scan, p, expected);
    }
    ndup__fail(scan->error, NDUP_STATUS_CORRUPT,
               "%s, as Python prints records; json.dumps writes them as JSON",
               *p == '\'' ? "single quotes" : "None, True or False");
    return fail_at(scan, p, NDUP_STATUS_CORRUPT);
}

static const char *skip_word(scan_state *scan, const char *p, const char *word, size_t length)
{
    if ((size_t)(scan->end - p) < length || memcmp(p, word, length) != 0) {
        return fail_expected(scan, p, "a value");
    }
    return p + length;
}

/* Passes NaN, Infinity or -Infinity, which are not JSON, but which Python writes. */
__attribute__((noinline, cold)) static const char *skip_not_finite(scan_state *scan, const char *p)
{
    static const char *const words[] = {"NaN", "Infinity", "-Infinity"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(scan->end - p) >= length && memcmp(p, words[i], length) == 0) {
            return p + length;
        }
    }
    return fail_notation(scan, p, "a value");
}

/* Gives every field that ends at `match` the value. */
static inline void fill_fields(scan_state *scan, const ndup__path_node *match, ndup__value value)
{
    scan->filled |= match->fields;
    for (uint32_t left = match->fields; left != 0; left &= left - 1) {
        scan->fields[__builtin_ctz(left)] = value;
    }
}

/* Forgets what an earlier key of the same name gave. */
static void clear_fields(scan_state *scan, uint32_t fields)
{
    scan->filled &= ~fields;
    for (uint32_t left = fields; left != 0; left &= left - 1) {
        scan->fields[__builtin_ctz(left)].kind = NDUP__VALUE_ABSENT;
    }
}

/* Passes a string, number or word at p, the value of `match` (NULL if not wanted). */
static inline const char *scan_scalar(scan_state *scan, const char *p, const ndup__path_node *match)
{
    ndup__value value = {.kind = NDUP__VALUE_STRING, .raw = p};
    switch (*p) {
    case '"':
        if (match != NULL && (match->fields & scan->decoded) != 0) {
            p = decode_string(scan, p + 1, &value);
            if (p != NULL) {
                fill_fields(scan, match, value);
            }
            return p;
        }
        value.raw = p + 1;
        p = skip_string(scan, p + 1, &value.escaped);
        break;
    case 'n':
        value.kind = NDUP__VALUE_NULL;
        p = skip_word(scan, p, "null", 4);
        break;
    case 'f':
        value.kind = NDUP__VALUE_FALSE;
        p = skip_word(scan, p, "false", 5);
        break;
    case 't':
        value.kind = NDUP__VALUE_TRUE;
        p = skip_word(scan, p, "true", 4);
        break;
    default:
        if (is_digit(*p) || (*p == '-' && !(p + 1 < scan->end && p[1] == 'I'))) {
            value.kind = NDUP__VALUE_NUMBER;
            p = skip_number(scan, p);
        } else {
            value.kind = NDUP__VALUE_NOT_FINITE;
            p = skip_not_finite(scan, p);
        }
    }
    if (p != NULL && match != NULL) {
        value.length = (size_t)(p - value.raw) - (value.kind == NDUP__VALUE_STRING);
        fill_fields(scan, match, value);
    }
    return p;
}

static const char *open_container(scan_state *scan, const char *p, const ndup__path_node *match)
{
    if (scan->depth == NDUP__RECORD_DEPTH) {
        return fail_too_deep(scan, p);
    }
    scan->in_object = *p == '{';
    if (match != NULL) {
        ndup__value_kind kind = scan->in_object ? NDUP__VALUE_OBJECT : NDUP__VALUE_ARRAY;
        fill_fields(scan, match, (ndup__value){.kind = kind, .raw = p});
        scan->node = match;
        scan->wanted_depth++;
    }
    uint64_t bit = (uint64_t)1 << (scan->depth % 64);
    uint64_t *word = &scan->objects[scan->depth / 64];
    *word = scan->in_object ? *word | bit : *word & ~bit;
    scan->depth++;
    return p + 1;
}

/* Closes the innermost container, which ends in front of p. */
static void close_container(scan_state *scan, const char *p)
{
    if (scan->depth == scan->wanted_depth) {
        for (uint32_t left = scan->node->fields; left != 0; left &= left - 1) {
            ndup__value *field = &scan->fields[__builtin_ctz(left)];
            field->length = (size_t)(p - field->raw);
        }
        scan->node = scan->node->parent;
        scan->wanted_depth--;
    }
    scan->depth--;
    if (scan->depth > 0) {
        size_t outer = scan->depth - 1;
        scan->in_object = (scan->objects[outer / 64] >> (outer % 64) & 1) != 0;
    }
}

/* Passes what may stand behind a value, or behind the opening of a container if `opened`: closing
 * brackets and a comma. Returns the next item's first byte, or the record's end if the depth is 0.
 */
static inline const char *scan_separator(scan_state *scan, const char *p, bool opened)
{
    for (;;) {
        p = skip_space(p, scan->end);
        if (p < scan->end && *p == (scan->in_object ? '}' : ']')) {
            p++;
            close_container(scan, p);
            if (scan->depth == 0) {
                return p;
            }
            opened = false;
            continue;
        }
        if (opened) {
            return p;
        }
        if (p < scan->end && *p == ',') {
            return skip_space(p + 1, scan->end);
        }
        return fail_expected(
            scan, p, scan->in_object ? "',' or '}' after a value" : "',' or ']' after a value");
    }
}

/* Passes a key and its colon; *match is where the value is wanted, or NULL. */
static inline const char *scan_key(scan_state *scan, const ndup__path_node **match, const char *p)
{
    if (p == scan->end || *p != '"') {
        return fail_notation(scan, p, "a key in quotes");
    }
    const char *raw = p + 1;
    bool escaped;
    p = skip_string(scan, raw, &escaped);
    if (p == NULL) {
        return NULL;
    }
    if (scan->depth == scan->wanted_depth) {
        *match = ndup__path_find(scan->node, raw, (size_t)(p - 1 - raw), escaped);
        if (*match != NULL && ((*match)->below & scan->filled) != 0) {
            clear_fields(scan, (*match)->below);
        }
    }
    p = skip_space(p, scan->end);
    if (p == scan->end || *p != ':') {
        return fail_expected(scan, p, "':' after a key");
    }
    return skip_space(p + 1, scan->end);
}

/* Passes the object at p; returns the byte behind it. Without a root nothing is wanted. */
static const char *scan_object(scan_state *scan, const char *p, const ndup__path_node *root)
{
    const ndup__path_node *match = root;
    for (;;) {
        if (p == scan->end) {
            return fail_expected(scan, p, "a value");
        }
        bool opened = *p == '{' || *p == '[';
        p = opened ? open_container(scan, p, match) : scan_scalar(scan, p, match);
        if (p == NULL) {
            return NULL;
        }
        p = scan_separator(scan, p, opened);
        if (p == NULL || scan->depth == 0) {
            return p;
        }
        match = NULL;
        if (scan->in_object) {
            p = scan_key(scan, &match, p);
            if (p == NULL) {
                return NULL;
            }
        }
    }
}

/* Finds the object's first byte. */
static const char *scan_start(scan_state *scan)
{
    const char *p = skip_space(scan->line, scan->end);
    if (ndup__utf8_mark(p, (size_t)(scan->end - p)) > 0) {
        ndup__fail(scan->error, NDUP_STATUS_CORRUPT, "a byte order mark stands before the object");
        return fail_at(scan, p, NDUP_STATUS_CORRUPT);
    }
    if (p == scan->end || *p != '{') {
        return fail_expected(scan, p, "an object ('{')");
    }
    return p;
}

ndup_status ndup__record_scan_decoding(ndup__value *fields, const ndup__record_scanner *scanner,
                                       const char *line, size_t length, ndup__decoding *decoding,
                                       ndup_error *error)
{
    scan_state scan = {.line = line,
                       .end = line + length,
                       .fields = fields,
                       .decoding = decoding,
                       .decoded = decoding != NULL ? decoding->fields : 0,
                       .status = NDUP_STATUS_OK,
                       .error = error};
    for (size_t i = 0; i < scanner->path_count; i++) {
        fields[i].kind = NDUP__VALUE_ABSENT;
    }
    const char *p = scan_start(&scan);
    if (p != NULL) {
        p = scan_object(&scan, p, &scanner->nodes[0]);
    }
    if (p != NULL) {
        p = skip_space(p, scan.end);
        if (p < scan.end) {
            ndup__fail(error, NDUP_STATUS_CORRUPT, "text after the object's end");
            p = fail_at(&scan, p, NDUP_STATUS_CORRUPT);
        }
    }
    if (p == NULL) {
        clear_fields(&scan, scan.filled);
    }
    return scan.status;
}

ndup_status ndup__record_scan(ndup__value *fields, const ndup__record_scanner *scanner,
                              const char *line, size_t length, ndup_error *error)
{
    return ndup__record_scan_decoding(fields, scanner, line, length, NULL, error);
}

ndup_status ndup__record_pass(size_t *passed, const char *bytes, size_t length, ndup_error *error)
{
    scan_state scan = {
        .line = bytes, .end = bytes + length, .status = NDUP_STATUS_OK, .error = error};
    const char *p = scan_start(&scan);
    if (p != NULL) {
        p = scan_object(&scan, p, NULL);
    }
    *passed = p != NULL ? (size_t)(p - bytes) : 0;
    return scan.status;
}
