/* SPDX-License-Identifier: MIT */
/* What a file is by its first bytes and its suffix. */
#include "corpus/document_check.h"
#include "corpus/file_type.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/object_lines.h"
#include "corpus/unread.h"
#include "support/random.h"
#include "support/test.h"

static const ndup__encoding any_encoding = {.given = NULL};

#define BYTES(literal) literal, sizeof(literal) - 1

static void assert_read_as(const char *name, const char *bytes, size_t length, const char *format)
{
    ndup__file_type type;
    ndup_error error;
    assert_ok(ndup__file_type_tell(&type, name, &any_encoding, bytes, length, &error), &error);
    assert_false(type.is_own);
    if (format == NULL) {
        assert_null(type.format);
    } else {
        assert_non_null(type.format);
        assert_string_equal(type.format->name, format);
    }
}

static void test_file_type__certain_bytes_come_before_suffixes(void **state)
{
    (void)state;
    static const char *const names[] = {"a",         "a.json", "a.jl",       "a.ndjson",
                                        "a.JSON.gz", "a.csv",  "a.warc.zst", "a.xyz"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_read_as(names[i], BYTES("{\"text\":\"x\"}\n{\"text\":\"y\"}\n"), "jsonl");
        assert_read_as(names[i], BYTES("\n\xEF\xBB\xBF"),
                       ndup__format_of_name(names[i]) != NULL ? ndup__format_of_name(names[i])->name
                                                              : NULL);
        assert_read_as(names[i], BYTES("WARC/1.1\r\nWARC-Type: response\r\n"), "warc");
        assert_read_as(names[i], BYTES("<!DOCTYPE html>\n<p>x"), "html");
        assert_read_as(names[i], BYTES("<?xml version='1.0'?>\n<!-- c --><html xmlns='x'>"),
                       "html");
    }
}

static void test_file_type__documents_stay_documents(void **state)
{
    (void)state;
    assert_read_as("a.md", BYTES("{\"a\":1}\nis a line of JSON\n"), "text");
    assert_read_as("a.md", BYTES("{\"a\":1}\n\n{\"a\":2}\n"), "jsonl");
    assert_read_as("a.txt", BYTES("{this} is no JSON\n"), "text");
    assert_read_as("a.txt", BYTES("<!doctype html>\n<p>the source of a page"), "text");
    assert_read_as("a.txt.gz", BYTES("words"), "text");
    assert_read_as("a.html", BYTES("words"), "html");
    assert_read_as("a.xhtml.zst", BYTES("<p/>"), "html");
    assert_read_as("a.txt", "", 0, "text");
    assert_read_as("a", BYTES("words"), NULL);
}

static void test_file_type__objects_over_many_lines_are_unclear(void **state)
{
    (void)state;
    static const char *const bytes[] = {"{\n  \"text\": \"x\"\n}\n",
                                        "{\"text\": \"x\"\n{\"a\":1}\n", "\n [\n {\"a\": 1}"};
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        ndup__file_type type;
        ndup_error error;
        assert_ok(
            ndup__file_type_tell(&type, "a.xyz", &any_encoding, bytes[i], strlen(bytes[i]), &error),
            &error);
        assert_true(type.is_unclear || type.format != NULL);
    }
}

static void test_file_type__tables_are_seen_but_not_guessed(void **state)
{
    (void)state;
    ndup__file_type type;
    assert_int_equal(
        ndup__file_type_tell(&type, "-", &any_encoding, BYTES("id;text\n1;words\n"), NULL), 0);
    assert_true(type.is_tabular && type.format == NULL);
    assert_int_equal(
        ndup__file_type_tell(&type, "-", &any_encoding, BYTES("Well, one\nand, two\n"), NULL), 0);
    assert_false(type.is_tabular);
}

static void test_file_type__what_holds_no_text_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *part;
    } cases[] = {
        {BYTES("%PDF-1.7\n%\xE2\xE3\xCF\xD3"), "pdftotext"},
        {BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "PNG"},
        {BYTES("GIF89a\1\0\1\0\0\0"), "GIF"},
        {BYTES("PAR1\x15\0\x15\0\x15\0"), "Parquet"},
        {BYTES("\x7F"
               "ELF\2\1\1\0\0\0"),
         "program"},
        {BYTES("PK\3\4\x14\0\6\0\x08\0\0\0!\0________________[Content_Types].xml"), "Office"},
        {BYTES("7z\xBC\xAF\x27\x1C"), "7-Zip"},
        {BYTES("Rar!\x1A\x07"), "RAR"},
        {BYTES("a\0\1\2b\3\0\4c\0\5\6d"), "no text"},
    };
    static const char *const names[] = {"a", "a.txt", "a.md.gz", "a.html"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            ndup__file_type type;
            ndup_error error;
            assert_status(ndup__file_type_tell(&type, names[k], &any_encoding, cases[i].bytes,
                                               cases[i].length, &error),
                          NDUP_STATUS_UNSUPPORTED, &error);
            if (strstr(error.message, cases[i].part) == NULL) {
                fail_msg("%s does not say %s", error.message, cases[i].part);
            }
            assert_status(
                ndup__document_check(&any_encoding, cases[i].bytes, cases[i].length, &error),
                NDUP_STATUS_UNSUPPORTED, &error);
        }
    }
}

