/* SPDX-License-Identifier: MIT */
/* What would help with files that are not read, and first bytes of neardup's own outputs. */
#include "corpus/unread.h"

#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "codec/binary_type.h"
#include "html/charset.h"

#define NO_TEXT "it holds no text"

static const char *const cures[NDUP__BINARY_KINDS] = {
    [NDUP__BINARY_PAGES] = "extract the text first, such as with pdftotext or djvutxt",
    [NDUP__BINARY_OFFICE] =
        "save it as text or HTML first, such as with pandoc or libreoffice --convert-to",
    [NDUP__BINARY_BOOK] = "convert it to text or HTML first",
    [NDUP__BINARY_TABLE] = "write it as JSON lines or CSV first, such as with duckdb",
    [NDUP__BINARY_MEDIA] = NO_TEXT,
    [NDUP__BINARY_FONT] = NO_TEXT,
    [NDUP__BINARY_PROGRAM] = NO_TEXT,
    [NDUP__BINARY_ARCHIVE] = "unpack it first",
    [NDUP__BINARY_COMPRESSED] = "decompress it first"};

/* Bytes that are looked through for zero bytes, and for others that texts do not have where there
 * are none: nearly all that is no text has zeros. */
#define LOOKED_AT 8192
#define LOOKED_AT_WITHOUT_ZEROS 512

ndup_status ndup__unread_refuse(const char *bytes, size_t length, bool archives, ndup_error *error)
{
    int number = ndup__binary_number(bytes, length);
    if (number < 0) {
        return NDUP_STATUS_OK;
    }
    ndup__binary_kind kind = ndup__binary_kind_of((unsigned)number);
    if (!archives && (kind == NDUP__BINARY_ARCHIVE || kind == NDUP__BINARY_COMPRESSED)) {
        return NDUP_STATUS_OK;
    }
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "this is %s, which is not read: %s",
                      ndup__binary_a_name((unsigned)number), cures[kind]);
}

/* Control characters that texts do not have. Tabs, line ends, form feeds, backspaces of typed
 * underlining, escapes of ISO-2022 and of colours, and the end mark of old systems stand in texts.
 */
static bool is_foreign(unsigned char byte)
{
    bool is_format = (byte >= 0x08 && byte <= 0x0D) || byte == 0x1A || byte == 0x1B;
    return byte < 0x20 && !is_format;
}

/* Whether one of eight bytes is a control character: subtracting 0x20 borrows there. */
static bool has_control(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return ((word - UINT64_C(0x2020202020202020)) & ~word & UINT64_C(0x8080808080808080)) != 0;
}

static size_t count_foreign(const char *bytes, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length;) {
        if (length - i >= 8 && !has_control(bytes + i)) {
            i += 8;
            continue;
        }
        size_t end = length - i >= 8 ? i + 8 : length;
        for (; i < end; i++) {
            count += is_foreign((unsigned char)bytes[i]);
        }
    }
    return count;
}

static bool has_wide_mark(const char *bytes, size_t length)
{
    size_t mark;
    const ndup__charset *marked = ndup__charset_by_mark(&mark, bytes, length);
    return marked != NULL && marked != ndup__charset_utf8();
}

bool ndup__is_binary(const char *bytes, size_t length)
{
    length = length < LOOKED_AT ? length : LOOKED_AT;
    if (length > LOOKED_AT_WITHOUT_ZEROS && memchr(bytes, '\0', length) == NULL) {
        length = LOOKED_AT_WITHOUT_ZEROS;
    }
    return count_foreign(bytes, length) * 32 > length && !has_wide_mark(bytes, length);
}

ndup_status ndup__unread_fail_binary(ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "this is no text: more than one byte in 32 is a control character");
}

/* The first bytes of everything that neardup writes with a header. */
static const char *const own_beginnings[] = {
    "{\"type\":\"neardup-",
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"generator\" content=\"neardup\">"};

bool ndup__is_own_output(const char *bytes, size_t length)
{
    for (size_t i = 0; i < sizeof own_beginnings / sizeof own_beginnings[0]; i++) {
        size_t needed = strlen(own_beginnings[i]);
        if (length >= needed && memcmp(bytes, own_beginnings[i], needed) == 0) {
            return true;
        }
    }
    return false;
}
