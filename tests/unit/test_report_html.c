/* SPDX-License-Identifier: MIT */
/* The page of a result made by hand: its counts, and that texts cannot leave its data. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/fake_result.h"
#include "support/temp_dir.h"

#define DATA_START "<script type=\"application/json\" id=\"data\">"
#define DATA_END "</script>"

/* A page, and the JSON in it. free_page() it. */
typedef struct page {
    char *bytes;
    char *data;
    size_t data_length;
} page;

static page written_page(const ndup_result *result)
{
    temp_dir folder;
    char path[300];
    char specification[400];
    ndup_error error;
    page made;
    temp_dir_init(&folder);
    snprintf(specification, sizeof specification, "html:%s",
             temp_dir_path(&folder, "page.html", path, sizeof path));
    assert_ok(fake_output(result, specification, false, NULL, &error), &error);
    made.bytes = temp_dir_read(&folder, "page.html", NULL);
    char *start = strstr(made.bytes, DATA_START);
    assert_non_null(start);
    start += strlen(DATA_START);
    char *end = strstr(start, DATA_END);
    assert_non_null(end);
    made.data_length = (size_t)(end - start);
    made.data = start;
    *end = '\0';
    temp_dir_deinit(&folder);
    return made;
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        count++;
    }
    return count;
}

static void test_html__holds_the_counts_and_the_groups(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    page made = written_page(&result);
    assert_non_null(strstr(made.data, "\"documents\":7"));
    assert_non_null(strstr(made.data, "\"kept\":4,"));
    assert_non_null(strstr(made.data, "\"dropped\":3,"));
    assert_non_null(strstr(made.data, "\"group_count\":2"));
    assert_non_null(strstr(made.data, "\"group_sizes\":[[3,1],[2,1]]"));
    assert_u64_equal(occurrences(made.data, "\"decision\":\"drop\""), 3);
    assert_u64_equal(occurrences(made.data, "\"decision\":\"keep\""), 2);
    assert_non_null(strstr(made.data, "{\"size\":3,\"members\":[{\"number\":0,\"id\":\"a.txt\""));
    free(made.bytes);
}

static void test_html__marks_what_differs(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    page made = written_page(&result);
    assert_non_null(strstr(made.data, "\"survivor_text\":[\"one two three four \",[\"five\"]]"));
    assert_non_null(strstr(made.data, "\"text\":[\"one two three four \",[\"\xC3\xA9\"]]"));
    /* Of the same words, spelt in the same way: what stands behind the last is not marked. */
    assert_non_null(strstr(made.data, "\"text\":[\"lone!\"]"));
    free(made.bytes);
}

static void test_html__counts_sources_and_who_repeats_whom(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    ndup_document documents[FAKE_COUNT];
    memcpy(documents, fake_documents, sizeof documents);
    documents[1].url = (ndup_text)FAKE_TEXT("https://u:p@www.example.org:80/x?y#z");
    documents[3].source = (ndup_text)FAKE_TEXT("a");
    result.documents = documents;
    page made = written_page(&result);
    assert_non_null(strstr(
        made.data, "\"source_count\":3,\"sources\":["
                   "{\"name\":\"a\",\"documents\":2,\"dropped\":1,\"repeated\":2},"
                   "{\"name\":\"\",\"documents\":4,\"dropped\":1,\"repeated\":1},"
                   "{\"name\":\"example.org\",\"documents\":1,\"dropped\":1,\"repeated\":0}]"));
    assert_non_null(strstr(made.data, "\"matrix\":[[1,0,1],[0,1,0],[0,0,0]]"));
    free(made.bytes);
}

static void test_html__no_text_leaves_the_data(void **state)
{
    (void)state;
    static const char hostile[] =
        "</script><script>alert(1)</script><!-- & \xE2\x80\xA8 \xE2\x80\xA9"
        " ]]> \xFF \x01 \" \\ <img src=x onerror=alert(1)>";
    const ndup_text text = {hostile, sizeof hostile - 1};
    ndup_result result = fake_sample();
    ndup_document documents[FAKE_COUNT];
    for (size_t i = 0; i < FAKE_COUNT; i++) {
        documents[i] = fake_documents[i];
        documents[i].id = documents[i].title = documents[i].source = text;
        documents[i].url = documents[i].date = documents[i].text = text;
    }
    const char *const inputs[] = {hostile};
    result.documents = documents;
    result.inputs = inputs;
    result.input_count = 1;
    result.options.keep = "prefer=</script>";
    result.options.preset = "</script>";
    page made = written_page(&result);
    assert_null(strpbrk(made.data, "<>&"));
    assert_null(strstr(made.data, "\xE2\x80\xA8"));
    assert_null(strstr(made.data, "\xE2\x80\xA9"));
    assert_non_null(strstr(made.data, "\\u003c/script\\u003e\\u003cscript\\u003ealert(1)"));
    assert_non_null(strstr(made.data, "\\u0026 \\u2028 \\u2029 ]]\\u003e \xEF\xBF\xBD \\u0001"));
    assert_null(strstr(made.data, "\"is_link\":true"));
    free(made.bytes);
}

static void test_html__links_only_web_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool is_link;
    } cases[] = {{"https://example.org/a", true},
                 {"HTTP://example.org", true},
                 {"javascript:alert(1)", false},
                 {" https://example.org", false},
                 {"https://", false},
                 {"https://a\nb", false},
                 {"data:text/html,x", false},
                 {"//example.org", false},
                 {"file:///etc/passwd", false},
                 {"httpsx://example.org", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ndup_result result = fake_sample();
        ndup_document documents[FAKE_COUNT];
        memcpy(documents, fake_documents, sizeof documents);
        documents[0].url = (ndup_text){cases[i].url, strlen(cases[i].url)};
        result.documents = documents;
        page made = written_page(&result);
        assert_u64_equal(occurrences(made.data, "\"is_link\":true"), cases[i].is_link);
        assert_u64_equal(occurrences(made.data, "\"is_link\":false"), !cases[i].is_link);
        free(made.bytes);
    }
}

static void test_html__asks_for_nothing_from_elsewhere(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    page made = written_page(&result);
    const char *policy =
        strstr(made.bytes, "Content-Security-Policy\" content=\"default-src 'none'");
    assert_non_null(policy);
    assert_null(strstr(made.bytes, "src=\""));
    assert_null(strstr(made.bytes, "@import"));
    assert_null(strstr(made.bytes, "url("));
    assert_null(strstr(made.bytes, "unsafe-inline"));
    free(made.bytes);
}

TEST_MAIN(cmocka_unit_test(test_html__holds_the_counts_and_the_groups),
          cmocka_unit_test(test_html__marks_what_differs),
          cmocka_unit_test(test_html__counts_sources_and_who_repeats_whom),
          cmocka_unit_test(test_html__no_text_leaves_the_data),
          cmocka_unit_test(test_html__links_only_web_addresses),
          cmocka_unit_test(test_html__asks_for_nothing_from_elsewhere))
