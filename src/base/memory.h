/* SPDX-License-Identifier: MIT */
/* How much memory there is. */
#ifndef NDUP__BASE_MEMORY_H
#define NDUP__BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that can be had without pushing other programs out, and within the limits of the control
 * groups that the program is in; 0 = unknown (not Linux). */
uint64_t ndup__memory_available(void);

/* What the control groups leave, by text like that of /proc/self/cgroup and the folder that stands
 * for /sys/fs/cgroup; UINT64_MAX = they set no limit. */
uint64_t ndup__memory_group_free(const char *groups, const char *root);

/* Bytes of the program that are in memory, mapped files included; 0 = unknown. */
uint64_t ndup__memory_resident(void);

/* The value of "NAME:  123 kB" in bytes, from text like that of /proc/meminfo; 0 without it. */
uint64_t ndup__memory_field(const char *text, const char *name);

#endif
