/* SPDX-License-Identifier: MIT */
/* HTTP responses: headers, chunks and content encodings. */
#include "corpus/http.h"
#include "corpus/http_chunks.h"

#include <stdlib.h>
#include <string.h>

#if NDUP_HAVE_BROTLI_ENCODER
#include <brotli/encode.h>
#endif

#include "base/hash.h"
#include "codec/codec.h"
#include "support/guard_buffer.h"
#include "support/test.h"

static void assert_text(ndup_text text, const char *expected)
{
    assert_u64_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
}

static void test_http__reads_the_fields_of_a_header(void **state)
{
    (void)state;
    static const char text[] = "HTTP/1.1 203 Fine\r\ncontent-type:  text/html; charset=x \r\n"
                               "Content-Encoding: gzip\r\nOther\r\nTransfer-Encoding: Chunked\r\n"
                               "\r\nbody\r\n";
    ndup__http_response response;
    assert_true(ndup__http_read(&response, text, sizeof text - 1));
    assert_int_equal(response.status, 203);
    assert_text(response.content_type, "text/html; charset=x");
    assert_int_equal(response.content.count, 1);
    assert_text(response.content.names[0], "gzip");
    assert_true(response.is_chunked);
    assert_text(response.body, "body\r\n");
}

static void test_http__lines_may_be_folded_and_lists_long(void **state)
{
    (void)state;
    static const char text[] = "HTTP/1.1 200\nContent-Type: text/plain\n ;\n\tcharset=x\n \t\n"
                               "Content-Encoding: a,, b,c , d,e,chunked";
    static const char head[] = "HTTP/1.1 200\nContent-Encoding: a,, b,c , d,e,chunked\n"
                               "Content-Type: */*\nNo colon\n\n";
    ndup__http_response response;
    assert_true(ndup__http_read(&response, text, sizeof text - 1));
    assert_int_equal(response.status, 200);
    assert_text(response.content_type, "text/plain\n ;\n\tcharset=x");
    assert_text(response.body, "Content-Encoding: a,, b,c , d,e,chunked");
    assert_true(ndup__http_read(&response, head, sizeof head - 1));
    assert_int_equal(response.content.count, 4); /* what is encoded five times is not read */
    assert_text(response.content.names[3], "d");
    assert_true(response.is_chunked);
    assert_text(response.content_type, "");
}

static void test_http__needs_a_status_and_the_end_of_the_header(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "HTTP/1.1 200 OK",
                                        "HTTP/1.1 200 OK\r\nA: b\r\n",
                                        "HTTP/1.1 2x0 OK\r\n\r\n",
                                        "HTTP/1.1\r\n\r\n",
                                        "HTTP/1.1 20\r\n\r\n",
                                        "HTTP/1.1 12345 OK\r\n\r\n",
                                        "HTTP/1.1 2/0 OK\r\n\r\n",
                                        "HTTP/1.1 2:0 OK\r\n\r\n",
                                        "HTTP/1.1 200 OK\r\nA: b\r\n ",
                                        "HTTP/1.1 200 OK\r\nA: b\r\n\tc",
                                        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n",
                                        "GET / HTTP/1.1\r\n\r\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        guard_buffer buffer;
        ndup__http_response response;
        guard_buffer_init(&buffer, strlen(texts[i]));
        const char *at = guard_buffer_put(&buffer, texts[i], strlen(texts[i]));
        assert_false(ndup__http_read(&response, at, strlen(texts[i])));
        guard_buffer_deinit(&buffer);
    }
}

/* Decodes a body of `length` bytes at the end of readable memory. */
static ndup_status decode(ndup__json_line *copy, bool *is_damaged, const char *body, size_t length,
                          bool is_chunked, const char *encoding, uint64_t most, ndup_error *error)
{
    guard_buffer buffer;
    ndup__json_line room[2] = {{.allocator = NULL}, {.allocator = NULL}};
    guard_buffer_init(&buffer, length);
    ndup__http_response response = {.body = {guard_buffer_put(&buffer, body, length), length},
                                    .content = {{{encoding, strlen(encoding)}}, 1},
                                    .is_chunked = is_chunked};
    ndup_text decoded;
    ndup_status status = ndup__http_decode(&decoded, is_damaged, &response, most, room, error);
    copy->length = 0;
    if (status == NDUP_STATUS_OK) {
        assert_ok(ndup__json_line_add(copy, decoded.bytes, decoded.length, error), error);
    }
    ndup__json_line_deinit(&room[0]);
    ndup__json_line_deinit(&room[1]);
    guard_buffer_deinit(&buffer);
    return status;
}

