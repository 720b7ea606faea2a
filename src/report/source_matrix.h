/* SPDX-License-Identifier: MIT */
/* Sources ranked by how much they repeat, and their matrix. */
#ifndef NDUP__REPORT_SOURCE_MATRIX_H
#define NDUP__REPORT_SOURCE_MATRIX_H

#include "report/sources.h"

/* Who repeats whom: the sources with most repeats, then one row for all others. */
typedef struct ndup__source_matrix {
    uint32_t *order;   /* [row count of the sources] rows, most repeats (given or taken) first */
    size_t size;       /* of the matrix; without others when all sources have a row */
    bool has_others;   /* the last row and column stand for all other sources */
    uint64_t *repeats; /* [size * size]: [kept * size + dropped] documents */
    uint32_t *places;  /* [row_count] of a row's source in the matrix */
    size_t row_count;
} ndup__source_matrix;

/* Fills dropped and repeated of all rows. Every document of the result must have been added. */
void ndup__sources_count_rows(ndup__sources *sources, const ndup_result *result);

/* The rows, those with most repeats (given or taken) first. Shapes: (*order)[sources->count], which
 * the caller frees. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__sources_rank(uint32_t **order, const ndup__sources *sources,
                                              ndup_error *error);

/* Ranks the sources by what stands in dropped and repeated of their rows, and makes an empty matrix
 * of at most `most` of them. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__source_matrix_init(ndup__source_matrix *matrix,
                                                    const ndup__sources *sources, size_t most,
                                                    ndup_error *error);

/* Counts a document of row `dropped` that repeats one of row `kept`. */
static inline void ndup__source_matrix_count(ndup__source_matrix *matrix, uint32_t kept,
                                             uint32_t dropped)
{
    matrix->repeats[matrix->places[kept] * matrix->size + matrix->places[dropped]]++;
}

/* Fills dropped and repeated of all rows, and the matrix of at most `most` sources. Every document
 * of the result must have been added. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__sources_count(ndup__source_matrix *matrix, ndup__sources *sources,
                                               const ndup_result *result, size_t most,
                                               ndup_error *error);

void ndup__source_matrix_deinit(ndup__source_matrix *matrix, const ndup_allocator *allocator);

#endif
