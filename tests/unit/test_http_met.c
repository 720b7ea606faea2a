/* SPDX-License-Identifier: MIT */
/* HTTP responses as servers and crawlers write them, whatever the standard says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/codec.h"
#include "codec/unbrotli.h"
#include "corpus/http.h"
#include "support/guard_buffer.h"
#include "support/test.h"

/* "<p>abc" in every format: by gzip, the same again, zlib and zstd; Brotli by hand (RFC 7932: a
 * window of 64 KiB, six bytes as they are, the end). */
#define PLAIN "<p>abc"
#define GZIP                                                                                       \
    "\037\213\010\000\000\000\000\000\002\003\263\051\260\113\114\112\006\000\370\221\071\341\006" \
    "\000\000\000"
#define GZIP_TWICE                                                                                 \
    "\037\213\010\000\000\000\000\000\002\003\223\357\346\140\000\001\046\346\315\232\033\274\175" \
    "\274\330\030\176\114\264\174\310\006\024\001\000\210\105\253\312\032\000\000\000"
#define ZLIB "\170\234\263\051\260\113\114\112\006\000\006\340\002\021"
#define ZSTD "\050\265\057\375\004\130\061\000\000\074\160\076\141\142\143\060\077\376\303"
#define BROTLI        \
    "\x50\x00\x10<p>" \
    "abc\x03"
#define BROTLI_IN_GZIP                                                                 \
    "\037\213\010\000\000\000\000\000\002\003\013\140\020\260\051\260\113\114\112\146" \
    "\006\000\343\375\305\103\012\000\000\000"

#define BYTES(literal) literal, sizeof(literal) - 1

/* A response with this header behind the status line, read at the end of readable memory. */
typedef struct met_response {
    guard_buffer buffer;
    ndup__json_line rooms[2];
    ndup__http_response response;
    ndup_text body;
    ndup_status status;
    bool is_damaged;
    ndup_error error;
} met_response;

static void read_response(met_response *self, const char *header, const char *body, size_t length,
                          uint64_t most)
{
    size_t head = strlen(header);
    char *all = malloc(head + length);
    assert_non_null(all);
    memcpy(all, header, head);
    memcpy(all + head, body, length);
    *self = (met_response){.is_damaged = false};
    guard_buffer_init(&self->buffer, head + length);
    const char *at = guard_buffer_put(&self->buffer, all, head + length);
    free(all);
    assert_true(ndup__http_read(&self->response, at, head + length));
    self->status = ndup__http_decode(&self->body, &self->is_damaged, &self->response, most,
                                     self->rooms, &self->error);
}

static void forget(met_response *self)
{
    ndup__json_line_deinit(&self->rooms[0]);
    ndup__json_line_deinit(&self->rooms[1]);
    guard_buffer_deinit(&self->buffer);
}

/* The body comes out as PLAIN. */
static void assert_plain(const char *fields, const char *body, size_t length)
{
    char header[300];
    met_response met;
    snprintf(header, sizeof header, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n", fields);
    read_response(&met, header, body, length, 100);
    assert_ok(met.status, &met.error);
    assert_u64_equal(met.body.length, strlen(PLAIN));
    assert_memory_equal(met.body.bytes, PLAIN, strlen(PLAIN));
    assert_false(met.is_damaged);
    forget(&met);
}

static void test_http_met__status_lines(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "HTTP/1.1 200 OK",  "http/1.1 200 OK",      "HTTP/2 200",
        "HTTP/2 200 ",      "HTTP/3 200",           "ICY 200 OK",
        "HTTP/1.1 0200 OK", "HTTP/1.1 200",         "HTTP/1.0  200 OK",
        "HTTP/1.1\t200",    "\r\n\r\nHTTP/1.1 200", "\nHTTP/1.1 200 Tr\xE8s bien",
        "HTTP 200 OK"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        for (int bare = 0; bare < 2; bare++) {
            char header[100];
            met_response met;
            snprintf(header, sizeof header, bare ? "%s\nA: b\n\n" : "%s\r\nA: b\r\n\r\n", lines[i]);
            read_response(&met, header, BYTES(PLAIN), 100);
            assert_int_equal(met.response.status, 200);
            assert_u64_equal(met.body.length, strlen(PLAIN));
            forget(&met);
        }
    }
}

static void test_http_met__what_is_no_status_line(void **state)
{
    (void)state;
    static const char *const texts[] = {"HTTP/1.1 2000 OK\r\n\r\n",
                                        "HTTP/1.1 20\r\n\r\n",
                                        "ICY\r\n\r\n",
                                        "HTTPS\r\n\r\n",
                                        "ICYCLE 200 OK\r\n\r\n",
                                        "\r\n\r\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ndup__http_response response;
        assert_false(ndup__http_read(&response, texts[i], strlen(texts[i])));
    }
}

