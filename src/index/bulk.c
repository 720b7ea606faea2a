/* SPDX-License-Identifier: MIT */
/* Rows first, segments last. */
#include "index/bulk.h"

#include "base/clock.h"
#include "index/update.h"

/* Documents of one transaction. */
#define TOGETHER 100000

ndup_status ndup__bulk_begin(ndup__bulk *bulk, ndup_index *index, ndup_error *error)
{
    bool is_broken;
    *bulk = (ndup__bulk){.index = index, .session = index->writer, .started = ndup__clock_today()};
    ndup_status status = ndup__session_begin(bulk->session, true, &is_broken, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_maker_init(&bulk->maker, &index->settings, index->segment_folder,
                                          index->view.covered + 1, index->allocator, error);
    }
    return status;
}

static ndup_status begin_next(ndup__bulk *bulk, ndup_error *error)
{
    ndup__database *database = bulk->session->database;
    bulk->open = 0;
    ndup_status status = ndup__database_commit(database, error);
    return status == NDUP_STATUS_OK ? ndup__database_begin(database, true, error) : status;
}

ndup_status ndup__bulk_add(ndup__bulk *bulk, uint32_t *number, const ndup__prepared *prepared,
                           uint32_t family, int64_t added, ndup_error *error)
{
    const ndup__document_keys keys =
        ndup__prepared_keys(prepared, bulk->session->settings, family == 0);
    ndup_status status = ndup__insert_row(bulk->session, number, prepared, family, added, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_maker_add(&bulk->maker, *number, &keys, error);
    }
    if (status == NDUP_STATUS_OK && ++bulk->open == TOGETHER) {
        status = begin_next(bulk, error);
    }
    return status;
}

ndup_status ndup__bulk_end(ndup__bulk *bulk, ndup_error *error)
{
    ndup__database *database = bulk->session->database;
    ndup__database_counts counts;
    ndup_status status = ndup__database_count(database, &counts, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_commit(database, error);
    }
    if (status != NDUP_STATUS_OK || counts.last < bulk->maker.first) {
        return status;
    }
    status = ndup__segment_maker_end(&bulk->maker, counts.last, error);
    return status == NDUP_STATUS_OK
               ? ndup__key_view_take_made(&bulk->index->view, database, counts.last, error)
               : status;
}

void ndup__bulk_close(ndup__bulk *bulk)
{
    ndup__segment_maker_deinit(&bulk->maker);
    ndup__database_rollback(bulk->session->database);
}
