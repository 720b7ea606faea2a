/* SPDX-License-Identifier: MIT */
/* Web pages as documents of a corpus: files and records, read in order and fetched again. */
#include "corpus/page.h"

#include <stdlib.h>
#include <string.h>

#include "support/page_check.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { DOCUMENTS_MOST = 8 };

/* What a scan showed of one document. */
typedef struct seen_page {
    ndup__place place;
    uint64_t length;
    char *text;
    char *original;
    size_t unit_count;
    char title[40], url[40], source[40], date[40], language[40];
} seen_page;

typedef struct sights {
    seen_page items[DOCUMENTS_MOST];
    size_t count;
} sights;

static char *copy_text(ndup_text text)
{
    char *copy = calloc(text.length + 1, 1);
    assert_non_null(copy);
    if (text.length > 0) {
        memcpy(copy, text.bytes, text.length);
    }
    return copy;
}

static void copy_part(char part[40], ndup_text text)
{
    assert_true(text.length < 40);
    memset(part, 0, 40);
    if (text.length > 0) {
        memcpy(part, text.bytes, text.length);
    }
}

static ndup_status see(void *context, const ndup__item *item, ndup_error *error)
{
    (void)error;
    sights *seen = context;
    assert_true(seen->count < DOCUMENTS_MOST);
    seen_page *page = &seen->items[seen->count++];
    const ndup_document *document = &item->document;
    *page = (seen_page){.place = item->place,
                        .length = document->length,
                        .text = copy_text(document->text),
                        .original = copy_text(document->original),
                        .unit_count = document->unit_count};
    copy_part(page->title, document->title);
    copy_part(page->url, document->url);
    copy_part(page->source, document->source);
    copy_part(page->date, document->date);
    copy_part(page->language, document->language);
    return NDUP_STATUS_OK;
}

static void scan_all(sights *seen, ndup_corpus *corpus, bool keeps)
{
    ndup__block block;
    ndup__visitor visitor = {.context = seen, .keeps = keeps, .visit = see};
    ndup_error error;
    bool more = true;
    ndup__block_init(&block, NULL);
    assert_ok(ndup__corpus_rewind(corpus, &error), &error);
    while (more) {
        assert_ok(ndup__corpus_take(corpus, &block, &more, &error), &error);
        if (more) {
            assert_ok(ndup__corpus_scan(corpus, &block, &visitor, &error), &error);
            assert_u64_equal(block.note_count, 0);
        }
    }
    ndup__block_deinit(&block);
}

/* Every document, fetched by its place, is what the scan showed. */
static void fetch_all(const sights *seen, const ndup_corpus *corpus)
{
    ndup__block block;
    ndup_error error;
    ndup__block_init(&block, NULL);
    for (size_t i = seen->count; i-- > 0;) {
        const seen_page *page = &seen->items[i];
        ndup__item item;
        assert_ok(
            ndup__corpus_fetch(corpus, page->place, (uint32_t)page->length, &block, &item, &error),
            &error);
        assert_text(item.document.text, page->text);
        assert_text(item.document.original, page->original);
        assert_text(item.document.title, page->title);
        assert_u64_equal(item.document.unit_count, page->unit_count);
    }
    ndup__block_deinit(&block);
}

static void free_sights(sights *seen)
{
    for (size_t i = 0; i < seen->count; i++) {
        free(seen->items[i].text);
        free(seen->items[i].original);
    }
}

/* Reads the folder's input twice and everything by place; the sights are those of the first time.
 */
static void read_corpus(sights *seen, const temp_dir *folder, const char *name,
                        const ndup_corpus_options *options)
{
    char path[512];
    const char *input = temp_dir_path(folder, name, path, sizeof path);
    ndup_corpus *corpus;
    ndup_error error;
    assert_ok(ndup_corpus_open(&corpus, &input, 1, options, NULL, &error), &error);
    *seen = (sights){.count = 0};
    sights again = {.count = 0};
    scan_all(seen, corpus, false);
    scan_all(&again, corpus, true);
    assert_u64_equal(again.count, seen->count);
    for (size_t i = 0; i < seen->count; i++) {
        assert_string_equal(again.items[i].text, seen->items[i].text);
        assert_string_equal(again.items[i].original, seen->items[i].original);
    }
    fetch_all(seen, corpus);
    free_sights(&again);
    ndup_corpus_close(corpus);
}

