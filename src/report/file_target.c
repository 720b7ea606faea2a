/* SPDX-License-Identifier: MIT */
/* A file is written under another name until everything is on the disk. */
#include "report/file_target.h"

#include <string.h>

#include "base/alloc.h"
#include "report/sink.h"

static ndup_status refuse_input(const ndup__file_target *target, const char *const *inputs,
                                size_t input_count, ndup_error *error)
{
    ndup__output_trace trace = ndup__output_trace_of(target->path, target->has_header);
    return ndup__refuse_input(inputs, input_count, target->path, trace, error);
}

static ndup_status check(const ndup__file_target *target, const ndup_output_options *options,
                         ndup_error *error)
{
    ndup_status status = ndup__output_check_target(target->path, target->overwrite, error);
    if (status == NDUP_STATUS_OK && options != NULL) {
        status = refuse_input(target, options->inputs, options->input_count, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__refuse_read(options->also_read, options->also_read_count, target->path,
                                       error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__output_check_codec(target->path, error);
    }
    if (status == NDUP_STATUS_OK && strcmp(target->path, "-") != 0) {
        status = ndup__output_try(target->path, error);
    }
    return status;
}

ndup_status ndup__file_target_open(ndup__file_target *target, const char *path, bool has_header,
                                   const ndup_output_options *options, ndup_error *error)
{
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    *target = (ndup__file_target){.allocator = *ndup__allocator(allocator),
                                  .overwrite = options != NULL && options->overwrite,
                                  .csv_raw = options != NULL && options->csv_raw,
                                  .has_header = has_header};
    size_t bytes = strlen(path) + 1;
    ndup_status status = ndup__resize(&target->allocator, &target->path, 0, bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        target->path_bytes = bytes;
        memcpy(target->path, path, bytes);
        status = check(target, options, error);
    }
    return status;
}

void ndup__file_target_close(ndup__file_target *target)
{
    ndup__file_target_abort(target);
    ndup__out_deinit(&target->out);
    ndup__writer_close(target->writer);
    target->writer = NULL;
    ndup__free(&target->allocator, &target->path, target->path_bytes, 1);
    target->path_bytes = 0;
}

ndup_status ndup__file_target_begin(ndup__file_target *target, const char *const *inputs,
                                    size_t input_count, ndup_error *error)
{
    ndup_status status = refuse_input(target, inputs, input_count, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_open(&target->writer, target->path, target->overwrite,
                                   &target->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__out_init(&target->out, target->writer, &target->allocator);
        target->out.csv_raw = target->csv_raw;
    }
    return status;
}

ndup_status ndup__file_target_finish(ndup__file_target *target, ndup_error *error)
{
    ndup_status status = ndup__out_flush(&target->out, error);
    return status == NDUP_STATUS_OK ? ndup__writer_finish(target->writer, error) : status;
}

ndup_status ndup__file_target_commit(ndup__file_target *target, bool *committed, ndup_error *error)
{
    ndup_status status = ndup__writer_commit(target->writer, error);
    *committed = ndup__writer_is_committed(target->writer);
    return status;
}

void ndup__file_target_abort(ndup__file_target *target)
{
    if (target->writer != NULL) {
        ndup__writer_abort(target->writer);
    }
}
