/* SPDX-License-Identifier: MIT */
/* Bad inputs: each is reported at its place and counted, and everything else is read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "neardup/dedup.h"
#include "neardup/output.h"
#include "support/corpus_make.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PROBLEMS_MOST = 16 };

typedef struct seen_problem {
    ndup_status status;
    bool skipped;
    char path[512];
    uint64_t line;
    uint64_t offset;
    char message[512];
} seen_problem;

/* A folder, how it is opened, and what came of it. */
typedef struct setting {
    temp_dir dir;
    ndup_corpus_options options;
    seen_problem problems[PROBLEMS_MOST];
    size_t problem_count;
    ndup_result *result;
} setting;

static void note_problem(void *context, const ndup_problem *problem)
{
    setting *self = context;
    size_t place = self->problem_count++;
    if (place >= PROBLEMS_MOST) {
        return; /* asserts belong to the thread of the test */
    }
    seen_problem *seen = &self->problems[place];
    *seen =
        (seen_problem){problem->status, problem->skipped, "", problem->line, problem->offset, ""};
    snprintf(seen->path, sizeof seen->path, "%s", problem->path != NULL ? problem->path : "");
    snprintf(seen->message, sizeof seen->message, "%s", problem->message);
}

static int set_up(void **state)
{
    setting *self = calloc(1, sizeof *self);
    assert_non_null(self);
    temp_dir_init(&self->dir);
    self->options.struct_size = sizeof self->options;
    *state = self;
    return 0;
}

static int tear_down(void **state)
{
    setting *self = *state;
    ndup_result_free(self->result);
    temp_dir_deinit(&self->dir);
    free(self);
    return 0;
}

/* Runs over one input inside the folder. */
static void run(setting *self, const char *name, unsigned threads)
{
    char path[1024];
    const char *input = temp_dir_path(&self->dir, name, path, sizeof path);
    ndup_hooks hooks = {.struct_size = sizeof hooks, .context = self, .problem = note_problem};
    ndup_dedup_options options;
    ndup_corpus *corpus;
    ndup_error error;
    ndup_result_free(self->result);
    self->result = NULL;
    self->problem_count = 0;
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    options.threads = threads;
    assert_ok(ndup_corpus_open(&corpus, &input, 1, &self->options, &hooks, &error), &error);
    assert_ok(ndup_dedup(&self->result, corpus, &options, &hooks, &error), &error);
    ndup_corpus_close(corpus);
}

/* The ids of all documents in corpus order, with a space behind each. */
static void assert_ids(const setting *self, const char *expected)
{
    char ids[1024] = "";
    size_t used = 0;
    for (uint64_t i = 0; i < ndup_result_summary(self->result)->documents; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(self->result, i, &verdict);
        used += (size_t)snprintf(ids + used, sizeof ids - used, "%.*s ", (int)verdict.id.length,
                                 verdict.id.bytes);
        assert_true(used < sizeof ids);
    }
    assert_string_equal(ids, expected);
}

/* Problem i is of this file and status; its message says something. */
static const seen_problem *assert_problem(const setting *self, size_t i, ndup_status status,
                                          const char *name)
{
    assert_true(i < self->problem_count && i < PROBLEMS_MOST);
    const seen_problem *seen = &self->problems[i];
    assert_status(seen->status, status, NULL);
    size_t length = strlen(seen->path);
    assert_true(length >= strlen(name));
    assert_string_equal(seen->path + length - strlen(name), name);
    assert_true(strlen(seen->message) > 3);
    return seen;
}

/* The only problem is one skipped record at this line, in the bytes from offset on. */
static void assert_one_skipped_line(const setting *self, ndup_status status, const char *name,
                                    uint64_t line, uint64_t offset, uint64_t length)
{
    assert_u64_equal(self->problem_count, 1);
    const seen_problem *seen = assert_problem(self, 0, status, name);
    assert_true(seen->skipped);
    assert_u64_equal(seen->line, line);
    assert_in_range(seen->offset, offset, offset + length);
    assert_u64_equal(ndup_result_summary(self->result)->skipped, 1);
}

#define GOOD(id) "{\"id\":\"" id "\",\"text\":\"some words of " id " that stand here\"}\n"

/* One bad line between good ones; returns where it begins. */
static uint64_t write_around(const setting *self, const char *bad, size_t length)
{
    const char before[] = GOOD("a") GOOD("b");
    const char after[] = "\n" GOOD("c") GOOD("d");
    size_t total = sizeof before - 1 + length + sizeof after - 1;
    char *bytes = malloc(total);
    assert_non_null(bytes);
    memcpy(bytes, before, sizeof before - 1);
    memcpy(bytes + sizeof before - 1, bad, length);
    memcpy(bytes + sizeof before - 1 + length, after, sizeof after - 1);
    temp_dir_write(&self->dir, "in.jsonl", bytes, total);
    free(bytes);
    return sizeof before - 1;
}

