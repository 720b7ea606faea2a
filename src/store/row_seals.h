/* SPDX-License-Identifier: MIT */
/* A hash of each row, kept in it: SQLite does not notice when a byte of a page becomes another one,
 * and a wrong row would be a wrong answer. FORMAT.md says what is hashed. */
#ifndef NDUP__STORE_ROW_SEALS_H
#define NDUP__STORE_ROW_SEALS_H

#include "store/database.h"

uint64_t ndup__seal_document(const ndup__stored_document *document);

/* Without the text, which the document has a hash of. */
uint64_t ndup__seal_sketch(uint32_t number, const ndup__stored_sketch *sketch);

uint64_t ndup__seal_block(const ndup__stored_block *row);
uint64_t ndup__seal_witness(uint32_t family, uint32_t place, ndup_text tokens);
uint64_t ndup__seal_members(uint32_t family, uint64_t members);
uint64_t ndup__seal_counts(const ndup__database_counts *counts);

#endif
