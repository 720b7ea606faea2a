/* SPDX-License-Identifier: MIT */
/* Text on its way into an output file: collects small pieces and keeps the first failure. */
#ifndef NDUP__REPORT_OUT_H
#define NDUP__REPORT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/compress.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* Bytes that are gathered before a writer gets them. */
#define NDUP__OUT_BYTES ((size_t)64 << 10)
/* Longest text of a number, without a zero behind it. */
#define NDUP__NUMBER_BYTES 32

/* The functions that write return nothing: after a failure they do nothing, and ndup__out_status
 * and ndup__out_flush tell. Nothing here depends on the locale. Threads: single-owner. */
typedef struct ndup__out {
    ndup__writer *writer; /* borrowed; NULL: everything is gathered in memory */
    const ndup_allocator *allocator;
    ndup_error failure;
    bool needs_comma; /* for json_out: a value stands before, on this level */
    bool needs_cell;  /* for csv_out: a cell stands before, in this row */
    bool has_tabs;    /* for csv_out: cells are parted by tabs */
    bool csv_raw;     /* for csv_out: nothing is done about spreadsheets and terminals */
    /* For json_out: strings are written so that no HTML parser finds markup in them and no
     * JavaScript parser a line end: < > & U+2028 U+2029 become \u escapes. */
    bool is_embedded;
    char *bytes; /* [capacity], of which held are waiting */
    size_t held;
    size_t capacity;
} ndup__out;

void ndup__out_init(ndup__out *out, ndup__writer *writer, const ndup_allocator *allocator);
void ndup__out_deinit(ndup__out *out);

/* Where `bytes` more bytes may be written, or NULL when memory or the writer fails. What was
 * written is kept by ndup__out_keep with its end. */
char *ndup__out_room(ndup__out *out, size_t bytes);
static inline void ndup__out_keep(ndup__out *out, const char *end)
{
    out->held = (size_t)(end - out->bytes);
}

void ndup__out_bytes(ndup__out *out, const char *bytes, size_t length);
void ndup__out_text(ndup__out *out, const char *text);

/* The first failure, or OK. */
NDUP_NODISCARD ndup_status ndup__out_status(const ndup__out *out, ndup_error *error);

/* Hands what is held to the writer. */
NDUP_NODISCARD ndup_status ndup__out_flush(ndup__out *out, ndup_error *error);

/* Bytes written so far, before compression. */
uint64_t ndup__out_written(const ndup__out *out);

/* Writes the decimal digits of `value` to `text`, which has room for NDUP__NUMBER_BYTES, and
 * returns how many. */
size_t ndup__format_count(char *text, uint64_t value);

/* The same for a number with at most six decimals, rounded half up, without zeros at the end:
 * "0.833333", "1", "-0.5". Returns 0 for what has no such form: not a number, infinite, or beyond
 * 10^12. */
size_t ndup__format_fixed(char *text, double value);

/* Sixteen lower-case hexadecimal digits. */
size_t ndup__format_hash(char *text, uint64_t value);

/* The length of the longest beginning of `text` of at most `limit` bytes that does not cut a UTF-8
 * character. */
size_t ndup__cut_at_character(ndup_text text, size_t limit);

/* Code points of a text; damaged bytes count as they come. */
uint64_t ndup__count_characters(ndup_text text);

/* A text of a zero-terminated string; NULL is empty. */
ndup_text ndup__text_of(const char *string);

#endif
