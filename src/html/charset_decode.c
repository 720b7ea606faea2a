/* SPDX-License-Identifier: MIT */
/* From an encoding to UTF-8: UTF-8, UTF-16, UTF-32 and windows-1252 here, the others through iconv.
 */
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "html/charset.h"
#include "text/utf8.h"

/* More than a converter asks for. */
#define CONVERTER_BYTES ((size_t)1 << 20)

static ndup_status reserve(ndup__charset_decoder *decoder, size_t wanted, ndup_error *error)
{
    return ndup__reserve(decoder->allocator, &decoder->bytes, &decoder->capacity, wanted, 1, error);
}

static void put(ndup__charset_decoder *decoder, uint32_t code_point)
{
    decoder->length += ndup__utf8_write(decoder->bytes + decoder->length, code_point);
}

/* What is valid stays; every damaged sequence becomes U+FFFD, which may be longer. */
static ndup_status decode_utf8(ndup__charset_decoder *decoder, const char *bytes, size_t length,
                               ndup_error *error)
{
    ndup_status status = reserve(decoder, length + 4, error);
    while (status == NDUP_STATUS_OK && length > 0) {
        size_t valid = ndup__charset_valid_utf8(bytes, length);
        status = reserve(decoder, decoder->length + length + 4, error);
        if (status != NDUP_STATUS_OK) {
            break;
        }
        memcpy(decoder->bytes + decoder->length, bytes, valid);
        decoder->length += valid;
        if (valid < length) {
            uint32_t code_point;
            valid +=
                ndup__utf8_read(&code_point, bytes + valid, length - valid, &decoder->replaced);
            put(decoder, code_point);
        }
        bytes += valid;
        length -= valid;
    }
    return status;
}

static uint32_t read_unit(const char *bytes, bool is_big)
{
    unsigned char first = (unsigned char)bytes[0];
    unsigned char second = (unsigned char)bytes[1];
    return is_big ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
}

/* What the end cuts off waits for more, or is damage. */
static void end_units(ndup__charset_decoder *decoder, size_t *taken, size_t length, bool is_last)
{
    if (is_last && *taken < length) {
        put(decoder, NDUP__REPLACEMENT);
        decoder->replaced++;
        *taken = length;
    }
}

static ndup_status decode_utf16(ndup__charset_decoder *decoder, size_t *taken, const char *bytes,
                                size_t length, bool is_big, bool is_last, ndup_error *error)
{
    ndup_status status = reserve(decoder, length / 2 * 3 + 8, error);
    size_t at = 0;
    while (at + 1 < length && status == NDUP_STATUS_OK) {
        uint32_t unit = read_unit(bytes + at, is_big);
        bool is_high = unit >= 0xD800 && unit < 0xDC00;
        if (is_high && at + 3 >= length) {
            break;
        }
        uint32_t low = is_high ? read_unit(bytes + at + 2, is_big) : 0;
        bool is_pair = low >= 0xDC00 && low < 0xE000;
        decoder->replaced += !is_pair && unit >= 0xD800 && unit < 0xE000;
        put(decoder, is_pair ? 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00) : unit);
        at += is_pair ? 4 : 2;
    }
    *taken = at;
    if (status == NDUP_STATUS_OK) {
        end_units(decoder, taken, length, is_last);
    }
    return status;
}

static ndup_status decode_utf32(ndup__charset_decoder *decoder, size_t *taken, const char *bytes,
                                size_t length, bool is_big, bool is_last, ndup_error *error)
{
    ndup_status status = reserve(decoder, length + 8, error);
    size_t at = 0;
    for (; at + 3 < length && status == NDUP_STATUS_OK; at += 4) {
        uint32_t first = read_unit(bytes + at, is_big);
        uint32_t second = read_unit(bytes + at + 2, is_big);
        uint32_t code_point = is_big ? first << 16 | second : second << 16 | first;
        bool is_damaged = code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000);
        decoder->replaced += is_damaged;
        put(decoder, code_point);
    }
    *taken = at;
    if (status == NDUP_STATUS_OK) {
        end_units(decoder, taken, length, is_last);
    }
    return status;
}