static void assert_chunks(const char *body, const char *expected, bool damaged)
{
    ndup__json_line copy = {.allocator = NULL};
    ndup_error error = {0};
    bool is_damaged;
    assert_ok(decode(&copy, &is_damaged, body, strlen(body), true, "", 1000, &error), &error);
    assert_text((ndup_text){copy.bytes, copy.length}, expected);
    assert_int_equal(is_damaged, damaged);
    ndup__json_line_deinit(&copy);
}

static void test_http__joins_chunks(void **state)
{
    (void)state;
    assert_chunks("3\r\nabc\r\n0\r\n\r\n", "abc", false);
    assert_chunks("3;x=y\r\nabc\r\nA \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", "abc0123456789",
                  false);
    assert_chunks("2\nab\n1\nc\n0\n\n", "abc", false);
    assert_chunks("0\r\n\r\n", "", false);
    assert_chunks("3\t\r\nabc\r\n0\t ;x\r\n\r\n", "abc", false);
    assert_chunks("3\r\nabc3\ndef0\n", "abcdef", false); /* without the line ends behind */
}

/* Without a header that says so, only what is chunks from its first byte to its last is taken for
 * chunks, and only where a page or compressed data begins with the first one. */
static void test_http__chunks_without_a_header_must_be_certain(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        bool is_certain;
    } cases[] = {
        {"3\r\n<p>\r\n0\r\n\r\n", true},
        {"3\r\n\x1F\x8B\x08\r\n0\r\n", true},
        {"3\r\nabc\r\n0\r\n\r\n", false},
        {"3\r\n<p>\r\n", false},
        {"4\r\n<p>", false},
        {"3\r\n<p>\r\nx\r\n", false},
        {"3\r\n", false},
        {"0\r\n\r\n", false},
        {"<p>", false},
        {"", false},
        {"3", false},
        {"3 ", false},
        {"3\t", false},
        {"3x\r\n<p>", false},
        {"3;\r\n<p>\n0\n", true},
        {"3;no line end", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        guard_buffer buffer;
        size_t length = strlen(cases[i].body);
        guard_buffer_init(&buffer, length);
        ndup_text body = {guard_buffer_put(&buffer, cases[i].body, length), length};
        if (ndup__http_chunks_are_certain(body) != cases[i].is_certain) {
            print_error("%s\n", cases[i].body);
        }
        assert_int_equal(ndup__http_chunks_are_certain(body), cases[i].is_certain);
        guard_buffer_deinit(&buffer);
    }
}

static void test_http__keeps_what_comes_before_a_damaged_chunk(void **state)
{
    (void)state;
    assert_chunks("3\r\nabc\r\n5\r\nde", "abcde", true);
    assert_chunks("3\r\nabc\r\n", "abc", true);
    assert_chunks("3\r\nabc\r\nxyz", "abc", true);
    assert_chunks("3\r\nabc\r\nffffffffffffffffffff\r\nxyz", "abc", true);
    assert_chunks("3", "3", false);
}

static void test_http__a_body_without_chunks_was_joined_already(void **state)
{
    (void)state;
    assert_chunks("<html>", "<html>", false);
    assert_chunks("face to face\r\n", "face to face\r\n", false);
    assert_chunks("", "", false);
}

/* "abc" in every format, written by Python's zlib module and the zstd program. */
static const char gzip_abc[] = "\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03KLJ\x06\x00\xC2\x41\x24\x35"
                               "\x03\x00\x00\x00";
static const char zlib_abc[] = "\x78\x9CKLJ\x06\x00\x02\x4D\x01\x27";
static const char raw_abc[] = "KLJ\x06\x00";

static void assert_decodes(const char *encoding, const char *body, size_t length)
{
    ndup__json_line copy = {.allocator = NULL};
    ndup_error error = {0};
    bool is_damaged;
    assert_ok(decode(&copy, &is_damaged, body, length, false, encoding, 3, &error), &error);
    assert_text((ndup_text){copy.bytes, copy.length}, "abc");
    assert_false(is_damaged);
    assert_status(decode(&copy, &is_damaged, body, length, false, encoding, 2, &error),
                  NDUP_STATUS_LIMIT, &error);
    ndup__json_line_deinit(&copy);
}

static void test_http__decodes_encodings_up_to_the_limit(void **state)
{
    (void)state;
    if (!NDUP_HAVE_ZLIB) {
        skip();
    }
    assert_decodes("gzip", gzip_abc, sizeof gzip_abc - 1);
    assert_decodes("X-GZIP", gzip_abc, sizeof gzip_abc - 1);
    assert_decodes("deflate", zlib_abc, sizeof zlib_abc - 1);
    assert_decodes("deflate", raw_abc, sizeof raw_abc - 1);
}

