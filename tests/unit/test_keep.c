/* SPDX-License-Identifier: MIT */
/* Keep policies: globs, dates, and chains against naive code. */
#include "base/glob.h"
#include "cluster/keep.h"

#include <stdio.h>
#include <string.h>

#include "support/random.h"
#include "support/test.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

/* Stars and question marks by trying everything. */
static bool naive_match(const char *pattern, const char *text)
{
    if (*pattern == '\0') {
        return *text == '\0';
    }
    if (*pattern == '*') {
        return naive_match(pattern + 1, text) || (*text != '\0' && naive_match(pattern, text + 1));
    }
    return *text != '\0' && (*pattern == '?' || *pattern == *text) &&
           naive_match(pattern + 1, text + 1);
}

static void test_keep__globs_equal_naive(void **state)
{
    (void)state;
    test_random random;
    size_t matches = 0;
    test_random_init(&random, 1);
    for (int i = 0; i < 60000; i++) {
        char pattern[9] = "";
        char text[11] = "";
        size_t pattern_length = (size_t)test_random_below(&random, 8);
        size_t text_length = (size_t)test_random_below(&random, 10);
        for (size_t j = 0; j < pattern_length; j++) {
            pattern[j] = "ab*?*"[test_random_below(&random, 5)];
        }
        for (size_t j = 0; j < text_length; j++) {
            text[j] = "ab"[test_random_below(&random, 2)];
        }
        bool expected = naive_match(pattern, text);
        assert_int_equal(ndup__glob_match(pattern, text_of(text)), expected);
        matches += expected;
    }
    assert_true(matches > 5000);
}

static void test_keep__globs_know_classes_and_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool matches;
    } cases[] = {
        {"[a-c]x", "bx", true},
        {"[a-c]x", "dx", false},
        {"[!a-c]x", "dx", true},
        {"[!a-c]x", "ax", false},
        {"[abz]", "z", true},
        {"\\*", "*", true},
        {"\\*", "x", false},
        {"a\\?", "a?", true},
        {"a\\?", "ab", false},
        {"*.org", "x.org", true},
        {"*.org", "x.org.uk", false},
        {"", "", true},
        {"*", "", true},
        {"?", "", false},
        {"[0-9]*", "7up", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(ndup__glob_match(cases[i].pattern, text_of(cases[i].text)),
                         cases[i].matches);
    }
    ndup_text with_nul = {"a\0b", 3};
    assert_true(ndup__glob_match("a?b", with_nul));
    assert_false(ndup__glob_match("a", with_nul));
}

/* A pattern of many stars must not take for ever. */
static void test_keep__globs_of_many_stars_end(void **state)
{
    (void)state;
    char text[5001];
    memset(text, 'a', 5000);
    text[5000] = '\0';
    assert_false(ndup__glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text_of(text)));
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

static void assert_date(const char *text, int64_t expected)
{
    int64_t milliseconds = -1;
    if (ndup__parse_date(&milliseconds, text_of(text)) != NDUP__DATE_READ ||
        milliseconds != expected) {
        print_error("%s\n", text);
        assert_u64_equal((uint64_t)milliseconds, (uint64_t)expected);
        fail();
    }
}

static void assert_no_date(const char *text)
{
    int64_t milliseconds;
    if (ndup__parse_date(&milliseconds, text_of(text)) == NDUP__DATE_READ) {
        fail_msg("%s was taken for a date", text);
    }
}

/* Every day of 600 years by counting days. */
static void test_keep__days_equal_a_naive_calendar(void **state)
{
    (void)state;
    int64_t day = 0;
    for (int year = 1969; year >= 1600; year--) {
        day -= 365 + is_leap(year);
    }
    for (int year = 1600; year < 2200; year++) {
        for (int month = 1; month <= 12; month++) {
            char text[48];
            for (int i = 1; i <= days_in(year, month); i++, day++) {
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, i);
                assert_date(text, day * 86400000);
            }
            snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, days_in(year, month) + 1);
            assert_no_date(text);
        }
    }
}

