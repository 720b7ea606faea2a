/* SPDX-License-Identifier: MIT */
/* The record scanner: what is found, what is refused and how, and that nothing outside is read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/record_scan.h"
#include "support/failing_allocator.h"
#include "support/guard_buffer.h"
#include "support/test.h"

static ndup__record_scanner *new_scanner(const char *const *paths, size_t count)
{
    ndup__record_scanner *scanner;
    ndup_error error;
    assert_ok(ndup__record_scanner_new(&scanner, paths, count, NULL, &error), &error);
    return scanner;
}

/* Scans from a buffer that ends at a guard page; the value stays valid until the guard is freed. */
static ndup_status scan_guarded(ndup__value *value, guard_buffer *guard, const char *path,
                                const char *line, size_t length, ndup_error *error)
{
    ndup__record_scanner *scanner = new_scanner(&path, 1);
    guard_buffer_init(guard, length + 1);
    const char *put = guard_buffer_put(guard, line, length);
    ndup_status status = ndup__record_scan(value, scanner, put, length, error);
    ndup__record_scanner_free(scanner);
    return status;
}

static void assert_found(const char *line, const char *path, ndup__value_kind kind, const char *raw)
{
    ndup__value value;
    guard_buffer guard;
    ndup_error error;
    assert_ok(scan_guarded(&value, &guard, path, line, strlen(line), &error), &error);
    assert_int_equal(value.kind, kind);
    assert_u64_equal(value.length, strlen(raw));
    assert_memory_equal(value.raw, raw, value.length);
    assert_int_equal(value.escaped, kind == NDUP__VALUE_STRING && strchr(raw, '\\') != NULL);
    guard_buffer_deinit(&guard);
}

static void assert_absent(const char *line, const char *path)
{
    ndup__value value;
    guard_buffer guard;
    ndup_error error;
    assert_ok(scan_guarded(&value, &guard, path, line, strlen(line), &error), &error);
    assert_int_equal(value.kind, NDUP__VALUE_ABSENT);
    guard_buffer_deinit(&guard);
}

static void assert_refused_bytes(const char *line, size_t length, ndup_status expected,
                                 uint64_t byte, const char *message)
{
    ndup__value value = {.kind = NDUP__VALUE_TRUE, .escaped = true, .raw = line, .length = 1};
    guard_buffer guard;
    ndup_error error;
    assert_status(scan_guarded(&value, &guard, "a", line, length, &error), expected, &error);
    assert_string_equal(error.message, message);
    assert_u64_equal(error.byte, byte);
    assert_int_equal(error.status, expected);
    assert_int_equal(value.kind, NDUP__VALUE_ABSENT);
    guard_buffer_deinit(&guard);
}

static void assert_refused(const char *line, uint64_t byte, const char *message)
{
    assert_refused_bytes(line, strlen(line), NDUP_STATUS_CORRUPT, byte, message);
}

