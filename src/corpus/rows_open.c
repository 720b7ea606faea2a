/* SPDX-License-Identifier: MIT */
/* Reading a stream of Arrow arrays to its end. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/require.h"
#include "corpus/rows.h"

/* Seconds between two questions whether to go on. */
#define ASK_SECONDS 0.1

/* Asks the caller, now and then, whether to go on. */
static ndup_status ask(double *asked, const ndup_hooks *hooks, ndup_error *error)
{
    double now = ndup__clock_seconds();
    if (hooks == NULL || hooks->progress == NULL || now - *asked < ASK_SECONDS) {
        return NDUP_STATUS_OK;
    }
    *asked = now;
    const ndup_progress progress = {.stage = NDUP_STAGE_READ};
    return hooks->progress(hooks->context, &progress)
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_CANCELLED, "cancelled");
}

static uint64_t count_bytes(const ndup_corpus *corpus)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < corpus->rows->batch_count; i++) {
        const ndup__row_batch *batch = &corpus->rows->batches[i];
        bytes += ndup__rows_text_bytes(corpus, batch, batch->first, (uint64_t)batch->array.length);
    }
    return bytes;
}

static ndup_status read_stream(ndup_corpus *corpus, struct ArrowArrayStream *stream,
                               const ndup_hooks *hooks, ndup_error *error)
{
    const ndup__corpus_file file = {.path = "rows",
                                    .relative = "rows.jsonl",
                                    .id = "",
                                    .folder = "",
                                    .format = &ndup__format_rows,
                                    .is_told = true};
    double asked = ndup__clock_seconds();
    bool more = true;
    ndup_status status = ndup__rows_new(&corpus->rows, corpus->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_add_file(corpus, &file, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__rows_read_schema(corpus->rows, corpus, stream, error);
    }
    while (status == NDUP_STATUS_OK && more) {
        status = ask(&asked, hooks, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__rows_next(corpus->rows, corpus, stream, &more, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        corpus->total_bytes = corpus->files[0].size = count_bytes(corpus);
    }
    return status;
}

static ndup_status check_stream(const struct ArrowArrayStream *stream, ndup_error *error)
{
    if (stream->release == NULL) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "the table's stream was released before");
    }
    return stream->get_schema != NULL && stream->get_next != NULL
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID, "the table's stream lacks functions");
}

ndup_status ndup_corpus_open_arrow(ndup_corpus **out, struct ArrowArrayStream *stream,
                                   const ndup_corpus_options *options, const ndup_hooks *hooks,
                                   ndup_error *error)
{
    ndup_corpus *corpus = NULL;
    if (out != NULL) {
        *out = NULL;
    }
    ndup_status status = NDUP__REQUIRE(error, "corpus", out, "stream", stream);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_stream(stream, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_new(&corpus, options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_stream(corpus, stream, hooks, error);
    }
    if (stream != NULL && stream->release != NULL) {
        stream->release(stream);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_corpus_close(corpus);
        return status;
    }
    *out = corpus;
    return NDUP_STATUS_OK;
}
