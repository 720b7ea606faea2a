/* SPDX-License-Identifier: MIT */
/* Outputs of flag runs: from the calls of a sink to those of a format. */
#include "report/flag_output.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "report/sink.h"

static ndup_status refuse_input(const ndup__flag_output *output, const char *const *inputs,
                                size_t input_count, ndup_error *error)
{
    ndup__output_trace trace = ndup__output_trace_of(output->path, output->kind->has_header);
    return ndup__refuse_input(inputs, input_count, output->path, trace, error);
}

static ndup_status begin_file(ndup__flag_output *output, const ndup_flag_run *run,
                              ndup_error *error)
{
    ndup_status status = refuse_input(output, run->inputs, run->input_count, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_open(&output->writer, output->path, output->overwrite,
                                   &output->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__out_init(&output->out, output->writer, &output->allocator);
    }
    return status;
}

static ndup_status begin(void *context, const ndup_flag_run *run, ndup_error *error)
{
    ndup__flag_output *output = context;
    ndup_status status =
        output->folder != NULL
            ? ndup__folder_output_begin(output->folder, run->inputs, run->input_count, error)
            : begin_file(output, run, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    output->run = run;
    return output->kind->begin != NULL ? output->kind->begin(output, error) : NDUP_STATUS_OK;
}

static ndup_status take_document(void *context, const ndup_flagged *flagged, ndup_error *error)
{
    ndup__flag_output *output = context;
    if (output->kind->document == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = output->kind->document(output, flagged, error);
    return status == NDUP_STATUS_OK ? ndup__out_status(&output->out, error) : status;
}

const char *ndup__flag_output_file(const ndup_flag_sink *sink)
{
    const ndup__flag_output *output = sink->context;
    return sink->document == take_document ? output->path : NULL;
}

static ndup_status finish(void *context, const ndup_flag_summary *summary, ndup_error *error)
{
    ndup__flag_output *output = context;
    ndup_status status = NDUP_STATUS_OK;
    if (output->kind->finish != NULL) {
        status = output->kind->finish(output, summary, error);
    }
    if (status == NDUP_STATUS_OK && output->folder != NULL) {
        return ndup__folder_output_finish(output->folder, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__out_flush(&output->out, error);
    }
    return status == NDUP_STATUS_OK ? ndup__writer_finish(output->writer, error) : status;
}

static ndup_status commit(void *context, ndup_error *error)
{
    ndup__flag_output *output = context;
    ndup_status status = output->folder != NULL ? ndup__folder_output_commit(output->folder, error)
                                                : ndup__writer_commit(output->writer, error);
    output->sink.committed = output->folder != NULL ? output->folder->base.sink.committed
                                                    : ndup__writer_is_committed(output->writer);
    return status;
}

static void give_up(void *context)
{
    ndup__flag_output *output = context;
    if (output->writer != NULL) {
        ndup__writer_abort(output->writer);
    }
    if (output->folder != NULL) {
        ndup__folder_output_give_up(output->folder);
    }
}

static void end(void *context)
{
    ndup__flag_output *output = context;
    if (output->run != NULL && output->kind->end != NULL) {
        output->kind->end(output);
    }
    give_up(output);
    ndup__out_deinit(&output->out);
    ndup__writer_close(output->writer);
    output->writer = NULL;
    output->run = NULL;
}

static ndup_status open_folder(ndup__flag_output *output, const char *path,
                               const ndup_output_options *options, ndup_error *error)
{
    ndup__output *made;
    ndup_status status =
        ndup__folder_output_open(&made, sizeof(ndup__folder_output), path, options, error);
    output->folder = (ndup__folder_output *)made;
    return status;
}

/* What can be known of a file before the run. */
static ndup_status check_file(const ndup__flag_output *output, const ndup_output_options *options,
                              ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (options != NULL) {
        status = refuse_input(output, options->inputs, options->input_count, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__refuse_read(options->also_read, options->also_read_count, output->path,
                                       error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__output_check_codec(output->path, error);
    }
    if (status == NDUP_STATUS_OK && strcmp(output->path, "-") != 0) {
        status = ndup__output_try(output->path, error);
    }
    return status;
}

ndup_status ndup__flag_output_open(ndup_flag_sink **sink, const ndup__flag_kind *kind,
                                   const char *path, const ndup_output_options *options,
                                   ndup_error *error)
{
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    ndup__flag_output *output;
    ndup_status status = ndup__allocate_zeroed(allocator, &output, 1, sizeof *output, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    output->allocator = *ndup__allocator(allocator);
    output->cleaner.allocator = &output->allocator;
    output->overwrite = options != NULL && options->overwrite;
    output->kind = kind;
    output->path_bytes = strlen(path) + 1;
    output->sink = (ndup_flag_sink){.struct_size = sizeof output->sink,
                                    .context = output,
                                    .begin = begin,
                                    .document = take_document,
                                    .finish = finish,
                                    .commit = commit,
                                    .abort = give_up,
                                    .close = end};
    status = kind->is_folder ? open_folder(output, path, options, error)
                             : ndup__output_check_target(path, output->overwrite, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(&output->allocator, &output->path, 0, output->path_bytes, 1, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_flag_output_close(&output->sink);
        return status;
    }
    memcpy(output->path, path, output->path_bytes);
    if (!kind->is_folder) {
        status = check_file(output, options, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_flag_output_close(&output->sink);
        return status;
    }
    *sink = &output->sink;
    return NDUP_STATUS_OK;
}

void ndup_flag_output_close(ndup_flag_sink *sink)
{
    if (sink != NULL && sink->context != NULL) {
        ndup__flag_output *output = sink->context;
        sink->close(sink->context);
        ndup_allocator allocator = output->allocator;
        ndup__cleaner_deinit(&output->cleaner);
        if (output->folder != NULL) {
            ndup__output_free(&output->folder->base);
        }
        ndup__free(&allocator, &output->path, output->path_bytes, 1);
        ndup__free(&allocator, &output, 1, sizeof *output);
    }
}