static void assert_bad_path(const char *path, const char *message)
{
    ndup__record_scanner *scanner;
    ndup_error error;
    assert_status(ndup__record_scanner_new(&scanner, &path, 1, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_string_equal(error.message, message);
    assert_null(scanner);
}

static void test_record__finds_each_kind_of_value(void **state)
{
    (void)state;
    assert_found("{\"a\":\"x\"}", "a", NDUP__VALUE_STRING, "x");
    assert_found("{\"a\":\"\"}", "a", NDUP__VALUE_STRING, "");
    assert_found("{\"a\":\"x\\ny\"}", "a", NDUP__VALUE_STRING, "x\\ny");
    assert_found("{\"a\":null}", "a", NDUP__VALUE_NULL, "null");
    assert_found("{\"a\":true}", "a", NDUP__VALUE_TRUE, "true");
    assert_found("{\"a\":false}", "a", NDUP__VALUE_FALSE, "false");
    assert_found("{\"a\":[1, [2]]}", "a", NDUP__VALUE_ARRAY, "[1, [2]]");
    assert_found("{\"a\":{\"b\":{}}}", "a", NDUP__VALUE_OBJECT, "{\"b\":{}}");
    assert_found("{\"a\":[]}", "a", NDUP__VALUE_ARRAY, "[]");
    assert_found("{\"a\": { } }", "a", NDUP__VALUE_OBJECT, "{ }");
}

static void test_record__finds_numbers_of_all_forms(void **state)
{
    (void)state;
    static const char *const numbers[] = {"0",      "-0",   "7",     "10",    "123456789012345678",
                                          "-1.5",   "0.25", "1e5",   "1E+05", "0e0",
                                          "2.5e-3", "-0.0", "1e999", "9E-999"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char line[128];
        snprintf(line, sizeof line, "{\"a\":%s}", numbers[i]);
        assert_found(line, "a", NDUP__VALUE_NUMBER, numbers[i]);
        snprintf(line, sizeof line, "{\"b\":[%s,%s ],\"a\":%s }", numbers[i], numbers[i],
                 numbers[i]);
        assert_found(line, "a", NDUP__VALUE_NUMBER, numbers[i]);
    }
}

static void test_record__refuses_numbers_that_json_does_not_have(void **state)
{
    (void)state;
    assert_refused("{\"a\":01}", 6, "expected ',' or '}' after a value, found '1'");
    assert_refused("{\"a\":-}", 6, "expected a digit, found '}'");
    assert_refused("{\"a\":1.}", 7, "expected a digit, found '}'");
    assert_refused("{\"a\":1e}", 7, "expected a digit, found '}'");
    assert_refused("{\"a\":1e+}", 8, "expected a digit, found '}'");
    assert_refused("{\"a\":.5}", 5, "expected a value, found '.'");
    assert_refused("{\"a\":+1}", 5, "expected a value, found '+'");
    assert_refused("{\"a\":0x1}", 6, "expected ',' or '}' after a value, found 'x'");
}

static void test_record__allows_spaces_everywhere_between_tokens(void **state)
{
    (void)state;
    assert_found(" \t\r\n{ \"b\" : [ 1 , { } , [ ] ] ,\t\"a\"\r:\n\"x\" } \r", "a",
                 NDUP__VALUE_STRING, "x");
}

static void test_record__finds_nothing_in_an_empty_object(void **state)
{
    (void)state;
    assert_absent("{}", "a");
    assert_absent(" { } ", "a");
}

static void test_record__does_not_take_keys_of_nested_values(void **state)
{
    (void)state;
    assert_absent("{\"b\":{\"a\":1},\"c\":[{\"a\":2}]}", "a");
}

static void test_record__follows_a_dotted_path(void **state)
{
    (void)state;
    assert_found("{\"meta\":{\"x\":[{\"url\":1}],\"url\":\"u\"}}", "meta.url", NDUP__VALUE_STRING,
                 "u");
    assert_absent("{\"meta\":\"url\"}", "meta.url");
    assert_absent("{\"meta.url\":1}", "meta.url");
}

static void test_record__follows_a_path_of_ten_parts(void **state)
{
    (void)state;
    assert_found("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{\"i\":{\"x\":0,\"j\":"
                 "\"deep\"}}}}}}}}}}",
                 "a.b.c.d.e.f.g.h.i.j", NDUP__VALUE_STRING, "deep");
}

static void test_record__does_not_descend_into_arrays(void **state)
{
    (void)state;
    assert_absent("{\"meta\":[{\"url\":\"u\"}]}", "meta.url");
    assert_absent("{\"meta\":[[{\"url\":\"u\"}],{\"url\":\"v\"}]}", "meta.url");
}

static void test_record__takes_an_escaped_dot_literally(void **state)
{
    (void)state;
    assert_found("{\"a\":{\"b\":1},\"a.b\":2}", "a\\.b", NDUP__VALUE_NUMBER, "2");
    assert_found("{\"a\\\\b\":3}", "a\\\\b", NDUP__VALUE_NUMBER, "3");
}

static void test_record__matches_escaped_keys(void **state)
{
    (void)state;
    assert_found("{\"te\\u0078t\":1}", "text", NDUP__VALUE_NUMBER, "1");
    assert_found("{\"\\u0074\\u0065xt\":1}", "text", NDUP__VALUE_NUMBER, "1");
    assert_found("{\"\\u00e9\":1}", "\xC3\xA9", NDUP__VALUE_NUMBER, "1");
    assert_found("{\"\\ud83d\\ude00\":1}", "\xF0\x9F\x98\x80", NDUP__VALUE_NUMBER, "1");
    assert_found("{\"a\\/b\":1}", "a/b", NDUP__VALUE_NUMBER, "1");
    assert_absent("{\"te\\u0078\":1,\"te\\u0078ts\":2,\"\\u0000text\":3}", "text");
}

static void test_record__tells_keys_that_begin_alike_apart(void **state)
{
    (void)state;
    const char *line = "{\"te\":1,\"textual\":2,\"Text\":3,\"text\":4,\"tex\":5,\"test\":6}";
    assert_found(line, "text", NDUP__VALUE_NUMBER, "4");
    assert_found(line, "te", NDUP__VALUE_NUMBER, "1");
    assert_found(line, "textual", NDUP__VALUE_NUMBER, "2");
    assert_absent(line, "textua");
}

static void test_record__matches_keys_longer_than_a_word(void **state)
{
    (void)state;
    char key[101] = {0};
    memset(key, 'k', 100);
    char line[400];
    snprintf(line, sizeof line, "{\"%.99s\":1,\"%s\":2,\"%sk\":3}", key, key, key);
    assert_found(line, key, NDUP__VALUE_NUMBER, "2");
}

static void test_record__lets_the_last_of_duplicate_keys_count(void **state)
{
    (void)state;
    assert_found("{\"a\":1,\"a\":2}", "a", NDUP__VALUE_NUMBER, "2");
    assert_found("{\"a\":1,\"\\u0061\":[2]}", "a", NDUP__VALUE_ARRAY, "[2]");
}

static void test_record__forgets_what_lay_below_a_duplicate_key(void **state)
{
    (void)state;
    assert_absent("{\"meta\":{\"url\":\"a\"},\"meta\":{}}", "meta.url");
    assert_absent("{\"meta\":{\"url\":\"a\"},\"meta\":5}", "meta.url");
    assert_absent("{\"meta\":{\"url\":\"a\"},\"meta\":[{\"url\":1}]}", "meta.url");
    assert_found("{\"meta\":{\"url\":\"a\"},\"meta\":{\"url\":\"b\"}}", "meta.url",
                 NDUP__VALUE_STRING, "b");
    assert_absent("{\"a\":{\"b\":{\"c\":1}},\"a\":{\"b\":2}}", "a.b.c");
}

static void test_record__keeps_what_lay_beside_a_duplicate_key(void **state)
{
    (void)state;
    assert_found("{\"a\":{\"x\":1,\"b\":{\"c\":1},\"b\":{}}}", "a.x", NDUP__VALUE_NUMBER, "1");
}

static void test_record__gives_a_path_and_its_beginning(void **state)
{
    (void)state;
    const char *paths[] = {"meta.url", "meta", "meta.url.host"};
    ndup__record_scanner *scanner = new_scanner(paths, 3);
    ndup__value values[3];
    ndup_error error;
    const char *line = "{\"meta\":{\"url\":{\"host\":\"h\"}}}";
    assert_ok(ndup__record_scan(values, scanner, line, strlen(line), &error), &error);
    assert_ptr_equal(values[1].raw, line + 8);
    assert_u64_equal(values[1].length, strlen("{\"url\":{\"host\":\"h\"}}"));
    assert_u64_equal(values[0].length, strlen("{\"host\":\"h\"}"));
    assert_int_equal(values[2].kind, NDUP__VALUE_STRING);
    ndup__record_scanner_free(scanner);
}

static void test_record__gives_a_field_that_is_asked_for_twice_twice(void **state)
{
    (void)state;
    const char *paths[] = {"a", "b", "a"};
    ndup__record_scanner *scanner = new_scanner(paths, 3);
    ndup__value values[3];
    ndup_error error;
    assert_ok(ndup__record_scan(values, scanner, "{\"a\":[1]}", 9, &error), &error);
    assert_ptr_equal(values[0].raw, values[2].raw);
    assert_u64_equal(values[0].length, 3);
    assert_u64_equal(values[2].length, 3);
    assert_int_equal(values[1].kind, NDUP__VALUE_ABSENT);
    ndup__record_scanner_free(scanner);
}

static void test_record__gives_32_fields(void **state)
{
    (void)state;
    char names[NDUP__RECORD_FIELDS][8];
    const char *paths[NDUP__RECORD_FIELDS];
    char line[1024] = "{";
    for (size_t i = 0; i < NDUP__RECORD_FIELDS; i++) {
        snprintf(names[i], sizeof names[i], "k%zu", i);
        paths[i] = names[i];
        size_t used = strlen(line);
        snprintf(line + used, sizeof line - used, "%s\"k%zu\":%zu", i > 0 ? "," : "",
                 NDUP__RECORD_FIELDS - 1 - i, 100 + NDUP__RECORD_FIELDS - 1 - i);
    }
    strcat(line, "}");
    ndup__record_scanner *scanner = new_scanner(paths, NDUP__RECORD_FIELDS);
    ndup__value values[NDUP__RECORD_FIELDS];
    ndup_error error;
    assert_ok(ndup__record_scan(values, scanner, line, strlen(line), &error), &error);
    for (size_t i = 0; i < NDUP__RECORD_FIELDS; i++) {
        assert_int_equal(values[i].kind, NDUP__VALUE_NUMBER);
        assert_u64_equal(strtoull(values[i].raw, NULL, 10), 100 + i);
    }
    ndup__record_scanner_free(scanner);
}

static void test_record__refuses_more_than_32_fields(void **state)
{
    (void)state;
    const char *paths[NDUP__RECORD_FIELDS + 1];
    for (size_t i = 0; i <= NDUP__RECORD_FIELDS; i++) {
        paths[i] = "a";
    }
    ndup__record_scanner *scanner;
    ndup_error error;
    assert_status(ndup__record_scanner_new(&scanner, paths, NDUP__RECORD_FIELDS + 1, NULL, &error),
                  NDUP_STATUS_INVALID, &error);
    assert_string_equal(error.message, "33 fields wanted, must be at most 32");
}

static void test_record__refuses_paths_without_meaning(void **state)
{
    (void)state;
    assert_bad_path("", "a field path is empty");
    assert_bad_path(".", "field path \".\": the part at byte 0 is empty");
    assert_bad_path("a.", "field path \"a.\": the part at byte 2 is empty");
    assert_bad_path("a..b", "field path \"a..b\": the part at byte 2 is empty");
    assert_bad_path("a\\", "field path \"a\\\": a backslash must stand before '.' or another "
                           "backslash");
    assert_bad_path("\\n", "field path \"\\n\": a backslash must stand before '.' or another "
                           "backslash");
}

static void test_record__validates_without_any_field(void **state)
{
    (void)state;
    ndup__record_scanner *scanner = new_scanner(NULL, 0);
    ndup_error error;
    assert_ok(ndup__record_scan(NULL, scanner, "{\"a\":1}", 7, &error), &error);
    assert_status(ndup__record_scan(NULL, scanner, "{\"a\":1", 6, &error), NDUP_STATUS_CORRUPT,
                  &error);
    ndup__record_scanner_free(scanner);
}

static void test_record__says_what_is_wrong_between_tokens(void **state)
{
    (void)state;
    assert_refused("{\"a\"}", 4, "expected ':' after a key, found '}'");
    assert_refused("{\"a\" 1}", 5, "expected ':' after a key, found '1'");
    assert_refused("{\"a\":}", 5, "expected a value, found '}'");
    assert_refused("{\"a\":1,}", 7, "expected a key in quotes, found '}'");
    assert_refused("{,}", 1, "expected a key in quotes, found ','");
    assert_refused("{a:1}", 1, "expected a key in quotes, found 'a'");
    assert_refused("{\"a\":1 \"b\":2}", 7, "expected ',' or '}' after a value, found '\"'");
    assert_refused("{\"a\":[1 2]}", 8, "expected ',' or ']' after a value, found '2'");
    assert_refused("{\"a\":[1,]}", 8, "expected a value, found ']'");
    assert_refused("{\"a\":[,1]}", 6, "expected a value, found ','");
    assert_refused("{\"a\":[1}", 7, "expected ',' or ']' after a value, found '}'");
    assert_refused("{\"a\":{]}", 6, "expected a key in quotes, found ']'");
    assert_refused("{\"a\":tru}", 5, "expected a value, found 't'");
    assert_refused("{\"a\":\xC3\xA9}", 5, "expected a value, found byte 0xC3");
    assert_refused("{\"a\":1", 6, "expected ',' or '}' after a value, found the line's end");
    assert_refused("{\"a\":", 5, "expected a value, found the line's end");
}

static void test_record__says_what_is_wrong_inside_a_string(void **state)
{
    (void)state;
    assert_refused("{\"a\":\"x", 7, "the line ends inside a string");
    assert_refused("{\"a\":\"x\\", 8, "the line ends inside a string");
    assert_refused("{\"a\":\"\\u12", 10, "the line ends inside a string");
    assert_refused("{\"a\":\"\\u12\"}", 10, "expected 4 hex digits after \\u, found '\"'");
    assert_refused("{\"a\":\"\\q\"}", 7,
                   "expected one of \"\\/bfnrtu after a backslash, found 'q'");
    assert_refused("{\"a\":\"\t\"}", 6, "a control character (0x09) inside a string");
    assert_refused_bytes("{\"a\0\":1}", 8, NDUP_STATUS_CORRUPT, 3,
                         "a control character (0x00) inside a string");
}

static void test_record__accepts_damaged_utf8_inside_strings_only(void **state)
{
    (void)state;
    assert_found("{\"\xFF\":1,\"a\":\"\xC3\xFF\xED\xA0\x80\"}", "a", NDUP__VALUE_STRING,
                 "\xC3\xFF\xED\xA0\x80");
    assert_refused("{\"a\":1\xFF}", 6, "expected ',' or '}' after a value, found byte 0xFF");
}

static void test_record__refuses_what_is_not_one_object(void **state)
{
    (void)state;
    assert_refused("", 0, "expected an object ('{'), found the line's end");
    assert_refused(" \t ", 3, "expected an object ('{'), found the line's end");
    assert_refused("[1]", 0, "expected an object ('{'), found '['");
    assert_refused("\"a\"", 0, "expected an object ('{'), found '\"'");
    assert_refused("{}x", 2, "text after the object's end");
    assert_refused("{} {}", 3, "text after the object's end");
    assert_refused_bytes("{}\0", 3, NDUP_STATUS_CORRUPT, 2, "text after the object's end");
}

static void test_record__says_that_a_byte_order_mark_is_in_the_way(void **state)
{
    (void)state;
    assert_refused("\xEF\xBB\xBF{}", 0, "a byte order mark stands before the object");
}

static void test_record__gives_no_fields_of_a_refused_line(void **state)
{
    (void)state;
    assert_refused("{\"a\":\"found already\",\"b\":}", 25, "expected a value, found '}'");
}

static void test_record__works_without_an_error_record(void **state)
{
    (void)state;
    const char *path = "a";
    ndup__record_scanner *scanner = new_scanner(&path, 1);
    static const char *const lines[] = {"", "{\"a\":\"", "{\"a\":1}x", "\xEF\xBB\xBF{}"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        ndup__value value;
        assert_status(ndup__record_scan(&value, scanner, lines[i], strlen(lines[i]), NULL),
                      NDUP_STATUS_CORRUPT, NULL);
    }
    ndup__record_scanner_free(scanner);
}

/* {"a":[[...]]} or {"a":{"a":...}} with `depth` containers open at once. */
static char *nested_line(char inner, size_t depth)
{
    char *line = malloc(depth * 6 + 16);
    assert_non_null(line);
    char *write = line;
    for (size_t i = 0; i < depth; i++) {
        bool is_array = inner == '[' && i > 0;
        *write++ = is_array ? '[' : '{';
        if (!is_array && i + 1 < depth) {
            memcpy(write, "\"a\":", 4);
            write += 4;
        }
    }
    for (size_t i = depth; i > 0; i--) {
        *write++ = inner == '[' && i > 1 ? ']' : '}';
    }
    *write = '\0';
    return line;
}

static void assert_depth(char inner, size_t depth, ndup_status expected)
{
    char *line = nested_line(inner, depth);
    const char *paths[] = {"a", "a.a.a"};
    ndup__record_scanner *scanner = new_scanner(paths, 2);
    ndup__value values[2];
    ndup_error error;
    ndup_status status = ndup__record_scan(values, scanner, line, strlen(line), &error);
    assert_status(status, expected, &error);
    if (status == NDUP_STATUS_OK) {
        assert_u64_equal(values[0].length, strlen(line) - 6);
    } else {
        assert_string_equal(error.message, "nesting deeper than 512 levels");
        assert_u64_equal(error.byte, inner == '[' ? 5 + 511 : 5 * 512);
    }
    ndup__record_scanner_free(scanner);
    free(line);
}

static void test_record__reads_512_levels_and_no_more(void **state)
{
    (void)state;
    for (size_t depth = 2; depth <= NDUP__RECORD_DEPTH; depth += depth < 500 ? 51 : 1) {
        assert_depth('[', depth, NDUP_STATUS_OK);
        assert_depth('{', depth, NDUP_STATUS_OK);
    }
    assert_depth('[', NDUP__RECORD_DEPTH + 1, NDUP_STATUS_LIMIT);
    assert_depth('{', NDUP__RECORD_DEPTH + 1, NDUP_STATUS_LIMIT);
    assert_depth('[', 100000, NDUP_STATUS_LIMIT);
}

static void test_record__refuses_every_truncation(void **state)
{
    (void)state;
    const char *line =
        "{\"te\\u0078t\":\"a\\nb \\ud83d\\ude00\",\"n\":[-1.5e+3,0,true,false,null],"
        "\"m\":{\"a\":{},\"b\":[[],{}]},\"text\":\"\xC3\xA9 long enough for words\"}";
    const char *path = "text";
    ndup__record_scanner *scanner = new_scanner(&path, 1);
    guard_buffer guard;
    guard_buffer_init(&guard, strlen(line));
    ndup__value value;
    ndup_error error;
    for (size_t length = 0; length < strlen(line); length++) {
        const char *put = guard_buffer_put(&guard, line, length);
        assert_status(ndup__record_scan(&value, scanner, put, length, &error), NDUP_STATUS_CORRUPT,
                      &error);
        assert_in_range(error.byte, 0, length);
        assert_int_equal(value.kind, NDUP__VALUE_ABSENT);
    }
    const char *put = guard_buffer_put(&guard, line, strlen(line));
    assert_ok(ndup__record_scan(&value, scanner, put, strlen(line), &error), &error);
    assert_u64_equal(value.length, strlen("\xC3\xA9 long enough for words"));
    guard_buffer_deinit(&guard);
    ndup__record_scanner_free(scanner);
}

static void test_record__leaks_nothing_when_memory_runs_out(void **state)
{
    (void)state;
    const char *paths[] = {"text", "meta.url", "meta.url.host"};
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__record_scanner *scanner;
        ndup_error error;
        ndup_status status =
            ndup__record_scanner_new(&scanner, paths, 3, &memory.allocator, &error);
        bool has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        ndup__record_scanner_free(scanner);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!has_failed) {
            break;
        }
        assert_null(scanner);
    }
}