static void test_keep__times_and_zones(void **state)
{
    (void)state;
    const int64_t noon = 951825600000; /* 2000-02-29T12:00:00Z */
    assert_date("2000-02-29T12:00:00Z", noon);
    assert_date("2000-02-29T12:00:00", noon);
    assert_date("2000-02-29 12:00:00", noon);
    assert_date("2000-02-29T12:00:00.250Z", noon + 250);
    assert_date("2000-02-29T14:00:00+02:00", noon);
    assert_date("2000-02-29T06:30:00-05:30", noon);
    assert_date("2000-03-01T01:00:00+13:00", noon);
    assert_date("2000-02-29T12:00Z", noon);
    assert_date("1970-01-01", 0);
    assert_no_date("0"); /* numbers of seconds have nine digits or more */
    assert_date("2020", 1577836800000);
    assert_date("951825600", noon);
    assert_no_date("");
    assert_no_date("yesterday");
    assert_no_date("2000-13-01");
    assert_no_date("2000-00-10");
    assert_no_date("2001-02-29");
    assert_no_date("1900-02-29");
    assert_no_date("2000-02-29T25:00:00Z");
    assert_no_date("2000-02-29T12:61:00Z");
}

static void test_keep__chains_are_parsed_or_named(void **state)
{
    (void)state;
    static const char *const good[] = {
        "first",           "last",
        "longest",         "shortest",
        "newest,oldest",   "prefer=a*,longest",
        "field:score:asc", "field:meta.score:desc,first",
    };
    static const char *const bad[] = {
        "",        "frist",       "longest,,first", "longest,",   "prefer",
        "prefer=", "field:score", "field:score:up", "field::asc", "newest oldest",
    };
    ndup__arena strings = {0};
    ndup__keep_policy policy;
    ndup_error error;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(ndup__keep_parse(&policy, good[i], &strings, &error), &error);
        assert_int_equal(policy.input_order, strcmp(good[i], "first") == 0);
        assert_int_equal(policy.uses_input,
                         strstr(good[i], "first") != NULL || strstr(good[i], "last") != NULL);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ndup_status status = ndup__keep_parse(&policy, bad[i], &strings, &error);
        if (status != NDUP_STATUS_INVALID) {
            print_error("chain '%s'\n", bad[i]);
        }
        assert_status(status, NDUP_STATUS_INVALID, &error);
        assert_true(strlen(error.message) > 5);
    }
    ndup__arena_deinit(&strings);
}

/* Values of a document with this date, source and length. */
static void set_values(ndup__keep_value *values, const ndup__keep_policy *policy, const char *date,
                       const char *source, uint64_t number, uint64_t tokens, ndup__arena *strings)
{
    ndup_error error;
    ndup__item item = {
        .document = {.id = text_of("id"), .date = text_of(date), .source = text_of(source)}};
    assert_ok(ndup__keep_values(values, policy, &item, number, tokens, strings, &error), &error);
}

