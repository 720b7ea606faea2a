/* SPDX-License-Identifier: MIT */
/* Labels, and decoding: UTF-8, UTF-16 and windows-1252 here, the others through iconv. */
#include "html/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "text/utf8.h"

enum { UTF_8, UTF_16LE, UTF_16BE, WINDOWS_1252 };

/* Names and labels: WHATWG Encoding Standard, 4.2. */
static const ndup__charset charsets[] = {
    [UTF_8] = {"UTF-8", NULL,
               " unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8 "},
    [UTF_16LE] = {"UTF-16LE", NULL,
                  " csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le "},
    [UTF_16BE] = {"UTF-16BE", NULL, " unicodefffe utf-16be "},
    [WINDOWS_1252] = {"windows-1252", NULL,
                      " ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 "
                      "iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii "
                      "windows-1252 x-cp1252 x-user-defined "},
    {"GBK", "GB18030",
     " chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk "},
    {"gb18030", "GB18030", " gb18030 "},
    {"Big5", "BIG5-HKSCS", " big5 big5-hkscs cn-big5 csbig5 x-x-big5 "},
    {"EUC-JP", "EUC-JP", " cseucpkdfmtjapanese euc-jp x-euc-jp "},
    {"Shift_JIS", "CP932",
     " csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis "},
    {"ISO-2022-JP", "ISO-2022-JP", " csiso2022jp iso-2022-jp "},
    {"EUC-KR", "UHC",
     " cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
     "ksc_5601 windows-949 "},
    {"KOI8-R", "KOI8-R", " cskoi8r koi koi8 koi8-r koi8_r "},
    {"KOI8-U", "KOI8-U", " koi8-ru koi8-u "},
    {"IBM866", "IBM866", " 866 cp866 csibm866 ibm866 "},
    {"windows-1250", "CP1250", " cp1250 windows-1250 x-cp1250 "},
    {"windows-1251", "CP1251", " cp1251 windows-1251 x-cp1251 "},
    {"windows-1253", "CP1253", " cp1253 windows-1253 x-cp1253 "},
    {"windows-1254", "CP1254",
     " cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 "
     "latin5 windows-1254 x-cp1254 "},
    {"windows-1255", "CP1255", " cp1255 windows-1255 x-cp1255 "},
    {"windows-1256", "CP1256", " cp1256 windows-1256 x-cp1256 "},
    {"windows-1257", "CP1257", " cp1257 windows-1257 x-cp1257 "},
    {"windows-1258", "CP1258", " cp1258 windows-1258 x-cp1258 "},
    {"windows-874", "CP874", " dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874 "},
    {"ISO-8859-2", "ISO-8859-2",
     " csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2 "},
    {"ISO-8859-3", "ISO-8859-3",
     " csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3 "},
    {"ISO-8859-4", "ISO-8859-4",
     " csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4 "},
    {"ISO-8859-5", "ISO-8859-5",
     " csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
     "iso_8859-5:1988 "},
    {"ISO-8859-6", "ISO-8859-6",
     " arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 "},
    {"ISO-8859-7", "ISO-8859-7",
     " csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek "},
    {"ISO-8859-8", "ISO-8859-8",
     " csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical "},
    {"ISO-8859-10", "ISO-8859-10",
     " csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6 "},
    {"ISO-8859-13", "ISO-8859-13", " iso-8859-13 iso8859-13 iso885913 "},
    {"ISO-8859-14", "ISO-8859-14", " iso-8859-14 iso8859-14 iso885914 "},
    {"ISO-8859-15", "ISO-8859-15", " csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 "},
    {"ISO-8859-16", "ISO-8859-16", " iso-8859-16 "},
    {"macintosh", "MACINTOSH", " csmacintosh mac macintosh x-mac-roman "},
    {"x-mac-cyrillic", "MAC-CYRILLIC", " x-mac-cyrillic x-mac-ukrainian "},
};
enum { CHARSETS = sizeof charsets / sizeof *charsets, LABEL_BYTES = 24 };

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v');
}

static char to_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

const ndup__charset *ndup__charset_by_label(ndup_text label)
{
    char wanted[LABEL_BYTES + 3] = " ";
    while (label.length > 0 && is_space(label.bytes[0])) {
        label.bytes++;
        label.length--;
    }
    while (label.length > 0 && is_space(label.bytes[label.length - 1])) {
        label.length--;
    }
    if (label.length == 0 || label.length > LABEL_BYTES ||
        memchr(label.bytes, ' ', label.length) != NULL) {
        return NULL;
    }
    for (size_t i = 0; i < label.length; i++) {
        wanted[i + 1] = to_lower(label.bytes[i]);
    }
    wanted[label.length + 1] = ' ';
    for (size_t i = 0; i < CHARSETS; i++) {
        if (strstr(charsets[i].labels, wanted) != NULL) {
            return &charsets[i];
        }
    }
    return NULL;
}

