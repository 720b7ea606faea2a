/* SPDX-License-Identifier: MIT */
/* Folding agrees with Unicode, as known by hand and, where it is installed, by utf8proc. */
#include "support/test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "neardup/version.h"
#include "support/random.h"
#include "text/fold.h"

#ifdef NDUP_HAVE_UTF8PROC
#include <utf8proc.h>
#endif

#define CODE_POINTS 0x110000u
#define SYLLABLE_FIRST 0xAC00u
#define SYLLABLE_COUNT 11172u

static void assert_folds_to(uint32_t code_point, const uint32_t *expected, size_t count)
{
    ndup__folded out[NDUP__FOLD_MAX];
    assert_u64_equal(ndup__fold(out, code_point), count);
    for (size_t i = 0; i < count; i++) {
        assert_u64_equal(out[i].code_point, expected[i]);
    }
}

static ndup__folded only(uint32_t code_point)
{
    ndup__folded out[NDUP__FOLD_MAX];
    assert_u64_equal(ndup__fold(out, code_point), 1);
    return out[0];
}

static void test_fold__known_foldings(void **state)
{
    (void)state;
    static const struct {
        uint32_t code_point;
        size_t count;
        uint32_t folded[3];
    } known[] = {
        {'A', 1, {'a'}},
        {'z', 1, {'z'}},
        {0x00, 1, {0x00}},
        {0xE9, 1, {'e'}},        /* e acute */
        {0xC5, 1, {'a'}},        /* A ring */
        {0x212B, 1, {'a'}},      /* Angstrom sign */
        {0xDF, 2, {'s', 's'}},   /* sharp s */
        {0x1E9E, 2, {'s', 's'}}, /* capital sharp s */
        {0x17F, 1, {'s'}},       /* long s */
        {0x212A, 1, {'k'}},      /* Kelvin sign */
        {0x130, 1, {'i'}},       /* I with dot above */
        {0x131, 1, {'i'}},       /* dotless i */
        {0xD8, 1, {'o'}},        /* O with stroke */
        {0x1FE, 1, {'o'}},       /* O with stroke and acute */
        {0x142, 1, {'l'}},       /* l with stroke */
        {0x110, 1, {'d'}},       /* D with stroke */
        {0x127, 1, {'h'}},       /* h with stroke */
        {0x166, 1, {'t'}},       /* T with stroke */
        {0x257, 1, {'d'}},       /* d with hook */
        {0x23A, 1, {'a'}},       /* A with stroke, of which the small one is far away */
        {0xE6, 1, {0xE6}},       /* ae is a letter of its own */
        {0xF0, 1, {0xF0}},       /* and so is eth */
        {0x669, 1, {'9'}},       /* Arabic-Indic nine */
        {0x6F0, 1, {'0'}},       /* Persian zero */
        {0x966, 1, {'0'}},       /* Devanagari zero */
        {0xE55, 1, {'5'}},       /* Thai five */
        {0x1E957, 1, {'7'}},     /* Adlam seven */
        {0x3007, 1, {0x3007}},   /* ideographic zero is an ideograph */
        {0x623, 1, {0x627}},     /* alef with hamza above, below, with madda, wasla */
        {0x625, 1, {0x627}},
        {0x622, 1, {0x627}},
        {0x671, 1, {0x627}},
        {0x624, 1, {0x648}},           /* waw with hamza */
        {0x626, 1, {0x64A}},           /* yeh with hamza */
        {0x621, 1, {0x621}},           /* bare hamza stays */
        {0x629, 1, {0x629}},           /* teh marbuta stays */
        {0x649, 1, {0x649}},           /* alef maksura stays */
        {0xFE71, 0, {0}},              /* tatweel with fathatan */
        {0x3A3, 1, {0x3C3}},           /* Sigma */
        {0x3C2, 1, {0x3C3}},           /* final sigma */
        {0x1FB3, 2, {0x3B1, 0x3B9}},   /* alpha with iota subscript */
        {0x345, 1, {0x3B9}},           /* iota subscript alone */
        {0x419, 1, {0x438}},           /* Cyrillic short I: breve is a mark */
        {0xFB01, 2, {'f', 'i'}},       /* fi ligature */
        {0xBD, 3, {'1', 0x2044, '2'}}, /* one half */
        {0xB2, 1, {'2'}},              /* superscript two */
        {0xFF21, 1, {'a'}},            /* fullwidth A */
        {0xFF15, 1, {'5'}},            /* fullwidth five */
        {0x3000, 1, {' '}},            /* ideographic space */
        {0x304C, 2, {0x304B, 0x3099}}, /* ga: the voicing mark stays */
        {0xFF9E, 1, {0x3099}},         /* halfwidth voicing mark */
        {0x0958, 2, {0x0915, 0x093C}}, /* Devanagari qa: the nukta stays */
        {0x0E33, 2, {0x0E4D, 0x0E32}}, /* Thai sara am */
        {0xF900, 1, {0x8C48}},         /* compatibility ideograph */
        {0x2F00, 1, {0x4E00}},         /* Kangxi radical */
        {0x1D400, 1, {'a'}},           /* mathematical bold A */
        {0x10400, 1, {0x10428}},       /* Deseret */
        {0x1F600, 1, {0x1F600}},       /* emoji */
        {0x2260, 1, {'='}},            /* not equal: the overlay goes */
        {0xFFFD, 1, {0xFFFD}},
        {0x10FFFF, 1, {0x10FFFF}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_folds_to(known[i].code_point, known[i].folded, known[i].count);
    }
}

static void test_fold__marks_and_ignorables_vanish(void **state)
{
    (void)state;
    static const uint32_t vanishing[] = {
        0x640,  0x7FA,   0x180A,  0xAD,    0x300,   0x301,   0x308,   0x327,  0x328,
        0x334,  0x338,   0x34F,   0x5B0,   0x64B,   0x651,   0x670,   0xE38,  0xE48,
        0x200B, 0x200C,  0x200D,  0x2060,  0xFE00,  0xFE0F,  0xFEFF,  0x115F, 0x1160,
        0x3164, 0x16FF0, 0x1D167, 0xE0001, 0xE0020, 0xE0100, 0xE01EF, 0xE0FFF};
    for (size_t i = 0; i < sizeof vanishing / sizeof *vanishing; i++) {
        assert_folds_to(vanishing[i], NULL, 0);
    }
}

static void test_fold__syllables_become_jamo(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SYLLABLE_COUNT; i++) {
        uint32_t jamo[3] = {0x1100 + i / 588, 0x1161 + i % 588 / 28, 0x11A7 + i % 28};
        assert_folds_to(SYLLABLE_FIRST + i, jamo, i % 28 == 0 ? 2 : 3);
    }
    ndup__folded out[NDUP__FOLD_MAX];
    assert_u64_equal(ndup__fold(out, 0xD55C), 3);
    assert_int_equal(out[2].token_class, NDUP__CLASS_WORD);
}

