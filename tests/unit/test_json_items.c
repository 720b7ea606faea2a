/* SPDX-License-Identifier: MIT */
/* Which objects are found in JSON files of any layout, and where damage ends. */
#include "corpus/json_items.h"

#include <stdio.h>
#include <string.h>

#include "support/guard_buffer.h"
#include "support/test.h"

enum { LISTED_BYTES = 1024 };

/* Every item, one behind the other: objects as they stand, scalars in <>, damage in !!. */
static void assert_items(const char *text, const char *expected)
{
    static const char *const marks[][2] = {
        [NDUP__JSON_OBJECT] = {"", ""},
        [NDUP__JSON_SCALAR] = {"<", ">"},
        [NDUP__JSON_DAMAGED] = {"!", "!"},
    };
    char listed[LISTED_BYTES] = "";
    size_t used = 0;
    guard_buffer buffer;
    guard_buffer_init(&buffer, strlen(text));
    const char *at = guard_buffer_put(&buffer, text, strlen(text));
    const char *end = at + strlen(text);
    ndup__json_item item;
    while (ndup__json_item_next(&item, &at, end, true)) {
        assert_true(item.begin < item.end && item.end <= at);
        used +=
            (size_t)snprintf(listed + used, sizeof listed - used, "%s%.*s%s|", marks[item.kind][0],
                             (int)(item.end - item.begin), item.begin, marks[item.kind][1]);
        assert_true(used < sizeof listed);
    }
    assert_ptr_equal(at, end);
    assert_string_equal(listed, expected);
    guard_buffer_deinit(&buffer);
}

static void test_json_items__layouts_do_not_matter(void **state)
{
    (void)state;
    static const char expected[] = "{\"a\":1}|{\"b\":[{}]}|";
    static const char *const texts[] = {
        "[{\"a\":1},{\"b\":[{}]}]",          "[\n{\"a\":1},\n{\"b\":[{}]}\n]\n",
        "[{\"a\":1}\n,{\"b\":[{}]},\n]",     "[\n{\"a\":1}\n][\n{\"b\":[{}]}\n]",
        "[{\"a\":1}]\n[{\"b\":[{}]}]",       "{\"a\":1}\n{\"b\":[{}]}\n",
        "{\"a\":1},\n{\"b\":[{}]},\n",       "{\"a\":1}{\"b\":[{}]}",
        "{\"a\":1} \t {\"b\":[{}]}",         "{\"a\":1}\r{\"b\":[{}]}\r",
        "\x1E{\"a\":1}\n\x1E{\"b\":[{}]}\n", "\xEF\xBB\xBF[{\"a\":1},\n\xEF\xBB\xBF{\"b\":[{}]}]",
        "[[{\"a\":1}],[{\"b\":[{}]}]]",      "  [ {\"a\":1} , {\"b\":[{}]} ]  ",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_items(texts[i], expected);
    }
    assert_items("[\n  {\n    \"a\": \"}\"\n  },\n  {}\n]", "{\n    \"a\": \"}\"\n  }|{}|");
    assert_items("", "");
    assert_items("[]", "");
    assert_items(" \n[\n]\n", "");
}

static void test_json_items__other_values_are_told(void **state)
{
    (void)state;
    assert_items("[1, -2.5e+7, \"a]\", null, true, {\"a\":1}, false, NaN, -Infinity]",
                 "<1>|<-2.5e+7>|<\"a]\">|<null>|<true>|{\"a\":1}|<false>|<NaN>|<-Infinity>|");
    assert_items("[bad stuff, {\"a\":1}]\n[{\"b\":2}]", "!bad stuff, {\"a\":1}]!|{\"b\":2}|");
    assert_items("[\"open, {\"a\":1}]\n{\"b\":2}", "<\"open, {\">|!a\":1}]!|{\"b\":2}|");
}

static void test_json_items__brackets_close_what_is_damaged_on_its_line(void **state)
{
    (void)state;
    assert_items("[{\"a\":x},{\"b\":2}]", "!{\"a\":x}!|{\"b\":2}|");
    assert_items("[{\"a\":\"\\q\"},{\"b\":2}]", "!{\"a\":\"\\q\"}!|{\"b\":2}|");
    assert_items("[{\"a\":1 \"c\":{}},{\"b\":2}]", "!{\"a\":1 \"c\":{}}!|{\"b\":2}|");
    assert_items("{'a':1}{\"b\":2}", "!{'a':1}!|{\"b\":2}|");
}

static void test_json_items__lines_end_what_is_not_closed(void **state)
{
    (void)state;
    assert_items("[\n{\"a\":\"cut of\n{\"b\":2}\n]", "!{\"a\":\"cut of!|{\"b\":2}|");
    assert_items("[\n  {\n    \"a\": \"cut\n    {\"n\":0}\n  },\n  {\"b\":2}\n]",
                 "!{\n    \"a\": \"cut\n    {\"n\":0}\n  }!|{\"b\":2}|");
    assert_items("[\n  {\n    \"a\": 1,\n  {\n    \"b\":2\n  }\n]",
                 "!{\n    \"a\": 1!|{\n    \"b\":2\n  }|");
    assert_items("{\n\"a\": 1,\n{\n\"b\":2\n}", "!{\n\"a\": 1!|{\n\"b\":2\n}|");
    assert_items("[{\"a\":1}, {\"b\":", "{\"a\":1}|!{\"b\":!|");
    assert_items("\x1E{\"a\":\x1E{\"b\":2}", "!{\"a\":!|{\"b\":2}|");
}

