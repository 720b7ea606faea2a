/* SPDX-License-Identifier: MIT */
/* The tokens of a text are those of the naive tokeniser, and the ones a reader expects. */
#include "support/test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/guard_buffer.h"
#include "support/naive_tokens.h"
#include "support/random.h"
#include "text/fold.h"
#include "text/tokenize.h"
#include "text/utf8.h"

#ifdef NDUP_HAVE_UTF8PROC
#include <utf8proc.h>
#endif

#define WORDS NDUP__TOKEN_WORDS
#define CHARACTERS NDUP__TOKEN_CHARACTERS
#define EXACT NDUP__TOKEN_EXACT

static void tokenize(ndup__tokens *tokens, ndup__token_mode mode, const char *text, size_t length)
{
    ndup_error error;
    assert_ok(ndup__tokenize(tokens, mode, text, length, &error), &error);
}

static ndup__tokens all_wanted(void)
{
    return (ndup__tokens){.wants_offsets = true, .wants_numbers = true};
}

/* Asserts that the tokens cover these parts of the text, which `expected` separates by '|'. */
static void assert_parts(ndup__token_mode mode, const char *text, const char *expected)
{
    ndup__tokens tokens = all_wanted();
    tokenize(&tokens, mode, text, strlen(text));
    char joined[512];
    size_t used = 0;
    for (size_t i = 0; i < tokens.count; i++) {
        size_t length = tokens.ends[i] - tokens.starts[i];
        assert_true(used + length + 2 <= sizeof joined);
        memcpy(joined + used, text + tokens.starts[i], length);
        used += length;
        joined[used++] = '|';
    }
    joined[used > 0 ? used - 1 : 0] = '\0';
    assert_string_equal(joined, expected);
    ndup__tokens_deinit(&tokens);
}

static void assert_same_hashes(const ndup__tokens *a, const ndup__tokens *b)
{
    assert_u64_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_u64_equal(a->hashes[i], b->hashes[i]);
    }
}

/* Both texts give the same hashes in this mode. */
static void assert_alike(ndup__token_mode mode, const char *a, const char *b)
{
    ndup__tokens first = all_wanted();
    ndup__tokens second = all_wanted();
    tokenize(&first, mode, a, strlen(a));
    tokenize(&second, mode, b, strlen(b));
    assert_same_hashes(&first, &second);
    ndup__tokens_deinit(&first);
    ndup__tokens_deinit(&second);
}

/* The way that knows no offsets gives the same hashes and numbers. */
static void assert_without_offsets(const ndup__tokens *expected, ndup__token_mode mode,
                                   const char *text, size_t length)
{
    ndup__tokens tokens = {.wants_numbers = true};
    tokenize(&tokens, mode, text, length);
    assert_same_hashes(&tokens, expected);
    assert_u64_equal(tokens.number_count, expected->number_count);
    for (size_t i = 0; i < tokens.number_count; i++) {
        assert_u64_equal(tokens.numbers[i], expected->numbers[i]);
    }
    assert_u64_equal(tokens.damaged, expected->damaged);
    assert_u64_equal(tokens.replaced, expected->replaced);
    ndup__tokens_deinit(&tokens);
}

static void assert_naive(ndup__token_mode mode, const char *text, size_t length)
{
    naive_token *expected = malloc((2 * NDUP__FOLD_MAX * length + 1) * sizeof *expected);
    uint64_t *numbers = malloc((NDUP__FOLD_MAX * length + 1) * sizeof *numbers);
    assert_true(expected != NULL && numbers != NULL);
    ndup__tokens tokens = all_wanted();
    tokenize(&tokens, mode, text, length);
    size_t count = naive_tokenize(expected, mode, text, length);
    assert_u64_equal(tokens.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_u64_equal(tokens.hashes[i], expected[i].hash);
        assert_u64_equal(tokens.starts[i], expected[i].start);
        assert_u64_equal(tokens.ends[i], expected[i].end);
    }
    assert_u64_equal(tokens.number_count, naive_numbers(numbers, text, length));
    assert_memory_equal(tokens.numbers, numbers, tokens.number_count * sizeof *numbers);
    assert_u64_equal(tokens.damaged, naive_damage(text, length));
    assert_without_offsets(&tokens, mode, text, length);
    ndup__tokens_deinit(&tokens);
    free(expected);
    free(numbers);
}

static void assert_naive_in_all_modes(const char *text, size_t length)
{
    assert_naive(WORDS, text, length);
    assert_naive(CHARACTERS, text, length);
    assert_naive(EXACT, text, length);
}

static void test_tokenize__no_text_gives_no_tokens(void **state)
{
    (void)state;
    ndup__tokens tokens = all_wanted();
    tokenize(&tokens, WORDS, NULL, 0);
    assert_u64_equal(tokens.count, 0);
    tokenize(&tokens, CHARACTERS, NULL, 0);
    assert_u64_equal(tokens.count, 0);
    tokenize(&tokens, WORDS, " .,\n", 4);
    assert_u64_equal(tokens.count, 0);
    tokenize(&tokens, CHARACTERS, " .,\n", 4);
    assert_u64_equal(tokens.count, 0);
    ndup__tokens_deinit(&tokens);
}