/* Decoding in passing gives what decoding behind gives, and finds the same faults. */
static void check_decoding(const char *line, bool is_replaced)
{
    static const char *const path = "a";
    ndup__record_scanner *scanner = new_scanner(&path, 1);
    size_t length = strlen(line);
    guard_buffer guard;
    guard_buffer_init(&guard, length + NDUP__DECODE_SLACK);
    ndup__decoding decoding = {.fields = 1,
                               .room = guard_buffer_end(&guard, length + NDUP__DECODE_SLACK)};
    ndup__value plain;
    ndup__value value;
    ndup_error expected;
    ndup_error error;
    ndup_status status = ndup__record_scan(&plain, scanner, line, length, &expected);
    assert_int_equal(ndup__record_scan_decoding(&value, scanner, line, length, &decoding, &error),
                     status);
    if (status != NDUP_STATUS_OK) {
        assert_string_equal(error.message, expected.message);
        assert_u64_equal(error.byte, expected.byte);
    } else {
        char decoded[400];
        uint64_t replaced = 0;
        assert_u64_equal(value.length, ndup__value_decode(decoded, &plain, &replaced));
        assert_memory_equal(value.raw, decoded, value.length);
        assert_false(value.escaped);
        assert_int_equal(value.replaced, is_replaced);
        assert_int_equal(replaced > 0, is_replaced);
    }
    guard_buffer_deinit(&guard);
    ndup__record_scanner_free(scanner);
}

