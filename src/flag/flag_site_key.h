/* SPDX-License-Identifier: MIT */
/* What a line of a page is when the number, date or address in it is left out. */
#ifndef NDUP__FLAG_FLAG_SITE_KEY_H
#define NDUP__FLAG_FLAG_SITE_KEY_H

#include <stdint.h>

#include "repeat/unit_profile.h"

/* A key of a unit on a host; never 0. Two units have the same key when they have the same words;
 * or when one has a figure or an address and they are the same but for what stands in for numbers,
 * dates and addresses (of pages or mail), in any case of ASCII, and have one to eight words
 * besides. A date is numbers with one word between or in front of them, and the word before that if
 * a comma ends it. Cost: linear. */
uint64_t ndup__site_key(const ndup__profile *profile, size_t unit, uint64_t host);

#endif
