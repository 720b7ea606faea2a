/* SPDX-License-Identifier: MIT */
/* Titles beside the numbers of their documents. */
#include "dedup/titles.h"

#include <string.h>

#include "report/out.h"
#include "support/test.h"

static void add(ndup__titles *titles, const char *title)
{
    ndup_error error = {0};
    assert_ok(ndup__titles_add(titles, ndup__text_of(title), &error), &error);
}

static void assert_title(const ndup__titles *titles, size_t document, const char *expected)
{
    ndup_text title = ndup__titles_get(titles, document);
    assert_int_equal(title.length, strlen(expected));
    if (title.length > 0) {
        assert_memory_equal(title.bytes, expected, title.length);
    }
}

static void test_titles__documents_without_one_are_between(void **state)
{
    (void)state;
    static const char *const given[] = {"", "", "one", "two", "", "three", "", ""};
    ndup__titles titles = {.allocator = NULL};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        add(&titles, given[i]);
    }
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        assert_title(&titles, i, given[i]);
    }
    assert_title(&titles, 100, "");
    ndup__titles_deinit(&titles);
}

static void test_titles__none_take_no_memory(void **state)
{
    (void)state;
    ndup__titles titles = {.allocator = NULL};
    for (int i = 0; i < 1000; i++) {
        add(&titles, "");
    }
    assert_null(titles.ends);
    assert_title(&titles, 999, "");
    ndup__titles_deinit(&titles);
}

static void test_titles__long_ones_are_cut_at_a_character(void **state)
{
    (void)state;
    char title[NDUP__TITLE_BYTES + 10];
    ndup__titles titles = {.allocator = NULL};
    memset(title, 'x', sizeof title - 1);
    title[sizeof title - 1] = '\0';
    memcpy(title + NDUP__TITLE_BYTES - 1, "\xC3\xB6", 2);
    add(&titles, title);
    title[NDUP__TITLE_BYTES - 1] = '\0';
    assert_title(&titles, 0, title);
    ndup__titles_deinit(&titles);
}

TEST_MAIN(cmocka_unit_test(test_titles__documents_without_one_are_between),
          cmocka_unit_test(test_titles__none_take_no_memory),
          cmocka_unit_test(test_titles__long_ones_are_cut_at_a_character))