static void test_fold__the_longest_has_the_length_promised(void **state)
{
    (void)state;
    size_t longest = 0;
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        ndup__folded out[NDUP__FOLD_MAX];
        size_t count = ndup__fold(out, c);
        longest = count > longest ? count : longest;
    }
    assert_u64_equal(longest, NDUP__FOLD_MAX);
}

static void test_fold__folding_twice_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        ndup__folded out[NDUP__FOLD_MAX];
        size_t count = ndup__fold(out, c);
        for (size_t i = 0; i < count; i++) {
            ndup__folded again = only(out[i].code_point);
            assert_u64_equal(again.code_point, out[i].code_point);
            assert_int_equal(again.token_class, out[i].token_class);
            assert_int_equal(again.mark_order, out[i].mark_order);
        }
    }
}

static void test_fold__known_classes(void **state)
{
    (void)state;
    static const struct {
        uint32_t code_point;
        ndup__token_class token_class;
    } known[] = {
        {0x00, NDUP__CLASS_BREAK},     {'\n', NDUP__CLASS_BREAK},
        {' ', NDUP__CLASS_BREAK},      {'_', NDUP__CLASS_BREAK},
        {'\'', NDUP__CLASS_BREAK},     {'a', NDUP__CLASS_WORD},
        {'7', NDUP__CLASS_WORD},       {0xA0, NDUP__CLASS_BREAK},
        {0x2019, NDUP__CLASS_BREAK},   {0x3042, NDUP__CLASS_SINGLE}, /* hiragana a */
        {0x30A2, NDUP__CLASS_SINGLE},  {0xFF71, NDUP__CLASS_SINGLE}, /* katakana a */
        {0x30FC, NDUP__CLASS_SINGLE},                                /* prolonged sound mark */
        {0x30FD, NDUP__CLASS_SINGLE},                                /* katakana iteration mark */
        {0x3031, NDUP__CLASS_SINGLE},                                /* vertical repeat mark */
        {0x3005, NDUP__CLASS_SINGLE}, /* ideographic iteration mark */
        {0x3006, NDUP__CLASS_SINGLE}, /* ideographic closing mark */
        {0x3007, NDUP__CLASS_SINGLE}, /* ideographic zero */
        {0x3099, NDUP__CLASS_MARK},    {0x4E00, NDUP__CLASS_SINGLE},
        {0x3400, NDUP__CLASS_SINGLE},  {0x20000, NDUP__CLASS_SINGLE},
        {0x31350, NDUP__CLASS_SINGLE},                              /* extension H, Unicode 15 */
        {0x3001, NDUP__CLASS_BREAK},   {0xE01, NDUP__CLASS_SINGLE}, /* Thai */
        {0xE31, NDUP__CLASS_MARK},     {0xE40, NDUP__CLASS_SINGLE},
        {0xE51, NDUP__CLASS_WORD},     {0xE3F, NDUP__CLASS_BREAK},
        {0xE81, NDUP__CLASS_SINGLE},   {0xED1, NDUP__CLASS_WORD},    /* Lao */
        {0x1780, NDUP__CLASS_SINGLE},  {0x17D2, NDUP__CLASS_MARK},   /* Khmer */
        {0x17E1, NDUP__CLASS_WORD},    {0x1000, NDUP__CLASS_SINGLE}, /* Myanmar */
        {0x102B, NDUP__CLASS_MARK},    {0x1041, NDUP__CLASS_WORD},
        {0xF40, NDUP__CLASS_SINGLE},   {0xF0B, NDUP__CLASS_BREAK}, /* Tibetan */
        {0xF21, NDUP__CLASS_WORD},     {0x915, NDUP__CLASS_WORD},  /* Devanagari */
        {0x93F, NDUP__CLASS_MARK},     {0x94D, NDUP__CLASS_MARK},
        {0x1100, NDUP__CLASS_WORD},    {0x5D0, NDUP__CLASS_WORD}, /* jamo, Hebrew */
        {0x627, NDUP__CLASS_WORD},     {0x1F600, NDUP__CLASS_BREAK},
        {0xFFFD, NDUP__CLASS_SINGLE},  {0xE000, NDUP__CLASS_BREAK},
        {0x378, NDUP__CLASS_BREAK},    {0x10FFFF, NDUP__CLASS_BREAK},
        {0x110000, NDUP__CLASS_BREAK},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_int_equal(only(known[i].code_point).token_class, known[i].token_class);
    }
}

