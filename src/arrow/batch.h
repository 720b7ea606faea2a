/* SPDX-License-Identifier: MIT */
/* Filling the arrays of a batch, and giving them away. */
#ifndef NDUP__ARROW_BATCH_H
#define NDUP__ARROW_BATCH_H

#include "arrow/arrow_stream.h"

/* String bytes after which a batch ends; offsets of 32 bits bear it with any one string more. */
#define NDUP__ARROW_BATCH_BYTES ((size_t)64 << 20)

/* Zeroed by ndup__arrow_batch_new, freed by giving it away or by ndup__arrow_batch_free. */
NDUP_NODISCARD ndup_status ndup__arrow_batch_new(ndup__arrow_batch **batch,
                                                 const ndup__arrow_field *fields,
                                                 size_t field_count, size_t rows,
                                                 ndup_error *error);
void ndup__arrow_batch_free(ndup__arrow_batch *batch);

/* Bytes of its strings. */
size_t ndup__arrow_batch_bytes(const ndup__arrow_batch *batch);

/* Makes the batch of `rows` rows an array that owns it. */
void ndup__arrow_batch_give(struct ArrowArray *array, ndup__arrow_batch *batch, size_t rows);

#endif