static void test_tokenize__words_of_spaced_scripts(void **state)
{
    (void)state;
    assert_parts(WORDS, "Hello, World's 2nd e-mail_x", "Hello|World|s|2nd|e|mail|x");
    assert_parts(WORDS, "Préférences naïves: Straße!", "Préférences|naïves|Straße");
    assert_parts(WORDS, "Съешь ещё этих мягких", "Съешь|ещё|этих|мягких");
    assert_parts(WORDS, "«Ξεσκεπάζω» τὴν", "Ξεσκεπάζω|τὴν");
    assert_parts(WORDS, "مَرْحَبًا بالعالم", "مَرْحَبًا|بالعالم");
    assert_parts(WORDS, "शक्ति का हिन्दी", "शक्ति|का|हिन्दी");
    assert_parts(WORDS, "한국어 문장입니다.", "한국어|문장입니다");
    assert_parts(WORDS, "don’t — stop…", "don|t|stop");
}

static void test_tokenize__characters_of_unspaced_scripts(void **state)
{
    (void)state;
    assert_parts(WORDS, "中文，二〇二一年。", "中|文|二|〇|二|一|年");
    assert_parts(WORDS, "「データ」のテスト", "デ|ー|タ|の|テ|ス|ト");
    assert_parts(WORDS, "時々ひらがな", "時|々|ひ|ら|が|な");
    assert_parts(WORDS, "สวัสดี ปี๒๕๖๔", "ส|วั|ส|ดี|ปี|๒๕๖๔");
    assert_parts(WORDS, "ສະບາຍດີ", "ສ|ະ|ບ|າ|ຍ|ດີ");
    assert_parts(WORDS, "ភាសាខ្មែរ", "ភា|សា|ខ្|មែ|រ");
    assert_parts(WORDS, "မြန်မာ", "မြ|န်|မာ");
    assert_parts(WORDS, "བོད་སྐད་༢༠", "བོ|ད|སྐ|ད|༢༠");
}

static void test_tokenize__scripts_meet_without_a_space(void **state)
{
    (void)state;
    assert_parts(WORDS, "abc漢字x9か", "abc|漢|字|x9|か");
    assert_parts(WORDS, "COVIDโควิด19", "COVID|โ|ค|วิ|ด|19");
    assert_parts(WORDS, "한漢국", "한|漢|국");
}

static void test_tokenize__characters_mode_keeps_one_space(void **state)
{
    (void)state;
    assert_parts(CHARACTERS, "Ab, c.", "A|b|, |c");
    assert_parts(CHARACTERS, "  né\n\n9", "n|é|\n\n|9");
    assert_parts(CHARACTERS, "中。文", "中|。|文");
    assert_parts(CHARACTERS, "वि क्ष", "वि| |क्|ष");
}

static void test_tokenize__every_gap_is_the_same_token(void **state)
{
    (void)state;
    assert_alike(CHARACTERS, "a b", "a -- b");
    assert_alike(CHARACTERS, "a b", "(a)\n\n\"b\"");
}

static void test_tokenize__equivalent_forms_meet(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"caf\xC3\xA9", "CAFE\xCC\x81"},                              /* NFC, NFD */
        {"\xEF\xBC\xB4\xEF\xBD\x85\xEF\xBD\x98\xEF\xBD\x94", "text"}, /* fullwidth */
        {"\xEF\xAC\x81nd", "find"},                                   /* ligature */
        {"STRASSE", "stra\xC3\x9F"
                    "e"},
        {"\xCE\xA3\xCE\xAF\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x82", /* final sigma */
         "\xCF\x83\xCE\xB9\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x83"},
        {"\xED\x95\x9C", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"}, /* syllable, jamo */
        {"\xE3\x81\x8C", "\xE3\x81\x8B\xE3\x82\x99"},             /* ga, ka + voicing */
        {"\xEF\xBD\xB6\xEF\xBE\x9E", "\xE3\x82\xAC"},             /* halfwidth ga */
        {"ex\xC2\xADplain", "explain"},                           /* soft hyphen */
        {"\xD9\x85\xD9\x8E\xD8\xB1", "\xD9\x85\xD8\xB1"},         /* Arabic vowel point */
        {"can\xE2\x80\x99t", "can't"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_alike(WORDS, pairs[i][0], pairs[i][1]);
        assert_alike(CHARACTERS, pairs[i][0], pairs[i][1]);
    }
}

/* Nukta (7), voicing (8), virama (9) in any order, with a dropped accent among them. */
static void test_tokenize__marks_are_brought_in_order(void **state)
{
    (void)state;
    static const char *const orders[] = {
        "\xE0\xA4\x95\xE0\xA4\xBC\xE3\x82\x99\xE0\xA5\x8D\xE0\xA4\xB7",
        "\xE0\xA4\x95\xE0\xA5\x8D\xE3\x82\x99\xE0\xA4\xBC\xE0\xA4\xB7",
        "\xE0\xA4\x95\xE3\x82\x99\xE0\xA5\x8D\xE0\xA4\xBC\xE0\xA4\xB7",
        "\xE0\xA4\x95\xE0\xA5\x8D\xCC\x81\xE0\xA4\xBC\xE3\x82\x99\xE0\xA4\xB7",
    };
    for (size_t i = 1; i < sizeof orders / sizeof *orders; i++) {
        assert_alike(WORDS, orders[i], orders[0]);
        assert_alike(CHARACTERS, orders[i], orders[0]);
    }
}