static void test_fold__mark_order_is_the_combining_class(void **state)
{
    (void)state;
    assert_int_equal(only(0x93C).mark_order, 7);
    assert_int_equal(only(0x3099).mark_order, 8);
    assert_int_equal(only(0x94D).mark_order, 9);
    assert_int_equal(only(0x93F).mark_order, 0);
    assert_int_equal(only('a').mark_order, 0);
}

static void test_fold__version_is_stated(void **state)
{
    (void)state;
    assert_string_equal(ndup_unicode_version(), "15.0.0");
    assert_string_equal(ndup_version(), NDUP_VERSION_STRING);
}

#ifdef NDUP_HAVE_UTF8PROC

static bool only_stretches(utf8proc_int32_t c)
{
    return c == 0x640 || c == 0x7FA || (c >= 0x883 && c <= 0x885) || c == 0x180A;
}

static bool is_kept(utf8proc_int32_t c)
{
    const utf8proc_property_t *property = utf8proc_get_property(c);
    unsigned order = (unsigned)property->combining_class;
    return !property->ignorable && !only_stretches(c) && (order == 0 || (order >= 7 && order <= 9));
}

/* Where we fold more than Unicode: letters by the one of ASCII that they vary. */
static const struct {
    char letter;
    const char *varied;
} variations[] = {
    {'a', "ᶏⱥ"},
    {'b', "ƀƃɓᵬᶀꞗ"},
    {'c', "ƈȼɕꞓꞔ𝼝"},
    {'d', "đƌȡɖɗᵭᶁᶑꟈ𝼥"},
    {'e', "ɇᶒⱸꬴ"},
    {'f', "ƒᵮᶂꞙ"},
    {'g', "ǥɠᶃꞡ"},
    {'h', "ħɦⱨꞕ"},
    {'i', "ıɨᶖ𝼚"},
    {'j', "ȷɉɟʄʝ"},
    {'k', "ƙᶄⱪꝁꝃꝅꞣ"},
    {'l', "łƚȴɫɬɭᶅⱡꝉꞎꬷꬸꬹ𝼑𝼓𝼦"},
    {'m', "ɱᵯᶆꬺ"},
    {'n', "ƞȵɲɳᵰᶇꞑꞥꬻ𝼧"},
    {'o', "øⱺꝋꝍ𝼛"},
    {'p', "ƥᵱᵽᶈꝑꝓꝕ"},
    {'q', "ɋʠꝗꝙ"},
    {'r', "ɍɼɽɾᵲᵳᶉꞧꭉ𝼖𝼨"},
    {'s', "ȿʂᵴᶊꞩꟊ𝼞𝼩"},
    {'t', "ŧƫƭȶʈᵵⱦ𝼉𝼪"},
    {'u', "ᶙꞹꭎꭒ"},
    {'v', "ʋᶌⱱⱴꝟ"},
    {'w', "ⱳ"},
    {'x', "ᶍꭖꭗꭘꭙ"},
    {'y', "ƴɏỿꭚ"},
    {'z', "ƶȥɀʐʑᵶᶎⱬ"},
};

