/* SPDX-License-Identifier: MIT */
/* Repeats of every kind, by hand, against naive search, and in documents that are hard on it. */
#include "repeat/finder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/repeat_check.h"
#include "support/test.h"

#define P1 "The barge was towed to the timber quay an hour after it had struck the pier.\n\n"
#define P2 "A crew of divers found cracks in the facing stones, but none in the core of it.\n\n"
#define P3 "Buses turn round at the fish market while two ferries carry people free of charge.\n\n"
#define P4 "Lorries are to be kept away until a second team has measured everything by sonar.\n\n"

static void test_repeat_finder__without_repeats_there_are_none(void **state)
{
    (void)state;
    assert_repeats("", "");
    assert_repeats(P1 P2 P3 P4, "");
}

static void test_repeat_finder__the_same_bytes_are_exact(void **state)
{
    (void)state;
    assert_repeats(P1 P2 P1, "2=0 exact paragraph; ");
    assert_repeats(P1 P2 P1 P3 P1, "2=0 exact paragraph; 4=0 exact paragraph; ");
}

static void test_repeat_finder__the_same_words_are_normalized(void **state)
{
    (void)state;
    assert_repeats(P1 P2 "THE BARGE was towed to the timber quay, an hour after it had struck the "
                         "pier\xE2\x80\xA6\n",
                   "2=0 normalized paragraph; ");
}

static void test_repeat_finder__a_credit_makes_a_caption_near(void **state)
{
    (void)state;
    assert_repeats(P3 P1 "The barge was towed to the timber quay an hour after it had struck the "
                         "pier. Photo: M. Ohm\n\n" P2,
                   "2=1 near caption; ");
}

static void test_repeat_finder__noise_of_a_scanner_makes_near(void **state)
{
    (void)state;
    assert_repeats(P1 P2 "The barge was towed to the tirnber quay an hour after it had struek the "
                         "pier.\n",
                   "2=0 near paragraph; ");
}

static void test_repeat_finder__a_sentence_reworked_makes_near(void **state)
{
    (void)state;
    assert_repeats(P2 P1 "A crew of divers found deep cracks in the facing stones, but none in the "
                         "core of the pier.\n",
                   "2=0 near paragraph; ");
}

static void test_repeat_finder__a_pull_quote_is_contained(void **state)
{
    static const char whole[] =
        "The harbour master was tired. \"Lorries are to be kept away from the bridge until a "
        "second "
        "team has measured all of the piers by sonar, and I do not care how long that takes,\" she "
        "said, and then she went back to the office.\n\n";
    char text[1000];
    (void)state;
    strcpy(text, P1);
    strcat(text, whole);
    strcat(text,
           P2 "\"Lorries are to be kept away from the bridge until a second team has measured "
              "all of the piers by sonar\"\n");
    assert_repeats(text, "3=1 contained paragraph; ");
}

static void test_repeat_finder__a_headline_in_the_lead_is_none(void **state)
{
    (void)state;
    assert_repeats(
        "Harbour bridge closed for the night after a barge strikes its third pier on "
        "Tuesday evening\n\n"
        "The harbour bridge closed for the night after a barge strikes its third pier on "
        "Tuesday evening, as the office of the harbour said in a note to the press that "
        "went out before midnight.\n",
        "");
}

static void test_repeat_finder__blocks_are_told(void **state)
{
    (void)state;
    assert_repeats(P1 P2 P3 P4 P1 P2 P3,
                   "4=0 exact paragraph block 0x3; 5=1 exact paragraph block 0x3; "
                   "6=2 exact paragraph block 0x3; ");
    assert_repeats(P1 P2 P1 P2, "2=0 exact paragraph block 0x2; 3=1 exact paragraph block 0x2; ");
}

static void test_repeat_finder__short_units_inside_a_block_belong_to_it(void **state)
{
    (void)state;
    assert_repeats(P1 "No.\n\n" P2 P4 P1 "No.\n\n" P2,
                   "4=0 exact paragraph block 0x3; 5=1 exact paragraph block 0x3; "
                   "6=2 exact paragraph block 0x3; ");
    assert_repeats(P1 "No.\n\n" P4 P1 "No.\n\n" P2, "3=0 exact paragraph; ");
}