static void test_tokenize__marks_do_not_pass_one_without_order(void **state)
{
    (void)state;
    ndup__tokens a = all_wanted();
    ndup__tokens b = all_wanted();
    tokenize(&a, WORDS, "\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xBF\xE0\xA4\xBC", 12);
    tokenize(&b, WORDS, "\xE0\xA4\x95\xE0\xA4\xBC\xE0\xA4\xBF\xE0\xA5\x8D", 12);
    assert_int_equal(a.count, 1);
    assert_int_equal(b.count, 1);
    assert_true(a.hashes[0] != b.hashes[0]);
    ndup__tokens_deinit(&a);
    ndup__tokens_deinit(&b);
}

static void test_tokenize__a_long_row_of_marks_is_one_token(void **state)
{
    (void)state;
    char text[3 * 1000 + 1] = "a";
    for (size_t i = 0; i < 1000; i++) {
        memcpy(text + 1 + 3 * i, i % 2 == 0 ? "\xE0\xA5\x8D" : "\xE0\xA4\xBC", 3);
    }
    ndup__tokens tokens = all_wanted();
    tokenize(&tokens, WORDS, text, sizeof text);
    assert_u64_equal(tokens.count, 1);
    assert_u64_equal(tokens.ends[0], sizeof text);
    ndup__tokens_deinit(&tokens);
}

static void test_tokenize__a_mark_alone_begins_a_run(void **state)
{
    (void)state;
    assert_parts(WORDS, " \xE0\xA4\xBF\x61 b", "\xE0\xA4\xBF\x61|b");
    assert_parts(WORDS, " \xE0\xA5\x8D\x61 b", "\xE0\xA5\x8D\x61|b");
    assert_parts(CHARACTERS, "\xE0\xA5\x8D\x61", "\xE0\xA5\x8D|a");
}

static void test_tokenize__offsets_hold_the_accents_of_the_word(void **state)
{
    (void)state;
    assert_parts(WORDS, "x cafe\xCC\x81 \xCC\x81y", "x|cafe\xCC\x81|y");
    assert_parts(CHARACTERS, "e\xCC\x81s\xCC\x8C", "e\xCC\x81|s\xCC\x8C");
}

static void test_tokenize__words_of_one_code_point_share_its_offsets(void **state)
{
    (void)state;
    ndup__tokens tokens = all_wanted();
    tokenize(&tokens, WORDS, "5\xC2\xBDx", 4); /* 51, 2x */
    assert_u64_equal(tokens.count, 2);
    assert_u64_equal(tokens.starts[0], 0);
    assert_u64_equal(tokens.ends[0], 3);
    assert_u64_equal(tokens.starts[1], 1);
    assert_u64_equal(tokens.ends[1], 4);
    ndup__tokens_deinit(&tokens);
    assert_alike(WORDS, "5\xC2\xBDx", "51 2X");
}

/* Each of the numbers of a text, separated by blanks, alone gives the same number. */
static void assert_numbers(const char *text, const char *expected)
{
    ndup__tokens alone = all_wanted();
    tokenize(&alone, WORDS, expected, strlen(expected));
    for (int mode = WORDS; mode <= EXACT; mode++) {
        ndup__tokens tokens = all_wanted();
        tokenize(&tokens, (ndup__token_mode)mode, text, strlen(text));
        assert_u64_equal(tokens.number_count, alone.count);
        assert_memory_equal(tokens.numbers, alone.hashes, alone.count * sizeof *alone.hashes);
        assert_without_offsets(&tokens, (ndup__token_mode)mode, text, strlen(text));
        ndup__tokens_deinit(&tokens);
    }
    ndup__tokens_deinit(&alone);
}

static void test_tokenize__numbers_are_the_runs_of_digits(void **state)
{
    (void)state;
    assert_numbers("no figure at all", "");
    assert_numbers("12h30 1920x1080x24", "12 30 1920 1080 24");
    assert_numbers("020A6EC1A4D0C5BD 1a2b3c4d x7-8-9-10-11", "020 1 7 8 9 10 11");
    assert_numbers("one 2 three4 5th abcdefgh1 12a34b 1,234.50", "2 4 5 1 12 34 1 234 50");
    assert_numbers("12345678 123456789 x12345678901234567y",
                   "12345678 123456789 12345678901234567");
    assert_numbers("2014\u0645 \u0661\u0662 \u0E52\u0E55 \u4E8C \u00B2 \u00BD", "2014 12 25 2 1 2");
    assert_numbers("20\u064014 20\u0301"
                   "15 7\u094D8",
                   "2014 2015 7 8");
    assert_numbers("1\xFF"
                   "2 3\uFFFD",
                   "1 2 3");
}

static void test_tokenize__digits_of_all_scripts_meet(void **state)
{
    (void)state;
    static const uint32_t zeros[] = {0x660, 0x6F0, 0x966, 0xE50, 0x17E0, 0xFF10, 0x1D7D8, 0x1E950};
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        char text[64] = "";
        size_t length = 0;
        for (uint32_t digit = 0; digit < 10; digit++) {
            length += ndup__utf8_write(text + length, zeros[i] + digit);
        }
        text[length] = '\0';
        assert_alike(WORDS, text, "0123456789");
        assert_alike(CHARACTERS, text, "0123456789");
        assert_numbers(text, "0123456789");
    }
}

