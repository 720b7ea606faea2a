/* SPDX-License-Identifier: MIT */
/* Finding the records of web archives, whole and damaged. */
#include "corpus/warc.h"

#include <stdio.h>
#include <string.h>

#include "support/guard_buffer.h"
#include "support/test.h"

#define HEAD "WARC/1.0\r\nWARC-Type: conversion\r\n"

/* The first record of a text that ends in front of a page that cannot be read. */
static ndup__warc_kind read_first(ndup__warc_record *record, guard_buffer *buffer, const char *text,
                                  bool ended)
{
    size_t length = strlen(text);
    guard_buffer_init(buffer, length);
    return ndup__warc_next(record, guard_buffer_put(buffer, text, length), length, 0, ended);
}

static void assert_text(ndup_text text, const char *expected)
{
    assert_u64_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
}

/* Asserts that the text begins with a record of this body, and where the next one is sought. */
static void assert_record(const char *text, const char *body, size_t next, bool wrong_length)
{
    guard_buffer buffer;
    ndup__warc_record record;
    assert_int_equal(read_first(&record, &buffer, text, true), NDUP__WARC_RECORD);
    assert_text(record.body, body);
    assert_u64_equal(record.next, next);
    assert_int_equal(record.wrong_length, wrong_length);
    guard_buffer_deinit(&buffer);
}

static void assert_kind(const char *text, bool ended, ndup__warc_kind kind)
{
    guard_buffer buffer;
    ndup__warc_record record;
    assert_int_equal(read_first(&record, &buffer, text, ended), kind);
    guard_buffer_deinit(&buffer);
}

static void test_warc__reads_the_fields_of_a_header(void **state)
{
    (void)state;
    static const char text[] =
        "WARC/1.1\r\nwarc-type:response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "WARC-Target-URI:   http://a.example/b:c  \r\nWARC-Date: 2026-01-02\r\n"
        " folded: away\r\nWARC-Block-Digest: sha1:B\r\n"
        "WARC-Payload-Digest: sha1:P\r\nContent-Type: application/http\r\n"
        "WARC-Identified-Content-Language: fra\r\nWARC-Truncated: time\r\n"
        "Content-Length: 4\r\n\r\nbody\r\n\r\n";
    guard_buffer buffer;
    ndup__warc_record record;
    assert_int_equal(read_first(&record, &buffer, text, true), NDUP__WARC_RECORD);
    assert_text(record.type, "response");
    assert_text(record.id, "urn:uuid:1");
    assert_text(record.url, "http://a.example/b:c");
    assert_text(record.date, "2026-01-02");
    assert_text(record.digest, "sha1:P");
    assert_text(record.content_type, "application/http");
    assert_text(record.language, "fra");
    assert_text(record.body, "body");
    assert_true(record.was_truncated);
    assert_u64_equal(record.claimed, sizeof text - 1 - 4);
    assert_u64_equal(record.end, sizeof text - 1 - 4);
    guard_buffer_deinit(&buffer);
}

static void test_warc__believes_a_length_that_a_record_or_the_end_confirms(void **state)
{
    (void)state;
    size_t head = strlen(HEAD "Content-Length: 5\r\n\r\n");
    assert_record(HEAD "Content-Length: 5\r\n\r\nhello\r\n\r\n", "hello", head + 9, false);
    assert_record(HEAD "Content-Length: 5\r\n\r\nhello", "hello", head + 5, false);
    assert_record(HEAD "Content-Length: 5\r\n\r\nhelloWARC/1.0\r\n", "hello", head + 5, false);
    assert_record(HEAD "Content-Length: 5\r\n\r\nhello\r\n\r\njunk", "hello", head + 9, false);
    assert_record(HEAD "Content-Length: 5\n\nhello\n\nWARC/1.0", "hello", head + 5, false);
    assert_record(HEAD "Content-Length: 0\r\n\r\n\r\n\r\n", "", head + 4, false);
}

static void test_warc__looks_for_the_end_where_the_length_is_wrong(void **state)
{
    (void)state;
    size_t head = strlen(HEAD "Content-Length: 3\r\n\r\n");
    assert_record(HEAD "Content-Length: 3\r\n\r\nhello\r\n\r\nWARC/1.0\r\n", "hello", head + 9,
                  true);
    assert_record(HEAD "Content-Length: 9\r\n\r\nhello\r\n\r\nWARC/1.0\r\n", "hello\r\n\r\n",
                  head + 9, false);
    assert_record(HEAD "Content-Length: 8\r\n\r\nhello\r\n\r\nWARC/1.0\r\n", "hello\r\n\r",
                  head + 9, false);
    assert_record(HEAD "Content-Length: 99\r\n\r\nhello\r\n\r\nWARC/1.0\r\n", "hello", head + 10,
                  true);
    assert_record(HEAD "Content-Length: 99\r\n\r\nhello", "hello", head + 6, true);
    assert_record(HEAD "Content-Length: -1\r\n\r\nhello\nWARC/1.0", "hello", head + 7, true);
    assert_record(HEAD "X: 1\r\n\r\nhello\r\n", "hello", strlen(HEAD "X: 1\r\n\r\nhello\r\n"),
                  true);
}

