/* SPDX-License-Identifier: MIT */
/* A buffer that always holds the whole of the line being read. */
#include "plan/line_reader.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#define READ_BYTES ((size_t)1 << 16)
#define SHOWN_BYTES 60

ndup_status ndup__line_reader_open(ndup__line_reader **out, const char *path,
                                   const ndup_allocator *allocator, ndup_error *error)
{
    ndup__line_reader *reader;
    *out = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &reader, 1, sizeof *reader, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    reader->allocator = allocator;
    reader->path = path;
    status = ndup__stream_open(&reader->stream, path, allocator, error);
    if (status != NDUP_STATUS_OK) {
        ndup__free(allocator, &reader, 1, sizeof *reader);
        return status;
    }
    *out = reader;
    return NDUP_STATUS_OK;
}

void ndup__line_reader_close(ndup__line_reader *reader)
{
    if (reader != NULL) {
        const ndup_allocator *allocator = reader->allocator;
        ndup__stream_close(reader->stream);
        ndup__free(allocator, &reader->bytes, reader->capacity, 1);
        ndup__free(allocator, &reader, 1, sizeof *reader);
    }
}

/* Reads on behind bytes[end); *got is 0 at the end of the file. */
static ndup_status read_more(ndup__line_reader *reader, size_t *got, ndup_error *error)
{
    if (reader->start > 0) {
        memmove(reader->bytes, reader->bytes + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
    }
    ndup_status status = ndup__reserve(reader->allocator, &reader->bytes, &reader->capacity,
                                       reader->end + READ_BYTES, 1, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__stream_read(reader->stream, reader->bytes + reader->end, READ_BYTES, got, error);
    }
    reader->end += status == NDUP_STATUS_OK ? *got : 0;
    return status;
}

/* Takes bytes[start..end) as a line; what follows begins at `next`. */
static void take_line(ndup_text *line, ndup__line_reader *reader, size_t end, size_t next)
{
    *line = (ndup_text){reader->bytes + reader->start, end - reader->start};
    reader->start = next;
    reader->number++;
}

ndup_status ndup__line_reader_next(ndup_text *line, ndup__line_reader *reader, ndup_error *error)
{
    size_t searched = reader->start;
    *line = (ndup_text){NULL, 0};
    for (;;) {
        char *newline = reader->end > searched
                            ? memchr(reader->bytes + searched, '\n', reader->end - searched)
                            : NULL;
        if (newline != NULL) {
            size_t end = (size_t)(newline - reader->bytes);
            take_line(line, reader, end, end + 1);
            return NDUP_STATUS_OK;
        }
        size_t held = reader->end - reader->start;
        size_t got;
        ndup_status status = read_more(reader, &got, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        searched = held;
        if (got == 0) {
            break;
        }
    }
    if (reader->end > reader->start) {
        take_line(line, reader, reader->end, reader->end);
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__line_reader_fail(const ndup__line_reader *reader, ndup_status status,
                                   const char *problem, const char *detail, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    (void)ndup__fail(error, status, "%s line %llu: %s%s",
                     ndup__shorten_path(shown, sizeof shown, reader->path),
                     (unsigned long long)reader->number, problem, detail);
    if (error != NULL) {
        error->line = reader->number;
    }
    return status;
}
