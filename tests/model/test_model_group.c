/* SPDX-License-Identifier: MIT */
/* Roles and stories of texts made of random words, of which it is known who has what from whom. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/group_check.h"
#include "support/random.h"
#include "support/test.h"

enum { DOCUMENTS_MOST = 128, TEXT_BYTES = 8192 };

static struct {
    told_document documents[DOCUMENTS_MOST];
    told_grouping found[DOCUMENTS_MOST];
    char texts[DOCUMENTS_MOST][TEXT_BYTES];
    size_t count;
    ndup_group_summary summary;
} corpus;

/* Words from..to of an endless text: the same ones whenever it is the same text. */
static void write_words(char *out, uint64_t text, unsigned from, unsigned to)
{
    size_t used = strlen(out);
    for (unsigned i = from; i < to; i++) {
        test_random random;
        test_random_init(&random, text * 10007 + i + 1);
        test_random_u64(&random);
        used += (size_t)snprintf(out + used, TEXT_BYTES - used, "w%llu ",
                                 (unsigned long long)(test_random_u64(&random) % 1000000007));
    }
}

static char *add(const char *id, const char *source, const char *date)
{
    told_document *added = &corpus.documents[corpus.count];
    char *text = corpus.texts[corpus.count++];
    *added = (told_document){.id = id, .source = source, .date = date, .text = text};
    text[0] = '\0';
    return text;
}

static void run(const ndup_group_options *options)
{
    ndup_error error;
    assert_ok(group_documents(corpus.found, &corpus.summary, corpus.documents, corpus.count,
                              options, &error),
              &error);
}

static void start(void)
{
    memset(&corpus, 0, sizeof corpus);
}

static const told_grouping *of(const char *id)
{
    for (size_t i = 0; i < corpus.count; i++) {
        if (strcmp(corpus.documents[i].id, id) == 0) {
            return &corpus.found[i];
        }
    }
    fail_msg("no document is named %s", id);
    return NULL;
}

static void assert_role(const char *id, ndup_role role, const char *first)
{
    const told_grouping *found = of(id);
    assert_string_equal(ndup_role_name(found->role), ndup_role_name(role));
    assert_string_equal(found->of, first);
    bool is_own =
        role == NDUP_ROLE_FIRST || role == NDUP_ROLE_PARTIAL || role == NDUP_ROLE_COMPILES;
    assert_int_equal(found->copy_group == of(first)->copy_group, !is_own || strcmp(id, first) == 0);
}

static void test_group__tells_roles(void **state)
{
    (void)state;
    start();
    write_words(add("copy", "b", "2020-01-02"), 1, 0, 200);
    write_words(add("first", "a", "2020-01-01"), 1, 0, 200);
    write_words(add("excerpt", "c", "2020-01-03"), 1, 20, 100);
    char *longer = add("longer", "d", "2020-01-03");
    write_words(longer, 1, 0, 200);
    write_words(longer, 2, 0, 200);
    char *update = add("update", "a", "2020-01-04");
    write_words(update, 1, 0, 200);
    write_words(update, 3, 0, 20);
    char *part = add("part", "e", "2020-01-04");
    write_words(part, 1, 50, 170);
    write_words(part, 4, 0, 80);
    write_words(add("undated", "f", NULL), 1, 0, 200);
    run(NULL);
    assert_role("first", NDUP_ROLE_FIRST, "first");
    assert_role("copy", NDUP_ROLE_COPY, "first");
    assert_role("excerpt", NDUP_ROLE_EXCERPT, "first");
    assert_role("longer", NDUP_ROLE_EXTENDS, "first");
    assert_role("update", NDUP_ROLE_UPDATE, "first");
    assert_role("part", NDUP_ROLE_PARTIAL, "first");
    assert_role("undated", NDUP_ROLE_COPY, "first");
    assert_double_in(of("part")->share, .56, .61);
    assert_double_in(of("excerpt")->of_share, .39, .41);
    assert_u64_equal(corpus.summary.copies, 5);
    assert_u64_equal(corpus.summary.copy_groups, 1);
    assert_u64_equal(corpus.summary.undated, 1);
}

/* The longer text is the earlier one: the other was cut out of it. */
static void test_group__who_was_first_is_said_by_dates(void **state)
{
    (void)state;
    start();
    write_words(add("short", "a", "Tue, 07 Jan 2020 10:00:00 GMT"), 1, 20, 100);
    write_words(add("whole", "b", "2020-01-05"), 1, 0, 200);
    write_words(add("odd", "c", "1/21"), 1, 0, 200);
    write_words(add("coming", "d", "2999-01-01"), 1, 0, 200);
    run(NULL);
    assert_role("whole", NDUP_ROLE_FIRST, "whole");
    assert_role("short", NDUP_ROLE_EXCERPT, "whole");
    assert_role("odd", NDUP_ROLE_COPY, "whole");
    assert_role("coming", NDUP_ROLE_COPY, "whole");
    assert_u64_equal(corpus.summary.odd_dates, 2);
}

