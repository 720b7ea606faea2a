/* SPDX-License-Identifier: MIT */
/* What became of the documents of each source, and which source repeats which. */
#include "report/source_matrix.h"

#include <stdlib.h>

#include "base/alloc.h"

/* A row with what it is sorted by. */
typedef struct ranked_row {
    uint64_t repeats;
    uint64_t documents;
    uint32_t row;
} ranked_row;

static int more_repeats_first(const void *left, const void *right)
{
    const ranked_row *a = left;
    const ranked_row *b = right;
    if (a->repeats != b->repeats) {
        return a->repeats < b->repeats ? 1 : -1;
    }
    if (a->documents != b->documents) {
        return a->documents < b->documents ? 1 : -1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

ndup_status ndup__sources_rank(uint32_t **order, const ndup__sources *sources, ndup_error *error)
{
    ranked_row *ranked = NULL;
    *order = NULL;
    ndup_status status =
        ndup__resize(sources->allocator, &ranked, 0, sources->count, sizeof *ranked, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(sources->allocator, order, 0, sources->count, sizeof **order, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__free(sources->allocator, &ranked, ranked != NULL ? sources->count : 0,
                   sizeof *ranked);
        return status;
    }
    for (size_t i = 0; i < sources->count; i++) {
        const ndup__source_counts *row = &sources->rows[i];
        ranked[i] = (ranked_row){row->dropped + row->repeated, row->documents, (uint32_t)i};
    }
    if (sources->count > 0) {
        qsort(ranked, sources->count, sizeof *ranked, more_repeats_first);
    }
    for (size_t i = 0; i < sources->count; i++) {
        (*order)[i] = ranked[i].row;
    }
    ndup__free(sources->allocator, &ranked, sources->count, sizeof *ranked);
    return NDUP_STATUS_OK;
}

static void fill_matrix(ndup__source_matrix *matrix, const ndup__sources *sources,
                        const ndup_result *result)
{
    for (uint64_t i = 0; i < sources->document_count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        if (!verdict.kept && verdict.survivor != i) {
            ndup__source_matrix_count(matrix, sources->of_document[verdict.survivor],
                                      sources->of_document[i]);
        }
    }
}

void ndup__sources_count_rows(ndup__sources *sources, const ndup_result *result)
{
    for (uint64_t i = 0; i < sources->document_count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        if (!verdict.kept) {
            sources->rows[sources->of_document[i]].dropped++;
            sources->rows[sources->of_document[verdict.survivor]].repeated += verdict.survivor != i;
        }
    }
}

ndup_status ndup__source_matrix_init(ndup__source_matrix *matrix, const ndup__sources *sources,
                                     size_t most, ndup_error *error)
{
    const ndup_allocator *allocator = sources->allocator;
    size_t rows = sources->count;
    *matrix = (ndup__source_matrix){
        .row_count = rows, .has_others = rows > most, .size = rows > most ? most + 1 : rows};
    ndup_status status = ndup__sources_rank(&matrix->order, sources, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &matrix->repeats, matrix->size * matrix->size,
                                       sizeof *matrix->repeats, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &matrix->places, 0, rows, sizeof *matrix->places, error);
    }
    for (size_t i = 0; i < rows && status == NDUP_STATUS_OK; i++) {
        matrix->places[matrix->order[i]] = (uint32_t)(i < most ? i : most);
    }
    return status;
}

ndup_status ndup__sources_count(ndup__source_matrix *matrix, ndup__sources *sources,
                                const ndup_result *result, size_t most, ndup_error *error)
{
    ndup__sources_count_rows(sources, result);
    ndup_status status = ndup__source_matrix_init(matrix, sources, most, error);
    if (status == NDUP_STATUS_OK) {
        fill_matrix(matrix, sources, result);
    }
    return status;
}

void ndup__source_matrix_deinit(ndup__source_matrix *matrix, const ndup_allocator *allocator)
{
    ndup__free(allocator, &matrix->order, matrix->row_count, sizeof *matrix->order);
    ndup__free(allocator, &matrix->repeats, matrix->size * matrix->size, sizeof *matrix->repeats);
    ndup__free(allocator, &matrix->places, matrix->row_count, sizeof *matrix->places);
    matrix->row_count = matrix->size = 0;
}
