/* SPDX-License-Identifier: MIT */
/* Decoding the bodies of HTTP responses: what was sent as chunks and encodings, whether the header
 * says so or not. */
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/error.h"
#include "codec/binary_type.h"
#include "codec/inflate.h"
#include "codec/unbrotli.h"
#include "corpus/http.h"
#include "corpus/http_chunks.h"

#define FIRST_ROOM ((size_t)64 << 10)
/* Looked at to tell text from compressed data. */
#define PLAIN_BYTES 256
#define BROTLI_PIECE ((size_t)16 << 10)
/* Layers of compression that are taken off though no header names them. */
#define LAYERS_MOST 4

/* More than so many bytes decoded for each that was sent are a bomb, unless they are few. Deflate
 * reaches 1032 at most, and whatever was written for people reaches less: nothing that gzip could
 * have sent is refused. */
#define RATIO_MOST 1100
#define BOMB_BYTES_LEAST ((uint64_t)1 << 20)

/* A body on its way. */
typedef struct decoding {
    ndup_text body; /* in the response, or at the beginning of one of the rooms */
    bool is_damaged;
    uint64_t sent;          /* bytes */
    uint64_t most;          /* bytes of each layer, by either limit, */
    uint64_t most_bytes;    /* and by that of records */
    ndup__json_line *rooms; /* [2] */
} decoding;

/* The room that the body does not lie in. */
static ndup__json_line *free_room(const decoding *self)
{
    return &self->rooms[self->rooms[0].bytes != NULL && self->body.bytes == self->rooms[0].bytes];
}

/* One way of decoding a body. */
typedef struct body_decoder {
    const ndup__codec *codec; /* or NULL */
    void *decoder;
    ndup_status (*step)(struct body_decoder *self, const char **problem,
                        ndup__codec_buffers *buffers);
    bool ended;
    size_t left; /* bytes behind the end */
} body_decoder;

static ndup_status step_codec(body_decoder *self, const char **problem,
                              ndup__codec_buffers *buffers)
{
    ndup_status status = self->codec->decode(problem, self->decoder, buffers);
    self->ended = self->codec->decoder_is_complete(self->decoder) && buffers->input_length == 0;
    return status;
}

#if NDUP_HAVE_ZLIB
static ndup_status step_inflate(body_decoder *self, const char **problem,
                                ndup__codec_buffers *buffers)
{
    return ndup__inflate(&self->ended, problem, self->decoder, buffers);
}
#endif

/* A piece at a time: what was decoded of the pieces before a damaged one is there. */
static ndup_status step_brotli(body_decoder *self, const char **problem,
                               ndup__codec_buffers *buffers)
{
    size_t given = buffers->input_length;
    size_t piece = given < BROTLI_PIECE ? given : BROTLI_PIECE;
    buffers->input_length = piece;
    ndup_status status = ndup__unbrotli_decode(&self->ended, problem, self->decoder, buffers);
    buffers->input_length += given - piece;
    return status;
}

/* Doubles the room, but for no more than shows that the body is too long. */
static ndup_status grow(ndup__json_line *room, const decoding *self, ndup_error *error)
{
    uint64_t most = self->most;
    if (room->length > most && most < self->most_bytes) {
        return ndup__fail(error, NDUP_STATUS_LIMIT,
                          "a body that decodes to over %d times its bytes, as bombs do: if it is a "
                          "page, store it decoded",
                          RATIO_MOST);
    }
    if (room->length > most) {
        return ndup__fail(error, NDUP_STATUS_LIMIT,
                          "a body of more than %llu bytes once decoded: --max-record allows more",
                          (unsigned long long)most);
    }
    uint64_t wanted = room->capacity < FIRST_ROOM ? FIRST_ROOM : 2 * (uint64_t)room->capacity;
    wanted = wanted < most + 1 ? wanted : most + 1;
    ndup_status status = NDUP_STATUS_OK;
    if (wanted > room->capacity) {
        status =
            ndup__resize(room->allocator, &room->bytes, room->capacity, (size_t)wanted, 1, error);
        room->capacity = status == NDUP_STATUS_OK ? (size_t)wanted : room->capacity;
    }
    return status;
}

