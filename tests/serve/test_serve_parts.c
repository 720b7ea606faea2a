/* SPDX-License-Identifier: MIT */
/* Parts of the server by themselves: addresses, tokens, texts, connections, workers. */
#include <stdatomic.h>
#include <string.h>

#include "serve/serve_request.h"
#include "serve/serve_route.h"
#include "serve/serve_text.h"
#include "serve/serve_token.h"
#include "serve/serve_utf8.h"
#include "support/random.h"
#include "support/test.h"
#include "text/utf8.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static void assert_text(ndup_text found, const char *wanted)
{
    assert_int_equal(found.length, strlen(wanted));
    assert_memory_equal(found.bytes, wanted, found.length);
}

static void test_target__is_read(void **state)
{
    serve_target target;
    char allow[40];
    (void)state;
    assert_int_equal(
        serve_target_read(&target, text_of("/v1/documents/a%2Fb/c+d?x=1+2&y=%3D&&z&=5")),
        SERVE_TARGET_OK);
    assert_non_null(serve_route_find(&target, text_of("GET"), allow));
    assert_text(target.operand, "a/b/c+d");
    assert_int_equal(target.parameter_count, 3);
    assert_text(target.parameters[0].value, "1 2");
    assert_text(target.parameters[1].value, "=");
    assert_text(target.parameters[2].name, "z");
    serve_target_free(&target);
}

static void test_target__faults_are_told_apart(void **state)
{
    static const struct {
        const char *target;
        serve_target_fault fault;
    } cases[] = {{"/%", SERVE_TARGET_PERCENT},
                 {"/%4", SERVE_TARGET_PERCENT},
                 {"/%g0", SERVE_TARGET_PERCENT},
                 {"/?a=%", SERVE_TARGET_PERCENT},
                 {"/?1&2&3&4&5&6&7&8", SERVE_TARGET_OK},
                 {"/?1&2&3&4&5&6&7&8&9", SERVE_TARGET_PARAMETERS},
                 {"", SERVE_TARGET_OK}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        serve_target target;
        assert_int_equal(serve_target_read(&target, text_of(cases[i].target)), cases[i].fault);
        serve_target_free(&target);
    }
}

static void test_route__names_the_methods_of_a_path(void **state)
{
    serve_target target;
    char allow[40];
    (void)state;
    assert_int_equal(serve_target_read(&target, text_of("/v1/documents/x")), SERVE_TARGET_OK);
    assert_null(serve_route_find(&target, text_of("POST"), allow));
    assert_string_equal(allow, "GET, HEAD, DELETE");
    assert_string_equal(serve_route_find(&target, text_of("HEAD"), allow)->name, "document");
    assert_null(serve_route_find(&target, text_of("get"), allow));
    serve_target_free(&target);
}

static void test_type__parameters_do_not_matter(void **state)
{
    (void)state;
    assert_int_equal(serve_type_of(text_of("Text/HTML;charset=x")), SERVE_TYPE_PAGE);
    assert_int_equal(serve_type_of(text_of("application/x-ndjson ; a")), SERVE_TYPE_JSON_LINES);
    assert_int_equal(serve_type_of(text_of("text/htmlx")), SERVE_TYPE_UNKNOWN);
    assert_int_equal(serve_type_of(text_of("")), SERVE_TYPE_NONE);
}

static void test_token__only_the_whole_one_holds(void **state)
{
    const char *token = "0123456789abcdef";
    char said[64] = "Bearer 0123456789abcdef";
    (void)state;
    assert_true(serve_token_holds(token, text_of(said)));
    for (size_t length = 0; length < strlen(said); length++) {
        assert_false(serve_token_holds(token, (ndup_text){said, length}));
    }
    for (size_t i = 7; i < strlen(said); i++) {
        said[i] ^= 1;
        assert_false(serve_token_holds(token, text_of(said)));
        said[i] ^= 1;
    }
    assert_false(serve_token_holds(token, text_of("Bearer 0123456789abcdef0")));
    assert_false(serve_token_holds(token, text_of("Bearer  0123456789abcdef")));
}

static void test_host__only_names_of_this_machine_are_loopback(void **state)
{
    static const char *const own[] = {"localhost", "LocalHost:80", "127.0.0.1", "127.1.2.3:7450",
                                      "[::1]:7450"};
    static const char *const others[] = {"",
                                         "localhost.example.org",
                                         "127.example.org",
                                         "127.0.0",
                                         "127.0.0.1.org",
                                         "128.0.0.1",
                                         "[::2]:7450",
                                         "localhostx",
                                         "::1"};
    (void)state;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        assert_true(serve_host_is_loopback(text_of(own[i])));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(serve_host_is_loopback(text_of(others[i])));
    }
}

static void test_origin__must_be_the_host(void **state)
{
    const ndup_text host = text_of("localhost:7450");
    (void)state;
    assert_false(serve_origin_is_foreign(text_of(""), host));
    assert_false(serve_origin_is_foreign(text_of("http://localhost:7450"), host));
    assert_false(serve_origin_is_foreign(text_of("https://localhost:7450"), host));
    assert_true(serve_origin_is_foreign(text_of("null"), host));
    assert_true(serve_origin_is_foreign(text_of("http://localhost"), host));
    assert_true(serve_origin_is_foreign(text_of("ftp://localhost:7450"), host));
}

/* The scanner of the library is the model: damage is where it first replaces something. */
static void test_utf8__damage_is_where_the_library_sees_it(void **state)
{
    static const uint8_t bytes[] = {0x00, 'a',  0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1,
                                    0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, 'b',  ' '};
    test_random random;
    (void)state;
    test_random_init(&random, 7);
    for (size_t round = 0; round < 20000; round++) {
        char text[24];
        size_t expected = 0;
        uint64_t replaced = 0;
        for (size_t i = 0; i < sizeof text; i++) {
            text[i] = (char)(i < 8 || test_random_chance(&random, 0.5)
                                 ? bytes[test_random_below(&random, sizeof bytes)]
                                 : 'x');
        }
        while (expected < sizeof text) {
            uint32_t code_point;
            size_t length =
                ndup__utf8_read(&code_point, text + expected, sizeof text - expected, &replaced);
            if (replaced > 0) {
                break;
            }
            expected += length;
        }
        assert_int_equal(serve_utf8_damage(text, sizeof text), expected);
    }
}

static void test_json__strings_are_escaped(void **state)
{
    serve_text text = {.bytes = NULL};
    (void)state;
    serve_json_open(&text, NULL, '{');
    serve_json_string(&text, "a", (ndup_text){"\"\\\n\x01\x7F\xFF\xC3\xA9</script>\0", 18});
    serve_json_word(&text, "b", NULL);
    serve_json_count(&text, "c", 7);
    serve_json_close(&text, '}');
    assert_text((ndup_text){text.bytes, text.length},
                "{\"a\":\"\\\"\\\\\\n\\u0001\\u007f\xEF\xBF\xBD\xC3\xA9</script>\\u0000\","
                "\"b\":null,\"c\":7}");
    serve_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_target__is_read),
        cmocka_unit_test(test_target__faults_are_told_apart),
        cmocka_unit_test(test_route__names_the_methods_of_a_path),
        cmocka_unit_test(test_type__parameters_do_not_matter),
        cmocka_unit_test(test_token__only_the_whole_one_holds),
        cmocka_unit_test(test_host__only_names_of_this_machine_are_loopback),
        cmocka_unit_test(test_origin__must_be_the_host),
        cmocka_unit_test(test_utf8__damage_is_where_the_library_sees_it),
        cmocka_unit_test(test_json__strings_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
