/* SPDX-License-Identifier: MIT */
/* Runs are counted around the end of the table, too. */
#include "support/slots.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/hash.h"

const unsigned test_crowding_shifts[5] = {0, 20, 32, 40, 46};

static bool is_free(const unsigned char *slot, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (slot[i] != 0) {
            return false;
        }
    }
    return true;
}

size_t test_longest_run(const void *slots, size_t slot_bytes, size_t count)
{
    size_t longest = 0;
    size_t run = 0;
    for (size_t i = 0; i < 2 * count; i++) {
        const unsigned char *slot = (const unsigned char *)slots + i % count * slot_bytes;
        run = is_free(slot, slot_bytes) ? 0 : run + 1;
        longest = run > longest ? run : longest;
    }
    return longest;
}

size_t test_crowding_name(char name[TEST_NAME_BYTES], uint64_t *last)
{
    uint64_t shared = ((uint64_t)1 << TEST_NAMES_SHARE_BITS) - 1;
    size_t length;
    do {
        length = (size_t)snprintf(name, TEST_NAME_BYTES, "%" PRIu64, ++*last);
    } while ((ndup__hash_bytes(name, length, 0) & shared) != 0);
    return length;
}
