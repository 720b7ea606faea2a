/* SPDX-License-Identifier: MIT */
/* Texts that repeat themselves on purpose: nothing is flagged unless it is asked for. */
#include <stdio.h>
#include <string.h>

#include "support/repeat_check.h"
#include "support/test.h"

static const char poem[] = "The ferry bell rings once for rain\n"
                           "And twice when herring run,\n"
                           "Three times it calls the pilots in\n"
                           "And then the day is done.\n"
                           "\n"
                           "My father mended nets at dusk\n"
                           "And sang of ships he knew,\n"
                           "The ferry bell rings once for rain\n"
                           "And twice when herring run,\n"
                           "\n"
                           "Now I keep lanterns by the door\n"
                           "For boats that overstay;\n"
                           "The ferry bell rings once for rain\n"
                           "And then it fades away.\n";

static const char song[] = "Verse one\n"
                           "I took the late train out of town\n"
                           "With coffee and a borrowed coat\n"
                           "The windows made a silver sound\n"
                           "I hummed along, I missed a note\n"
                           "\n"
                           "Chorus\n"
                           "Oh, keep the porch light burning low\n"
                           "Oh, keep the kettle on for me\n"
                           "I have a thousand miles to go\n"
                           "And only half a melody\n"
                           "\n"
                           "Verse two\n"
                           "The plains went by like folded sheets\n"
                           "A stranger dealt a hand of cards\n"
                           "We counted all the empty seats\n"
                           "And told each other who we are\n"
                           "\n"
                           "Chorus\n"
                           "Oh, keep the porch light burning low\n"
                           "Oh, keep the kettle on for me\n"
                           "I have a thousand miles to go\n"
                           "And only half a melody\n";

/* A chorus quoted in an article whose own lines are long. */
static const char article_with_song[] =
    "The band closed with the song that everybody had come for, and the square sang it back to "
    "them so loudly that the drummer put down his sticks and listened to the second verse.\n"
    "\n"
    "Oh, keep the porch light burning low\n"
    "Oh, keep the kettle on for me\n"
    "I have a thousand miles to go\n"
    "And only half a melody\n"
    "\n"
    "It was the fourth encore of the evening, and by then the buses had stopped running; people "
    "walked home along the canal in twos and threes and one could hear it from every bridge.\n"
    "\n"
    "Oh, keep the porch light burning low\n"
    "Oh, keep the kettle on for me\n"
    "I have a thousand miles to go\n"
    "And only half a melody\n";

static const char contract[] =
    "This agreement is made between the harbour office and the tenant named in the schedule "
    "below.\n"
    "\n"
    "1. Rent. The tenant pays the rent on the first working day of each month.\n"
    "\n"
    "2. Repairs. The tenant keeps the berth in the state in which it was handed over.\n"
    "\n"
    "The remaining provisions of this agreement stay in full force and effect.\n"
    "\n"
    "3. Guests. The tenant may moor a second boat for no more than three nights.\n"
    "\n"
    "The remaining provisions of this agreement stay in full force and effect.\n"
    "\n"
    "4. Term. The tenant may end the lease with a notice of one month.\n"
    "\n"
    "The remaining provisions of this agreement stay in full force and effect.\n"
    "\n"
    "5. Notices. The tenant sends notices in writing to the harbour office.\n";

static const char numbered_formula[] =
    "(a) The provisions of this section bind heirs and assigns.\n\n"
    "(b) Gates are opened by the keeper and by nobody else.\n\n"
    "(c) The provisions of this section bind heirs and assigns.\n\n"
    "(d) Nets may not be dried on the railings of the quay.\n";

