/* SPDX-License-Identifier: MIT */
/* Reading HTTP responses: the header's fields, chunks, and content encodings. */
#include "corpus/http.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/error.h"
#include "codec/inflate.h"
#include "codec/unbrotli.h"

/* Rooms in which the two layers of a body are decoded. */
enum { CHUNKED_ROOM, ENCODED_ROOM };

#define FIRST_ROOM ((size_t)64 << 10)
/* Looked at to tell text from compressed data. */
#define PLAIN_BYTES 256
#define BROTLI_PIECE ((size_t)16 << 10)

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static ndup_text trim(const char *at, const char *end)
{
    while (at < end && is_space(*at)) {
        at++;
    }
    while (end > at && is_space(end[-1])) {
        end--;
    }
    return (ndup_text){at, (size_t)(end - at)};
}

static bool is_word(ndup_text text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.bytes, word, text.length) == 0;
}

static void set_field(ndup__http_response *response, ndup_text name, ndup_text value)
{
    if (is_word(name, "Content-Type")) {
        response->content_type = value;
    } else if (is_word(name, "Content-Encoding")) {
        response->content_encoding = value;
    } else if (is_word(name, "Transfer-Encoding")) {
        response->is_chunked = is_word(value, "chunked");
    }
}

/* "HTTP/1.1 200 OK" */
static bool read_status(unsigned *status, ndup_text line)
{
    const char *space = memchr(line.bytes, ' ', line.length);
    if (line.length < 5 || memcmp(line.bytes, "HTTP/", 5) != 0 || space == NULL ||
        line.bytes + line.length - space < 4) {
        return false;
    }
    *status = 0;
    for (int i = 1; i <= 3; i++) {
        if (space[i] < '0' || space[i] > '9') {
            return false;
        }
        *status = 10 * *status + (unsigned)(space[i] - '0');
    }
    return true;
}

