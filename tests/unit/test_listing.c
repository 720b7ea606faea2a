/* SPDX-License-Identifier: MIT */
/* Text outputs: groups for people, in lines that have room and steer nothing. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/shown_line.h"
#include "support/fake_result.h"
#include "support/temp_dir.h"

/* What "text:FILE" writes with this layout; free() it. */
static char *listed(const ndup_result *result, ndup_listing listing)
{
    temp_dir folder;
    char path[300];
    char specification[400];
    ndup_sink *sink;
    ndup_error error;
    temp_dir_init(&folder);
    snprintf(specification, sizeof specification, "text:%s",
             temp_dir_path(&folder, "groups", path, sizeof path));
    ndup_output_options options = {.struct_size = sizeof options, .listing = listing};
    assert_ok(ndup_output_open(&sink, specification, &options, &error), &error);
    assert_false(sink->wants_records);
    assert_ok(fake_write(result, sink, &error), &error);
    ndup_output_close(sink);
    char *bytes = temp_dir_read(&folder, "groups", NULL);
    temp_dir_deinit(&folder);
    return bytes;
}

static void assert_listed(const ndup_result *result, ndup_listing listing, const char *expected)
{
    char *bytes = listed(result, listing);
    assert_string_equal(bytes, expected);
    free(bytes);
}

static void test_text__lists_groups_largest_first(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_listed(&result, (ndup_listing){0},
                  "3 documents\n"
                  "  kept              a.txt\n"
                  "  near        0.66  b,\"2\"\\n\n"
                  "  identical   1.00  =1+2\n"
                  "  shared text       two three four\n"
                  "\n"
                  "2 documents\n"
                  "  kept              \"q\"\n"
                  "  normalized  1.00  f\n"
                  "  shared text       lone!\n");
}

static void test_text__lists_as_many_as_are_wanted(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    char *bytes = listed(&result, (ndup_listing){.groups = 1});
    assert_null(strstr(bytes, "2 documents"));
    assert_non_null(strstr(bytes, "3 documents"));
    free(bytes);
    bytes = listed(&result, (ndup_listing){.groups = 9});
    assert_non_null(strstr(bytes, "2 documents"));
    free(bytes);
}

static void test_text__is_empty_without_groups(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    result.summary.documents = 0;
    assert_listed(&result, (ndup_listing){0}, "");
}

static void test_text__has_colours_only_when_asked(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    char *bytes = listed(&result, (ndup_listing){.coloured = true});
    assert_non_null(strstr(bytes, "\033[1m3 documents\033[0m\n"));
    assert_non_null(strstr(bytes, "\033[32m  kept"));
    free(bytes);
    bytes = listed(&result, (ndup_listing){0});
    assert_null(strchr(bytes, '\033'));
    free(bytes);
}

static void test_text__of_a_run_that_drops_all(void **state)
{
    (void)state;
    ndup_verdict verdicts[FAKE_COUNT];
    memcpy(verdicts, fake_verdicts, sizeof verdicts);
    for (size_t i = 0; i < FAKE_COUNT; i++) {
        verdicts[i].kept = false;
    }
    ndup_result result = fake_sample();
    result.verdicts = verdicts;
    char *bytes = listed(&result, (ndup_listing){.groups = 1});
    assert_non_null(strstr(bytes, "  dropped           a.txt\n"));
    free(bytes);
}

static void test_text__counts_the_rest_of_a_long_group(void **state)
{
    (void)state;
    enum { MEMBERS = 12 };
    ndup_verdict verdicts[MEMBERS];
    ndup_document documents[MEMBERS];
    for (size_t i = 0; i < MEMBERS; i++) {
        verdicts[i] = (ndup_verdict){.grouped = true,
                                     .kept = i == 0,
                                     .kind = i == 0 ? NDUP_KIND_NONE : NDUP_KIND_IDENTICAL,
                                     .similarity = 1};
        documents[i] = (ndup_document){.id = {"same", 4}, .text = {"a text", 6}};
    }
    ndup_result result = fake_sample();
    result.verdicts = verdicts;
    result.documents = documents;
    result.summary.documents = MEMBERS;
    char *bytes = listed(&result, (ndup_listing){.groups = 1});
    assert_non_null(strstr(bytes, "12 documents\n"));
    assert_non_null(
        strstr(bytes, "\n                    and 3 more\n  shared text       a text\n"));
    free(bytes);
    bytes = listed(&result, (ndup_listing){0});
    assert_null(strstr(bytes, "more"));
    free(bytes);
}

