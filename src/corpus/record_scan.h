/* SPDX-License-Identifier: MIT */
/* The record scanner: takes the wanted fields out of one line of JSON without building a tree. */
#ifndef NDUP__CORPUS_RECORD_SCAN_H
#define NDUP__CORPUS_RECORD_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* Deepest nesting that is read; deeper lines are refused (LIMIT). */
#define NDUP__RECORD_DEPTH 512
/* Room behind a decoded string, for stores of whole vectors. */
#define NDUP__DECODE_SLACK 64
/* Most fields one scanner can be asked for. */
#define NDUP__RECORD_FIELDS 32

typedef enum ndup__value_kind {
    NDUP__VALUE_ABSENT,
    NDUP__VALUE_NULL,
    NDUP__VALUE_FALSE,
    NDUP__VALUE_TRUE,
    NDUP__VALUE_NUMBER,
    NDUP__VALUE_NOT_FINITE, /* NaN, Infinity or -Infinity */
    NDUP__VALUE_STRING,
    NDUP__VALUE_ARRAY,
    NDUP__VALUE_OBJECT
} ndup__value_kind;

/* A value as it stands in the line. For strings raw[0..length) is between the quotes, still
 * escaped. Of what is ABSENT nothing else is said. */
typedef struct ndup__value {
    ndup__value_kind kind;
    bool escaped;  /* a string that holds at least one backslash */
    bool replaced; /* a string that was decoded, and held lone surrogates */
    const char *raw;
    size_t length;
} ndup__value;

/* Fields whose strings are decoded while they are passed: their values hold no escapes then, and
 * are in `room` where they held any. room[line length + NDUP__DECODE_SLACK], of which a scan fills
 * the first `used`. */
typedef struct ndup__decoding {
    uint32_t fields; /* bit i: field i */
    char *room;
    size_t used;
} ndup__decoding;

typedef struct ndup__record_scanner ndup__record_scanner;

/* Compiles dotted paths ("meta.url"; "\." is a literal dot, "\\" a backslash). Field i of a scan is
 * paths[i]. A path may be the beginning of another. Errors: INVALID for an empty path or component,
 * or more than NDUP__RECORD_FIELDS. Threads: immutable after creation, any number of threads may
 * scan with it. */
NDUP_NODISCARD ndup_status ndup__record_scanner_new(ndup__record_scanner **scanner,
                                                    const char *const *paths, size_t path_count,
                                                    const ndup_allocator *allocator,
                                                    ndup_error *error);
void ndup__record_scanner_free(ndup__record_scanner *scanner);

/* Reads one whole line (without its newline) that must be one JSON object (RFC 8259, and NaN,
 * Infinity and -Infinity for numbers, as Python writes them), spaces around it allowed, and fills
 * fields[0..path_count). Keys in any order and possibly escaped; of duplicate keys the last one
 * counts, together with everything below it. Everything is validated, wanted or not; damaged UTF-8
 * inside strings is accepted (decoding replaces it). Cost: linear, one pass, no allocation. Errors:
 * CORRUPT with error->byte = offset in the line and a message that says what stands there and what
 * was expected; LIMIT for nesting over NDUP__RECORD_DEPTH. Every field is ABSENT then. */
NDUP_NODISCARD ndup_status ndup__record_scan(ndup__value *fields,
                                             const ndup__record_scanner *scanner, const char *line,
                                             size_t length, ndup_error *error);

/* The same, with the strings of some fields decoded. A \u escape of a lone surrogate gives U+FFFD.
 */
NDUP_NODISCARD ndup_status ndup__record_scan_decoding(ndup__value *fields,
                                                      const ndup__record_scanner *scanner,
                                                      const char *line, size_t length,
                                                      ndup__decoding *decoding, ndup_error *error);

/* Passes the object that bytes[0..length) begin with, spaces in front of it allowed; *passed is set
 * behind it. Whatever follows is not looked at. Errors: those of ndup__record_scan. */
NDUP_NODISCARD ndup_status ndup__record_pass(size_t *passed, const char *bytes, size_t length,
                                             ndup_error *error);

/* Decodes the string value's escapes into `out` and returns the number of bytes, at most
 * value->length. `out` has room for NDUP__DECODE_SLACK bytes more than that, which may be written.
 * A \u escape of a lone surrogate gives U+FFFD and adds one to *replaced. Bytes that are not
 * escapes are copied as they are. The value must come from a successful scan. */
size_t ndup__value_decode(char *out, const ndup__value *value, uint64_t *replaced);

/* Appends `text` as the inside of a JSON string (no quotes): escapes quote, backslash and control
 * characters, writes other bytes as they are, damaged UTF-8 as U+FFFD. Returns the bytes written;
 * `out` has room for 6 * length. */
size_t ndup__json_escape(char *out, const char *text, size_t length);

/* The same; *replaced is how many damaged sequences became U+FFFD. */
size_t ndup__json_escape_counting(char *out, const char *text, size_t length, uint64_t *replaced);

#endif
