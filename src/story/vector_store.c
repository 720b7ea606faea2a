/* SPDX-License-Identifier: MIT */
/* Vectors never move, since texts point to them. So there are several columns, and not one that
 * grows; each is as large as all before it, up to a limit, so that few files are open. */
#include "story/vector_store.h"

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"

#define COLUMN_LEAST ((uint64_t)256 << 10)
#define COLUMN_MOST ((uint64_t)256 << 20)

static ndup_status add_column(ndup__vector_store *store, ndup_error *error)
{
    uint64_t bytes = store->total < COLUMN_LEAST  ? COLUMN_LEAST
                     : store->total > COLUMN_MOST ? COLUMN_MOST
                                                  : store->total;
    uint64_t held = store->total + bytes <= NDUP__VECTORS_HELD ? bytes : 0;
    ndup_status status = ndup__reserve(store->allocator, &store->columns, &store->capacity,
                                       store->count + 1, sizeof *store->columns, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__column *column = &store->columns[store->count];
    ndup__column_init(column, held, store->folder, store->allocator);
    status = ndup__column_fill(column, bytes, error);
    if (status != NDUP_STATUS_OK) {
        ndup__column_deinit(column);
        return status;
    }
    store->count++;
    store->total += bytes;
    store->used = 0;
    return NDUP_STATUS_OK;
}

ndup_status ndup__vectors_keep(ndup__vector_store *store, ndup__term_vector *vector,
                               ndup_error *error)
{
    size_t bytes = vector->count * sizeof *vector->terms;
    ndup_status status = NDUP_STATUS_OK;
    if (bytes == 0) {
        return status;
    }
    if (store->count == 0 || store->used + bytes > store->columns[store->count - 1].total) {
        status = add_column(store, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    void *kept = (char *)store->columns[store->count - 1].bytes + store->used;
    memcpy(kept, vector->terms, bytes);
    ndup__free(store->allocator, &vector->terms, vector->count, sizeof *vector->terms);
    vector->terms = kept;
    store->used += bytes;
    return NDUP_STATUS_OK;
}

void ndup__vectors_let_go(const ndup__vector_store *store, const ndup__term_vector *vector)
{
    const char *upto = (const char *)vector->terms;
    for (size_t i = 0; i < store->count && upto != NULL; i++) {
        ndup__column *column = &store->columns[i];
        const char *begin = column->bytes;
        bool is_here = upto >= begin && upto < begin + column->total;
        if (column->file >= 0) {
            ndup__file_let_go(column->bytes, is_here ? (size_t)(upto - begin) : column->total);
        }
        if (is_here) {
            break;
        }
    }
}

void ndup__vectors_deinit(ndup__vector_store *store)
{
    for (size_t i = 0; i < store->count; i++) {
        ndup__column_deinit(&store->columns[i]);
    }
    ndup__free(store->allocator, &store->columns, store->capacity, sizeof *store->columns);
}