static const char law[] =
    "\xE4\xB8\x80\xE3\x80\x81\xE6\xB8\xAF\xE5\x8F\xA3\xE5\xB1\x80\xE5\xBA\x94\xE5\xBD"
    "\x93\xE6\xAF\x8F\xE6\x9C\x88\xE5\xB7\xA1\xE6\x9F\xA5\xE6\x9C\xAC\xE5\xB8\x82\xE6"
    "\x89\x80\xE6\x9C\x89\xE7\x9A\x84\xE7\xA0\x81\xE5\xA4\xB4\xE5\x92\x8C\xE4\xBB\x93"
    "\xE5\xBA\x93\n\n"
    "\xE8\xBF\x9D\xE5\x8F\x8D\xE5\x89\x8D\xE6\xAC\xBE\xE8\xA7\x84\xE5\xAE\x9A\xE7\x9A"
    "\x84\xEF\xBC\x8C\xE4\xBE\x9D\xE7\x85\xA7\xE6\x9C\xAC\xE6\x9D\xA1\xE4\xBE\x8B\xE7"
    "\x9A\x84\xE6\x9C\x89\xE5\x85\xB3\xE8\xA7\x84\xE5\xAE\x9A\xE4\xBA\x88\xE4\xBB\xA5"
    "\xE5\xA4\x84\xE7\xBD\x9A\n\n"
    "\xE4\xBA\x8C\xE3\x80\x81\xE4\xBB\xBB\xE4\xBD\x95\xE4\xBA\xBA\xE4\xB8\x8D\xE5\xBE"
    "\x97\xE5\x9C\xA8\xE7\xA0\x81\xE5\xA4\xB4\xE7\x9A\x84\xE6\xA0\x8F\xE6\x9D\x86\xE4"
    "\xB8\x8A\xE9\x9D\xA2\xE6\x99\xBE\xE6\x99\x92\xE6\xB8\x94\xE7\xBD\x91\xE5\x92\x8C"
    "\xE8\xA1\xA3\xE7\x89\xA9\n\n"
    "\xE8\xBF\x9D\xE5\x8F\x8D\xE5\x89\x8D\xE6\xAC\xBE\xE8\xA7\x84\xE5\xAE\x9A\xE7\x9A"
    "\x84\xEF\xBC\x8C\xE4\xBE\x9D\xE7\x85\xA7\xE6\x9C\xAC\xE6\x9D\xA1\xE4\xBE\x8B\xE7"
    "\x9A\x84\xE6\x9C\x89\xE5\x85\xB3\xE8\xA7\x84\xE5\xAE\x9A\xE4\xBA\x88\xE4\xBB\xA5"
    "\xE5\xA4\x84\xE7\xBD\x9A\n\n"
    "\xE4\xB8\x89\xE3\x80\x81\xE6\xB8\x94\xE8\x88\xB9\xE5\xBA\x94\xE5\xBD\x93\xE6\x8C"
    "\x89\xE7\x85\xA7\xE6\xB8\xAF\xE5\x8F\xA3\xE5\xB1\x80\xE5\x85\xAC\xE5\xB8\x83\xE7"
    "\x9A\x84\xE6\x97\xB6\xE9\x97\xB4\xE8\xBF\x94\xE5\x9B\x9E\xE6\x9C\xAC\xE5\xB8\x82"
    "\xE6\xB8\xAF\xE5\x8F\xA3\n\n"
    "\xE5\x8D\x81\xE4\xB8\x80\xE3\x80\x81\xE6\x9C\xAC\xE6\x9D\xA1\xE4\xBE\x8B\xE8\x87"
    "\xAA\xE5\x85\xAC\xE5\xB8\x83\xE4\xB9\x8B\xE6\x97\xA5\xE8\xB5\xB7\xE4\xB8\x89\xE5"
    "\x8D\x81\xE6\x97\xA5\xE4\xBB\xA5\xE5\x90\x8E\xE5\xBC\x80\xE5\xA7\x8B\xE6\x96\xBD"
    "\xE8\xA1\x8C\n\n";

static const char table[] = "Port          Ships   Tons    Share of all tons\n"
                            "North quay       12    340    20 per cent of it\n"
                            "South quay       12    340    20 per cent of it\n"
                            "Timber quay      12    340    20 per cent of it\n"
                            "Timber quay      12    340    20 per cent of it\n";

static const char form[] = "Name of the applicant: ______________________\n"
                           "Address in the district: ____________________\n"
                           "\n"
                           "Name of the applicant: ______________________\n"
                           "Address in the district: ____________________\n";

static const char contents[] = "How the harbour was built in the first place ...... 3\n"
                               "How the harbour was built in the first place ...... 3\n";

