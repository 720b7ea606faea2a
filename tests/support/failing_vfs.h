/* SPDX-License-Identifier: MIT */
/* SQLite's calls of the system, counted, of which one fails, or all from one on. */
#ifndef TEST_SUPPORT_FAILING_VFS_H
#define TEST_SUPPORT_FAILING_VFS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum failing_vfs_mode {
    FAILING_VFS_ONCE,
    FAILING_VFS_ON,  /* from then on */
    FAILING_VFS_FULL /* from then on, and only what takes room: the disk is full */
} failing_vfs_mode;

/* Puts it in the place of SQLite's own for files that are opened from now on. */
void failing_vfs_install(void);

/* Call number `at` from now on fails, from 1. */
void failing_vfs_arm(size_t at, failing_vfs_mode mode);

/* None fails any more; returns whether one did. */
bool failing_vfs_disarm(void);

#endif
