/* SPDX-License-Identifier: MIT */
/* A disk that is full, as far as this process writes. */
#ifndef TEST_SUPPORT_FULL_DISK_H
#define TEST_SUPPORT_FULL_DISK_H

#include <stdint.h>

/* From now on no file grows beyond so many bytes: writing fails, and so does asking for room. */
void full_disk_begin(uint64_t bytes);
void full_disk_end(void);

#endif