static utf8proc_int32_t varied_letter(utf8proc_int32_t c)
{
    for (size_t i = 0; i < sizeof variations / sizeof *variations; i++) {
        const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)variations[i].varied;
        while (*at != 0) {
            utf8proc_int32_t varied;
            at += utf8proc_iterate(at, -1, &varied);
            if (varied == c) {
                return variations[i].letter;
            }
        }
    }
    return c;
}

/* Digits stand in rows of ten, from zero on, at the same last digit in rows of one script. */
static utf8proc_int32_t digit_of(utf8proc_int32_t c)
{
    utf8proc_int32_t first = c;
    while (utf8proc_category(first - 1) == UTF8PROC_CATEGORY_ND) {
        first--;
    }
    return '0' + (c - first) % 10;
}

static utf8proc_int32_t vary(utf8proc_int32_t c)
{
    if (utf8proc_category(c) == UTF8PROC_CATEGORY_ND) {
        return digit_of(c);
    }
    return c >= 0x671 && c <= 0x673 ? 0x627 : varied_letter(c);
}

/* Decomposition of utf8proc without what we drop, and what we do beyond it. */
static size_t naive_fold(utf8proc_int32_t *out, utf8proc_int32_t c)
{
    utf8proc_option_t how = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD;
    int boundary = 0;
    utf8proc_int32_t all[64];
    utf8proc_ssize_t count = utf8proc_decompose_char(c, all, 64, how, &boundary);
    size_t kept = 0;
    assert_true(count >= 0 && count <= 64);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        if (is_kept(all[i])) {
            out[kept++] = vary(all[i]);
        }
    }
    return kept;
}

static ndup__token_class naive_class(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return NDUP__CLASS_WORD;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return NDUP__CLASS_MARK;
    default:
        return c == 0xFFFD ? NDUP__CLASS_SINGLE : NDUP__CLASS_BREAK;
    }
}

static void test_fold__utf8proc_agrees_on_every_code_point(void **state)
{
    (void)state;
    for (utf8proc_int32_t c = 0; c < (utf8proc_int32_t)CODE_POINTS; c++) {
        if (c >= 0xD800 && c < 0xE000) {
            continue;
        }
        utf8proc_int32_t expected[64];
        ndup__folded out[NDUP__FOLD_MAX];
        size_t count = naive_fold(expected, c);
        if (utf8proc_category(c) == UTF8PROC_CATEGORY_CN) {
            continue; /* utf8proc does not know which unassigned ones are ignorable */
        }
        assert_u64_equal(ndup__fold(out, (uint32_t)c), count);
        for (size_t i = 0; i < count; i++) {
            assert_u64_equal(out[i].code_point, (uint32_t)expected[i]);
            int order = utf8proc_get_property(expected[i])->combining_class;
            assert_int_equal(out[i].mark_order, order);
            ndup__token_class own = out[i].token_class;
            bool is_letter = own == NDUP__CLASS_SINGLE && out[i].code_point != 0xFFFD;
            own = is_letter ? NDUP__CLASS_WORD : own;
            assert_int_equal(own, naive_class(expected[i]));
        }
    }
}

