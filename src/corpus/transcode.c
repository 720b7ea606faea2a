/* SPDX-License-Identifier: MIT */
/* A buffer of the stream's bytes, decoded part by part; what a part leaves over stands in front of
 * the next. */
#include "corpus/transcode.h"

#include <string.h>

#include "base/alloc.h"

/* Enough for a mark and the zero bytes of UTF-16. */
#define FIRST_BYTES 1024
#define PART_BYTES ((size_t)64 << 10)

struct ndup__transcoder {
    const ndup_allocator *allocator;
    ndup__stream *stream;
    const ndup__charset *charset;
    size_t mark;
    ndup__charset_decoder decoder;
    char *bytes;
    size_t begin; /* bytes[begin..end) are read, but not decoded or handed out */
    size_t end;
    size_t capacity;
    ndup_text decoded; /* and not yet handed out */
    bool ended;
};

static ndup_status start(ndup__transcoder *made, const ndup__encoding *encoding, ndup_error *error)
{
    made->capacity = encoding->guesses ? NDUP__ENCODING_BYTES : PART_BYTES;
    size_t first = encoding->guesses ? NDUP__ENCODING_BYTES : FIRST_BYTES;
    ndup_status status = ndup__resize(made->allocator, &made->bytes, 0, made->capacity, 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__stream_read(made->stream, made->bytes, first, &made->end, error);
    }
    if (status == NDUP_STATUS_OK || status == NDUP_STATUS_CORRUPT) { /* the next read tells it */
        status = ndup__encoding_find(&made->charset, &made->mark, encoding, made->bytes, made->end,
                                     error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__charset_begin(&made->decoder, made->charset, error);
        }
    }
    if (status == NDUP_STATUS_OK && made->charset != ndup__charset_utf8()) {
        made->begin = made->mark;
    }
    return status;
}

ndup_status ndup__transcoder_open(ndup__transcoder **transcoder, ndup__stream *stream,
                                  const ndup__encoding *encoding, const ndup_allocator *allocator,
                                  ndup_error *error)
{
    ndup__transcoder *made;
    *transcoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->allocator = allocator;
    made->decoder.allocator = allocator;
    made->stream = stream;
    status = start(made, encoding, error);
    if (status != NDUP_STATUS_OK) {
        ndup__transcoder_close(made);
        return status;
    }
    *transcoder = made;
    return NDUP_STATUS_OK;
}

/* Hands out what is in *from. */
static void hand_out(ndup_text *from, char *buffer, size_t capacity, size_t *got)
{
    size_t wanted = capacity - *got;
    size_t taken = from->length < wanted ? from->length : wanted;
    if (taken > 0) {
        memcpy(buffer + *got, from->bytes, taken);
        from->bytes += taken;
        from->length -= taken;
        *got += taken;
    }
}

/* UTF-8: the first bytes, then the stream itself. */
static ndup_status pass_through(ndup__transcoder *self, char *buffer, size_t capacity, size_t *got,
                                ndup_error *error)
{
    ndup_text first = {self->bytes + self->begin, self->end - self->begin};
    hand_out(&first, buffer, capacity, got);
    self->begin = self->end - first.length;
    return *got > 0 ? NDUP_STATUS_OK
                    : ndup__stream_read(self->stream, buffer, capacity, got, error);
}

/* Reads on, and decodes what there is. */
static ndup_status decode_more(ndup__transcoder *self, ndup_error *error)
{
    size_t left = self->end - self->begin;
    size_t count;
    if (left > 0) {
        memmove(self->bytes, self->bytes + self->begin, left);
    }
    self->begin = 0;
    self->end = left;
    ndup_status status =
        ndup__stream_read(self->stream, self->bytes + left, self->capacity - left, &count, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    self->end += count;
    /* Short of the capacity the stream has ended, or is damaged, which the next read tells. */
    bool is_last = self->end < self->capacity;
    self->ended = count == 0 && is_last;
    return ndup__charset_decode_part(&self->decoded, &self->begin, &self->decoder, self->charset,
                                     self->bytes, self->end, is_last, error);
}

ndup_status ndup__transcoder_read(ndup__transcoder *self, void *buffer, size_t capacity,
                                  size_t *got, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    *got = 0;
    if (self->charset == ndup__charset_utf8()) {
        return pass_through(self, buffer, capacity, got, error);
    }
    hand_out(&self->decoded, buffer, capacity, got);
    while (*got < capacity && !self->ended && status == NDUP_STATUS_OK) {
        status = decode_more(self, error);
        hand_out(&self->decoded, buffer, capacity, got);
    }
    /* A failing stream fails again. */
    return *got > 0 && status != NDUP_STATUS_MEMORY ? NDUP_STATUS_OK : status;
}

const ndup__charset *ndup__transcoder_charset(const ndup__transcoder *self, size_t *mark)
{
    *mark = self->mark;
    return self->charset;
}

uint64_t ndup__transcoder_replaced(const ndup__transcoder *self)
{
    return self->decoder.replaced;
}

void ndup__transcoder_close(ndup__transcoder *self)
{
    if (self == NULL) {
        return;
    }
    const ndup_allocator *allocator = self->allocator;
    ndup__charset_decoder_deinit(&self->decoder);
    ndup__free(allocator, &self->bytes, self->capacity, 1);
    ndup__free(allocator, &self, 1, sizeof *self);
}
