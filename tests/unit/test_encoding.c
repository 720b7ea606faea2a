/* SPDX-License-Identifier: MIT */
/* Which encoding a text is read in, and reading it in parts. */
#include "corpus/encoding.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/transcode.h"
#include "support/failing_allocator.h"
#include "support/page_check.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static void assert_encoding(const char *asked, const char *bytes, size_t length, const char *name,
                            size_t mark)
{
    ndup__encoding encoding;
    ndup_error error = {0};
    size_t found;
    assert_ok(ndup__encoding_parse(&encoding, asked, &error), &error);
    const ndup__charset *charset;
    assert_ok(ndup__encoding_find(&charset, &found, &encoding, bytes, length, &error), &error);
    assert_string_equal(charset->name, name);
    assert_u64_equal(found, mark);
}

static void test_encoding__a_mark_is_believed_first(void **state)
{
    (void)state;
    static const char *const asked[] = {NULL, "koi8-r"};
    for (size_t i = 0; i < 2; i++) {
        assert_encoding(asked[i], BYTES("\xEF\xBB\xBFx"), "UTF-8", 3);
        assert_encoding(asked[i], BYTES("\xFF\xFEx\0"), "UTF-16LE", 2);
        assert_encoding(asked[i], BYTES("\xFE\xFF\0x"), "UTF-16BE", 2);
        assert_encoding(asked[i], BYTES("\xFF\xFE\0\0x\0\0\0"), "UTF-32LE", 4);
        assert_encoding(asked[i], BYTES("\0\0\xFE\xFF\0\0\0x"), "UTF-32BE", 4);
    }
}

static void test_encoding__then_what_was_asked_for(void **state)
{
    (void)state;
    assert_encoding("koi8-r", BYTES("x\0y\0"), "KOI8-R", 0);
    assert_encoding(" Latin1", BYTES("caf\xC3\xA9"), "windows-1252", 0);
}

static void test_encoding__then_the_zero_bytes_of_utf16(void **state)
{
    (void)state;
    assert_encoding(NULL, BYTES("a\0b\0"), "UTF-16LE", 0);
    assert_encoding(NULL, BYTES("\0a\0b\xD8\x3D\xDE\x01\0c\0d"), "UTF-16BE", 0);
    assert_encoding(NULL, BYTES("a\0"), "UTF-8", 0);
    assert_encoding(NULL, BYTES("\0\0\0\0"), "UTF-8", 0);
    assert_encoding(NULL, BYTES("some text\0"), "UTF-8", 0);
}

static void test_encoding__else_texts_are_utf8(void **state)
{
    (void)state;
    assert_encoding(NULL, BYTES("caf\xE9"), "UTF-8", 0);
    assert_encoding("utf8", BYTES(""), "UTF-8", 0);
}

static void test_encoding__unless_it_is_to_be_guessed(void **state)
{
    (void)state;
    if (!ndup__charset_can_guess()) {
        ndup__encoding encoding;
        ndup_error error;
        assert_status(ndup__encoding_parse(&encoding, "auto", &error), NDUP_STATUS_UNSUPPORTED,
                      &error);
        skip();
    }
    assert_encoding("auto", BYTES("caf\xC3\xA9 \xC3"), "UTF-8", 0); /* cut off at the end */
    assert_encoding("auto",
                    BYTES("\xF0\xD2\xC9\xD7\xC5\xD4, \xCD\xC9\xD2! \xEB\xC1\xCB \xC4\xC5"
                          "\xCC\xC1? \xE8\xCF\xD2\xCF\xDB\xCF, \xD3\xD0\xC1\xD3\xC9\xC2"
                          "\xCF, \xC1 \xD5 \xD7\xC1\xD3 \xCB\xC1\xCB?"),
                    "KOI8-R", 0);
    assert_encoding("auto",
                    BYTES("\x93\xFA\x96\x7B\x8C\xEA\x82\xCC\x95\xB6\x8F\xCD\x82\xC5\x82\xB7"
                          "\x81\x42\x93\xFA\x96\x7B\x8C\xEA\x82\xCC\x95\xB6\x8F\xCD"),
                    "Shift_JIS", 0);
    assert_encoding("auto", BYTES("\xE9"), "windows-1252", 0);
}

