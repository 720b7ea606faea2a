/* SPDX-License-Identifier: MIT */
/* A text as the heaviest of its terms, and how alike two texts are in them. */
#ifndef NDUP__STORY_TERM_VECTOR_H
#define NDUP__STORY_TERM_VECTOR_H

#include "story/term_counts.h"

/* Terms that are kept of a text, and of these the rarest, by which others find it. */
#define NDUP__TERMS_KEPT 256
#define NDUP__TERMS_ASKED 48

typedef struct ndup__weighted_term {
    uint32_t term : 31; /* bits of its hash */
    uint32_t is_rare : 1;
    float weight;
} ndup__weighted_term;

/* Terms of one text: weights that make a vector of length 1. */
typedef struct ndup__term_vector {
    ndup__weighted_term *terms; /* [count] by term; NULL: none, or no more needed */
    uint32_t count;
} ndup__term_vector;

/* The rarest terms of a text, rarest first: NDUP__TERMS_ASKED, or all that are kept. */
typedef struct ndup__rarest_terms {
    uint32_t count;
    uint32_t terms[NDUP__TERMS_KEPT];
} ndup__rarest_terms;

/* Rarities that are reckoned once. */
#define NDUP__RARITIES 4096

/* Work space of one worker; zero-initialise and set the allocator. */
typedef struct ndup__term_chooser {
    const ndup_allocator *allocator;
    double *rarities; /* [NDUP__RARITIES] by texts with the term, of known_for texts in all */
    double known_for;
    bool asks_all; /* texts are weighed at different times: what is rare to one need not be to
                      another, so that all terms ask */
    struct ndup__chosen_term *chosen;
    size_t capacity;
} ndup__term_chooser;

/* Weighs the terms of a text: ln(1 + count) (ln(texts / texts with the term))^.75. Terms of one
 * text only, and of more than three tenths of all, are left out. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__term_vector_make(
    ndup__term_vector *vector, ndup__rarest_terms *rarest, ndup__term_chooser *chooser,
    const ndup__term_counts *counts, const ndup__term *terms, size_t count, ndup_error *error);
void ndup__term_vector_free(ndup__term_vector *vector, const ndup_allocator *allocator);
void ndup__term_chooser_deinit(ndup__term_chooser *chooser);

/* How alike two texts are, at most 1: the cosine of their vectors, less 2.5 times the mean share
 * that one term has in it. So one name that both mention does not make them alike, and short texts
 * are measured as long ones are. 0 for texts that share hardly a rare term: these are of one kind,
 * not of one event. May be negative. */
double ndup__term_score(const ndup__term_vector *a, const ndup__term_vector *b);

#endif
