/* SPDX-License-Identifier: MIT */
/* Baselines: what counts as a duplicate of an earlier run, and how documents are paired with it. */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include "neardup.h"
#include "support/failing_allocator.h"
#include "support/temp_dir.h"

#define PRINT(id, text)                                                          \
    "{\"ruleId\":\"near\",\"partialFingerprints\":{\"neardupId/v1\":\"" id "\"," \
    "\"neardupText/v1\":\"" text "\"},\"message\":{\"text\":\"a ] } , \\\" [ { \\\\\"}}"
#define ONE PRINT("0000000000000001", "00000000000000aa")
#define TWO PRINT("0000000000000002", "00000000000000bb")

static ndup_status open_text(ndup_baseline **baseline, const char *text,
                             const ndup_allocator *allocator, ndup_error *error)
{
    temp_dir folder;
    char path[300];
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "old", text);
    ndup_status status = ndup_baseline_open(
        baseline, temp_dir_path(&folder, "old", path, sizeof path), allocator, error);
    temp_dir_deinit(&folder);
    return status;
}

static void assert_findings(const char *text, size_t count)
{
    ndup_baseline *baseline;
    ndup_error error;
    assert_ok(open_text(&baseline, text, NULL, &error), &error);
    assert_u64_equal(ndup_baseline_count(baseline), count);
    ndup_baseline_close(baseline);
}

static void test_baseline__takes_our_results_of_all_runs(void **state)
{
    (void)state;
    assert_findings("{\"runs\":[]}", 0);
    assert_findings("{\"runs\":[{}]}", 0);
    assert_findings("{\"runs\":[{\"results\":[]}]}", 0);
    assert_findings("{\"runs\":[{\"results\":[" ONE "]}]}", 1);
    assert_findings("{\"runs\":[{\"results\":[" ONE "," TWO "]},{\"results\":[" ONE "]}]}", 3);
    assert_findings("\n{ \"version\" : \"2.1.0\" ,\n\t\"runs\" : [ { \"results\" :\n[ " ONE
                    "\n,\r\n" TWO "\n] } ] }\n",
                    2);
    /* Findings of other programs, and what is no fingerprint of ours. */
    assert_findings("{\"runs\":[{\"results\":[{\"ruleId\":\"x\"}," ONE ",{},"
                    "{\"partialFingerprints\":{\"neardupId/v1\":\"1\"}}]}]}",
                    1);
    assert_findings("{\"runs\":[{\"results\":[" PRINT("zz", "aa") "]}]}", 0);
}

static void test_baseline__refuses_what_is_neither_plan_nor_sarif(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "text",
                                        "[]",
                                        "{}",
                                        "{\"runs\":1}",
                                        "{\"runs\":[{\"results\":[" ONE "]}",
                                        "{\"runs\":[1]}",
                                        "{\"runs\":[{\"results\":[1]}]}",
                                        "{\"type\":\"neardup-plan\",\"schema_version\":1}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ndup_baseline *baseline;
        ndup_error error;
        assert_status(open_text(&baseline, texts[i], NULL, &error), NDUP_STATUS_CORRUPT, &error);
        assert_null(baseline);
    }
}

static void test_baseline__failing_memory_leaves_nothing(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_baseline *baseline;
        ndup_error error;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = open_text(&baseline, "{\"runs\":[{\"results\":[" ONE "," TWO "]}]}",
                                       &memory.allocator, &error);
        bool has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        ndup_baseline_close(baseline);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!has_failed) {
            return;
        }
    }
}

/* Five texts; the second to fifth repeat the first, the last two with a word more. */
static const char *const old_names[] = {"a", "b", "c", "d", "e"};
#define WORDS                                                                                   \
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " \
    "sixteen seventeen eighteen nineteen twenty "

typedef struct text_list {
    const char *const *names;
    const char *const *texts;
    size_t count;
    size_t next;
} text_list;

static ndup_status next_text(void *context, bool *has_document, ndup_document *document,
                             ndup_error *error)
{
    (void)error;
    text_list *list = context;
    *has_document = list->next < list->count;
    if (*has_document) {
        *document =
            (ndup_document){.id = {list->names[list->next], strlen(list->names[list->next])},
                            .text = {list->texts[list->next], strlen(list->texts[list->next])}};
        list->next++;
    }
    return NDUP_STATUS_OK;
}

