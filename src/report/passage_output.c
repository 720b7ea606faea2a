/* SPDX-License-Identifier: MIT */
/* Outputs of passages: from the calls of a sink to those of a format. */
#include "report/passage_output.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "report/sink.h"

static ndup_status refuse_input(const ndup__passage_output *output, const char *const *inputs,
                                size_t input_count, ndup_error *error)
{
    ndup__output_trace trace = ndup__output_trace_of(output->path, output->kind->has_header);
    return ndup__refuse_input(inputs, input_count, output->path, trace, error);
}

static ndup_status begin(void *context, const ndup_passage_run *run, ndup_error *error)
{
    ndup__passage_output *output = context;
    ndup_status status = refuse_input(output, run->inputs, run->input_count, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_open(&output->writer, output->path, output->overwrite,
                                   &output->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__out_init(&output->out, output->writer, &output->allocator);
        output->out.csv_raw = output->csv_raw;
        output->run = run;
        if (output->kind->begin != NULL) {
            output->kind->begin(output);
        }
    }
    return status;
}

static ndup_status take_passage(void *context, const ndup_passage *passage, ndup_error *error)
{
    ndup__passage_output *output = context;
    output->kind->passage(output, passage);
    return ndup__out_status(&output->out, error);
}

static ndup_status take_family(void *context, const ndup_passage_family *family, ndup_error *error)
{
    ndup__passage_output *output = context;
    output->kind->family(output, family);
    return ndup__out_status(&output->out, error);
}

static ndup_status finish(void *context, const ndup_passage_summary *summary, ndup_error *error)
{
    ndup__passage_output *output = context;
    if (output->kind->finish != NULL) {
        output->kind->finish(output, summary);
    }
    ndup_status status = ndup__out_flush(&output->out, error);
    return status == NDUP_STATUS_OK ? ndup__writer_finish(output->writer, error) : status;
}

static ndup_status commit(void *context, ndup_error *error)
{
    ndup__passage_output *output = context;
    ndup_status status = ndup__writer_commit(output->writer, error);
    output->sink.committed = ndup__writer_is_committed(output->writer);
    return status;
}

static void give_up(void *context)
{
    ndup__passage_output *output = context;
    if (output->writer != NULL) {
        ndup__writer_abort(output->writer);
    }
}

static void end(void *context)
{
    ndup__passage_output *output = context;
    give_up(output);
    ndup__out_deinit(&output->out);
    ndup__writer_close(output->writer);
    output->writer = NULL;
}

/* What can be known of a file before the run. */
static ndup_status check_file(const ndup__passage_output *output,
                              const ndup_output_options *options, ndup_error *error)
{
    ndup_status status = ndup__output_check_target(output->path, output->overwrite, error);
    if (status == NDUP_STATUS_OK && options != NULL) {
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

ndup_status ndup__passage_output_open(ndup_passage_sink **sink, const ndup__passage_kind *kind,
                                      const char *path, const ndup_output_options *options,
                                      ndup_error *error)
{
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    ndup__passage_output *output;
    ndup_status status = ndup__allocate_zeroed(allocator, &output, 1, sizeof *output, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    output->allocator = *ndup__allocator(allocator);
    output->overwrite = options != NULL && options->overwrite;
    output->csv_raw = options != NULL && options->csv_raw;
    output->kind = kind;
    output->sink = (ndup_passage_sink){.struct_size = sizeof output->sink,
                                       .context = output,
                                       .begin = begin,
                                       .passage = kind->passage != NULL ? take_passage : NULL,
                                       .family = kind->family != NULL ? take_family : NULL,
                                       .finish = finish,
                                       .commit = commit,
                                       .abort = give_up,
                                       .close = end};
    size_t path_bytes = strlen(path) + 1;
    status = ndup__resize(&output->allocator, &output->path, 0, path_bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        output->path_bytes = path_bytes;
        memcpy(output->path, path, path_bytes);
        status = check_file(output, options, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_passage_output_close(&output->sink);
        return status;
    }
    *sink = &output->sink;
    return NDUP_STATUS_OK;
}

void ndup_passage_output_close(ndup_passage_sink *sink)
{
    if (sink != NULL && sink->context != NULL) {
        ndup__passage_output *output = sink->context;
        sink->close(sink->context);
        ndup_allocator allocator = output->allocator;
        ndup__free(&allocator, &output->path, output->path_bytes, 1);
        ndup__free(&allocator, &output, 1, sizeof *output);
    }
}
