/* SPDX-License-Identifier: MIT */
/* Seeded corpora of known make-up, in memory and as files. */
#ifndef TEST_SUPPORT_CORPUS_MAKE_H
#define TEST_SUPPORT_CORPUS_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/corpus.h"
#include "support/random.h"
#include "support/temp_dir.h"

/* Words are numbers: below MADE_NUMBERS they are written in letters, from there on in digits. */
#define MADE_NUMBERS 0x80000000u

/* A text as a list of words. */
typedef struct made_words {
    uint32_t *items;
    size_t count;
} made_words;

/* `count` words below `vocabulary`, each a number instead with probability `numbers`. */
made_words made_words_random(test_random *random, size_t count, uint32_t vocabulary,
                             double numbers);

/* A near-copy: random words are replaced by words that stand nowhere else, as long as the Jaccard
 * similarity of the sets of shingles stays >= wanted. */
made_words made_words_near(test_random *random, const made_words *from, double wanted,
                           unsigned shingle_size);
/* A copy with `count` words replaced by words that stand nowhere else. */
made_words made_words_edited(test_random *random, const made_words *from, size_t count);
made_words made_words_part(const made_words *from, size_t start, size_t count);
/* a followed by b. */
made_words made_words_joined(const made_words *a, const made_words *b);
void made_words_free(made_words *words);

/* Exact Jaccard similarity of two lists of words by comparing all shingles with all. */
double made_words_similarity(const made_words *a, const made_words *b, unsigned shingle_size);

typedef struct made_document {
    char *text;
    size_t length;
    char id[24];
    char source[16];
    char date[16]; /* "" = none */
    int score;     /* < 0 = none */
} made_document;

typedef struct made_corpus {
    made_document *items;
    size_t count;
    size_t capacity;
    bool as_records; /* hand documents out as JSON records, with the field "score" */
} made_corpus;

/* Appends a document; its id is "d" and its number, its source one of "s0".."s3", its date and
 * score are random and sometimes missing. The document can be changed until the next one is added.
 */
made_document *made_corpus_add(made_corpus *self, test_random *random, const made_words *words);
/* The same words in other cases, punctuation and spaces. */
made_document *made_corpus_add_varied(made_corpus *self, test_random *random,
                                      const made_words *words);
made_document *made_corpus_add_text(made_corpus *self, test_random *random, const char *text,
                                    size_t length);
void made_corpus_deinit(made_corpus *self);

/* The same documents in another order; texts are copied. */
made_corpus made_corpus_shuffled(const made_corpus *self, test_random *random);

/* A small corpus of everything: unrelated documents, near-copies of all degrees, identical and
 * normalised copies, parts, one-word and empty documents, few or many numbers. */
made_corpus made_corpus_mixed(test_random *random, size_t count, unsigned shingle_size);

/* count documents of 104 words, each of which begins 8 words later in one long text: with shingles
 * of 5, neighbours have the similarity 92/108 = 0.85, the next but one 0.72. */
made_corpus made_corpus_chain(test_random *random, size_t count);

/* count documents of `words` words that all begin with the same template_share of them. */
made_corpus made_corpus_template(test_random *random, size_t count, size_t words,
                                 double template_share);

/* Opens a corpus over the documents in memory, which must stay until it is closed. */
ndup_corpus *made_corpus_open(const made_corpus *self, const ndup_allocator *allocator);
ndup_source made_corpus_source(const made_corpus *self);

/* The JSON object of a document, without a line end; free() it. */
char *made_document_json(const made_document *document);
/* Writes the corpus as one JSONL file, or as a folder with one .txt file for every document. */
void made_corpus_write_jsonl(const made_corpus *self, const temp_dir *dir, const char *name);
void made_corpus_write_folder(const made_corpus *self, const temp_dir *dir, const char *folder);

#endif
