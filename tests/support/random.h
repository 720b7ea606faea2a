/* SPDX-License-Identifier: MIT */
/* Seeded random numbers for tests: the same sequence on every machine. */
#ifndef TEST_SUPPORT_RANDOM_H
#define TEST_SUPPORT_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Independent of the hashes under test on purpose: a 64-bit xorshift* generator (Vigna 2016). */
typedef struct test_random {
    uint64_t state;
} test_random;

void test_random_init(test_random *self, uint64_t seed);
uint64_t test_random_u64(test_random *self);

/* Uniform in [0, limit); limit > 0. */
uint64_t test_random_below(test_random *self, uint64_t limit);

/* Uniform in [0, 1). */
double test_random_unit(test_random *self);

/* True with the given probability. */
bool test_random_chance(test_random *self, double probability);

void test_random_bytes(test_random *self, void *bytes, size_t count);
void test_random_shuffle_u64(test_random *self, uint64_t *values, size_t count);

#endif