bool ndup__http_read(ndup__http_response *response, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    *response = (ndup__http_response){.status = 0};
    for (const char *at = bytes; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (line_end == NULL) {
            return false;
        }
        ndup_text line = trim(at, line_end);
        if (at == bytes) {
            if (!read_status(&response->status, line)) {
                return false;
            }
        } else if (line.length == 0) {
            response->body = (ndup_text){line_end + 1, (size_t)(end - line_end - 1)};
            return true;
        }
        const char *colon = memchr(at, ':', (size_t)(line_end - at));
        if (colon != NULL) {
            set_field(response, trim(at, colon), trim(colon + 1, line_end));
        }
        at = line_end + 1;
    }
    return false;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The size in front of a chunk, and where its bytes begin; NULL if there is no such line. */
static const char *read_chunk_size(size_t *size, const char *at, const char *end)
{
    const char *first = at;
    *size = 0;
    for (; at < end && hex_value(*at) >= 0; at++) {
        if (*size > SIZE_MAX >> 8) {
            return NULL;
        }
        *size = *size << 4 | (size_t)hex_value(*at);
    }
    while (at < end && is_space(*at) && *at != '\r') {
        at++;
    }
    if (at == first || at == end || (*at != '\r' && *at != '\n' && *at != ';')) {
        return NULL;
    }
    at = memchr(at, '\n', (size_t)(end - at));
    return at != NULL ? at + 1 : NULL;
}

/* Joins the chunks in `room`. A body that does not begin with a chunk is left as it is. */
static ndup_status join_chunks(ndup_text *body, bool *is_damaged, ndup__json_line *room,
                               ndup_error *error)
{
    const char *at = body->bytes;
    const char *end = at + body->length;
    size_t size;
    if (read_chunk_size(&size, at, end) == NULL) {
        return NDUP_STATUS_OK;
    }
    room->length = 0;
    for (;;) {
        const char *chunk = read_chunk_size(&size, at, end);
        if (chunk == NULL || size == 0) {
            *is_damaged = *is_damaged || chunk == NULL;
            break;
        }
        bool is_whole = size <= (size_t)(end - chunk);
        size_t there = is_whole ? size : (size_t)(end - chunk);
        ndup_status status = ndup__json_line_add(room, chunk, there, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        at = chunk + there;
        at += at < end && *at == '\r';
        at += at < end && *at == '\n';
    }
    *body = (ndup_text){room->bytes, room->length};
    return NDUP_STATUS_OK;
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
static ndup_status grow(ndup__json_line *room, uint64_t most, ndup_error *error)
{
    if (room->length > most) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "a body of more than %llu bytes once decoded",
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

static ndup_status decode_all(ndup_text *body, bool *is_damaged, body_decoder *decoder,
                              uint64_t most, ndup__json_line *room, ndup_error *error)
{
    ndup__codec_buffers buffers = {(const unsigned char *)body->bytes, body->length, NULL, 0};
    ndup_status status = NDUP_STATUS_OK;
    bool has_moved = true;
    room->length = 0;
    while (!decoder->ended && has_moved && status == NDUP_STATUS_OK) {
        size_t room_end = room->capacity < most + 1 ? room->capacity : (size_t)most + 1;
        if (room->length >= room_end) {
            status = grow(room, most, error);
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
        if (status == NDUP_STATUS_CORRUPT) {
            has_moved = false; /* what came before counts */
            status = NDUP_STATUS_OK;
        }
    }
    decoder->left = buffers.input_length;
    *is_damaged = *is_damaged || !decoder->ended;
    *body = (ndup_text){room->bytes, room->length};
    return status == NDUP_STATUS_OK && room->length > most ? grow(room, most, error) : status;
}

static ndup_status decode_codec(ndup_text *body, bool *is_damaged, const ndup__codec *codec,
                                uint64_t most, ndup__json_line *room, ndup_error *error)
{
    body_decoder decoder = {.codec = codec, .step = step_codec};
    if (body->length < codec->magic_bytes || !codec->is_magic((const unsigned char *)body->bytes)) {
        return NDUP_STATUS_OK; /* decoded already */
    }
    if (codec->package != NULL) {
        return ndup__codec_fail_missing(error, codec, "read");
    }
    ndup_status status = codec->decoder_open(&decoder.decoder, room->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = decode_all(body, is_damaged, &decoder, most, room, error);
        codec->decoder_close(decoder.decoder, room->allocator);
    }
    return status;
}

/* "deflate" is zlib's format, but some servers leave out its header. */
static ndup_status decode_deflate(ndup_text *body, bool *is_damaged, uint64_t most,
                                  ndup__json_line *room, ndup_error *error)
{
#if NDUP_HAVE_ZLIB
    const unsigned char *first = (const unsigned char *)body->bytes;
    bool has_header = body->length >= 2 && (first[0] & 0x0F) == 8 && first[0] >> 4 <= 7 &&
                      (first[0] * 256u + first[1]) % 31 == 0;
    ndup__inflater *inflater;
    ndup_status status = ndup__inflater_open(
        &inflater, has_header ? NDUP__INFLATE_ZLIB : NDUP__INFLATE_RAW, room->allocator, error);
    if (status == NDUP_STATUS_OK) {
        body_decoder decoder = {.decoder = inflater, .step = step_inflate};
        ndup_text sent = *body;
        status = decode_all(body, is_damaged, &decoder, most, room, error);
        if (status == NDUP_STATUS_OK && !has_header && body->length == 0) {
            *body = sent; /* decoded already */
            *is_damaged = false;
        }
        ndup__inflater_close(inflater, room->allocator);
    }
    return status;
#else
    (void)body;
    (void)is_damaged;
    (void)most;
    (void)room;
    return ndup__codec_fail_missing(error, &ndup__codec_gzip, "read");
#endif
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

/* Brotli data cannot be told by its first bytes: what cannot be decoded to its end and looks like
 * text has been decoded already. (The digit 5 is an empty Brotli stream.) */
static ndup_status decode_brotli(ndup_text *body, bool *is_damaged, uint64_t most,
                                 ndup__json_line *room, ndup_error *error)
{
    ndup__unbrotli *opened;
    ndup_text sent = *body;
    bool was_damaged = *is_damaged;
    ndup_status status = ndup__unbrotli_open(&opened, error);
    if (status == NDUP_STATUS_OK) {
        body_decoder decoder = {.decoder = opened, .step = step_brotli};
        status = decode_all(body, is_damaged, &decoder, most, room, error);
        ndup__unbrotli_close(opened);
        bool is_whole = decoder.ended && decoder.left == 0;
        if (status != NDUP_STATUS_OK || is_whole || !is_plain(sent)) {
            return status;
        }
    } else if (status != NDUP_STATUS_UNSUPPORTED || !is_plain(sent)) {
        return status;
    }
    *body = sent;
    *is_damaged = was_damaged;
    return NDUP_STATUS_OK;
}

ndup_status ndup__http_decode(ndup_text *body, bool *is_damaged,
                              const ndup__http_response *response, uint64_t most,
                              ndup__json_line room[2], ndup_error *error)
{
    ndup_text encoding = response->content_encoding;
    ndup_status status = NDUP_STATUS_OK;
    *body = response->body;
    *is_damaged = false;
    if (response->is_chunked) {
        status = join_chunks(body, is_damaged, &room[CHUNKED_ROOM], error);
    }
    if (status != NDUP_STATUS_OK || encoding.length == 0 || body->length == 0 ||
        is_word(encoding, "identity")) {
        return status;
    }
    if (is_word(encoding, "gzip") || is_word(encoding, "x-gzip")) {
        return decode_codec(body, is_damaged, &ndup__codec_gzip, most, &room[ENCODED_ROOM], error);
    }
    if (is_word(encoding, "zstd")) {
        return decode_codec(body, is_damaged, &ndup__codec_zstd, most, &room[ENCODED_ROOM], error);
    }
    if (is_word(encoding, "deflate")) {
        return decode_deflate(body, is_damaged, most, &room[ENCODED_ROOM], error);
    }
    if (is_word(encoding, "br")) {
        return decode_brotli(body, is_damaged, most, &room[ENCODED_ROOM], error);
    }
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "content encoding %.*s cannot be read",
                      (int)(encoding.length < 40 ? encoding.length : 40), encoding.bytes);
}
