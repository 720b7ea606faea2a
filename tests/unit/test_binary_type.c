/* SPDX-License-Identifier: MIT */
/* Telling what holds no text by its first bytes. */
#include "codec/binary_type.h"

#include <stdbool.h>
#include <string.h>

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

/* At the end of readable memory. */
static const char *name_of(const char *bytes, size_t length)
{
    guard_buffer buffer;
    guard_buffer_init(&buffer, length);
    int number = ndup__binary_number(guard_buffer_put(&buffer, bytes, length), length);
    guard_buffer_deinit(&buffer);
    return number >= 0 ? ndup__binary_name((unsigned)number) : NULL;
}

#define BYTES(literal) literal, sizeof(literal) - 1

static void test_binary_type__names_what_the_bytes_are(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *name;
    } files[] = {
        {BYTES("%PDF-1.7\n%\xE2\xE3"), "PDF"},
        {BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "PNG image"},
        {BYTES("\xFF\xD8\xFF\xE0\0\x10JFIF"), "JPEG image"},
        {BYTES("GIF89a\1\0\1\0\x80\0\0"), "GIF image"},
        {BYTES("RIFF\x24\0\0\0WEBPVP8 "), "WebP image"},
        {BYTES("RIFF\x24\0\0\0WAVEfmt "), "WAVE audio file"},
        {BYTES("BM\x36\0\x0C\0\0\0\0\0"), "BMP image"},
        {BYTES("\0\0\0\x20"
               "ftypisom"),
         "MP4 video"},
        {BYTES("\0\0\0\x20"
               "ftypavif"),
         "AVIF image"},
        {BYTES("\x1A\x45\xDF\xA3"), "Matroska video"},
        {BYTES("ID3\3\0"), "MP3 audio file"},
        {BYTES("wOF2\0\1\0\0"), "font"},
        {BYTES("\0\1\0\0\0\x12"), "font"},
        {BYTES("PK\3\4\x14\0"), "ZIP archive"},
        {BYTES("PK\3\4\x0A\0\0\0\0\0\0\0!\0oa\xAB,\x14\0\0\0\x14\0\0\0\x08\0\0\0"
               "mimetypeapplication/epub+zip"),
         "EPUB"},
        {BYTES("PK\3\4\x0A\0\0\0\0\0\0\0!\0oa\xAB,\x14\0\0\0\x14\0\0\0\x13\0\0\0"
               "[Content_Types].xml"),
         "Office document"},
        {BYTES("\x1F\x8B\x08\0"), "gzip file"},
        {BYTES("\x28\xB5\x2F\xFD"), "Zstandard file"},
        {BYTES("BZh91AY&SY"), "bzip2 file"},
        {BYTES("\xFD"
               "7zXZ\0"),
         "xz file"},
        {BYTES("7z\xBC\xAF\x27\x1C"), "7-Zip archive"},
        {BYTES("Rar!\x1A\7\1\0"), "RAR archive"},
        {BYTES("\x7F"
               "ELF\2"),
         "ELF program"},
        {BYTES("SQLite format 3\0"), "SQLite database"},
        {BYTES("PAR1\x15\4"), "Parquet file"},
        {BYTES("ORC\x11\0\0\n\6\x12\4"), "ORC file"},
        {BYTES("ORC\n\6\x12\4\x08"), "ORC file"},
        {BYTES("ARROW1\0\0"), "Arrow file"},
        {BYTES("Obj\1\4\x14"
               "avro.codec"),
         "Avro file"},
        {BYTES("\x93NUMPY\1\0v\0{'descr'"), "NumPy array"},
        {BYTES("\x80\4\x95\x15\0\0\0\0\0\0\0"), "Python pickle"},
        {BYTES("AT&TFORM\0\0\x12\x34"
               "DJVUINFO"),
         "DjVu file"},
        {BYTES("%!PS-Adobe-3.0 EPSF-3.0\n"), "PostScript file"},
        {BYTES("PK\3\4\x0A\0\0\0\0\0\0\0!\0oa\xAB,\x14\0\0\0\x14\0\0\0\x11\0\0\0"
               "word/document.xml"),
         "Office document"},
        {BYTES("RIFF\x24\0\0\0WAVEJUNK"), "RIFF file"},
        {BYTES("\0\0\1\0\1\0\x20\x20\0\0\1\0"), "icon"},
        {BYTES("\0\1\0\0\0\x0C\0\x80\0\3"), "font"},
        {BYTES("\xCF\xFA\xED\xFE\7\0\0\1"), "Mach-O program"},
        {BYTES("\xCA\xFE\xBA\xBE\0\0\0\x34"), "Java class"},
        {BYTES("MZP\0\2\0\0\0"), "Windows program"},
        {BYTES("\0asm\1\0\0\0"), "WebAssembly module"},
        {BYTES("!<arch>\nlib.o/"), "library of object files"},
        {BYTES("LZIP\1\x0C"), "lzip file"},
        {BYTES("\x1F\x9D\x90t"), ".Z file"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const char *name = name_of(files[i].bytes, files[i].length);
        assert_non_null(name);
        assert_string_equal(name, files[i].name);
    }
}

