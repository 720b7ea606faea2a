/* SPDX-License-Identifier: MIT */
/* How inputs are read whose names do not tell. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "corpus/reader.h"
#include "neardup/corpus.h"
#include "support/temp_dir.h"
#include "support/test.h"

/* The path in a tree of kept documents of an input that is opened, but not read. */
static void assert_kept_as(const char *input, const char *format, const char *expected)
{
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_corpus *corpus;
    ndup_error error;
    options.format = format;
    assert_ok(ndup_corpus_open(&corpus, &input, 1, &options, NULL, &error), &error);
    assert_u64_equal(ndup__corpus_file_count(corpus), 1);
    assert_true(ndup__corpus_file_has_records(corpus, 0));
    assert_string_equal(ndup__corpus_file_relative(corpus, 0), expected);
    ndup_corpus_close(corpus);
}

static void test_inputs__standard_input_has_the_format_that_was_named(void **state)
{
    (void)state;
    assert_kept_as("-", "jsonl", "-");
    assert_kept_as("-", "csv", "-");
    assert_kept_as("-", "tsv", "-");
    assert_kept_as("-", "warc", "stdin.jsonl");
}

static void test_inputs__pipes_have_it_unless_their_suffix_tells(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    temp_dir_init(&folder);
    assert_int_equal(mkfifo(temp_dir_path(&folder, "pipe", path, sizeof path), 0600), 0);
    assert_kept_as(path, "warc", "pipe.jsonl");
    assert_kept_as(path, "csv", "pipe");
    assert_int_equal(mkfifo(temp_dir_path(&folder, "pipe.jsonl", path, sizeof path), 0600), 0);
    assert_kept_as(path, "csv", "pipe.jsonl");
    temp_dir_deinit(&folder);
}

static void test_inputs__other_formats_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"jsn", "txt", "CSV", ".csv", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *input = "-";
        ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
        ndup_corpus *corpus;
        ndup_error error;
        options.format = wrong[i];
        assert_status(ndup_corpus_open(&corpus, &input, 1, &options, NULL, &error),
                      NDUP_STATUS_INVALID, &error);
        assert_non_null(strstr(error.message, "must be jsonl, csv, tsv, parquet, warc, "));
        assert_null(corpus);
    }
}

TEST_MAIN(cmocka_unit_test(test_inputs__standard_input_has_the_format_that_was_named),
          cmocka_unit_test(test_inputs__pipes_have_it_unless_their_suffix_tells),
          cmocka_unit_test(test_inputs__other_formats_are_refused))
