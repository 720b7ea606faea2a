/* SPDX-License-Identifier: MIT */
/* Counts that are made text by text, and a run under them. */
#include "neardup/form_texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/corpus_make.h"
#include "support/test.h"

enum { BITS_LEAST = 16, FORM = 40, OTHERS = 300 };

static ndup_text read_text(const made_corpus *corpus, uint64_t document)
{
    return (ndup_text){corpus->items[document].text, corpus->items[document].length};
}

/* Texts of one form in source s0, and others in two sources. */
static void fill(made_corpus *corpus)
{
    test_random random;
    test_random_init(&random, 5);
    made_words form = made_words_random(&random, 80, 5000, 0);
    for (size_t i = 0; i < FORM + OTHERS; i++) {
        made_words own = made_words_random(&random, i < FORM ? 25 : 70, 5000, 0);
        made_words whole = made_words_joined(&form, &own);
        made_document *document = made_corpus_add(corpus, &random, i < FORM ? &whole : &own);
        strcpy(document->source, i < FORM || i % 2 == 0 ? "s0" : "s1");
        made_words_free(&own);
        made_words_free(&whole);
    }
    made_words_free(&form);
}

static size_t others_of(const ndup_form_texts *texts, ndup_text source)
{
    size_t count = 0;
    for (size_t i = 0; i < ndup_form_texts_count(texts); i++) {
        ndup_form_text text;
        ndup_form_texts_get(texts, i, &text);
        count += !text.is_member && text.source.length == source.length &&
                 memcmp(text.source.bytes, source.bytes, source.length) == 0;
    }
    return count;
}

static void count_text(uint8_t *counters, unsigned bits, ndup_text_reader *reader, ndup_text text,
                       bool only_known)
{
    ndup_error error;
    const uint64_t *shingles;
    size_t count;
    assert_ok(ndup_text_form_shingles(&shingles, &count, reader, text, &error), &error);
    for (size_t i = 0; i < count; i++) {
        uint8_t *counter = &counters[shingles[i] * NDUP_FORM_COUNTER_FACTOR >> (64 - bits)];
        *counter = (uint8_t)(*counter + (*counter < 200 && (*counter > 0 || !only_known)));
    }
}

/* All members, then the others of their one source that are chosen. */
static uint8_t *count_texts(unsigned *bits, size_t *members, const made_corpus *corpus,
                            const ndup_form_texts *texts)
{
    ndup_text_reader *reader;
    assert_ok(ndup_text_reader_new(&reader, NULL, false, NULL), NULL);
    *members = 0;
    for (size_t i = 0; i < ndup_form_texts_count(texts); i++) {
        ndup_form_text text;
        ndup_form_texts_get(texts, i, &text);
        *members += text.is_member;
    }
    *bits = ndup_form_counter_bits(*members);
    uint8_t *counters = calloc((size_t)1 << *bits, 1);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < ndup_form_texts_count(texts); i++) {
            ndup_form_text text;
            ndup_form_texts_get(texts, i, &text);
            uint64_t most =
                UINT64_MAX / (others_of(texts, text.source) / NDUP_FORM_TEXTS_PER_SOURCE + 1);
            bool is_other =
                text.may_count && text.text_hash <= most && memcmp(text.source.bytes, "s0", 2) == 0;
            if (pass == 0 ? text.is_member : is_other) {
                count_text(counters, *bits, reader, read_text(corpus, text.document), pass == 1);
            }
        }
    }
    ndup_text_reader_free(reader);
    return counters;
}

static void assert_same_verdicts(const ndup_result *a, const ndup_result *b)
{
    assert_u64_equal(ndup_result_summary(a)->templates, ndup_result_summary(b)->templates);
    for (uint64_t i = 0; i < ndup_result_summary(a)->documents; i++) {
        ndup_verdict of_a, of_b;
        ndup_result_verdict(a, i, &of_a);
        ndup_result_verdict(b, i, &of_b);
        assert_int_equal(of_a.kind, of_b.kind);
        assert_u64_equal(of_a.survivor, of_b.survivor);
    }
}

static void test_form_texts__counted_elsewhere_a_run_decides_the_same(void **state)
{
    (void)state;
    ndup_error error;
    made_corpus made = {.count = 0};
    ndup_corpus *corpus = NULL;
    ndup_form_texts *texts;
    ndup_dedup_options options;
    ndup_result *counted_here, *counted_there;
    ndup_corpus_frequencies *counts;
    fill(&made);
    corpus = made_corpus_open(&made, NULL);
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    assert_ok(ndup_form_texts_find(&texts, corpus, &options, NULL, &error), &error);
    assert_u64_equal(ndup_form_texts_count(texts), FORM + OTHERS);
    unsigned bits;
    size_t members;
    uint8_t *counters = count_texts(&bits, &members, &made, texts);
    assert_in_range(members, FORM - 2, FORM);
    assert_in_range(bits, BITS_LEAST, BITS_LEAST + 1);
    assert_ok(ndup_dedup(&counted_here, corpus, &options, NULL, &error), &error);
    assert_true(ndup_result_summary(counted_here)->templates > FORM / 2);
    assert_ok(ndup_corpus_frequencies_new(&counts, counters, bits, NULL, &error), &error);
    options.frequencies = counts;
    assert_ok(ndup_dedup(&counted_there, corpus, &options, NULL, &error), &error);
    assert_same_verdicts(counted_here, counted_there);
    ndup_result_free(counted_there);
    ndup_result_free(counted_here);
    ndup_corpus_frequencies_free(counts);
    free(counters);
    ndup_form_texts_free(texts);
    ndup_corpus_close(corpus);
    made_corpus_deinit(&made);
}

static void test_form_texts__sources_are_hosts_where_there_is_none(void **state)
{
    (void)state;
    ndup_text wire = {"wire", 4};
    ndup_text url = {"https://www.herald.example/a", 28};
    ndup_text name = ndup_source_name(wire, url);
    assert_memory_equal(name.bytes, "wire", 4);
    name = ndup_source_name((ndup_text){NULL, 0}, url);
    assert_true(name.length > 0 && name.length < url.length);
    assert_non_null(strstr(name.bytes, "herald.example"));
}

static void test_form_texts__few_shingles_of_a_long_text(void **state)
{
    (void)state;
    enum { WORDS = 5000 };
    static char bytes[8 * WORDS];
    ndup_error error;
    ndup_text_reader *reader;
    const uint64_t *shingles;
    size_t count, length = 0;
    for (int i = 0; i < WORDS; i++) {
        length += (size_t)sprintf(bytes + length, "w%d ", i);
    }
    assert_ok(ndup_text_reader_new(&reader, NULL, false, &error), &error);
    ndup_text text = {bytes, length};
    assert_ok(ndup_text_form_shingles(&shingles, &count, reader, text, &error), &error);
    assert_in_range(count, 90, 200);
    text.length = 0;
    assert_ok(ndup_text_form_shingles(&shingles, &count, reader, text, &error), &error);
    assert_u64_equal(count, 0);
    ndup_text_reader_free(reader);
}

TEST_MAIN(cmocka_unit_test(test_form_texts__counted_elsewhere_a_run_decides_the_same),
          cmocka_unit_test(test_form_texts__sources_are_hosts_where_there_is_none),
          cmocka_unit_test(test_form_texts__few_shingles_of_a_long_text))