static void test_inputs__bad_lines_are_located_and_left_out(void **state)
{
    setting *self = *state;
    static const char *const lines[] = {
        "this is no JSON",
        "{\"id\":\"x\"}",
        "{\"id\":\"x\",\"text\":NaN}",
        "{\"id\":\"x\",\"text\":{\"a\":\"b\"}}",
        "{\"id\":\"x\",\"text\":[\"a\",1]}",
        "{\"id\":\"x\",\"text\":\"never ends",
        "{\"id\":\"x\",\"text\":\"y\"} and more",
        "[\"x\"]",
        "{\"id\":\"x\",\"text\":\"bad \\q escape\"}",
        "{",
        "\"x\"",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        uint64_t offset = write_around(self, lines[i], strlen(lines[i]));
        for (unsigned threads = 1; threads <= 2; threads++) {
            run(self, "in.jsonl", threads);
            assert_ids(self, "a b c d ");
            assert_one_skipped_line(self, self->problems[0].status, "in.jsonl", 3, offset,
                                    strlen(lines[i]));
            assert_true(self->problems[0].status == NDUP_STATUS_CORRUPT ||
                        self->problems[0].status == NDUP_STATUS_NOT_FOUND ||
                        self->problems[0].status == NDUP_STATUS_INVALID);
        }
    }
}

static void test_inputs__invalid_utf8_is_repaired_and_reported(void **state)
{
    setting *self = *state;
    static const char bad[] = "{\"id\":\"x\",\"text\":\"broken \xFF\xC3( words \xE2\x82\"}";
    uint64_t offset = write_around(self, bad, sizeof bad - 1);
    run(self, "in.jsonl", 2);
    assert_ids(self, "a b x c d ");
    assert_u64_equal(ndup_result_summary(self->result)->repaired, 1);
    assert_u64_equal(ndup_result_summary(self->result)->skipped, 0);
    assert_u64_equal(self->problem_count, 1);
    const seen_problem *seen = assert_problem(self, 0, NDUP_STATUS_CORRUPT, "in.jsonl");
    assert_false(seen->skipped);
    assert_u64_equal(seen->line, 3);
    assert_true(seen->offset >= offset && seen->offset < offset + sizeof bad);
    temp_dir_write(&self->dir, "folder/b.txt", "\xFE\xFD words", 8);
    temp_dir_write_text(&self->dir, "folder/a.txt", "good words");
    run(self, "folder", 2);
    assert_ids(self, "a.txt b.txt ");
    assert_u64_equal(ndup_result_summary(self->result)->repaired, 1);
    assert_problem(self, 0, NDUP_STATUS_CORRUPT, "b.txt");
}

static void test_inputs__control_characters_are_text_unless_they_are_many(void **state)
{
    setting *self = *state;
    static const char few[] = "one\0two three words that make a text of more than thirty-two bytes";
    temp_dir_write(&self->dir, "folder/a.txt", few, sizeof few - 1);
    temp_dir_write(&self->dir, "folder/b.txt", "\0\0\0", 3);
    temp_dir_write(&self->dir, "folder/c.txt", "one\0two three\0", 14);
    temp_dir_write_text(&self->dir, "folder/d.txt", "other words");
    temp_dir_write_text(
        &self->dir, "folder/e.jsonl",
        "{\"id\":\"e\",\"text\":\"one\\u0000two three words that make a text of more "
        "than thirty-two bytes\"}\n");
    run(self, "folder", 1);
    assert_ids(self, "a.txt d.txt e ");
    assert_u64_equal(ndup_result_summary(self->result)->skipped, 2);
    assert_true(assert_problem(self, 0, NDUP_STATUS_UNSUPPORTED, "folder/b.txt")->skipped);
    assert_true(assert_problem(self, 1, NDUP_STATUS_UNSUPPORTED, "folder/c.txt")->skipped);
    ndup_verdict verdict;
    ndup_result_verdict(self->result, 2, &verdict);
    assert_int_equal(verdict.kind, NDUP_KIND_IDENTICAL);
    assert_u64_equal(verdict.survivor, 0);
}

