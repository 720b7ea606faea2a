/* SPDX-License-Identifier: MIT */
/* Which stories a page shows, and what it counts of documents. */
#include "page/story_choice.h"

#include <string.h>

#include "support/test.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static void add(ndup__story_tally *tally, uint64_t story, const char *source, uint64_t of)
{
    ndup_error error;
    uint64_t number = tally->count;
    const ndup_document document = {.number = number, .source = text_of(source)};
    const ndup_grouping grouping = {.document = number,
                                    .story = story,
                                    .of = of == UINT64_MAX ? number : of,
                                    .is_dated = number > 0,
                                    .milliseconds = (int64_t)number * 86400000 - 1};
    assert_ok(ndup__story_tally_add(tally, &grouping, &document, &error), &error);
}

static void fill(ndup__story_tally *tally)
{
    *tally = (ndup__story_tally){.allocator = NULL};
    add(tally, 0, "a", UINT64_MAX);
    add(tally, 1, "a", UINT64_MAX); /* alone */
    add(tally, 2, "a", UINT64_MAX);
    add(tally, 0, "a", 0);
    add(tally, 2, "b", 2);
    add(tally, 0, "a", 2); /* of another story's document */
    add(tally, 3, "c", UINT64_MAX);
    add(tally, 3, "b", 7); /* is itself */
}

static void test_story_choice__most_sources_first(void **state)
{
    (void)state;
    ndup__story_tally tally;
    ndup__story_choice choice = {.allocator = NULL};
    ndup_error error;
    fill(&tally);
    assert_ok(ndup__story_tally_end(&tally, 2, &error), &error);
    assert_ok(ndup__story_choice_make(&choice, &tally, 2, &error), &error);
    assert_u64_equal(choice.count, 3);
    assert_u64_equal(choice.shown, 2);
    assert_u64_equal(choice.items[0].number, 2);
    assert_u64_equal(choice.items[0].sources, 2);
    assert_u64_equal(choice.items[0].copies, 1);
    assert_u64_equal(choice.items[1].number, 3);
    assert_u64_equal(choice.items[2].number, 0);
    assert_u64_equal(choice.items[2].documents, 3);
    assert_u64_equal(choice.items[2].copies, 2);
    assert_u64_equal(ndup__story_rank(&choice, 2), 0);
    assert_u64_equal(ndup__story_rank(&choice, 0), NDUP__NOT_SHOWN);
    assert_u64_equal(ndup__story_rank(&choice, 1), NDUP__NOT_SHOWN);
    assert_u64_equal(ndup__story_rank(&choice, 99), NDUP__NOT_SHOWN);
    ndup__story_choice_deinit(&choice);
    ndup__story_tally_deinit(&tally);
}

static void test_story_tally__who_took_from_whom(void **state)
{
    (void)state;
    ndup__story_tally tally;
    ndup_error error;
    fill(&tally);
    assert_ok(ndup__story_tally_end(&tally, 1, &error), &error);
    assert_u64_equal(tally.taking_count, 3);
    assert_u64_equal(tally.sources.rows[0].dropped, 2);
    assert_u64_equal(tally.sources.rows[0].repeated, 3);
    assert_u64_equal(tally.sources.rows[1].dropped, 1);
    assert_u64_equal(tally.matrix.size, 2); /* a, and all others */
    assert_u64_equal(tally.matrix.repeats[0], 2);
    assert_u64_equal(tally.matrix.repeats[1], 1);
    assert_int_equal(tally.days[0], NDUP__NO_DAY);
    assert_int_equal(tally.days[1], 0);
    assert_int_equal(tally.days[3], 2);
    ndup__story_tally_deinit(&tally);
}

static void test_story_choice__of_nothing(void **state)
{
    (void)state;
    ndup__story_tally tally = {.allocator = NULL};
    ndup__story_choice choice = {.allocator = NULL};
    ndup_error error;
    assert_ok(ndup__story_tally_end(&tally, 2, &error), &error);
    assert_ok(ndup__story_choice_make(&choice, &tally, 2, &error), &error);
    assert_u64_equal(choice.count, 0);
    ndup__story_choice_deinit(&choice);
    ndup__story_tally_deinit(&tally);
}

TEST_MAIN(cmocka_unit_test(test_story_choice__most_sources_first),
          cmocka_unit_test(test_story_tally__who_took_from_whom),
          cmocka_unit_test(test_story_choice__of_nothing))
