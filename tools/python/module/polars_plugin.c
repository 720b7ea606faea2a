/* SPDX-License-Identifier: MIT */
/* What Polars looks for in this shared library: its plugin interface 0.1, which is Arrow's
 * structures and one of its own. It calls from threads of its own, without Python. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "column_functions.h"

#define INTERFACE_MAJOR 0u
#define INTERFACE_MINOR 1u
#define MESSAGE_BYTES 256

/* A series: a field and its chunks. Who made it frees it by release, but not the contents of the
 * chunks, which whoever takes it releases one by one. Without private_data it counts as missing. */
typedef struct series_export {
    struct ArrowSchema *field;
    struct ArrowArray **chunks;
    size_t chunk_count;
    void (*release)(struct series_export *series);
    void *private_data;
} series_export;

/* What a series of ours stands on. */
typedef struct owned_series {
    struct ArrowSchema field;
    struct ArrowArray array;
    struct ArrowArray *chunks[1];
} owned_series;

/* Polars asks for the message after a call that returned nothing, from the same thread. */
static _Thread_local char last_message[MESSAGE_BYTES];

static void tell(const ndup_error *error)
{
    snprintf(last_message, sizeof last_message, "%s",
             error->message[0] != '\0' ? error->message : ndup_status_text(error->status));
}

static void release_series(series_export *series)
{
    owned_series *owned = series->private_data;
    if (owned->field.release != NULL) {
        owned->field.release(&owned->field);
    }
    free(owned); /* the array was taken over */
    series->release = NULL;
}

/* Inputs are ours from the call on. */
static void release_inputs(series_export *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t chunk = 0; chunk < inputs[i].chunk_count; chunk++) {
            struct ArrowArray *array = inputs[i].chunks[chunk];
            if (array->release != NULL) {
                array->release(array);
            }
        }
        if (inputs[i].release != NULL) {
            inputs[i].release(&inputs[i]);
        }
    }
}

static ndup_status open_inputs(text_column *columns, const series_export *inputs, size_t count,
                               ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < count && i < COLUMN_INPUTS && status == NDUP_STATUS_OK; i++) {
        status = text_column_open(&columns[i], inputs[i].field, inputs[i].chunks,
                                  inputs[i].chunk_count, error);
    }
    return status;
}

static ndup_status find_type(column_type *type, const column_function *function,
                             const series_export *inputs, size_t count,
                             const column_options *options, ndup_error *error)
{
    const struct ArrowSchema *fields[COLUMN_INPUTS] = {NULL};
    for (size_t i = 0; i < count && i < COLUMN_INPUTS; i++) {
        fields[i] = inputs[i].field;
    }
    return column_function_type(type, function, fields, count, options, error);
}

static ndup_status run(owned_series *owned, const column_function *function,
                       const series_export *inputs, size_t count, const column_options *options,
                       ndup_error *error)
{
    text_column columns[COLUMN_INPUTS];
    column_type type;
    ndup_status status = find_type(&type, function, inputs, count, options, error);
    if (status == NDUP_STATUS_OK) {
        status = open_inputs(columns, inputs, count, error);
    }
    if (status == NDUP_STATUS_OK) {
        const char *name = inputs[0].field->name;
        status = column_schema(&owned->field, type, name != NULL ? name : "", error);
    }
    return status == NDUP_STATUS_OK
               ? column_function_run(&owned->array, function, columns, count, options, error)
               : status;
}

static void call(const char *name, series_export *inputs, size_t count, const uint8_t *pickle,
                 size_t pickle_bytes, series_export *returned)
{
    ndup_error error = {.status = NDUP_STATUS_MEMORY};
    column_options options;
    owned_series *owned = calloc(1, sizeof *owned);
    ndup_status status = owned != NULL ? column_options_read(&options, pickle, pickle_bytes, &error)
                                       : NDUP_STATUS_MEMORY;
    if (status == NDUP_STATUS_OK) {
        status = run(owned, column_function_find(name), inputs, count, &options, &error);
    }
    release_inputs(inputs, count);
    series_export made = {.release = release_series, .private_data = owned};
    if (status == NDUP_STATUS_OK) {
        owned->chunks[0] = &owned->array;
        made.field = &owned->field;
        made.chunks = owned->chunks;
        made.chunk_count = 1;
        *returned = made;
        return;
    }
    tell(&error);
    if (owned != NULL) {
        release_series(&made);
    }
}

static void call_field(const char *name, const struct ArrowSchema *fields, size_t count,
                       struct ArrowSchema *returned, const uint8_t *pickle, size_t pickle_bytes)
{
    ndup_error error = {0};
    column_options options;
    column_type type;
    const struct ArrowSchema *inputs[COLUMN_INPUTS] = {NULL};
    for (size_t i = 0; i < count && i < COLUMN_INPUTS; i++) {
        inputs[i] = &fields[i];
    }
    ndup_status status = column_options_read(&options, pickle, pickle_bytes, &error);
    if (status == NDUP_STATUS_OK) {
        status = column_function_type(&type, column_function_find(name), inputs, count, &options,
                                      &error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            column_schema(returned, type, fields[0].name != NULL ? fields[0].name : "", &error);
    }
    if (status != NDUP_STATUS_OK) {
        tell(&error);
    }
}

#define EXPORT __attribute__((visibility("default")))

EXPORT uint32_t _polars_plugin_get_version(void);
EXPORT uint32_t _polars_plugin_get_version(void)
{
    return INTERFACE_MAJOR << 16 | INTERFACE_MINOR;
}

EXPORT const char *_polars_plugin_get_last_error_message(void);
EXPORT const char *_polars_plugin_get_last_error_message(void)
{
    return last_message;
}

/* A function of column_functions.c under the names that Polars looks up. */
#define PLUGIN(name)                                                                              \
    EXPORT void _polars_plugin_##name(series_export *, size_t, const uint8_t *, size_t,           \
                                      series_export *, const void *);                             \
    EXPORT void _polars_plugin_##name(series_export *inputs, size_t count, const uint8_t *pickle, \
                                      size_t bytes, series_export *returned, const void *caller)  \
    {                                                                                             \
        (void)caller;                                                                             \
        call(#name, inputs, count, pickle, bytes, returned);                                      \
    }                                                                                             \
    EXPORT void _polars_plugin_field_##name(const struct ArrowSchema *, size_t,                   \
                                            struct ArrowSchema *, const uint8_t *, size_t);       \
    EXPORT void _polars_plugin_field_##name(const struct ArrowSchema *fields, size_t count,       \
                                            struct ArrowSchema *returned, const uint8_t *pickle,  \
                                            size_t bytes)                                         \
    {                                                                                             \
        call_field(#name, fields, count, returned, pickle, bytes);                                \
    }

PLUGIN(n_tokens)
PLUGIN(fingerprint)
PLUGIN(simhash)
PLUGIN(sketch)
PLUGIN(clean)
PLUGIN(similarity)
