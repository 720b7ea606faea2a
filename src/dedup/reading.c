/* SPDX-License-Identifier: MIT */
/* Telling texts that can be compared by their words from those that cannot. */
#include "dedup/reading.h"

#include "text/damage.h"

ndup_reading ndup__reading_of(const ndup__tokens *tokens)
{
    if (ndup__is_damaged_throughout(tokens)) {
        return NDUP_READING_DAMAGED;
    }
    return tokens->count == 0 ? NDUP_READING_NO_WORDS : NDUP_READING_WORDS;
}

const char *ndup_reading_name(ndup_reading reading)
{
    static const char *const names[] = {"words", "no words", "damaged"};
    return (unsigned)reading < sizeof names / sizeof names[0] ? names[reading] : "unknown";
}
