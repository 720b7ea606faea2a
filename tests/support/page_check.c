/* SPDX-License-Identifier: MIT */
/* Pages as lines of "kind: text". */
#include "support/page_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

void test_needs_html(void)
{
    if (!ndup__html_is_available()) {
        print_message("this build cannot read web pages\n");
        skip();
    }
}

void page_check_begin(page_check *check, const char *bytes, size_t length,
                      const ndup__html_hints *hints)
{
    ndup_error error;
    *check = (page_check){.html = NULL};
    assert_ok(ndup__html_new(&check->html, NULL, &error), &error);
    assert_ok(
        ndup__html_extract(&check->page, check->html, bytes, length, hints, &check->arena, &error),
        &error);
}

void page_check_end(page_check *check)
{
    ndup__html_free(check->html);
    ndup__arena_deinit(&check->arena);
}

void assert_text(ndup_text text, const char *expected)
{
    char *copy = calloc(text.length + 1, 1);
    assert_non_null(copy);
    if (text.length > 0) {
        memcpy(copy, text.bytes, text.length);
    }
    assert_string_equal(copy, expected);
    free(copy);
}

static char *append_unit(char *at, const ndup__html_page *page, const ndup_unit *unit)
{
    at += sprintf(at, "%s: ", ndup_unit_kind_name(unit->kind));
    for (size_t i = 0; i < unit->length; i++) {
        char byte = page->text.bytes[unit->offset + i];
        if (byte == '\n' || byte == '\t') {
            *at++ = '\\';
            byte = byte == '\n' ? 'n' : 't';
        }
        *at++ = byte;
    }
    *at++ = '\n';
    return at;
}

/* Units are in order, not empty, and an empty line apart. */
static void check_layout(const ndup__html_page *page)
{
    size_t at = 0;
    for (size_t i = 0; i < page->unit_count; i++) {
        if (i > 0) {
            assert_memory_equal(page->text.bytes + at, "\n\n", 2);
            at += 2;
        }
        assert_u64_equal(page->units[i].offset, at);
        assert_true(page->units[i].length > 0);
        at += page->units[i].length;
    }
    assert_u64_equal(page->text.length, at);
}

void assert_page(const char *bytes, const char *expected)
{
    page_check check;
    ndup__html_hints hints = {.is_utf8 = true};
    page_check_begin(&check, bytes, strlen(bytes), &hints);
    check_layout(&check.page);
    char *lines = malloc(2 * check.page.text.length + 16 * check.page.unit_count + 1);
    assert_non_null(lines);
    char *at = lines;
    for (size_t i = 0; i < check.page.unit_count; i++) {
        at = append_unit(at, &check.page, &check.page.units[i]);
    }
    *at = '\0';
    assert_string_equal(lines, expected);
    free(lines);
    page_check_end(&check);
}
