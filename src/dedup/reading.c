/* SPDX-License-Identifier: MIT */
/* Telling texts that can be compared by their words from those that cannot.
 *
 * A text in an encoding that was taken for UTF-8 has a damaged sequence wherever a letter is not
 * ASCII. */
#include "dedup/reading.h"

/* One damaged sequence in so many tokens still leaves a text that is known. */
#define TOKENS_PER_DAMAGE 20

static bool is_mostly_damaged(const ndup__tokens *tokens)
{
    return tokens->damaged > tokens->count / TOKENS_PER_DAMAGE;
}

ndup_reading ndup__reading_of(const ndup__tokens *tokens)
{
    if (is_mostly_damaged(tokens)) {
        return NDUP_READING_DAMAGED;
    }
    return tokens->count == 0 ? NDUP_READING_NO_WORDS : NDUP_READING_WORDS;
}

const char *ndup_reading_name(ndup_reading reading)
{
    static const char *const names[] = {"words", "no words", "damaged"};
    return (unsigned)reading < sizeof names / sizeof names[0] ? names[reading] : "unknown";
}