static void test_keep__the_first_difference_decides(void **state)
{
    (void)state;
    static const struct {
        const char *chain, *a_date, *a_source;
        uint64_t a_tokens;
        const char *b_date, *b_source;
        uint64_t b_tokens;
        int sign; /* of a compared with b: less is better */
    } cases[] = {
        {"longest", "", "", 10, "", "", 9, -1},
        {"shortest", "", "", 10, "", "", 9, 1},
        {"longest", "", "", 9, "", "", 9, 0},
        {"newest", "2020-01-02", "", 1, "2020-01-01", "", 1, -1},
        {"oldest", "2020-01-02", "", 1, "2020-01-01", "", 1, 1},
        {"newest", "", "", 1, "1900-01-01", "", 1, 1},
        {"oldest", "", "", 1, "2100-01-01", "", 1, 1},
        {"oldest", "no date", "", 1, "2100-01-01", "", 1, 1},
        {"newest", "", "", 1, "", "", 1, 0},
        {"newest", "1969-12-31", "", 1, "1960-01-01", "", 1, -1},
        {"oldest", "2020-01-01T12:00:00+02:00", "", 1, "2020-01-01T11:00:00Z", "", 1, -1},
        {"prefer=ap*", "", "apnews", 1, "", "mirror", 1, -1},
        {"prefer=ap*,longest", "", "apnews", 1, "", "apnet", 2, 1},
        {"prefer=ap*,longest", "", "apnews", 1, "", "mirror", 2, -1},
        {"newest,shortest", "2020-01-01", "", 5, "2020-01-01T00:00:00Z", "", 4, 1},
        {"first", "", "", 1, "", "", 1, -1},
        {"last", "", "", 1, "", "", 1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ndup__arena strings = {0};
        ndup__keep_policy policy;
        ndup__keep_value a[NDUP__KEEP_ELEMENTS];
        ndup__keep_value b[NDUP__KEEP_ELEMENTS];
        ndup_error error;
        assert_ok(ndup__keep_parse(&policy, cases[i].chain, &strings, &error), &error);
        set_values(a, &policy, cases[i].a_date, cases[i].a_source, 3, cases[i].a_tokens, &strings);
        set_values(b, &policy, cases[i].b_date, cases[i].b_source, 4, cases[i].b_tokens, &strings);
        int order = ndup__keep_compare(&policy, a, b);
        if ((order > 0) - (order < 0) != cases[i].sign) {
            print_error("case %zu, %s\n", i, cases[i].chain);
        }
        assert_int_equal((order > 0) - (order < 0), cases[i].sign);
        order = ndup__keep_compare(&policy, b, a);
        assert_int_equal((order > 0) - (order < 0), -cases[i].sign);
        ndup__arena_deinit(&strings);
    }
}

/* The hash under the chain of a document of these parts. */
static uint64_t hash_under(const char *chain, const char *date, const char *source, uint64_t number,
                           bool is_protected)
{
    ndup__arena strings = {0};
    ndup__keep_policy policy;
    ndup__keep_value values[NDUP__KEEP_ELEMENTS];
    ndup_error error;
    assert_ok(ndup__keep_parse(&policy, chain, &strings, &error), &error);
    set_values(values, &policy, date, source, number, number, &strings);
    uint64_t hash = ndup__keep_hash(&policy, values, is_protected);
    ndup__arena_deinit(&strings);
    return hash;
}

static void test_keep_hash__is_of_what_decides(void **state)
{
    (void)state;
    static const char *const records[] = {"newest", "longest,oldest", "prefer=x", "field:a:asc"};
    static const char *const texts[] = {"first", "last", "longest,first", "shortest"};
    ndup__arena strings = {0};
    ndup__keep_policy policy;
    ndup_error error;
    for (size_t i = 0; i < 4; i++) {
        assert_ok(ndup__keep_parse(&policy, records[i % 3], &strings, &error), &error);
        assert_true(ndup__keep_reads_record(&policy));
        assert_ok(ndup__keep_parse(&policy, texts[i], &strings, &error), &error);
        assert_false(ndup__keep_reads_record(&policy));
        assert_u64_equal(hash_under(texts[i], "2020", "a", 1, false),
                         hash_under(texts[i], "2021", "b", 2, false));
    }
    assert_ok(ndup__keep_parse(&policy, records[3], &strings, &error), &error);
    assert_true(ndup__keep_reads_record(&policy));
    ndup__arena_deinit(&strings);
    uint64_t hash = hash_under("longest,newest", "2020-01-01", "a", 1, false);
    assert_true(hash != 0);
    assert_u64_equal(hash, hash_under("longest,newest", "2020-01-01T00:00Z", "b", 7, false));
    assert_true(hash != hash_under("longest,newest", "2020-01-02", "a", 1, false));
    assert_true(hash != hash_under("longest,newest", "", "a", 1, false));
    assert_true(hash != hash_under("longest,newest", "2020-01-01", "a", 1, true));
    assert_true(hash_under("prefer=a", "", "a", 1, false) !=
                hash_under("prefer=a", "", "b", 1, false));
    assert_u64_equal(hash_under("prefer=a", "", "b", 1, false),
                     hash_under("prefer=a", "", "c", 1, false));
}

/* A value of a field as it stands in JSON; strings without their quotes. */
static ndup__value value_of(const char *text)
{
    ndup__value_kind kind = text[0] == '"'               ? NDUP__VALUE_STRING
                            : strcmp(text, "true") == 0  ? NDUP__VALUE_TRUE
                            : strcmp(text, "false") == 0 ? NDUP__VALUE_FALSE
                            : strcmp(text, "null") == 0  ? NDUP__VALUE_NULL
                            : text[0] == '\0'            ? NDUP__VALUE_ABSENT
                                                         : NDUP__VALUE_NUMBER;
    size_t quotes = kind == NDUP__VALUE_STRING;
    return (ndup__value){.kind = kind, .raw = text + quotes, .length = strlen(text) - 2 * quotes};
}

static int compare_fields(const char *chain, const char *a, const char *b)
{
    ndup__arena strings = {0};
    ndup__keep_policy policy;
    ndup__keep_value of[2][NDUP__KEEP_ELEMENTS];
    ndup_error error;
    assert_ok(ndup__keep_parse(&policy, chain, &strings, &error), &error);
    for (size_t i = 0; i < 2; i++) {
        ndup__value field = value_of(i == 0 ? a : b);
        ndup__item item = {.document = {.id = text_of("id")}, .extra = &field};
        assert_ok(ndup__keep_values(of[i], &policy, &item, i, 1, &strings, &error), &error);
    }
    int order = ndup__keep_compare(&policy, of[0], of[1]);
    ndup__arena_deinit(&strings);
    return (order > 0) - (order < 0);
}

static void test_keep__fields_are_ordered_by_kind_and_value(void **state)
{
    (void)state;
    /* In ascending order; what comes last has no value, in either order. */
    static const char *const ascending[] = {
        "-1e300", "-2",    "-1.5",  "0",      "1",     "1.25",         "10",   "1e300",
        "\"\"",   "\"A\"", "\"a\"", "\"ab\"", "\"b\"", "\"\xC3\xA9\"", "null",
    };
    enum { VALUES = sizeof ascending / sizeof ascending[0], NUMBERS = 8 };
    for (size_t i = 0; i < VALUES; i++) {
        for (size_t j = 0; j < VALUES; j++) {
            int sign = (i > j) - (i < j);
            bool same_kind = (i < NUMBERS) == (j < NUMBERS) && i + 1 < VALUES && j + 1 < VALUES;
            assert_int_equal(compare_fields("field:x:asc", ascending[i], ascending[j]), sign);
            assert_int_equal(compare_fields("field:x:desc", ascending[i], ascending[j]),
                             same_kind ? -sign : sign);
        }
    }
    assert_int_equal(compare_fields("field:x:desc", "true", "false"), -1);
    assert_int_equal(compare_fields("field:x:asc", "true", "1"), 0);
    assert_int_equal(compare_fields("field:x:asc", "-0.0", "0"), 0);
    assert_int_equal(compare_fields("field:x:asc", "null", ""), 0);
    assert_int_equal(compare_fields("field:x:asc,last", "\"a\"", "\"a\""), 1);
}

TEST_MAIN(cmocka_unit_test(test_keep__fields_are_ordered_by_kind_and_value),
          cmocka_unit_test(test_keep__globs_equal_naive),
          cmocka_unit_test(test_keep__globs_know_classes_and_escapes),
          cmocka_unit_test(test_keep__globs_of_many_stars_end),
          cmocka_unit_test(test_keep__days_equal_a_naive_calendar),
          cmocka_unit_test(test_keep__times_and_zones),
          cmocka_unit_test(test_keep__chains_are_parsed_or_named),
          cmocka_unit_test(test_keep__the_first_difference_decides),
          cmocka_unit_test(test_keep_hash__is_of_what_decides))
