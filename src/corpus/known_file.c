/* SPDX-License-Identifier: MIT */
/* A file is the same if its size, its time and both its ends are. */
#include "corpus/known_file.h"

#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "corpus/corpus_state.h"
#include "corpus/file_type.h"

#define END_BYTES ((size_t)64 << 10)

static ndup_status add_end(ndup__hash_stream *hash, int descriptor, uint64_t offset,
                           const char *path, ndup_error *error)
{
    char bytes[4096];
    size_t got = 1;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t at = 0; at < END_BYTES && got > 0 && status == NDUP_STATUS_OK; at += got) {
        status =
            ndup__file_read_at(descriptor, bytes, sizeof bytes, offset + at, &got, path, error);
        ndup__hash_stream_add(hash, bytes, got);
    }
    return status;
}

/* Of a short file both ends overlap. */
static ndup_status hash_ends(uint64_t *hash, const char *path, uint64_t size, ndup_error *error)
{
    int descriptor;
    ndup__hash_stream stream;
    ndup__hash_stream_begin(&stream);
    ndup_status status = ndup__file_open_read(&descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = add_end(&stream, descriptor, 0, path, error);
    if (status == NDUP_STATUS_OK) {
        status = add_end(&stream, descriptor, size > END_BYTES ? size - END_BYTES : 0, path, error);
    }
    *hash = ndup__hash_stream_end(&stream).low;
    ndup__file_close_quietly(descriptor);
    return status;
}

/* Whether nobody else finds it: what comes from memory or standard input, and members of archives,
 * whose paths lead through a file. */
static bool is_fleeting(const ndup_corpus *corpus, const ndup__corpus_file *file,
                        ndup__file_info *info)
{
    bool is_memory = corpus->rows != NULL || corpus->source.next != NULL || file->path == NULL;
    return is_memory || strcmp(file->path, "-") == 0 ||
           ndup__file_get_info(info, file->path, NULL) != NDUP_STATUS_OK ||
           info->kind != NDUP__FILE_REGULAR;
}

static const char *or_empty(const char *string)
{
    return string != NULL ? string : "";
}

void ndup__known_file_names(ndup__known_file *known, const ndup_corpus *corpus, uint32_t number)
{
    const ndup__corpus_file *file = &corpus->files[number];
    *known = (ndup__known_file){.path = or_empty(file->path),
                                .relative = or_empty(file->relative),
                                .id = or_empty(file->id),
                                .folder = or_empty(file->folder),
                                .format = file->format->name,
                                .flags = (file->is_named ? NDUP__KNOWN_NAMED : 0) |
                                         (file->is_told ? NDUP__KNOWN_TOLD : 0) |
                                         (file->is_compressed ? NDUP__KNOWN_COMPRESSED : 0) |
                                         (file->is_passing ? NDUP__KNOWN_PASSING : 0)};
}

ndup_status ndup__known_file_of(ndup__known_file *known, const ndup_corpus *corpus, uint32_t number,
                                ndup_error *error)
{
    const ndup__corpus_file *file = &corpus->files[number];
    ndup__file_info info = {0};
    ndup__known_file_names(known, corpus, number);
    if (is_fleeting(corpus, file, &info)) {
        known->flags |= NDUP__KNOWN_FLEETING;
        return NDUP_STATUS_OK;
    }
    known->size = info.size;
    known->modified_ns = info.modified_ns;
    bool was_seen = file->modified_ns != 0;
    if (was_seen && (file->size != info.size || file->modified_ns != info.modified_ns)) {
        return ndup__corpus_fail_changed(file, 0, error);
    }
    return hash_ends(&known->ends_hash, file->path, info.size, error);
}

ndup_status ndup__known_corpus_new(ndup_corpus **out, const ndup_corpus_options *options,
                                   ndup_error *error)
{
    ndup_corpus *corpus;
    ndup_status status = ndup__corpus_new(&corpus, options, error);
    *out = corpus;
    if (status != NDUP_STATUS_OK) {
        ndup_corpus_close(corpus);
        *out = NULL;
    }
    return status;
}

static ndup_status check_same(const ndup__corpus_file *file, const ndup__known_file *known,
                              ndup_error *error)
{
    ndup__file_info info;
    uint64_t hash = known->ends_hash;
    char shown[100];
    ndup_status status = ndup__file_get_info(&info, file->path, error);
    bool is_same = status == NDUP_STATUS_OK && info.size == known->size;
    if (is_same && info.modified_ns != known->modified_ns) {
        status = hash_ends(&hash, file->path, info.size, error);
        is_same = hash == known->ends_hash;
    }
    return status != NDUP_STATUS_OK || is_same
               ? status
               : ndup__fail(error, NDUP_STATUS_CHANGED,
                            "%s is not the file any more that was read before: it is to be "
                            "sketched again",
                            ndup__shorten_path(shown, sizeof shown, file->path));
}

/* What records need that are read by themselves, such as the names of columns; all of a file that
 * has to be copied. Its problems have been told. */
static ndup_status read_beginning(ndup_corpus *corpus, uint32_t number, ndup_error *error)
{
    ndup__block block;
    bool more = true;
    ndup__block_init(&block, corpus->allocator);
    ndup_status status = ndup__corpus_rewind(corpus, error);
    corpus->current = number;
    while (status == NDUP_STATUS_OK && more) {
        status = ndup__corpus_take(corpus, &block, &more, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__spool_block(corpus, &block, error);
        }
        more = more && corpus->files[number].spooled;
    }
    ndup__block_deinit(&block);
    return status == NDUP_STATUS_OK ? ndup__corpus_rewind(corpus, error) : status;
}

static ndup_status make_ready(ndup_corpus *corpus, const ndup__known_file *known, ndup_error *error)
{
    uint32_t number = (uint32_t)corpus->file_count - 1;
    const ndup__corpus_file *file = &corpus->files[number];
    if ((known->flags & NDUP__KNOWN_FLEETING) != 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%s cannot be read again, as it is no file of its own (a pipe, or in an "
                          "archive): write it to one, and sketch that",
                          file->path);
    }
    ndup_status status = check_same(file, known, error);
    return status == NDUP_STATUS_OK && file->format->streams ? read_beginning(corpus, number, error)
                                                             : status;
}

ndup_status ndup__known_corpus_add(ndup_corpus *corpus, const ndup__known_file *known,
                                   bool is_needed, ndup_error *error)
{
    ndup__corpus_file file = {
        .path = known->path,
        .relative = known->relative,
        .id = known->id,
        .folder = known->folder,
        .format = ndup__format_find(known->format),
        .is_named = true, /* it must be there */
        .is_told = (known->flags & NDUP__KNOWN_TOLD) != 0,
        .is_compressed = (known->flags & NDUP__KNOWN_COMPRESSED) != 0,
        .size = known->size,
        .modified_ns = known->modified_ns,
    };
    bool is_fleeting = (known->flags & NDUP__KNOWN_FLEETING) != 0;
    if (file.format == NULL && is_fleeting) {
        file.format = &ndup__format_lines; /* nobody reads it */
    }
    if (file.format == NULL) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "%s: an unknown format '%.20s'", known->path,
                          known->format);
    }
    ndup_status status = ndup__corpus_add_file(corpus, &file, error);
    return status == NDUP_STATUS_OK && is_needed ? make_ready(corpus, known, error) : status;
}
