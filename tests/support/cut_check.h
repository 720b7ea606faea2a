/* SPDX-License-Identifier: MIT */
/* Reads bytes as a file of some format without files: in one block, in blocks of any size, and
 * record by record. */
#ifndef TEST_SUPPORT_CUT_CHECK_H
#define TEST_SUPPORT_CUT_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* What reading gave: documents and notes, and hashes over their places and texts in order. */
typedef struct cut_result {
    size_t documents;
    size_t notes;
    uint64_t document_hash;
    uint64_t note_hash;
} cut_result;

/* Reads data[0..size) as the file `name`, whose suffix tells the format, in blocks of `step` bytes
 * and, where a record needs more, multiples of it; step 0 = in one block. Each document is read
 * again from its own bytes and must then be the same. Aborts if anything is not as it must be. */
cut_result cut_check_read(const char *name, const uint8_t *data, size_t size, size_t step);

/* Aborts unless blocks of `step` bytes give what one block gives. */
cut_result cut_check(const char *name, const uint8_t *data, size_t size, size_t step);

#endif
