/* SPDX-License-Identifier: MIT */
/* Made-up texts that copy from each other, in several scripts. */
#ifndef TEST_SUPPORT_PASSAGE_TEXTS_H
#define TEST_SUPPORT_PASSAGE_TEXTS_H

#include "support/corpus_make.h"

typedef enum passage_script {
    PASSAGE_LATIN,
    PASSAGE_HAN,
    PASSAGE_THAI,
    PASSAGE_MIXED
} passage_script;

typedef struct passage_texts {
    passage_script script;
    uint32_t vocabulary; /* few words: everything repeats */
    unsigned least;      /* copies are about so many words long, somewhat less or up to thrice it */
    double edits;        /* words of a copy that are others */
} passage_texts;

/* Adds `count` documents of new words and of copies from all documents that came before. */
void passage_texts_add(made_corpus *corpus, const passage_texts *from, size_t count,
                       test_random *random);

/* Appends word `number` of a script to a text, in one of its spellings, with what parts it from the
 * next; returns the bytes, at most 40. */
size_t passage_texts_write(char *out, passage_script script, uint32_t number, test_random *random);

#endif