static void test_binary_type__a_tar_archive_has_its_name_inside(void **state)
{
    (void)state;
    char bytes[NDUP__BINARY_BYTES] = "folder/file.txt";
    assert_null(name_of(bytes, sizeof bytes));
    memcpy(bytes + 257, "ustar", 5);
    assert_string_equal(name_of(bytes, sizeof bytes), "tar archive");
    assert_string_equal(name_of(bytes, 262), "tar archive");
    assert_null(name_of(bytes, 261));
    memset(bytes, 'a', 257);
    assert_null(name_of(bytes, sizeof bytes));
}

static void test_binary_type__texts_have_no_name(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } texts[] = {{BYTES("")},
                 {BYTES("P")},
                 {BYTES("<!DOCTYPE html>")},
                 {BYTES("GIF89a is a format of images")},
                 {BYTES("BM stands for bitmap")},
                 {BYTES("RIFF and WAVE are old")},
                 {BYTES("The ftyp box comes first")},
                 {BYTES("PK is a suffix")},
                 {BYTES("ID3 tags")},
                 {BYTES("MZ was a pioneer")},
                 {BYTES("Rar! it said")},
                 {BYTES("7zip")},
                 {BYTES("\xEF\xBB\xBFtext")},
                 {BYTES("\xFF\xFEt\0e\0")},
                 {BYTES("\xFE\xFF\0t\0e")},
                 {BYTES("t\0e\0x\0")},
                 {BYTES("\0t\0e\0x")},
                 {BYTES("\0\0\xFE\xFF\0\0\0t")},
                 {BYTES("\xC3\xA9t\xC3\xA9")},
                 {BYTES("\xB9\xAB\xCA\xBD")},
                 {BYTES("RIFF or WAVE, or both")},
                 {BYTES("ORC\nstands for")},
                 {BYTES("AT&TFORM of words")},
                 {BYTES("Obj is short")},
                 {BYTES("PAR1 and ARROW1 and FEA1")},
                 {BYTES("\x93NUMPY\x94 is a word in quotes of windows-1252")},
                 /* UTF-16: the letters 526F 0043, 5A4D 0061, 1F9D 03B7, 0061 736D, 4E00 0041 */
                 {BYTES("ORC\0E\0O\0")},
                 {BYTES("MZa\0b\0c\0")},
                 {BYTES("\x1F\x9D\3\xB7\0 ")},
                 {BYTES("\0asm\0a\0a")},
                 {BYTES("\0N\0A\0")},
                 /* UTF-32: the letters 0100 and 0200, 01B3, 10000, 5A4D */
                 {BYTES("\0\0\1\0\0\0\0a\0\0\0b")},
                 {BYTES("\0\0\2\0\0\0\0a\0\0\0b")},
                 {BYTES("\0\0\1\xB3\0\0\0a\0\0\0b")},
                 {BYTES("\0\1\0\0\0\1\0\1\0\0\0b")},
                 {BYTES("MZ\0\0a\0\0\0b\0\0\0")}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_null(name_of(texts[i].bytes, texts[i].length));
    }
}