static void test_http_met__fields(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "Content-Type: text/html",
        "CONTENT-TYPE:text/html",
        "content-type :  text/html ",
        "Content-Type:\r\n text/html",
        "Content-Type:\r\n\ttext/html\r\nX: y\r\n z",
        "no field\r\nContent-Type: text/html",
        ":status: 200\r\nContent-Type: text/html",
        "Content-Type: application/octet-stream\r\nContent-Type: text/html",
        "Content-Type: text/html\r\nContent-Type: */*\r\nContent-Type:"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        char header[200];
        met_response met;
        snprintf(header, sizeof header, "HTTP/1.1 200 OK\r\n%s\r\n\r\n", headers[i]);
        read_response(&met, header, BYTES(" body"), 100);
        assert_u64_equal(met.response.content_type.length, strlen("text/html"));
        assert_memory_equal(met.response.content_type.bytes, "text/html", strlen("text/html"));
        assert_u64_equal(met.body.length, strlen(" body"));
        forget(&met);
    }
}

static void test_http_met__interim_responses_are_passed_over(void **state)
{
    (void)state;
    met_response met;
    read_response(&met,
                  "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                  "HTTP/1.1 203 OK\r\nContent-Type: text/html\r\n\r\n",
                  BYTES(PLAIN), 100);
    assert_int_equal(met.response.status, 203);
    assert_u64_equal(met.body.length, strlen(PLAIN));
    forget(&met);
}

static void test_http_met__names_that_are_no_encodings(void **state)
{
    (void)state;
    static const char *const names[] = {"UTF-8", "none",      "identity",   "aws-chunked",
                                        "utf8",  "binary",    "text/html",  "8bit",
                                        "",      " , ,",      "amz-1.0",    "gzip, gzip, gzip",
                                        "br",    "deflate",   "zstd, gzip", "compress",
                                        "*",     "undefined", "GZIP,UTF-8", "ISO-8859-1"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char fields[100];
        snprintf(fields, sizeof fields, "Content-Encoding: %s\r\n", names[i]);
        assert_plain(fields, BYTES(PLAIN));
    }
}

static void test_http_met__layers_come_off_one_by_one(void **state)
{
    (void)state;
    if (!NDUP_HAVE_ZLIB) {
        skip();
    }
    assert_plain("Content-Encoding: gzip, gzip\r\n", BYTES(GZIP_TWICE));
    assert_plain("Content-Encoding: gzip\r\nContent-Encoding: x-gzip\r\n", BYTES(GZIP_TWICE));
    assert_plain("Content-Encoding: gzip, gzip\r\n", BYTES(GZIP));
    assert_plain("Content-Encoding: UTF-8, gzip\r\n", BYTES(GZIP));
    assert_plain("Content-Encoding: gzip, aws-chunked\r\n", BYTES(GZIP));
    assert_plain("Transfer-Encoding: gzip, chunked\r\n", BYTES("1a\r\n" GZIP "\r\n0\r\n\r\n"));
    assert_plain("Transfer-Encoding: Chunked\r\nTransfer-Encoding: identity\r\n",
                 BYTES("1A\r\n" GZIP "\r\n0\r\n\r\n"));
    assert_plain("Transfer-Encoding: gzip\r\nContent-Encoding: deflate, gzip\r\n",
                 BYTES(GZIP_TWICE));
}

static void test_http_met__brotli_inside_of_gzip(void **state)
{
    (void)state;
    if (!NDUP_HAVE_ZLIB || !NDUP_HAVE_BROTLI) {
        skip();
    }
    assert_plain("Content-Encoding: br\r\n", BYTES(BROTLI));
    assert_plain("Content-Encoding: br, gzip\r\n", BYTES(BROTLI_IN_GZIP));
    assert_plain("Content-Encoding: br, gzip\r\n", BYTES(BROTLI));
    assert_plain("Content-Encoding: gzip, br\r\n", BYTES(GZIP));
}

static void test_http_met__what_no_header_names_is_decoded(void **state)
{
    (void)state;
    static const char *const fields[] = {"", "Content-Encoding: identity\r\n",
                                         "Content-Encoding: UTF-8\r\n",
                                         "Content-Encoding: unheard-of\r\n"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (NDUP_HAVE_ZLIB) {
            assert_plain(fields[i], BYTES(GZIP));
            assert_plain(fields[i], BYTES(GZIP_TWICE));
            assert_plain(fields[i], BYTES(ZLIB));
        }
        if (NDUP_HAVE_ZSTD) {
            assert_plain(fields[i], BYTES(ZSTD));
        }
        if (NDUP_HAVE_BROTLI) {
            assert_plain(fields[i], BYTES(BROTLI));
        }
        assert_plain(fields[i], BYTES("6\r\n" PLAIN "\r\n0\r\n\r\n"));
    }
}

