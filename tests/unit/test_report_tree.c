/* SPDX-License-Identifier: MIT */
/* tree:DIR: kept files in their folders, or nothing at all. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/fake_result.h"
#include "support/temp_dir.h"

static ndup_status write_tree(const ndup_result *result, const temp_dir *folder, const char *name,
                              bool overwrite, ndup_error *error)
{
    char path[300];
    char specification[400];
    snprintf(specification, sizeof specification, "tree:%s",
             temp_dir_path(folder, name, path, sizeof path));
    return fake_output(result, specification, overwrite, NULL, error);
}

static void assert_file(const temp_dir *folder, const char *name, const char *expected)
{
    char *bytes = temp_dir_read(folder, name, NULL);
    assert_string_equal(bytes, expected);
    free(bytes);
}

static void test_tree__has_the_kept_files_only(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    ndup_result result = fake_sample();
    temp_dir_init(&folder);
    assert_ok(write_tree(&result, &folder, "out/", false, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 1);
    assert_u64_equal(temp_dir_count(&folder, "out"), 3);
    assert_u64_equal(temp_dir_count(&folder, "out/sub"), 2);
    assert_file(&folder, "out/a.txt", "one two three four five");
    assert_file(&folder, "out/g.txt", "g\tg");
    assert_file(&folder, "out/sub/deep/e.md", "lone");
    assert_file(&folder, "out/sub/b.jsonl", "{\"text\":\"other\",\"neardup\":1}\n");
    temp_dir_deinit(&folder);
}

static void test_tree__is_an_empty_folder_when_nothing_is_kept(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    ndup_result result = fake_sample();
    result.summary.documents = 0;
    temp_dir_init(&folder);
    assert_ok(write_tree(&result, &folder, "out", false, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 1);
    assert_u64_equal(temp_dir_count(&folder, "out"), 0);
    temp_dir_deinit(&folder);
}

static void test_tree__makes_the_folders_above_it(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    ndup_result result = fake_sample();
    temp_dir_init(&folder);
    assert_ok(write_tree(&result, &folder, "new/er/out", false, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, "new/er"), 1);
    temp_dir_deinit(&folder);
}

static void test_tree__refuses_a_folder_that_exists(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    ndup_result result = fake_sample();
    temp_dir_init(&folder);
    temp_dir_mkdir(&folder, "out");
    temp_dir_write_text(&folder, "file", "x");
    assert_status(write_tree(&result, &folder, "out", false, &error), NDUP_STATUS_EXISTS, &error);
    assert_status(write_tree(&result, &folder, "file", true, &error), NDUP_STATUS_INVALID, &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 2);
    assert_u64_equal(temp_dir_count(&folder, "out"), 0);
    temp_dir_deinit(&folder);
}

static void test_tree__replaces_files_and_leaves_others(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    ndup_result result = fake_sample();
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "out/a.txt", "old");
    temp_dir_write_text(&folder, "out/sub/other.txt", "mine");
    assert_ok(write_tree(&result, &folder, "out", true, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 1);
    assert_u64_equal(temp_dir_count(&folder, "out"), 3);
    assert_u64_equal(temp_dir_count(&folder, "out/sub"), 3);
    assert_file(&folder, "out/a.txt", "one two three four five");
    assert_file(&folder, "out/sub/other.txt", "mine");
    temp_dir_deinit(&folder);
}

static void test_tree__refuses_a_folder_that_appears_meanwhile(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    ndup_result result = fake_sample();
    char specification[400];
    char path[300];
    ndup_sink *sink;
    temp_dir_init(&folder);
    snprintf(specification, sizeof specification, "tree:%s",
             temp_dir_path(&folder, "out", path, sizeof path));
    assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 0);
    assert_ok(sink->begin(sink->context, &result, &error), &error);
    temp_dir_mkdir(&folder, "out");
    assert_ok(sink->finish(sink->context, &error), &error);
    assert_status(sink->commit(sink->context, &error), NDUP_STATUS_EXISTS, &error);
    sink->abort(sink->context);
    ndup_output_close(sink);
    assert_u64_equal(temp_dir_count(&folder, ""), 1);
    assert_u64_equal(temp_dir_count(&folder, "out"), 0);
    temp_dir_deinit(&folder);
}

/* Writes one kept document with this path and expects a refusal that leaves nothing. */
static void assert_refused(const char *relative, ndup_text record)
{
    temp_dir folder;
    ndup_error error;
    ndup_document document = {.id = FAKE_TEXT("x"), .record = record, .relative = relative};
    ndup_verdict verdict = {.kept = true};
    ndup_result result = fake_sample();
    result.summary.documents = 1;
    result.documents = &document;
    result.verdicts = &verdict;
    temp_dir_init(&folder);
    assert_status(write_tree(&result, &folder, "out", false, &error), NDUP_STATUS_INVALID, &error);
    assert_non_null(strstr(error.message, "document 0"));
    assert_u64_equal(temp_dir_count(&folder, ""), 0);
    temp_dir_deinit(&folder);
}

