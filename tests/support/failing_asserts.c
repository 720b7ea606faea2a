/* SPDX-License-Identifier: MIT */
/* Every test of this program must fail: shows that the asserts of test.h can. */
#include "support/test.h"

#include <math.h>
#include <string.h>

static void below(void **state)
{
    (void)state;
    assert_double_in(0.1, 0.2, 0.3);
}

static void above(void **state)
{
    (void)state;
    assert_double_in(0.4, 0.2, 0.3);
}

static void not_a_number(void **state)
{
    (void)state;
    assert_double_in(nan(""), -1e308, 1e308);
}

static void high_bits_differ(void **state)
{
    (void)state;
    assert_u64_equal(UINT64_C(1) << 40, 0);
}

static void status_differs(void **state)
{
    (void)state;
    ndup_error error = {.status = NDUP_STATUS_IO};
    memcpy(error.message, "cannot read x", 14);
    assert_ok(NDUP_STATUS_IO, &error);
}

TEST_MAIN(cmocka_unit_test(below), cmocka_unit_test(above), cmocka_unit_test(not_a_number),
          cmocka_unit_test(high_bits_differ), cmocka_unit_test(status_differs))
