/* SPDX-License-Identifier: MIT */
/* Plans changed by decisions of a person. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup.h"
#include "support/failing_allocator.h"
#include "support/temp_dir.h"

#define WORDS                                                                                   \
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " \
    "sixteen seventeen eighteen nineteen twenty"
#define HEAD "{\"type\":\"neardup-decisions\",\"schema_version\":1}\n"

/* A folder with a corpus of three copies (a, b, c, of which b has one word more) and another text
 * (d), its plan, and the page that names the corpus. */
typedef struct planned {
    temp_dir folder;
    char plan[300];
    char decisions[300];
    char corpus_hash[17];
} planned;

static void write_outputs(planned *made, const char *corpus_path)
{
    char page[300];
    char specifications[2][400];
    ndup_dedup_options options;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_sink *sinks[2];
    ndup_error error;
    snprintf(specifications[0], sizeof specifications[0], "plan:%s", made->plan);
    snprintf(specifications[1], sizeof specifications[1], "html:%s",
             temp_dir_path(&made->folder, "page.html", page, sizeof page));
    assert_ok(ndup_corpus_open(&corpus, &corpus_path, 1, NULL, NULL, &error), &error);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    for (size_t i = 0; i < 2; i++) {
        assert_ok(ndup_output_open(&sinks[i], specifications[i], NULL, &error), &error);
    }
    assert_ok(ndup_result_write(result, corpus, sinks, 2, NULL, &error), &error);
    for (size_t i = 0; i < 2; i++) {
        ndup_output_close(sinks[i]);
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    char *bytes = temp_dir_read(&made->folder, "page.html", NULL);
    const char *hash = strstr(bytes, "\"corpus\":\"");
    assert_non_null(hash);
    memcpy(made->corpus_hash, hash + strlen("\"corpus\":\""), 16);
    made->corpus_hash[16] = '\0';
    free(bytes);
}

static void plan_texts(planned *made)
{
    char path[300];
    temp_dir_init(&made->folder);
    temp_dir_path(&made->folder, "plan.jsonl", made->plan, sizeof made->plan);
    temp_dir_path(&made->folder, "decisions", made->decisions, sizeof made->decisions);
    temp_dir_write_text(&made->folder, "texts.jsonl",
                        "{\"id\":\"a\",\"text\":\"" WORDS "\"}\n"
                        "{\"id\":\"b\",\"text\":\"" WORDS " more\"}\n"
                        "{\"id\":\"c\",\"text\":\"" WORDS "\"}\n"
                        "{\"id\":\"d\",\"text\":\"something else\"}\n");
    write_outputs(made, temp_dir_path(&made->folder, "texts.jsonl", path, sizeof path));
}

/* The text hash that the plan has for document `number`. */
static void find_hash(char hash[17], const planned *made, int number)
{
    char *bytes = temp_dir_read(&made->folder, "plan.jsonl", NULL);
    const char *at = bytes;
    for (int i = 0; i <= number; i++) {
        at = strstr(at + 1, "\"text_hash\":\"");
        assert_non_null(at);
    }
    memcpy(hash, at + strlen("\"text_hash\":\""), 16);
    hash[16] = '\0';
    free(bytes);
}

/* Decisions such as "1=keep 0=drop"; ids follow from the numbers. */
static void write_decisions(const planned *made, const char *decisions)
{
    char text[2000] = HEAD;
    int number;
    char word[8];
    int used;
    while (sscanf(decisions, " %d=%7s%n", &number, word, &used) == 2) {
        char hash[17];
        find_hash(hash, made, number);
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length,
                 "{\"corpus\":\"%s\",\"number\":%d,\"id\":\"%c\",\"text_hash\":\"%s\","
                 "\"decision\":\"%s\"}\n",
                 made->corpus_hash, number, 'a' + number, hash, word);
        decisions += used;
    }
    temp_dir_write_text(&made->folder, "decisions", text);
}

/* The verdicts as letters: K kept, D dropped; small when in no group. */
static void assert_decided(const planned *made, const char *decisions, uint64_t taken,
                           const char *expected)
{
    ndup_plan *plan;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    uint64_t count;
    uint64_t kept = 0;
    char found[5] = "";
    write_decisions(made, decisions);
    assert_ok(ndup_plan_open(&plan, made->plan, NULL, &error), &error);
    assert_ok(ndup_plan_decide(&count, plan, made->decisions, &error), &error);
    assert_u64_equal(count, taken);
    assert_ok(ndup_plan_open_corpus(&corpus, plan, NULL, 0, NULL, NULL, &error), &error);
    assert_ok(ndup_plan_result(&result, plan, corpus, NULL, &error), &error);
    for (uint64_t i = 0; i < 4; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        char letter = verdict.kept ? 'K' : 'D';
        found[i] = verdict.grouped ? letter : (char)(letter + 'a' - 'A');
        kept += verdict.kept;
        assert_true(!verdict.kept || verdict.survivor == i);
    }
    assert_string_equal(found, expected);
    assert_u64_equal(ndup_result_summary(result)->kept, kept);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    ndup_plan_close(plan);
}

