/* SPDX-License-Identifier: MIT */
/* Issue 2: damaged UTF-8 was counted, but nothing said which document it is in. */
#include <string.h>

#include "neardup/dedup.h"
#include "support/temp_dir.h"
#include "support/test.h"

typedef struct seen_problems {
    size_t count;
    ndup_problem last;
    char path[512];
} seen_problems;

static void note_problem(void *context, const ndup_problem *problem)
{
    seen_problems *seen = context;
    seen->count++;
    seen->last = *problem;
    strncpy(seen->path, problem->path, sizeof seen->path - 1);
}

static void test_issue_0002__damaged_utf8_is_reported_at_its_line(void **state)
{
    (void)state;
    seen_problems seen = {0};
    ndup_hooks hooks = {.struct_size = sizeof hooks, .context = &seen, .problem = note_problem};
    ndup_corpus_options corpus_options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_dedup_options options;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    temp_dir dir;
    char path[512];
    temp_dir_init(&dir);
    temp_dir_write_text(&dir, "a.jsonl", "{\"text\":\"good\"}\n\n{\"text\":\"bad \xFF\"}\n");
    const char *input = temp_dir_path(&dir, "a.jsonl", path, sizeof path);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_corpus_open(&corpus, &input, 1, &corpus_options, &hooks, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, &hooks, &error), &error);
    assert_u64_equal(ndup_result_summary(result)->repaired, 1);
    assert_u64_equal(seen.count, 1);
    assert_false(seen.last.skipped);
    assert_u64_equal(seen.last.line, 3);
    assert_u64_equal(seen.last.offset, strlen("{\"text\":\"good\"}\n\n"));
    assert_string_equal(seen.path, path);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    temp_dir_deinit(&dir);
}

TEST_MAIN(cmocka_unit_test(test_issue_0002__damaged_utf8_is_reported_at_its_line))
