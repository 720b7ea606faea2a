/* SPDX-License-Identifier: MIT */
/* Arrays of records in random layouts against jansson: the same records, in the same order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "corpus/json_compact.h"
#include "corpus/json_items.h"
#include "support/random.h"
#include "support/test.h"

enum { FILES = 4000, MOST_RECORDS = 12, MOST_BYTES = 1 << 16 };

static json_t *make_value(test_random *random, unsigned depth)
{
    static const char *const strings[] = {
        "",         "plain words",     "\"quoted\" \\ {[,]}", "a\nb\tc", "\xC3\xA9\xE6\xBC\xA2",
        "}\n{\n][", "\xF0\x9F\x98\x80"};
    json_t *made;
    switch (test_random_below(random, depth < 3 ? 7 : 5)) {
    case 0:
        return json_null();
    case 1:
        return json_boolean(test_random_below(random, 2));
    case 2:
        return json_integer((json_int_t)test_random_below(random, 1000000) - 500000);
    case 3:
    case 4:
        return json_string(strings[test_random_below(random, sizeof strings / sizeof strings[0])]);
    case 5:
        made = json_array();
        for (uint64_t left = test_random_below(random, 4); left > 0; left--) {
            json_array_append_new(made, make_value(random, depth + 1));
        }
        return made;
    default:
        made = json_object();
        for (uint64_t left = test_random_below(random, 4); left > 0; left--) {
            char key[24];
            snprintf(key, sizeof key, "key %u", (unsigned)test_random_below(random, 100));
            json_object_set_new(made, key, make_value(random, depth + 1));
        }
        return made;
    }
}

static json_t *make_record(test_random *random)
{
    json_t *record = json_object();
    json_object_set_new(record, "id", json_integer((json_int_t)test_random_below(random, 1000)));
    for (uint64_t left = test_random_below(random, 4); left > 0; left--) {
        char key[24];
        snprintf(key, sizeof key, "field %u", (unsigned)test_random_below(random, 20));
        json_object_set_new(record, key, make_value(random, 0));
    }
    return record;
}

/* The file that is being made, and the records in it. */
typedef struct made_file {
    char bytes[MOST_BYTES];
    size_t length;
    json_t *records;
} made_file;

static void put(made_file *file, const char *text)
{
    size_t length = strlen(text);
    assert_true(file->length + length < MOST_BYTES);
    memcpy(file->bytes + file->length, text, length);
    file->length += length;
}

static void make_file(made_file *file, test_random *random)
{
    static const char *const between[] = {",",    ",\n",    "\n",     "",       " ", "\r\n",
                                          "]\n[", "\n][\n", "\n\x1E", " ,\r\n", "]["};
    static const size_t styles[] = {JSON_COMPACT, JSON_INDENT(2), JSON_INDENT(1), 0,
                                    JSON_ENSURE_ASCII | JSON_INDENT(4)};
    file->length = 0;
    file->records = json_array();
    uint64_t count = test_random_below(random, MOST_RECORDS);
    uint64_t style = test_random_below(random, sizeof styles / sizeof styles[0]);
    uint64_t separator = test_random_below(random, sizeof between / sizeof between[0]);
    put(file, test_random_below(random, 4) == 0 ? "\xEF\xBB\xBF" : "");
    put(file, test_random_below(random, 2) == 0 ? "[\n" : "");
    for (uint64_t i = 0; i < count; i++) {
        json_t *record = make_record(random);
        char *text = json_dumps(record, styles[style]);
        put(file, i > 0 ? between[separator] : "");
        put(file, text);
        free(text);
        json_array_append_new(file->records, record);
    }
    put(file, test_random_below(random, 2) == 0 ? "\n]\n" : "");
}

static void assert_same_record(ndup_text text, const json_t *expected)
{
    json_error_t error;
    json_t *found = json_loadb(text.bytes, text.length, 0, &error);
    assert_non_null(found);
    assert_true(json_equal(found, expected));
    json_decref(found);
}

static void assert_same_records(const made_file *file)
{
    const char *at = file->bytes;
    const char *end = at + file->length;
    ndup__json_item item;
    ndup__arena arena = {0};
    size_t count = 0;
    while (ndup__json_item_next(&item, &at, end, true)) {
        ndup_error error = {0};
        ndup_text record = {item.begin, (size_t)(item.end - item.begin)};
        assert_int_equal(item.kind, NDUP__JSON_OBJECT);
        const json_t *expected = json_array_get(file->records, count++);
        assert_same_record(record, expected);
        assert_ok(ndup__json_compact(&record, &arena, &error), &error);
        assert_null(memchr(record.bytes, '\n', record.length));
        assert_same_record(record, expected);
    }
    assert_u64_equal(count, json_array_size(file->records));
    ndup__arena_deinit(&arena);
}

static void test_arrays__the_records_are_those_that_were_written(void **state)
{
    (void)state;
    test_random random;
    made_file *file = malloc(sizeof *file);
    assert_non_null(file);
    test_random_init(&random, 20);
    for (int i = 0; i < FILES; i++) {
        make_file(file, &random);
        assert_same_records(file);
        json_decref(file->records);
    }
    free(file);
}

TEST_MAIN(cmocka_unit_test(test_arrays__the_records_are_those_that_were_written))