static void test_encoding__others_are_refused(void **state)
{
    (void)state;
    ndup__encoding encoding;
    ndup_error error;
    assert_status(ndup__encoding_parse(&encoding, "utf-99", &error), NDUP_STATUS_INVALID, &error);
    assert_non_null(strstr(error.message, "'utf-99', must be auto or a name"));
    assert_status(ndup__encoding_parse(&encoding, "", &error), NDUP_STATUS_INVALID, &error);
}

static const ndup__charset *charset_of(const char *label)
{
    size_t mark;
    if (strcmp(label, "utf-32le") == 0) {
        return ndup__charset_by_mark(&mark, "\xFF\xFE\0\0", 4);
    }
    if (strcmp(label, "utf-32be") == 0) {
        return ndup__charset_by_mark(&mark, "\0\0\xFE\xFF", 4);
    }
    return ndup__charset_by_label((ndup_text){label, strlen(label)});
}

/* Decodes in parts of up to `step` bytes, and what they leave. */
static size_t decode_parts(char *out, uint64_t *replaced, const ndup__charset *charset,
                           const char *bytes, size_t length, size_t step)
{
    ndup__charset_decoder decoder = {.allocator = NULL};
    ndup_error error = {0};
    size_t written = 0;
    size_t begin = 0;
    size_t end = 0;
    assert_ok(ndup__charset_begin(&decoder, charset, &error), &error);
    do {
        size_t taken;
        ndup_text text;
        end = length - end < step ? length : end + step;
        assert_ok(ndup__charset_decode_part(&text, &taken, &decoder, charset, bytes + begin,
                                            end - begin, end == length, &error),
                  &error);
        assert_in_range(taken, end - begin > 8 ? end - begin - 8 : 0, end - begin);
        memcpy(out + written, text.bytes, text.length);
        written += text.length;
        begin += taken;
    } while (end < length);
    assert_u64_equal(begin, length);
    *replaced = decoder.replaced;
    ndup__charset_decoder_deinit(&decoder);
    return written;
}

static void test_encoding__parts_say_what_the_whole_says(void **state)
{
    (void)state;
    static const char *const labels[] = {"utf-16le", "utf-16be", "utf-32le",    "utf-32be",
                                         "koi8-r",   "gb18030",  "shift_jis",   "euc-kr",
                                         "big5",     "latin1",   "iso-2022-jp", "windows-1258"};
    test_random random;
    test_random_init(&random, 3);
    for (size_t round = 0; round < 4000; round++) {
        const ndup__charset *charset = charset_of(labels[round % 12]);
        char bytes[64];
        char parts[512];
        size_t length = test_random_below(&random, sizeof bytes);
        uint64_t replaced;
        test_random_bytes(&random, bytes, length);
        for (size_t i = 0; i < length && test_random_chance(&random, 0.9); i += 2) {
            bytes[i] = 'a'; /* so that more is valid */
        }
        ndup__charset_decoder decoder = {.allocator = NULL};
        ndup_error error = {0};
        ndup_text whole;
        assert_ok(ndup__charset_decode(&whole, &decoder, charset, bytes, length, &error), &error);
        size_t got = decode_parts(parts, &replaced, charset, bytes, length,
                                  1 + test_random_below(&random, 9));
        assert_u64_equal(got, whole.length);
        assert_memory_equal(parts, whole.bytes, got);
        assert_u64_equal(replaced, decoder.replaced);
        ndup__charset_decoder_deinit(&decoder);
    }
}

static void test_encoding__utf32_is_repaired(void **state)
{
    (void)state;
    char out[64];
    uint64_t replaced;
    size_t length = decode_parts(out, &replaced, charset_of("utf-32le"),
                                 BYTES("a\0\0\0\0\xD8\0\0\0\0\x11\0\x00\xF6\x01\0b\0"), 64);
    out[length] = '\0';
    assert_string_equal(out, "a\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F\x98\x80\xEF\xBF\xBD");
    assert_u64_equal(replaced, 3);
}

