/* SPDX-License-Identifier: MIT */
/* A count is kept every few bytes, so that a place costs the same wherever it is. */
#include "character_places.h"

#include <stdlib.h>

#define PLACE_STEP 256

static size_t count_characters(const char *bytes, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    }
    return count;
}

bool character_places_begin(character_places *places, ndup_text text)
{
    size_t steps = text.length / PLACE_STEP + 1;
    places->text = text;
    if (steps > places->capacity) {
        size_t *counts = realloc(places->counts, 2 * steps * sizeof *counts);
        if (counts == NULL) {
            return false;
        }
        places->counts = counts;
        places->capacity = 2 * steps;
    }
    places->counts[0] = 0;
    for (size_t i = 1; i < steps; i++) {
        places->counts[i] =
            places->counts[i - 1] + count_characters(text.bytes + (i - 1) * PLACE_STEP, PLACE_STEP);
    }
    return true;
}

size_t character_places_at(const character_places *places, size_t byte)
{
    size_t step = byte / PLACE_STEP;
    return places->counts[step] +
           count_characters(places->text.bytes + step * PLACE_STEP, byte - step * PLACE_STEP);
}

void character_places_free(character_places *places)
{
    free(places->counts);
    *places = (character_places){.capacity = 0};
}