static void test_group__a_roundup_compiles_and_joins_no_stories(void **state)
{
    (void)state;
    start();
    write_words(add("one", "a", "2020-01-01"), 1, 0, 120);
    write_words(add("two", "b", "2020-01-01"), 2, 0, 120);
    write_words(add("three", "c", "2020-01-01"), 3, 0, 120);
    char *roundup = add("roundup", "d", "2020-01-02");
    write_words(roundup, 1, 0, 120);
    write_words(roundup, 2, 0, 120);
    write_words(roundup, 3, 0, 120);
    run(NULL);
    assert_role("roundup", NDUP_ROLE_COMPILES, "roundup");
    assert_true(of("one")->story != of("two")->story);
    assert_true(of("two")->story != of("three")->story);
    assert_true(of("one")->story != of("roundup")->story);
}

/* Of three texts, neighbours share two thirds; the outer ones a third. */
static void test_group__copies_do_not_chain(void **state)
{
    (void)state;
    start();
    write_words(add("a", "a", "2020-01-01"), 1, 0, 300);
    write_words(add("b", "b", "2020-01-02"), 1, 30, 330);
    write_words(add("c", "c", "2020-01-03"), 1, 150, 450);
    write_words(add("d", "d", "2020-01-04"), 1, 300, 600);
    run(NULL);
    assert_role("b", NDUP_ROLE_COPY, "a");
    assert_true(of("c")->copy_group != of("a")->copy_group); /* half of a */
    assert_true(of("d")->copy_group != of("a")->copy_group);
    assert_true(of("d")->copy_group != of("c")->copy_group);
}

/* Changes a letter of every `step`th word into another one. */
static void damage(char *text, unsigned step)
{
    unsigned word = 0;
    for (char *at = text; (at = strchr(at, ' ')) != NULL; at++) {
        if (++word % step == 0 && at[-1] != ' ') {
            at[-1] = at[-1] == 'x' ? 'y' : 'x';
        }
    }
}

/* Every third word is damaged: no run of eight is left, and a third of the pairs of words. */
static void test_group__damage_hides_no_copy(void **state)
{
    (void)state;
    start();
    write_words(add("first", "A", "2020-01-01"), 1, 0, 150);
    char *damaged = add("damaged", "B", "2020-01-02");
    write_words(damaged, 1, 0, 150);
    damage(damaged, 3);
    write_words(add("copy", "C", "2020-01-03"), 1, 0, 150);
    char *cut = add("cut", "B", "2020-01-03");
    write_words(cut, 1, 0, 60);
    damage(cut, 3);
    write_words(add("other", "D", "2020-01-02"), 2, 0, 150);
    run(NULL);
    assert_string_equal(of("damaged")->of, "first");
    assert_int_equal(of("damaged")->role, NDUP_ROLE_COPY);
    assert_u64_equal(of("damaged")->copy_group, of("first")->copy_group);
    assert_int_equal(of("cut")->role, NDUP_ROLE_EXCERPT);
    assert_string_equal(of("cut")->of, "first");
    assert_int_equal(of("copy")->role, NDUP_ROLE_COPY);
    assert_int_equal(of("other")->role, NDUP_ROLE_FIRST);
    assert_u64_equal(corpus.summary.copy_groups, 1);
    assert_u64_equal(corpus.summary.copies, 3);
}

/* A document of which a damaged copy was kept, and copies of that one. */
static void test_group__copies_of_what_turns_out_a_copy_go_with_it(void **state)
{
    (void)state;
    start();
    write_words(add("first", "A", "2020-01-01"), 1, 0, 150);
    for (unsigned i = 0; i < 2; i++) {
        char *scan = add(i == 0 ? "scan" : "scan-again", "B", i == 0 ? "2020-01-02" : "2020-01-03");
        write_words(scan, 1, 0, 150);
        damage(scan, 3);
    }
    run(NULL);
    assert_string_equal(of("scan")->of, "first");
    assert_string_equal(of("scan-again")->of, "first");
    assert_u64_equal(of("scan-again")->copy_group, 0);
    assert_u64_equal(corpus.summary.copies, 2);
}

/* Texts of five stories: each shares rare words with those of its own, in another order. */
static void make_stories(void)
{
    static char ids[DOCUMENTS_MOST][8];
    static const char *const dates[] = {"2020-01-01", "2020-01-02", NULL, "2020-01-03"};
    start();
    for (unsigned i = 0; i < 60; i++) {
        snprintf(ids[i], sizeof ids[i], "d%u", i);
        char *text = add(ids[i], i % 3 == 0 ? "a" : "b", dates[i % 4]);
        for (unsigned k = 0; k < 30; k++) {
            unsigned word = (k * 7 + i * 11) % 30;
            write_words(text, 50 + i % 5, word, word + 1);
            write_words(text, 1000 + i, k, k + 1);
        }
        if (i % 6 == 5) { /* and a copy of what came five before */
            memcpy(text, corpus.texts[i - 5], TEXT_BYTES);
        }
    }
}

