/* SPDX-License-Identifier: MIT */
/* What a reader would call a repeat, kind by kind, and what not. */
#include <string.h>

#include "support/repeat_check.h"
#include "support/test.h"

#define A "The barge was towed to the timber quay an hour after it had struck the pier.\n\n"
#define B "A crew of divers found cracks in the facing stones, but none in the core of it.\n\n"
#define C "Buses turn round at the fish market while two ferries carry people free of charge.\n\n"

static void test_repeat_kinds__a_series_says_another_word(void **state)
{
    (void)state;
    assert_repeats(A "Write to Anna at the house by the harbour before the month ends.\n\n"
                     "Write to Boris at the house by the harbour before the month ends.\n\n",
                   "");
    assert_refrains("Write to Anna at the house by the harbour before the month ends.\n\n" A
                    "Write to Boris at the house by the harbour before the month ends.\n\n",
                    "2=0 near paragraph (series); ");
}

/* One long sentence may be reworked; two are a frame. */
static void test_repeat_kinds__long_lines_are_a_series_when_there_are_two(void **state)
{
#define FRAME                                                                                  \
    " can be seen until the end of the month in the small hall of the cinema at the harbour, " \
    "with a talk before each of the shows\n\n"
    (void)state;
    assert_repeats(A "The Pilot" FRAME B "Winter Ferry" FRAME, "3=1 near paragraph; ");
    assert_repeats(A "The Pilot" FRAME B "Winter Ferry" FRAME C "Salt and Rope" FRAME, "");
}

static void test_repeat_kinds__another_form_of_a_word_is_the_same(void **state)
{
    (void)state;
    assert_repeats(A B "Fishermen reported no losses on Monday from any of the ports.\n\n" C
                       "Fishermen reporting no losses on Monday from any of the ports.\n\n",
                   "4=2 near paragraph; ");
}

static void test_repeat_kinds__numbers_at_an_end_are_a_stamp(void **state)
{
#define TEASER "Ferry company looks for two pilots who know the northern fairway"
    (void)state;
    assert_repeats(A TEASER "\n\n" B TEASER " 14 minutes ago\n\n", "3=1 near paragraph; ");
    assert_repeats(A TEASER "\n\n" B "3 " TEASER "\n\n", "3=1 near paragraph; ");
    assert_repeats(A "Ferry company looks for 2 pilots who know the northern fairway\n\n" B
                     "Ferry company looks for 5 pilots who know the northern fairway\n\n",
                   "");
}

static void test_repeat_kinds__what_opens_or_closes_another_is_contained(void **state)
{
    (void)state;
    assert_repeats(A TEASER "\n\n" B C TEASER ": applicants may write to the office at the old "
                            "customs house until the end of the month\n\n",
                   "4=1 contained paragraph; ");
    assert_repeats(A TEASER "\n\n" B "Ferry company looks for two pilots who kn...\n\n",
                   "3=1 contained paragraph; ");
    assert_repeats(A "On the same day the harbour master wrote:\n\n" B
                     "> Late in the evening, on the same day the harbour master wrote:\n\n",
                   "");
}

static void test_repeat_kinds__entries_of_contents_are_none(void **state)
{
    (void)state;
    assert_repeats(A "- How ships tell that they come\n- How berths are given out in summer\n"
                     "- How damage to the quay is told\n\n"
                     "How ships tell that they come\n\n" B "Nobody was asked about it.\n\n"
                     "How berths are given out in summer\n\n" C "Nobody was told about it.\n\n"
                     "How damage to the quay is told\n\n"
                     "A letter came without a stamp, and the keeper paid the fee himself.\n\n",
                   "");
    assert_repeats(A "3.1 How berths are given out to ships in the summer\n\n" B
                     "How berths are given out to ships in the summer\n\n",
                   "");
}

static void test_repeat_kinds__labels_count_together(void **state)
{
#define MENU "Home\nNews\nWeather\nLetters\nLog in\n\n"
    (void)state;
    assert_repeats(MENU A MENU, "6=0 exact paragraph block 0x5; 7=1 exact paragraph block 0x5; "
                                "8=2 exact paragraph block 0x5; 9=3 exact paragraph block 0x5; "
                                "10=4 exact paragraph block 0x5; ");
    assert_repeats("Home\nNews\nLog in\n\n" A "Home\nNews\nLog in\n\n", "");
    assert_repeats("12\n13\n14\n15\n16\n\n" A "12\n13\n14\n15\n16\n\n", "");
}

