/* SPDX-License-Identifier: MIT */
/* Texts with their repeats marked in place. */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include "page/flag_marks.h"
#include "support/failing_allocator.h"

/* The JSON of a text with repeats, of which no passage can be unfolded; free() it. */
static char *marked(const char *text, const ndup_repeat *repeats, size_t count, size_t limit)
{
    ndup_document document = {.text = {text, strlen(text)}};
    ndup_flagged flagged = {.document = &document, .repeats = repeats, .repeat_count = count};
    ndup__flag_marks marks = {.allocator = NULL};
    ndup__folded folded;
    ndup__out out;
    ndup_error error;
    ndup__out_init(&out, NULL, NULL);
    ndup__folded_init(&folded, 0, NULL);
    assert_ok(ndup__json_marked(&out, NULL, &marks, &flagged, limit, &folded, &error), &error);
    assert_ok(ndup__out_status(&out, &error), &error);
    char *json = strndup(out.bytes, out.held);
    ndup__out_deinit(&out);
    ndup__flag_marks_deinit(&marks);
    return json;
}

static void assert_marked(const char *text, const ndup_repeat *repeats, size_t count, size_t limit,
                          const char *expected)
{
    char *json = marked(text, repeats, count, limit);
    assert_string_equal(json, expected);
    free(json);
}

static ndup_repeat repeat_of(size_t offset, size_t first_offset, size_t length)
{
    return (ndup_repeat){
        .offset = offset, .length = length, .first_offset = first_offset, .first_length = length};
}

static void test_marked__shows_both_places(void **state)
{
    (void)state;
    ndup_repeat repeats[] = {repeat_of(8, 0, 3)};
    assert_marked("one two one.", repeats, 1, 100,
                  "[{\"first\":0,\"text\":\"one\"},\" two \",{\"repeat\":0,\"text\":\"one\"},"
                  "\".\"]");
    repeats[0].first = NDUP_NONE; /* in the title, or on other pages */
    assert_marked("one two one.", repeats, 1, 100,
                  "[\"one two \",{\"repeat\":0,\"text\":\"one\"},\".\"]");
    assert_marked("one two one.", repeats, 0, 100, "[\"one two one.\"]");
    assert_marked("", repeats, 0, 100, "[]");
}

static void test_marked__of_passages_that_meet_the_first_counts(void **state)
{
    (void)state;
    /* The second of three is a repeat and a first occurrence at once. */
    const ndup_repeat chain[] = {repeat_of(2, 0, 1), repeat_of(4, 2, 1)};
    assert_marked("a a a", chain, 2, 100,
                  "[{\"first\":0,\"text\":\"a\"},\" \",{\"repeat\":0,\"text\":\"a\"},\" \","
                  "{\"repeat\":1,\"text\":\"a\"}]");
}

static void test_marked__folds_and_cuts(void **state)
{
    (void)state;
    char text[3001];
    for (size_t i = 0; i < 3000; i++) {
        text[i] = i % 10 == 9 ? ' ' : 'x';
    }
    memcpy(text, "same", 4);
    memcpy(text + 2000, "same", 4);
    text[3000] = '\0';
    const ndup_repeat repeats[] = {repeat_of(2000, 0, 4)};
    char *json = marked(text, repeats, 1, 5000);
    /* 1996 characters between, of which 156 and 151 are shown; 996 behind, of which 156 are. */
    assert_non_null(strstr(json, " \",1689,\" "));
    assert_non_null(strstr(json, "{\"repeat\":0,\"text\":\"same\"}"));
    assert_non_null(strstr(json, " \",840]"));
    free(json);
    json = marked(text, repeats, 1, 2);
    assert_string_equal(json, "[{\"first\":0,\"text\":\"sa\"},{\"cut\":2998}]");
    free(json);
}

static void test_marked__failing_memory_is_an_error(void **state)
{
    (void)state;
    const ndup_repeat repeats[] = {repeat_of(2, 0, 1)};
    ndup_document document = {.text = {"a a", 3}};
    ndup_flagged flagged = {.document = &document, .repeats = repeats, .repeat_count = 1};
    failing_allocator memory;
    ndup__out out;
    ndup_error error;
    failing_allocator_init(&memory);
    failing_allocator_fail_from(&memory, 1);
    ndup__flag_marks marks = {.allocator = &memory.allocator};
    ndup__out_init(&out, NULL, NULL);
    ndup__folded folded;
    ndup__folded_init(&folded, 0, NULL);
    assert_status(ndup__json_marked(&out, NULL, &marks, &flagged, 100, &folded, &error),
                  NDUP_STATUS_MEMORY, &error);
    ndup__flag_marks_deinit(&marks);
    ndup__out_deinit(&out);
}

TEST_MAIN(cmocka_unit_test(test_marked__shows_both_places),
          cmocka_unit_test(test_marked__of_passages_that_meet_the_first_counts),
          cmocka_unit_test(test_marked__folds_and_cuts),
          cmocka_unit_test(test_marked__failing_memory_is_an_error))
