/* SPDX-License-Identifier: MIT */
/* Edit distance with swaps, and when a word counts as near. */
#include "suggest.h"

#include <string.h>

enum { WORD_MAX = 40 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b: the optimal
 * string alignment distance. Both have at most WORD_MAX characters. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_length; j++) {
        last[j] = j;
        before[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(replaced, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
        size_t *reused = before;
        before = last;
        last = row;
        row = reused;
    }
    return last[b_length];
}

void cli_suggestion_offer(cli_suggestion *suggestion, const char *typed, const char *candidate)
{
    size_t typed_length = strlen(typed), length = strlen(candidate);
    if (typed_length == 0 || typed_length > WORD_MAX || length > WORD_MAX) {
        return;
    }
    size_t distance = edit_distance(typed, typed_length, candidate, length);
    /* The beginning of a word, long enough to mean something, is one step away. */
    if (typed_length >= 3 && strncmp(typed, candidate, typed_length) == 0) {
        distance = least(distance, 1);
    }
    size_t allowed = length <= 3 ? 1 : length <= 7 ? 2 : 3;
    if (distance <= allowed && distance < length &&
        (suggestion->word == NULL || distance < suggestion->distance)) {
        suggestion->word = candidate;
        suggestion->distance = distance;
    }
}
