/* SPDX-License-Identifier: MIT */
/* Where lines end, and where they do not. */
#include "text/line_ends.h"

#include <string.h>

#include "support/test.h"

/* Asserts that the lines of the text, joined by '|', are `wanted`. */
static void assert_lines(const char *text, const char *wanted)
{
    size_t length = strlen(text);
    ndup__line_ends ends = ndup__line_ends_of(text, length);
    char joined[200] = "";
    for (size_t begin = 0; begin < length;) {
        size_t next;
        size_t end = ndup__line_ends_find(&next, &ends, text, length, begin);
        assert_true(end >= begin && next > begin && next >= end && next <= length);
        strcat(joined, begin > 0 ? "|" : "");
        strncat(joined, text + begin, end - begin);
        begin = next;
    }
    assert_string_equal(joined, wanted);
}

static void test_line_ends__are_the_mandatory_breaks_of_unicode(void **state)
{
    (void)state;
    assert_lines("a\nb\r\nc\n", "a|b\r|c");
    assert_lines("a\rb\r\rc\r", "a|b||c");
    assert_lines("a\vb\fc", "a|b|c");
    assert_lines("a\xC2\x85"
                 "b\xE2\x80\xA8"
                 "c\xE2\x80\xA9"
                 "d",
                 "a|b|c|d");
    assert_lines("a\xC2\xA0"
                 "b\xE2\x80\x9C"
                 "c",
                 "a\xC2\xA0"
                 "b\xE2\x80\x9C"
                 "c");
    assert_lines("a\xE2\x80", "a\xE2\x80");
    assert_lines("", "");
}

static void test_line_ends__are_breaks_of_markup_that_was_left(void **state)
{
    (void)state;
    assert_lines("a<br>b<BR/>c<br />d", "a|b|c|d");
    assert_lines("a<break>b <b>c</b> < br > <br", "a<break>b <b>c</b> < br > <br");
}

static void test_line_ends__are_escapes_only_without_real_ones(void **state)
{
    (void)state;
    assert_lines("a\\n\\nb", "a||b");
    assert_lines("C:\\new\nb", "C:\\new|b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_ends__are_the_mandatory_breaks_of_unicode),
        cmocka_unit_test(test_line_ends__are_breaks_of_markup_that_was_left),
        cmocka_unit_test(test_line_ends__are_escapes_only_without_real_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