static void test_tokenize__wants_change_no_hash(void **state)
{
    (void)state;
    const char *text = "Some text, 12 words \xC3\xA9 \xE4\xB8\xAD 1234567890";
    ndup__tokens full = all_wanted();
    ndup__tokens bare = {0};
    for (int mode = WORDS; mode <= EXACT; mode++) {
        tokenize(&full, (ndup__token_mode)mode, text, strlen(text));
        tokenize(&bare, (ndup__token_mode)mode, text, strlen(text));
        assert_same_hashes(&full, &bare);
        assert_null(bare.starts);
        assert_null(bare.numbers);
    }
    ndup__tokens_deinit(&full);
    ndup__tokens_deinit(&bare);
}

static void test_tokenize__nul_is_a_gap(void **state)
{
    (void)state;
    ndup__tokens tokens = all_wanted();
    tokenize(&tokens, WORDS, "a\0b\0\0c", 6);
    assert_u64_equal(tokens.count, 3);
    assert_u64_equal(tokens.starts[2], 5);
    ndup__tokens_deinit(&tokens);
}

static void test_tokenize__damage_is_a_token_and_is_counted(void **state)
{
    (void)state;
    static const char text[] = "ab\xFF"
                               "cd \xE0\xA0 ef\xED\xA0\x80gh \xC3";
    ndup__tokens tokens = all_wanted();
    for (int mode = EXACT; mode >= WORDS; mode--) {
        tokenize(&tokens, (ndup__token_mode)mode, text, sizeof text - 1);
        assert_u64_equal(tokens.replaced, 6);
        assert_u64_equal(tokens.damaged, 6);
        assert_without_offsets(&tokens, (ndup__token_mode)mode, text, sizeof text - 1);
    }
    assert_u64_equal(tokens.count, 4 + 6);
    tokenize(&tokens, WORDS, "fine", 4);
    assert_u64_equal(tokens.replaced, 0);
    assert_u64_equal(tokens.damaged, 0);
    ndup__tokens_deinit(&tokens);
    assert_parts(WORDS,
                 "ab\xFF\xFE"
                 "c",
                 "ab|\xFF|\xFE|c");
    assert_parts(CHARACTERS, "a\xFF b", "a|\xFF| |b");
}

/* Bytes that were damaged before and bytes that are give the same. */
static void test_tokenize__a_replacement_character_is_damage(void **state)
{
    (void)state;
    ndup__tokens tokens = all_wanted();
    for (int mode = WORDS; mode <= EXACT; mode++) {
        assert_alike((ndup__token_mode)mode, "x\xFFy \xE0\xA0 z", "x\uFFFDy \uFFFD z");
        tokenize(&tokens, (ndup__token_mode)mode, "x\uFFFDy \uFFFD", 9);
        assert_u64_equal(tokens.damaged, 2);
        assert_u64_equal(tokens.replaced, 0);
    }
    ndup__tokens_deinit(&tokens);
}

static void test_tokenize__damage_of_all_units_is_counted(void **state)
{
    (void)state;
    static const char text[] = "one \xFF\uFFFDtwo three\xC3";
    static const ndup_unit units[] = {{0, 5, 0}, {5, 6, 0}, {12, sizeof text - 1 - 12, 0}};
    ndup__tokens tokens = {.allocator = NULL};
    ndup__unit_end ends[3];
    ndup_error error;
    for (int round = 0; round < 2; round++) {
        assert_ok(ndup__tokenize_units(&tokens, ends, text, units, 3, &error), &error);
        assert_u64_equal(tokens.replaced, 2);
        assert_u64_equal(tokens.damaged, 3);
    }
    assert_u64_equal(ends[0].end, 2);
    assert_u64_equal(ends[1].end, 4);
    assert_u64_equal(ends[2].end, 6);
    ndup__tokens_deinit(&tokens);
}

static void test_tokenize__exact_tokens_are_all_that_is_not_white(void **state)
{
    (void)state;
    assert_parts(EXACT, "C++ / C#, -5\t(5)", "C|+|+|/|C|#|,|-|5|(|5|)");
    assert_parts(EXACT, "x_1 = a[i]->f();", "x|_|1|=|a|[|i|]|-|>|f|(|)|;");
    assert_parts(EXACT, "\u00A0don\u2019t\u3000\u2026 \u00BD\u2028\u00B4",
                 "don|\u2019|t|\u2026|\u00BD|\u00B4");
    assert_parts(EXACT, "cafe\u0301 =\u0338 \u4E2D\u6587\u3002",
                 "cafe\u0301|=\u0338|\u4E2D|\u6587|\u3002");
    assert_parts(EXACT, "\U0001F600\uFE0F\U0001F600a", "\U0001F600\uFE0F|\U0001F600|a");
    assert_parts(EXACT, " \n\t", "");
}

static void assert_unlike(ndup__token_mode mode, const char *a, const char *b)
{
    ndup__tokens first = all_wanted();
    ndup__tokens second = all_wanted();
    tokenize(&first, mode, a, strlen(a));
    tokenize(&second, mode, b, strlen(b));
    assert_true(first.count != second.count ||
                memcmp(first.hashes, second.hashes, first.count * sizeof *first.hashes) != 0);
    ndup__tokens_deinit(&first);
    ndup__tokens_deinit(&second);
}