static void test_page__files_are_documents(void **state)
{
    (void)state;
    test_needs_html();
    temp_dir folder;
    sights seen;
    static const char page[] = "<html lang=fr><title>T</title><link rel=canonical "
                               "href=https://a.example/1><time datetime=2026-05-31></time>"
                               "<h1>a</h1><p>b &amp; c";
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in/site/a.html", page);
    temp_dir_write_text(&folder, "in/site/b.XHTML", "<p>caf\xE9");
    temp_dir_write_text(&folder, "in/c.htm", "");
    temp_dir_write_text(&folder, "in/d.txt", "<p>not a page");
    read_corpus(&seen, &folder, "in", NULL);
    assert_u64_equal(seen.count, 4);
    assert_string_equal(seen.items[0].text, "");
    assert_string_equal(seen.items[1].text, "<p>not a page");
    assert_string_equal(seen.items[1].original, "");
    assert_u64_equal(seen.items[1].unit_count, 0);
    assert_string_equal(seen.items[2].text, "a\n\nb & c");
    assert_string_equal(seen.items[2].original, page);
    assert_u64_equal(seen.items[2].length, strlen(page));
    assert_u64_equal(seen.items[2].unit_count, 2);
    assert_string_equal(seen.items[2].title, "T");
    assert_string_equal(seen.items[2].url, "https://a.example/1");
    assert_string_equal(seen.items[2].source, "a.example");
    assert_string_equal(seen.items[2].date, "2026-05-31");
    assert_string_equal(seen.items[2].language, "fr");
    assert_string_equal(seen.items[3].text, "caf\xC3\xA9");
    assert_string_equal(seen.items[3].source, "site");
    free_sights(&seen);
    temp_dir_deinit(&folder);
}

static void test_page__records_hold_pages(void **state)
{
    (void)state;
    test_needs_html();
    temp_dir folder;
    sights seen;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "r.jsonl",
                        "{\"url\":\"https://a.example/x\",\"page\":\"<meta charset=big5><title>T"
                        "<\\/title><link rel=canonical href=\\/y><p>caf\\u00e9\"}\n"
                        "{\"title\":\"mine\",\"page\":\"<title>T<\\/title>\",\"date\":\"2020\"}\n");
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.html_field = "page";
    read_corpus(&seen, &folder, "r.jsonl", &options);
    assert_u64_equal(seen.count, 2);
    assert_string_equal(seen.items[0].text, "caf\xC3\xA9");
    assert_string_equal(seen.items[0].title, "T");
    /* What the record says of itself counts. */
    assert_string_equal(seen.items[0].url, "https://a.example/x");
    assert_string_equal(seen.items[0].source, "a.example");
    assert_string_equal(seen.items[0].original, "");
    assert_string_equal(seen.items[1].text, "");
    assert_string_equal(seen.items[1].title, "mine");
    assert_string_equal(seen.items[1].date, "2020");
    free_sights(&seen);
    temp_dir_deinit(&folder);
}

static void test_page__text_and_page_in_one_record_are_refused(void **state)
{
    (void)state;
    temp_dir folder;
    char path[512];
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "r.jsonl", "{\"page\":\"a\"}\n");
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.html_field = "page";
    options.text_field = "text";
    const char *input = temp_dir_path(&folder, "r.jsonl", path, sizeof path);
    ndup_corpus *corpus;
    ndup_error error;
    assert_status(ndup_corpus_open(&corpus, &input, 1, &options, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_page__files_are_documents),
          cmocka_unit_test(test_page__records_hold_pages),
          cmocka_unit_test(test_page__text_and_page_in_one_record_are_refused))
