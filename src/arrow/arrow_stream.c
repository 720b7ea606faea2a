/* SPDX-License-Identifier: MIT */
/* A stream of batches that are filled when they are asked for. */
#include "arrow/arrow_stream.h"

#include <errno.h>

#include "arrow/batch.h"
#include "base/alloc.h"

typedef struct stream_state {
    ndup__arrow_source source;
    uint64_t next;
    ndup_error error;
} stream_state;

/* A schema's columns. Names and formats are not copied: they are literals. */
typedef struct schema_parts {
    size_t count;
    struct ArrowSchema *schemas;
    struct ArrowSchema **children;
} schema_parts;

static void free_parts(schema_parts *parts)
{
    ndup__free(NULL, &parts->schemas, parts->count, sizeof *parts->schemas);
    ndup__free(NULL, &parts->children, parts->count, sizeof *parts->children);
    ndup__free(NULL, &parts, 1, sizeof *parts);
}

static void release_field(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    schema_parts *parts = schema->private_data;
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->schemas[i].release != NULL) {
            parts->schemas[i].release(&parts->schemas[i]);
        }
    }
    free_parts(parts);
    schema->release = NULL;
}

static ndup_status new_parts(schema_parts **out, size_t count, ndup_error *error)
{
    schema_parts *parts;
    ndup_status status = ndup__allocate_zeroed(NULL, &parts, 1, sizeof *parts, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    parts->count = count;
    status = ndup__allocate_zeroed(NULL, &parts->schemas, count, sizeof *parts->schemas, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(NULL, &parts->children, count, sizeof *parts->children, error);
    }
    if (status != NDUP_STATUS_OK) {
        free_parts(parts);
        return status;
    }
    *out = parts;
    return NDUP_STATUS_OK;
}

static int give_schema(struct ArrowArrayStream *stream, struct ArrowSchema *schema)
{
    stream_state *state = stream->private_data;
    const ndup__arrow_source *source = &state->source;
    schema_parts *parts;
    if (new_parts(&parts, source->field_count, &state->error) != NDUP_STATUS_OK) {
        return ENOMEM;
    }
    for (size_t i = 0; i < parts->count; i++) {
        const ndup__arrow_field *field = &source->fields[i];
        parts->schemas[i] =
            (struct ArrowSchema){.format = field->format,
                                 .name = field->name,
                                 .flags = field->is_nullable ? ARROW_FLAG_NULLABLE : 0,
                                 .release = release_field,
                                 .private_data = parts};
        parts->children[i] = &parts->schemas[i];
    }
    *schema = (struct ArrowSchema){.format = "+s",
                                   .name = "",
                                   .n_children = (int64_t)parts->count,
                                   .children = parts->children,
                                   .release = release_schema,
                                   .private_data = parts};
    return 0;
}

/* Fills a batch with what comes next. */
static ndup_status fill(ndup__arrow_batch *batch, size_t *rows, stream_state *state, size_t most)
{
    const ndup__arrow_source *source = &state->source;
    ndup_status status = NDUP_STATUS_OK;
    *rows = 0;
    while (*rows < most && status == NDUP_STATUS_OK &&
           ndup__arrow_batch_bytes(batch) < NDUP__ARROW_BATCH_BYTES) {
        status = source->add_row(source->context, batch, state->next + *rows, &state->error);
        (*rows)++;
    }
    return status;
}

static int give_batch(struct ArrowArrayStream *stream, struct ArrowArray *array)
{
    stream_state *state = stream->private_data;
    uint64_t left = state->source.rows - state->next;
    size_t most = left < NDUP__ARROW_BATCH_ROWS ? (size_t)left : NDUP__ARROW_BATCH_ROWS;
    ndup__arrow_batch *batch;
    size_t rows;
    *array = (struct ArrowArray){.release = NULL};
    if (left == 0) {
        return 0;
    }
    ndup_status status = ndup__arrow_batch_new(&batch, state->source.fields,
                                               state->source.field_count, most, &state->error);
    if (status != NDUP_STATUS_OK) {
        return ENOMEM;
    }
    if (fill(batch, &rows, state, most) != NDUP_STATUS_OK) {
        ndup__arrow_batch_free(batch);
        return ENOMEM;
    }
    state->next += rows;
    ndup__arrow_batch_give(array, batch, rows);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    const stream_state *state = stream->private_data;
    return state->error.status != NDUP_STATUS_OK ? state->error.message : NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    stream_state *state = stream->private_data;
    ndup__free(NULL, &state, 1, sizeof *state);
    stream->release = NULL;
}

ndup_status ndup__arrow_stream_open(struct ArrowArrayStream *stream,
                                    const ndup__arrow_source *source, ndup_error *error)
{
    stream_state *state;
    *stream = (struct ArrowArrayStream){.release = NULL};
    ndup_status status = ndup__allocate_zeroed(NULL, &state, 1, sizeof *state, error);
    if (status == NDUP_STATUS_OK) {
        state->source = *source;
        *stream = (struct ArrowArrayStream){.get_schema = give_schema,
                                            .get_next = give_batch,
                                            .get_last_error = get_last_error,
                                            .release = release_stream,
                                            .private_data = state};
    }
    return status;
}
