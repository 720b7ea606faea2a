/* SPDX-License-Identifier: MIT */
/* Single texts: what is read in them, and what they are cleaned of. */
#include "neardup/text.h"

#include <stdlib.h>
#include <string.h>

#include "neardup/explain.h"
#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { LONG = 3 << 20 };

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static ndup_text_reader *new_reader(const ndup_dedup_options *options, bool sketches)
{
    ndup_error error;
    ndup_text_reader *reader;
    assert_ok(ndup_text_reader_new(&reader, options, sketches, &error), &error);
    return reader;
}

static ndup_read_text read_in(ndup_text_reader *reader, ndup_text text)
{
    ndup_error error;
    ndup_read_text read;
    assert_ok(ndup_text_read(&read, reader, text, &error), &error);
    return read;
}

static bool same_fingerprint(ndup_text_reader *reader, const char *a, const char *b)
{
    ndup_read_text of_a = read_in(reader, text_of(a));
    ndup_read_text of_b = read_in(reader, text_of(b));
    return memcmp(of_a.fingerprint, of_b.fingerprint, NDUP_FINGERPRINT_BYTES) == 0;
}

static void test_text__fingerprints_are_of_the_words(void **state)
{
    (void)state;
    ndup_text_reader *reader = new_reader(NULL, false);
    assert_true(same_fingerprint(reader, "The CAF\xC3\x89, at 5.", "the cafe at   5"));
    assert_false(same_fingerprint(reader, "the cafe at 5", "the cafe at 6"));
    assert_false(same_fingerprint(reader, "one two", "two one"));
    assert_true(same_fingerprint(reader, "?!", "?!"));
    assert_false(same_fingerprint(reader, "?!", "!?")); /* no words: the bytes */
    ndup_text_reader_free(reader);
}

static void test_text__what_is_read_depends_on_the_options(void **state)
{
    (void)state;
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    ndup_text_reader *words = new_reader(&options, true);
    ndup_read_text first = read_in(words, text_of("a b c, d"));
    assert_u64_equal(first.tokens, 4);
    assert_int_equal(first.reading, NDUP_READING_WORDS);
    assert_u64_equal(read_in(words, text_of("")).tokens, 0);
    assert_int_equal(read_in(words, text_of("")).reading, NDUP_READING_NO_WORDS);
    options.matching.tokens = NDUP_TOKEN_EXACT;
    options.sketch = "simhash64";
    ndup_text_reader *exact = new_reader(&options, true);
    assert_u64_equal(read_in(exact, text_of("a b c, d")).tokens, 5);
    assert_int_equal(ndup_sketcher_slots(ndup_text_reader_sketcher(exact)), 64);
    ndup_text_reader_free(exact);
    ndup_text_reader_free(words);
}

static void test_text__sketches_estimate_the_similarity(void **state)
{
    (void)state;
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.matching.shingle_size = 1;
    options.slots = 1024;
    ndup_text_reader *reader = new_reader(&options, true);
    const ndup_sketcher *sketcher = ndup_text_reader_sketcher(reader);
    uint32_t kept[1024];
    memcpy(kept, read_in(reader, text_of("a b c d e f g h i j")).sketch, sizeof kept);
    ndup_read_text other = read_in(reader, text_of("a b c d e f g h x y"));
    /* 8 of 12; the deviation is sqrt(J (1 - J) / 1024) = .015 */
    assert_double_in(ndup_sketch_estimate(sketcher, kept, other.sketch), 0.667 - 0.07,
                     0.667 + 0.07);
    other = read_in(reader, text_of("J; i. H g F e D c B a"));
    assert_double_in(ndup_sketch_estimate(sketcher, kept, other.sketch), 1, 1);
    assert_double_in(ndup_sketch_estimate(sketcher, kept, read_in(reader, text_of("")).sketch), 0,
                     0);
    ndup_text_reader_free(reader);
}

static void test_text__similarity_is_that_of_an_explanation(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "?", "a", "A b c d e f", "a b c d x f", "a b c d e f g"};
    ndup_error error;
    ndup_text_reader *reader = new_reader(NULL, false);
    for (size_t i = 0; i < 36; i++) {
        ndup_text a = text_of(texts[i / 6]);
        ndup_text b = text_of(texts[i % 6]);
        ndup_explanation *explanation;
        double similarity;
        assert_ok(ndup_explain(&explanation, a, b, NULL, 0, &error), &error);
        assert_ok(ndup_text_similarity(&similarity, reader, a, b, &error), &error);
        assert_double_in(similarity, explanation->similarity, explanation->similarity);
        ndup_explanation_free(explanation);
    }
    ndup_text_reader_free(reader);
}

