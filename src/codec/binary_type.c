/* SPDX-License-Identifier: MIT */
/* First bytes of formats that hold no text. */
#include "codec/binary_type.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Begins with `first`, and has `second` at `offset`. What consists of letters alone and might begin
 * a text needs a byte as well that texts do not have: a zero byte, where this is no half of a
 * letter of UTF-16. */
typedef struct signature {
    const char *a_name; /* with its article */
    ndup__binary_kind kind;
    const char *first;
    size_t first_length;
    size_t offset;
    const char *second;
    size_t second_length;
} signature;

#define BYTES(literal) literal, sizeof(literal) - 1
#define NO_MORE 0, NULL, 0

#define PAGES NDUP__BINARY_PAGES
#define OFFICE NDUP__BINARY_OFFICE
#define BOOK NDUP__BINARY_BOOK
#define TABLE NDUP__BINARY_TABLE
#define MEDIA NDUP__BINARY_MEDIA
#define FONT NDUP__BINARY_FONT
#define PROGRAM NDUP__BINARY_PROGRAM
#define ARCHIVE NDUP__BINARY_ARCHIVE
#define COMPRESSED NDUP__BINARY_COMPRESSED

#define ZIP "PK\3\4"
#define ZIP_NAME 30 /* offset of the first file's name, behind which its bytes are */

