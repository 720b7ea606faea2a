/* SPDX-License-Identifier: MIT */
/* Outputs that are one file: from the calls of a sink to those of a format. */
#include <string.h>

#include "base/error.h"
#include "codec/codec.h"
#include "report/sink.h"

static ndup_status refuse_input(const ndup__file_output *output, const char *const *inputs,
                                size_t input_count, ndup_error *error)
{
    bool has_header = output->kind->has_header && output->style == NDUP__STYLE_PLAIN;
    ndup__output_trace trace = ndup__output_trace_of(output->base.path, has_header);
    return ndup__refuse_input(inputs, input_count, output->base.path, trace, error);
}

static ndup_status begin(void *context, const ndup_result *result, ndup_error *error)
{
    ndup__file_output *output = context;
    const char *const *inputs;
    size_t input_count = ndup_result_inputs(result, &inputs);
    ndup_status status = refuse_input(output, inputs, input_count, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (output->writer == NULL) {
        status = ndup__writer_open(&output->writer, output->base.path, output->base.overwrite,
                                   &output->base.allocator, error);
        ndup__out_init(&output->out, output->writer, &output->base.allocator);
        output->out.csv_raw = output->base.csv_raw;
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    output->result = result;
    output->kept = 0;
    output->dropped = 0;
    if (output->kind->begin != NULL) {
        status = output->kind->begin(output, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__out_status(&output->out, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__out_deinit(&output->out);
        ndup__writer_close(output->writer);
        output->writer = NULL;
    }
    return status;
}

static ndup_status take_document(void *context, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    ndup__file_output *output = context;
    if (output->kind->document == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = output->kind->document(output, verdict, document, error);
    return status == NDUP_STATUS_OK ? ndup__out_status(&output->out, error) : status;
}

static bool choose(void *context, uint64_t number)
{
    ndup__file_output *output = context;
    return output->kind->chooses(output, number);
}

static ndup_status take_rejected(void *context, const ndup_problem *problem, ndup_text record,
                                 ndup_error *error)
{
    ndup__file_output *output = context;
    ndup_status status = output->kind->rejected(output, problem, record, error);
    return status == NDUP_STATUS_OK ? ndup__out_status(&output->out, error) : status;
}

static ndup_status finish(void *context, ndup_error *error)
{
    ndup__file_output *output = context;
    if (output->kind->finish != NULL) {
        ndup_status status = output->kind->finish(output, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    ndup_status status = ndup__out_flush(&output->out, error);
    return status == NDUP_STATUS_OK ? ndup__writer_finish(output->writer, error) : status;
}

static ndup_status commit(void *context, ndup_error *error)
{
    ndup__file_output *output = context;
    ndup_status status = ndup__writer_commit(output->writer, error);
    output->base.sink.committed = ndup__writer_is_committed(output->writer);
    return status;
}

static void give_up(void *context)
{
    ndup__file_output *output = context;
    if (output->writer != NULL) {
        ndup__writer_abort(output->writer);
    }
}

static void end(void *context)
{
    ndup__file_output *output = context;
    ndup__out_deinit(&output->out);
    ndup__writer_close(output->writer);
    output->writer = NULL;
    if (output->kind->release != NULL) {
        output->kind->release(output);
    }
}

const char *ndup__output_file(const ndup_sink *sink)
{
    const ndup__file_output *output = sink->context;
    return sink->document == take_document ? output->base.path : NULL;
}

ndup__file_output *ndup__output_in_parts(const ndup_sink *sink)
{
    if (sink->document != take_document) {
        return NULL;
    }
    ndup__file_output *output = sink->context;
    return output->kind->in_parts ? output : NULL;
}

void ndup__output_part_init(ndup__file_output *part, const ndup__file_output *whole,
                            const ndup_allocator *allocator)
{
    *part =
        (ndup__file_output){.kind = whole->kind, .style = whole->style, .result = whole->result};
    ndup__out_init(&part->out, NULL, allocator);
    part->out.csv_raw = whole->out.csv_raw;
}

void ndup__output_part_deinit(ndup__file_output *part)
{
    ndup__out_deinit(&part->out);
}

ndup_status ndup__output_part_add(ndup__file_output *part, const ndup_verdict *verdict,
                                  const ndup_document *document, ndup_error *error)
{
    return take_document(part, verdict, document, error);
}

ndup_status ndup__output_part_append(ndup__file_output *whole, ndup__file_output *part,
                                     ndup_error *error)
{
    ndup__out_bytes(&whole->out, part->out.bytes, part->out.held);
    whole->kept += part->kept;
    whole->dropped += part->dropped;
    part->out.held = 0;
    part->kept = part->dropped = 0;
    return ndup__out_status(&whole->out, error);
}

bool ndup__output_has_suffix(const char *path, const char *suffix)
{
    const ndup__codec *codec = ndup__codec_by_name(path);
    size_t length = strlen(path) - (codec != NULL ? strlen(codec->suffix) : 0);
    size_t suffix_length = strlen(suffix);
    return length > suffix_length &&
           memcmp(path + length - suffix_length, suffix, suffix_length) == 0;
}

static ndup_status choose_style(ndup__output_style *style, const ndup__output_kind *kind,
                                const char *path, ndup_error *error)
{
    *style = NDUP__STYLE_PLAIN;
    if (kind->has_markdown && ndup__output_has_suffix(path, ".md")) {
        *style = NDUP__STYLE_MARKDOWN;
    }
    if (ndup__output_has_suffix(path, ".csv")) {
        if (!kind->has_csv) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "%s outputs have no CSV form: give the file another suffix, or use "
                              "csv:FILE for kept rows",
                              kind->info.name);
        }
        *style = NDUP__STYLE_CSV;
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__file_output_open(ndup__output **output, const ndup__output_kind *kind,
                                   const char *path, const ndup_output_options *options,
                                   ndup_error *error)
{
    ndup__output_style style;
    *output = NULL;
    ndup_status status = choose_style(&style, kind, path, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__output_check_target(path, options != NULL && options->overwrite, error);
    }
    ndup__output *base;
    if (status == NDUP_STATUS_OK) {
        size_t bytes = kind->own_bytes > 0 ? kind->own_bytes : sizeof(ndup__file_output);
        status = ndup__output_new(&base, bytes, path, options, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__file_output *made = (ndup__file_output *)base;
    made->kind = kind;
    made->style = style;
    base->sink.folds = kind->folds;
    base->sink.wants_records =
        kind->wants_records || (kind->markdown_wants_records && style == NDUP__STYLE_MARKDOWN);
    base->sink.takes_runs = kind->takes_runs;
    base->sink.begin = begin;
    base->sink.document = take_document;
    base->sink.rejected = kind->rejected != NULL ? take_rejected : NULL;
    base->sink.chooses = kind->chooses != NULL ? choose : NULL;
    base->sink.finish = finish;
    base->sink.commit = commit;
    base->sink.abort = give_up;
    base->sink.close = end;
    if (options != NULL) {
        status = refuse_input(made, options->inputs, options->input_count, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__refuse_read(options->also_read, options->also_read_count, path, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__output_check_codec(path, error);
    }
    if (status == NDUP_STATUS_OK && strcmp(path, "-") != 0) {
        status = ndup__output_try(path, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_output_close(&base->sink);
        return status;
    }
    *output = base;
    return NDUP_STATUS_OK;
}