static void test_warc__a_record_alone_reads_the_same(void **state)
{
    (void)state;
    static const char *const lengths[] = {"0",  "3",   "5", "9",
                                          "11", "999", "x", "99999999999999999999999"};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char text[256];
        char alone[256] = "";
        guard_buffer buffer;
        guard_buffer second;
        ndup__warc_record record;
        ndup__warc_record again;
        snprintf(text, sizeof text,
                 HEAD "Content-Length: %s\r\n\r\nhel\r\nlo\r\n\r\nWARC/1.0\r\n\r\n", lengths[i]);
        assert_int_equal(read_first(&record, &buffer, text, true), NDUP__WARC_RECORD);
        memcpy(alone, text, record.end);
        assert_int_equal(read_first(&again, &second, alone, true), NDUP__WARC_RECORD);
        assert_u64_equal(again.end, record.end);
        assert_u64_equal(again.body.length, record.body.length);
        guard_buffer_deinit(&buffer);
        guard_buffer_deinit(&second);
    }
}

static void test_warc__waits_for_bytes_that_decide(void **state)
{
    (void)state;
    static const char text[] = HEAD "Content-Length: 5\r\n\r\nhello";
    for (size_t length = 1; length < sizeof text; length++) {
        char part[sizeof text] = "";
        memcpy(part, text, length);
        assert_kind(part, false, NDUP__WARC_PARTIAL);
    }
    assert_kind(HEAD "Content-Length: 5\r\n\r\nhello\r\n\r\n", false, NDUP__WARC_RECORD);
    assert_kind(HEAD "Content-Length: 5\r\n\r\nhelloWARC/1", false, NDUP__WARC_RECORD);
    assert_kind(HEAD "Content-Length: 2\r\n\r\nhello, hello", false, NDUP__WARC_PARTIAL);
    assert_kind("\r\n\r\n", false, NDUP__WARC_END);
}

static void assert_garbage(const char *text, size_t begin, size_t next)
{
    guard_buffer buffer;
    ndup__warc_record record;
    assert_int_equal(read_first(&record, &buffer, text, true), NDUP__WARC_GARBAGE);
    assert_u64_equal(record.begin, begin);
    assert_u64_equal(record.next, next);
    guard_buffer_deinit(&buffer);
}

static void test_warc__passes_garbage_up_to_the_next_record(void **state)
{
    (void)state;
    assert_garbage("junk\nWARC/1.0\r\n", 0, 5);
    assert_garbage("\r\njunk WARC/1.0 WARC/x\nWARC/1.0\r\n", 2, 23);
    assert_garbage("junk", 0, 4);
    assert_garbage("WARC/1.0\r\nno colon\r\nWARC/1.0\r\n\r\n", 0, 20);
    assert_garbage("WARC/1.0\r\nWARC/1.0\r\n\r\n", 0, 10);
    assert_garbage("WARC/1.0\r\nA: b\r\nWARC/1", 0, 16);
    assert_garbage("WARC/1.0", 0, 8);
}

static void test_warc__an_inner_record_ends_a_large_one_only(void **state)
{
    (void)state;
    static char text[(2 << 20) + 256];
    for (int is_large = 0; is_large <= 1; is_large++) {
        size_t size = is_large ? 2 << 20 : 64 << 10;
        ndup__warc_record record;
        int head = snprintf(text, sizeof text, HEAD "Content-Length: %zu\r\n\r\n", size);
        memset(text + head, 'x', size);
        memcpy(text + head + 1000, "\nWARC/1.0\r\n", 11);
        size_t length = (size_t)head + size;
        assert_int_equal(ndup__warc_next(&record, text, length, 0, true), NDUP__WARC_RECORD);
        assert_u64_equal(record.body.length, is_large ? 1000 : size);
        assert_int_equal(record.wrong_length, is_large);
    }
}

TEST_MAIN(cmocka_unit_test(test_warc__reads_the_fields_of_a_header),
          cmocka_unit_test(test_warc__believes_a_length_that_a_record_or_the_end_confirms),
          cmocka_unit_test(test_warc__looks_for_the_end_where_the_length_is_wrong),
          cmocka_unit_test(test_warc__a_record_alone_reads_the_same),
          cmocka_unit_test(test_warc__waits_for_bytes_that_decide),
          cmocka_unit_test(test_warc__passes_garbage_up_to_the_next_record),
          cmocka_unit_test(test_warc__an_inner_record_ends_a_large_one_only))
