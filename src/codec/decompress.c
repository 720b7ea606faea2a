/* SPDX-License-Identifier: MIT */
/* Input streams: one reused buffer of raw bytes, and a decoder behind it. */
#include "codec/decompress.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "codec/ahead.h"
#include "codec/codec.h"

#define BUFFER_BYTES ((size_t)1 << 20)
/* For decoding ahead; longer frames are decoded step by step. */
#define AHEAD_BUFFER_BYTES ((size_t)4 << 20)
/* Plain reads of at least this size go to the caller's memory without a copy. */
#define DIRECT_BYTES ((size_t)1 << 16)
/* Reads of a stream that was sent to a point, where often little is wanted. */
#define PLACED_BYTES ((size_t)1 << 16)
#define MESSAGE_NAME_BYTES 100
#define STANDARD_INPUT 0

struct ndup__stream {
    ndup_allocator allocator;
    int descriptor;
    bool is_owner; /* closes the descriptor */
    bool at_end;   /* the descriptor has no more bytes */
    char *name;
    size_t name_bytes;
    const ndup__codec *codec; /* NULL: plain */
    void *decoder;
    bool allows_long;           /* zstd windows of over 128 MiB */
    uint64_t raw_bytes;         /* read from the descriptor so far, or offset in it */
    bool is_placed;             /* it is read by offset */
    uint64_t decoded;           /* bytes handed out */
    ndup__frame_points *points; /* NULL: nobody wants them */
    ndup__ahead *ahead;         /* NULL: everything is decoded here */
    bool has_run;               /* something has been decoded ahead */
    unsigned char *buffer;
    size_t buffer_bytes;
    size_t start; /* buffer[start..end) waits to be used */
    size_t end;
    ndup_error failure; /* what every read gives once its status is not OK */
};

/* Reads once into the buffer behind `end`. */
static ndup_status read_more(ndup__stream *stream, ndup_error *error)
{
    size_t got;
    unsigned char *buffer = stream->buffer + stream->end;
    size_t room = stream->buffer_bytes - stream->end;
    ndup_status status =
        stream->is_placed
            ? ndup__file_read_at(stream->descriptor, buffer,
                                 room < PLACED_BYTES ? room : PLACED_BYTES, stream->raw_bytes, &got,
                                 stream->name, error)
            : ndup__file_read(stream->descriptor, buffer, room, &got, stream->name, error);
    stream->end += got;
    stream->raw_bytes += got;
    stream->at_end = status == NDUP_STATUS_OK && got == 0;
    return status;
}

static ndup_status refill(ndup__stream *stream, ndup_error *error)
{
    stream->start = 0;
    stream->end = 0;
    return read_more(stream, error);
}

/* "<name>: <format> data <what> at compressed byte N (<problem>)". */
static ndup_status fail_data(ndup__stream *stream, ndup_status status, const char *what,
                             const char *problem, ndup_error *error)
{
    char name[MESSAGE_NAME_BYTES];
    uint64_t at = ndup__stream_position(stream);
    ndup__shorten_path(name, sizeof name, stream->name);
    ndup__fail(error, status, "%s: %s data %s at compressed byte %" PRIu64 "%s%s%s", name,
               stream->codec->name, what, at, problem != NULL ? " (" : "",
               problem != NULL ? problem : "", problem != NULL ? ")" : "");
    error->byte = at;
    return status;
}

/* Opens the decoder that the first bytes ask for. An input that ends inside the first bytes goes by
 * its name, since no plain text is called .gz. */
