/* SPDX-License-Identifier: MIT */
/* A corpus of the paragraphs of another one. */
#include "corpus/units.h"

#include "corpus/reader.h"

#include <stdlib.h>
#include <string.h>

#include "neardup/dedup.h"
#include "neardup/output.h"
#include "support/failing_allocator.h"
#include "support/temp_dir.h"
#include "support/test.h"

static const char records[] =
    "{\"id\":\"a\",\"url\":\"http://a.example/1\",\"title\":\"A \\\"title\\\"\",\"text\":\"First "
    "one.\\n\\nSecond one.\"}\n"
    "{\"id\":\"empty\",\"text\":\"\"}\n"
    "damaged\n"
    "{\"text\":\"No id.\\n\\n- item\"}\n";

static void count_problem(void *context, const ndup_problem *problem)
{
    assert_u64_equal(problem->line, 3);
    (*(unsigned *)context)++;
}

/* The units of the folder as JSON lines; free() them. */
static char *read_units(const temp_dir *folder, unsigned *problems)
{
    char input[400];
    char output[400];
    const char *inputs[] = {temp_dir_path(folder, "in.jsonl", input, sizeof input)};
    ndup_hooks hooks = {.struct_size = sizeof hooks, .context = problems, .problem = count_problem};
    ndup_corpus *documents;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_sink *sink;
    ndup_dedup_options options;
    ndup_error error = {0};
    strcpy(output, "jsonl:");
    temp_dir_path(folder, "out.jsonl", output + 6, sizeof output - 6);
    assert_ok(ndup_corpus_open(&documents, inputs, 1, NULL, NULL, &error), &error);
    assert_ok(ndup_corpus_open_units(&corpus, documents, NULL, &hooks, &error), &error);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    assert_ok(ndup_output_open(&sink, output, NULL, &error), &error);
    assert_ok(ndup_result_write(result, corpus, &sink, 1, NULL, &error), &error);
    ndup_output_close(sink);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return temp_dir_read(folder, "out.jsonl", NULL);
}

static void test_units__each_is_a_record(void **state)
{
    temp_dir folder;
    unsigned problems = 0;
    (void)state;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in.jsonl", records);
    char *found = read_units(&folder, &problems);
    char name[400];
    temp_dir_path(&folder, "in.jsonl", name, sizeof name);
    char *third = strstr(found, "\n{\"id\":\"/");
    assert_non_null(third);
    *third++ = '\0';
    assert_string_equal(found,
                        "{\"id\":\"a#0\",\"document\":\"a\",\"unit\":0,\"offset\":0,\"unit_kind\":"
                        "\"paragraph\",\"url\":\"http://a.example/1\",\"title\":\"A "
                        "\\\"title\\\"\",\"text\":\"First one.\"}\n"
                        "{\"id\":\"a#1\",\"document\":\"a\",\"unit\":1,\"offset\":12,\"unit_kind\":"
                        "\"paragraph\",\"url\":\"http://a.example/1\",\"title\":\"A "
                        "\\\"title\\\"\",\"text\":\"Second one.\"}");
    assert_non_null(strstr(third, name));
    assert_non_null(strstr(third, ":4#0\",\"document\":"));
    assert_non_null(strstr(third,
                           "\"unit\":1,\"offset\":8,\"unit_kind\":\"list_item\",\"text\":\"- "
                           "item\"}"));
    assert_int_equal(problems, 1);
    free(found);
    temp_dir_deinit(&folder);
}

static void test_units__the_inputs_are_known(void **state)
{
    temp_dir folder;
    char input[400];
    const char *const *known;
    ndup_corpus *documents;
    ndup_corpus *corpus;
    ndup_error error = {0};
    (void)state;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in.jsonl", records);
    const char *inputs[] = {temp_dir_path(&folder, "in.jsonl", input, sizeof input)};
    assert_ok(ndup_corpus_open(&documents, inputs, 1, NULL, NULL, &error), &error);
    assert_ok(ndup_corpus_open_units(&corpus, documents, NULL, NULL, &error), &error);
    assert_int_equal(ndup__corpus_inputs(corpus, &known), 1);
    assert_string_equal(known[0], input);
    ndup_corpus_close(corpus);
    temp_dir_deinit(&folder);
}

static void test_units__memory_that_gives_out_is_told(void **state)
{
    temp_dir folder;
    char input[400];
    (void)state;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in.jsonl", records);
    const char *inputs[] = {temp_dir_path(&folder, "in.jsonl", input, sizeof input)};
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error = {0};
        ndup_corpus *documents;
        ndup_corpus *corpus = NULL;
        ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
        failing_allocator_init(&memory);
        options.allocator = &memory.allocator;
        assert_ok(ndup_corpus_open(&documents, inputs, 1, &options, NULL, &error), &error);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = ndup_corpus_open_units(&corpus, documents, &options, NULL, &error);
        ndup_corpus_close(corpus);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_units__each_is_a_record),
          cmocka_unit_test(test_units__the_inputs_are_known),
          cmocka_unit_test(test_units__memory_that_gives_out_is_told))
