/* SPDX-License-Identifier: MIT */
/* Failing one request for memory after the other. */
#include "support/fault_loop.h"

#include <stdbool.h>
#include <stdio.h>

#include "support/failing_allocator.h"
#include "support/test.h"

/* Whether a request failed. */
static bool try_one(fault_job *job, void *context, size_t n, bool on)
{
    failing_allocator memory;
    ndup_error error = {0};
    failing_allocator_init(&memory);
    if (on) {
        failing_allocator_fail_from(&memory, n);
    } else {
        failing_allocator_fail_at(&memory, n);
    }
    ndup_status status = job(context, &memory.allocator, &error);
    bool has_failed = failing_allocator_has_failed(&memory);
    if (status != (has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK)) {
        printf("request %zu%s\n", n, on ? " and all behind it" : "");
    }
    assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
    assert_true(!has_failed || error.message[0] != '\0');
    assert_u64_equal(failing_allocator_live_blocks(&memory), 0);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
    return has_failed;
}

size_t fault_loop(fault_job *job, void *context, size_t step)
{
    size_t n = 1;
    while (try_one(job, context, n, false)) {
        if (n % step == 0) {
            assert_true(try_one(job, context, n, true));
        }
        n++;
    }
    assert_true(n > 1);
    return n - 1;
}