/* A document is chosen when its turn has come, and only if its text is shown. */
static void test_text__chooses_one_copy_of_each_listed_group(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    char specification[400];
    ndup_sink *sink;
    ndup_error error;
    ndup_result result = fake_sample();
    temp_dir_init(&folder);
    snprintf(specification, sizeof specification, "text:%s",
             temp_dir_path(&folder, "groups", path, sizeof path));
    assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
    assert_ok(sink->begin(sink->context, &result, &error), &error);
    for (uint64_t i = 0; i < FAKE_COUNT; i++) {
        ndup_verdict verdict;
        ndup_document document = fake_documents[i];
        document.number = i;
        ndup_result_verdict(&result, i, &verdict);
        assert_int_equal(sink->chooses(sink->context, i), i == 1 || i == 5);
        assert_ok(sink->document(sink->context, &verdict, &document, &error), &error);
    }
    sink->abort(sink->context);
    ndup_output_close(sink);
    temp_dir_deinit(&folder);
}

/* What is written of a name or of a text; free() it. */
static char *shown(bool is_name, const char *text, size_t columns)
{
    ndup__out out;
    ndup__out_init(&out, NULL, NULL);
    ndup_text whole = {text, strlen(text)};
    if (is_name) {
        ndup__show_name(&out, whole, columns);
    } else {
        ndup__show_beginning(&out, whole, columns, false);
    }
    assert_int_equal(ndup__out_status(&out, NULL), NDUP_STATUS_OK);
    char *copy = calloc(out.held + 1, 1);
    assert_non_null(copy);
    if (out.held > 0) {
        memcpy(copy, out.bytes, out.held);
    }
    ndup__out_deinit(&out);
    return copy;
}

static void assert_shown(bool is_name, const char *text, size_t columns, const char *expected)
{
    char *bytes = shown(is_name, text, columns);
    assert_string_equal(bytes, expected);
    assert_true(ndup__shown_columns((ndup_text){bytes, strlen(bytes)}) <= columns);
    free(bytes);
}

static void test_names__lose_their_middle(void **state)
{
    (void)state;
    assert_shown(true, "folder/name.txt", 15, "folder/name.txt");
    assert_shown(true, "folder/name.txt", 12, "fol...me.txt");
    /* Ideographs take two columns: there is room for one of them in front, for two behind. */
    assert_shown(true, "\xE6\x96\x87\xE5\xAD\x97\xE6\x96\x87\xE5\xAD\x97\xE6\x96\x87\xE5\xAD\x97",
                 10, "\xE6\x96\x87...\xE6\x96\x87\xE5\xAD\x97");
}

static void test_texts__end_with_a_word(void **state)
{
    (void)state;
    assert_shown(false, "  one\n two\tthree ", 13, "one two three");
    assert_shown(false, "one two three", 12, "one two...");
    assert_shown(false, "one two three", 10, "one two...");
    assert_shown(false, "one two three", 9, "one...");
    assert_shown(false, "unbreakable", 8, "unbre...");
    assert_shown(false, "\xE6\x96\x87\xE5\xAD\x97\xE6\x96\x87\xE5\xAD\x97", 7,
                 "\xE6\x96\x87\xE5\xAD\x97...");
    assert_shown(false, "a\x1B[2J b", 20, "a\\x1b[2J b");
    assert_shown(false, " \n ", 20, "");
}

TEST_MAIN(cmocka_unit_test(test_text__lists_groups_largest_first),
          cmocka_unit_test(test_text__lists_as_many_as_are_wanted),
          cmocka_unit_test(test_text__is_empty_without_groups),
          cmocka_unit_test(test_text__has_colours_only_when_asked),
          cmocka_unit_test(test_text__of_a_run_that_drops_all),
          cmocka_unit_test(test_text__counts_the_rest_of_a_long_group),
          cmocka_unit_test(test_text__chooses_one_copy_of_each_listed_group),
          cmocka_unit_test(test_names__lose_their_middle),
          cmocka_unit_test(test_texts__end_with_a_word))