static void test_tokenize__exact_tokens_fold_nothing(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"C++", "C#"},
        {"-5", "5"},
        {"Word", "word"},
        {"caf\u00E9", "cafe"},
        {"x = y", "x == y"},
        {"\u0661", "1"},
        {"\u0645\u0640\u0631", "\u0645\u0631"},
        {"\uFF21", "A"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_unlike(EXACT, pairs[i][0], pairs[i][1]);
        assert_alike(EXACT, pairs[i][0], pairs[i][0]);
    }
    assert_alike(EXACT, "a  b\n", "a\u00A0b");
    assert_alike(WORDS, "a b 5", "A, b: -5!");
}

static void test_tokenize__only_stretched_words_meet(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"\u0645\u0640\u062F\u064A\u0640\u0640\u0631", "\u0645\u062F\u064A\u0631"},
        {"\u0640\u0645\u0631\u0640 \u0640", "\u0645\u0631"},
        {"\uFE71\u0645", "\u0645"}, /* tatweel with a point */
        {"\u07CA\u07FA\u07CB", "\u07CA\u07CB"},
        {"\u0623\u0625\u0622\u0671", "\u0627\u0627\u0627\u0627"},
        {"\u0141\u00F3d\u017A", "Lodz"},
        {"\u00D8rsted \u0111\u0127\u0167\u0131", "orsted dhti"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_alike(WORDS, pairs[i][0], pairs[i][1]);
        assert_alike(CHARACTERS, pairs[i][0], pairs[i][1]);
    }
    assert_unlike(WORDS, "\u0645\u062F\u0629", "\u0645\u062F\u0647"); /* teh marbuta, heh */
    assert_unlike(WORDS, "\u0639\u0644\u0649", "\u0639\u0644\u064A"); /* alef maksura, yeh */
}

/* Stored values: an index written by one build is read by the next. */
static void test_tokenize__hashes_never_change(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t hash;
    } known[] = {
        {"a", 0x331B11EBFFEBED1D},
        {"Z", 0xFECA415C0B311717},
        {"the", 0xACD574C456F8F727},
        {"abcdefg", 0xF3851E808E4EF8C4},
        {"abcdefgh", 0x3F4D27277C6B5FDC},
        {"abcdefghi", 0xD1F56F0D7590A99E},
        {"Internationalisation2024", 0x4752289720457D83},
        {"2024", 0x5F41D259F60A398A},
        {"café", 0x276A71968D4648A9},
        {"Straße", 0x90F5500C585C35B7},
        {"МОСКВА", 0xC2CE202982BE2068},
        {"Ελλάδα", 0x412EDC6F2000305A},
        {"中", 0x54699864BBC819BC},
        {"が", 0xA0EDE66EE902653D},
        {"กี", 0x177BD8B1E4181332},
        {"한국", 0xF348C0C473E97A76},
        {"क़ि", 0x6D5D196A89D4C8C5},
        {"𝐀", 0x331B11EBFFEBED1D},
        {"𐐀", 0x588B7497217D8316},
    };
    ndup__tokens tokens = all_wanted();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        tokenize(&tokens, WORDS, known[i].text, strlen(known[i].text));
        assert_u64_equal(tokens.count, 1);
        assert_u64_equal(tokens.hashes[0], known[i].hash);
    }
    ndup__tokens_deinit(&tokens);
}

static const char mixed[] = "The Quick brown-fox jumps over internationalisation 1234567, "
                            "na\xC3\xAFve Pr\xC3\xA9"
                            "f\xC3\xA9rences "
                            "\xD0\xA1\xD1\x8A\xD0\xB5\xD1\x88\xD1\x8C\xE4\xB8\xAD\xE6\x96\x87 "
                            "\xE3\x83\x86\xE3\x82\xB9\xE3\x83\x88\xEF\xBD\xB6\xEF\xBE\x9E "
                            "\xE0\xB8\xAA\xE0\xB8\xA7\xE0\xB8\xB1\xE0\xB8\x94\xE0\xB8\xB5 "
                            "\xED\x95\x9C\xEA\xB5\xAD x\xC2\xBDy \xEF\xB7\xBA "
                            "\xE0\xA4\xB6\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xBC\xE0\xA4\xA4 "
                            "\xF0\x9D\x90\x80\xF0\x9F\x98\x80z abcdefgh ijklmnop1 \xFF\xC3";

/* Cutting inside sequences, words and chunks; the copy ends where memory ends. */
static void test_tokenize__every_part_of_a_text_is_as_naive(void **state)
{
    (void)state;
    size_t length = sizeof mixed - 1;
    guard_buffer buffer;
    guard_buffer_init(&buffer, length);
    for (size_t start = 0; start <= length; start++) {
        const char *text = guard_buffer_put(&buffer, mixed + start, length - start);
        assert_naive_in_all_modes(text, length - start);
    }
    for (size_t end = 0; end <= length; end++) {
        const char *text = guard_buffer_put(&buffer, mixed, end);
        assert_naive_in_all_modes(text, end);
    }
    guard_buffer_deinit(&buffer);
}