/* Random words of one to eight letters. */
static char *long_text(size_t length)
{
    test_random random;
    char *bytes = malloc(length);
    assert_non_null(bytes);
    test_random_init(&random, 7);
    for (size_t i = 0; i < length; i++) {
        bool parts = test_random_chance(&random, 0.2);
        bytes[i] = parts ? ' ' : (char)('a' + test_random_below(&random, 26));
    }
    return bytes;
}

static void test_text__long_texts_are_read_the_same_without_sketches(void **state)
{
    (void)state;
    char *bytes = long_text(LONG);
    ndup_text_reader *plain = new_reader(NULL, false);
    ndup_text_reader *sketching = new_reader(NULL, true);
    ndup_read_text a = read_in(plain, (ndup_text){bytes, LONG});
    ndup_read_text b = read_in(sketching, (ndup_text){bytes, LONG});
    assert_null(a.sketch);
    assert_null(ndup_text_reader_sketcher(plain));
    assert_non_null(b.sketch);
    assert_u64_equal(a.tokens, b.tokens);
    assert_memory_equal(a.fingerprint, b.fingerprint, NDUP_FINGERPRINT_BYTES);
    ndup_text_reader_free(plain);
    ndup_text_reader_free(sketching);
    free(bytes);
}

static void assert_cleaned(ndup_text_cleaner *cleaner, const char *text, const char *expected)
{
    ndup_error error;
    ndup_text cleaned;
    assert_ok(ndup_text_clean(&cleaned, cleaner, text_of(text), &error), &error);
    assert_u64_equal(cleaned.length, strlen(expected));
    assert_memory_equal(cleaned.bytes, expected, cleaned.length);
}

#define PARAGRAPH "The harbour was closed for the night after the storm had torn two boats loose."
#define OTHER "Nobody was hurt, the captain of the port said to reporters in the morning."

static void test_text__cleaned_of_what_stands_twice(void **state)
{
    (void)state;
    ndup_error error;
    ndup_text_cleaner *cleaner;
    assert_ok(ndup_text_cleaner_new(&cleaner, NULL, &error), &error);
    assert_cleaned(cleaner, PARAGRAPH "\n\n" OTHER "\n\n" PARAGRAPH "\n",
                   PARAGRAPH "\n\n" OTHER "\n\n");
    assert_cleaned(cleaner, PARAGRAPH "\n\n" OTHER, PARAGRAPH "\n\n" OTHER);
    assert_cleaned(cleaner, "", "");
    ndup_text_cleaner_free(cleaner);
}

static ndup_status read_and_clean(const ndup_allocator *allocator, ndup_error *error)
{
    ndup_text text = text_of(PARAGRAPH "\n\n" OTHER "\n\n" PARAGRAPH "\n");
    ndup_dedup_options options;
    ndup_flag_options cleaning;
    ndup_text_reader *reader = NULL;
    ndup_text_cleaner *cleaner = NULL;
    ndup_read_text read;
    double similarity;
    ndup_status status = ndup_dedup_options_init(&options, NULL, error);
    ndup_flag_options_init(&cleaning);
    options.allocator = allocator;
    cleaning.allocator = allocator;
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_reader_new(&reader, &options, true, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_read(&read, reader, text, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_similarity(&similarity, reader, text, text, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_cleaner_new(&cleaner, &cleaning, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_clean(&text, cleaner, text, error);
    }
    ndup_text_reader_free(reader);
    ndup_text_cleaner_free(cleaner);
    return status;
}

static void test_text__memory_that_gives_out_leaves_nothing(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error = {0};
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = read_and_clean(&memory.allocator, &error);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

TEST_MAIN(cmocka_unit_test(test_text__fingerprints_are_of_the_words),
          cmocka_unit_test(test_text__what_is_read_depends_on_the_options),
          cmocka_unit_test(test_text__sketches_estimate_the_similarity),
          cmocka_unit_test(test_text__similarity_is_that_of_an_explanation),
          cmocka_unit_test(test_text__long_texts_are_read_the_same_without_sketches),
          cmocka_unit_test(test_text__cleaned_of_what_stands_twice),
          cmocka_unit_test(test_text__memory_that_gives_out_leaves_nothing))