static void test_group__finds_stories_in_other_words(void **state)
{
    (void)state;
    make_stories();
    run(NULL);
    for (unsigned i = 0; i < 60; i++) {
        for (unsigned k = 0; k < 60; k++) {
            unsigned own = i % 6 == 5 ? (i - 5) % 5 : i % 5;
            unsigned other = k % 6 == 5 ? (k - 5) % 5 : k % 5;
            assert_int_equal(corpus.found[i].story == corpus.found[k].story, own == other);
        }
    }
    assert_u64_equal(corpus.summary.stories, 5);
    assert_u64_equal(corpus.summary.in_stories, 60);
}

/* Numbers count from the first document, so they are the same, too. */
static void test_group__threads_and_order_change_nothing(void **state)
{
    (void)state;
    static told_grouping before[DOCUMENTS_MOST];
    static told_document shuffled[DOCUMENTS_MOST];
    ndup_group_options options;
    ndup_group_options_init(&options);
    make_stories();
    options.threads = 1;
    run(&options);
    memcpy(before, corpus.found, sizeof before);
    options.threads = 3;
    memcpy(shuffled, corpus.documents, sizeof shuffled);
    for (size_t i = 0; i < corpus.count; i++) {
        corpus.documents[i] = shuffled[i * 37 % corpus.count];
    }
    run(&options);
    for (size_t i = 0; i < corpus.count; i++) {
        const told_grouping *now = &corpus.found[i];
        const told_grouping *then = &before[i * 37 % corpus.count];
        assert_u64_equal(now->story, then->story);
        assert_u64_equal(now->copy_group, then->copy_group);
        assert_int_equal(now->role, then->role);
        assert_string_equal(now->of, then->of);
        assert_double_in(now->share, then->share, then->share);
    }
}

static void test_group__takes_what_is_hardly_a_text(void **state)
{
    (void)state;
    start();
    run(NULL);
    assert_u64_equal(corpus.summary.stories, 0);
    corpus.documents[0] = (told_document){.id = "empty"};
    corpus.documents[1] = (told_document){.id = "no date"};
    corpus.documents[2] = (told_document){.id = "title", .title = "Kestrel dam cracks again"};
    corpus.documents[3] = (told_document){.id = "again", .title = "Kestrel dam cracks again"};
    corpus.documents[4] = (told_document){.id = "marks", .text = "... --- ..."};
    corpus.count = 5;
    run(NULL);
    assert_true(of("empty")->story != of("marks")->story);
    assert_true(of("empty")->story != of("title")->story);
    assert_u64_equal(corpus.summary.undated, 5);
    assert_u64_equal(corpus.summary.odd_dates, 0);
}

static void test_group__refuses_options_and_names_them(void **state)
{
    (void)state;
    ndup_group_options options;
    ndup_error error;
    struct {
        double share, bar, within;
        const char *named;
    } cases[] = {{0, .15, 0, "share"}, {1.1, .15, 0, "share"}, {.5, 0, 0, "bar"},
                 {.5, 1, 0, "bar"},    {.5, .15, -1, "days"},  {.5, .15, 2e6, "days"},
                 {-1, .15, 0, "share"}};
    start();
    write_words(add("one", "a", "2020-01-01"), 1, 0, 120);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ndup_group_options_init(&options);
        options.share = cases[i].share;
        options.bar = cases[i].bar;
        options.within_days = cases[i].within;
        assert_status(
            group_documents(corpus.found, &corpus.summary, corpus.documents, 1, &options, &error),
            NDUP_STATUS_INVALID, &error);
        assert_non_null(strstr(error.message, cases[i].named));
    }
}

static ndup_status group_some(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    ndup_group_options options;
    ndup_group_options_init(&options);
    options.allocator = allocator;
    options.threads = 1;
    return group_documents(corpus.found, &corpus.summary, corpus.documents, corpus.count, &options,
                           error);
}

static void test_group__leaks_nothing_without_memory(void **state)
{
    (void)state;
    make_stories();
    corpus.count = 12;
    assert_true(fault_loop(group_some, NULL, 50) > 100);
}

TEST_MAIN(cmocka_unit_test(test_group__tells_roles),
          cmocka_unit_test(test_group__who_was_first_is_said_by_dates),
          cmocka_unit_test(test_group__a_roundup_compiles_and_joins_no_stories),
          cmocka_unit_test(test_group__copies_do_not_chain),
          cmocka_unit_test(test_group__damage_hides_no_copy),
          cmocka_unit_test(test_group__copies_of_what_turns_out_a_copy_go_with_it),
          cmocka_unit_test(test_group__finds_stories_in_other_words),
          cmocka_unit_test(test_group__threads_and_order_change_nothing),
          cmocka_unit_test(test_group__takes_what_is_hardly_a_text),
          cmocka_unit_test(test_group__refuses_options_and_names_them),
          cmocka_unit_test(test_group__leaks_nothing_without_memory))
