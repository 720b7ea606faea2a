/* SPDX-License-Identifier: MIT */
/* Why stories are one, of texts of which it is known which words they share; and series of which
 * each text fills what the one before left. */
#include <stdio.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/group_check.h"
#include "support/random.h"
#include "support/test.h"

enum { DOCUMENTS_MOST = 128, TEXT_BYTES = 2048, OTHERS = 60, SERIES = 40 };

static struct {
    told_document documents[DOCUMENTS_MOST];
    told_grouping found[DOCUMENTS_MOST];
    char texts[DOCUMENTS_MOST][TEXT_BYTES];
    char ids[DOCUMENTS_MOST][16];
    char dates[DOCUMENTS_MOST][16];
    size_t count;
    told_explanation explained;
} corpus;

static char *add(const char *id, const char *source, unsigned day)
{
    size_t at = corpus.count++;
    char *text = corpus.texts[at];
    snprintf(corpus.ids[at], sizeof corpus.ids[at], "%s", id);
    snprintf(corpus.dates[at], sizeof corpus.dates[at], "2020-%02u-%02u", day / 28 + 1,
             day % 28 + 1);
    corpus.documents[at] = (told_document){
        .id = corpus.ids[at], .source = source, .date = corpus.dates[at], .text = text};
    text[0] = '\0';
    return text;
}

static void write_word(char *text, const char *word, unsigned long long number)
{
    size_t used = strlen(text);
    snprintf(text + used, TEXT_BYTES - used, "%s%llu ", word, number);
}

/* 30 words of an event in an order of the text's own, between words that nobody else has. */
static void write_event(char *text, const char *event, unsigned order)
{
    for (unsigned i = 0; i < 30; i++) {
        write_word(text, event, (i * 7 + order * 11) % 30);
        write_word(text, "own", order * 1000 + i);
    }
}

/* Texts that have nothing to do with anything: without them all words of a small corpus are common.
 */
static void add_others(void)
{
    for (unsigned i = 0; i < OTHERS; i++) {
        char id[16];
        snprintf(id, sizeof id, "other%u", i);
        char *text = add(id, "", i % 50);
        write_event(text, "alone", 500 + i);
        text[0] = 'x';
        for (char *at = text; *at != '\0'; at++) {
            *at = *at == 'a' ? (char)('a' + i % 26) : *at == 'l' ? (char)('a' + i / 26) : *at;
        }
    }
}

static ndup_status explain(const char *id, const char *with, ndup_error *error)
{
    ndup_group_options options;
    ndup_group_options_init(&options);
    options.explain = id;
    options.explain_with = with;
    return group_explained(&corpus.explained, corpus.found, corpus.documents, corpus.count,
                           &options, error);
}

static void explain_well(const char *id, const char *with)
{
    ndup_error error;
    assert_ok(explain(id, with, &error), &error);
}

/* One event told thrice within days, and once more after two months; a text that repeats one. */
static void make_events(void)
{
    memset(&corpus, 0, sizeof corpus);
    write_event(add("first", "a", 1), "flood", 1);
    write_event(add("second", "b", 2), "flood", 2);
    write_event(add("third", "c", 3), "flood", 3);
    strcpy(add("copy", "d", 3), corpus.texts[0]);
    write_event(add("later", "a", 62), "flood", 4);
    write_event(add("elsewhere", "a", 2), "strike", 5);
    add_others();
}

static void test_group_explain__names_the_story_and_the_nearest_one(void **state)
{
    (void)state;
    make_events();
    explain_well("third", NULL);
    const told_explanation *explained = &corpus.explained;
    assert_u64_equal(explained->count, 4);
    assert_u64_equal(explained->story, corpus.found[0].story);
    assert_memory_equal(explained->term, "flood", 5);
    assert_true(explained->told.mean >= explained->told.bar);
    assert_non_null(explained->told.other);
    assert_u64_equal(explained->other, corpus.found[4].story);
    assert_int_equal(explained->told.apart, NDUP_APART_DAYS);
    assert_null(explained->told.pair);
    for (size_t i = 0; i < 4; i++) {
        assert_true(explained->nearest[i] < 3);
    }
}

