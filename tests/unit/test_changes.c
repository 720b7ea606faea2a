/* SPDX-License-Identifier: MIT */
/* What a reader sees of a change, and that the changes make the one text of the other. */
#include "story/changes.h"

#include <stdio.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/random.h"
#include "support/test.h"

enum { BYTES_MOST = 8000 };

static void find(ndup__changes *changes, ndup_text of, ndup_text own)
{
    ndup_error error;
    assert_ok(ndup__changes_take_of(changes, of, &error), &error);
    assert_ok(ndup__changes_find(changes, of, own, &error), &error);
}

/* The changes of a pair as "[was>is tokens]", one after the other. */
static void assert_changes(const char *of, const char *own, const char *expected)
{
    ndup__changes changes;
    char shown[1000] = "";
    ndup__changes_init(&changes, NULL);
    find(&changes, (ndup_text){of, strlen(of)}, (ndup_text){own, strlen(own)});
    for (size_t i = 0; i < changes.count; i++) {
        const ndup_change *change = &changes.items[i];
        size_t used = strlen(shown);
        snprintf(shown + used, sizeof shown - used, "[%.*s>%.*s %u:%u]", (int)change->of_bytes,
                 of + change->of_at, (int)change->bytes, own + change->at, change->of_tokens,
                 change->tokens);
    }
    assert_string_equal(shown, expected);
    ndup__changes_deinit(&changes);
}

static void test_changes__words_are_changed_as_wholes(void **state)
{
    (void)state;
    assert_changes("The minister said yes.", "The minister says yes.", "[said>says 1:1]");
    assert_changes("The minister said.", "The minister said.", "");
    assert_changes("Nobody came today", "Nobody of them came today", "[>of them  0:2]");
    assert_changes("Nobody of them came today", "Nobody came today", "[of them > 2:0]");
    assert_changes("Nobody came", "Nobody came today", "[> today 0:1]");
    assert_changes("Today nobody came", "nobody came", "[Today > 1:0]");
    assert_changes("", "All is new", "[>All is new 0:3]");
    assert_changes("All is gone", "", "[All is gone> 3:0]");
    assert_changes("", "", "");
}

static void test_changes__marks_and_case_alone_have_no_tokens(void **state)
{
    (void)state;
    assert_changes("Yes, he said today.", "Yes he said today!", "[,> 0:0][.>! 0:0]");
    assert_changes("the senate voted", "the Senate voted", "[senate>Senate 0:0]");
    assert_changes("Storm hits coast of Spain", "STORM HITS COAST OF SPAIN",
                   "[Storm hits coast of Spain>STORM HITS COAST OF SPAIN 0:0]");
    assert_changes("He said \xE2\x80\x9Cyes\xE2\x80\x9D today", "He said \"yes\" today",
                   "[\xE2\x80\x9Cyes\xE2\x80\x9D>\"yes\" 0:0]");
}

static void test_changes__white_space_counts_as_white_space(void **state)
{
    (void)state;
    assert_changes("One two\nthree  four.", " One  two three\r\n\r\nfour. \n", "");
    assert_changes("One two", "One\xC2\xA0two", "");
    assert_changes("one,two", "one, two", "[>  0:0]");
}

static void test_changes__a_short_word_between_joins_two(void **state)
{
    (void)state;
    assert_changes("seen by many of us here", "heard by few of us here",
                   "[seen by many>heard by few 3:3]");
    assert_changes("seen under many of us here", "heard under few of us here",
                   "[seen>heard 1:1][many>few 1:1]");
}

static void test_changes__words_that_are_common_by_chance_part_nothing(void **state)
{
    (void)state;
    assert_changes("one two three four same five six seven eight",
                   "oxen toads trees farms same fives sixes sevens eights",
                   "[one two three four same five six seven eight>"
                   "oxen toads trees farms same fives sixes sevens eights 9:9]");
    assert_changes("one two three four same five six seven",
                   "oxen toads trees farms same fives sixes sevens",
                   "[one two three four>oxen toads trees farms 4:4]"
                   "[five six seven>fives sixes sevens 3:3]");
}

static void test_changes__single_characters_are_words(void **state)
{
    (void)state;
    assert_changes("\xE6\x96\xB0\xE8\x81\x9E\xE7\xA4\xBE\xE4\xBB\x8A\xE6\x97\xA5",
                   "\xE6\x96\xB0\xE8\x81\x9E\xE7\xA4\xBE\xE6\x98\xA8\xE6\x97\xA5",
                   "[\xE4\xBB\x8A>\xE6\x98\xA8 1:1]");
}

/* A text with white space as single spaces, and none around it. */
static size_t squeeze(char *out, ndup_text text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        bool is_white = strchr(" \n\t", text.bytes[i]) != NULL;
        if (is_white && (length == 0 || out[length - 1] == ' ')) {
            continue;
        }
        out[length++] = is_white ? ' ' : text.bytes[i];
    }
    return length > 0 && out[length - 1] == ' ' ? length - 1 : length;
}