static void test_inputs__a_raw_nul_in_a_record_is_reported(void **state)
{
    setting *self = *state;
    static const char bad[] = "{\"id\":\"x\",\"text\":\"a\0b\"}";
    uint64_t offset = write_around(self, bad, sizeof bad - 1);
    run(self, "in.jsonl", 1);
    assert_ids(self, "a b c d ");
    assert_one_skipped_line(self, NDUP_STATUS_CORRUPT, "in.jsonl", 3, offset, sizeof bad);
}

static void test_inputs__empty_texts_match_only_the_same_bytes(void **state)
{
    setting *self = *state;
    temp_dir_write_text(&self->dir, "folder/a.txt", "");
    temp_dir_write_text(&self->dir, "folder/b.txt", " \n\t ");
    temp_dir_write_text(&self->dir, "folder/c.txt", "");
    temp_dir_write_text(&self->dir, "folder/d.txt", "...");
    temp_dir_write_text(&self->dir, "folder/e.txt", "word");
    temp_dir_write_text(&self->dir, "folder/f.txt", "Word!");
    temp_dir_write_text(&self->dir, "folder/g.txt", "words");
    run(self, "folder", 2);
    const ndup_summary *summary = ndup_result_summary(self->result);
    assert_u64_equal(summary->documents, 7);
    assert_u64_equal(summary->empty, 4);
    assert_u64_equal(summary->identical, 1);
    assert_u64_equal(summary->normalized, 1);
    assert_u64_equal(summary->kept, 5);
    assert_u64_equal(self->problem_count, 0);
}

static void test_inputs__long_records_are_left_out(void **state)
{
    setting *self = *state;
    enum { LONG = 200000 };
    char *bad = malloc(LONG);
    assert_non_null(bad);
    static const char head[] = "{\"id\":\"x\",\"text\":\"";
    memset(bad, 'w', LONG);
    memcpy(bad, head, sizeof head - 1);
    memcpy(bad + LONG - 2, "\"}", 2);
    uint64_t offset = write_around(self, bad, LONG);
    self->options.max_record_bytes = 4096;
    for (unsigned threads = 1; threads <= 2; threads++) {
        run(self, "in.jsonl", threads);
        assert_ids(self, "a b c d ");
        assert_one_skipped_line(self, NDUP_STATUS_LIMIT, "in.jsonl", 3, offset, 0);
    }
    temp_dir_write(&self->dir, "folder/b.txt", bad, LONG);
    temp_dir_write_text(&self->dir, "folder/a.txt", "good words");
    temp_dir_write_text(&self->dir, "folder/c.txt", "other words");
    run(self, "folder", 1);
    assert_ids(self, "a.txt c.txt ");
    assert_true(assert_problem(self, 0, NDUP_STATUS_LIMIT, "b.txt")->skipped);
    assert_u64_equal(ndup_result_summary(self->result)->skipped, 1);
    free(bad);
}

static void test_inputs__the_longest_record_allowed_is_read(void **state)
{
    setting *self = *state;
    static const char line[] = "{\"id\":\"x\",\"text\":\"exactly as long as is allowed\"}";
    static const char longer[] =
        "{\"id\":\"x\",\"text\":\"exactly as long as is allowed\"}\n{\"id\":\"y\",\"text\":\"\"}\n";
    self->options.max_record_bytes = sizeof line - 1;
    temp_dir_write(&self->dir, "a.jsonl", line, sizeof line - 1);
    run(self, "a.jsonl", 1);
    assert_ids(self, "x ");
    self->options.max_record_bytes--;
    temp_dir_write(&self->dir, "a.jsonl", longer, sizeof longer - 1);
    run(self, "a.jsonl", 1);
    assert_ids(self, "y ");
    assert_one_skipped_line(self, NDUP_STATUS_LIMIT, "a.jsonl", 1, 0, 0);
}

static void test_inputs__deep_nesting_is_read(void **state)
{
    setting *self = *state;
    temp_dir_write_text(
        &self->dir, "a.jsonl",
        "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{\"i\":{\"j\":\"deep text\","
        "\"id\":\"deep\"}}}}}}}}},\"z\":[[[[[[[[[[1]]]]]]]]]]}\n" GOOD("a"));
    self->options.text_field = "a.b.c.d.e.f.g.h.i.j";
    self->options.id_field = "a.b.c.d.e.f.g.h.i.id";
    run(self, "a.jsonl", 1);
    assert_ids(self, "deep ");
    assert_u64_equal(self->problem_count, 1);
    assert_u64_equal(self->problems[0].line, 2);
}

