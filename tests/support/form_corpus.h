/* SPDX-License-Identifier: MIT */
/* Seeded corpora of filled forms, of their copies, and of stories inside the pages of sites. */
#ifndef TEST_SUPPORT_FORM_CORPUS_H
#define TEST_SUPPORT_FORM_CORPUS_H

#include "support/corpus_make.h"

/* Appends `count` texts that fill one form of `words` words at `slots` places, with up to `most`
 * words each. */
void form_corpus_add_form(made_corpus *self, test_random *random, size_t count, size_t words,
                          size_t slots, size_t most);

/* Forms, copies of filled forms with up to four edits, stories on the pages of sites, reports that
 * differ in their figures; at most 49 documents, each below 192 shingles. */
made_corpus form_corpus_mixed(test_random *random);

#endif
