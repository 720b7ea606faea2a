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

static ndup_status fail_stream(struct ArrowArrayStream *stream, int system_errno, ndup_error *error)
{
    const char *said = stream->get_last_error != NULL ? stream->get_last_error(stream) : NULL;
    if (said == NULL || said[0] == '\0') {
        return ndup__fail_errno(error, NDUP_STATUS_IO, system_errno, "the table's stream failed");
    }
    return ndup__fail(error, system_errno == ENOMEM ? NDUP_STATUS_MEMORY : NDUP_STATUS_IO,
                      "the table's stream failed: %.*s", (int)strcspn(said, "\n"), said);
}

/* The name that a stream of texts alone has as a column: what the text is looked for as. */
static ndup_status take_texts(ndup__rows *rows, const ndup_corpus *corpus,
                              const ndup__arrow_column *root, ndup_error *error)
{
    void *block;
    char *name;
    const char *wanted = corpus->fields.paths[corpus->fields.first[NDUP__ROLE_TEXT]];
    ndup_status status = ndup__arena_take(&rows->strings, &block, sizeof *root, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(&rows->strings, &name, wanted, strlen(wanted), error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__arrow_column *column = block;
        *column = *root;
        column->name = name;
        rows->root = rows->columns = column;
        rows->column_count = 1;
    }
    return status;
}

static ndup_status make_keys(ndup__rows *rows, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__json_line line = {.allocator = allocator};
    void *keys = NULL;
    void *flags = NULL;
    ndup_status status = ndup__arena_take(&rows->strings, &keys,
                                          (rows->column_count + 1) * sizeof *rows->keys, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_take(&rows->strings, &flags, rows->column_count + 1, error);
    }
    rows->keys = keys;
    rows->is_field = flags;
    for (size_t i = 0; i < rows->column_count && status == NDUP_STATUS_OK; i++) {
        const char *name = rows->columns[i].name;
        char *copy = NULL;
        line.length = 0;
        status = ndup__json_line_add(&line, "\"", 1, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__json_line_escape(&line, name, strlen(name), error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__json_line_add(&line, "\":", 2, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__arena_copy(&rows->strings, &copy, line.bytes, line.length, error);
            rows->keys[i] = (ndup_text){copy, line.length};
        }
    }
    ndup__json_line_deinit(&line);
    return status;
}

ndup_status ndup__rows_new(ndup__rows **rows, const ndup_allocator *allocator, ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(allocator, rows, 1, sizeof **rows, error);
    if (status == NDUP_STATUS_OK) {
        (*rows)->strings.allocator = allocator;
    }
    return status;
}

void ndup__rows_drop(ndup__rows *rows)
{
    for (size_t i = 0; i < rows->batch_count; i++) {
        rows->batches[i].array.release(&rows->batches[i].array);
    }
    rows->batch_count = 0;
}

void ndup__rows_free(const ndup_allocator *allocator, ndup__rows *rows)
{
    ndup__rows_drop(rows);
    ndup__free(allocator, &rows->batches, rows->batch_capacity, sizeof *rows->batches);
    ndup__arena_deinit(&rows->strings);
    ndup__free(allocator, &rows, 1, sizeof *rows);
}

static ndup_status take_schema(ndup__rows *rows, const ndup_corpus *corpus,
                               const struct ArrowSchema *schema, ndup_error *error)
{
    const ndup__arrow_column *root;
    ndup_status status = ndup__arrow_column_read(&root, &rows->strings, schema, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (root->kind == NDUP__ARROW_STRUCT) {
        rows->root = root;
        rows->columns = root->children;
        rows->column_count = root->child_count;
    } else {
        status = take_texts(rows, corpus, root, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = make_keys(rows, corpus->allocator, error);
    }
    return status == NDUP_STATUS_OK ? ndup__rows_find_columns(rows, corpus, error) : status;
}

ndup_status ndup__rows_read_schema(ndup__rows *rows, const ndup_corpus *corpus,
                                   struct ArrowArrayStream *stream, ndup_error *error)
{
    struct ArrowSchema schema = {.release = NULL};
    int failure = stream->get_schema(stream, &schema);
    if (failure != 0) {
        return fail_stream(stream, failure, error);
    }
    ndup_status status = take_schema(rows, corpus, &schema, error);
    if (schema.release != NULL) {
        schema.release(&schema);
    }
    return status;
}

/* Empty batches are let go. */
static ndup_status keep_batch(ndup__rows *rows, const ndup_corpus *corpus, struct ArrowArray *array,
                              ndup_error *error)
{
    ndup_status status = ndup__arrow_check(rows->root, array, rows->count, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(corpus->allocator, &rows->batches, &rows->batch_capacity,
                               rows->batch_count + 1, sizeof *rows->batches, error);
    }
    if (status == NDUP_STATUS_OK &&
        rows->count + (uint64_t)array->length >= (uint64_t)1 << NDUP__PLACE_OFFSET_BITS) {
        status = ndup__fail(error, NDUP_STATUS_LIMIT, "more than %llu rows",
                            (unsigned long long)rows->count);
    }
    if (status != NDUP_STATUS_OK || array->length == 0) {
        array->release(array);
        return status;
    }
    rows->batches[rows->batch_count++] = (ndup__row_batch){*array, rows->count};
    rows->count += (uint64_t)array->length;
    return NDUP_STATUS_OK;
}

ndup_status ndup__rows_next(ndup__rows *rows, const ndup_corpus *corpus,
                            struct ArrowArrayStream *stream, bool *more, ndup_error *error)
{
    struct ArrowArray array = {.release = NULL};
    int failure = stream->get_next(stream, &array);
    *more = true;
    if (failure != 0) {
        return fail_stream(stream, failure, error);
    }
    if (array.release == NULL) {
        *more = false;
        return NDUP_STATUS_OK;
    }
    return keep_batch(rows, corpus, &array, error);
}

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