static void test_inputs__duplicate_ids_are_counted(void **state)
{
    setting *self = *state;
    temp_dir_write_text(&self->dir, "a.jsonl", GOOD("a") GOOD("b") GOOD("a") GOOD("c") GOOD("a"));
    run(self, "a.jsonl", 2);
    assert_ids(self, "a b a c a ");
    assert_u64_equal(ndup_result_summary(self->result)->duplicate_ids, 2);
    assert_u64_equal(ndup_result_summary(self->result)->skipped, 0);
    assert_u64_equal(self->problem_count, 2);
    assert_u64_equal(self->problems[0].offset, 2 * (sizeof GOOD("a") - 1));
    assert_u64_equal(self->problems[1].offset, 4 * (sizeof GOOD("a") - 1));
    assert_false(assert_problem(self, 0, NDUP_STATUS_EXISTS, "a.jsonl")->skipped);
    assert_non_null(strstr(self->problems[0].message, "'a'"));
}

static void test_inputs__line_ends_and_marks_do_not_show(void **state)
{
    setting *self = *state;
    static const char text[] = "\xEF\xBB\xBF{\"id\":\"a\",\"text\":\"first\"}\r\n"
                               "\r\n"
                               "   \n"
                               "\n"
                               "{\"id\":\"b\",\"text\":\"second\"}\n"
                               "bad\r\n"
                               "  {\"id\":\"c\",\"text\":\"third\"}  \r\n"
                               "{\"id\":\"d\",\"text\":\"last\"}";
    temp_dir_write_text(&self->dir, "a.jsonl", text);
    run(self, "a.jsonl", 1);
    assert_ids(self, "a b c d ");
    assert_one_skipped_line(self, self->problems[0].status, "a.jsonl", 6,
                            (uint64_t)(strstr(text, "bad") - text), 3);
}

static void test_inputs__names_of_records_without_id_tell_the_place(void **state)
{
    setting *self = *state;
    temp_dir_write_text(&self->dir, "folder/a.jsonl", "{\"text\":\"x\"}\n\n{\"text\":\"y\"}\n");
    run(self, "folder", 1);
    char path[1024];
    char expected[2200];
    temp_dir_path(&self->dir, "folder/a.jsonl", path, sizeof path);
    snprintf(expected, sizeof expected, "%s:1 %s:3 ", path, path);
    assert_ids(self, expected);
}

static void test_inputs__folders_with_odd_entries_are_read_through(void **state)
{
    setting *self = *state;
    char path[1024];
    char target[1024];
    temp_dir_write_text(&self->dir, "folder/a.txt", "first words");
    temp_dir_write_text(&self->dir, "folder/sub/y.txt", "words in between");
    temp_dir_write_text(&self->dir, "folder/sub/w.txt", "words before them");
    temp_dir_write_text(&self->dir, "folder/sub/z.txt", "last words");
    temp_dir_write_text(&self->dir, "folder/ignored.bin", "not a document");
    assert_int_equal(mkfifo(temp_dir_path(&self->dir, "folder/b.txt", path, sizeof path), 0600), 0);
    assert_int_equal(
        symlink("nowhere", temp_dir_path(&self->dir, "folder/c.txt", path, sizeof path)), 0);
    assert_int_equal(symlink("d.txt", temp_dir_path(&self->dir, "folder/d.txt", path, sizeof path)),
                     0);
    temp_dir_path(&self->dir, "folder", target, sizeof target);
    assert_int_equal(symlink(target, temp_dir_path(&self->dir, "folder/sub/up", path, sizeof path)),
                     0);
    assert_int_equal(symlink("a.txt", temp_dir_path(&self->dir, "folder/e.txt", path, sizeof path)),
                     0);
    run(self, "folder", 2);
    assert_ids(self, "a.txt sub/w.txt sub/y.txt sub/z.txt ");
    assert_true(self->problem_count >= 3);
    assert_true(assert_problem(self, 0, self->problems[0].status, "folder/b.txt")->skipped);
    assert_true(assert_problem(self, 1, self->problems[1].status, "folder/c.txt")->skipped);
    assert_true(assert_problem(self, 2, self->problems[2].status, "folder/d.txt")->skipped);
    assert_u64_equal(ndup_result_summary(self->result)->skipped, self->problem_count);
}