uint32_t ndup__charset_windows_1252(unsigned char byte)
{
    static const uint16_t upper[32] = {
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};
    return byte >= 0x80 && byte < 0xA0 ? upper[byte - 0x80] : byte;
}

static ndup_status decode_windows_1252(ndup__charset_decoder *decoder, const char *bytes,
                                       size_t length, ndup_error *error)
{
    ndup_status status = reserve(decoder, 3 * length + 4, error);
    for (size_t i = 0; i < length && status == NDUP_STATUS_OK; i++) {
        put(decoder, ndup__charset_windows_1252((unsigned char)bytes[i]));
    }
    return status;
}

static void close_converter(ndup__charset_decoder *decoder)
{
    if (decoder->opened != NULL) {
        (void)iconv_close((iconv_t)decoder->converter);
        decoder->opened = NULL;
    }
}

/* Why there is no converter. The C library says so, too, when it could not load one for want of
 * memory or of descriptors, so both are tried. */
static ndup_status fail_converter(const ndup__charset *charset, int failure, ndup_error *error)
{
    int descriptor;
    if (failure != EINVAL) {
        ndup_status status = failure == ENOMEM ? NDUP_STATUS_MEMORY : NDUP_STATUS_IO;
        return ndup__fail_errno(error, status, failure, "cannot read encoding %s", charset->name);
    }
    ndup_status status = ndup__heap_try(CONVERTER_BYTES, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_open_read(&descriptor, "/dev/null", error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__file_close_quietly(descriptor);
        status =
            ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                       "encoding %s: the system's iconv has no converter for it", charset->name);
    }
    return status;
}

/* Opens the system's converter, unless it is the one used last. A second attempt is made, since the
 * first may have failed for something that has passed. */
static ndup_status open_converter(ndup__charset_decoder *decoder, const ndup__charset *charset,
                                  ndup_error *error)
{
    if (decoder->opened == charset) {
        (void)iconv((iconv_t)decoder->converter, NULL, NULL, NULL, NULL);
        return NDUP_STATUS_OK;
    }
    close_converter(decoder);
    iconv_t converter = iconv_open("UTF-8", charset->system);
    if (converter == (iconv_t)-1 && errno == EINVAL) {
        converter = iconv_open("UTF-8", charset->system);
    }
    if (converter == (iconv_t)-1) {
        return fail_converter(charset, errno, error);
    }
    decoder->opened = charset;
    decoder->converter = (void *)converter;
    return NDUP_STATUS_OK;
}

/* Some encodings write a letter and its mark apart: the last letter waits for a mark. */
static ndup_status finish_conversion(ndup__charset_decoder *decoder, ndup_error *error)
{
    ndup_status status = reserve(decoder, decoder->length + 16, error);
    if (status == NDUP_STATUS_OK) {
        char *out = decoder->bytes + decoder->length;
        size_t room = decoder->capacity - decoder->length;
        size_t before = room;
        (void)iconv((iconv_t)decoder->converter, NULL, NULL, &out, &room);
        decoder->length += before - room;
    }
    return status;
}