static void test_group_explain__takes_the_number_of_a_story(void **state)
{
    (void)state;
    char number[8];
    ndup_error error;
    make_events();
    explain_well("later", NULL);
    uint64_t story = corpus.explained.story;
    snprintf(number, sizeof number, "%u", (unsigned)story);
    explain_well(number, NULL);
    assert_u64_equal(corpus.explained.story, story);
    assert_u64_equal(corpus.explained.count, 1);
    assert_status(explain("100000", NULL, &error), NDUP_STATUS_NOT_FOUND, &error);
    assert_status(explain("nobody", NULL, &error), NDUP_STATUS_NOT_FOUND, &error);
    assert_status(explain("first", "nobody", &error), NDUP_STATUS_NOT_FOUND, &error);
    assert_non_null(strstr(error.message, "nobody"));
    assert_status(explain(NULL, "first", &error), NDUP_STATUS_INVALID, &error);
}

static void test_group_explain__says_what_parts_two(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        ndup_apart apart;
    } cases[] = {{"first", "second", NDUP_APART_NOT},      {"copy", "third", NDUP_APART_NOT},
                 {"copy", "first", NDUP_APART_NOT},        {"first", "later", NDUP_APART_DAYS},
                 {"first", "elsewhere", NDUP_APART_WORDS}, {"other3", "first", NDUP_APART_WORDS}};
    make_events();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        explain_well(cases[i].a, cases[i].b);
        assert_non_null(corpus.explained.told.pair);
        assert_string_equal(ndup_apart_name(corpus.explained.pair.apart),
                            ndup_apart_name(cases[i].apart));
    }
    explain_well("copy", "first");
    assert_double_in(corpus.explained.pair.score, 1, 1);
    assert_int_equal(corpus.explained.pair.term_count, 0);
    assert_null(ndup_apart_name((ndup_apart)7));
}

static ndup_status explain_some(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    ndup_group_options options;
    ndup_group_options_init(&options);
    options.allocator = allocator;
    options.threads = 1;
    options.explain = "first";
    options.explain_with = "later";
    return group_explained(&corpus.explained, corpus.found, corpus.documents, 8, &options, error);
}

static void test_group_explain__leaks_nothing_without_memory(void **state)
{
    (void)state;
    make_events();
    assert_true(fault_loop(explain_some, NULL, 50) > 100);
}

/* Every eighth word is another each day; the rest stays. */
static void write_form(char *text, unsigned day)
{
    for (unsigned i = 0; i < 96; i++) {
        if (i % 8 == 7) {
            write_word(text, "fact", day * 100 + i);
        } else {
            write_word(text, "form", i);
        }
    }
}

/* The same with more filled in than stands in the form, so that dedup takes it for none. */
static void write_loose_form(char *text, unsigned day)
{
    for (unsigned i = 0; i < 15; i++) {
        for (unsigned k = 0; k < 6; k++) {
            write_word(text, "set", i * 10 + k);
        }
        for (unsigned k = 0; k < 4; k++) {
            write_word(text, "news", day * 1000 + i * 10 + k);
        }
    }
}

static size_t largest_of_series(void)
{
    size_t largest = 0;
    for (size_t i = 0; i < SERIES; i++) {
        size_t size = 0;
        for (size_t k = 0; k < SERIES; k++) {
            size += corpus.found[k].story == corpus.found[i].story;
        }
        largest = size > largest ? size : largest;
    }
    return largest;
}

static void run_series(void (*write)(char *text, unsigned day), bool is_dated)
{
    ndup_error error;
    ndup_group_summary summary;
    memset(&corpus, 0, sizeof corpus);
    for (unsigned i = 0; i < SERIES; i++) {
        char id[16];
        snprintf(id, sizeof id, "day%u", i);
        write(add(id, "The Post", i), i);
        corpus.documents[i].date = is_dated ? corpus.documents[i].date : NULL;
    }
    add_others();
    assert_ok(group_documents(corpus.found, &summary, corpus.documents, corpus.count, NULL, &error),
              &error);
}

static void test_group__a_series_is_no_story(void **state)
{
    (void)state;
    run_series(write_form, true);
    assert_int_equal(largest_of_series(), 1);
    run_series(write_form, false); /* dedup knows it for a form */
    assert_int_equal(largest_of_series(), 1);
    run_series(write_loose_form, true);
    assert_int_equal(largest_of_series(), 1);
}

TEST_MAIN(cmocka_unit_test(test_group_explain__names_the_story_and_the_nearest_one),
          cmocka_unit_test(test_group_explain__takes_the_number_of_a_story),
          cmocka_unit_test(test_group_explain__says_what_parts_two),
          cmocka_unit_test(test_group_explain__leaks_nothing_without_memory),
          cmocka_unit_test(test_group__a_series_is_no_story))
