/* SPDX-License-Identifier: MIT */
/* Poems and songs, by the shape of their lines. */
#ifndef NDUP__REPEAT_VERSE_H
#define NDUP__REPEAT_VERSE_H

#include "repeat/unit_profile.h"

/* Whether the whole text reads as verse. Cost: linear. */
bool ndup__is_verse(const ndup__profile *profile);

/* Whether a unit is a line of verse, or a stanza: a short line of a text that is verse or of a
 * stanza in another one; or several lines that are a stanza. Cost: linear in the unit, plus some
 * units around it. */
bool ndup__is_verse_line(const ndup__profile *profile, size_t unit, bool text_is_verse);

#endif