/* A text of two halves with a gap between them has the tokens of both. */
static void test_tokenize__splitting_at_a_gap_splits_the_tokens(void **state)
{
    (void)state;
    size_t length = sizeof mixed - 1;
    ndup__tokens whole = all_wanted();
    ndup__tokens part = all_wanted();
    for (size_t cut = 0; cut <= length; cut++) {
        char text[sizeof mixed + 1];
        memcpy(text, mixed, cut);
        text[cut] = '\n';
        memcpy(text + cut + 1, mixed + cut, length - cut);
        tokenize(&whole, WORDS, text, length + 1);
        tokenize(&part, WORDS, text, cut);
        assert_memory_equal(whole.hashes, part.hashes, part.count * sizeof *part.hashes);
        size_t before = part.count;
        tokenize(&part, WORDS, text + cut + 1, length - cut);
        assert_u64_equal(whole.count, before + part.count);
        assert_memory_equal(whole.hashes + before, part.hashes, part.count * sizeof *part.hashes);
    }
    ndup__tokens_deinit(&whole);
    ndup__tokens_deinit(&part);
}

static void test_tokenize__every_code_point_in_every_surrounding_is_as_naive(void **state)
{
    (void)state;
    static const char *const before[] = {"", "a", "abcdefg", "\xE4\xB8\xAD", "\xE0\xA5\x8D"};
    for (uint32_t c = 0; c < 0x32000; c += c < 0x3400 ? 1 : 37) {
        char text[64];
        size_t length = 0;
        for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
            memcpy(text + length, before[i], strlen(before[i]));
            length += strlen(before[i]);
            length += ndup__utf8_write(text + length, c);
            text[length++] = 'b';
            text[length++] = ' ';
        }
        assert_naive_in_all_modes(text, length);
    }
}

static size_t random_text(test_random *random, char *text, size_t capacity)
{
    static const char alphabet[] = "aZ09 .\n_-";
    static const uint32_t starts[] = {0x80,   0x400,  0x600,  0x900,  0xE00,  0x1000,  0x1100,
                                      0x3040, 0x4E00, 0xAC00, 0xFB00, 0xFF00, 0x1F600, 0x1D400};
    size_t length = 0;
    size_t wanted = (size_t)test_random_below(random, capacity - 4);
    while (length < wanted) {
        uint64_t kind = test_random_below(random, 100);
        if (kind < 60) {
            text[length++] = alphabet[test_random_below(random, sizeof alphabet - 1)];
        } else if (kind < 70) {
            text[length++] = (char)test_random_below(random, 256);
        } else {
            uint32_t start = starts[test_random_below(random, sizeof starts / sizeof *starts)];
            uint32_t c = start + (uint32_t)test_random_below(random, 0x100);
            length += ndup__utf8_write(text + length, c);
        }
    }
    return length;
}

static void test_tokenize__random_texts_are_as_naive(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 3);
    for (size_t round = 0; round < 20000; round++) {
        char text[120];
        size_t length = random_text(&random, text, sizeof text);
        assert_naive_in_all_modes(text, length);
    }
}

static void test_tokenize__a_long_text_is_as_naive(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 4);
    size_t capacity = 200000;
    char *text = malloc(capacity);
    assert_non_null(text);
    size_t length = 0;
    while (length + 120 < capacity) {
        length += random_text(&random, text + length, 120);
    }
    assert_naive_in_all_modes(text, length);
    free(text);
}

/* Cuts a text at random and compares the tokens of all units with those of each. */
static void assert_units_as_alone(test_random *random, const char *text, size_t length, size_t most)
{
    enum { UNITS = 4000 };
    static ndup_unit units[UNITS];
    static ndup__unit_end ends[UNITS];
    ndup__tokens together = {.allocator = NULL};
    ndup__tokens alone = {.allocator = NULL};
    ndup_error error;
    size_t count = 0;
    for (size_t at = 0; at < length && count < UNITS; at += units[count++].length) {
        size_t cut = (size_t)test_random_below(random, most + 1);
        units[count] = (ndup_unit){at, cut < length - at ? cut : length - at, 0};
    }
    assert_ok(ndup__tokenize_units(&together, ends, text, units, count, &error), &error);
    size_t begin = 0;
    for (size_t i = 0; i < count; i++) {
        tokenize(&alone, WORDS, text + units[i].offset, units[i].length);
        assert_u64_equal(ends[i].end - begin, alone.count);
        uint64_t hash = 0;
        for (size_t k = 0; k < alone.count; k++) {
            assert_u64_equal(together.hashes[begin + k], alone.hashes[k]);
            hash = ndup__sequence_step(hash, alone.hashes[k]);
        }
        assert_u64_equal(ends[i].hash, hash);
        begin = ends[i].end;
    }
    assert_u64_equal(together.count, begin);
    ndup__tokens_deinit(&together);
    ndup__tokens_deinit(&alone);
}

static void test_tokenize__units_have_the_tokens_of_each(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 5);
    size_t capacity = 60000;
    char *text = malloc(capacity);
    assert_non_null(text);
    for (size_t round = 0; round < 60; round++) {
        size_t length = 0;
        while (length + 120 < capacity) {
            length += random_text(&random, text + length, 120);
        }
        /* In some rounds with a token that fills more than a buffer. */
        memset(text + length / 2, 'x', round % 8 == 0 ? 9000 : 20);
        assert_units_as_alone(&random, text, length, round % 3 == 0 ? 20000 : 10 + 5 * round);
    }
    assert_units_as_alone(&random, text, 0, 1);
    free(text);
}

