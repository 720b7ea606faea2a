/* SPDX-License-Identifier: MIT */
/* The titles of a run's documents, one behind the other. */
#include "dedup/titles.h"

#include <string.h>

#include "base/alloc.h"
#include "report/out.h"

/* Makes room for a title of `length` bytes, with the empty ones before it. */
static ndup_status reserve(ndup__titles *titles, size_t length, ndup_error *error)
{
    size_t bytes = titles->count > 0 ? (size_t)titles->ends[titles->count - 1] : 0;
    ndup_status status =
        ndup__reserve(titles->allocator, &titles->ends, &titles->capacity,
                      titles->count + titles->empty + 1, sizeof *titles->ends, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return ndup__reserve(titles->allocator, &titles->bytes, &titles->byte_capacity, bytes + length,
                         1, error);
}

ndup_status ndup__titles_add(ndup__titles *titles, ndup_text title, ndup_error *error)
{
    size_t length = ndup__cut_at_character(title, NDUP__TITLE_BYTES);
    if (length == 0) {
        titles->empty++;
        return NDUP_STATUS_OK;
    }
    ndup_status status = reserve(titles, length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t begin = titles->count > 0 ? titles->ends[titles->count - 1] : 0;
    for (; titles->empty > 0; titles->empty--) {
        titles->ends[titles->count++] = begin;
    }
    memcpy(titles->bytes + begin, title.bytes, length);
    titles->ends[titles->count++] = begin + length;
    return NDUP_STATUS_OK;
}

ndup_text ndup__titles_get(const ndup__titles *titles, size_t document)
{
    if (document >= titles->count) {
        return (ndup_text){NULL, 0};
    }
    uint64_t begin = document > 0 ? titles->ends[document - 1] : 0;
    size_t length = (size_t)(titles->ends[document] - begin);
    return (ndup_text){length > 0 ? titles->bytes + begin : NULL, length};
}

void ndup__titles_deinit(ndup__titles *titles)
{
    ndup__free(titles->allocator, &titles->ends, titles->capacity, sizeof *titles->ends);
    ndup__free(titles->allocator, &titles->bytes, titles->byte_capacity, 1);
    titles->count = titles->empty = titles->capacity = titles->byte_capacity = 0;
}