static void test_json_items__text_behind_an_object_makes_it_damage(void **state)
{
    (void)state;
    assert_items("[{\"a\":\"he said\"} and left\"},\n{\"b\":2}]",
                 "!{\"a\":\"he said\"} and left\"}!|{\"b\":2}|");
}

/* No item is found before it is whole, and then it is what it is in all bytes. */
static void test_json_items__what_may_go_on_waits_for_more_bytes(void **state)
{
    (void)state;
    static const char text[] =
        "[{\"a\":nul,\"text\":\"b\"},\n\"c\", 12, x\n{\"d\":[1,2]}\n,{\"e\":0}]";
    const char *end = text + sizeof text - 1;
    const char *all = text;
    ndup__json_item item;
    while (ndup__json_item_next(&item, &all, end, true)) {
        bool was_found = false;
        for (const char *cut = item.begin; cut < end; cut++) {
            const char *at = item.begin;
            ndup__json_item early;
            bool is_found = ndup__json_item_next(&early, &at, cut, false);
            assert_true(is_found || !was_found);
            assert_true(is_found || at == item.begin);
            was_found = is_found;
            assert_true(!is_found || (early.kind == item.kind && early.end == item.end));
        }
    }
}

static void assert_layout(const char *text, ndup__json_layout expected)
{
    assert_int_equal(ndup__json_find_layout(text, strlen(text), true), expected);
    for (size_t length = 0; length < strlen(text); length++) {
        ndup__json_layout early = ndup__json_find_layout(text, length, false);
        assert_true(early == NDUP__JSON_UNKNOWN || early == expected);
    }
}

static void test_json_layout__lines_are_objects_that_end_with_them(void **state)
{
    (void)state;
    assert_layout("{\"a\":1}\n{\"b\":2}\n", NDUP__JSON_LINES);
    assert_layout("\xEF\xBB\xBF{\"a\":1}\r\n{\"b\":2}\n", NDUP__JSON_LINES);
    assert_layout("{\"a\":1},\n{\"b\":2}\n", NDUP__JSON_LINES);
    assert_layout("\n\n{\"a\":1}", NDUP__JSON_LINES);
    assert_layout("{\"a\":\"cut of\n{\"b\":2}\n", NDUP__JSON_LINES);
    assert_layout("{'a':1}\n{'b':2}\n", NDUP__JSON_LINES);
    assert_layout("no JSON\n[{}]\n", NDUP__JSON_LINES);
    assert_layout("", NDUP__JSON_LINES);
    assert_layout("[{\"a\":1}\n]", NDUP__JSON_SPREAD);
    assert_layout("[\n{\"a\":1},\n{\"b\":2}\n]", NDUP__JSON_SPREAD);
    assert_layout("{\n \"a\":1\n}\n{}", NDUP__JSON_SPREAD);
    assert_layout("\x1E{\"a\":1}\n\x1E{}\n", NDUP__JSON_SPREAD);
    assert_layout("[{\"a\":1},{\"b\":2}]", NDUP__JSON_PACKED);
    assert_layout("{\"a\":1}{\"b\":2}", NDUP__JSON_PACKED);
    assert_layout("{\"a\":1}\r{\"b\":2}\r", NDUP__JSON_PACKED);
    assert_layout("{\"a\":x}{\"b\":2}\n", NDUP__JSON_PACKED);
    assert_layout("[1,2]", NDUP__JSON_PACKED);
}

static void test_json_recognises__only_what_can_be_nothing_else(void **state)
{
    (void)state;
    static const char *const certain[] = {"{\"a\":1}",       "[{\"a\" : 1}]", " \n{ \"a",
                                          "\xEF\xBB\xBF[{}", "{}\n{}",        "[]",
                                          "[{\"a\"",         "\x1E{\"a\":"};
    static const char *const other[] = {"",         "{",           "[",           "text",
                                        "[ ] task", "[1] Smith",   "{{Infobox}}", "{a: 1}",
                                        "{} text",  "{\"a\" text", "[[link]]",    "\"a\""};
    for (size_t i = 0; i < sizeof certain / sizeof certain[0]; i++) {
        assert_true(ndup__json_recognises(certain[i], strlen(certain[i])));
    }
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        assert_false(ndup__json_recognises(other[i], strlen(other[i])));
    }
}

static void test_json_open__goes_on_to_where_the_item_closes(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[\"]}\\\"\",{}]} rest";
    const char *stop = strstr(text, " rest");
    for (const char *middle = text; middle < stop; middle++) {
        ndup__json_open open = {0};
        assert_null(ndup__json_open_pass(&open, text, middle));
        assert_ptr_equal(ndup__json_open_pass(&open, middle, text + sizeof text - 1), stop);
    }
}

TEST_MAIN(cmocka_unit_test(test_json_items__layouts_do_not_matter),
          cmocka_unit_test(test_json_items__other_values_are_told),
          cmocka_unit_test(test_json_items__brackets_close_what_is_damaged_on_its_line),
          cmocka_unit_test(test_json_items__lines_end_what_is_not_closed),
          cmocka_unit_test(test_json_items__text_behind_an_object_makes_it_damage),
          cmocka_unit_test(test_json_items__what_may_go_on_waits_for_more_bytes),
          cmocka_unit_test(test_json_layout__lines_are_objects_that_end_with_them),
          cmocka_unit_test(test_json_recognises__only_what_can_be_nothing_else),
          cmocka_unit_test(test_json_open__goes_on_to_where_the_item_closes))
