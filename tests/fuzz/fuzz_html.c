/* SPDX-License-Identifier: MIT */
/* Any bytes as a web page: blocks in order and valid UTF-8, the same from an extractor that was
 * used before. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz_target.h"
#include "html/html.h"
#include "text/utf8.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static void check_utf8(ndup_text text)
{
    uint64_t replaced = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t code_point;
        i += ndup__utf8_read(&code_point, text.bytes + i, text.length - i, &replaced);
    }
    check(replaced == 0);
}

static void check_units(const ndup__html_page *page)
{
    size_t at = 0;
    for (size_t i = 0; i < page->unit_count; i++) {
        const ndup_unit *unit = &page->units[i];
        at += i > 0 ? 2 : 0;
        check(unit->offset == at && unit->length > 0);
        check(ndup_unit_kind_name(unit->kind) != NULL);
        at += unit->length;
    }
    check(at == page->text.length);
}

static void check_same(ndup_text a, ndup_text b)
{
    check(a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ndup__html *used;
    if (!ndup__html_is_available()) {
        return 0;
    }
    ndup__html *fresh;
    ndup__arena arena = {.allocator = NULL};
    ndup__html_page page;
    ndup__html_page again;
    /* The first byte chooses what is known beside the page. */
    unsigned choice = size > 0 ? data[0] : 0;
    ndup__html_hints hints = {.is_utf8 = (choice & 1) != 0};
    if ((choice & 2) != 0) {
        hints.url = (ndup_text){"https://a.example/b", 19};
    }
    hints.is_xhtml = (choice & 8) != 0;
    if ((choice & 4) != 0) {
        hints.content_type = (ndup_text){"text/html; charset=shift_jis", 28};
    }
    const char *bytes = (const char *)data + (size > 0);
    size_t length = size - (size > 0);
    if (used == NULL) {
        check(ndup__html_new(&used, NULL, NULL) == NDUP_STATUS_OK);
    }
    check(ndup__html_new(&fresh, NULL, NULL) == NDUP_STATUS_OK);
    ndup_status status = ndup__html_extract(&page, used, bytes, length, &hints, &arena, NULL);
    check(status == NDUP_STATUS_OK || status == NDUP_STATUS_LIMIT);
    check(ndup__html_extract(&again, fresh, bytes, length, &hints, &arena, NULL) == status);
    if (status == NDUP_STATUS_OK) {
        check_units(&page);
        check_utf8(page.text);
        check_utf8(page.title);
        check_utf8(page.source);
        check_same(page.text, again.text);
        check_same(page.title, again.title);
        check_same(page.url, again.url);
        check_same(page.date, again.date);
    }
    ndup__html_free(fresh);
    ndup__arena_deinit(&arena);
    return 0;
}
