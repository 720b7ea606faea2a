/* SPDX-License-Identifier: MIT */
/* First bytes of what is not read, and of neardup's own outputs. */
#include "corpus/unread.h"

#include <stdint.h>
#include <string.h>

#include "base/error.h"

typedef enum mark_rule {
    ALWAYS,
    IF_BINARY, /* the mark is short and of letters: a text may begin like that */
    IN_ZIP,    /* the name of an archive's first file, and what may stand behind it */
    ARCHIVE
} mark_rule;

typedef struct first_bytes {
    const char *bytes;
    unsigned char length;
    unsigned short offset;
    unsigned char rule;
    const char *name;
    const char *cure;
} first_bytes;

#define BYTES(literal) literal, sizeof(literal) - 1

#define NO_TEXT "it holds no text"
#define PDF_CURE "extract the text first, such as with pdftotext"
#define OFFICE_CURE "save it as text or HTML first, such as with pandoc or libreoffice --convert-to"
#define TABLE_CURE "write it as JSON lines or CSV first, such as with duckdb"
#define UNPACK_CURE "unpack it first"

static const first_bytes marks[] = {
    {BYTES("%PDF-"), 0, ALWAYS, "PDF", PDF_CURE},
    {BYTES("%!PS"), 0, ALWAYS, "PostScript", PDF_CURE},
    {BYTES("AT&TFORM"), 0, ALWAYS, "DjVu", "extract the text first, such as with djvutxt"},
    {BYTES("{\\rtf"), 0, ALWAYS, "RTF", OFFICE_CURE},
    {BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0, ALWAYS, "an old Office document", OFFICE_CURE},
    {BYTES("[Content_Types].xml"), 30, IN_ZIP, "an Office document", OFFICE_CURE},
    {BYTES("_rels/.rels"), 30, IN_ZIP, "an Office document", OFFICE_CURE},
    {BYTES("word/"), 30, IN_ZIP, "an Office document", OFFICE_CURE},
    {BYTES("docProps/"), 30, IN_ZIP, "an Office document", OFFICE_CURE},
    {BYTES("mimetypeapplication/vnd.oasis"), 30, IN_ZIP, "an OpenDocument file", OFFICE_CURE},
    {BYTES("BOOKMOBI"), 60, ALWAYS, "a Kindle book", "convert it to text or HTML first"},
    {BYTES("PAR1"), 0, IF_BINARY, "Parquet", TABLE_CURE},
    {BYTES("ARROW1"), 0, IF_BINARY, "Arrow", TABLE_CURE},
    {BYTES("FEA1"), 0, IF_BINARY, "Feather", TABLE_CURE},
    {BYTES("ORC"), 0, IF_BINARY, "ORC", TABLE_CURE},
    {BYTES("Obj\x01"), 0, ALWAYS, "Avro", TABLE_CURE},
    {BYTES("SQLite format 3"), 0, IF_BINARY, "an SQLite database", TABLE_CURE},
    {BYTES("\x89HDF\r\n\x1A\n"), 0, ALWAYS, "HDF5", TABLE_CURE},
    {BYTES("\x93NUMPY"), 0, ALWAYS, "a NumPy array", TABLE_CURE},
    {BYTES("\x89PNG\r\n\x1A\n"), 0, ALWAYS, "a PNG picture", NO_TEXT},
    {BYTES("\xFF\xD8\xFF"), 0, ALWAYS, "a JPEG picture", NO_TEXT},
    {BYTES("GIF8"), 0, IF_BINARY, "a GIF picture", NO_TEXT},
    {BYTES("WEBP"), 8, IF_BINARY, "a WebP picture", NO_TEXT},
    {BYTES("II*\0"), 0, ALWAYS, "a TIFF picture", NO_TEXT},
    {BYTES("MM\0*"), 0, ALWAYS, "a TIFF picture", NO_TEXT},
    {BYTES("8BPS"), 0, IF_BINARY, "a Photoshop picture", NO_TEXT},
    {BYTES("BM"), 0, IF_BINARY, "a BMP picture", NO_TEXT},
    {BYTES("\0\0\1\0"), 0, ALWAYS, "an icon", NO_TEXT},
    {BYTES("RIFF"), 0, IF_BINARY, "sound or video", NO_TEXT},
    {BYTES("ID3"), 0, IF_BINARY, "sound (MP3)", NO_TEXT},
    {BYTES("OggS"), 0, IF_BINARY, "sound or video (Ogg)", NO_TEXT},
    {BYTES("fLaC"), 0, IF_BINARY, "sound (FLAC)", NO_TEXT},
    {BYTES("ftyp"), 4, IF_BINARY, "video (MP4)", NO_TEXT},
    {BYTES("\x1A\x45\xDF\xA3"), 0, ALWAYS, "video (Matroska)", NO_TEXT},
    {BYTES("wOFF"), 0, IF_BINARY, "a font", NO_TEXT},
    {BYTES("wOF2"), 0, IF_BINARY, "a font", NO_TEXT},
    {BYTES("OTTO"), 0, IF_BINARY, "a font", NO_TEXT},
    {BYTES("\0\1\0\0\0"), 0, ALWAYS, "a font", NO_TEXT},
    {BYTES("\x7F"
           "ELF"),
     0, ALWAYS, "a program", NO_TEXT},
    {BYTES("MZ"), 0, IF_BINARY, "a program", NO_TEXT},
    {BYTES("\xCF\xFA\xED\xFE"), 0, ALWAYS, "a program", NO_TEXT},
    {BYTES("\xCA\xFE\xBA\xBE"), 0, ALWAYS, "a program", NO_TEXT},
    {BYTES("\0asm"), 0, ALWAYS, "a program", NO_TEXT},
    {BYTES("!<arch>\n"), 0, ALWAYS, "a library of object files", NO_TEXT},
    {BYTES("\x80\x04\x95"), 0, ALWAYS, "a Python pickle", TABLE_CURE},
    {BYTES("PK\3\4"), 0, ARCHIVE, "a ZIP archive", UNPACK_CURE},
    {BYTES("PK\5\6"), 0, ARCHIVE, "an empty ZIP archive", NO_TEXT},
    {BYTES("7z\xBC\xAF\x27\x1C"), 0, ARCHIVE, "a 7-Zip archive", UNPACK_CURE},
    {BYTES("Rar!\x1A\x07"), 0, ARCHIVE, "a RAR archive", UNPACK_CURE},
    {BYTES("ustar"), 257, ARCHIVE, "a tar archive", UNPACK_CURE},
    {BYTES("LZIP\1"), 0, ARCHIVE, "lzip", "decompress it first"},
    {BYTES("\x1F\x9D"), 0, ARCHIVE, "a .Z file", "decompress it first"},
};