/* A JSONL file of 200 documents, compressed by the library's own output. */
static void write_compressed(const setting *self, const char *name)
{
    test_random random;
    test_random_init(&random, 1);
    made_corpus made = {.as_records = true};
    for (int i = 0; i < 200; i++) {
        made_words words = made_words_random(&random, 300, 100000, 0);
        made_corpus_add(&made, &random, &words);
        made_words_free(&words);
    }
    char path[1024];
    char specification[1100];
    snprintf(specification, sizeof specification, "jsonl:%s",
             temp_dir_path(&self->dir, name, path, sizeof path));
    ndup_dedup_options options;
    ndup_output_options output = {.struct_size = sizeof output};
    ndup_error error;
    ndup_sink *sink;
    ndup_result *result;
    ndup_corpus *corpus = made_corpus_open(&made, NULL);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    assert_ok(ndup_output_open(&sink, specification, &output, &error), &error);
    assert_ok(ndup_result_write(result, corpus, &sink, 1, NULL, &error), &error);
    ndup_output_close(sink);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    made_corpus_deinit(&made);
}

/* The file cut to half, and the file with damage in the middle: some records at its beginning are
 * read, the loss is reported, and so is the file behind it. */
static void check_damaged(setting *self, const char *name)
{
    char whole[64];
    size_t length;
    snprintf(whole, sizeof whole, "whole/%s", name);
    temp_dir_mkdir(&self->dir, "whole");
    write_compressed(self, whole);
    char *bytes = temp_dir_read(&self->dir, whole, &length);
    char damaged[64];
    snprintf(damaged, sizeof damaged, "damaged/%s", name);
    temp_dir_write_text(&self->dir, "damaged/z.txt", "the file behind it");
    run(self, whole, 1);
    assert_u64_equal(ndup_result_summary(self->result)->documents, 200);
    for (int way = 0; way < 2; way++) {
        if (way == 1) {
            memset(bytes + length / 2, 0x5A, 64);
        }
        temp_dir_write(&self->dir, damaged, bytes, way == 0 ? length / 2 : length);
        run(self, "damaged", 2);
        const ndup_summary *summary = ndup_result_summary(self->result);
        ndup_verdict last;
        assert_in_range(summary->documents, 1, 199);
        ndup_result_verdict(self->result, summary->documents - 1, &last);
        assert_u64_equal(last.id.length, strlen("z.txt"));
        assert_memory_equal(last.id.bytes, "z.txt", 5);
        assert_true(summary->skipped >= 1);
        assert_true(self->problem_count >= 1);
        assert_true(assert_problem(self, 0, NDUP_STATUS_CORRUPT, name)->skipped);
    }
    free(bytes);
}

static void test_inputs__damaged_gzip_is_read_up_to_the_damage(void **state)
{
    if (!NDUP_HAVE_ZLIB) {
        skip();
    }
    check_damaged(*state, "in.jsonl.gz");
}

static void test_inputs__damaged_zstd_is_read_up_to_the_damage(void **state)
{
    if (!NDUP_HAVE_ZSTD) {
        skip();
    }
    check_damaged(*state, "in.jsonl.zst");
}

static void test_inputs__what_does_not_exist_is_an_error(void **state)
{
    setting *self = *state;
    char path[1024];
    const char *input = temp_dir_path(&self->dir, "nothing", path, sizeof path);
    ndup_corpus *corpus;
    ndup_error error;
    assert_status(ndup_corpus_open(&corpus, &input, 1, &self->options, NULL, &error),
                  NDUP_STATUS_NOT_FOUND, &error);
    assert_null(corpus);
    assert_non_null(strstr(error.message, "nothing"));
    temp_dir_mkdir(&self->dir, "empty");
    input = temp_dir_path(&self->dir, "empty", path, sizeof path);
    assert_status(ndup_corpus_open(&corpus, &input, 1, &self->options, NULL, &error),
                  NDUP_STATUS_NOT_FOUND, &error);
    assert_null(corpus);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

TEST_MAIN(TEST(test_inputs__bad_lines_are_located_and_left_out),
          TEST(test_inputs__invalid_utf8_is_repaired_and_reported),
          TEST(test_inputs__control_characters_are_text_unless_they_are_many),
          TEST(test_inputs__a_raw_nul_in_a_record_is_reported),
          TEST(test_inputs__empty_texts_match_only_the_same_bytes),
          TEST(test_inputs__long_records_are_left_out),
          TEST(test_inputs__the_longest_record_allowed_is_read),
          TEST(test_inputs__deep_nesting_is_read), TEST(test_inputs__duplicate_ids_are_counted),
          TEST(test_inputs__line_ends_and_marks_do_not_show),
          TEST(test_inputs__names_of_records_without_id_tell_the_place),
          TEST(test_inputs__folders_with_odd_entries_are_read_through),
          TEST(test_inputs__damaged_gzip_is_read_up_to_the_damage),
          TEST(test_inputs__damaged_zstd_is_read_up_to_the_damage),
          TEST(test_inputs__what_does_not_exist_is_an_error))