/* The one that fits first counts: what a container holds stands before the container. */
static const signature signatures[] = {
    {"a PDF", PAGES, BYTES("%PDF-"), NO_MORE},
    {"a PostScript file", PAGES, BYTES("%!PS"), NO_MORE},
    {"a DjVu file", PAGES, BYTES("AT&TFORM"), 12, BYTES("DJV")},

    {"an RTF document", OFFICE, BYTES("{\\rtf"), NO_MORE},
    {"an Office document", OFFICE, BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), NO_MORE},
    {"an Office document", OFFICE, BYTES(ZIP), ZIP_NAME, BYTES("[Content_Types].xml")},
    {"an Office document", OFFICE, BYTES(ZIP), ZIP_NAME, BYTES("_rels/.rels")},
    {"an Office document", OFFICE, BYTES(ZIP), ZIP_NAME, BYTES("word/")},
    {"an Office document", OFFICE, BYTES(ZIP), ZIP_NAME, BYTES("docProps/")},
    {"an OpenDocument file", OFFICE, BYTES(ZIP), ZIP_NAME, BYTES("mimetypeapplication/vnd.oasis")},

    {"a Kindle book", BOOK, BYTES(""), 56, BYTES("\0\0\0\0BOOKMOBI")},

    {"a Parquet file", TABLE, BYTES("PAR1\x15"), NO_MORE},
    {"an Arrow file", TABLE, BYTES("ARROW1\0\0"), NO_MORE},
    {"a Feather file", TABLE, BYTES("FEA1\0"), NO_MORE},
    {"an ORC file", TABLE, BYTES("ORC"), 4, BYTES("\0\0")},
    {"an ORC file", TABLE, BYTES("ORC\n"), 5, BYTES("\x12")},
    {"an Avro file", TABLE, BYTES("Obj\1"), NO_MORE},
    {"an SQLite database", TABLE, BYTES("SQLite format 3\0"), NO_MORE},
    {"an HDF5 file", TABLE, BYTES("\x89HDF\r\n\x1A\n"), NO_MORE},
    {"a NumPy array", TABLE, BYTES("\x93NUMPY"), 7, BYTES("\0")},
    {"a Python pickle", TABLE, BYTES("\x80\x04\x95"), 8, BYTES("\0\0\0")},
    {"a Python pickle", TABLE, BYTES("\x80\x05\x95"), 8, BYTES("\0\0\0")},

    {"a PNG image", MEDIA, BYTES("\x89PNG\r\n\x1A\n"), NO_MORE},
    {"a JPEG image", MEDIA, BYTES("\xFF\xD8\xFF"), NO_MORE},
    {"a GIF image", MEDIA, BYTES("GIF87a"), 11, BYTES("\0")},
    {"a GIF image", MEDIA, BYTES("GIF87a"), 12, BYTES("\0")},
    {"a GIF image", MEDIA, BYTES("GIF89a"), 11, BYTES("\0")},
    {"a GIF image", MEDIA, BYTES("GIF89a"), 12, BYTES("\0")},
    {"a WebP image", MEDIA, BYTES("RIFF"), 8, BYTES("WEBPVP")},
    {"a TIFF image", MEDIA, BYTES("II*\0"), NO_MORE},
    {"a TIFF image", MEDIA, BYTES("MM\0*"), NO_MORE},
    {"an icon", MEDIA, BYTES("\0\0\1\0"), NO_MORE},
    {"an icon", MEDIA, BYTES("\0\0\2\0"), NO_MORE},
    {"a BMP image", MEDIA, BYTES("BM"), 6, BYTES("\0\0\0\0")},
    {"an AVIF image", MEDIA, BYTES("\0\0"), 4, BYTES("ftypavi")},
    {"a HEIF image", MEDIA, BYTES("\0\0"), 4, BYTES("ftyphei")},
    {"a HEIF image", MEDIA, BYTES("\0\0"), 4, BYTES("ftypmif1")},
    {"a JPEG XL image", MEDIA, BYTES("\0\0\0\x0CJXL "), NO_MORE},
    {"a Photoshop image", MEDIA, BYTES("8BPS\0\1"), NO_MORE},
    {"a Photoshop image", MEDIA, BYTES("8BPS\0\2"), NO_MORE},

    {"an MP4 video", MEDIA, BYTES("\0\0"), 4, BYTES("ftyp")},
    {"a QuickTime video", MEDIA, BYTES("\0"), 4, BYTES("moov\0")},
    {"a Matroska video", MEDIA, BYTES("\x1A\x45\xDF\xA3"), NO_MORE},
    {"an AVI video", MEDIA, BYTES("RIFF"), 8, BYTES("AVI LIST")},
    {"a Flash video", MEDIA, BYTES("FLV\1"), NO_MORE},
    {"an MPEG video", MEDIA, BYTES("\0\0\1\xBA"), NO_MORE},
    {"an MPEG video", MEDIA, BYTES("\0\0\1\xB3"), NO_MORE},
    {"a WAVE audio file", MEDIA, BYTES("RIFF"), 8, BYTES("WAVEfmt ")},
    {"a RIFF file", MEDIA, BYTES("RIFF"), 7, BYTES("\0")},
    {"an AIFF audio file", MEDIA, BYTES("FORM\0"), 8, BYTES("AIF")},
    {"an MP3 audio file", MEDIA, BYTES("ID3\2"), NO_MORE},
    {"an MP3 audio file", MEDIA, BYTES("ID3\3"), NO_MORE},
    {"an MP3 audio file", MEDIA, BYTES("ID3\4"), NO_MORE},
    {"an MP3 audio file", MEDIA, BYTES("\xFF\xFB\x90"), NO_MORE},
    {"an Ogg audio file", MEDIA, BYTES("OggS\0"), NO_MORE},
    {"a FLAC audio file", MEDIA, BYTES("fLaC\0"), NO_MORE},
    {"a MIDI audio file", MEDIA, BYTES("MThd\0\0\0\6"), NO_MORE},

    {"a font", FONT, BYTES("wOFF\0\1\0\0"), NO_MORE},
    {"a font", FONT, BYTES("wOFFOTTO"), NO_MORE},
    {"a font", FONT, BYTES("wOF2\0\1\0\0"), NO_MORE},
    {"a font", FONT, BYTES("wOF2OTTO"), NO_MORE},
    {"a font", FONT, BYTES("OTTO\0"), NO_MORE},
    {"a font", FONT, BYTES("\0\1\0\0\0"), NO_MORE},
    {"a font", FONT, BYTES("ttcf\0"), NO_MORE},

    {"an ELF program", PROGRAM,
     BYTES("\x7F"
           "ELF"),
     NO_MORE},
    {"a Windows program", PROGRAM, BYTES("MZ"), 6, BYTES("\0\0")},
    {"a Mach-O program", PROGRAM, BYTES("\xCF\xFA\xED\xFE"), 5, BYTES("\0\0")},
    {"a Mach-O program", PROGRAM, BYTES("\xCE\xFA\xED\xFE"), 5, BYTES("\0\0")},
    {"a Mach-O program", PROGRAM, BYTES("\xCA\xFE\xBA\xBE"), 4, BYTES("\0\0\0\2")},
    {"a Java class", PROGRAM, BYTES("\xCA\xFE\xBA\xBE"), 4, BYTES("\0\0\0")},
    {"a WebAssembly module", PROGRAM, BYTES("\0asm\1\0\0\0"), NO_MORE},
    {"a library of object files", PROGRAM, BYTES("!<arch>\n"), NO_MORE},

    {"an EPUB", ARCHIVE, BYTES(ZIP), ZIP_NAME, BYTES("mimetypeapplication/epub+zip")},
    {"a ZIP archive", ARCHIVE, BYTES(ZIP), NO_MORE},
    {"an empty ZIP archive", ARCHIVE, BYTES("PK\5\6"), NO_MORE},
    {"a 7-Zip archive", ARCHIVE, BYTES("7z\xBC\xAF\x27\x1C"), NO_MORE},
    {"a RAR archive", ARCHIVE, BYTES("Rar!\x1A\7"), NO_MORE},
    {"a tar archive", ARCHIVE, BYTES(""), 256, BYTES("\0ustar")},
    {"a cabinet archive", ARCHIVE, BYTES("MSCF\0\0\0\0"), NO_MORE},

    {"a gzip file", COMPRESSED, BYTES("\x1F\x8B\x08"), NO_MORE},
    {"a .Z file", COMPRESSED, BYTES("\x1F\x9D\x90"), NO_MORE},
    {"a .Z file", COMPRESSED, BYTES("\x1F\x9D\x8C"), NO_MORE},
    {"a bzip2 file", COMPRESSED, BYTES("BZh"), 4, BYTES("1AY&SY")},
    {"an xz file", COMPRESSED,
     BYTES("\xFD"
           "7zXZ\0"),
     NO_MORE},
    {"a Zstandard file", COMPRESSED, BYTES("\x28\xB5\x2F\xFD"), NO_MORE},
    {"an LZ4 file", COMPRESSED, BYTES("\x04\x22\x4D\x18"), NO_MORE},
    {"an lzip file", COMPRESSED, BYTES("LZIP\1"), NO_MORE},
};
enum { SIGNATURES = sizeof signatures / sizeof *signatures };
static_assert(SIGNATURES <= NDUP__BINARY_NAMES, "a name's number is that of a signature");

