/* SPDX-License-Identifier: MIT */
/* How much memory there is. */
#ifndef NDUP__BASE_MEMORY_H
#define NDUP__BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that can be had without pushing other programs out; 0 = unknown (not Linux). */
uint64_t ndup__memory_available(void);

/* Bytes of the program that are in memory, mapped files included; 0 = unknown. */
uint64_t ndup__memory_resident(void);

/* The value of "NAME:  123 kB" in bytes, from text like that of /proc/meminfo; 0 without it. */
uint64_t ndup__memory_field(const char *text, const char *name);

#endif
