/* SPDX-License-Identifier: MIT */
/* Sums, and their names. */
#include "corpus/passed_over.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void ndup__passed_over_add(ndup__passed_over *sum, const ndup__passed_over *more)
{
    sum->records += more->records;
    for (size_t i = 0; i < NDUP__BINARY_NAMES; i++) {
        sum->binaries[i] += more->binaries[i];
    }
}

/* The most frequent number that was not told yet; NDUP__BINARY_NAMES if there is none. */
static unsigned next_number(const ndup__passed_over *passed, const bool *is_told)
{
    unsigned best = NDUP__BINARY_NAMES;
    for (unsigned i = 0; i < NDUP__BINARY_NAMES; i++) {
        bool is_candidate = passed->binaries[i] > 0 && !is_told[i];
        if (is_candidate &&
            (best == NDUP__BINARY_NAMES || passed->binaries[i] > passed->binaries[best])) {
            best = i;
        }
    }
    return best;
}

uint64_t ndup__passed_over_name(char *text, size_t size, const ndup__passed_over *passed)
{
    bool is_told[NDUP__BINARY_NAMES] = {false};
    uint64_t sum = 0;
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < NDUP__BINARY_NAMES; i++) {
        sum += passed->binaries[i];
    }
    unsigned number;
    while ((number = next_number(passed, is_told)) < NDUP__BINARY_NAMES) {
        char name[64];
        int added = snprintf(name, sizeof name, "%s%" PRIu64 " %s", length > 0 ? ", " : "",
                             passed->binaries[number], ndup__binary_name(number));
        bool fits = length + (size_t)added + sizeof ", ..." < size;
        snprintf(text + length, size - length, "%s", fits ? name : ", ...");
        length += fits ? (size_t)added : 0;
        is_told[number] = true;
        if (!fits) {
            break;
        }
    }
    return sum;
}
