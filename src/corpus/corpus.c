/* SPDX-License-Identifier: MIT */
/* Opening, rewinding and closing a corpus; taking blocks file by file; fetching single documents.
 */
#include "neardup/corpus.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus_state.h"

#define RECORD_BYTES_DEFAULT ((uint64_t)256 << 20)
#define RECORD_BYTES_MOST ((uint64_t)2 << 30)

static ndup_status copy_string(ndup_corpus *corpus, const char **string, ndup_error *error)
{
    if (*string == NULL) {
        return NDUP_STATUS_OK;
    }
    char *copy;
    ndup_status status = ndup__arena_copy(&corpus->strings, &copy, *string, strlen(*string), error);
    *string = copy;
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
    const char **const strings[] = {
        &options->text_field, &options->id_field,         &options->source_field,
        &options->url_field,  &options->date_field,       &options->title_field,
        &options->html_field, &options->temporary_folder, &options->stdin_format};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof strings / sizeof strings[0] && status == NDUP_STATUS_OK; i++) {
        status = copy_string(corpus, strings[i], error);
    }
    if (status == NDUP_STATUS_OK && options->html_field != NULL && options->text_field != NULL) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "text field '%.60s' and HTML field '%.60s': give one of them",
                          options->text_field, options->html_field);
    }
    corpus->max_record_bytes =
        options->max_record_bytes != 0 ? options->max_record_bytes : RECORD_BYTES_DEFAULT;
    if (status == NDUP_STATUS_OK && corpus->max_record_bytes > RECORD_BYTES_MOST) {
        return ndup__fail(
            error, NDUP_STATUS_INVALID, "largest record %llu bytes, must be at most %llu",
            (unsigned long long)corpus->max_record_bytes, (unsigned long long)RECORD_BYTES_MOST);
    }
    return status;
}

static ndup_status copy_inputs(ndup_corpus *corpus, const char *const *inputs, size_t count,
                               ndup_error *error)
{
    void *block;
    ndup_status status =
        ndup__arena_take(&corpus->strings, &block, (count + 1) * sizeof(char *), error);
    const char **list = block;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        list[i] = inputs[i];
        status = copy_string(corpus, &list[i], error);
    }
    corpus->inputs = list;
    corpus->input_count = count;
    return status;
}

static ndup_status new_corpus(ndup_corpus **out, const ndup_corpus_options *options,
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
    corpus->spool = -1;
    ndup__block_init(&corpus->opening, allocator);
    status = copy_options(corpus, options, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__fields_init(&corpus->fields, &corpus->options, NULL, 0, allocator, error);
    }
    return status;
}

ndup_status ndup__corpus_add_file(ndup_corpus *corpus, const ndup__corpus_file *file,
                                  ndup_error *error)
{
    ndup__corpus_file kept = *file;
    kept.descriptor = -1;
    if (corpus->file_count >= ((size_t)1 << (64 - NDUP__PLACE_OFFSET_BITS)) - 1) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "more than %zu files", corpus->file_count);
    }
    ndup_status status = ndup__reserve(corpus->allocator, &corpus->files, &corpus->file_capacity,
                                       corpus->file_count + 1, sizeof *corpus->files, error);
    const char **const strings[] = {&kept.path, &kept.relative, &kept.id, &kept.folder};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0] && status == NDUP_STATUS_OK; i++) {
        status = copy_string(corpus, strings[i], error);
    }
    if (status == NDUP_STATUS_OK) {
        corpus->files[corpus->file_count++] = kept;
        corpus->total_bytes += kept.size;
        corpus->size_unknown |= kept.size == 0 && kept.format->streams;
    }
    return status;
}