static void test_decide__keeps_and_drops(void **state)
{
    (void)state;
    planned made;
    plan_texts(&made);
    assert_decided(&made, "1=keep", 1, "KkDk");
    assert_decided(&made, "1=keep 2=keep", 2, "kkkk");
    assert_decided(&made, "0=drop", 1, "DDDk");
    assert_decided(&made, "0=drop 1=keep", 2, "DkDk");
    assert_decided(&made, "3=drop", 1, "KDDd");
    assert_decided(&made, "0=keep 1=drop 2=drop 3=keep", 4, "KDDk");
    assert_decided(&made, "1=keep 1=drop", 2, "KdDk");
    temp_dir_deinit(&made.folder);
}

static void test_decide__reads_the_counts_of_the_search(void **state)
{
    (void)state;
    planned made;
    ndup_plan *plan;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    plan_texts(&made);
    assert_ok(ndup_plan_open(&plan, made.plan, NULL, &error), &error);
    assert_ok(ndup_plan_open_corpus(&corpus, plan, NULL, 0, NULL, NULL, &error), &error);
    assert_ok(ndup_plan_result(&result, plan, corpus, NULL, &error), &error);
    const ndup_summary *summary = ndup_result_summary(result);
    assert_u64_equal(summary->verified, 1);
    assert_u64_equal(summary->similar, 1);
    assert_u64_equal(summary->similarity_histogram[94], 1); /* 16 of 17 shingles */
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    ndup_plan_close(plan);
    temp_dir_deinit(&made.folder);
}

static ndup_status decide_with(const planned *made, const ndup_allocator *allocator,
                               ndup_error *error)
{
    ndup_plan *plan;
    uint64_t count;
    ndup_status status = ndup_plan_open(&plan, made->plan, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_plan_decide(&count, plan, made->decisions, error);
        ndup_plan_close(plan);
    }
    return status;
}

static void test_decide__refuses_what_is_not_about_the_plan(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ndup_status status;
    } cases[] = {{"", NDUP_STATUS_NOT_FOUND},
                 {HEAD, NDUP_STATUS_NOT_FOUND},
                 {"{}\n", NDUP_STATUS_CORRUPT},
                 {"text\n", NDUP_STATUS_CORRUPT},
                 {"{\"type\":\"neardup-decisions\"}\n", NDUP_STATUS_CORRUPT},
                 {"{\"type\":\"neardup-decisionz\",\"schema_version\":1}\n", NDUP_STATUS_CORRUPT},
                 {"{\"type\":\"neardup-decisions\",\"schema_version\":2}\n", NDUP_STATUS_VERSION},
                 {HEAD "{}\n", NDUP_STATUS_CORRUPT},
                 {HEAD "{\"corpus\":\"0000000000000000\",\"number\":0,\"id\":\"a\","
                       "\"text_hash\":\"0000000000000000\",\"decision\":\"keep\"}\n",
                  NDUP_STATUS_NOT_FOUND}};
    planned made;
    ndup_error error;
    plan_texts(&made);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        temp_dir_write_text(&made.folder, "decisions", cases[i].text);
        assert_status(decide_with(&made, NULL, &error), cases[i].status, &error);
    }
    char text[600];
    snprintf(text, sizeof text,
             HEAD "{\"corpus\":\"%s\",\"number\":9,\"id\":\"a\",\"text_hash\":\"%s\","
                  "\"decision\":\"keep\"}\n",
             made.corpus_hash, made.corpus_hash);
    temp_dir_write_text(&made.folder, "decisions", text);
    assert_status(decide_with(&made, NULL, &error), NDUP_STATUS_CHANGED, &error);
    assert_u64_equal(error.line, 2);
    temp_dir_deinit(&made.folder);
}

static void test_decide__failing_memory_leaves_nothing(void **state)
{
    (void)state;
    planned made;
    plan_texts(&made);
    write_decisions(&made, "1=keep 0=drop");
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = decide_with(&made, &memory.allocator, &error);
        bool has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!has_failed) {
            break;
        }
    }
    temp_dir_deinit(&made.folder);
}

TEST_MAIN(cmocka_unit_test(test_decide__keeps_and_drops),
          cmocka_unit_test(test_decide__reads_the_counts_of_the_search),
          cmocka_unit_test(test_decide__refuses_what_is_not_about_the_plan),
          cmocka_unit_test(test_decide__failing_memory_leaves_nothing))
