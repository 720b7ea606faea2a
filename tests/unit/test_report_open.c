/* SPDX-License-Identifier: MIT */
/* Opening outputs, and what they leave behind when something fails. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/failing_allocator.h"
#include "support/fake_result.h"
#include "support/temp_dir.h"

static const char *specify(char specification[400], const char *format, const temp_dir *folder,
                           const char *name)
{
    char path[300];
    snprintf(specification, 400, "%s:%s", format, temp_dir_path(folder, name, path, sizeof path));
    return specification;
}

/* What other libraries write, who may be missing: test_table_files. */
static bool is_foreign(size_t i)
{
    return strcmp(ndup_output_get(i)->name, "parquet") == 0;
}

static void test_output__formats_are_listed(void **state)
{
    (void)state;
    assert_u64_equal(ndup_output_count(), 18);
    for (size_t i = 0; i < ndup_output_count(); i++) {
        assert_true(strlen(ndup_output_get(i)->name) > 2);
        assert_true(strlen(ndup_output_get(i)->summary) > 10);
    }
    assert_null(ndup_output_get(ndup_output_count()));
}

static void assert_invalid(const char *specification, const char *part)
{
    ndup_sink *sink;
    ndup_error error;
    assert_status(ndup_output_open(&sink, specification, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_null(sink);
    assert_non_null(strstr(error.message, part));
    assert_int_equal(ndup_output_open(&sink, specification, NULL, NULL), NDUP_STATUS_INVALID);
}

static void test_output__refuses_wrong_specifications(void **state)
{
    (void)state;
    assert_invalid("nonsense", "FORMAT:PATH");
    assert_invalid("", "FORMAT:PATH");
    assert_invalid("jsonlx:a",
                   "tree jsonl csv parquet ids removed annotated rejected uncompared plan");
    assert_invalid("json:a", "summary");
    assert_invalid("jsonl:", "names no file");
    assert_invalid("jsonl:a.csv", "no CSV form");
    assert_invalid("removed:a.csv.gz", "no CSV form");
    assert_invalid("summary:a.csv", "no CSV form");
    assert_invalid("tree:-", "standard output");
    ndup_output_options options = {.struct_size = 1};
    ndup_sink *sink;
    ndup_error error;
    assert_status(ndup_output_open(&sink, "ids:a", &options, &error), NDUP_STATUS_INVALID, &error);
}

static void test_output__creates_nothing_before_begin(void **state)
{
    (void)state;
    temp_dir folder;
    temp_dir_init(&folder);
    for (size_t i = 0; i < ndup_output_count(); i++) {
        char specification[400];
        ndup_sink *sink;
        ndup_error error;
        specify(specification, ndup_output_get(i)->name, &folder, "x");
        assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
        assert_true(sink->struct_size == sizeof *sink);
        ndup_output_close(sink);
        assert_u64_equal(temp_dir_count(&folder, ""), 0);
    }
    ndup_output_close(NULL);
    temp_dir_deinit(&folder);
}

static void test_output__wants_records_only_where_it_needs_them(void **state)
{
    (void)state;
    static const char *const needing =
        "tree parquet jsonl csv removed annotated rejected html pages sarif sources";
    for (size_t i = 0; i < ndup_output_count(); i++) {
        char specification[100];
        ndup_sink *sink;
        ndup_error error;
        const char *name = ndup_output_get(i)->name;
        snprintf(specification, sizeof specification, "%s:no-such-name", name);
        assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
        assert_int_equal(sink->wants_records, strstr(needing, name) != NULL);
        ndup_output_close(sink);
    }
}

static void test_output__refuses_what_exists_at_open_and_at_commit(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_result result = fake_sample();
    ndup_error error;
    ndup_sink *sink;
    char specification[400];
    temp_dir_init(&folder);
    temp_dir_mkdir(&folder, "dir");
    specify(specification, "ids", &folder, "dir");
    assert_status(ndup_output_open(&sink, specification, NULL, &error), NDUP_STATUS_IO, &error);
    specify(specification, "ids", &folder, "x");
    assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
    assert_ok(sink->begin(sink->context, &result, &error), &error);
    temp_dir_write_text(&folder, "x", "old");
    assert_ok(sink->finish(sink->context, &error), &error);
    assert_status(sink->commit(sink->context, &error), NDUP_STATUS_EXISTS, &error);
    sink->abort(sink->context);
    sink->close(sink->context);
    ndup_output_close(sink);
    assert_u64_equal(temp_dir_count(&folder, ""), 2);
    assert_status(ndup_output_open(&sink, specification, NULL, &error), NDUP_STATUS_EXISTS, &error);
    assert_ok(fake_output(&result, specification, true, NULL, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 2);
    temp_dir_deinit(&folder);
}

static void test_output__never_replaces_an_input(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    ndup_result result = fake_sample();
    char input[300];
    char specification[400];
    const char *inputs[] = {"-", "no such file", input};
    result.inputs = inputs;
    result.input_count = 3;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in/sub/x.jsonl", "{}");
    temp_dir_write_text(&folder, "old.jsonl", "{}");
    temp_dir_path(&folder, "in", input, sizeof input);
    specify(specification, "jsonl", &folder, "in/sub/x.jsonl");
    assert_status(fake_output(&result, specification, true, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    temp_dir_path(&folder, "in/sub/x.jsonl", input, sizeof input);
    assert_status(fake_output(&result, specification, true, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_u64_equal(temp_dir_count(&folder, "in/sub"), 1);
    temp_dir_path(&folder, "in", input, sizeof input);
    specify(specification, "jsonl", &folder, "old.jsonl");
    assert_ok(fake_output(&result, specification, true, NULL, &error), &error);
    temp_dir_deinit(&folder);
}

/* What stands in an input folder must not be read from it the next time. */
static void test_output__never_becomes_an_input(void **state)
{
    (void)state;
    static const struct {
        const char *format, *name;
        bool is_fine;
    } cases[] = {
#if NDUP_HAVE_ZLIB
        {"jsonl", "in/a/b/new.jsonl.gz", false},
#endif
        {"jsonl", "in/new.jsonl", false},
        {"jsonl", "in/a/b/new.jsonl", false},
        {"jsonl", "in/new.kept", true},
        {"ids", "in/ids.txt", false},
        {"ids", "in/ids", true},
        {"plan", "in/plan.jsonl", true},
        {"plan", "in/plan.csv", false},
        {"summary", "in/s.json", true},
        {"summary", "in/s.md", false},
        {"html", "in/r.html", true},
        {"plan", "in/plan.jsonl", true},
        {"jsonl", "beside.jsonl", true}
    };
    temp_dir folder;
    ndup_error error;
    ndup_result result = fake_sample();
    char input[300];
    char specification[400];
    const char *inputs[] = {input};
    result.inputs = inputs;
    result.input_count = 1;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in/x.txt", "x");
    temp_dir_path(&folder, "in", input, sizeof input);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ndup_output_options early = {
            .struct_size = sizeof early, .overwrite = true, .inputs = inputs, .input_count = 1};
        ndup_sink *sink;
        ndup_status expected = cases[i].is_fine ? NDUP_STATUS_OK : NDUP_STATUS_INVALID;
        specify(specification, cases[i].format, &folder, cases[i].name);
        assert_status(ndup_output_open(&sink, specification, &early, &error), expected, &error);
        if (cases[i].is_fine) {
            ndup_output_close(sink);
        }
        assert_status(fake_output(&result, specification, true, NULL, &error), expected, &error);
    }
    temp_dir_deinit(&folder);
}

static void test_output__abort_leaves_nothing(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_result result = fake_sample();
    temp_dir_init(&folder);
    for (size_t i = 0; i < ndup_output_count(); i++) {
        char specification[400];
        ndup_sink *sink;
        ndup_error error;
        if (is_foreign(i)) {
            continue;
        }
        specify(specification, ndup_output_get(i)->name, &folder, "x");
        assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
        sink->abort(sink->context);
        assert_ok(sink->begin(sink->context, &result, &error), &error);
        assert_u64_equal(temp_dir_count(&folder, ""), 1);
        assert_ok(fake_feed(&result, sink, &error), &error);
        sink->abort(sink->context);
        assert_u64_equal(temp_dir_count(&folder, ""), 0);
        ndup_output_close(sink);

        assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
        assert_ok(sink->begin(sink->context, &result, &error), &error);
        assert_ok(fake_feed(&result, sink, &error), &error);
        ndup_output_close(sink);
        assert_u64_equal(temp_dir_count(&folder, ""), 0);
    }
    temp_dir_deinit(&folder);
}

static void test_output__full_disk_is_an_error_that_names_the_file(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    for (size_t i = 0; i < ndup_output_count(); i++) {
        char specification[100];
        ndup_error error;
        if (strstr("tree parquet pages uncompared", ndup_output_get(i)->name) != NULL) {
            continue; /* folders, and what has nothing to write of the sample */
        }
        snprintf(specification, sizeof specification, "%s:/dev/full", ndup_output_get(i)->name);
        assert_status(fake_output(&result, specification, true, NULL, &error), NDUP_STATUS_IO,
                      &error);
        assert_non_null(strstr(error.message, "/dev/full"));
    }
}

static void write_with_failures(const char *format, const char *name, bool from_then_on)
{
    ndup_result result = fake_sample();
    char specification[400];
    for (size_t n = 1;; n++) {
        temp_dir folder;
        failing_allocator memory;
        ndup_error error = {0};
        temp_dir_init(&folder);
        failing_allocator_init(&memory);
        if (from_then_on) {
            failing_allocator_fail_from(&memory, n);
        } else {
            failing_allocator_fail_at(&memory, n);
        }
        specify(specification, format, &folder, name);
        ndup_status status = fake_output(&result, specification, false, &memory.allocator, &error);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        bool has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        assert_u64_equal(temp_dir_count(&folder, ""), has_failed ? 0 : 1);
        temp_dir_deinit(&folder);
        if (!has_failed) {
            return;
        }
    }
}

static void test_output__failing_memory_leaves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ndup_output_count(); i++) {
        if (is_foreign(i)) {
            continue;
        }
        write_with_failures(ndup_output_get(i)->name, "x", false);
        write_with_failures(ndup_output_get(i)->name, "x", true);
        if (NDUP_HAVE_ZLIB) {
            write_with_failures(ndup_output_get(i)->name, "x.gz", false);
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_output__formats_are_listed),
          cmocka_unit_test(test_output__refuses_wrong_specifications),
          cmocka_unit_test(test_output__creates_nothing_before_begin),
          cmocka_unit_test(test_output__wants_records_only_where_it_needs_them),
          cmocka_unit_test(test_output__refuses_what_exists_at_open_and_at_commit),
          cmocka_unit_test(test_output__never_replaces_an_input),
          cmocka_unit_test(test_output__never_becomes_an_input),
          cmocka_unit_test(test_output__abort_leaves_nothing),
          cmocka_unit_test(test_output__full_disk_is_an_error_that_names_the_file),
          cmocka_unit_test(test_output__failing_memory_leaves_nothing))
