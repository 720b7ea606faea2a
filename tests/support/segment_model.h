/* SPDX-License-Identifier: MIT */
/* Keys of numbers in plain arrays, the segment that holds the same, and naive answers. */
#ifndef TEST_SUPPORT_SEGMENT_MODEL_H
#define TEST_SUPPORT_SEGMENT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/segment.h"

#define SEGMENT_MODEL_IDENTITY 0x1122334455667788u

/* Every failure to get memory fails the running test. */
typedef struct segment_model {
    uint32_t tables;
    uint32_t first; /* numbers from first on */
    size_t count;
    uint32_t *keys; /* [tables][count] */
    bool *has;      /* the same: whether the number has a key there */
} segment_model;

/* Of a hundred numbers so many have no key in a table, and so many others the one key
 * SEGMENT_MODEL_CROWDED; the rest have keys of `bits` random bits, high ones. */
#define SEGMENT_MODEL_CROWDED 0x40000007u
typedef struct segment_model_kind {
    unsigned percent_absent;
    unsigned percent_crowded;
    unsigned bits;
} segment_model_kind;

void segment_model_init(segment_model *model, uint32_t tables, uint32_t first, size_t count,
                        segment_model_kind kind, uint64_t seed);
void segment_model_deinit(segment_model *model);

/* Writes it with the writer that is tested. */
ndup_status segment_model_write(const segment_model *model, const char *path,
                                const ndup_allocator *allocator, ndup_error *error);

/* Whether what may be read of a range are these numbers. */
bool segment_model_same(const ndup__segment_range *range, const uint32_t *numbers);

/* Numbers of a key, ascending, in numbers[count of the model]; returns how many. */
size_t segment_model_find(const segment_model *model, uint32_t table, uint32_t key,
                          uint32_t *numbers);

/* Looks for a key in all tables, in every way, and compares. */
void segment_model_check(const segment_model *model, const ndup__segment *segment,
                         const uint32_t *keys);

/* The same for some of its keys, some that it has not, and the extremes. */
void segment_model_check_some(const segment_model *model, const ndup__segment *segment,
                              size_t queries, uint64_t seed);

/* Makes all checksums fit what is in a segment of so many tables, whose length is right. */
void segment_model_seal(unsigned char *bytes, size_t length, uint32_t tables);

#endif