static void test_repeat_finder__doubles_side_by_side_are_two(void **state)
{
    (void)state;
    assert_repeats(P1 P1 P2 P2, "1=0 exact caption; 3=2 exact caption; ");
}

static void test_repeat_finder__the_title_is_met_in_the_text(void **state)
{
    static const char text[] =
        "Bridge closed after accident\n\n" P1 P2 "Bridge Closed After Accident\n";
    repeat_check check;
    (void)state;
    repeat_check_init(&check, "Bridge closed after accident", text, strlen(text), false);
    assert_string_equal(repeat_check_show(&check),
                        "0=title exact headline; 3=0 normalized headline; ");
    repeat_check_deinit(&check);
}

/* A headline of the reader below a line with its words: the line goes. */
static void test_repeat_finder__a_headline_stays_where_it_is_better_placed(void **state)
{
    static const char text[] = "Bridge closed after accident\nBridge closed after accident\n";
    const ndup_unit units[] = {{0, 28, NDUP_UNIT_LIST_ITEM}, {29, 28, NDUP_UNIT_HEADLINE}};
    ndup_flag_options options;
    ndup__repeat_finder finder;
    ndup_document document = {.text = {text, strlen(text)}};
    (void)state;
    ndup_flag_options_init(&options);
    ndup__repeat_finder_init(&finder, &options);
    assert_ok(ndup__repeat_find(&finder, &document, units, 2, NULL), NULL);
    assert_u64_equal(finder.count, 1);
    assert_u64_equal(finder.repeats[0].removed, 0);
    assert_u64_equal(finder.repeats[0].unit, 1);
    ndup__repeat_finder_deinit(&finder);
}

/* A random document of sentences from a small stock, changed now and then. */
static size_t make_document(test_random *random, char *text, size_t room)
{
    static const char *const words[] = {"harbour", "quay",  "barge",  "pilot", "lantern", "tide",
                                        "ferry",   "rope",  "signal", "night", "office",  "stone",
                                        "winter",  "north", "market", "bell"};
    size_t length = 0;
    size_t units = 2 + (size_t)test_random_below(random, 30);
    for (size_t i = 0; i < units && length + 400 < room; i++) {
        uint64_t seed = test_random_below(random, 12);
        test_random sentence;
        test_random_init(&sentence, seed + 1);
        size_t count = 1 + (size_t)test_random_below(&sentence, 24);
        for (size_t k = 0; k < count; k++) {
            const char *word = words[test_random_below(&sentence, 16)];
            bool changed = test_random_chance(random, 0.02);
            length +=
                (size_t)snprintf(text + length, room - length, "%s ", changed ? "changed" : word);
        }
        length += (size_t)snprintf(text + length, room - length, ".\n\n");
    }
    return length;
}

/* What is left out must stay somewhere: each removed unit has a partner that remains. */
static void check_removals(const repeat_check *check)
{
    const ndup__repeat_finder *finder = &check->finder;
    bool removed[200] = {false};
    assert_true(check->paragraphs.count <= 200);
    for (size_t i = 0; i < finder->count; i++) {
        if (finder->repeats[i].removed != NDUP_NONE) {
            assert_false(removed[finder->repeats[i].removed]); /* named once */
            removed[finder->repeats[i].removed] = true;
        }
    }
    for (size_t i = 0; i < finder->count; i++) {
        const ndup_repeat *repeat = &finder->repeats[i];
        if (repeat->removed != NDUP_NONE) {
            size_t kept = repeat->removed == repeat->unit ? repeat->first : repeat->unit;
            assert_false(removed[kept]);
        }
    }
}

static bool same_text(const repeat_check *check, size_t a, size_t b)
{
    const ndup_unit *units = check->paragraphs.units;
    const char *text = check->document.text.bytes;
    return units[a].length == units[b].length &&
           memcmp(text + units[a].offset, text + units[b].offset, units[a].length) == 0;
}

