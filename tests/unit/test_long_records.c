/* SPDX-License-Identifier: MIT */
/* A record over the limit is passed over with a word, and what stands around it is read: of every
 * format, for records that a block holds and for longer ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup/dedup.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { LIMIT = 20000, MOST_BYTES = 1 << 21 };

/* A record in front, the text of a long one between its two parts, and a record behind it. */
typedef struct layout {
    const char *name;
    const char *head;  /* up to the long text */
    const char *unit;  /* repeated as the long text */
    const char *tail;  /* behind it */
    bool needs_length; /* %zu in the head is the length of text and tail up to a blank line */
    bool has_markup;
} layout;

#define WARC_HEAD(id)                                                       \
    "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:" id ">\r\n" \
    "Content-Type: text/plain\r\nContent-Length: "

static const layout layouts[] = {
    {"a.jsonl", "{\"id\":\"a\",\"text\":\"one two\"}\n{\"id\":\"long\",\"text\":\"", "word ",
     "\"}\n{\"id\":\"b\",\"text\":\"three four\"}\n", false, false},
    {"lines_of_objects.json", "[{\"id\":\"a\",\"text\":\"one two\"},{\"id\":\"long\",\"text\":\"",
     "{word [", "\"},{\"id\":\"b\",\"text\":\"three four\"}]", false, false},
    {"a.csv", "id,text\r\na,one two\r\nlong,\"", "word \"\", ", "\"\r\nb,three four\r\n", false,
     false},
    {"a.tsv", "id\ttext\na\tone two\nlong\t", "word ", "\nb\tthree four\n", false, false},
    {"a.rss", "<rss><channel><item><guid>a</guid><title>one two</title></item><item><title>",
     "a <b> word ",
     "</title></item><item><guid>b</guid><title>three four</title></item></channel></rss>", false,
     true},
    {"a.mbox",
     "From a Thu Jan 29 15:30:05 2026\nFrom: a\nSubject: one\n\none two\n\n"
     "From a Thu Jan 29 15:30:05 2026\nFrom: a\nSubject: long\n\n",
     "a word\n", "\nFrom a Thu Jan 29 15:30:05 2026\nFrom: a\nSubject: three\n\nthree four\n",
     false, false},
    {"a.warc", WARC_HEAD("a") "7\r\n\r\none two\r\n\r\n" WARC_HEAD("long") "%zu\r\n\r\n", "word ",
     "\r\n\r\n" WARC_HEAD("b") "10\r\n\r\nthree four\r\n\r\n", true, false},
};

static size_t make(char *bytes, const layout *chosen, size_t text_bytes)
{
    size_t unit = strlen(chosen->unit);
    size_t units = text_bytes / unit;
    size_t at;
    if (chosen->needs_length) {
        char head[1024];
        char *place = strstr(strcpy(head, chosen->head), "%zu");
        assert_non_null(place);
        at =
            (size_t)sprintf(bytes, "%.*s%zu%s", (int)(place - head), head, units * unit, place + 3);
    } else {
        at = (size_t)sprintf(bytes, "%s", chosen->head);
    }
    for (size_t i = 0; i < units; i++, at += unit) {
        memcpy(bytes + at, chosen->unit, unit);
    }
    return at + (size_t)sprintf(bytes + at, "%s", chosen->tail);
}

typedef struct told {
    size_t problems;
    size_t too_long;
} told;

static void count_problem(void *context, const ndup_problem *problem)
{
    told *self = context;
    self->problems++;
    self->too_long += problem->skipped && problem->status == NDUP_STATUS_LIMIT;
}

/* Opens and reads the file under the limit; returns the number of documents. */
static uint64_t read_file(told *heard, const char *path, uint64_t limit, unsigned threads)
{
    ndup_hooks hooks = {.struct_size = sizeof hooks, .context = heard, .problem = count_problem};
    ndup_corpus_options corpus_options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_dedup_options options;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    *heard = (told){.problems = 0};
    corpus_options.max_record_bytes = limit;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.threads = threads;
    assert_ok(ndup_corpus_open(&corpus, &path, 1, &corpus_options, &hooks, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, &hooks, &error), &error);
    uint64_t documents = ndup_result_summary(result)->documents;
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return documents;
}

static void check(const layout *chosen, size_t text_bytes, uint64_t limit)
{
    temp_dir folder;
    char path[512];
    char *bytes = malloc(MOST_BYTES);
    told heard;
    assert_non_null(bytes);
    temp_dir_init(&folder);
    temp_dir_write(&folder, chosen->name, bytes, make(bytes, chosen, text_bytes));
    temp_dir_path(&folder, chosen->name, path, sizeof path);
    for (unsigned threads = 1; threads <= 2; threads++) {
        uint64_t documents = read_file(&heard, path, limit, threads);
        if (documents != 2 || heard.too_long != 1 || heard.problems != 1) {
            print_error("%s, %zu bytes, limit %zu\n", chosen->name, text_bytes, (size_t)limit);
        }
        assert_u64_equal(documents, 2);
        assert_u64_equal(heard.too_long, 1);
        assert_u64_equal(heard.problems, 1);
        assert_u64_equal(read_file(&heard, path, MOST_BYTES, threads), 3);
        assert_u64_equal(heard.problems, 0);
    }
    temp_dir_deinit(&folder);
    free(bytes);
}

static void check_all(size_t text_bytes, uint64_t limit)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        if (NDUP_HAVE_GUMBO || !layouts[i].has_markup) {
            check(&layouts[i], text_bytes, limit);
        }
    }
}

static void test_long_records__that_a_block_holds_are_passed_over(void **state)
{
    (void)state;
    check_all(2 * LIMIT, LIMIT);
}

static void test_long_records__over_many_blocks_are_passed_over(void **state)
{
    (void)state;
    check_all(700000, LIMIT);
    check_all(700000, 300000);
}

TEST_MAIN(cmocka_unit_test(test_long_records__that_a_block_holds_are_passed_over),
          cmocka_unit_test(test_long_records__over_many_blocks_are_passed_over))
