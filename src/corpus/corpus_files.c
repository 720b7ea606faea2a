/* SPDX-License-Identifier: MIT */
/* The files that a corpus consists of. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus_state.h"

ndup_status ndup__corpus_copy_string(ndup_corpus *corpus, const char **string, ndup_error *error)
{
    if (*string == NULL) {
        return NDUP_STATUS_OK;
    }
    char *copy;
    ndup_status status = ndup__arena_copy(&corpus->strings, &copy, *string, strlen(*string), error);
    *string = copy;
    return status;
}

/* Whether the part is the end of the path, in its very place. */
static bool is_end_of(const char *part, const char *path)
{
    uintptr_t begin = (uintptr_t)path;
    return (uintptr_t)part >= begin && (uintptr_t)part <= begin + strlen(path);
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
    const char **const strings[] = {&kept.relative, &kept.id, &kept.folder};
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_copy_string(corpus, &kept.path, error);
    }
    for (size_t i = 0; i < sizeof strings / sizeof strings[0] && status == NDUP_STATUS_OK; i++) {
        if (is_end_of(*strings[i], file->path)) {
            *strings[i] = kept.path + (*strings[i] - file->path);
        } else {
            status = ndup__corpus_copy_string(corpus, strings[i], error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        corpus->files[corpus->file_count++] = kept;
        corpus->total_bytes += kept.size;
        corpus->size_unknown |= kept.size == 0 && kept.format->streams;
    }
    return status;
}

bool ndup__corpus_fault_ends(const ndup__corpus_file *file, const ndup_error *cause)
{
    bool is_fault = cause->status == NDUP_STATUS_IO || cause->status == NDUP_STATUS_NOT_FOUND;
    bool is_copied = file->spooled && file->read_once && !file->is_passing;
    return ndup__is_system_fault(cause) ||
           (is_fault && (is_copied || file->is_named || file->is_used));
}

uint64_t ndup_corpus_bytes(const ndup_corpus *corpus)
{
    if (corpus == NULL) {
        return 0;
    }
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

const ndup_file_name *ndup__corpus_file_other_names(size_t *count, const ndup_corpus *corpus,
                                                    uint32_t file)
{
    *count = corpus->files[file].other_name_count;
    return corpus->files[file].other_names;
}

bool ndup__corpus_file_has_records(const ndup_corpus *corpus, uint32_t file)
{
    return corpus->files[file].format->streams || corpus->rows != NULL;
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

ndup_status ndup__corpus_open_stream(ndup__stream **stream, const ndup_corpus *corpus,
                                     const char *path, ndup_error *error)
{
    ndup_status status = ndup__stream_open(stream, path, corpus->allocator, error);
    if (status == NDUP_STATUS_OK && corpus->options.zstd_long) {
        ndup__stream_allow_long(*stream);
    }
    return status;
}
