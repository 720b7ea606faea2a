/* SPDX-License-Identifier: MIT */
/* Filling the caller's error record. */
#ifndef NDUP__BASE_ERROR_H
#define NDUP__BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/status.h"

/* Writes status and message to `error` (which may be NULL) and returns the status, so that a
 * function can end with `return ndup__fail(...)`. errno and position are cleared. */
ndup_status ndup__fail(ndup_error *error, ndup_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the number and text of a failed system call appended: "cannot open x: No such
 * file". */
ndup_status ndup__fail_errno(ndup_error *error, ndup_status status, int system_errno,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Writes what `cause` says to `error` (which may be NULL) and returns its status. */
ndup_status ndup__fail_as(ndup_error *error, const ndup_error *cause);

/* Whether the system, and not the file that was worked on, is at fault: no memory, no descriptors,
 * no threads, no space. What comes next would fail like it. */
bool ndup__is_system_fault(const ndup_error *cause);

/* A path fitted into a message: the path itself, or "..." and its last bytes, cut at a character
 * boundary. Returns `buffer`. */
const char *ndup__shorten_path(char *buffer, size_t capacity, const char *path);

#endif