static void test_repeat_kinds__one_unit_may_be_many(void **state)
{
#define SA "The barge was towed to the timber quay an hour after it had struck the pier. "
#define SB "A crew of divers found cracks in the facing stones, but none in the core of it. "
#define SC "Buses turn round at the fish market while two ferries carry people free of charge."
    (void)state;
    assert_repeats("Late news of the night\n\n" A B C SA SB SC "\n", "4=1 contained paragraph; ");
    assert_repeats(SA SB SC "\n\nLate news of the night\n\n" A B C,
                   "2=0 contained paragraph; 3=0 contained paragraph; "
                   "4=0 contained paragraph; ");
}

static void test_repeat_kinds__a_line_may_have_its_text_twice(void **state)
{
    static const char text[] = SA SB SC " " SA SB SC;
    repeat_check check;
    (void)state;
    repeat_check_init(&check, "", text, sizeof text - 1, false);
    assert_string_equal(repeat_check_show(&check), "1=0 exact caption; ");
    assert_u64_equal(check.finder.repeats[0].offset, sizeof(SA SB SC));
    assert_u64_equal(check.finder.profile.count, 2);
    repeat_check_deinit(&check);
}

static void test_repeat_kinds__captions_that_roll_up_are_no_song(void **state)
{
    (void)state;
    assert_repeats("welcome to the news from the harbour\nwelcome to the news from the harbour\n"
                   "the quay in the south has been closed\nthe quay in the south has been closed\n"
                   "after divers found rot in two of the piles\n"
                   "after divers found rot in two of the piles\n"
                   "the council meets again on thursday night\n",
                   "1=0 exact headline; 3=2 exact caption; 5=4 exact caption; ");
}

static void test_repeat_kinds__stanzas_may_be_lines_of_one_unit(void **state)
{
#define CHORUS                                                                              \
    "Keep the porch light burning low\nKeep the kettle on for me\nI have a thousand miles " \
    "to go\nAnd only half a melody"
    static const char text[] = CHORUS "\n\n" A CHORUS;
    const ndup_unit units[] = {{0, sizeof CHORUS - 1, NDUP_UNIT_PARAGRAPH},
                               {sizeof CHORUS + 1, sizeof A - 3, NDUP_UNIT_PARAGRAPH},
                               {sizeof CHORUS + sizeof A, sizeof CHORUS - 1, NDUP_UNIT_PARAGRAPH}};
    const ndup_document document = {.text = {text, sizeof text - 1}};
    ndup_flag_options options;
    ndup__repeat_finder finder;
    ndup_error error = {0};
    (void)state;
    ndup_flag_options_init(&options);
    ndup__repeat_finder_init(&finder, &options);
    assert_ok(ndup__repeat_find(&finder, &document, units, 3, &error), &error);
    assert_u64_equal(finder.count, 0);
    ndup__repeat_finder_deinit(&finder);
}

static void test_repeat_kinds__lists_of_amounts_are_tables(void **state)
{
#define DISH "Soup: 1 cup lentils, 2 cups water, 3 carrots, 1 leek, 2 spoons oil, 1 lemon\n\n"
    (void)state;
    assert_repeats(A DISH B DISH, "");
}

TEST_MAIN(cmocka_unit_test(test_repeat_kinds__a_series_says_another_word),
          cmocka_unit_test(test_repeat_kinds__long_lines_are_a_series_when_there_are_two),
          cmocka_unit_test(test_repeat_kinds__another_form_of_a_word_is_the_same),
          cmocka_unit_test(test_repeat_kinds__numbers_at_an_end_are_a_stamp),
          cmocka_unit_test(test_repeat_kinds__what_opens_or_closes_another_is_contained),
          cmocka_unit_test(test_repeat_kinds__entries_of_contents_are_none),
          cmocka_unit_test(test_repeat_kinds__labels_count_together),
          cmocka_unit_test(test_repeat_kinds__one_unit_may_be_many),
          cmocka_unit_test(test_repeat_kinds__a_line_may_have_its_text_twice),
          cmocka_unit_test(test_repeat_kinds__captions_that_roll_up_are_no_song),
          cmocka_unit_test(test_repeat_kinds__stanzas_may_be_lines_of_one_unit),
          cmocka_unit_test(test_repeat_kinds__lists_of_amounts_are_tables))