static void assert_same_text(ndup_text x, ndup_text y)
{
    static char a[BYTES_MOST];
    static char b[BYTES_MOST];
    size_t a_length = squeeze(a, x);
    size_t b_length = squeeze(b, y);
    assert_u64_equal(a_length, b_length);
    assert_memory_equal(a, b, a_length);
}

static size_t copy(char *out, size_t at, const char *bytes, size_t length)
{
    assert_true(at + length <= BYTES_MOST);
    memcpy(out + at, bytes, length);
    return at + length;
}

/* Makes the version of the text that it was compared with. */
static void assert_applies(const ndup__changes *changes, ndup_text of, ndup_text own)
{
    static char made[BYTES_MOST];
    size_t length = 0;
    size_t of_at = 0;
    size_t own_at = 0;
    for (size_t i = 0; i < changes->count; i++) {
        const ndup_change *change = &changes->items[i];
        assert_true(change->of_at >= of_at && change->at >= own_at);
        assert_same_text((ndup_text){of.bytes + of_at, change->of_at - of_at},
                         (ndup_text){own.bytes + own_at, change->at - own_at});
        length = copy(made, length, of.bytes + of_at, change->of_at - of_at);
        length = copy(made, length, own.bytes + change->at, change->bytes);
        of_at = change->of_at + change->of_bytes;
        own_at = change->at + change->bytes;
        assert_true(of_at <= of.length && own_at <= own.length);
    }
    length = copy(made, length, of.bytes + of_at, of.length - of_at);
    assert_same_text((ndup_text){made, length}, own);
}

static size_t put(char *text, size_t at, test_random *random, uint64_t word)
{
    static const char *const gaps[] = {" ", " ", " ", "  ", "\n", ", ", ". ", "-", " (", "\t"};
    int used = snprintf(text + at, BYTES_MOST - at, "%s%s%u",
                        gaps[test_random_below(random, sizeof gaps / sizeof *gaps)],
                        test_random_chance(random, 0.1) ? "W" : "w", (unsigned)word);
    return at + (size_t)used;
}

/* Two texts over a few words; the second has most of the first. */
static void make_pair(char *of, size_t *of_length, char *own, size_t *own_length,
                      test_random *random)
{
    uint64_t count = test_random_below(random, 500);
    uint64_t words = 1 + test_random_below(random, 300);
    double chance = test_random_unit(random) / 2;
    *of_length = *own_length = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t word = test_random_below(random, words);
        bool is_edited = test_random_chance(random, chance);
        if (!is_edited || test_random_chance(random, 0.6)) {
            *of_length = put(of, *of_length, random, word);
        }
        if (!is_edited || test_random_chance(random, 0.6)) {
            *own_length =
                put(own, *own_length, random, is_edited ? test_random_below(random, words) : word);
        }
    }
}

static void test_changes__make_the_version_of_the_other(void **state)
{
    (void)state;
    static char of[BYTES_MOST];
    static char own[BYTES_MOST];
    test_random random;
    ndup__changes changes;
    test_random_init(&random, 21);
    ndup__changes_init(&changes, NULL);
    for (int round = 0; round < 3000; round++) {
        size_t of_length;
        size_t own_length;
        make_pair(of, &of_length, own, &own_length, &random);
        find(&changes, (ndup_text){of, of_length}, (ndup_text){own, own_length});
        assert_applies(&changes, (ndup_text){of, of_length}, (ndup_text){own, own_length});
        find(&changes, (ndup_text){of, of_length}, (ndup_text){of, of_length});
        assert_u64_equal(changes.count, 0);
    }
    ndup__changes_deinit(&changes);
}

static ndup_status changes_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    ndup__changes changes;
    ndup_text of = {"Nobody of them came today, it was said", 38};
    ndup_text own = {"Nobody came then, it was written", 32};
    ndup__changes_init(&changes, allocator);
    ndup_status status = ndup__changes_take_of(&changes, of, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__changes_find(&changes, of, own, error);
    }
    ndup__changes_deinit(&changes);
    return status;
}

static void test_changes__without_memory(void **state)
{
    (void)state;
    fault_loop(changes_job, NULL, 1);
}

TEST_MAIN(cmocka_unit_test(test_changes__words_are_changed_as_wholes),
          cmocka_unit_test(test_changes__marks_and_case_alone_have_no_tokens),
          cmocka_unit_test(test_changes__white_space_counts_as_white_space),
          cmocka_unit_test(test_changes__a_short_word_between_joins_two),
          cmocka_unit_test(test_changes__words_that_are_common_by_chance_part_nothing),
          cmocka_unit_test(test_changes__single_characters_are_words),
          cmocka_unit_test(test_changes__make_the_version_of_the_other),
          cmocka_unit_test(test_changes__without_memory))
