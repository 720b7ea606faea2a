/* SPDX-License-Identifier: MIT */
/* Reading folders, tables, arrays and web archives while memory runs out: nothing leaks, and
 * nothing but a lack of memory is reported. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "neardup/dedup.h"
#include "support/failing_allocator.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512 };

static const char table[] =
    "id,text\r\n1,\"one \"\"two\"\"\r\nthree\"\r\n2,four\r\n3\r\n4,\"open\r\n";

/* The same letters in UTF-16. */
static const char wide_table[] = "\xFF\xFEi\0d\0,\0t\0e\0x\0t\0\n\0a\0,\0b\0\n";
static const char wide_text[] = "\xFE\xFF\0o\0n\0e\0 \0t\0w\0o";

#define RECORD(length)                                                                   \
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:" length ">\r\n"            \
    "WARC-Target-URI: http://a.example/" length "\r\nContent-Type: application/http\r\n" \
    "Content-Length: " length "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"   \
    "Transfer-Encoding: chunked\r\n\r\n1a\r\n<title>T</title><p>One two\r\n0\r\n\r\n\r\n\r\n"

static const char archive[] = RECORD("105") "garbage\r\n" RECORD("90") RECORD("400");

/* Opens and dedupes the file; the number of documents is counted if all goes well. */
static ndup_status run(uint64_t *documents, const char *path, const ndup_allocator *allocator,
                       unsigned threads, ndup_error *error)
{
    ndup_corpus_options corpus_options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_dedup_options options;
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    corpus_options.allocator = allocator;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.allocator = allocator;
    options.threads = threads;
    ndup_status status = ndup_corpus_open(&corpus, &path, 1, &corpus_options, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_dedup(&result, corpus, &options, NULL, error);
    }
    *documents = status == NDUP_STATUS_OK ? ndup_result_summary(result)->documents : 0;
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status;
}

/* Runs over what stands at the path, with less and less failing. */
static void assert_path_survives(const char *path, uint64_t expected)
{
    uint64_t documents;
    for (size_t call = 1;; call++) {
        failing_allocator memory;
        ndup_error error = {0};
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, call);
        ndup_status status = run(&documents, path, &memory.allocator, 2, &error);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
    assert_u64_equal(documents, expected);
}

static void assert_survives(const char *name, const char *bytes, size_t length, uint64_t expected)
{
    temp_dir folder;
    char path[PATH_BYTES];
    temp_dir_init(&folder);
    temp_dir_write(&folder, name, bytes, length);
    assert_path_survives(temp_dir_path(&folder, name, path, sizeof path), expected);
    temp_dir_deinit(&folder);
}

static void test_inputs__a_folder_survives_a_lack_of_memory(void **state)
{
    (void)state;
    temp_dir folder;
    char path[PATH_BYTES];
    char other[PATH_BYTES];
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in/sub/a.txt", "some words");
    temp_dir_write_text(&folder, "in/b\xFF.txt", "other words");
    temp_dir_write_text(&folder, "in/c.json", "{\"text\":\"words of a record\"}\n");
    temp_dir_write_text(&folder, "in/d.xyz", "not read");
    temp_dir_write_text(&folder, "in/e.txt", "\1\2\3\4\5\6");
    temp_dir_path(&folder, "in/sub/a.txt", path, sizeof path);
    assert_int_equal(link(path, temp_dir_path(&folder, "in/z.txt", other, sizeof other)), 0);
    assert_int_equal(symlink(path, temp_dir_path(&folder, "in/y.txt", other, sizeof other)), 0);
    assert_path_survives(temp_dir_path(&folder, "in", path, sizeof path), 3);
    temp_dir_deinit(&folder);
}

static void test_inputs__a_table_survives_a_lack_of_memory(void **state)
{
    (void)state;
    assert_survives("a.csv", table, sizeof table - 1, 3);
}

static void test_inputs__an_array_survives_a_lack_of_memory(void **state)
{
    (void)state;
    static const char items[] =
        "[\n {\n \"text\": [\"one\", \"two\\n\"]\n },\n {\"text\": null, \"id\": 1},"
        " 3,\n {\"title\": \"x\"}, {\"text\": \"open\n {\"text\": 4} ]\n";
    static const char damaged[] =
        "[{\"text\":\"a\"},{\"text\":\"b\"},{\"a\":x},[{\"text\":\"c\"}]]";
    assert_survives("a.json", items, sizeof items - 1, 3);
    assert_survives("b.json", damaged, sizeof damaged - 1, 3);
}

static void test_inputs__an_archive_survives_a_lack_of_memory(void **state)
{
    (void)state;
    if (!NDUP_HAVE_GUMBO) {
        skip(); /* it holds a page */
    }
    assert_survives("a.warc", archive, sizeof archive - 1, 3);
}

static void test_inputs__other_encodings_survive_a_lack_of_memory(void **state)
{
    (void)state;
    assert_survives("a.csv", wide_table, sizeof wide_table, 1);
    assert_survives("a.txt", wide_text, sizeof wide_text - 1, 1);
}

static void test_inputs__mail_survives_a_lack_of_memory(void **state)
{
    (void)state;
    static const char message[] =
        "From: =?iso-8859-2?q?Ji=F8=ED?= <a@b.example>\nMessage-ID: <1@b.example>\n"
        "Subject: =?utf-8?b?xb5sdcWlb3XEjWvDvQ==?=\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n"
        "Content-Type: text/plain; charset=iso-8859-2\n"
        "Content-Transfer-Encoding: quoted-printable\n\nP=F8=EDli=B9 =BElu=BBou=E8k=FD\n";
    assert_survives("a.eml", message, sizeof message - 1, 1);
}

TEST_MAIN(cmocka_unit_test(test_inputs__mail_survives_a_lack_of_memory),
          cmocka_unit_test(test_inputs__other_encodings_survive_a_lack_of_memory),
          cmocka_unit_test(test_inputs__an_array_survives_a_lack_of_memory),
          cmocka_unit_test(test_inputs__a_folder_survives_a_lack_of_memory),
          cmocka_unit_test(test_inputs__a_table_survives_a_lack_of_memory),
          cmocka_unit_test(test_inputs__an_archive_survives_a_lack_of_memory))
