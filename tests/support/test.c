/* SPDX-License-Identifier: MIT */
/* The asserts that cmocka 1.1.5 lacks. */
#include "support/test.h"

#include <inttypes.h>
#include <stdlib.h>

void test_double_in(double value, double low, double high, const char *expression, const char *file,
                    int line)
{
    if (!(value >= low && value <= high)) {
        print_error("%s = %.17g is not in [%.17g, %.17g]\n", expression, value, low, high);
        _fail(file, line);
    }
}

void test_u64_equal(uint64_t actual, uint64_t expected, const char *expression, const char *file,
                    int line)
{
    if (actual != expected) {
        print_error("%s = %" PRIu64 " (0x%" PRIx64 "), expected %" PRIu64 " (0x%" PRIx64 ")\n",
                    expression, actual, actual, expected, expected);
        _fail(file, line);
    }
}

void test_status(ndup_status actual, ndup_status expected, const ndup_error *error,
                 const char *expression, const char *file, int line)
{
    if (actual != expected) {
        print_error("%s = %s, expected %s\n", expression, ndup_status_name(actual),
                    ndup_status_name(expected));
        if (error != NULL && error->status == actual && actual != NDUP_STATUS_OK) {
            print_error("message: %s\n", error->message);
        }
        _fail(file, line);
    }
}

size_t test_step(void)
{
    const char *asked = getenv("NEARDUP_TEST_STEP");
    int step = asked != NULL ? atoi(asked) : 1;
    return step > 1 ? (size_t)step : 1;
}
