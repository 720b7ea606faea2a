/* SPDX-License-Identifier: MIT */
/* Detection of processor features. Source: Intel 64 and IA-32 manual, volume 1, 14.3 and 15.2. */
#include "base/cpu.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define KNOWN 0x80000000u /* marks the cached answer as found */

#if NDUP__CPU_X86
#include <cpuid.h>

typedef struct leaf {
    unsigned eax, ebx, ecx, edx;
} leaf;

/* All zero when the processor has no such leaf. */
static leaf query(unsigned number)
{
    leaf l = {0};
    if (__get_cpuid_count(number, 0, &l.eax, &l.ebx, &l.ecx, &l.edx) == 0) {
        l = (leaf){0};
    }
    return l;
}

static bool has_bits(unsigned word, unsigned bits)
{
    return (word & bits) == bits;
}

/* Register files that the operating system saves, from XCR0. */
static unsigned saved_state(void)
{
    unsigned low;
    unsigned high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static unsigned detect(void)
{
    const unsigned osxsave_popcnt = 1u << 27 | 1u << 23;
    const unsigned ymm = 1u << 1 | 1u << 2;
    const unsigned zmm = ymm | 7u << 5;
    const unsigned avx2_bmi = 1u << 5 | 1u << 3 | 1u << 8;
    const unsigned f_dq_ifma_cd_bw_vl =
        1u << 16 | 1u << 17 | 1u << 21 | 1u << 28 | 1u << 30 | 1u << 31;
    const unsigned vbmi_vbmi2_bitalg_vpopcntdq = 1u << 1 | 1u << 6 | 1u << 12 | 1u << 14;
    const unsigned lzcnt = 1u << 5;

    if (!has_bits(query(1).ecx, osxsave_popcnt) || !has_bits(query(0x80000001u).ecx, lzcnt)) {
        return 0;
    }
    unsigned saved = saved_state();
    leaf extended = query(7);
    if (!has_bits(saved, ymm) || !has_bits(extended.ebx, avx2_bmi)) {
        return 0;
    }
    if (!has_bits(saved, zmm) || !has_bits(extended.ebx, f_dq_ifma_cd_bw_vl) ||
        !has_bits(extended.ecx, vbmi_vbmi2_bitalg_vpopcntdq)) {
        return NDUP__CPU_AVX2;
    }
    return NDUP__CPU_AVX2 | NDUP__CPU_AVX512;
}
#else
static unsigned detect(void)
{
    return 0;
}
#endif

unsigned ndup__cpu_without(unsigned features, const char *names)
{
    while (names != NULL && *names != '\0') {
        size_t length = strcspn(names, ",");
        if (length == 6 && memcmp(names, "avx512", 6) == 0) {
            features &= ~NDUP__CPU_AVX512;
        } else if (length == 4 && memcmp(names, "avx2", 4) == 0) {
            features &= ~(NDUP__CPU_AVX2 | NDUP__CPU_AVX512);
        }
        names += length + (names[length] == ',');
    }
    return features;
}

unsigned ndup__cpu_features(void)
{
    /* Threads that meet here find the same. */
    static _Atomic unsigned cached;
    unsigned features = atomic_load_explicit(&cached, memory_order_relaxed);
    if (features == 0) {
        features = ndup__cpu_without(detect(), getenv("NDUP_CPU_DISABLE")) | KNOWN;
        atomic_store_explicit(&cached, features, memory_order_relaxed);
    }
    return features & ~KNOWN;
}
