/* SPDX-License-Identifier: MIT */
/* Opening and closing a corpus. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "base/file.h"
#include "corpus/known_file.h"
#include "corpus/rows.h"
#include "neardup/corpus.h"

static ndup_status copy_list(ndup_corpus *corpus, const char *const **list, size_t count,
                             ndup_error *error)
{
    void *block;
    ndup_status status =
        ndup__arena_take(&corpus->strings, &block, (count + 1) * sizeof(char *), error);
    const char **copies = block;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        copies[i] = (*list)[i];
        status = ndup__corpus_copy_string(corpus, &copies[i], error);
    }
    *list = copies;
    return status;
}

static ndup_status copy_options(ndup_corpus *corpus, const ndup_corpus_options *given,
                                ndup_error *error)
{
    ndup_corpus_options *options = &corpus->options;
    *options = (ndup_corpus_options)NDUP_CORPUS_OPTIONS_INIT;
    if (given != NULL) {
        if (given->struct_size < sizeof *given) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "struct_size %zu of the corpus options, must be %zu",
                              given->struct_size, sizeof *given);
        }
        *options = *given;
    }
    const char **const strings[] = {&options->text_field,   &options->id_field,
                                    &options->source_field, &options->url_field,
                                    &options->date_field,   &options->title_field,
                                    &options->html_field,   &options->temporary_folder,
                                    &options->format,       &options->encoding};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof strings / sizeof strings[0] && status == NDUP_STATUS_OK; i++) {
        status = ndup__corpus_copy_string(corpus, strings[i], error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_list(corpus, &options->include, options->include_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_list(corpus, &options->exclude, options->exclude_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__encoding_parse(&corpus->encoding, options->encoding, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__record_limits(&corpus->max_record_bytes, &corpus->working_bytes,
                                     options->max_record_bytes, error)
               : status;
}

ndup_status ndup__corpus_new(ndup_corpus **out, const ndup_corpus_options *options,
                             ndup_error *error)
{
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    ndup_corpus *corpus;
    ndup_status status = ndup__allocate_zeroed(allocator, &corpus, 1, sizeof *corpus, error);
    *out = corpus;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    corpus->allocator = allocator;
    corpus->strings.allocator = allocator;
    ndup__block_init(&corpus->opening, allocator);
    status = copy_options(corpus, options, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__fields_init(&corpus->fields, &corpus->options, NULL, 0, allocator, error);
    }
    return status;
}

ndup_status ndup__corpus_name_inputs(ndup_corpus *corpus, const char *const *inputs, size_t count,
                                     ndup_error *error)
{
    corpus->inputs = inputs;
    corpus->input_count = count;
    return copy_list(corpus, &corpus->inputs, count, error);
}

ndup_status ndup_corpus_open(ndup_corpus **out, const char *const *inputs, size_t input_count,
                             const ndup_corpus_options *options, const ndup_hooks *hooks,
                             ndup_error *error)
{
    if (out != NULL) {
        *out = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "corpus", out);
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_hooks(hooks, error);
    }
    if (given == NDUP_STATUS_OK && input_count > 0) {
        given = NDUP__REQUIRE(error, "inputs", inputs);
    }
    for (size_t i = 0; i < input_count && given == NDUP_STATUS_OK; i++) {
        given = NDUP__REQUIRE(error, "an input", inputs[i]);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    ndup_corpus *corpus;
    ndup_status status = ndup__corpus_new(&corpus, options, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_name_inputs(corpus, inputs, input_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_find_files(corpus, hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_expand_archives(corpus, hooks, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_corpus_close(corpus);
        return status;
    }
    *out = corpus;
    return NDUP_STATUS_OK;
}

/* A caller's documents become one spooled file of JSON lines. */
static ndup_status open_source(ndup_corpus *corpus, ndup_error *error)
{
    ndup__corpus_file file = {.path = "documents",
                              .relative = "documents.jsonl",
                              .id = "",
                              .folder = "",
                              .format = &ndup__format_lines,
                              .is_told = true};
    ndup_status status = ndup__corpus_add_file(corpus, &file, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__spool_source(corpus, error);
    }
    if (status == NDUP_STATUS_OK) {
        corpus->files[0].spooled = true;
        corpus->files[0].read_once = true;
        corpus->files[0].decoded_length = corpus->spool_length;
        corpus->total_bytes = corpus->spool_length;
        corpus->size_unknown = false;
    }
    return status;
}

