/* SPDX-License-Identifier: MIT */
/* First bytes of formats that hold no text. */
#include "codec/binary_type.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* Begins with `first`, and has `second` at `offset`. What consists of letters alone and might begin
 * a text needs a zero byte as well. */
typedef struct signature {
    const char *name;
    const char *first;
    size_t first_length;
    size_t offset;
    const char *second;
    size_t second_length;
} signature;

#define BYTES(literal) literal, sizeof(literal) - 1

/* The one that fits first counts: what a container holds stands before the container. */
static const signature signatures[] = {
    {"PDF", BYTES("%PDF-"), 0, NULL, 0},
    {"PostScript", BYTES("%!PS-Adobe-"), 0, NULL, 0},
    {"RTF document", BYTES("{\\rtf"), 0, NULL, 0},
    {"EPUB", BYTES("PK\3\4"), 30, BYTES("mimetypeapplication/epub+zip")},
    {"OpenDocument", BYTES("PK\3\4"), 30, BYTES("mimetypeapplication/vnd.oasis.opendocument")},
    {"Office document", BYTES("PK\3\4"), 30, BYTES("[Content_Types].xml")},
    {"Office document", BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0, NULL, 0},

    {"PNG image", BYTES("\x89PNG\r\n\x1A\n"), 0, NULL, 0},
    {"JPEG image", BYTES("\xFF\xD8\xFF"), 0, NULL, 0},
    {"GIF image", BYTES("GIF87a"), 12, BYTES("\0")},
    {"GIF image", BYTES("GIF89a"), 12, BYTES("\0")},
    {"WebP image", BYTES("RIFF"), 8, BYTES("WEBPVP")},
    {"TIFF image", BYTES("II*\0"), 0, NULL, 0},
    {"TIFF image", BYTES("MM\0*"), 0, NULL, 0},
    {"icon", BYTES("\0\0\1\0"), 0, NULL, 0},
    {"icon", BYTES("\0\0\2\0"), 0, NULL, 0},
    {"BMP image", BYTES("BM"), 6, BYTES("\0\0\0\0")},
    {"AVIF image", BYTES("\0"), 4, BYTES("ftypavi")},
    {"HEIF image", BYTES("\0"), 4, BYTES("ftyphei")},
    {"HEIF image", BYTES("\0"), 4, BYTES("ftypmif1")},
    {"JPEG XL image", BYTES("\0\0\0\x0CJXL "), 0, NULL, 0},
    {"Photoshop image", BYTES("8BPS\0\1"), 0, NULL, 0},

    {"MP4 video", BYTES("\0"), 4, BYTES("ftyp")},
    {"QuickTime video", BYTES("\0"), 4, BYTES("moov")},
    {"Matroska video", BYTES("\x1A\x45\xDF\xA3"), 0, NULL, 0},
    {"AVI video", BYTES("RIFF"), 8, BYTES("AVI LIST")},
    {"Flash video", BYTES("FLV\1"), 0, NULL, 0},
    {"MPEG video", BYTES("\0\0\1\xBA"), 0, NULL, 0},
    {"MPEG video", BYTES("\0\0\1\xB3"), 0, NULL, 0},
    {"WAVE audio", BYTES("RIFF"), 8, BYTES("WAVEfmt ")},
    {"AIFF audio", BYTES("FORM\0"), 8, BYTES("AIF")},
    {"MP3 audio", BYTES("ID3\2"), 0, NULL, 0},
    {"MP3 audio", BYTES("ID3\3"), 0, NULL, 0},
    {"MP3 audio", BYTES("ID3\4"), 0, NULL, 0},
    {"MP3 audio", BYTES("\xFF\xFB\x90"), 0, NULL, 0},
    {"Ogg audio", BYTES("OggS\0"), 0, NULL, 0},
    {"FLAC audio", BYTES("fLaC\0"), 0, NULL, 0},
    {"MIDI audio", BYTES("MThd\0\0\0\6"), 0, NULL, 0},

    {"font", BYTES("wOFF\0\1\0\0"), 0, NULL, 0},
    {"font", BYTES("wOFFOTTO"), 0, NULL, 0},
    {"font", BYTES("wOF2\0\1\0\0"), 0, NULL, 0},
    {"font", BYTES("wOF2OTTO"), 0, NULL, 0},
    {"font", BYTES("OTTO\0"), 0, NULL, 0},
    {"font", BYTES("\0\1\0\0\0"), 0, NULL, 0},
    {"font", BYTES("ttcf\0"), 0, NULL, 0},

    {"ZIP archive", BYTES("PK\3\4"), 0, NULL, 0},
    {"ZIP archive", BYTES("PK\5\6"), 0, NULL, 0},
    {"gzip data", BYTES("\x1F\x8B\x08"), 0, NULL, 0},
    {"compress data", BYTES("\x1F\x9D"), 0, NULL, 0},
    {"bzip2 data", BYTES("BZh"), 4, BYTES("1AY&SY")},
    {"xz data",
     BYTES("\xFD"
           "7zXZ\0"),
     0, NULL, 0},
    {"Zstandard data", BYTES("\x28\xB5\x2F\xFD"), 0, NULL, 0},
    {"LZ4 data", BYTES("\x04\x22\x4D\x18"), 0, NULL, 0},
    {"7z archive", BYTES("7z\xBC\xAF\x27\x1C"), 0, NULL, 0},
    {"RAR archive", BYTES("Rar!\x1A\7"), 0, NULL, 0},
    {"tar archive", BYTES(""), 257, BYTES("ustar")},
    {"cabinet archive", BYTES("MSCF\0\0\0\0"), 0, NULL, 0},

    {"ELF program",
     BYTES("\x7F"
           "ELF"),
     0, NULL, 0},
    {"Windows program", BYTES("MZ\x90\0"), 0, NULL, 0},
    {"Mach-O program", BYTES("\xCF\xFA\xED\xFE"), 0, NULL, 0},
    {"Mach-O program", BYTES("\xCE\xFA\xED\xFE"), 0, NULL, 0},
    {"Java class", BYTES("\xCA\xFE\xBA\xBE"), 0, NULL, 0},
    {"WebAssembly module", BYTES("\0asm"), 0, NULL, 0},
    {"SQLite database", BYTES("SQLite format 3\0"), 0, NULL, 0},
    {"Parquet file", BYTES("PAR1\x15"), 0, NULL, 0},
};
enum { SIGNATURES = sizeof signatures / sizeof *signatures };
static_assert(SIGNATURES <= NDUP__BINARY_NAMES, "a name's number is that of a signature");

static bool stands_at(const char *bytes, size_t length, size_t offset, const char *wanted,
                      size_t wanted_length)
{
    return wanted_length == 0 || (length >= wanted_length && offset <= length - wanted_length &&
                                  memcmp(bytes + offset, wanted, wanted_length) == 0);
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
    if (i == SIGNATURES) {
        return -1;
    }
    size_t number = 0;
    while (strcmp(signatures[number].name, signatures[i].name) != 0) {
        number++;
    }
    return (int)number;
}

const char *ndup__binary_number_name(unsigned number)
{
    return number < SIGNATURES ? signatures[number].name : NULL;
}

const char *ndup__binary_name(const char *bytes, size_t length)
{
    int number = ndup__binary_number(bytes, length);
    return number >= 0 ? signatures[number].name : NULL;
}
