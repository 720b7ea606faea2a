/* SPDX-License-Identifier: MIT */
/* Places in a text, from bytes to characters as str counts them. */
#ifndef NEARDUP_PYTHON_CHARACTER_PLACES_H
#define NEARDUP_PYTHON_CHARACTER_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/document.h"

/* Zero-initialise; used again for text after text. */
typedef struct character_places {
    ndup_text text;
    size_t *counts; /* of characters in front of every PLACE_STEP bytes */
    size_t capacity;
} character_places;

/* Looks at a text, which must stay. False without memory. */
bool character_places_begin(character_places *places, ndup_text text);

/* Characters in front of a byte, which may be the end. */
size_t character_places_at(const character_places *places, size_t byte);
void character_places_free(character_places *places);

#endif
