/* SPDX-License-Identifier: MIT */
/* Texts of every shape, split into units. */
#include "text/paragraph.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

/* The units, each in brackets behind a letter for its kind, line ends as slashes. */
static void show(char *out, size_t room, const ndup__paragraphs *paragraphs, const char *text)
{
    out[0] = '\0';
    for (size_t i = 0; i < paragraphs->count; i++) {
        const ndup_unit *unit = &paragraphs->units[i];
        size_t used = strlen(out);
        snprintf(out + used, room - used, "%c[%.*s]", "phclqxt"[unit->kind], (int)unit -> length,
                 text + unit -> offset);
    }
    for (char *c = out; *c != '\0'; c++) {
        *c = *c == '\n' ? '/' : *c;
    }
}

static void assert_split(const char *text, bool markdown, const char *expected)
{
    char shown[2000];
    ndup_error error = {0};
    ndup__paragraphs paragraphs = {.allocator = NULL};
    assert_ok(ndup__paragraphs_split(&paragraphs, text, strlen(text), markdown, &error), &error);
    show(shown, sizeof shown, &paragraphs, text);
    assert_string_equal(shown, expected);
    ndup__paragraphs_deinit(&paragraphs);
}

static void test_paragraph__nothing_has_no_units(void **state)
{
    (void)state;
    assert_split("", false, "");
    assert_split(" \n\n\t\r\n", false, "");
}

static void test_paragraph__blank_lines_part_units(void **state)
{
    (void)state;
    assert_split("One.\n\nTwo.\r\n\r\n  \nThree.", false, "p[One.]p[Two.]p[Three.]");
}

static void test_paragraph__without_blank_lines_each_line_is_one(void **state)
{
    (void)state;
    assert_split("One.\n  Two. \nThree.\n", false, "p[One.]p[Two.]p[Three.]");
}

/* The shape of the article that doubles its caption: long lines show that nobody wraps. */
static void test_paragraph__lines_of_a_text_that_is_not_wrapped_are_units(void **state)
{
    (void)state;
    assert_split(
        "A caption of some words here\nA caption of some words here\n\n"
        "This is a paragraph that stands on one line however long it grows, as a browser "
        "or an editor gives it out, and so it tells that a line end means something.\n",
        false,
        "h[A caption of some words here]p[A caption of some words here]"
        "p[This is a paragraph that stands on one line however long it grows, as a browser "
        "or an editor gives it out, and so it tells that a line end means something.]");
}

static void test_paragraph__wrapped_lines_stay_together(void **state)
{
    (void)state;
    assert_split(
        "the barge was towed to the timber quay an hour\nlater, when the tide had begun "
        "to turn and the\npilots were on board of her.\n\n"
        "a crew of divers went down to see how far all\nthe cracks reached into the stones "
        "of the pier\nand its footing.\n",
        false,
        "p[the barge was towed to the timber quay an hour/later, when the tide had begun "
        "to turn and the/pilots were on board of her.]"
        "p[a crew of divers went down to see how far all/the cracks reached into the stones "
        "of the pier/and its footing.]");
}

static void test_paragraph__wrapped_lines_with_nothing_between_them_are_units(void **state)
{
    (void)state;
    assert_split(
        "the barge was towed to the timber quay an hour\nlater, when the tide had begun "
        "to turn and the\npilots were on board of her, as the office of\nthe harbour said "
        "in a note to the press.\n",
        false,
        "h[the barge was towed to the timber quay an hour]p[later, when the tide had begun "
        "to turn and the]p[pilots were on board of her, as the office of]p[the harbour said "
        "in a note to the press.]");
}

#define FULL "The harbour bridge was closed on Tuesday evening after a barge drifted in"

static void test_paragraph__items_of_wrapped_text_hang(void **state)
{
    (void)state;
    assert_split(
        "- " FULL
        "\n  hanging second line of the item which is long enough to be wrapped again\n" FULL
        "\n- a second item\n" FULL "\n",
        false,
        "l[- " FULL
        "/  hanging second line of the item which is long enough to be wrapped again/" FULL
        "]l[- a second item/" FULL "]");
}

static void test_paragraph__tildes_and_bullets(void **state)
{
    (void)state;
    assert_split("~~~\ncode\n\nmore\n~~~\nText behind.\n", true, "x[code//more]p[Text behind.]");
    assert_split("~~~\ncode\n~~~\nText behind.\n", false, "p[~~~]p[code]p[~~~]p[Text behind.]");
    assert_split("``\nno fence\n``\n", true, "p[``]p[no fence]p[``]");
    assert_split("\xE2\x80\xA2 one\n\xE2\x80\xA2 two\n", false,
                 "l[\xE2\x80\xA2 one]l[\xE2\x80\xA2 two]");
    assert_split("\xE2\x80\xA2\n", false, "p[\xE2\x80\xA2]");
    assert_split("\xE2\x80\xA3 no bullet\n", false, "p[\xE2\x80\xA3 no bullet]");
}

static void test_paragraph__an_indent_begins_a_unit_of_wrapped_text(void **state)
{
    (void)state;
    assert_split(
        "   the barge was towed to the timber quay an\nhour later, when the tide had begun "
        "to turn and\nthe pilots were on board of her.\n"
        "   a crew of divers went down to see how far all\nthe cracks reached into the "
        "stones of the pier.\n",
        false,
        "p[the barge was towed to the timber quay an/hour later, when the tide had begun "
        "to turn and/the pilots were on board of her.]"
        "p[a crew of divers went down to see how far all/the cracks reached into the "
        "stones of the pier.]");
}