ndup_status ndup_corpus_open(ndup_corpus **out, const char *const *inputs, size_t input_count,
                             const ndup_corpus_options *options, const ndup_hooks *hooks,
                             ndup_error *error)
{
    *out = NULL;
    ndup_corpus *corpus;
    ndup_status status = new_corpus(&corpus, options, error);
    if (status == NDUP_STATUS_OK) {
        status = copy_inputs(corpus, inputs, input_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_find_files(corpus, hooks, error);
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
                              .format = &ndup__format_lines};
    ndup_status status = ndup__corpus_add_file(corpus, &file, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__spool_source(corpus, error);
    }
    if (status == NDUP_STATUS_OK) {
        corpus->files[0].spooled = true;
        corpus->files[0].read_once = true;
        corpus->files[0].spool_length = corpus->spool_length;
        corpus->total_bytes = corpus->spool_length;
        corpus->size_unknown = false;
    }
    return status;
}

ndup_status ndup_corpus_open_source(ndup_corpus **out, const ndup_source *source,
                                    const ndup_corpus_options *options, ndup_error *error)
{
    *out = NULL;
    ndup_corpus *corpus;
    ndup_status status = new_corpus(&corpus, options, error);
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

uint64_t ndup_corpus_bytes(const ndup_corpus *corpus)
{
    return corpus->size_unknown ? 0 : corpus->total_bytes;
}

void ndup__corpus_close_file(ndup_corpus *corpus, ndup__corpus_file *file)
{
    if (file->descriptor >= 0) {
        ndup__file_close_quietly(file->descriptor);
        file->descriptor = -1;
        corpus->open_files--;
    }
}

void ndup_corpus_close(ndup_corpus *corpus)
{
    if (corpus == NULL) {
        return;
    }
    ndup__stream_end(corpus);
    for (size_t i = 0; i < corpus->file_count; i++) {
        ndup__corpus_close_file(corpus, &corpus->files[i]);
    }
    if (corpus->spool >= 0) {
        ndup__file_close_quietly(corpus->spool);
    }
    if (corpus->source.close != NULL) {
        corpus->source.close(corpus->source.context);
    }
    const ndup_allocator *allocator = corpus->allocator;
    ndup__free(allocator, &corpus->stream.carry, corpus->stream.carry_capacity, 1);
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
        status = copy_string(corpus, &copies[i], error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__fields_deinit(&corpus->fields);
        status = ndup__fields_init(&corpus->fields, &corpus->options, copies, count,
                                   corpus->allocator, error);
    }
    return status;
}

void ndup__corpus_read_ahead(ndup_corpus *corpus, unsigned threads)
{
    corpus->ahead = threads;
}

ndup_status ndup__corpus_rewind(ndup_corpus *corpus, ndup_error *error)
{
    (void)error;
    ndup__stream_end(corpus);
    corpus->current = 0;
    corpus->stored_before = 0;
    return NDUP_STATUS_OK;
}

ndup_status ndup__corpus_take(ndup_corpus *corpus, ndup__block *block, bool *more,
                              ndup_error *error)
{
    block->note_count = 0;
    block->passed_over = 0;
    ndup__arena_reset(&block->arena);
    while (corpus->current < corpus->file_count) {
        ndup__corpus_file *file = &corpus->files[corpus->current];
        block->length = 0;
        block->lines = 0;
        block->offset = 0;
        block->is_new = false;
        block->file = (uint32_t)corpus->current;
        block->file_count = 1;
        *more = true;
        ndup_status status = file->format->take(corpus, block, more, error);
        if (status != NDUP_STATUS_OK || *more) {
            return status;
        }
        corpus->stored_before += file->size;
        ndup__stream_end(corpus);
        corpus->current++;
    }
    *more = false;
    return NDUP_STATUS_OK;
}

ndup_status ndup__corpus_scan(const ndup_corpus *corpus, ndup__block *block,
                              const ndup__visitor *visitor, ndup_error *error)
{
    ndup_status status = ndup__spool_block(corpus, block, error);
    return status == NDUP_STATUS_OK
               ? corpus->files[block->file].format->scan(corpus, block, visitor, error)
               : status;
}

static ndup_status read_place(const ndup_corpus *corpus, const ndup__corpus_file *file,
                              uint64_t offset, char *bytes, size_t length, size_t *got,
                              ndup_error *error)
{
    if (file->spooled) {
        return ndup__file_read_at(corpus->spool, bytes, length, file->spool_offset + offset, got,
                                  "the temporary file", error);
    }
    int descriptor = file->descriptor;
    ndup_status status = NDUP_STATUS_OK;
    if (descriptor < 0) {
        status = ndup__file_open_read(&descriptor, file->path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_read_at(descriptor, bytes, length, offset, got, file->path, error);
        if (file->descriptor < 0) {
            ndup__file_close_quietly(descriptor);
        }
    }
    return status;
}

typedef struct fetched_item {
    ndup__item *item;
    unsigned count;
} fetched_item;

static ndup_status keep_item(void *context, const ndup__item *item, ndup_error *error)
{
    (void)error;
    fetched_item *fetched = context;
    *fetched->item = *item;
    fetched->count++;
    return NDUP_STATUS_OK;
}

static ndup_status fail_changed(const ndup__corpus_file *file, uint64_t offset, ndup_error *error)
{
    char shown[100];
    ndup_status status =
        ndup__fail(error, NDUP_STATUS_CHANGED, "%s changed while it was being read (byte %llu)",
                   ndup__shorten_path(shown, sizeof shown, file->path), (unsigned long long)offset);
    if (error != NULL) {
        error->byte = offset;
    }
    return status;
}

ndup_status ndup__corpus_fetch(const ndup_corpus *corpus, ndup__place place, uint32_t length,
                               ndup__block *block, ndup__item *item, ndup_error *error)
{
    const ndup__corpus_file *file = &corpus->files[NDUP__PLACE_FILE(place)];
    uint64_t offset = NDUP__PLACE_OFFSET(place);
    block->note_count = 0;
    block->length = 0;
    block->lines = 0;
    block->offset = offset;
    block->is_new = false;
    block->file = NDUP__PLACE_FILE(place);
    block->file_count = 1;
    ndup__arena_reset(&block->arena);
    fetched_item found = {.item = item};
    ndup__visitor visitor = {.context = &found, .visit = keep_item};
    ndup_status status = NDUP_STATUS_OK;
    if (file->format->streams) {
        size_t got = 0;
        status = ndup__block_reserve(block, length, error);
        if (status == NDUP_STATUS_OK) {
            status = read_place(corpus, file, offset, block->bytes, length, &got, error);
            block->length = got;
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = file->format->scan(corpus, block, &visitor, error);
    }
    if (status == NDUP_STATUS_OK && (found.count != 1 || item->document.length != length)) {
        return fail_changed(file, offset, error);
    }
    return status;
}

uint64_t ndup__corpus_report_opening(const ndup_corpus *corpus, const ndup_hooks *hooks)
{
    ndup__block_report(&corpus->opening, 0, hooks);
    return corpus->opening.note_count;
}

uint32_t ndup__corpus_file_count(const ndup_corpus *corpus)
{
    return (uint32_t)corpus->file_count;
}

const char *ndup__corpus_file_path(const ndup_corpus *corpus, uint32_t file)
{
    return corpus->files[file].path;
}

const char *ndup__corpus_file_relative(const ndup_corpus *corpus, uint32_t file)
{
    return corpus->files[file].relative;
}

bool ndup__corpus_file_has_records(const ndup_corpus *corpus, uint32_t file)
{
    return corpus->files[file].format->streams;
}

size_t ndup__corpus_inputs(const ndup_corpus *corpus, const char *const **inputs)
{
    *inputs = corpus->inputs;
    return corpus->input_count;
}

const ndup_corpus_options *ndup__corpus_options(const ndup_corpus *corpus)
{
    return &corpus->options;
}
