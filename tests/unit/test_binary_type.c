/* SPDX-License-Identifier: MIT */
/* Telling what holds no text by its first bytes. */
#include "codec/binary_type.h"

#include <string.h>

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

/* At the end of readable memory. */
static const char *name_of(const char *bytes, size_t length)
{
    guard_buffer buffer;
    guard_buffer_init(&buffer, length);
    const char *name = ndup__binary_name(guard_buffer_put(&buffer, bytes, length), length);
    guard_buffer_deinit(&buffer);
    return name;
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
        {BYTES("RIFF\x24\0\0\0WAVEfmt "), "WAVE audio"},
        {BYTES("BM\x36\0\x0C\0\0\0\0\0"), "BMP image"},
        {BYTES("\0\0\0\x20"
               "ftypisom"),
         "MP4 video"},
        {BYTES("\0\0\0\x20"
               "ftypavif"),
         "AVIF image"},
        {BYTES("\x1A\x45\xDF\xA3"), "Matroska video"},
        {BYTES("ID3\3\0"), "MP3 audio"},
        {BYTES("wOF2\0\1\0\0"), "font"},
        {BYTES("\0\1\0\0\0\x12"), "font"},
        {BYTES("PK\3\4\x14\0"), "ZIP archive"},
        {BYTES("PK\3\4\x0A\0\0\0\0\0\0\0!\0oa\xAB,\x14\0\0\0\x14\0\0\0\x08\0\0\0"
               "mimetypeapplication/epub+zip"),
         "EPUB"},
        {BYTES("PK\3\4\x0A\0\0\0\0\0\0\0!\0oa\xAB,\x14\0\0\0\x14\0\0\0\x13\0\0\0"
               "[Content_Types].xml"),
         "Office document"},
        {BYTES("\x1F\x8B\x08\0"), "gzip data"},
        {BYTES("\x28\xB5\x2F\xFD"), "Zstandard data"},
        {BYTES("BZh91AY&SY"), "bzip2 data"},
        {BYTES("\xFD"
               "7zXZ\0"),
         "xz data"},
        {BYTES("7z\xBC\xAF\x27\x1C"), "7z archive"},
        {BYTES("Rar!\x1A\7\1\0"), "RAR archive"},
        {BYTES("\x7F"
               "ELF\2"),
         "ELF program"},
        {BYTES("SQLite format 3\0"), "SQLite database"},
        {BYTES("PAR1\x15\4"), "Parquet file"},
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
                 {BYTES("\xB9\xAB\xCA\xBD")}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_null(name_of(texts[i].bytes, texts[i].length));
    }
}

static void test_binary_type__one_name_has_one_number(void **state)
{
    (void)state;
    int png = ndup__binary_number(BYTES("\x89PNG\r\n\x1A\n"));
    assert_true(png >= 0 && png < NDUP__BINARY_NAMES);
    assert_string_equal(ndup__binary_number_name((unsigned)png), "PNG image");
    assert_int_equal(ndup__binary_number(BYTES("GIF87a\1\0\1\0\0\0\0")),
                     ndup__binary_number(BYTES("GIF89a\1\0\1\0\0\0\0")));
    assert_int_equal(ndup__binary_number(BYTES("text")), -1);
    assert_null(ndup__binary_number_name(NDUP__BINARY_NAMES));
    for (unsigned i = 0; i < NDUP__BINARY_NAMES && ndup__binary_number_name(i) != NULL; i++) {
        assert_true(strlen(ndup__binary_number_name(i)) < 32);
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
        assert_null(ndup__binary_name(bytes, sizeof bytes));
    }
}

TEST_MAIN(cmocka_unit_test(test_binary_type__names_what_the_bytes_are),
          cmocka_unit_test(test_binary_type__a_tar_archive_has_its_name_inside),
          cmocka_unit_test(test_binary_type__texts_have_no_name),
          cmocka_unit_test(test_binary_type__one_name_has_one_number),
          cmocka_unit_test(test_binary_type__nothing_printable_is_binary_by_chance))
