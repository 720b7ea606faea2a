/* SPDX-License-Identifier: MIT */
/* Both texts of a version with what differs marked, as a page shows them. */
#include "page/change_marks.h"

#include <stdlib.h>
#include <string.h>

#include "page/passages.h"
#include "support/test.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

/* What the page gets of one side, without its outer brackets. */
static void assert_side(const ndup__change_side *side, const char *expected)
{
    ndup__out out;
    ndup__folded folded;
    const ndup__passage_limits limits = {1000, 100};
    ndup__out_init(&out, NULL, NULL);
    ndup__folded_init(&folded, 1000, NULL);
    ndup__json_passages(&out, NULL, &side->marked, 0, limits, &folded);
    assert_u64_equal(out.held, strlen(expected));
    assert_memory_equal(out.bytes, expected, out.held);
    ndup__folded_deinit(&folded);
    ndup__out_deinit(&out);
}

static void assert_marks(const char *of, const char *own, const ndup_change *changes, size_t count,
                         const char *of_marks, const char *own_marks)
{
    ndup__change_marks marks = {.allocator = NULL};
    ndup_document of_document = {.text = text_of(of)};
    ndup_document own_document = {.text = text_of(own)};
    const ndup_text_version version = {
        .document = &own_document, .of = &of_document, .changes = changes, .change_count = count};
    ndup_error error;
    assert_ok(ndup__change_marks_set(&marks, &version, &error), &error);
    assert_side(&marks.of, of_marks);
    assert_side(&marks.own, own_marks);
    /* Once more in the memory that is there. */
    assert_ok(ndup__change_marks_set(&marks, &version, &error), &error);
    assert_side(&marks.own, own_marks);
    ndup__change_marks_deinit(&marks);
}

static void test_change_marks__both_sides(void **state)
{
    (void)state;
    const ndup_change said = {13, 4, 13, 4, 1, 1};
    assert_marks("The minister said yes.", "The minister says yes.", &said, 1,
                 "[\"The minister \",[\"said\"],\" yes.\"]",
                 "[\"The minister \",[\"says\"],\" yes.\"]");
}

static void test_change_marks__what_one_side_has_alone(void **state)
{
    (void)state;
    const ndup_change added = {7, 8, 7, 0, 2, 0};
    assert_marks("Nobody came today", "Nobody of them came today", &added, 1,
                 "[\"Nobody \",\"came today\"]", "[\"Nobody \",[\"of them \"],\"came today\"]");
    const ndup_change ends[] = {{0, 6, 0, 0, 1, 0}, {17, 0, 11, 6, 0, 1}};
    assert_marks("nobody came today", "Today nobody came", ends, 2,
                 "[\"nobody came\",[\" today\"]]", "[[\"Today \"],\"nobody came\"]");
}

static void test_change_marks__empty_texts(void **state)
{
    (void)state;
    const ndup_change all = {0, 10, 0, 0, 3, 0};
    assert_marks("", "All is new", &all, 1, "[]", "[[\"All is new\"]]");
    assert_marks("", "", NULL, 0, "[\"\"]", "[\"\"]");
    assert_marks("same", "same", NULL, 0, "[\"same\"]", "[\"same\"]");
}

/* Changes that overlap in the other text, as where a passage was moved, are marked once. */
static void test_change_marks__overlaps(void **state)
{
    (void)state;
    const ndup_change changes[] = {{0, 3, 4, 3, 1, 1}, {4, 3, 0, 5, 1, 1}};
    assert_marks("one two six", "two one six", changes, 2, "[\"one \",[\"two\"],\" six\"]",
                 "[[\"two\"],\" \",[\"one\"],\" six\"]");
}

TEST_MAIN(cmocka_unit_test(test_change_marks__both_sides),
          cmocka_unit_test(test_change_marks__what_one_side_has_alone),
          cmocka_unit_test(test_change_marks__empty_texts),
          cmocka_unit_test(test_change_marks__overlaps))
