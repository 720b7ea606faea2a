/* SPDX-License-Identifier: MIT */
/* One stream is open at a time; what lies between the parts is decoded and dropped, or, in a file
 * that goes by points, passed over where a point comes behind it. */
#include "corpus/file_walk.h"

#include "base/alloc.h"
#include "base/error.h"

#define PASSED_BYTES ((size_t)1 << 18)

static void close_file(ndup__file_walk *walk)
{
    ndup__transcoder_close(walk->transcoder);
    ndup__stream_close(walk->stream);
    walk->transcoder = NULL;
    walk->stream = NULL;
    walk->file = NULL;
    walk->at = 0;
}

void ndup__file_walk_end(ndup__file_walk *walk)
{
    close_file(walk);
    ndup__free(walk->corpus->allocator, &walk->passed, walk->passed_bytes, 1);
}

static ndup_status open_file(ndup__file_walk *walk, ndup__corpus_file *file, ndup_error *error)
{
    const ndup_corpus *corpus = walk->corpus;
    ndup__file_info info;
    close_file(walk);
    ndup_status status = ndup__file_get_info(&info, file->path, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_know_file(file, &info, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_open_stream(&walk->stream, corpus, file->path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__stream_read_ahead(walk->stream, file->goes_by_points ? 0 : corpus->ahead, error);
    }
    if (status == NDUP_STATUS_OK && file->format->is_text) {
        status = ndup__transcoder_open(&walk->transcoder, walk->stream, &corpus->encoding,
                                       corpus->allocator, error);
    }
    walk->file = status == NDUP_STATUS_OK ? file : NULL;
    return status;
}

static ndup_status read_on(ndup__file_walk *walk, char *buffer, size_t length, ndup_error *error)
{
    size_t got = 1;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t at = 0; at < length && status == NDUP_STATUS_OK && got > 0; at += got) {
        status =
            walk->transcoder != NULL
                ? ndup__transcoder_read(walk->transcoder, buffer + at, length - at, &got, error)
                : ndup__stream_read(walk->stream, buffer + at, length - at, &got, error);
        walk->at += got;
        walk->decoded += got;
    }
    bool is_fault = status != NDUP_STATUS_OK && status != NDUP_STATUS_CORRUPT;
    return is_fault || (status == NDUP_STATUS_OK && got > 0)
               ? status
               : ndup__corpus_fail_changed(walk->file, walk->at, error);
}

/* Goes to the last point before the offset, if that is ahead. The encoding is UTF-8 then, which is
 * passed through. */
static ndup_status go_towards(ndup__file_walk *walk, uint64_t offset, ndup_error *error)
{
    ndup__frame_point point = ndup__frame_points_find(&walk->file->points, offset);
    if (!walk->file->goes_by_points || point.decoded <= walk->at) {
        return NDUP_STATUS_OK;
    }
    ndup__transcoder_close(walk->transcoder);
    walk->transcoder = NULL;
    walk->at = point.decoded;
    return ndup__stream_go_to(walk->stream, point, error);
}

static ndup_status pass_to(ndup__file_walk *walk, uint64_t offset, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (walk->passed == NULL) {
        status = ndup__resize(walk->corpus->allocator, &walk->passed, 0, PASSED_BYTES, 1, error);
        walk->passed_bytes = status == NDUP_STATUS_OK ? PASSED_BYTES : 0;
    }
    while (status == NDUP_STATUS_OK && walk->at < offset) {
        uint64_t left = offset - walk->at;
        status =
            read_on(walk, walk->passed, left < PASSED_BYTES ? (size_t)left : PASSED_BYTES, error);
    }
    return status;
}

ndup_status ndup__file_walk_read(ndup__file_walk *walk, ndup__corpus_file *file, uint64_t offset,
                                 char *buffer, size_t length, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (walk->file != file || walk->at > offset) {
        status = open_file(walk, file, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = go_towards(walk, offset, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = pass_to(walk, offset, error);
    }
    return status == NDUP_STATUS_OK && length > 0 ? read_on(walk, buffer, length, error) : status;
}