/* A word made up so that its hash is that of the token which parts units in the stream. */
static void test_tokenize__a_word_like_the_separator_is_none(void **state)
{
    (void)state;
    static const char text[] = "one nhvfgaaacvcqq9yp nhvfgaaacvcqq9yp two\nthree\n"
                               "nhvfgaaacvcqq9yp\n";
    test_random random;
    test_random_init(&random, 6);
    for (size_t round = 0; round < 200; round++) {
        assert_units_as_alone(&random, text, sizeof text - 1, 1 + round % 60);
    }
}

static void test_tokenize__the_densest_text_fits(void **state)
{
    (void)state;
    static char text[3 * 5000];
    for (size_t i = 0; i < 5000; i++) {
        memcpy(text + 3 * i, "\xEF\xB7\xBA", 3); /* U+FDFA: 18 characters, three gaps */
    }
    ndup__tokens tokens = all_wanted();
    tokenize(&tokens, WORDS, text, sizeof text);
    assert_u64_equal(tokens.count, 3 * 5000 + 1);
    tokenize(&tokens, CHARACTERS, text, sizeof text);
    assert_u64_equal(tokens.count, 18 * 5000);
    ndup__tokens_deinit(&tokens);
}

static void test_tokenize__grown_arrays_are_used_again(void **state)
{
    (void)state;
    failing_allocator memory;
    failing_allocator_init(&memory);
    ndup__tokens tokens = all_wanted();
    tokens.allocator = &memory.allocator;
    tokenize(&tokens, WORDS, mixed, sizeof mixed - 1);
    tokenize(&tokens, CHARACTERS, mixed, sizeof mixed - 1);
    size_t calls = failing_allocator_calls(&memory);
    for (size_t i = 0; i < 10; i++) {
        tokenize(&tokens, WORDS, mixed, sizeof mixed - 1);
        tokenize(&tokens, CHARACTERS, mixed, sizeof mixed - 1 - i);
    }
    assert_u64_equal(failing_allocator_calls(&memory), calls);
    ndup__tokens_deinit(&tokens);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
}

/* Fails each allocation once; afterwards the same object works. */
static void test_tokenize__survives_every_failed_allocation(void **state)
{
    (void)state;
    size_t length = 20 * (sizeof mixed - 1);
    char *text = malloc(length);
    assert_non_null(text);
    for (size_t i = 0; i < 20; i++) {
        memcpy(text + i * (sizeof mixed - 1), mixed, sizeof mixed - 1);
    }
    bool has_failed = true;
    for (size_t n = 1; has_failed; n++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__tokens tokens = all_wanted();
        tokens.allocator = &memory.allocator;
        ndup_error error;
        ndup_status status = ndup__tokenize(&tokens, CHARACTERS, text, length, &error);
        has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        if (has_failed) {
            assert_u64_equal(tokens.count, 0);
            assert_u64_equal(tokens.number_count, 0);
            tokenize(&tokens, CHARACTERS, text, length);
        }
        assert_true(tokens.count > 0);
        ndup__tokens_deinit(&tokens);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
    }
    free(text);
}

static void test_tokenize__four_gibibytes_are_too_many(void **state)
{
    (void)state;
    if (SIZE_MAX <= UINT32_MAX) {
        skip();
    }
    ndup__tokens tokens = all_wanted();
    ndup_error error;
    size_t length = (size_t)((uint64_t)UINT32_MAX + 1);
    assert_status(ndup__tokenize(&tokens, WORDS, "a", length, &error), NDUP_STATUS_LIMIT, &error);
    assert_u64_equal(tokens.count, 0);
    ndup__tokens_deinit(&tokens);
}

#ifdef NDUP_HAVE_UTF8PROC

/* Code points that composition and decomposition move about, and plain ones. Not the iota
 * subscript: a mark before and a letter after case folding, it may change places with kept marks.
 */
static uint32_t random_composing(test_random *random)
{
    static const uint32_t ranges[][2] = {
        {0x20, 0x7F},     {0xC0, 0x250},    {0x300, 0x345},   {0x37B, 0x400},   {0x900, 0x980},
        {0x9BC, 0x9E0},   {0xE30, 0xE50},   {0x1100, 0x11A7}, {0x11A8, 0x1200}, {0x1E00, 0x1F80},
        {0x3040, 0x3100}, {0xAC00, 0xAD00}, {0xFF00, 0xFFA0}};
    for (;;) {
        size_t which = (size_t)test_random_below(random, sizeof ranges / sizeof *ranges);
        uint32_t size = ranges[which][1] - ranges[which][0];
        uint32_t c = ranges[which][0] + (uint32_t)test_random_below(random, size);
        if (utf8proc_category((utf8proc_int32_t)c) != UTF8PROC_CATEGORY_CN) {
            return c;
        }
    }
}

static void assert_forms_meet(const char *text)
{
    typedef utf8proc_uint8_t *(*normalise)(const utf8proc_uint8_t *);
    static const normalise forms[] = {utf8proc_NFC, utf8proc_NFD, utf8proc_NFKC, utf8proc_NFKD};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        utf8proc_uint8_t *form = forms[i]((const utf8proc_uint8_t *)text);
        assert_non_null(form);
        assert_alike(WORDS, text, (const char *)form);
        assert_alike(CHARACTERS, text, (const char *)form);
        free(form);
    }
}