/* Decodes the body into a free room, up to its end or its damage. */
static ndup_status decode_all(decoding *self, body_decoder *decoder, ndup_error *error)
{
    ndup__json_line *room = free_room(self);
    uint64_t most = self->most;
    ndup__codec_buffers buffers = {(const unsigned char *)self->body.bytes, self->body.length, NULL,
                                   0};
    ndup_status status = NDUP_STATUS_OK;
    bool has_moved = true;
    room->length = 0;
    while (!decoder->ended && has_moved && status == NDUP_STATUS_OK) {
        size_t room_end = room->capacity < most + 1 ? room->capacity : (size_t)most + 1;
        if (room->length >= room_end) {
            status = grow(room, self, error);
            continue;
        }
        const char *problem = NULL;
        size_t given = buffers.input_length;
        buffers.output = (unsigned char *)room->bytes + room->length;
        buffers.output_capacity = room_end - room->length;
        status = decoder->step(decoder, &problem, &buffers);
        size_t end = room_end - buffers.output_capacity;
        has_moved = end != room->length || buffers.input_length != given;
        room->length = end;
        if (status == NDUP_STATUS_MEMORY) {
            status = ndup__fail(error, status, "out of memory: a decoder of web archives (%s)",
                                problem != NULL ? problem : "no reason");
        } else if (status == NDUP_STATUS_CORRUPT) {
            has_moved = false; /* what came before counts */
            status = NDUP_STATUS_OK;
        } else if (status != NDUP_STATUS_OK) {
            status = ndup__fail(error, status, "a body that cannot be decoded: %s", problem);
        }
    }
    decoder->left = buffers.input_length;
    self->is_damaged = self->is_damaged || !decoder->ended;
    self->body = (ndup_text){room->bytes, room->length};
    return status == NDUP_STATUS_OK && room->length > most ? grow(room, self, error) : status;
}

static bool has_magic(const ndup__codec *codec, ndup_text body)
{
    return body.length >= codec->magic_bytes && codec->is_magic((const unsigned char *)body.bytes);
}

/* The codec whose first bytes these are; NULL for others. */
static const ndup__codec *find_codec(ndup_text body)
{
    return has_magic(&ndup__codec_gzip, body)   ? &ndup__codec_gzip
           : has_magic(&ndup__codec_zstd, body) ? &ndup__codec_zstd
                                                : NULL;
}

/* A body without the codec's first bytes was decoded already. */
static ndup_status decode_codec(decoding *self, const ndup__codec *codec, ndup_error *error)
{
    body_decoder decoder = {.codec = codec, .step = step_codec};
    const ndup_allocator *allocator = self->rooms[0].allocator;
    if (!has_magic(codec, self->body)) {
        return NDUP_STATUS_OK;
    }
    if (codec->package != NULL) {
        return ndup__codec_fail_missing(error, codec, "read");
    }
    ndup_status status = codec->decoder_open(&decoder.decoder, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = decode_all(self, &decoder, error);
        codec->decoder_close(decoder.decoder, allocator);
    }
    return status;
}

/* Whether the text begins without control characters, as compressed data hardly ever does. */
static bool is_plain(ndup_text text)
{
    for (size_t i = 0; i < text.length && i < PLAIN_BYTES; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if ((byte < 0x20 && strchr("\t\n\f\r", byte) == NULL) || byte == 0 || byte == 0x7F) {
            return false;
        }
    }
    return true;
}

static bool has_zlib_header(ndup_text body)
{
    const unsigned char *first = (const unsigned char *)body.bytes;
    return body.length >= 2 && (first[0] & 0x0F) == 8 && first[0] >> 4 <= 7 &&
           (first[0] * 256u + first[1]) % 31 == 0;
}

/* "deflate" is zlib's format, but some servers leave out its header. */
static ndup_status decode_deflate(decoding *self, ndup_error *error)
{
#if NDUP_HAVE_ZLIB
    bool has_header = has_zlib_header(self->body);
    const ndup_allocator *allocator = self->rooms[0].allocator;
    ndup__inflater *inflater;
    ndup_status status = ndup__inflater_open(
        &inflater, has_header ? NDUP__INFLATE_ZLIB : NDUP__INFLATE_RAW, allocator, error);
    if (status == NDUP_STATUS_OK) {
        body_decoder decoder = {.decoder = inflater, .step = step_inflate};
        decoding before = *self;
        status = decode_all(self, &decoder, error);
        if (status == NDUP_STATUS_OK && !has_header && self->body.length == 0) {
            *self = before; /* decoded already */
        }
        ndup__inflater_close(inflater, allocator);
    }
    return status;
#else
    return is_plain(self->body) ? NDUP_STATUS_OK /* decoded already */
                                : ndup__codec_fail_missing(error, &ndup__codec_gzip, "read");
#endif
}

/* Brotli data cannot be told by its first bytes: what cannot be decoded to its end and looks like
 * text has been decoded already. (The digit 5 is an empty Brotli stream.) */
static ndup_status decode_brotli(decoding *self, bool *is_whole, ndup_error *error)
{
    ndup__unbrotli *opened;
    decoding before = *self;
    *is_whole = false;
    ndup_status status = ndup__unbrotli_open(&opened, error);
    if (status == NDUP_STATUS_OK) {
        body_decoder decoder = {.decoder = opened, .step = step_brotli};
        status = decode_all(self, &decoder, error);
        ndup__unbrotli_close(opened);
        *is_whole = decoder.ended && decoder.left == 0;
        if (status != NDUP_STATUS_OK || *is_whole || !is_plain(before.body)) {
            return status;
        }
    } else if (status != NDUP_STATUS_UNSUPPORTED || !is_plain(before.body)) {
        return status;
    }
    *self = before;
    return NDUP_STATUS_OK;
}

