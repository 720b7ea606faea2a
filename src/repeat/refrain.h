/* SPDX-License-Identifier: MIT */
/* Repeats that a text means to have: the rules of README.md. */
#ifndef NDUP__REPEAT_REFRAIN_H
#define NDUP__REPEAT_REFRAIN_H

#include "neardup/flag.h"
#include "repeat/tabular.h"
#include "repeat/unit_profile.h"

/* What a whole document is, as far as it says how to take its repeats. */
typedef struct ndup__manner {
    bool is_verse;    /* nearly all lines are short, of several words, in stanzas */
    bool is_rolling;  /* most lines stand there once more right below themselves */
    bool is_numbered; /* a quarter of its longer units begin with a clause number */
} ndup__manner;

ndup__manner ndup__manner_of(const ndup__profile *profile);

/* Whether a text begins with the number of a section in a chapter, "3.1 ", or is a link of Markdown
 * to a heading of its file. */
bool ndup__is_contents_entry(ndup_text text);

/* The refrain that a repeat of this unit is, by its form and place; NONE if it is none. is_same:
 * the other occurrence has the same words. Cost: linear in the unit, plus some units around it. */
ndup_refrain ndup__refrain_of(const ndup__profile *profile, const ndup__manner *manner, size_t unit,
                              bool is_same);

#endif
