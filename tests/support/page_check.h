/* SPDX-License-Identifier: MIT */
/* What is read from a page, as text that a test can compare. */
#ifndef TEST_SUPPORT_PAGE_CHECK_H
#define TEST_SUPPORT_PAGE_CHECK_H

#include "html/html.h"
#include "neardup/allocator.h"

/* Skips the running test in builds that cannot read web pages. */
void test_needs_html(void);

/* The units of the page are these: a line "kind: text" each, with a line end or a tab inside
 * written as \n and \t. The page's text is the units joined by empty lines. `bytes` is
 * zero-terminated, in UTF-8. */
void assert_page(const char *bytes, const char *expected);

/* Reads a page into `page`; everything is freed by page_check_end. */
typedef struct page_check {
    ndup__html *html;
    ndup__arena arena;
    ndup__html_page page;
} page_check;
void page_check_begin(page_check *check, const char *bytes, size_t length,
                      const ndup__html_hints *hints);
void page_check_end(page_check *check);

/* A text of the page is this. */
void assert_text(ndup_text text, const char *expected);

#endif
