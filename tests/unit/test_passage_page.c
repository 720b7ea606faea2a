/* SPDX-License-Identifier: MIT */
/* The page of passages: who had each first, its wordings, what stands around it, and that texts
 * cannot leave its data. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup/passage.h"
#include "support/temp_dir.h"

enum { PATH_BYTES = 400 };

#define DATA_START "<script type=\"application/json\" id=\"data\">"
#define DATA_END "</script>"
#define RELEASE                                                                      \
    "the harbour master said that the new ferry will sail from the second of March " \
    "and that the old one stays as a spare until the end of May"
#define EDITED                                                                      \
    "the harbour master said that the new ferry will sail from the ninth of March " \
    "and that the old one stays as a spare until the end of May"
#define MORE " with a crew of nine, two cooks and a pilot who knows the sandbanks by their names"

/* Runs over JSON lines and writes the output into the folder. */
static void write_output(const temp_dir *folder, const char *records, const char *output)
{
    char path[PATH_BYTES];
    char out[PATH_BYTES];
    char specification[PATH_BYTES + 20];
    const char *input = temp_dir_path(folder, "in.jsonl", path, sizeof path);
    const char *name = strchr(output, ':') + 1;
    ndup_passage_options options;
    ndup_passage_summary summary;
    ndup_passage_sink *sink;
    ndup_corpus *corpus;
    ndup_error error;
    temp_dir_write_text(folder, "in.jsonl", records);
    snprintf(specification, sizeof specification, "%.*s%s", (int)(name - output), output,
             temp_dir_path(folder, name, out, sizeof out));
    ndup_passage_options_init(&options);
    options.threads = 1;
    assert_ok(ndup_passage_output_open(&sink, specification, NULL, &error), &error);
    assert_ok(ndup_corpus_open(&corpus, &input, 1, NULL, NULL, &error), &error);
    assert_ok(ndup_passages(&summary, corpus, &options, &sink, 1, NULL, &error), &error);
    ndup_corpus_close(corpus);
    ndup_passage_output_close(sink);
}

/* The JSON of a page; free() it. */
static char *data_of(const temp_dir *folder, const char *name)
{
    char *bytes = temp_dir_read(folder, name, NULL);
    char *start = strstr(bytes, DATA_START);
    assert_non_null(start);
    start += strlen(DATA_START);
    char *end = strstr(start, DATA_END);
    assert_non_null(end);
    *end = '\0';
    memmove(bytes, start, (size_t)(end - start) + 1);
    return bytes;
}

static char *page_of(const char *records)
{
    temp_dir folder;
    temp_dir_init(&folder);
    write_output(&folder, records, "html:page.html");
    char *data = data_of(&folder, "page.html");
    temp_dir_deinit(&folder);
    return data;
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        count++;
    }
    return count;
}

static void test_passage_page__says_who_had_it_first(void **state)
{
    (void)state;
    char *data = page_of(
        "{\"id\":\"x\",\"source\":\"Post\",\"date\":\"2020-03-04\",\"text\":\"" RELEASE "\"}\n"
        "{\"id\":\"y\",\"source\":\"Wire\",\"date\":\"2020-03-01\",\"text\":\"" RELEASE "\"}\n"
        "{\"id\":\"z\",\"source\":\"Blog\",\"text\":\"" RELEASE "\"}\n");
    assert_non_null(strstr(data, "\"documents\":3,\"pairs\":3,\"place_count\":3,\"source_count\":3,"
                                 "\"dated\":2,\"earliest\":1,\"places\":[{\"number\":1,"
                                 "\"id\":\"y\",\"source\":\"Wire\",\"date\":\"2020-03-01\","
                                 "\"time\":1583020800,"));
    assert_non_null(strstr(data, "\"with_first\":1,\"undated\":0,\"between\":1,"));
    assert_non_null(strstr(data, "{\"name\":\"Wire\",\"passages\":1,\"first\":1}"));
    assert_non_null(strstr(data, "{\"name\":\"Post\",\"passages\":1,\"first\":0}"));
    /* From Wire to Post; what has no date is not later. */
    assert_non_null(strstr(data, "\"matrix\":[[0,1,0],[0,0,0],[0,0,0]]"));
    /* All three agree: the text is there once. */
    assert_u64_equal(occurrences(data, "\"wording\":0"), 3);
    assert_u64_equal(occurrences(data, "the harbour master"), 1);
    free(data);
}

static void test_passage_page__a_tie_has_no_first(void **state)
{
    (void)state;
    char *data = page_of("{\"id\":\"x\",\"date\":\"2020-03-01\",\"text\":\"" RELEASE "\"}\n"
                         "{\"id\":\"y\",\"date\":\"2020-03-01\",\"text\":\"" RELEASE "\"}\n");
    assert_non_null(strstr(data, "\"dated\":2,\"earliest\":2,"));
    assert_non_null(strstr(data, "\"with_first\":0,\"undated\":0,\"between\":0,"));
    free(data);
    data = page_of("{\"id\":\"x\",\"date\":\"soon\",\"text\":\"" RELEASE "\"}\n"
                   "{\"id\":\"y\",\"text\":\"" RELEASE "\"}\n");
    assert_non_null(strstr(data, "\"dated\":0,\"earliest\":0,"));
    assert_non_null(strstr(data, "\"with_first\":0,\"undated\":1,"));
    assert_null(strstr(data, "\"time\""));
    free(data);
}