/* Bytes that are looked through for zero bytes, and for others that texts do not have where there
 * are none: nearly all that is no text has zeros. */
#define LOOKED_AT 8192
#define LOOKED_AT_WITHOUT_ZEROS 512

static bool is_marked(const first_bytes *mark, const char *bytes, size_t length)
{
    size_t end = (size_t)mark->offset + mark->length;
    if (length < end || bytes[mark->offset] != mark->bytes[0] ||
        memcmp(bytes + mark->offset, mark->bytes, mark->length) != 0) {
        return false;
    }
    switch ((mark_rule)mark->rule) {
    case IF_BINARY:
        return ndup__is_binary(bytes, length);
    case IN_ZIP:
        return memcmp(bytes, "PK\3\4", 4) == 0;
    case ALWAYS:
    case ARCHIVE:
        break;
    }
    return true;
}

ndup_status ndup__unread_refuse(const char *bytes, size_t length, bool archives, ndup_error *error)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if ((archives || marks[i].rule != ARCHIVE) && is_marked(&marks[i], bytes, length)) {
            return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "this is %s, which is not read: %s",
                              marks[i].name, marks[i].cure);
        }
    }
    return NDUP_STATUS_OK;
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
    return (length >= 2 &&
            (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) ||
           (length >= 4 && memcmp(bytes, "\0\0\xFE\xFF", 4) == 0);
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