/* Reads a file through a transcoder into buffers of `step` bytes. */
static char *read_transcoded(const temp_dir *folder, const char *name, const char *asked,
                             size_t step, size_t *length)
{
    char path[300];
    ndup__stream *stream;
    ndup__transcoder *transcoder;
    ndup__encoding encoding;
    ndup_error error = {0};
    char *text = calloc(1, (size_t)1 << 22);
    size_t got;
    assert_non_null(text);
    temp_dir_path(folder, name, path, sizeof path);
    assert_ok(ndup__encoding_parse(&encoding, asked, &error), &error);
    assert_ok(ndup__stream_open(&stream, path, NULL, &error), &error);
    assert_ok(ndup__transcoder_open(&transcoder, stream, &encoding, NULL, &error), &error);
    *length = 0;
    do {
        assert_ok(ndup__transcoder_read(transcoder, text + *length, step, &got, &error), &error);
        *length += got;
    } while (got > 0);
    ndup__transcoder_close(transcoder);
    ndup__stream_close(stream);
    return text;
}

static void test_encoding__a_stream_is_transcoded(void **state)
{
    (void)state;
    enum { COUNT = 150000 };
    temp_dir folder;
    temp_dir_init(&folder);
    char *bytes = malloc(2 * COUNT + 2);
    char *expected = malloc(COUNT + 1);
    assert_non_null(bytes);
    assert_non_null(expected);
    memcpy(bytes, "\xFF\xFE", 2);
    for (size_t i = 0; i < COUNT; i++) {
        expected[i] = bytes[2 * i + 2] = (char)('a' + i % 26);
        bytes[2 * i + 3] = '\0';
    }
    temp_dir_write(&folder, "wide", bytes, 2 * COUNT + 2);
    temp_dir_write(&folder, "plain", expected, COUNT);
    static const struct {
        const char *name, *asked;
    } files[] = {{"wide", NULL}, {"wide", "koi8-r"}, {"plain", NULL}, {"plain", "latin1"}};
    for (size_t i = 0; i < 4; i++) {
        for (size_t step = 100; step < 200000; step = step * 40 + 7) {
            size_t length;
            char *text = read_transcoded(&folder, files[i].name, files[i].asked, step, &length);
            assert_u64_equal(length, COUNT);
            assert_memory_equal(text, expected, COUNT);
            free(text);
        }
    }
    free(bytes);
    free(expected);
    temp_dir_deinit(&folder);
}

static void test_encoding__a_lack_of_memory_is_told(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    temp_dir_init(&folder);
    temp_dir_write(&folder, "x", BYTES("\xFF\xFEx\0y\0"));
    temp_dir_path(&folder, "x", path, sizeof path);
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__stream *stream;
        ndup__transcoder *transcoder;
        ndup_error error = {0};
        char text[8];
        size_t got = 0;
        const ndup__encoding encoding = {.given = NULL};
        assert_ok(ndup__stream_open(&stream, path, NULL, &error), &error);
        ndup_status status =
            ndup__transcoder_open(&transcoder, stream, &encoding, &memory.allocator, &error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__transcoder_read(transcoder, text, sizeof text, &got, &error);
        }
        ndup__transcoder_close(transcoder);
        ndup__stream_close(stream);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            assert_u64_equal(got, 2);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_encoding__a_mark_is_believed_first),
          cmocka_unit_test(test_encoding__then_what_was_asked_for),
          cmocka_unit_test(test_encoding__then_the_zero_bytes_of_utf16),
          cmocka_unit_test(test_encoding__else_texts_are_utf8),
          cmocka_unit_test(test_encoding__unless_it_is_to_be_guessed),
          cmocka_unit_test(test_encoding__others_are_refused),
          cmocka_unit_test(test_encoding__parts_say_what_the_whole_says),
          cmocka_unit_test(test_encoding__utf32_is_repaired),
          cmocka_unit_test(test_encoding__a_stream_is_transcoded),
          cmocka_unit_test(test_encoding__a_lack_of_memory_is_told))