static void test_passage_page__marks_what_was_edited_and_shows_what_stands_around(void **state)
{
    (void)state;
    char *data = page_of("{\"id\":\"x\",\"text\":\"Ferries at Ellery. " RELEASE " so they say.\"}\n"
                         "{\"id\":\"y\",\"text\":\"" EDITED "\"}\n");
    assert_non_null(
        strstr(data, "\"before\":\"Ferries at Ellery. \",\"behind\":\" so they say.\""));
    assert_non_null(strstr(data, "\"before\":\"\",\"behind\":\"\""));
    assert_non_null(strstr(data, "\"wording\":1,\"first_text\":[\"the harbour master said that the "
                                 "new ferry will sail from the \",[\"second\"],"));
    assert_non_null(strstr(data, "sail from the \",[\"ninth\"],"));
    assert_null(strstr(data, "_is_cut"));
    free(data);
}

static void test_passage_page__overlapping_places_are_one(void **state)
{
    (void)state;
    /* x has what y has, and the end of it with more, as z has: both places overlap. */
    char *data = page_of("{\"id\":\"x\",\"text\":\"" RELEASE MORE "\"}\n"
                         "{\"id\":\"y\",\"text\":\"" RELEASE " it says here\"}\n"
                         "{\"id\":\"z\",\"text\":\"" RELEASE MORE " it says there\"}\n");
    assert_non_null(strstr(data, "\"documents\":3,\"pairs\":3,\"place_count\":3,"));
    free(data);
}

static void test_passage_page__no_text_leaves_the_data(void **state)
{
    (void)state;
    static const char hostile[] = "</script><script>alert(1)</script><!-- & \\u2028 <img src=x>";
    char records[4000];
    snprintf(records, sizeof records,
             "{\"id\":\"%s1\",\"title\":\"%s\",\"source\":\"%s\",\"url\":\"javascript:%s\","
             "\"date\":\"%s\",\"text\":\"%s " RELEASE " %s one " RELEASE MORE " %s\"}\n"
             "{\"id\":\"%s2\",\"title\":\"%s\",\"source\":\"%s\",\"url\":\"https://e.org/%s\","
             "\"date\":\"%s\",\"text\":\"%s " RELEASE " %s two " RELEASE MORE " %s\"}\n",
             hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile,
             hostile, hostile, hostile, hostile, hostile, hostile, hostile);
    char *data = page_of(records);
    assert_null(strpbrk(data, "<>&"));
    assert_null(strstr(data, "\xE2\x80\xA8"));
    assert_non_null(strstr(data, "\\u003c/script\\u003e\\u003cscript\\u003ealert(1)"));
    assert_null(strstr(data, "\"is_link\":true"));
    free(data);
}

/* Pairs of documents that share a passage of their own, each one word longer than the one before.
 */
static char *many_records(size_t pairs)
{
    size_t capacity = pairs * 3000;
    char *records = malloc(capacity);
    assert_non_null(records);
    size_t length = 0;
    for (size_t i = 0; i < 2 * pairs; i++) {
        length +=
            (size_t)snprintf(records + length, capacity - length, "{\"id\":\"%zu\",\"text\":\"", i);
        for (size_t k = 0; k < 20 + i / 2 % 100; k++) {
            length += (size_t)snprintf(records + length, capacity - length, "w%zux%zu ", i / 2, k);
        }
        length += (size_t)snprintf(records + length, capacity - length, "end%zu\"}\n", i);
    }
    return records;
}

static void test_passage_page__is_bounded_and_pages_have_all(void **state)
{
    (void)state;
    temp_dir folder;
    char *records = many_records(420);
    temp_dir_init(&folder);
    write_output(&folder, records, "html:page.html");
    char *data = data_of(&folder, "page.html");
    assert_non_null(strstr(data, "\"families\":420,"));
    assert_u64_equal(occurrences(data, "\"place_count\":2"), 160);
    assert_true(strlen(data) < 900000);
    free(data);
    write_output(&folder, records, "pages:pages");
    size_t shown = 0;
    for (size_t page = 1; page <= 9; page++) {
        char name[40];
        snprintf(name, sizeof name, "pages/page-%zu.html", page);
        data = data_of(&folder, name);
        shown += occurrences(data, "\"place_count\":2");
        free(data);
    }
    assert_u64_equal(shown, 420);
    assert_u64_equal(temp_dir_count(&folder, "pages"), 10);
    free(records);
    temp_dir_deinit(&folder);
}

static void test_passage_page__of_nothing(void **state)
{
    (void)state;
    char *data = page_of("{\"id\":\"x\",\"text\":\"" RELEASE "\"}\n");
    assert_non_null(strstr(data, "\"by_documents\":[],\"by_tokens\":[],\"source_count\":0,"
                                 "\"sources\":[],\"matrix\":[]}"));
    assert_non_null(strstr(data, "\"families\":[],\"folded\":[]}"));
    free(data);
}

TEST_MAIN(cmocka_unit_test(test_passage_page__says_who_had_it_first),
          cmocka_unit_test(test_passage_page__a_tie_has_no_first),
          cmocka_unit_test(test_passage_page__marks_what_was_edited_and_shows_what_stands_around),
          cmocka_unit_test(test_passage_page__overlapping_places_are_one),
          cmocka_unit_test(test_passage_page__no_text_leaves_the_data),
          cmocka_unit_test(test_passage_page__is_bounded_and_pages_have_all),
          cmocka_unit_test(test_passage_page__of_nothing))