static ndup_status check_source(const ndup_source *source, ndup_error *error)
{
    ndup_status status = ndup__require_size(source->struct_size, sizeof *source, "source", error);
    if (status == NDUP_STATUS_OK && source->next == NULL) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "the source lacks next");
    }
    return status;
}

ndup_status ndup_corpus_open_source(ndup_corpus **out, const ndup_source *source,
                                    const ndup_corpus_options *options, ndup_error *error)
{
    if (out != NULL) {
        *out = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "corpus", out, "source", source);
    if (given == NDUP_STATUS_OK) {
        given = check_source(source, error);
    }
    if (given != NDUP_STATUS_OK) {
        if (source != NULL && source->struct_size >= sizeof *source && source->close != NULL) {
            source->close(source->context);
        }
        return given;
    }
    ndup_corpus *corpus;
    ndup_status status = ndup__corpus_new(&corpus, options, error);
    if (corpus != NULL) {
        corpus->source = *source;
    } else if (source->close != NULL) {
        source->close(source->context);
    }
    if (status == NDUP_STATUS_OK) {
        status = open_source(corpus, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_corpus_close(corpus);
        return status;
    }
    *out = corpus;
    return NDUP_STATUS_OK;
}

void ndup_corpus_close(ndup_corpus *corpus)
{
    if (corpus == NULL) {
        return;
    }
    ndup__stream_end(corpus);
    for (size_t i = 0; i < corpus->file_count; i++) {
        ndup__corpus_close_file(corpus, &corpus->files[i]);
        ndup__stream_close(corpus->files[i].stream);
        ndup__frame_points_deinit(&corpus->files[i].points);
    }
    ndup__copy_close(&corpus->spool);
    ndup__copy_close(&corpus->gathered);
    if (corpus->source.close != NULL) {
        corpus->source.close(corpus->source.context);
    }
    const ndup_allocator *allocator = corpus->allocator;
    if (corpus->rows != NULL) {
        ndup__rows_free(allocator, corpus->rows);
    }
    ndup__free(allocator, &corpus->stream.carry, corpus->stream.carry_capacity, 1);
    ndup__free(allocator, &corpus->left_out, corpus->left_out_capacity, sizeof *corpus->left_out);
    ndup__free(allocator, &corpus->files, corpus->file_capacity, sizeof *corpus->files);
    ndup__fields_deinit(&corpus->fields);
    ndup__block_deinit(&corpus->opening);
    ndup__arena_deinit(&corpus->strings);
    ndup__free(allocator, &corpus, 1, sizeof *corpus);
}

ndup_status ndup__corpus_want_fields(ndup_corpus *corpus, const char *const *fields, unsigned count,
                                     ndup_error *error)
{
    const char *copies[NDUP__EXTRA_FIELDS] = {NULL};
    ndup_status status = NDUP_STATUS_OK;
    for (unsigned i = 0; i < count && i < NDUP__EXTRA_FIELDS && status == NDUP_STATUS_OK; i++) {
        copies[i] = fields[i];
        status = ndup__corpus_copy_string(corpus, &copies[i], error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__fields_deinit(&corpus->fields);
        status = ndup__fields_init(&corpus->fields, &corpus->options, copies, count,
                                   corpus->allocator, error);
    }
    return status == NDUP_STATUS_OK && corpus->rows != NULL
               ? ndup__rows_find_columns(corpus->rows, corpus, error)
               : status;
}
