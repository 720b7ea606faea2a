/* SPDX-License-Identifier: MIT */
/* System calls that a signal may interrupt. */
#ifndef NDUP__BASE_RETRY_H
#define NDUP__BASE_RETRY_H

#include <errno.h>

/* result = call, made again as long as it is interrupted; on network and user-space file systems
 * that can happen to every call that takes a path. Never for close(). */
#define NDUP__RETRY(result, call) \
    do {                          \
        (result) = (call);        \
    } while ((result) < 0 && errno == EINTR)

#endif
