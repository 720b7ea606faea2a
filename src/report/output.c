/* SPDX-License-Identifier: MIT */
/* What every output begins with: its path, its allocator, its end. */
#include <string.h>

#include "base/alloc.h"
#include "base/require.h"
#include "base/unfinished.h"
#include "report/sink.h"

ndup_status ndup__output_new(ndup__output **output, size_t bytes, const char *path,
                             const ndup_output_options *options, ndup_error *error)
{
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    ndup__output *made;
    *output = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, bytes, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->allocator = *ndup__allocator(allocator);
    made->own_bytes = bytes;
    made->overwrite = options != NULL && options->overwrite;
    made->csv_raw = options != NULL && options->csv_raw;
    made->listing = options != NULL ? options->listing : (ndup_listing){0};
    made->path_bytes = strlen(path) + 1;
    status = ndup__resize(&made->allocator, &made->path, 0, made->path_bytes, 1, error);
    if (status != NDUP_STATUS_OK) {
        ndup__output_free(made);
        return status;
    }
    memcpy(made->path, path, made->path_bytes);
    made->sink.struct_size = sizeof made->sink;
    made->sink.context = made;
    *output = made;
    return NDUP_STATUS_OK;
}

void ndup__output_free(ndup__output *output)
{
    ndup_allocator allocator = output->allocator;
    ndup__free(&allocator, &output->path, output->path_bytes, 1);
    ndup__free(&allocator, &output, output->own_bytes, 1);
}

uint64_t ndup_outputs_abandon(void)
{
    return ndup__unfinished_abandon();
}

void ndup_output_close(ndup_sink *sink)
{
    if (sink != NULL && sink->context != NULL) {
        sink->close(sink->context);
        ndup__output_free(sink->context);
    }
}

ndup_status ndup_output_write_text(bool *written, const char *path, ndup_text text, bool overwrite,
                                   ndup_error *error)
{
    ndup__writer *writer = NULL;
    if (written != NULL) {
        *written = false;
    }
    ndup_status status = NDUP__REQUIRE(error, "path", path);
    if (status == NDUP_STATUS_OK && text.length > 0) {
        status = NDUP__REQUIRE(error, "text", text.bytes);
    }
    if (status == NDUP_STATUS_OK && strcmp(path, "-") != 0) {
        status = ndup__output_try(path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_open(&writer, path, overwrite, NULL, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_write(writer, text.bytes, text.length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_commit(writer, error);
    }
    if (writer != NULL && written != NULL) {
        *written = status == NDUP_STATUS_OK || ndup__writer_is_committed(writer);
    }
    ndup__writer_close(writer);
    return status;
}