static void test_paragraph__verse_is_split_in_lines(void **state)
{
    (void)state;
    assert_split("The ferry bell rings once for rain\nAnd twice when herring run\n"
                 "Three times it calls the pilots in\nAnd then the day is done\n",
                 false,
                 "h[The ferry bell rings once for rain]p[And twice when herring run]"
                 "p[Three times it calls the pilots in]p[And then the day is done]");
}

static void test_paragraph__list_items_and_quotes_are_told(void **state)
{
    (void)state;
    assert_split("- apples\n* pears\n12. plums\n3) figs\n> said before\n-dash\n1.5 litres\n", false,
                 "l[- apples]l[* pears]l[12. plums]l[3) figs]q[> said before]p[-dash]"
                 "p[1.5 litres]");
    assert_split("a\tb\n", false, "t[a\tb]");
}

static void test_paragraph__markdown_has_headings_fences_and_tables(void **state)
{
    (void)state;
    assert_split("# Title\n\n```\ncode one\n\ncode two\n```\n\n| a | b |\n|---|---|\n\ntext\n",
                 true, "h[# Title]x[code one//code two]t[| a | b |]t[|---|---|]p[text]");
    assert_split("```\nnever closed\n", true, "x[never closed]");
    assert_split("# not Markdown\n", false, "p[# not Markdown]");
}

static void test_paragraph__the_headline_stands_before_the_text(void **state)
{
    (void)state;
    assert_split("Skip to content\n\nFour words of headline\n\nAnother line of words\n", false,
                 "p[Skip to content]h[Four words of headline]p[Another line of words]");
    assert_split("This ends like a sentence.\n", false, "p[This ends like a sentence.]");
}

/* Whatever the bytes: units are in order, apart, trimmed, and hold all that is no space. */
static void test_paragraph__any_bytes_are_covered(void **state)
{
    static const char alphabet[] = "ab C-*#>|.1`\t\n\n \r\xC3\xA4\xE4\xB8\xAD\xFF";
    test_random random;
    ndup__paragraphs paragraphs = {.allocator = NULL};
    (void)state;
    test_random_init(&random, 5);
    for (int round = 0; round < 2000; round++) {
        char text[200];
        size_t length = (size_t)test_random_below(&random, sizeof text);
        for (size_t i = 0; i < length; i++) {
            text[i] = alphabet[test_random_below(&random, sizeof alphabet - 1)];
        }
        bool markdown = round % 2 == 0;
        assert_ok(ndup__paragraphs_split(&paragraphs, text, length, markdown, NULL), NULL);
        size_t covered = 0;
        size_t end = 0;
        for (size_t i = 0; i < paragraphs.count; i++) {
            const ndup_unit *unit = &paragraphs.units[i];
            assert_true(unit->length > 0 && unit->offset >= end);
            end = unit->offset + unit->length;
            assert_true(end <= length);
            assert_null(strchr(" \t\r\n", text[unit->offset]));
            assert_null(strchr(" \t\r\n", text[end - 1]));
            covered += unit->length;
        }
        for (size_t i = 0; i < length && !markdown; i++) {
            bool inside = false;
            for (size_t k = 0; k < paragraphs.count; k++) {
                inside |= i >= paragraphs.units[k].offset &&
                          i < paragraphs.units[k].offset + paragraphs.units[k].length;
            }
            assert_true(inside || strchr(" \t\r\n", text[i]) != NULL);
        }
        assert_true(covered <= length);
    }
    ndup__paragraphs_deinit(&paragraphs);
}

static void test_paragraph__memory_that_gives_out_is_told(void **state)
{
    (void)state;
    for (size_t nth = 1; nth <= 2; nth++) {
        failing_allocator memory;
        ndup_error error = {0};
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, nth);
        ndup__paragraphs paragraphs = {.allocator = &memory.allocator};
        assert_status(ndup__paragraphs_split(&paragraphs, "a\n\nb", 4, false, &error),
                      NDUP_STATUS_MEMORY, &error);
        ndup__paragraphs_deinit(&paragraphs);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
    }
}

TEST_MAIN(cmocka_unit_test(test_paragraph__items_of_wrapped_text_hang),
          cmocka_unit_test(test_paragraph__tildes_and_bullets),
          cmocka_unit_test(test_paragraph__nothing_has_no_units),
          cmocka_unit_test(test_paragraph__blank_lines_part_units),
          cmocka_unit_test(test_paragraph__without_blank_lines_each_line_is_one),
          cmocka_unit_test(test_paragraph__lines_of_a_text_that_is_not_wrapped_are_units),
          cmocka_unit_test(test_paragraph__wrapped_lines_stay_together),
          cmocka_unit_test(test_paragraph__wrapped_lines_with_nothing_between_them_are_units),
          cmocka_unit_test(test_paragraph__an_indent_begins_a_unit_of_wrapped_text),
          cmocka_unit_test(test_paragraph__verse_is_split_in_lines),
          cmocka_unit_test(test_paragraph__list_items_and_quotes_are_told),
          cmocka_unit_test(test_paragraph__markdown_has_headings_fences_and_tables),
          cmocka_unit_test(test_paragraph__the_headline_stands_before_the_text),
          cmocka_unit_test(test_paragraph__any_bytes_are_covered),
          cmocka_unit_test(test_paragraph__memory_that_gives_out_is_told))