static void test_binary_type__one_name_has_one_number(void **state)
{
    (void)state;
    int png = ndup__binary_number(BYTES("\x89PNG\r\n\x1A\n"));
    assert_true(png >= 0 && png < NDUP__BINARY_NAMES);
    assert_string_equal(ndup__binary_name((unsigned)png), "PNG image");
    assert_int_equal(ndup__binary_number(BYTES("GIF87a\1\0\1\0\0\0\0")),
                     ndup__binary_number(BYTES("GIF89a\1\0\1\0\0\0\0")));
    assert_int_equal(ndup__binary_number(BYTES("text")), -1);
    assert_null(ndup__binary_name(NDUP__BINARY_NAMES));
    for (unsigned i = 0; i < NDUP__BINARY_NAMES && ndup__binary_name(i) != NULL; i++) {
        assert_true(strlen(ndup__binary_name(i)) < 32);
    }
}

static void test_binary_type__names_have_an_article_and_a_kind(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *a_name;
        ndup__binary_kind kind;
    } files[] = {{BYTES("%PDF-"), "a PDF", NDUP__BINARY_PAGES},
                 {BYTES("{\\rtf1"), "an RTF document", NDUP__BINARY_OFFICE},
                 {BYTES("SQLite format 3\0"), "an SQLite database", NDUP__BINARY_TABLE},
                 {BYTES("\0\0\1\0"), "an icon", NDUP__BINARY_MEDIA},
                 {BYTES("OTTO\0"), "a font", NDUP__BINARY_FONT},
                 {BYTES("\x7F"
                        "ELF"),
                  "an ELF program", NDUP__BINARY_PROGRAM},
                 {BYTES("PK\3\4"), "a ZIP archive", NDUP__BINARY_ARCHIVE},
                 {BYTES("\xFD"
                        "7zXZ\0"),
                  "an xz file", NDUP__BINARY_COMPRESSED}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        int number = ndup__binary_number(files[i].bytes, files[i].length);
        assert_true(number >= 0);
        assert_string_equal(ndup__binary_a_name((unsigned)number), files[i].a_name);
        assert_int_equal(ndup__binary_kind_of((unsigned)number), files[i].kind);
    }
    assert_null(ndup__binary_a_name(NDUP__BINARY_NAMES));
}

/* Letters of Europe, and ideographs, between spaces. */
static unsigned random_letter(test_random *random)
{
    static const unsigned firsts[] = {0x20, 0x61, 0xC0, 0x100, 0x391, 0x410, 0x4E00, 0x3000};
    static const unsigned counts[] = {1, 26, 64, 128, 64, 64, 20000, 3};
    size_t range = test_random_below(random, sizeof firsts / sizeof firsts[0]);
    return firsts[range] + (unsigned)test_random_below(random, counts[range]);
}

/* Beginnings of random texts in UTF-16 and UTF-32 without a mark. */
static void test_binary_type__nothing_wide_is_binary_by_chance(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 6);
    for (int round = 0; round < 100000; round++) {
        char bytes[48] = {0};
        size_t width = round % 2 == 0 ? 2 : 4;
        bool is_little = round % 4 < 2;
        for (size_t at = 0; at < sizeof bytes; at += width) {
            unsigned letter = random_letter(&random);
            bytes[at + (is_little ? 0 : width - 1)] = (char)(letter & 0xFF);
            bytes[at + (is_little ? 1 : width - 2)] = (char)(letter >> 8);
        }
        assert_int_equal(ndup__binary_number(bytes, sizeof bytes), -1);
    }
}

/* Beginnings of random printable characters. */
static void test_binary_type__nothing_printable_is_binary_by_chance(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 5);
    for (int round = 0; round < 20000; round++) {
        char bytes[40];
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (char)(' ' + test_random_below(&random, 95));
        }
        assert_int_equal(ndup__binary_number(bytes, sizeof bytes), -1);
    }
}

TEST_MAIN(cmocka_unit_test(test_binary_type__names_what_the_bytes_are),
          cmocka_unit_test(test_binary_type__a_tar_archive_has_its_name_inside),
          cmocka_unit_test(test_binary_type__texts_have_no_name),
          cmocka_unit_test(test_binary_type__one_name_has_one_number),
          cmocka_unit_test(test_binary_type__names_have_an_article_and_a_kind),
          cmocka_unit_test(test_binary_type__nothing_wide_is_binary_by_chance),
          cmocka_unit_test(test_binary_type__nothing_printable_is_binary_by_chance))
