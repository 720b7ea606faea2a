/* SPDX-License-Identifier: MIT */
/* What the processor can do, found out while the program runs. */
#ifndef NDUP__BASE_CPU_H
#define NDUP__BASE_CPU_H

/* 1 where functions for x86 instruction sets can be compiled: by target attributes, without special
 * compiler flags. */
#if defined(__x86_64__) && defined(__GNUC__)
#define NDUP__CPU_X86 1
#else
#define NDUP__CPU_X86 0
#endif

/* A feature stands for a set of instructions that come together in processors; it is present only
 * when the operating system keeps the registers too. AVX2: with BMI1, BMI2, LZCNT and POPCNT
 * (2013). AVX512: F, BW, CD, DQ, VL, IFMA, VBMI, VBMI2, BITALG and VPOPCNTDQ (Ice Lake 2019, Zen
 * 4); the first generations of AVX-512, which slow down for it, are left to AVX2. AVX512 comes only
 * with AVX2. */
#define NDUP__CPU_AVX2 1u
#define NDUP__CPU_AVX512 2u

#define NDUP__TARGET_AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define NDUP__TARGET_AVX512                                                       \
    __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512cd," \
                          "avx512dq,avx512vl,avx512ifma,avx512vbmi,avx512vbmi2,"  \
                          "avx512bitalg,avx512vpopcntdq")))

/* The features of this machine without those that the environment variable NDUP_CPU_DISABLE names
 * ("avx512,avx2"). The first call reads both; later ones give the same answer. Threads: any. */
unsigned ndup__cpu_features(void);

/* Features without those of a list of names separated by commas; NULL is an empty list, unknown
 * names mean nothing. */
unsigned ndup__cpu_without(unsigned features, const char *names);

#endif
