/* SPDX-License-Identifier: MIT */
/* What every fallible function returns, and the error record a caller may pass to learn more. */
#ifndef NEARDUP_STATUS_H
#define NEARDUP_STATUS_H

#include <stdint.h>

#include "neardup/version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, value, text): values never change their meaning between versions. */
#define NDUP_STATUS_LIST(X)                                     \
    X(OK, 0, "success")                                         \
    X(MEMORY, -1, "out of memory")                              \
    X(INVALID, -2, "invalid argument")                          \
    X(IO, -3, "input or output failed")                         \
    X(CORRUPT, -4, "data is damaged")                           \
    X(VERSION, -5, "data is of another format version")         \
    X(LIMIT, -6, "a limit was exceeded")                        \
    X(NOT_FOUND, -7, "not found")                               \
    X(EXISTS, -8, "already exists")                             \
    X(CANCELLED, -9, "cancelled")                               \
    X(UNSUPPORTED, -10, "not supported by this build or input") \
    X(CHANGED, -11, "input changed since it was read")

typedef enum ndup_status {
#define NDUP_STATUS_ENUM(name, value, text) NDUP_STATUS_##name = value,
    NDUP_STATUS_LIST(NDUP_STATUS_ENUM)
#undef NDUP_STATUS_ENUM
} ndup_status;

/* Where and why something failed. The caller owns it; filling it allocates nothing. The layer that
 * knows the fact writes it and no layer above overwrites it. Units: `line` counts from 1 and `byte`
 * from 0; both are 0 where they have no meaning. */
typedef struct ndup_error {
    ndup_status status;
    int system_errno; /* errno of the failed call, or 0 */
    uint64_t line;    /* line of the file named in the message */
    uint64_t byte;    /* offset in that file */
    char message[200];
} ndup_error;

/* Fixed English text of a status, without a full stop; "unknown status" for other values.
 * Threads: immutable. */
NDUP_API const char *ndup_status_text(ndup_status status);

/* Name of a status as in the source: "NDUP_STATUS_IO".
 * Threads: immutable. */
NDUP_API const char *ndup_status_name(ndup_status status);

#ifdef __cplusplus
}
#endif
#endif
