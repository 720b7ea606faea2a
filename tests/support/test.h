/* SPDX-License-Identifier: MIT */
/* The one header of every test: cmocka with what it needs, and the asserts that it lacks. */
#ifndef TEST_SUPPORT_TEST_H
#define TEST_SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "neardup/status.h"

/* low <= value <= high; a NaN fails. */
#define assert_double_in(value, low, high) \
    test_double_in((value), (low), (high), #value, __FILE__, __LINE__)

/* Equal as unsigned 64-bit numbers; a failure prints both in decimal and hexadecimal. */
#define assert_u64_equal(actual, expected) \
    test_u64_equal((actual), (expected), #actual, __FILE__, __LINE__)

/* A status is as expected; a failure prints both names and, when `error` (which may be NULL) is of
 * that status, its message. */
#define assert_status(actual, expected, error) \
    test_status((actual), (expected), (error), #actual, __FILE__, __LINE__)
#define assert_ok(actual, error) assert_status(actual, NDUP_STATUS_OK, error)

void test_double_in(double value, double low, double high, const char *expression, const char *file,
                    int line);
void test_u64_equal(uint64_t actual, uint64_t expected, const char *expression, const char *file,
                    int line);
void test_status(ndup_status actual, ndup_status expected, const ndup_error *error,
                 const char *expression, const char *file, int line);

/* Long enumerations go on by so much: NEARDUP_TEST_STEP where a slow build asks for it; else 1, by
 * which nothing is left out. */
size_t test_step(void);

/* The whole main function of a test program:
 *     TEST_MAIN(cmocka_unit_test(test_x__holds), cmocka_unit_test(test_x__fails)) */
#define TEST_MAIN(...)                                         \
    int main(void)                                             \
    {                                                          \
        const struct CMUnitTest tests[] = {__VA_ARGS__};       \
        return cmocka_run_group_tests(tests, NULL, NULL) != 0; \
    }

#endif