/* *taken is how many bytes were converted: all but what the end cuts off, of the last part all. */
static ndup_status convert(ndup__charset_decoder *decoder, size_t *taken, const char *bytes,
                           size_t length, bool is_last, ndup_error *error)
{
    char *in = (char *)(uintptr_t)bytes; /* iconv does not write there */
    *taken = length;
    ndup_status status = reserve(decoder, 2 * length + 16, error);
    while (status == NDUP_STATUS_OK && length > 0) {
        char *out = decoder->bytes + decoder->length;
        size_t room = decoder->capacity - decoder->length - 4;
        size_t before = room;
        size_t result = iconv((iconv_t)decoder->converter, &in, &length, &out, &room);
        int failure = result == (size_t)-1 ? errno : 0;
        decoder->length += before - room;
        if (failure == E2BIG) {
            status = reserve(decoder, 2 * decoder->capacity, error);
        } else if (failure != 0 && failure != EINVAL && failure != EILSEQ) {
            status =
                ndup__fail_errno(error, failure == ENOMEM ? NDUP_STATUS_MEMORY : NDUP_STATUS_IO,
                                 failure, "cannot convert from %s", decoder->opened->name);
        } else if (failure == EINVAL && !is_last) {
            *taken -= length;
            return NDUP_STATUS_OK;
        } else if (failure != 0) {
            /* A damaged sequence, or one that the end cuts off: its first byte is given up. */
            put(decoder, NDUP__REPLACEMENT);
            decoder->replaced++;
            in++;
            length = failure == EILSEQ ? length - 1 : 0;
            status = reserve(decoder, decoder->length + 16, error);
        }
    }
    if (status == NDUP_STATUS_OK && is_last) {
        status = finish_conversion(decoder, error);
    }
    return status;
}

static ndup_status decode_part(size_t *taken, ndup__charset_decoder *decoder,
                               const ndup__charset *charset, const char *bytes, size_t length,
                               bool is_last, ndup_error *error)
{
    *taken = length;
    int kind = ndup__charset_kind(charset);
    switch (kind) {
    case NDUP__UTF_16LE:
    case NDUP__UTF_16BE:
        return decode_utf16(decoder, taken, bytes, length, kind == NDUP__UTF_16BE, is_last, error);
    case NDUP__UTF_32LE:
    case NDUP__UTF_32BE:
        return decode_utf32(decoder, taken, bytes, length, kind == NDUP__UTF_32BE, is_last, error);
    case NDUP__WINDOWS_1252:
        return decode_windows_1252(decoder, bytes, length, error);
    default:
        return decode_utf8(decoder, bytes, length, error);
    }
}

ndup_status ndup__charset_decode(ndup_text *utf8, ndup__charset_decoder *decoder,
                                 const ndup__charset *charset, const char *bytes, size_t length,
                                 ndup_error *error)
{
    size_t taken;
    ndup_status status;
    decoder->length = 0;
    decoder->replaced = 0;
    if (charset->system != NULL) {
        status = open_converter(decoder, charset, error);
        if (status == NDUP_STATUS_OK) {
            status = convert(decoder, &taken, bytes, length, true, error);
        }
    } else if (charset == ndup__charset_utf8() &&
               ndup__charset_valid_utf8(bytes, length) == length) {
        *utf8 = (ndup_text){bytes, length};
        return NDUP_STATUS_OK;
    } else {
        status = decode_part(&taken, decoder, charset, bytes, length, true, error);
    }
    *utf8 = (ndup_text){decoder->bytes, decoder->length};
    return status;
}

ndup_status ndup__charset_begin(ndup__charset_decoder *decoder, const ndup__charset *charset,
                                ndup_error *error)
{
    decoder->length = 0;
    decoder->replaced = 0;
    return charset->system != NULL ? open_converter(decoder, charset, error) : NDUP_STATUS_OK;
}

ndup_status ndup__charset_decode_part(ndup_text *utf8, size_t *taken,
                                      ndup__charset_decoder *decoder, const ndup__charset *charset,
                                      const char *bytes, size_t length, bool is_last,
                                      ndup_error *error)
{
    decoder->length = 0;
    ndup_status status = charset->system != NULL
                             ? convert(decoder, taken, bytes, length, is_last, error)
                             : decode_part(taken, decoder, charset, bytes, length, is_last, error);
    *utf8 = (ndup_text){decoder->bytes, decoder->length};
    return status;
}

void ndup__charset_decoder_deinit(ndup__charset_decoder *decoder)
{
    close_converter(decoder);
    ndup__free(decoder->allocator, &decoder->bytes, decoder->capacity, 1);
    decoder->capacity = 0;
}
