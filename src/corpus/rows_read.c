/* SPDX-License-Identifier: MIT */
/* Reading a stream of Arrow arrays: its schema, and batch by batch. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "corpus/rows.h"

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