static void test_tokenize__normal_forms_of_random_texts_meet(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 5);
    for (size_t round = 0; round < 20000; round++) {
        char text[4 * 16 + 1];
        size_t length = 0;
        for (uint64_t left = test_random_below(&random, 17); left > 0; left--) {
            length += ndup__utf8_write(text + length, random_composing(&random));
        }
        text[length] = '\0';
        assert_forms_meet(text);
    }
}

static void test_tokenize__normal_forms_of_real_texts_meet(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
        "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền.",
        "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια.",
        "Все люди рождаются свободными и равными в своём достоинстве и правах. Ёлка, йод.",
        "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और क़ानून प्राप्त है।",
        "すべての人間は、生まれながらにして自由であり、ガギグゲゴ、パピプペポ。",
        "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
        "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์ น้ำ",
        "人人生而自由，在尊严和权利上一律平等。ＡＢＣ１２３ ㍿ ﾃｽﾄ",
        "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق. ﷺ",
        "ﬁne ﬂow ½ ² ℃ Ǆ ſ ẞ Å Å ñ",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_forms_meet(texts[i]);
    }
}

#define FORM_TESTS                                                      \
    cmocka_unit_test(test_tokenize__normal_forms_of_random_texts_meet), \
        cmocka_unit_test(test_tokenize__normal_forms_of_real_texts_meet)

#else

static void test_tokenize__utf8proc_is_missing(void **state)
{
    (void)state;
    skip();
}

#define FORM_TESTS cmocka_unit_test(test_tokenize__utf8proc_is_missing)

#endif

/* Words of one code point each, in pieces of every length up to 40 code points. */
static void test_tokenize__numbers_of_every_code_point_are_found_without_offsets(void **state)
{
    (void)state;
    char text[40 * 5];
    size_t length = 0;
    size_t count = 0;
    size_t most = 1;
    for (uint32_t c = 1; c < 0x20000; c++) {
        text[length++] = c % 3 == 0 ? 'x' : ' ';
        length += ndup__utf8_write(text + length, c);
        if (++count == most) {
            ndup__tokens expected = all_wanted();
            tokenize(&expected, WORDS, text, length);
            assert_without_offsets(&expected, WORDS, text, length);
            ndup__tokens_deinit(&expected);
            length = count = 0;
            most = most % 40 + 1;
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_tokenize__no_text_gives_no_tokens),
          cmocka_unit_test(test_tokenize__words_of_spaced_scripts),
          cmocka_unit_test(test_tokenize__characters_of_unspaced_scripts),
          cmocka_unit_test(test_tokenize__scripts_meet_without_a_space),
          cmocka_unit_test(test_tokenize__characters_mode_keeps_one_space),
          cmocka_unit_test(test_tokenize__every_gap_is_the_same_token),
          cmocka_unit_test(test_tokenize__equivalent_forms_meet),
          cmocka_unit_test(test_tokenize__marks_are_brought_in_order),
          cmocka_unit_test(test_tokenize__marks_do_not_pass_one_without_order),
          cmocka_unit_test(test_tokenize__a_long_row_of_marks_is_one_token),
          cmocka_unit_test(test_tokenize__a_mark_alone_begins_a_run),
          cmocka_unit_test(test_tokenize__offsets_hold_the_accents_of_the_word),
          cmocka_unit_test(test_tokenize__words_of_one_code_point_share_its_offsets),
          cmocka_unit_test(test_tokenize__numbers_are_the_runs_of_digits),
          cmocka_unit_test(test_tokenize__digits_of_all_scripts_meet),
          cmocka_unit_test(test_tokenize__numbers_of_every_code_point_are_found_without_offsets),
          cmocka_unit_test(test_tokenize__wants_change_no_hash),
          cmocka_unit_test(test_tokenize__nul_is_a_gap),
          cmocka_unit_test(test_tokenize__damage_is_a_token_and_is_counted),
          cmocka_unit_test(test_tokenize__a_replacement_character_is_damage),
          cmocka_unit_test(test_tokenize__damage_of_all_units_is_counted),
          cmocka_unit_test(test_tokenize__exact_tokens_are_all_that_is_not_white),
          cmocka_unit_test(test_tokenize__exact_tokens_fold_nothing),
          cmocka_unit_test(test_tokenize__only_stretched_words_meet),
          cmocka_unit_test(test_tokenize__hashes_never_change),
          cmocka_unit_test(test_tokenize__every_part_of_a_text_is_as_naive),
          cmocka_unit_test(test_tokenize__splitting_at_a_gap_splits_the_tokens),
          cmocka_unit_test(test_tokenize__every_code_point_in_every_surrounding_is_as_naive),
          cmocka_unit_test(test_tokenize__random_texts_are_as_naive),
          cmocka_unit_test(test_tokenize__a_long_text_is_as_naive),
          cmocka_unit_test(test_tokenize__units_have_the_tokens_of_each),
          cmocka_unit_test(test_tokenize__a_word_like_the_separator_is_none),
          cmocka_unit_test(test_tokenize__the_densest_text_fits),
          cmocka_unit_test(test_tokenize__grown_arrays_are_used_again),
          cmocka_unit_test(test_tokenize__survives_every_failed_allocation),
          cmocka_unit_test(test_tokenize__four_gibibytes_are_too_many), FORM_TESTS)
