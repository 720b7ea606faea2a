/* SPDX-License-Identifier: MIT */
/* Issue 11: texts without a word in common were taken for copies because their hashes met. */
#include <stdio.h>
#include <string.h>

#include "codec/compress.h"
#include "neardup/dedup.h"
#include "support/forge.h"
#include "support/temp_dir.h"
#include "support/test.h"
#include "text/tokenize.h"

#define WORDS 28

static forged_pair pairs[WORDS];

/* Such a file has no places: its texts are compared by a hash with a key. */
static void write_packed(const temp_dir *dir, const char *lines)
{
    ndup__writer *writer;
    ndup_error error;
    char path[512];
    temp_dir_path(dir, "a.jsonl.gz", path, sizeof path);
    assert_ok(ndup__writer_open(&writer, path, true, NULL, &error), &error);
    assert_ok(ndup__writer_write(writer, lines, strlen(lines), &error), &error);
    assert_ok(ndup__writer_commit(writer, &error), &error);
    ndup__writer_close(writer);
}

static void write_corpus(const temp_dir *dir, const char *first, const char *second)
{
    char lines[9000];
    snprintf(lines, sizeof lines,
             "{\"id\":\"attacker\",\"text\":\"%s\"}\n{\"id\":\"victim\",\"text\":\"%s\"}\n", first,
             second);
    temp_dir_write_text(dir, "a.jsonl", lines);
    if (NDUP_HAVE_ZLIB) {
        write_packed(dir, lines);
    }
}

static uint64_t kept_of_file(const temp_dir *dir, const char *name,
                             const ndup_dedup_options *options)
{
    ndup_corpus_options corpus_options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    char path[512];
    const char *input = temp_dir_path(dir, name, path, sizeof path);
    assert_ok(ndup_corpus_open(&corpus, &input, 1, &corpus_options, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, options, NULL, &error), &error);
    uint64_t kept = ndup_result_summary(result)->kept;
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return kept;
}

static uint64_t kept_of(const temp_dir *dir, const ndup_dedup_options *options)
{
    uint64_t kept = kept_of_file(dir, "a.jsonl", options);
    if (NDUP_HAVE_ZLIB) {
        assert_u64_equal(kept_of_file(dir, "a.jsonl.gz", options), kept);
    }
    return kept;
}

/* Every way of deciding. */
static void check_all_kept(const temp_dir *dir, uint64_t seed)
{
    static const char *const presets[] = {"news", "strict", "web", "code", "noisy"};
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        for (unsigned way = 0; way < 4; way++) {
            ndup_dedup_options options;
            ndup_error error;
            assert_ok(ndup_dedup_options_init(&options, presets[i], &error), &error);
            options.seed = seed;
            options.exact = (way & 1) != 0;
            options.cluster = (way & 2) != 0 ? NDUP_CLUSTER_COMPONENTS : NDUP_CLUSTER_LEADER;
            assert_u64_equal(kept_of(dir, &options), 2);
        }
    }
}

static void test_issue_0011__words_meet_under_the_seed_they_were_made_for(void **state)
{
    (void)state;
    ndup__tokens tokens[2] = {{.seed = 0}, {.seed = 0}};
    ndup_error error;
    forge_words(pairs, WORDS, 0);
    for (uint64_t seed = 0; seed < 3; seed++) {
        for (unsigned i = 0; i < 2; i++) {
            const char *text = forged_text(pairs, WORDS, i);
            tokens[i].seed = seed;
            assert_ok(ndup__tokenize(&tokens[i], NDUP__TOKEN_WORDS, text, strlen(text), &error),
                      &error);
            assert_u64_equal(tokens[i].count, WORDS);
        }
        for (size_t i = 0; i < WORDS; i++) {
            assert_int_equal(tokens[0].hashes[i] == tokens[1].hashes[i], seed == 0);
        }
    }
    ndup__tokens_deinit(&tokens[0]);
    ndup__tokens_deinit(&tokens[1]);
}

static void test_issue_0011__texts_of_equal_hashes_are_both_kept(void **state)
{
    (void)state;
    static const uint64_t seeds[] = {0, 77};
    temp_dir dir;
    temp_dir_init(&dir);
    for (size_t i = 0; i < 2; i++) {
        forge_words(pairs, WORDS, seeds[i]);
        write_corpus(&dir, forged_text(pairs, WORDS, 0), forged_text(pairs, WORDS, 1));
        check_all_kept(&dir, seeds[i]);
    }
    temp_dir_deinit(&dir);
}

static void test_issue_0011__texts_of_equal_shingle_hashes_are_both_kept(void **state)
{
    (void)state;
    char longer[1000];
    temp_dir dir;
    temp_dir_init(&dir);
    forge_words(pairs, WORDS, 0);
    /* Not the same sequence of hashes, so that only the similarity speaks for it. */
    snprintf(longer, sizeof longer, "%s once more", forged_text(pairs, WORDS, 1));
    write_corpus(&dir, forged_text(pairs, WORDS, 0), longer);
    check_all_kept(&dir, 0);
    temp_dir_deinit(&dir);
}

/* A text that holds the victim's, and much more that looks like a repeat of it. */
static void test_issue_0011__repeats_that_are_none_count(void **state)
{
    (void)state;
    char attacker[4000];
    ndup_dedup_options options;
    ndup_error error;
    temp_dir dir;
    temp_dir_init(&dir);
    forge_words(pairs, WORDS, 0);
    const char *victim = forged_text(pairs, WORDS, 0);
    const char *other = forged_text(pairs, WORDS, 1);
    snprintf(attacker, sizeof attacker, "%s %s", victim, other);
    write_corpus(&dir, attacker, victim);
    assert_ok(ndup_dedup_options_init(&options, "news", &error), &error);
    assert_u64_equal(kept_of(&dir, &options), 2);
    temp_dir_deinit(&dir);
}

TEST_MAIN(cmocka_unit_test(test_issue_0011__words_meet_under_the_seed_they_were_made_for),
          cmocka_unit_test(test_issue_0011__texts_of_equal_hashes_are_both_kept),
          cmocka_unit_test(test_issue_0011__texts_of_equal_shingle_hashes_are_both_kept),
          cmocka_unit_test(test_issue_0011__repeats_that_are_none_count))