static ndup_status detect(ndup__stream *stream, ndup_error *error)
{
    while (!stream->at_end && stream->end < NDUP__CODEC_MAGIC_BYTES) {
        ndup_status status = read_more(stream, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    stream->codec = ndup__codec_by_magic(stream->buffer, stream->end);
    if (stream->codec == NULL) {
        const ndup__codec *named = ndup__codec_by_name(stream->name);
        if (named != NULL && stream->end < named->magic_bytes) {
            stream->codec = named;
        }
    }
    if (stream->codec == NULL) {
        return NDUP_STATUS_OK;
    }
    if (stream->codec->package != NULL) {
        return ndup__codec_fail_missing(error, stream->codec, "read");
    }
    return stream->codec->decoder_open(&stream->decoder, &stream->allocator, error);
}

static ndup_status set_name(ndup__stream *stream, const char *name, ndup_error *error)
{
    size_t bytes = strlen(name) + 1;
    ndup_status status = ndup__resize(&stream->allocator, &stream->name, 0, bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        memcpy(stream->name, name, bytes);
        stream->name_bytes = bytes;
    }
    return status;
}

static ndup_status make(ndup__stream **stream, int descriptor, bool is_owner, const char *name,
                        const ndup_allocator *allocator, ndup_error *error)
{
    ndup__stream *made;
    *stream = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->allocator = *ndup__allocator(allocator);
    made->descriptor = descriptor;
    status = set_name(made, name, error);
    if (status == NDUP_STATUS_OK) {
        made->buffer_bytes = BUFFER_BYTES;
        status = ndup__resize(&made->allocator, &made->buffer, 0, BUFFER_BYTES, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = detect(made, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__stream_close(made);
        return status;
    }
    made->is_owner = is_owner;
    *stream = made;
    return NDUP_STATUS_OK;
}

ndup_status ndup__stream_open_descriptor(ndup__stream **stream, int descriptor, const char *name,
                                         const ndup_allocator *allocator, ndup_error *error)
{
    return make(stream, descriptor, false, name, allocator, error);
}

ndup_status ndup__stream_open(ndup__stream **stream, const char *path,
                              const ndup_allocator *allocator, ndup_error *error)
{
    *stream = NULL;
    if (strcmp(path, "-") == 0) {
        return make(stream, STANDARD_INPUT, false, "standard input", allocator, error);
    }
    int descriptor;
    ndup_status status = ndup__file_open_read(&descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = make(stream, descriptor, true, path, allocator, error);
    if (status != NDUP_STATUS_OK) {
        ndup__file_close_quietly(descriptor);
    }
    return status;
}

static void allow_long(const ndup__codec *codec, void *decoder)
{
    if (codec->decoder_allow_long != NULL) {
        codec->decoder_allow_long(decoder);
    }
}

void ndup__stream_allow_long(ndup__stream *stream)
{
    stream->allows_long = true;
    if (stream->decoder != NULL) {
        allow_long(stream->codec, stream->decoder);
    }
}

void ndup__stream_note_points(ndup__stream *stream, ndup__frame_points *points)
{
    stream->points = stream->codec != NULL ? points : NULL;
}

static ndup_status begin_decoder(ndup__stream *stream, ndup_error *error)
{
    stream->codec->decoder_close(stream->decoder, &stream->allocator);
    stream->decoder = NULL;
    ndup_status status = stream->codec->decoder_open(&stream->decoder, &stream->allocator, error);
    if (status == NDUP_STATUS_OK && stream->allows_long) {
        allow_long(stream->codec, stream->decoder);
    }
    return status;
}

ndup_status ndup__stream_go_to(ndup__stream *stream, ndup__frame_point point, ndup_error *error)
{
    ndup__ahead_close(stream->ahead);
    stream->ahead = NULL;
    stream->points = NULL;
    stream->start = stream->end = 0;
    stream->at_end = false;
    stream->is_placed = true;
    stream->raw_bytes = point.stored;
    stream->decoded = point.decoded;
    stream->failure = (ndup_error){0};
    return begin_decoder(stream, error);
}

void ndup__stream_close(ndup__stream *stream)
{
    if (stream == NULL) {
        return;
    }
    if (stream->is_owner) {
        ndup__file_close_quietly(stream->descriptor);
    }
    ndup_allocator allocator = stream->allocator;
    if (stream->decoder != NULL) {
        stream->codec->decoder_close(stream->decoder, &allocator);
    }
    ndup__ahead_close(stream->ahead);
    ndup__free(&allocator, &stream->buffer, stream->buffer_bytes, 1);
    ndup__free(&allocator, &stream->name, stream->name_bytes, 1);
    ndup__free(&allocator, &stream, 1, sizeof *stream);
}

/* Adds plain bytes to buffer[*got..capacity), at least one unless the end is reached. The end is
 * asked for only once, since a terminal would go on behind it. */
static ndup_status read_plain(ndup__stream *stream, unsigned char *buffer, size_t capacity,
                              size_t *got, ndup_error *error)
{
    size_t wanted = capacity - *got;
    if (stream->start == stream->end && stream->at_end) {
        return NDUP_STATUS_OK;
    }
    if (stream->start == stream->end && wanted >= DIRECT_BYTES) {
        size_t count;
        ndup_status status =
            ndup__file_read(stream->descriptor, buffer + *got, wanted, &count, stream->name, error);
        *got += count;
        stream->raw_bytes += count;
        stream->at_end = status == NDUP_STATUS_OK && count == 0;
        return status;
    }
    if (stream->start == stream->end) {
        ndup_status status = refill(stream, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    size_t held = stream->end - stream->start;
    size_t copied = held < wanted ? held : wanted;
    memcpy(buffer + *got, stream->buffer + stream->start, copied);
    stream->start += copied;
    *got += copied;
    return NDUP_STATUS_OK;
}

/* Lists where the decoder is, if another one could begin there. */
static ndup_status note_point(const ndup__stream *stream, size_t got, ndup_error *error)
{
    if (stream->points == NULL || !stream->codec->decoder_is_complete(stream->decoder) ||
        !ndup__codec_can_begin(stream->codec, stream->buffer + stream->start,
                               stream->end - stream->start)) {
        return NDUP_STATUS_OK;
    }
    ndup__frame_point point = {ndup__stream_position(stream), stream->decoded + got};
    return ndup__frame_points_add(stream->points, point, error);
}

/* One step of the decoder. A step that moves neither end is the last one: with the input at its end
 * the data is complete or truncated, and otherwise the decoder is stuck. */
static ndup_status read_decoded(ndup__stream *stream, unsigned char *buffer, size_t capacity,
                                size_t *got, bool *is_done, ndup_error *error)
{
    if (stream->start == stream->end && !stream->at_end) {
        ndup_status status = refill(stream, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    size_t held = stream->end - stream->start;
    ndup__codec_buffers buffers = {stream->buffer + stream->start, held, buffer + *got,
                                   capacity - *got};
    const char *problem = NULL;
    ndup_status status = stream->codec->decode(&problem, stream->decoder, &buffers);
    bool has_moved = buffers.input_length != held || buffers.output_capacity != capacity - *got;
    stream->start = stream->end - buffers.input_length;
    *got = capacity - buffers.output_capacity;
    if (status != NDUP_STATUS_OK) {
        return fail_data(stream, status, "cannot be decoded", problem, error);
    }
    if (has_moved) {
        return note_point(stream, *got, error);
    }
    *is_done = stream->at_end;
    if (!stream->at_end) {
        return fail_data(stream, NDUP_STATUS_CORRUPT, "makes no progress", NULL, error);
    }
    if (!stream->codec->decoder_is_complete(stream->decoder)) {
        return fail_data(stream, NDUP_STATUS_CORRUPT, "is truncated", NULL, error);
    }
    return NDUP_STATUS_OK;
}

/* Decodes what the buffer holds with a decoder of its own. Damage ends it: who reads on is told. */
static ndup_status decode_held(const ndup__stream *stream, unsigned char *output, size_t capacity,
                               size_t *got, ndup_error *error)
{
    void *decoder;
    ndup_status status = stream->codec->decoder_open(&decoder, &stream->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (stream->allows_long) {
        allow_long(stream->codec, decoder);
    }
    ndup__codec_buffers buffers = {stream->buffer + stream->start, stream->end - stream->start,
                                   output, capacity};
    size_t before;
    ndup_status decoded;
    do {
        const char *problem;
        before = buffers.input_length + buffers.output_capacity;
        decoded = stream->codec->decode(&problem, decoder, &buffers);
    } while (decoded == NDUP_STATUS_OK && buffers.output_capacity > 0 &&
             buffers.input_length + buffers.output_capacity < before);
    stream->codec->decoder_close(decoder, &stream->allocator);
    *got = capacity - buffers.output_capacity;
    return decoded == NDUP_STATUS_MEMORY
               ? ndup__fail(error, decoded, "out of memory: the %s decoder", stream->codec->name)
               : NDUP_STATUS_OK;
}

ndup_status ndup__stream_peek(ndup__stream *stream, char *buffer, size_t capacity, size_t *got,
                              ndup_error *error)
{
    size_t wanted = stream->codec != NULL ? stream->buffer_bytes : capacity;
    *got = 0;
    while (!stream->at_end && stream->end - stream->start < wanted) {
        ndup_status status = read_more(stream, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    if (stream->codec != NULL) {
        return decode_held(stream, (unsigned char *)buffer, capacity, got, error);
    }
    size_t held = stream->end - stream->start;
    *got = held < capacity ? held : capacity;
    memcpy(buffer, stream->buffer + stream->start, *got);
    return NDUP_STATUS_OK;
}

ndup_status ndup__stream_read_ahead(ndup__stream *stream, unsigned threads, ndup_error *error)
{
    if (threads == 0 || stream->ahead != NULL || stream->codec == NULL ||
        stream->codec->find_run == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__resize(&stream->allocator, &stream->buffer, stream->buffer_bytes,
                                      AHEAD_BUFFER_BYTES, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    stream->buffer_bytes = AHEAD_BUFFER_BYTES;
    return ndup__ahead_open(&stream->ahead, stream->codec, threads, stream->points,
                            &stream->allocator, error);
}

/* Reads on until the buffer holds a run that can be decoded alone; *run is 0 if it cannot. */
static ndup_status find_run(size_t *run, ndup__stream *stream, ndup_error *error)
{
    for (;;) {
        size_t held = stream->end - stream->start;
        *run = held > 0 ? stream->codec->find_run(stream->buffer + stream->start, held) : 0;
        if (*run > 0 || stream->at_end || held == stream->buffer_bytes) {
            return NDUP_STATUS_OK;
        }
        memmove(stream->buffer, stream->buffer + stream->start, held);
        stream->start = 0;
        stream->end = held;
        ndup_status status = read_more(stream, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
}

/* Hands runs out to be decoded, until there is no room or no run. */
static ndup_status feed(bool *has_run, ndup__stream *stream, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    *has_run = true;
    while (*has_run && ndup__ahead_has_room(stream->ahead) && status == NDUP_STATUS_OK) {
        size_t run;
        status = find_run(&run, stream, error);
        *has_run = status == NDUP_STATUS_OK && run > 0;
        if (*has_run) {
            status = ndup__ahead_add(stream->ahead, stream->buffer + stream->start, run, error);
            stream->start += run;
            stream->has_run = true;
        }
    }
    return status;
}

/* What others have decoded. Once no more runs are found and all are read, the rest is decoded here:
 * it is too long or damaged. */
static ndup_status read_ahead(ndup__stream *stream, unsigned char *buffer, size_t capacity,
                              size_t *got, bool *is_done, ndup_error *error)
{
    bool has_run;
    ndup_status status = feed(&has_run, stream, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (ndup__ahead_is_empty(stream->ahead)) {
        *is_done = stream->has_run && stream->start == stream->end && stream->at_end;
        if (*is_done) {
            return NDUP_STATUS_OK;
        }
        ndup__ahead_close(stream->ahead);
        stream->ahead = NULL;
        return NDUP_STATUS_OK;
    }
    const char *problem;
    size_t count;
    status =
        ndup__ahead_read(stream->ahead, buffer + *got, capacity - *got, &count, &problem, error);
    *got += count;
    return status == NDUP_STATUS_OK || problem == NULL
               ? status
               : fail_data(stream, status, "cannot be decoded", problem, error);
}

static ndup_status give_failure(const ndup__stream *stream, ndup_error *error)
{
    if (error != NULL) {
        *error = stream->failure;
    }
    return stream->failure.status;
}

/* A failure is kept in the stream, and given at once only if there is nothing to hand out. */
ndup_status ndup__stream_read(ndup__stream *stream, void *buffer, size_t capacity, size_t *got,
                              ndup_error *error)
{
    *got = 0;
    if (stream->failure.status != NDUP_STATUS_OK) {
        return give_failure(stream, error);
    }
    ndup_status status = NDUP_STATUS_OK;
    bool is_done = false;
    while (*got < capacity && !is_done && status == NDUP_STATUS_OK) {
        if (stream->ahead != NULL) {
            status = read_ahead(stream, buffer, capacity, got, &is_done, &stream->failure);
        } else if (stream->codec != NULL) {
            status = read_decoded(stream, buffer, capacity, got, &is_done, &stream->failure);
        } else {
            status = read_plain(stream, buffer, capacity, got, &stream->failure);
            is_done = stream->at_end;
        }
    }
    stream->decoded += *got;
    return status != NDUP_STATUS_OK && *got == 0 ? give_failure(stream, error) : NDUP_STATUS_OK;
}

uint64_t ndup__stream_position(const ndup__stream *stream)
{
    size_t pending = stream->ahead != NULL ? ndup__ahead_pending(stream->ahead) : 0;
    return stream->raw_bytes - (stream->end - stream->start) - pending;
}

const char *ndup__stream_format(const ndup__stream *stream)
{
    return stream->codec != NULL ? stream->codec->name : "plain";
}