static void test_http__a_body_without_the_format_was_decoded_already(void **state)
{
    (void)state;
    static const char *const encodings[] = {"gzip", "zstd", "br", "identity", ""};
    /* The digits are streams of Brotli without content. */
    static const char *const bodies[] = {"<html>", "3 gulls", "5 boats", "7 men", "9 o'clock"};
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        for (size_t k = 0; k < sizeof bodies / sizeof bodies[0]; k++) {
            ndup__json_line copy = {.allocator = NULL};
            ndup_error error = {0};
            bool is_damaged;
            assert_ok(decode(&copy, &is_damaged, bodies[k], strlen(bodies[k]), false, encodings[i],
                             1000, &error),
                      &error);
            assert_text((ndup_text){copy.bytes, copy.length}, bodies[k]);
            assert_false(is_damaged);
            ndup__json_line_deinit(&copy);
        }
    }
}

static void test_http__damaged_data_shows(void **state)
{
    (void)state;
    ndup__json_line copy = {.allocator = NULL};
    ndup_error error = {0};
    bool is_damaged;
    if (!NDUP_HAVE_ZLIB) {
        skip();
    }
    assert_ok(decode(&copy, &is_damaged, gzip_abc, sizeof gzip_abc - 3, false, "gzip", 9, &error),
              &error);
    assert_text((ndup_text){copy.bytes, copy.length}, "abc");
    assert_true(is_damaged);
    ndup__json_line_deinit(&copy);
}

/* What Brotli (RFC 7932) makes of "abc": a window of 64 KiB, three bytes as they are, the end. */
static const char brotli_abc[] = "\x20\x00\x10\x61\x62\x63\x03";

static void test_http__decodes_brotli(void **state)
{
    (void)state;
    if (!NDUP_HAVE_BROTLI) {
        skip();
    }
    assert_decodes("br", brotli_abc, sizeof brotli_abc - 1);
    assert_decodes("BR", brotli_abc, sizeof brotli_abc - 1);
    for (size_t cut = 1; cut <= 4; cut++) {
        ndup__json_line copy = {.allocator = NULL};
        ndup_error error = {0};
        bool is_damaged;
        size_t length = sizeof brotli_abc - 1 - cut;
        assert_ok(decode(&copy, &is_damaged, brotli_abc, length, false, "br", 9, &error), &error);
        assert_true(is_damaged);
        assert_int_equal(copy.length, 4 - cut);
        assert_memory_equal(copy.bytes, "abc", copy.length);
        ndup__json_line_deinit(&copy);
    }
}

#if NDUP_HAVE_BROTLI_ENCODER

enum { BROTLI_ROOM = 1 << 16 };

static size_t to_brotli(uint8_t compressed[BROTLI_ROOM], const char *text, size_t length)
{
    size_t made = BROTLI_ROOM;
    assert_true(BrotliEncoderCompress(5, 18, BROTLI_MODE_TEXT, length, (const uint8_t *)text, &made,
                                      compressed));
    return made;
}

static void test_http__brotli_is_decoded_up_to_the_limit(void **state)
{
    (void)state;
    enum { BOMB = 1 << 24, MOST = 1 << 16 };
    static uint8_t compressed[BROTLI_ROOM];
    ndup__json_line copy = {.allocator = NULL};
    ndup_error error = {0};
    bool is_damaged;
    char *bomb = malloc(BOMB);
    assert_non_null(bomb);
    memset(bomb, ' ', BOMB);
    size_t made = to_brotli(compressed, bomb, BOMB);
    assert_true(made < 1000);
    assert_status(decode(&copy, &is_damaged, (char *)compressed, made, false, "br", MOST, &error),
                  NDUP_STATUS_LIMIT, &error);
    made = to_brotli(compressed, bomb, MOST);
    assert_ok(decode(&copy, &is_damaged, (char *)compressed, made, false, "br", MOST, &error),
              &error);
    assert_int_equal(copy.length, MOST);
    assert_false(is_damaged);
    ndup__json_line_deinit(&copy);
    free(bomb);
}