static const char dialogue[] =
    "\"Yes,\" said the keeper of the light, and he set the lamp down on the table between them.\n"
    "\n"
    "\"Yes.\"\n\n\"Yes.\"\n\n"
    "\"I never heard a word of it,\" she said.\n\n"
    "He looked at the water for a while, as if the answer could be read from it.\n\n"
    "\"I never heard a word of it,\" she said.\n\n"
    "\xE2\x80\x94 I have been waiting for the boat.\n\n"
    "He poured the tea, and neither of them looked at the clock above the door.\n\n"
    "\xE2\x80\x94 I have been waiting for the boat.\n";

static const char dates[] =
    "Monday, 4 May 2026, 10:30\n\nThe gate was painted on Monday by the men.\n\n"
    "Monday, 4 May 2026, 10:30\n\nThe lamp was mended, too, by the women.\n\n"
    "12\n\n12\n\n* * *\n\n* * *\n\n1.\n\n1.\n";

static const char other_figures[] =
    "The north quay of the old harbour handled timber ships from forty countries in 1961.\n\n"
    "Between the two lies the old fish market with its iron roof.\n\n"
    "The north quay of the old harbour handled timber ships from forty countries in 1974.\n";

/* Lines of a program and of a log, that differ in a name. */
static const char listing[] =
    "The door opens when both of the following lines have been run by the gate keeper:\n"
    "add_handler(front_door, button_press, open_the_front_door);\n"
    "add_handler(garden_door, button_press, open_the_front_door);\n"
    "/harbour/records/gates/north-gate/opening-hours\n"
    "/harbour/records/gates/north-gate/closing-hours\n";

static const char settings[] =
    "Warning: the harbour table has an unknown name: NorthQuay\n"
    "\n"
    "Nobody had looked at the table for a year when the second boat came in.\n"
    "\n"
    "Warning: the harbour table has an unknown name: SouthQuay\n";

/* "9." and "10." before the same procedure of two courts, and a penalty of 100 ideographs that
 * stands twice. */
#define PENALTY                                                                                    \
    "\xE6\x98\x8E\xE7\x9F\xA5\xE4\xBB\x8E\xE4\xBA\x8B\xE5\x89\x8D\xE6\xAC\xBE\xE8\xBF\x9D\xE6\xB3" \
    "\x95\xE8\xA1\x8C\xE4\xB8\xBA\xE4\xBB\x8D\xE4\xB8\xBA\xE5\x85\xB6\xE6\x8F\x90\xE4\xBE\x9B\xE5" \
    "\x9C\xBA\xE6\x89\x80\xE7\x9A\x84\xE7\x94\xB1\xE4\xB8\xBB\xE7\xAE\xA1\xE9\x83\xA8\xE9\x97\xA8" \
    "\xE8\xB4\xA3\xE4\xBB\xA4\xE5\x81\x9C\xE6\xAD\xA2"
static const char long_law[] =
    "1.\xE6\xB8\x94\xE8\x88\xB9\xE5\xBA\x94\xE5\xBD\x93\xE6\x8C\x89\xE6\x97\xB6\xE8\xBF\x94"
    "\xE5\x9B\x9E\xE6\xB8\xAF\xE5\x8F\xA3\xE5\xB9\xB6\xE6\x8A\xA5\xE5\x91\x8A\n\n" PENALTY PENALTY
        PENALTY "\n\n"
    "2.\xE7\xA0\x81\xE5\xA4\xB4\xE4\xB8\x8A\xE4\xB8\x8D\xE5\xBE\x97\xE6\x99\xBE\xE6\x99\x92"
    "\xE6\xB8\x94\xE7\xBD\x91\xE8\xA1\xA3\xE7\x89\xA9"
    "\xE5\xB9\xB6\xE6\x8A\xA5\xE5\x91\x8A\xE4\xB8\xBB\n\n"
    "3.\xE8\xBF\x9D\xE5\x8F\x8D\xE8\xA7\x84\xE5\xAE\x9A\xE7\x9A\x84\xE4\xBA\x88\xE4\xBB\xA5"
    "\xE5\xA4\x84\xE7\xBD\x9A\xE5\xB9\xB6\xE5\x85\xAC\xE5\xB8\x83"
    "\xE5\xB9\xB6\xE6\x8A\xA5\xE5\x91\x8A\xE4\xB8\xBB\n\n"
    "4.\xE6\x9C\xAC\xE6\x9D\xA1\xE4\xBE\x8B\xE8\x87\xAA\xE5\x85\xAC\xE5\xB8\x83\xE4\xB9\x8B"
    "\xE6\x97\xA5\xE8\xB5\xB7\xE6\x96\xBD\xE8\xA1\x8C"
    "\xE5\xB9\xB6\xE6\x8A\xA5\xE5\x91\x8A\xE4\xB8\xBB\n\n" PENALTY PENALTY PENALTY "\n";

