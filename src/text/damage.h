/* SPDX-License-Identifier: MIT */
/* How much of a text could be read. */
#ifndef NDUP__TEXT_DAMAGE_H
#define NDUP__TEXT_DAMAGE_H

#include "text/tokens.h"

/* One damaged sequence in so many tokens still leaves a text that is known. */
#define NDUP__TOKENS_PER_DAMAGE 20

/* Whether so much is damaged that what is left says nothing. A text in an encoding that was taken
 * for UTF-8 has a damaged sequence wherever a letter is not ASCII. */
static inline bool ndup__is_damaged_throughout(const ndup__tokens *tokens)
{
    return tokens->damaged > tokens->count / NDUP__TOKENS_PER_DAMAGE;
}

#endif