/* With refrains, the exact repeats are what comparing all pairs of units finds. */
static void check_exact(const repeat_check *check)
{
    const ndup__repeat_finder *finder = &check->finder;
    for (size_t i = 0; i < check->paragraphs.count; i++) {
        bool repeats = false;
        for (size_t k = 0; k < i; k++) {
            repeats |= same_text(check, i, k);
        }
        bool found = false;
        for (size_t k = 0; k < finder->count; k++) {
            found |=
                finder->repeats[k].unit == i && finder->repeats[k].kind <= NDUP_REPEAT_NORMALIZED;
        }
        assert_true(found || !repeats);
    }
    for (size_t k = 0; k < finder->count; k++) {
        const ndup_repeat *repeat = &finder->repeats[k];
        assert_true(repeat->first < repeat->unit);
        assert_true(k == 0 || finder->repeats[k - 1].unit < repeat->unit);
        if (repeat->kind == NDUP_REPEAT_EXACT && repeat->block == NDUP_NONE) {
            assert_true(same_text(check, repeat->unit, repeat->first));
        }
    }
}

static void test_repeat_finder__agrees_with_all_pairs(void **state)
{
    static char text[20000];
    test_random random;
    (void)state;
    test_random_init(&random, 11);
    for (int round = 0; round < 300; round++) {
        size_t length = make_document(&random, text, sizeof text);
        repeat_check check;
        repeat_check_init(&check, "", text, length, true);
        check_exact(&check);
        check_removals(&check);
        repeat_check_deinit(&check);
        repeat_check_init(&check, "", text, length, false);
        check_removals(&check);
        repeat_check_deinit(&check);
    }
}

/* Paragraphs that are alike in pairs of words and never the same, and one repeat at the end. */
static void test_repeat_finder__a_hundred_thousand_paragraphs(void **state)
{
    enum { PARAGRAPHS = 100000, ROOM = 90 };
    char *text = malloc((size_t)PARAGRAPHS * ROOM + 200);
    size_t length = 0;
    test_random random;
    (void)state;
    assert_non_null(text);
    test_random_init(&random, 3);
    for (size_t i = 0; i < PARAGRAPHS; i++) {
        length +=
            (size_t)snprintf(text + length, ROOM, "it was one of the %08llx in the %08llx\n\n",
                             (unsigned long long)test_random_u64(&random) & 0xFFFFFFFF,
                             (unsigned long long)test_random_u64(&random) & 0xFFFFFFFF);
    }
    length += (size_t)sprintf(text + length, P1 P2 P1);
    repeat_check check;
    repeat_check_init(&check, "", text, length, false);
    assert_u64_equal(check.finder.count, 1);
    assert_u64_equal(check.finder.repeats[0].unit, PARAGRAPHS + 2);
    repeat_check_deinit(&check);
    free(text);
}

static void test_repeat_finder__one_paragraph_a_hundred_thousand_times(void **state)
{
    enum { PARAGRAPHS = 100000 };
    size_t each = strlen(P1);
    char *text = malloc((size_t)PARAGRAPHS * each + 1);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < PARAGRAPHS; i++) {
        memcpy(text + i * each, P1, each);
    }
    repeat_check check;
    repeat_check_init(&check, "", text, PARAGRAPHS * each, false);
    assert_u64_equal(check.finder.count, PARAGRAPHS - 1);
    repeat_check_deinit(&check);
    free(text);
}

static void test_repeat_finder__memory_that_gives_out_is_told(void **state)
{
    static const char text[] = P1 P2 "The barge was towed to the tirnber quay an hour after it had "
                                     "struek the pier.\n\n" P2;
    ndup__paragraphs paragraphs = {.allocator = NULL};
    ndup_document document = {.title = {"a title", 7}, .text = {text, strlen(text)}};
    (void)state;
    assert_ok(ndup__paragraphs_split(&paragraphs, text, strlen(text), false, NULL), NULL);
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error = {0};
        ndup_flag_options options;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_flag_options_init(&options);
        options.allocator = &memory.allocator;
        ndup__repeat_finder finder;
        ndup__repeat_finder_init(&finder, &options);
        ndup_status status =
            ndup__repeat_find(&finder, &document, paragraphs.units, paragraphs.count, &error);
        ndup__repeat_finder_deinit(&finder);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
    ndup__paragraphs_deinit(&paragraphs);
}