static const char labels[] = "Read more\n\nThe first paragraph speaks of nothing in particular.\n\n"
                             "Read more\n\nThe second one does the same in other words, if any.\n\n"
                             "Read more\n";

static void test_refrain__nothing_is_flagged_by_itself(void **state)
{
    static const char *const texts[] = {
        poem,  song,     article_with_song, contract, table, form,    numbered_formula, contents,
        dates, dialogue, other_figures,     labels,   law,   listing, settings,         long_law};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_repeats(texts[i], "");
    }
}

static void assert_has(const char *text, const char *expected)
{
    repeat_check check;
    repeat_check_init(&check, "", text, strlen(text), true);
    if (strstr(repeat_check_show(&check), expected) == NULL) {
        fail_msg("no '%s' in '%s'", expected, check.shown);
    }
    repeat_check_deinit(&check);
}

static void test_refrain__all_are_shown_when_asked_for(void **state)
{
    (void)state;
    assert_has(poem, "6=0 exact headline (verse)");
    assert_has(song, "16=6 exact paragraph (verse)");
    assert_has(article_with_song, "6=1 exact paragraph (verse)");
    assert_has(contract, "(clause)");
    assert_has(numbered_formula, "(clause)");
    assert_has(table, "4=3 exact caption (table)");
    assert_has(form, "2=0 exact");
    assert_has(contents, "1=0 exact");
    assert_has(dialogue, "(speech)");
    assert_has(dates, "(table)");
    assert_has(other_figures, "(figures)");
    assert_has(labels, "(short)");
    assert_has(law, "(clause)");
    assert_has(listing, "2=1 near caption (table)");
    assert_has(settings, "2=0 near headline (table)");
    assert_has(long_law, "(clause)");
}

/* What is no refrain stays flagged beside them. */
static void test_refrain__an_article_is_not_taken_for_verse(void **state)
{
    (void)state;
    assert_repeats("Engineers look at the damaged pier from a boat\n"
                   "Engineers look at the damaged pier from a boat\n"
                   "\n"
                   "The harbour bridge was closed on Tuesday evening after a barge loaded with "
                   "gravel drifted into its third pier. Nobody was hurt on either of them.\n",
                   "1=0 exact headline; ");
}

/* A gap in a sentence, and the indent of a line inside of a paragraph, make no table. */
static void test_refrain__a_slip_of_the_typist_is_not_taken_for_a_table(void **state)
{
    static const char text[] =
        "The harbour bridge was closed on Tuesday evening after a barge     drifted into its third "
        "pier at low water.\n\n"
        "Nobody was hurt, and the barge was towed to the timber quay an hour later.\n\n"
        "The harbour bridge was closed on Tuesday evening after a barge     drifted into its third "
        "pier at low water.\n";
    (void)state;
    assert_repeats(text, "2=0 exact paragraph; ");
}

static void test_refrain__a_long_clause_is_copied_by_mistake(void **state)
{
    static const char clause[] =
        "The tenant shall keep the berth, the ladder and both mooring rings free of weed and rust, "
        "shall report any damage to the harbour office within two working days, and shall bear the "
        "cost of repairs where the damage comes from neglect rather than from weather or traffic.";
    char text[2000];
    (void)state;
    strcpy(text, "1. Rent is due on the first working day of the month.\n\n2. ");
    strcat(text, clause);
    strcat(text, "\n\n3. Guests may stay for three nights and no longer.\n\n"
                 "4. Notices are sent in writing to the harbour office.\n\n");
    strcat(text, clause);
    strcat(text, "\n\n");
    strcat(text, clause);
    strcat(text, "\n");
    repeat_check check;
    repeat_check_init(&check, "", text, strlen(text), false);
    assert_non_null(strstr(repeat_check_show(&check), "5=4 exact"));
    repeat_check_deinit(&check);
}

