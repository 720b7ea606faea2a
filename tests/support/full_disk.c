/* SPDX-License-Identifier: MIT */
/* The limit that the system sets to the size of files, without the signal that goes with it. */
#include "support/full_disk.h"

#include <signal.h>
#include <sys/resource.h>

#include "support/test.h"

static struct rlimit before;

void full_disk_begin(uint64_t bytes)
{
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit limit = {.rlim_cur = (rlim_t)bytes, .rlim_max = before.rlim_max};
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

void full_disk_end(void)
{
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(signal(SIGXFSZ, SIG_DFL) != SIG_ERR);
}