/* The result of the texts; with a baseline compared to it, else written as SARIF to `path`. */
static ndup_result *run_texts(text_list list, const char *path, const char *baseline_path)
{
    ndup_source source = {.struct_size = sizeof source, .context = &list, .next = next_text};
    ndup_dedup_options options;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_baseline *baseline;
    ndup_sink *sink;
    ndup_error error;
    assert_ok(ndup_corpus_open_source(&corpus, &source, NULL, &error), &error);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    if (baseline_path != NULL) {
        assert_ok(ndup_baseline_open(&baseline, baseline_path, NULL, &error), &error);
        assert_ok(ndup_result_compare(result, baseline, &error), &error);
        ndup_baseline_close(baseline);
    } else {
        char specification[400];
        snprintf(specification, sizeof specification, "sarif:%s", path);
        assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
        assert_ok(ndup_result_write(result, corpus, &sink, 1, NULL, &error), &error);
        ndup_output_close(sink);
    }
    ndup_corpus_close(corpus);
    return result;
}

/* Which of the new documents are known: "k" known, "n" new, "." kept. */
static void assert_known(const char *const *names, const char *const *texts, size_t count,
                         const char *expected)
{
    static const char *const old_texts[] = {WORDS, WORDS, WORDS, WORDS "x", WORDS "y"};
    temp_dir folder;
    char path[300];
    uint64_t known = 0;
    temp_dir_init(&folder);
    temp_dir_path(&folder, "old.sarif", path, sizeof path);
    ndup_result_free(run_texts((text_list){old_names, old_texts, 5, 0}, path, NULL));
    ndup_result *result = run_texts((text_list){names, texts, count, 0}, NULL, path);
    assert_true(ndup_result_has_baseline(result));
    for (size_t i = 0; i < count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        char found = verdict.kept ? '.' : verdict.known ? 'k' : 'n';
        if (found != expected[i]) {
            fail_msg("document %zu is '%c' instead of '%c'", i, found, expected[i]);
        }
        known += verdict.known;
    }
    assert_u64_equal(ndup_result_known(result), known);
    ndup_result_free(result);
    temp_dir_deinit(&folder);
}

static void test_compare__knows_what_was_moved_or_edited(void **state)
{
    (void)state;
    static const char *const same[] = {WORDS, WORDS, WORDS, WORDS "x", WORDS "y"};
    assert_known(old_names, same, 5, ".kkkk");
    static const char *const moved_names[] = {"a", "0", "b", "1", "2"};
    assert_known(moved_names, same, 5, ".kkkk");
    static const char *const edited[] = {WORDS, WORDS "1", WORDS "2", WORDS "3", WORDS "4"};
    assert_known(old_names, edited, 5, ".kkkk");
}

static void test_compare__one_more_copy_is_new(void **state)
{
    (void)state;
    /* Three copies of the text instead of two: the one under a new name is the new one. */
    static const char *const names[] = {"a", "new", "b", "c", "d"};
    static const char *const texts[] = {WORDS, WORDS, WORDS, WORDS, WORDS "x"};
    assert_known(names, texts, 5, ".nkkk");
    /* A new copy under the name of a text that moved on: texts count before names. */
    static const char *const shifted_names[] = {"a", "b", "d", "e"};
    static const char *const shifted[] = {WORDS, WORDS "new", WORDS "x", WORDS "y"};
    assert_known(shifted_names, shifted, 4, ".kkk");
    static const char *const line_names[] = {"a", "d", "e", "f"};
    static const char *const lines[] = {WORDS, WORDS "new", WORDS "x", WORDS "y"};
    assert_known(line_names, lines, 4, ".nkk");
}

TEST_MAIN(cmocka_unit_test(test_baseline__takes_our_results_of_all_runs),
          cmocka_unit_test(test_baseline__refuses_what_is_neither_plan_nor_sarif),
          cmocka_unit_test(test_baseline__failing_memory_leaves_nothing),
          cmocka_unit_test(test_compare__knows_what_was_moved_or_edited),
          cmocka_unit_test(test_compare__one_more_copy_is_new))