static void test_file_type__records_in_a_text_are_records(void **state)
{
    (void)state;
    static const char *const records[] = {
        "{\"a\":1}\n{\"a\":2}\n",    "\xEF\xBB\xBF{\"a\":1}\n{\"a\":2}\n",
        "{\"a\":1},\n{\"a\":2} ,\n", "{\"a\":1}\n{\"a\":2}\n{\"a\":\n\n{\"a\":4}\n{\"a\":5}\n",
        "[{\"a\":1},\n{\"a\":2}]",
    };
    static const char *const others[] = {
        "{\"a\":1}\nis how an object is written\n",
        "{\"a\":1},,\n",
        "[1] a note\n",
        "words\n{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n{\"a\":5}\n",
    };
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        size_t length = strlen(records[i]);
        assert_read_as("a.txt", records[i], length, records[i][0] == '[' ? "json" : "jsonl");
        assert_status(ndup__document_check(&any_encoding, records[i], length, NULL),
                      NDUP_STATUS_UNSUPPORTED, NULL);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        size_t length = strlen(others[i]);
        assert_read_as("a.txt", others[i], length, "text");
        assert_ok(ndup__document_check(&any_encoding, others[i], length, NULL), NULL);
    }
}

static void test_file_type__words_like_first_bytes_are_words(void **state)
{
    (void)state;
    static const char *const texts[] = {"ORC stands for", "BMW and MZ", "MZ in a text", "PAR1 is",
                                        "GIF89 pictures", "RIFF raff",  "ID3 tags",     "Obj"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_read_as("a.txt", texts[i], strlen(texts[i]), "text");
        assert_ok(ndup__document_check(&any_encoding, texts[i], strlen(texts[i]), NULL), NULL);
    }
    char text[300];
    memset(text, 'a', sizeof text);
    memcpy(text + 257, "ustar", strlen("ustar"));
    assert_read_as("a.txt", text, sizeof text, "text");
    assert_read_as("a", text, sizeof text, NULL);
    assert_false(ndup__is_binary(BYTES("caf\xE9 \xE0 la carte")));
    assert_false(ndup__is_binary(BYTES("\xFF\xFE"
                                       "a\0b\0")));
    assert_false(ndup__is_binary(BYTES("\x1B[1mbold\x1B[0m\r\n\f")));
}

static void test_file_type__own_outputs_are_known(void **state)
{
    (void)state;
    ndup__file_type type;
    assert_ok(ndup__file_type_tell(&type, "plan.jsonl", &any_encoding,
                                   BYTES("{\"type\":\"neardup-plan\",\"schema_version\":1}\n"),
                                   NULL),
              NULL);
    assert_true(type.is_own);
}

/* Beginnings of files, with any bytes in and behind them: whatever comes out, it comes out again,
 * and a format that is told by its bytes does recognise them. */
static void test_file_type__any_bytes_have_one_type(void **state)
{
    (void)state;
    static const char *const seeds[] = {
        "{\"a\":\"",  "<!doctype html", "WARC/1.0", "%PDF-", "PK\3\4",
        "[{\"a\":1}", "\x1F\x8B",       "<!--",     "<?xml", "{"};
    static const char *const names[] = {"x", "x.txt", "x.json", "x.csv", "x.jsonl", "x.html.gz"};
    static const char any[] = "{}[]\":\\,\n\r\t -<>!?a1\0\x7F\xC3\xA9\xFF";
    test_random random;
    test_random_init(&random, 7);
    for (int round = 0; round < 20000; round++) {
        size_t length = test_random_below(&random, 60);
        char *bytes = malloc(length + 1); /* of this size, so that reading behind it is seen */
        const char *seed = seeds[test_random_below(&random, sizeof seeds / sizeof seeds[0])];
        for (size_t i = 0; i < length; i++) {
            bytes[i] = i < strlen(seed) && test_random_below(&random, 20) > 0
                           ? seed[i]
                           : any[test_random_below(&random, sizeof any - 1)];
        }
        char *exact = malloc(length > 0 ? length : 1);
        memcpy(exact, bytes, length);
        const char *name = names[test_random_below(&random, sizeof names / sizeof names[0])];
        ndup__file_type first;
        ndup__file_type second;
        ndup_status status = ndup__file_type_tell(&first, name, &any_encoding, exact, length, NULL);
        assert_int_equal(ndup__file_type_tell(&second, name, &any_encoding, bytes, length, NULL),
                         status);
        assert_ptr_equal(first.format, second.format);
        if (status == NDUP_STATUS_OK && first.format != NULL &&
            first.format != ndup__format_of_name(name)) {
            assert_true(first.format->recognises(exact, length));
        }
        free(exact);
        free(bytes);
    }
}

TEST_MAIN(cmocka_unit_test(test_file_type__certain_bytes_come_before_suffixes),
          cmocka_unit_test(test_file_type__documents_stay_documents),
          cmocka_unit_test(test_file_type__objects_over_many_lines_are_unclear),
          cmocka_unit_test(test_file_type__tables_are_seen_but_not_guessed),
          cmocka_unit_test(test_file_type__what_holds_no_text_is_refused_by_name),
          cmocka_unit_test(test_file_type__records_in_a_text_are_records),
          cmocka_unit_test(test_file_type__words_like_first_bytes_are_words),
          cmocka_unit_test(test_file_type__own_outputs_are_known),
          cmocka_unit_test(test_file_type__any_bytes_have_one_type))