const ndup__charset *ndup__charset_utf8(void)
{
    return &charsets[UTF_8];
}

const ndup__charset *ndup__charset_utf16(bool is_big)
{
    return &charsets[is_big ? UTF_16BE : UTF_16LE];
}

const ndup__charset *ndup__charset_latin1(void)
{
    return &charsets[WINDOWS_1252];
}

/* Bytes at the beginning that are valid UTF-8. */
static size_t valid_length(const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        uint64_t word;
        if (length - at >= sizeof word) {
            memcpy(&word, bytes + at, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                at += sizeof word;
                continue;
            }
        }
        uint32_t code_point;
        uint64_t replaced = 0;
        size_t taken = ndup__utf8_read(&code_point, bytes + at, length - at, &replaced);
        if (replaced > 0) {
            return at;
        }
        at += taken;
    }
    return length;
}

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
        size_t valid = valid_length(bytes, length);
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

static ndup_status decode_utf16(ndup__charset_decoder *decoder, const char *bytes, size_t length,
                                bool is_big, ndup_error *error)
{
    ndup_status status = reserve(decoder, length / 2 * 3 + 8, error);
    uint32_t high = 0; /* a surrogate that waits for its second half */
    for (size_t i = 0; i + 1 < length && status == NDUP_STATUS_OK; i += 2) {
        unsigned char first = (unsigned char)bytes[i];
        unsigned char second = (unsigned char)bytes[i + 1];
        uint32_t unit = is_big ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
        bool is_low = unit >= 0xDC00 && unit < 0xE000;
        if (high != 0 && is_low) {
            put(decoder, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
            high = 0;
            continue;
        }
        if (high != 0) {
            put(decoder, NDUP__REPLACEMENT);
            decoder->replaced++;
        }
        high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
        if (high == 0) {
            decoder->replaced += is_low;
            put(decoder, unit);
        }
    }
    if (status == NDUP_STATUS_OK && (high != 0 || length % 2 != 0)) {
        put(decoder, NDUP__REPLACEMENT);
        decoder->replaced++;
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

/* Opens the system's converter, unless it is the one used last. False where there is none. */
static bool open_converter(ndup__charset_decoder *decoder, const ndup__charset *charset)
{
    if (decoder->opened == charset) {
        (void)iconv((iconv_t)decoder->converter, NULL, NULL, NULL, NULL);
        return true;
    }
    close_converter(decoder);
    iconv_t converter = iconv_open("UTF-8", charset->system);
    bool is_open = converter != (iconv_t)-1;
    decoder->opened = is_open ? charset : NULL;
    decoder->converter = is_open ? (void *)converter : NULL;
    return is_open;
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

static ndup_status convert(ndup__charset_decoder *decoder, const char *bytes, size_t length,
                           ndup_error *error)
{
    char *in = (char *)(uintptr_t)bytes; /* iconv does not write there */
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
        } else if (failure != 0) {
            /* A damaged sequence, or one that the end cuts off: its first byte is given up. */
            put(decoder, NDUP__REPLACEMENT);
            decoder->replaced++;
            in++;
            length = failure == EILSEQ ? length - 1 : 0;
            status = reserve(decoder, decoder->length + 16, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = finish_conversion(decoder, error);
    }
    return status;
}

ndup_status ndup__charset_decode(ndup_text *utf8, ndup__charset_decoder *decoder,
                                 const ndup__charset *charset, const char *bytes, size_t length,
                                 ndup_error *error)
{
    decoder->length = 0;
    decoder->replaced = 0;
    ndup_status status;
    if (charset->system != NULL && open_converter(decoder, charset)) {
        status = convert(decoder, bytes, length, error);
    } else if (charset == &charsets[UTF_16LE] || charset == &charsets[UTF_16BE]) {
        status = decode_utf16(decoder, bytes, length, charset == &charsets[UTF_16BE], error);
    } else if (charset == &charsets[WINDOWS_1252]) {
        status = decode_windows_1252(decoder, bytes, length, error);
    } else if (valid_length(bytes, length) == length) {
        *utf8 = (ndup_text){bytes, length};
        return NDUP_STATUS_OK;
    } else {
        status = decode_utf8(decoder, bytes, length, error);
    }
    *utf8 = (ndup_text){decoder->bytes, decoder->length};
    return status;
}

void ndup__charset_decoder_deinit(ndup__charset_decoder *decoder)
{
    close_converter(decoder);
    ndup__free(decoder->allocator, &decoder->bytes, decoder->capacity, 1);
    decoder->capacity = 0;
}
