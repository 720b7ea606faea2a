/* SPDX-License-Identifier: MIT */
/* Estimates the similarity of two sets of hashes, and of a union, from sketches of 512 bytes. */
#include <math.h>
#include <neardup.h>
#include <stdio.h>

#define SLOTS 128

/* Any uniform 64-bit hash will do. */
static uint64_t hash(uint64_t x)
{
    x *= 0x9E3779B97F4A7C15u;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    return x ^ (x >> 32);
}

int main(void)
{
    uint64_t a[900];
    uint64_t b[900];
    uint32_t sketch_a[SLOTS];
    uint32_t sketch_b[SLOTS];
    ndup_sketcher *sketcher;
    ndup_error error = {0};
    for (uint64_t i = 0; i < 900; i++) {
        a[i] = hash(i + 1);
        b[i] = hash(i + 101); /* 800 in both, 1,000 in all */
    }
    if (ndup_sketcher_new(&sketcher, "minhash", SLOTS, 0, NULL, &error) != NDUP_STATUS_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    ndup_sketch_make(sketcher, sketch_a, a, 900);
    ndup_sketch_make(sketcher, sketch_b, b, 900);
    double estimate = ndup_sketch_estimate(sketcher, sketch_a, sketch_b);
    printf("similarity 0.8, estimated %.3f\n", estimate);
    ndup_status status = ndup_sketch_merge(sketcher, sketch_a, sketch_b, &error);
    printf("b in the union: 0.9, estimated %.3f\n",
           ndup_sketch_estimate(sketcher, sketch_a, sketch_b));
    ndup_sketcher_free(sketcher);
    /* five standard deviations of an estimate from 128 slots */
    return status == NDUP_STATUS_OK && fabs(estimate - 0.8) < 5 * sqrt(0.8 * 0.2 / SLOTS) ? 0 : 1;
}
