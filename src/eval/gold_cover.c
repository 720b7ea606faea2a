/* SPDX-License-Identifier: MIT */
/* Which labelled ids a corpus has. */
#include "eval/gold_cover.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/require.h"
#include "dedup/result.h"

static int by_bytes(const void *left, const void *right)
{
    const ndup_text *x = left;
    const ndup_text *y = right;
    size_t shorter = x->length < y->length ? x->length : y->length;
    int difference = shorter > 0 ? memcmp(x->bytes, y->bytes, shorter) : 0;
    return difference != 0 ? difference : (x->length > y->length) - (x->length < y->length);
}

/* ids is sorted. */
static void look_up(ndup_gold_coverage *coverage, const ndup__id_index *index, const ndup_text *ids,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && by_bytes(&ids[i], &ids[i - 1]) == 0) {
            continue;
        }
        coverage->ids++;
        if (ndup__id_index_document(index, ids[i]) == NDUP__NO_DOCUMENT) {
            coverage->first = coverage->unknown == 0 ? ids[i] : coverage->first;
            coverage->unknown++;
        }
    }
}

ndup_status ndup__gold_cover(ndup_gold_coverage *coverage, const ndup_gold *gold,
                             const ndup__id_index *index, ndup_error *error)
{
    ndup_text *ids = NULL;
    size_t most = 2 * gold->count;
    size_t count = 0;
    *coverage = (ndup_gold_coverage){0};
    ndup_status status = ndup__resize(index->allocator, &ids, 0, most, sizeof *ids, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < gold->count; i++) {
        ids[count++] = gold->rows[i].a;
        if (!gold->is_clusters) {
            ids[count++] = gold->rows[i].b;
        }
    }
    if (count > 1) {
        qsort(ids, count, sizeof *ids, by_bytes);
    }
    look_up(coverage, index, ids, count);
    ndup__free(index->allocator, &ids, most, sizeof *ids);
    return NDUP_STATUS_OK;
}

ndup_status ndup_gold_cover(ndup_gold_coverage *coverage, const ndup_gold *gold,
                            const ndup_result *result, ndup_error *error)
{
    ndup__id_index index;
    ndup_status status =
        NDUP__REQUIRE(error, "coverage", coverage, "labels", gold, "result", result);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__id_index_init(&index, &result->table, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__gold_cover(coverage, gold, &index, error);
    }
    ndup__id_index_deinit(&index);
    return status;
}