static bool is_word(ndup_text text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.bytes, word, text.length) == 0;
}

/* Whether servers write this where nothing is encoded. */
static bool says_nothing(ndup_text name)
{
    static const char *const names[] = {"identity", "none",  "utf-8",       "utf8",   "binary",
                                        "8bit",     "plain", "aws-chunked", "chunked"};
    size_t i = 0;
    while (i < sizeof names / sizeof names[0] && !is_word(name, names[i])) {
        i++;
    }
    return i < sizeof names / sizeof names[0];
}

/* Takes off one encoding; *is_unknown when nobody knows it. */
static ndup_status decode_named(decoding *self, bool *is_unknown, ndup_text name, ndup_error *error)
{
    bool is_whole;
    *is_unknown = false;
    if (self->body.length == 0 || says_nothing(name)) {
        return NDUP_STATUS_OK;
    }
    if (is_word(name, "gzip") || is_word(name, "x-gzip")) {
        return decode_codec(self, &ndup__codec_gzip, error);
    }
    if (is_word(name, "zstd")) {
        return decode_codec(self, &ndup__codec_zstd, error);
    }
    bool is_deflate = is_word(name, "deflate");
    *is_unknown = !is_deflate && !is_word(name, "br");
    if (*is_unknown || find_codec(self->body) != NULL) {
        return NDUP_STATUS_OK; /* the others' first bytes are certain */
    }
    return is_deflate ? decode_deflate(self, error) : decode_brotli(self, &is_whole, error);
}

/* Takes off the encodings of a list, the last one first. *unknown is the first name met that nobody
 * knows, if any. */
static ndup_status decode_list(decoding *self, ndup_text *unknown, const ndup__http_codings *list,
                               ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (unsigned i = list->count; i > 0 && status == NDUP_STATUS_OK; i--) {
        bool is_unknown;
        status = decode_named(self, &is_unknown, list->names[i - 1], error);
        if (is_unknown && unknown->length == 0) {
            *unknown = list->names[i - 1];
        }
    }
    return status;
}

/* Brotli and zlib's format are no text, but have no first bytes that tell: only what decodes to its
 * last byte, and to text, was one of them. */
static ndup_status try_untold(decoding *self, ndup_error *error)
{
    decoding before = *self;
    bool is_whole = false;
    ndup_status status = NDUP_STATUS_OK;
    if (self->body.length == 0 || is_plain(self->body) ||
        ndup__binary_number(self->body.bytes, self->body.length) >= 0) {
        return status;
    }
    if (NDUP_HAVE_ZLIB && has_zlib_header(self->body)) {
        status = decode_deflate(self, error);
        is_whole = self->is_damaged == before.is_damaged;
    } else if (NDUP_HAVE_BROTLI) {
        status = decode_brotli(self, &is_whole, error);
    }
    if (status == NDUP_STATUS_OK && !(is_whole && is_plain(self->body))) {
        *self = before;
    }
    return status;
}

/* Takes off what no header names. */
static ndup_status decode_undeclared(decoding *self, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (int layer = 0; layer < LAYERS_MOST && status == NDUP_STATUS_OK; layer++) {
        const ndup__codec *codec = find_codec(self->body);
        if (codec == NULL) {
            return try_untold(self, error);
        }
        status = decode_codec(self, codec, error);
    }
    return status;
}

static ndup_status decode_chunks(decoding *self, const ndup__http_response *response,
                                 ndup_error *error)
{
    return response->is_chunked || ndup__http_chunks_are_certain(self->body)
               ? ndup__http_chunks_join(&self->body, &self->is_damaged, free_room(self), error)
               : NDUP_STATUS_OK;
}

ndup_status ndup__http_decode(ndup_text *body, bool *is_damaged,
                              const ndup__http_response *response, uint64_t most,
                              ndup__json_line rooms[2], ndup_error *error)
{
    uint64_t likely = RATIO_MOST * (uint64_t)response->body.length;
    decoding self = {.body = response->body, .most_bytes = most, .rooms = rooms};
    self.most = likely > BOMB_BYTES_LEAST ? likely : BOMB_BYTES_LEAST;
    self.most = self.most < most ? self.most : most;
    ndup_text unknown = {NULL, 0};
    ndup_status status = decode_chunks(&self, response, error);
    if (status == NDUP_STATUS_OK) {
        status = decode_list(&self, &unknown, &response->transfer, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = decode_list(&self, &unknown, &response->content, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = decode_undeclared(&self, error);
    }
    if (status == NDUP_STATUS_OK && unknown.length > 0 && !is_plain(self.body)) {
        status = ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "content encoding %.*s cannot be read",
                            (int)(unknown.length < 40 ? unknown.length : 40), unknown.bytes);
    }
    *body = self.body;
    *is_damaged = self.is_damaged;
    return status;
}
