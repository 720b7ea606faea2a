/* SPDX-License-Identifier: MIT */
/* Seeded random numbers for tests. */
#include "support/random.h"

#include <string.h>

void test_random_init(test_random *self, uint64_t seed)
{
    self->state = seed * 0x9E3779B97F4A7C15u + 0x6A09E667F3BCC909u;
    if (self->state == 0) {
        self->state = 1;
    }
    for (int i = 0; i < 8; i++) {
        test_random_u64(self);
    }
}

uint64_t test_random_u64(test_random *self)
{
    self->state ^= self->state >> 12;
    self->state ^= self->state << 25;
    self->state ^= self->state >> 27;
    return self->state * 0x2545F4914F6CDD1Du;
}

uint64_t test_random_below(test_random *self, uint64_t limit)
{
    uint64_t accepted = UINT64_MAX - UINT64_MAX % limit;
    uint64_t value;
    do {
        value = test_random_u64(self);
    } while (value >= accepted);
    return value % limit;
}

double test_random_unit(test_random *self)
{
    return (double)(test_random_u64(self) >> 11) * 0x1p-53;
}

bool test_random_chance(test_random *self, double probability)
{
    return test_random_unit(self) < probability;
}

void test_random_bytes(test_random *self, void *bytes, size_t count)
{
    unsigned char *out = bytes;
    while (count > 0) {
        uint64_t word = test_random_u64(self);
        size_t part = count < sizeof word ? count : sizeof word;
        memcpy(out, &word, part);
        out += part;
        count -= part;
    }
}

void test_random_shuffle_u64(test_random *self, uint64_t *values, size_t count)
{
    for (size_t left = count; left > 1; left--) {
        size_t other = (size_t)test_random_below(self, left);
        uint64_t swapped = values[left - 1];
        values[left - 1] = values[other];
        values[other] = swapped;
    }
}
