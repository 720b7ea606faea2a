/* SPDX-License-Identifier: MIT */
/* The right to change an index, which one process has at a time. */
#ifndef NDUP__INDEX_WRITER_LOCK_H
#define NDUP__INDEX_WRITER_LOCK_H

#include "neardup/status.h"

/* Waits for the lock up to `seconds`. Errors: LIMIT with the process that has it; IO. */
NDUP_NODISCARD ndup_status ndup__writer_lock_take(int *descriptor, const char *path, double seconds,
                                                  ndup_error *error);
void ndup__writer_lock_give(int descriptor);

#endif