/* Two formulas among paragraphs that begin with these numbers. */
static void assert_clauses(const char *const numbers[4], bool expected)
{
    char text[1200] = "";
    static const char *const bodies[] = {"Gates are opened by the keeper and by nobody else.",
                                         "Nets may not be dried on the railings of the quay.",
                                         "Boats of over nine metres pay the double fee.",
                                         "Notices are sent in writing to the harbour office."};
    static const char formula[] = "The remaining provisions stay in full force and effect.\n\n";
    for (size_t i = 0; i < 4; i++) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s\n\n%s", numbers[i], bodies[i],
                 i == 1 || i == 3 ? formula : "");
    }
    repeat_check check;
    repeat_check_init(&check, "", text, strlen(text), true);
    const char *shown = repeat_check_show(&check);
    if ((strstr(shown, "(clause)") != NULL) != expected) {
        print_error("%s: %s\n", numbers[0], shown);
    }
    assert_int_equal(strstr(shown, "(clause)") != NULL, expected);
    repeat_check_deinit(&check);
}

static void test_refrain__clauses_are_numbered_in_many_ways(void **state)
{
    (void)state;
    static const char *const numbered[][4] = {
        {"1. ", "2. ", "3. ", "4. "},
        {"3.1 ", "3.2 ", "3.3 ", "3.4 "},
        {"1) ", "2) ", "3) ", "4) "},
        {"(a) ", "(b) ", "(c) ", "(d) "},
        {"i) ", "ii) ", "iii) ", "iv) "},
        {"\xC2\xA7 1 ", "\xC2\xA7 2 ", "\xC2\xA7 3 ", "\xC2\xA7 4 "},
        {"Article 1 ", "Article 2 ", "Article 3 ", "Article 4 "},
        {"SECTION 1 ", "SECTION 2 ", "SECTION 3 ", "SECTION 4 "},
        {"Schedule A ", "Schedule B ", "Schedule C ", "Schedule D "},
        {"\xE2\x80\x9C"
         "1. ",
         "\xE2\x80\x9C"
         "2. ",
         "\xE2\x80\x9C"
         "3. ",
         "\xE2\x80\x9C"
         "4. "},
        {"\xE7\xAC\xAC\xE4\xB8\x80\xE6\x9D\xA1 ", "\xE7\xAC\xAC\xE4\xBA\x8C\xE6\x9D\xA1 ",
         "\xE7\xAC\xAC\xE4\xB8\x89\xE6\x9D\xA1 ", "\xE7\xAC\xAC\xE5\x9B\x9B\xE6\x9D\xA1 "},
        {"\xEF\xBC\x88\xE4\xB8\x80\xEF\xBC\x89", "\xEF\xBC\x88\xE4\xBA\x8C\xEF\xBC\x89",
         "\xEF\xBC\x88\xE4\xB8\x89\xEF\xBC\x89", "\xEF\xBC\x88\xE5\x9B\x9B\xEF\xBC\x89"},
    };
    static const char *const not_numbered[][4] = {
        {"", "", "", ""},
        {"Articles of ", "Sections of ", "Chapters of ", "Schedules of "},
        {"1940 was a year. ", "1950 was a year. ", "1960 was a year. ", "1970 was a year. "},
        {"- ", "- ", "- ", "- "},
    };
    for (size_t i = 0; i < sizeof numbered / sizeof numbered[0]; i++) {
        assert_clauses(numbered[i], true);
    }
    for (size_t i = 0; i < sizeof not_numbered / sizeof not_numbered[0]; i++) {
        assert_clauses(not_numbered[i], false);
    }
}

TEST_MAIN(cmocka_unit_test(test_refrain__clauses_are_numbered_in_many_ways),
          cmocka_unit_test(test_refrain__nothing_is_flagged_by_itself),
          cmocka_unit_test(test_refrain__all_are_shown_when_asked_for),
          cmocka_unit_test(test_refrain__an_article_is_not_taken_for_verse),
          cmocka_unit_test(test_refrain__a_slip_of_the_typist_is_not_taken_for_a_table),
          cmocka_unit_test(test_refrain__a_long_clause_is_copied_by_mistake))