static void test_tree__refuses_paths_that_lead_out_of_it(void **state)
{
    (void)state;
    static const char *const paths[] = {"../x",   "/etc/x", "a/../../x", "a/..", "..", ".",
                                        "a//b.x", "a/",     "a/./b",     "",     NULL};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_refused(paths[i], (ndup_text){NULL, 0});
        assert_refused(paths[i], (ndup_text)FAKE_TEXT("{}"));
    }
}

static ndup_status write_two(const temp_dir *folder, const ndup_document *documents,
                             ndup_error *error)
{
    static const ndup_verdict verdicts[] = {{.kept = true}, {.kept = true}};
    ndup_result result = fake_sample();
    result.summary.documents = 2;
    result.documents = documents;
    result.verdicts = verdicts;
    return write_tree(&result, folder, "out", false, error);
}

static void test_tree__refuses_one_path_for_two_files(void **state)
{
    (void)state;
    static const ndup_document cases[][2] = {
        {{.relative = "a/x.txt", .text = FAKE_TEXT("1")},
         {.relative = "a/x.txt", .text = FAKE_TEXT("2")}},
        {{.path = "p", .relative = "x.jsonl", .record = FAKE_TEXT("{}")},
         {.path = "q", .relative = "x.jsonl", .record = FAKE_TEXT("{}")}},
        {{.relative = "x", .text = FAKE_TEXT("1")}, {.relative = "x/y", .text = FAKE_TEXT("2")}},
        {{.relative = "x/y", .text = FAKE_TEXT("1")}, {.relative = "x", .text = FAKE_TEXT("2")}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        temp_dir folder;
        ndup_error error;
        temp_dir_init(&folder);
        assert_status(write_two(&folder, cases[i], &error), NDUP_STATUS_EXISTS, &error);
        assert_non_null(strstr(error.message, "two inputs hold"));
        assert_u64_equal(temp_dir_count(&folder, ""), 0);
        temp_dir_deinit(&folder);
    }
}

static void test_tree__names_the_records_of_standard_input(void **state)
{
    (void)state;
    static const ndup_document documents[] = {
        {.path = "-", .relative = "-", .record = FAKE_TEXT("{\"a\":1}")},
        {.path = "-", .relative = "-", .record = FAKE_TEXT("{\"a\":2}")}};
    temp_dir folder;
    ndup_error error;
    temp_dir_init(&folder);
    assert_ok(write_two(&folder, documents, &error), &error);
    assert_file(&folder, "out/stdin.jsonl", "{\"a\":1}\n{\"a\":2}\n");
    temp_dir_deinit(&folder);
}

static void test_tree__refuses_folders_that_hold_inputs(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    ndup_result result = fake_sample();
    char input[300];
    const char *inputs[] = {input};
    static const char *const places[] = {"in", "in/sub", "in/new/er", "out"};
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in/sub/x.txt", "x");
    temp_dir_mkdir(&folder, "out");
    temp_dir_path(&folder, "in", input, sizeof input);
    result.inputs = inputs;
    result.input_count = 1;
    for (size_t i = 0; i < 2; i++) {
        assert_status(write_tree(&result, &folder, places[i], true, &error), NDUP_STATUS_INVALID,
                      &error);
        assert_non_null(strstr(error.message, "inputs are never changed"));
    }
    assert_status(write_tree(&result, &folder, places[2], true, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_non_null(strstr(error.message, "in the input folder"));
    assert_ok(write_tree(&result, &folder, places[3], true, &error), &error);
    temp_dir_path(&folder, "in/sub/x.txt", input, sizeof input);
    assert_status(write_tree(&result, &folder, "in", true, &error), NDUP_STATUS_INVALID, &error);
    assert_file(&folder, "in/sub/x.txt", "x");
    temp_dir_deinit(&folder);
}

/* A folder that cannot be written to: everything made on the way is taken away again. */
static void test_tree__leaves_nothing_when_a_file_cannot_be_made(void **state)
{
    (void)state;
    char name[300];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    ndup_document documents[] = {{.relative = "a/b/c.txt", .text = FAKE_TEXT("1")},
                                 {.relative = name, .text = FAKE_TEXT("2")}};
    temp_dir folder;
    ndup_error error;
    temp_dir_init(&folder);
    assert_status(write_two(&folder, documents, &error), NDUP_STATUS_IO, &error);
    documents[1].record = (ndup_text)FAKE_TEXT("{}");
    assert_status(write_two(&folder, documents, &error), NDUP_STATUS_IO, &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 0);
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_tree__has_the_kept_files_only),
          cmocka_unit_test(test_tree__is_an_empty_folder_when_nothing_is_kept),
          cmocka_unit_test(test_tree__makes_the_folders_above_it),
          cmocka_unit_test(test_tree__refuses_a_folder_that_exists),
          cmocka_unit_test(test_tree__replaces_files_and_leaves_others),
          cmocka_unit_test(test_tree__refuses_a_folder_that_appears_meanwhile),
          cmocka_unit_test(test_tree__refuses_paths_that_lead_out_of_it),
          cmocka_unit_test(test_tree__refuses_one_path_for_two_files),
          cmocka_unit_test(test_tree__names_the_records_of_standard_input),
          cmocka_unit_test(test_tree__refuses_folders_that_hold_inputs),
          cmocka_unit_test(test_tree__leaves_nothing_when_a_file_cannot_be_made))