static void test_record__decodes_strings_while_it_passes_them(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "{\"a\":\"\"}",
        "{\"a\":\"plain\",\"b\":1}",
        "{\"b\":\"x\\ny\",\"a\":\"one\\ntwo\\\"three\\\\\"}",
        "{\"a\":\"\\u00e4\\u20AC\\ud83d\\ude00 and \\u0041\\n\\u0042\"}",
        "{\"a\":\"one\",\"a\":\"t\\two, longer than a vector of sixty-four bytes is, by some\"}",
        "{\"a\":\"\\ud83d\\ude0",
        "{\"a\":\"\\ud83d\\ude0g\"}",
        "{\"a\":\"\\u12",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"never ends",
        "{\"a\":\"a\ttab\"}",
        "{\"a\":\"whole\"} more",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        check_decoding(lines[i], false);
    }
    check_decoding("{\"a\":\"\\ud83d alone\"}", true);
    check_decoding("{\"a\":\"\\ud83d\\u0041\"}", true);
    check_decoding("{\"a\":\"\\ude00\",\"a\":\"the last counts\"}", false);
}

TEST_MAIN(cmocka_unit_test(test_record__decodes_strings_while_it_passes_them),
          cmocka_unit_test(test_record__finds_each_kind_of_value),
          cmocka_unit_test(test_record__finds_numbers_of_all_forms),
          cmocka_unit_test(test_record__refuses_numbers_that_json_does_not_have),
          cmocka_unit_test(test_record__allows_spaces_everywhere_between_tokens),
          cmocka_unit_test(test_record__finds_nothing_in_an_empty_object),
          cmocka_unit_test(test_record__does_not_take_keys_of_nested_values),
          cmocka_unit_test(test_record__follows_a_dotted_path),
          cmocka_unit_test(test_record__follows_a_path_of_ten_parts),
          cmocka_unit_test(test_record__does_not_descend_into_arrays),
          cmocka_unit_test(test_record__takes_an_escaped_dot_literally),
          cmocka_unit_test(test_record__matches_escaped_keys),
          cmocka_unit_test(test_record__tells_keys_that_begin_alike_apart),
          cmocka_unit_test(test_record__matches_keys_longer_than_a_word),
          cmocka_unit_test(test_record__lets_the_last_of_duplicate_keys_count),
          cmocka_unit_test(test_record__forgets_what_lay_below_a_duplicate_key),
          cmocka_unit_test(test_record__keeps_what_lay_beside_a_duplicate_key),
          cmocka_unit_test(test_record__gives_a_path_and_its_beginning),
          cmocka_unit_test(test_record__gives_a_field_that_is_asked_for_twice_twice),
          cmocka_unit_test(test_record__gives_32_fields),
          cmocka_unit_test(test_record__refuses_more_than_32_fields),
          cmocka_unit_test(test_record__refuses_paths_without_meaning),
          cmocka_unit_test(test_record__validates_without_any_field),
          cmocka_unit_test(test_record__says_what_is_wrong_between_tokens),
          cmocka_unit_test(test_record__says_what_is_wrong_inside_a_string),
          cmocka_unit_test(test_record__accepts_damaged_utf8_inside_strings_only),
          cmocka_unit_test(test_record__refuses_what_is_not_one_object),
          cmocka_unit_test(test_record__says_that_a_byte_order_mark_is_in_the_way),
          cmocka_unit_test(test_record__gives_no_fields_of_a_refused_line),
          cmocka_unit_test(test_record__works_without_an_error_record),
          cmocka_unit_test(test_record__reads_512_levels_and_no_more),
          cmocka_unit_test(test_record__refuses_every_truncation),
          cmocka_unit_test(test_record__leaks_nothing_when_memory_runs_out))
