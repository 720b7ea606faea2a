/* SPDX-License-Identifier: MIT */
/* A lock on a file, which the system gives back when its holder dies. */
#include "index/writer_lock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"

#define NAP_LEAST_NS 500000
#define NAP_MOST_NS 20000000

static void nap(long *nanoseconds)
{
    const struct timespec time = {0, *nanoseconds};
    (void)nanosleep(&time, NULL);
    *nanoseconds = 2 * *nanoseconds < NAP_MOST_NS ? 2 * *nanoseconds : NAP_MOST_NS;
}

/* Who holds the lock, as far as it has said so. */
static ndup_status fail_held(int descriptor, const char *path, double seconds, ndup_error *error)
{
    char text[24] = "";
    ssize_t length = pread(descriptor, text, sizeof text - 1, 0);
    long process = length > 0 ? strtol(text, NULL, 10) : 0;
    return ndup__fail(error, NDUP_STATUS_LIMIT,
                      "%s: process %ld has been changing the index for %g seconds; wait longer "
                      "with --lock-timeout",
                      path, process, seconds);
}

static void sign(int descriptor)
{
    char text[24];
    int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(descriptor, 0) == 0) {
        (void)!pwrite(descriptor, text, (size_t)length, 0); /* only for messages */
    }
}

ndup_status ndup__writer_lock_take(int *descriptor, const char *path, double seconds,
                                   ndup_error *error)
{
    ndup_status status = ndup__file_open_kept(descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        *descriptor = -1;
        return status;
    }
    double end = ndup__clock_seconds() + seconds;
    long pause = NAP_LEAST_NS;
    while (status == NDUP_STATUS_OK && flock(*descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            status = ndup__fail_errno(error, NDUP_STATUS_IO, errno, "%s: cannot be locked", path);
        } else if (ndup__clock_seconds() >= end) {
            status = fail_held(*descriptor, path, seconds, error);
        } else {
            nap(&pause);
        }
    }
    if (status == NDUP_STATUS_OK) {
        sign(*descriptor);
    } else {
        close(*descriptor);
        *descriptor = -1;
    }
    return status;
}

void ndup__writer_lock_give(int descriptor)
{
    if (descriptor >= 0) {
        close(descriptor);
    }
}
