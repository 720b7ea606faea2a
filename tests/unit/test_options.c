/* SPDX-License-Identifier: MIT */
/* Options of a run that are out of range, and the names and texts of every status. */
#include <math.h>
#include <string.h>

#include "neardup/dedup.h"
#include "neardup/status.h"
#include "support/test.h"

static bool was_asked;

static ndup_status next(void *context, bool *has_document, ndup_document *document,
                        ndup_error *error)
{
    (void)context;
    (void)document;
    (void)error;
    was_asked = true;
    *has_document = false;
    return NDUP_STATUS_OK;
}

static ndup_dedup_options usual(void)
{
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    return options;
}

/* The run is refused before a document is asked for, and the message names the value. */
static void assert_refused(ndup_dedup_options options, const char *message)
{
    ndup_source source = {.struct_size = sizeof source, .next = next};
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    assert_ok(ndup_corpus_open_source(&corpus, &source, NULL, &error), &error);
    was_asked = false; /* opening looks for the first one */
    assert_status(ndup_dedup(&result, corpus, &options, NULL, &error), NDUP_STATUS_INVALID, &error);
    assert_null(result);
    assert_false(was_asked);
    if (strstr(error.message, message) == NULL) {
        print_error("message: %s, expected: %s\n", error.message, message);
    }
    assert_non_null(strstr(error.message, message));
    ndup_corpus_close(corpus);
}

#define REFUSED(field, value, message)        \
    do {                                      \
        ndup_dedup_options options = usual(); \
        options.field = value;                \
        assert_refused(options, message);     \
    } while (0)

static void test_options__out_of_range_are_named(void **state)
{
    (void)state;
    REFUSED(struct_size, 8, "struct_size 8 of the options");
    REFUSED(matching.threshold, 0, "threshold 0");
    REFUSED(matching.threshold, 1.5, "threshold 1.5");
    REFUSED(matching.threshold, (double)NAN, "threshold");
    REFUSED(matching.shingle_size, 0, "shingle size 0, must be 1..64");
    REFUSED(matching.shingle_size, 65, "shingle size 65, must be 1..64");
    REFUSED(matching.tokens, (ndup_token_mode)99, "99");
    REFUSED(matching.number_agreement, -0.5, "-0.5");
    REFUSED(matching.number_agreement, 2, "2");
    REFUSED(recall, 0, "recall 0, must be between 0 and 1");
    REFUSED(recall, 1, "recall 1, must be between 0 and 1");
    REFUSED(threads, 1u << 30, "threads, must be at most");
    REFUSED(audit, (uint64_t)1 << 60, "must be at most");
    REFUSED(never_drop_count, 1, "never_drop");
    REFUSED(max_loss_count, 1, "max_loss");
    REFUSED(keep, "best", "best");
}

static void test_options__lists_are_looked_through(void **state)
{
    (void)state;
    static const char *const globs[] = {"a*", NULL};
    static const double shares[] = {-0.1, 1.5, (double)NAN};
    ndup_dedup_options options = usual();
    options.never_drop = globs;
    options.never_drop_count = 2;
    assert_refused(options, "a glob of never_drop");
    for (size_t i = 0; i < 3; i++) {
        ndup_max_loss limits[] = {{.share = 0.5}, {.share = shares[i]}};
        options = usual();
        options.max_loss = limits;
        options.max_loss_count = 2;
        assert_refused(options, "greatest loss ");
    }
}

static void test_options__an_unknown_preset_is_told_with_the_known_ones(void **state)
{
    (void)state;
    ndup_dedup_options options;
    ndup_error error;
    assert_status(ndup_dedup_options_init(&options, "newspaper", &error), NDUP_STATUS_NOT_FOUND,
                  &error);
    assert_non_null(strstr(error.message, "newspaper"));
    assert_non_null(strstr(error.message, "news, strict, web, code, noisy"));
}

static void test_status__every_one_has_a_name_and_a_text(void **state)
{
    (void)state;
#define CHECK(name, value, text)                                                     \
    assert_string_equal(ndup_status_name(NDUP_STATUS_##name), "NDUP_STATUS_" #name); \
    assert_string_equal(ndup_status_text(NDUP_STATUS_##name), text);                 \
    assert_int_equal(NDUP_STATUS_##name, value);
    NDUP_STATUS_LIST(CHECK)
#undef CHECK
    assert_string_equal(ndup_status_name((ndup_status)99), "NDUP_STATUS_UNKNOWN");
    assert_string_equal(ndup_status_text((ndup_status)99), "unknown status");
}

TEST_MAIN(cmocka_unit_test(test_options__out_of_range_are_named),
          cmocka_unit_test(test_options__lists_are_looked_through),
          cmocka_unit_test(test_options__an_unknown_preset_is_told_with_the_known_ones),
          cmocka_unit_test(test_status__every_one_has_a_name_and_a_text))
