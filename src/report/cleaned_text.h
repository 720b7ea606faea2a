/* SPDX-License-Identifier: MIT */
/* Texts without their repeats. */
#ifndef NDUP__REPORT_CLEANED_TEXT_H
#define NDUP__REPORT_CLEANED_TEXT_H

#include "neardup/flag.h"

/* A span that a cleaned text leaves out: a unit, and the white space with it. */
typedef struct ndup__removed {
    size_t unit;
    size_t offset;
    size_t length;
} ndup__removed;

/* Reused from document to document: zero-initialise, set the allocator, free at the end. Threads:
 * single-owner. */
typedef struct ndup__cleaner {
    const ndup_allocator *allocator;
    ndup__removed *removed; /* [removed_count], in the order of the units */
    size_t removed_count;
    size_t removed_capacity;
    char *text;
    size_t text_capacity;
} ndup__cleaner;

/* Replaces `removed` by what a cleaned text leaves out: each unit with the white space behind it,
 * or before it where less stands there, so that what remains is parted as before. The spans do not
 * overlap. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__removed_spans(ndup__cleaner *cleaner, const ndup_flagged *flagged,
                                               ndup_error *error);

/* The text without the spans that were found last; borrowed until the next call. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__cleaned_text(ndup_text *cleaned, ndup__cleaner *cleaner,
                                              ndup_text text, ndup_error *error);

void ndup__cleaner_deinit(ndup__cleaner *cleaner);

#endif