/* Two later paragraphs contain the same earlier one: it is left out once. */
static void test_repeat_finder__a_unit_is_left_out_for_one_repeat(void **state)
{
    (void)state;
#define CORE                                                                                  \
    "the harbour master counted seven grey boats beside the old timber quay and wrote their " \
    "names "                                                                                  \
    "into his book before breakfast"
    static const char text[] =
        "Two gulls fought over the last herring on the northern pier.\n\n"
        "A letter from the ministry arrived without a stamp on it.\n\n"
        "Nobody in the village remembered a colder spring than this.\n\n"
        "The ferry was late again, and the baker had sold all his bread.\n\n" CORE "\n\n" CORE
        " while a thin rain fell on all the roofs of the town and on the empty market "
        "place\n\n" CORE " although nobody had asked him to do so for eleven years\n";
    repeat_check check;
    repeat_check_init(&check, "", text, strlen(text), false);
    assert_string_equal(repeat_check_show(&check),
                        "5=4 contained paragraph; 6=4 contained paragraph; ");
    assert_u64_equal(check.finder.repeats[0].removed, 4);
    assert_u64_equal(check.finder.repeats[1].removed, NDUP_NONE);
    repeat_check_deinit(&check);
}

static void test_repeat_finder__kinds_have_names(void **state)
{
    (void)state;
    assert_string_equal(ndup_repeat_kind_name(NDUP_REPEAT_CONTAINED), "contained");
    assert_string_equal(ndup_refrain_name(NDUP_REFRAIN_SHORT), "short");
    assert_null(ndup_repeat_kind_name((ndup_repeat_kind)(NDUP_REPEAT_SITE + 1)));
    assert_string_equal(ndup_refrain_name(NDUP_REFRAIN_CONTENTS), "contents");
    assert_null(ndup_refrain_name((ndup_refrain)(NDUP_REFRAIN_CONTENTS + 1)));
}

TEST_MAIN(cmocka_unit_test(test_repeat_finder__without_repeats_there_are_none),
          cmocka_unit_test(test_repeat_finder__the_same_bytes_are_exact),
          cmocka_unit_test(test_repeat_finder__the_same_words_are_normalized),
          cmocka_unit_test(test_repeat_finder__a_credit_makes_a_caption_near),
          cmocka_unit_test(test_repeat_finder__noise_of_a_scanner_makes_near),
          cmocka_unit_test(test_repeat_finder__a_sentence_reworked_makes_near),
          cmocka_unit_test(test_repeat_finder__a_pull_quote_is_contained),
          cmocka_unit_test(test_repeat_finder__a_headline_in_the_lead_is_none),
          cmocka_unit_test(test_repeat_finder__blocks_are_told),
          cmocka_unit_test(test_repeat_finder__short_units_inside_a_block_belong_to_it),
          cmocka_unit_test(test_repeat_finder__doubles_side_by_side_are_two),
          cmocka_unit_test(test_repeat_finder__the_title_is_met_in_the_text),
          cmocka_unit_test(test_repeat_finder__a_headline_stays_where_it_is_better_placed),
          cmocka_unit_test(test_repeat_finder__agrees_with_all_pairs),
          cmocka_unit_test(test_repeat_finder__a_hundred_thousand_paragraphs),
          cmocka_unit_test(test_repeat_finder__one_paragraph_a_hundred_thousand_times),
          cmocka_unit_test(test_repeat_finder__memory_that_gives_out_is_told),
          cmocka_unit_test(test_repeat_finder__a_unit_is_left_out_for_one_repeat),
          cmocka_unit_test(test_repeat_finder__kinds_have_names))
