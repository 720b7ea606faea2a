/* SPDX-License-Identifier: MIT */
/* Any bytes as a tiny corpus of few words: the exact answer is the naive one, the bands' answer
 * holds what it says, and neither compares more than there is to compare. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz_target.h"
#include "support/dedup_model.h"
#include "support/test.h"

enum { OPTION_BYTES = 4, MOST_DOCUMENTS = 48, MOST_BYTES = 1 << 12 };

/* What a byte of a document means: a word, a word of digits, the last word over and over, or the
 * end of the document. Sixteen words make texts of equal sets of shingles, and so of equal
 * sketches, that are other texts. */
enum { WORDS = 16, FIRST_NUMBER = 0xC0, FIRST_RUN = 0xE0, END = 0xF8 };

static const char *const words[WORDS] = {"a", "of",  "the", "and", "to", "in", "that", "river",
                                         "x", "The", "fog", "OF",  "is", "it", "on",   "by"};

typedef struct writer {
    char text[MOST_BYTES];
    size_t length;
} writer;

static void put_word(writer *out, uint8_t byte)
{
    char word[16];
    int length = byte >= FIRST_NUMBER ? snprintf(word, sizeof word, "%u", byte % 8)
                                      : snprintf(word, sizeof word, "%s", words[byte % WORDS]);
    if (out->length + (size_t)length + 1 < MOST_BYTES) {
        memcpy(out->text + out->length, word, (size_t)length);
        out->length += (size_t)length;
        out->text[out->length++] = byte % 3 == 0 ? ',' : ' ';
    }
}

/* The next document of data[*at..size). */
static void put_document(writer *out, const uint8_t *data, size_t size, size_t *at)
{
    uint8_t word = 0;
    out->length = 0;
    while (*at < size && data[*at] < END) {
        uint8_t byte = data[(*at)++];
        if (byte < FIRST_RUN) {
            word = byte;
            put_word(out, word);
        }
        for (int i = byte >= FIRST_RUN ? (byte - FIRST_RUN) * 4 : 0; i > 0; i--) {
            put_word(out, word);
        }
    }
    *at += *at < size;
}

static made_corpus make_corpus(const uint8_t *data, size_t size)
{
    static writer out;
    made_corpus corpus = {.as_records = true};
    test_random random;
    test_random_init(&random, size);
    for (size_t at = 0; at < size && corpus.count < MOST_DOCUMENTS;) {
        put_document(&out, data, size, &at);
        made_corpus_add_text(&corpus, &random, out.text, out.length);
    }
    return corpus;
}

/* Of texts that repeat one shingle more often than this, the longest run met counts. */
enum { REPEATS_TRIED = 32 };

static bool has_many_repeats(const uint8_t *data, size_t size)
{
    bool has_run = size > REPEATS_TRIED;
    for (size_t i = 0; i < size; i++) {
        has_run = has_run || (data[i] >= FIRST_RUN && data[i] < END);
    }
    return has_run;
}

static ndup_dedup_options make_options(const uint8_t *data, size_t size)
{
    static const double thresholds[] = {0.2, 0.3, 0.5, 0.6, 2.0 / 3, 0.75, 0.8, 1};
    static const unsigned sizes[] = {1, 2, 3, 5};
    static const char *const chains[] = {"first", "longest", "newest", "field:score:desc"};
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.matching.threshold = thresholds[data[0] % 8];
    options.matching.shingle_size = sizes[data[0] / 8 % 4];
    options.matching.number_agreement = 0;
    options.templates = NDUP_TEMPLATES_DROP; /* the model knows no forms */
    options.keep = chains[data[1] % 4];
    options.cluster = (data[1] & 4) != 0 ? NDUP_CLUSTER_COMPONENTS : NDUP_CLUSTER_LEADER;
    options.spans = (data[1] & 8) != 0 && !has_many_repeats(data, size);
    options.drop_all = (data[1] & 16) != 0;
    options.pairs = (data[1] & 32) != 0;
    options.sketch = (data[1] & 64) != 0 ? "kmins" : NULL;
    options.seed = data[2];
    options.threads = 1 + data[3] % 2;
    return options;
}

static size_t distinct_texts(const dedup_model *model)
{
    size_t distinct = 0;
    for (size_t i = 0; i < model->corpus->count; i++) {
        size_t j = 0;
        while (j < i && !naive_same_tokens(&model->naive, i, j)) {
            j++;
        }
        distinct += j == i;
    }
    return distinct;
}

/* Whatever the corpus, no pair of texts is compared twice for one purpose: to decide, and to be
 * listed. */
static void check_work(const dedup_model *model, const ndup_summary *summary)
{
    size_t texts = distinct_texts(model);
    bool lists = model->options->pairs && !model->options->exact &&
                 model->options->cluster == NDUP_CLUSTER_LEADER;
    uint64_t most = (uint64_t)texts * (texts - (texts > 0)) / 2 * (lists ? 2 : 1);
    assert_true(summary->verified <= most);
    assert_true(summary->candidates <= most);
    assert_true(summary->similar <= summary->verified);
}

static void check_run(const made_corpus *corpus, ndup_dedup_options options, bool exact)
{
    dedup_model model;
    options.exact = exact;
    dedup_model_init(&model, corpus, &options);
    ndup_result *result = dedup_model_run(corpus, &options);
    dedup_model_check_verdicts(&model, result);
    if (exact) {
        dedup_model_check_decisions(&model, result);
    }
    check_work(&model, ndup_result_summary(result));
    ndup_result_free(result);
    dedup_model_deinit(&model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < OPTION_BYTES) {
        return 0;
    }
    setenv("CMOCKA_TEST_ABORT", "1", 1); /* a failed assertion is a crash */
    made_corpus corpus = make_corpus(data + OPTION_BYTES, size - OPTION_BYTES);
    check_run(&corpus, make_options(data, size), true);
    check_run(&corpus, make_options(data, size), false);
    made_corpus_deinit(&corpus);
    return 0;
}