/* Whatever a bit does, there is an end and no byte outside is read. */
static void test_http__brotli_survives_damage(void **state)
{
    (void)state;
    static const char text[] =
        "<!DOCTYPE html><html><body><p>The ferry left the harbour. The ferry "
        "came back to the harbour, it is said.</p></body></html>";
    static uint8_t compressed[BROTLI_ROOM];
    size_t made = to_brotli(compressed, text, sizeof text - 1);
    for (size_t bit = 0; bit < 8 * made; bit++) {
        ndup__json_line copy = {.allocator = NULL};
        ndup_error error = {0};
        bool is_damaged;
        compressed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ndup_status status =
            decode(&copy, &is_damaged, (char *)compressed, made, false, "br", 1 << 20, &error);
        assert_true(status == NDUP_STATUS_OK || status == NDUP_STATUS_LIMIT);
        compressed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ndup__json_line_deinit(&copy);
    }
}

/* What stands before the damage is read. */
static void test_http__brotli_counts_up_to_the_damage(void **state)
{
    (void)state;
    enum { LENGTH = 200000 };
    static uint8_t compressed[BROTLI_ROOM];
    char *text = malloc(LENGTH);
    assert_non_null(text);
    uint64_t seed = 1;
    for (size_t i = 0; i < LENGTH; i++) {
        text[i] = (char)('a' + ndup__splitmix64(&seed) % 4);
    }
    size_t made = to_brotli(compressed, text, LENGTH);
    memset(compressed + made - 2000, 0xA5, 1000);
    ndup__json_line copy = {.allocator = NULL};
    ndup_error error = {0};
    bool is_damaged;
    assert_ok(decode(&copy, &is_damaged, (char *)compressed, made, false, "br", 1 << 20, &error),
              &error);
    assert_true(is_damaged);
    assert_true(copy.length > LENGTH / 2);
    assert_memory_equal(copy.bytes, text, LENGTH / 2);
    ndup__json_line_deinit(&copy);
    free(text);
}

#else

static void test_http__brotli_counts_up_to_the_damage(void **state)
{
    (void)state;
    skip();
}

static void test_http__brotli_is_decoded_up_to_the_limit(void **state)
{
    (void)state;
    skip();
}

static void test_http__brotli_survives_damage(void **state)
{
    (void)state;
    skip();
}

#endif

static void test_http__a_build_without_brotli_says_so(void **state)
{
    (void)state;
    ndup__json_line copy = {.allocator = NULL};
    ndup_error error = {0};
    bool is_damaged;
    if (NDUP_HAVE_BROTLI) {
        skip();
    }
    assert_status(
        decode(&copy, &is_damaged, brotli_abc, sizeof brotli_abc - 1, false, "br", 9, &error),
        NDUP_STATUS_UNSUPPORTED, &error);
    assert_non_null(strstr(error.message, "install libbrotli-dev"));
    ndup__json_line_deinit(&copy);
}

static void test_http__names_an_encoding_that_it_cannot_read(void **state)
{
    (void)state;
    ndup__json_line copy = {.allocator = NULL};
    ndup_error error = {0};
    bool is_damaged;
    assert_status(decode(&copy, &is_damaged, "\1x", 2, false, "dcb", 9, &error),
                  NDUP_STATUS_UNSUPPORTED, &error);
    assert_string_equal(error.message, "content encoding dcb cannot be read");
    static const char long_name[] = "an-encoding-whose-name-is-longer-than-messages-should-be";
    assert_status(decode(&copy, &is_damaged, "\1x", 2, false, long_name, 9, &error),
                  NDUP_STATUS_UNSUPPORTED, &error);
    assert_string_equal(error.message, "content encoding an-encoding-whose-name-is-longer-than-me "
                                       "cannot be read");
    ndup__json_line_deinit(&copy);
}

TEST_MAIN(cmocka_unit_test(test_http__lines_may_be_folded_and_lists_long),
          cmocka_unit_test(test_http__chunks_without_a_header_must_be_certain),
          cmocka_unit_test(test_http__reads_the_fields_of_a_header),
          cmocka_unit_test(test_http__needs_a_status_and_the_end_of_the_header),
          cmocka_unit_test(test_http__joins_chunks),
          cmocka_unit_test(test_http__keeps_what_comes_before_a_damaged_chunk),
          cmocka_unit_test(test_http__a_body_without_chunks_was_joined_already),
          cmocka_unit_test(test_http__decodes_encodings_up_to_the_limit),
          cmocka_unit_test(test_http__a_body_without_the_format_was_decoded_already),
          cmocka_unit_test(test_http__damaged_data_shows),
          cmocka_unit_test(test_http__decodes_brotli),
          cmocka_unit_test(test_http__brotli_is_decoded_up_to_the_limit),
          cmocka_unit_test(test_http__brotli_survives_damage),
          cmocka_unit_test(test_http__brotli_counts_up_to_the_damage),
          cmocka_unit_test(test_http__a_build_without_brotli_says_so),
          cmocka_unit_test(test_http__names_an_encoding_that_it_cannot_read))