/* Brings marks of a row in canonical order, as a token does. */
static void order_marks(uint32_t *code_points, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0; j--) {
            int order = utf8proc_get_property((utf8proc_int32_t)code_points[j])->combining_class;
            int before =
                utf8proc_get_property((utf8proc_int32_t)code_points[j - 1])->combining_class;
            if (order == 0 || before <= order) {
                break;
            }
            uint32_t moved = code_points[j];
            code_points[j] = code_points[j - 1];
            code_points[j - 1] = moved;
        }
    }
}

enum { STRING_MAX = 12, FOLDED_MAX = STRING_MAX * NDUP__FOLD_MAX };

static uint32_t random_assigned(test_random *random)
{
    static const uint32_t ends[] = {0x250, 0x1000, 0x3000, 0x10000, 0x20000};
    for (;;) {
        uint32_t end = ends[test_random_below(random, sizeof ends / sizeof *ends)];
        uint32_t c = (uint32_t)test_random_below(random, end);
        /* The iota subscript is a mark before and a letter after folding its case, so it moves
         * with its neighbours in one order of the steps and not in the other. */
        const utf8proc_property_t *about = utf8proc_get_property((utf8proc_int32_t)c);
        if (c != 0 && c != 0x345 && about->category != UTF8PROC_CATEGORY_CN &&
            about->category != UTF8PROC_CATEGORY_CS) {
            return c;
        }
    }
}

static size_t fold_string(uint32_t *out, const uint32_t *string, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        ndup__folded folded[NDUP__FOLD_MAX];
        size_t more = ndup__fold(folded, string[i]);
        for (size_t j = 0; j < more; j++) {
            out[count++] = folded[j].code_point;
        }
    }
    order_marks(out, count);
    return count;
}

static size_t naive_fold_string(uint32_t *out, const uint32_t *string, size_t length)
{
    utf8proc_uint8_t bytes[4 * STRING_MAX];
    utf8proc_ssize_t used = 0;
    for (size_t i = 0; i < length; i++) {
        used += utf8proc_encode_char((utf8proc_int32_t)string[i], bytes + used);
    }
    utf8proc_int32_t all[4 * FOLDED_MAX];
    utf8proc_option_t how = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, used, all, 4 * FOLDED_MAX, how);
    size_t kept = 0;
    assert_true(count >= 0 && count <= 4 * FOLDED_MAX);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        if (is_kept(all[i])) {
            out[kept++] = (uint32_t)vary(all[i]);
        }
    }
    order_marks(out, kept);
    return kept;
}

static void test_fold__utf8proc_agrees_on_random_strings(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 2);
    for (size_t round = 0; round < 100000; round++) {
        uint32_t string[STRING_MAX];
        uint32_t ours[FOLDED_MAX];
        uint32_t theirs[4 * FOLDED_MAX];
        size_t length = (size_t)test_random_below(&random, STRING_MAX + 1);
        for (size_t i = 0; i < length; i++) {
            string[i] = random_assigned(&random);
        }
        size_t count = fold_string(ours, string, length);
        assert_u64_equal(count, naive_fold_string(theirs, string, length));
        assert_memory_equal(ours, theirs, count * sizeof *ours);
    }
}

#define ORACLE_TESTS                                                  \
    cmocka_unit_test(test_fold__utf8proc_agrees_on_every_code_point), \
        cmocka_unit_test(test_fold__utf8proc_agrees_on_random_strings)

#else

static void test_fold__utf8proc_is_missing(void **state)
{
    (void)state;
    skip();
}

#define ORACLE_TESTS cmocka_unit_test(test_fold__utf8proc_is_missing)

#endif

TEST_MAIN(cmocka_unit_test(test_fold__known_foldings),
          cmocka_unit_test(test_fold__marks_and_ignorables_vanish),
          cmocka_unit_test(test_fold__syllables_become_jamo),
          cmocka_unit_test(test_fold__the_longest_has_the_length_promised),
          cmocka_unit_test(test_fold__folding_twice_changes_nothing),
          cmocka_unit_test(test_fold__known_classes),
          cmocka_unit_test(test_fold__mark_order_is_the_combining_class),
          cmocka_unit_test(test_fold__version_is_stated), ORACLE_TESTS)