static bool stands_at(const char *bytes, size_t length, size_t offset, const char *wanted,
                      size_t wanted_length)
{
    return wanted_length == 0 ||
           (length >= wanted_length && offset <= length - wanted_length &&
            bytes[offset] == wanted[0] && memcmp(bytes + offset, wanted, wanted_length) == 0);
}

/* Whether a unit of UTF-32 is a letter. Planes behind the third have none. */
static bool is_wide_letter(const char *bytes, bool is_little)
{
    uint32_t unit = 0;
    for (size_t i = 0; i < 4; i++) {
        unit = unit << 8 | (unsigned char)bytes[is_little ? 3 - i : i];
    }
    return unit > 0 && unit < 0x40000;
}

/* Whether this may be UTF-32, whose first letters have as many zero bytes as icons and fonts. */
static bool is_wide_text(const char *bytes, size_t length)
{
    return length >= 8 && ((is_wide_letter(bytes, false) && is_wide_letter(bytes + 4, false)) ||
                           (is_wide_letter(bytes, true) && is_wide_letter(bytes + 4, true)));
}

int ndup__binary_number(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < SIGNATURES &&
           !(stands_at(bytes, length, 0, signatures[i].first, signatures[i].first_length) &&
             stands_at(bytes, length, signatures[i].offset, signatures[i].second,
                       signatures[i].second_length))) {
        i++;
    }
    if (i == SIGNATURES || is_wide_text(bytes, length)) {
        return -1;
    }
    size_t number = 0;
    while (strcmp(signatures[number].a_name, signatures[i].a_name) != 0) {
        number++;
    }
    return (int)number;
}

const char *ndup__binary_a_name(unsigned number)
{
    return number < SIGNATURES ? signatures[number].a_name : NULL;
}

const char *ndup__binary_name(unsigned number)
{
    return number < SIGNATURES ? strchr(signatures[number].a_name, ' ') + 1 : NULL;
}

ndup__binary_kind ndup__binary_kind_of(unsigned number)
{
    assert(number < SIGNATURES);
    return signatures[number].kind;
}