static void test_http_met__chunks_that_nobody_declared_must_be_whole(void **state)
{
    (void)state;
    static const char *const bodies[] = {"6\r\n" PLAIN "\r\n", "9\r\n" PLAIN "\r\n0\r\n\r\n",
                                         "3\r\nabc\r\n0\r\n\r\n", "0\r\n\r\n", "6\r\n"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        met_response met;
        read_response(&met, "HTTP/1.1 200 OK\r\n\r\n", bodies[i], strlen(bodies[i]), 100);
        assert_ok(met.status, &met.error);
        assert_u64_equal(met.body.length, strlen(bodies[i]));
        forget(&met);
    }
}

static void test_http_met__signed_chunks_of_a_store(void **state)
{
    (void)state;
    assert_plain("Content-Encoding: aws-chunked\r\n",
                 BYTES("6;chunk-signature=0055\r\n" PLAIN "\r\n0;chunk-signature=b6c6\r\n\r\n"));
}

static void test_http_met__other_bytes_stay_as_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } bodies[] = {{BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR")},
                  {BYTES("%PDF-1.4\n\xE2\xE3\xCF\xD3\n")},
                  {BYTES("\xFF\xFE<\0p\0>\0")},
                  {BYTES("\0\1\2\3\4\5\6\7")},
                  {BYTES("x\x9C not zlib's")},
                  {BYTES("")}};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        met_response met;
        read_response(&met, "HTTP/1.1 200 OK\r\n\r\n", bodies[i].bytes, bodies[i].length, 100);
        assert_ok(met.status, &met.error);
        assert_false(met.is_damaged);
        assert_u64_equal(met.body.length, bodies[i].length);
        assert_memory_equal(met.body.bytes, bodies[i].bytes, bodies[i].length);
        forget(&met);
    }
}

static void test_http_met__every_layer_has_the_limit(void **state)
{
    (void)state;
    if (!NDUP_HAVE_ZLIB) {
        skip();
    }
    static const char *const fields[] = {"", "Content-Encoding: gzip\r\n",
                                         "Content-Encoding: gzip, gzip\r\n"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        char header[100];
        met_response met;
        snprintf(header, sizeof header, "HTTP/1.1 200 OK\r\n%s\r\n", fields[i]);
        read_response(&met, header, BYTES(GZIP_TWICE), 25);
        assert_status(met.status, NDUP_STATUS_LIMIT, &met.error);
        forget(&met);
        read_response(&met, header, BYTES(GZIP_TWICE), 26);
        assert_ok(met.status, &met.error);
        forget(&met);
    }
}

static void test_http_met__what_was_cut_off_counts_up_to_there(void **state)
{
    (void)state;
    if (!NDUP_HAVE_ZLIB) {
        skip();
    }
    static const char *const fields[] = {"", "Content-Encoding: gzip\r\n",
                                         "Content-Encoding: gzip, gzip\r\n"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        for (size_t length = 3; length < sizeof GZIP - 1; length++) {
            char header[100];
            met_response met;
            snprintf(header, sizeof header, "HTTP/1.1 200 OK\r\n%s\r\n", fields[i]);
            read_response(&met, header, GZIP, length, 100);
            assert_ok(met.status, &met.error);
            assert_true(met.is_damaged);
            assert_true(met.body.length <= strlen(PLAIN));
            forget(&met);
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_http_met__status_lines),
          cmocka_unit_test(test_http_met__what_is_no_status_line),
          cmocka_unit_test(test_http_met__fields),
          cmocka_unit_test(test_http_met__interim_responses_are_passed_over),
          cmocka_unit_test(test_http_met__names_that_are_no_encodings),
          cmocka_unit_test(test_http_met__layers_come_off_one_by_one),
          cmocka_unit_test(test_http_met__brotli_inside_of_gzip),
          cmocka_unit_test(test_http_met__what_no_header_names_is_decoded),
          cmocka_unit_test(test_http_met__chunks_that_nobody_declared_must_be_whole),
          cmocka_unit_test(test_http_met__signed_chunks_of_a_store),
          cmocka_unit_test(test_http_met__other_bytes_stay_as_they_are),
          cmocka_unit_test(test_http_met__every_layer_has_the_limit),
          cmocka_unit_test(test_http_met__what_was_cut_off_counts_up_to_there))
