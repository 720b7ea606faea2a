/* SPDX-License-Identifier: MIT */
/* Dates in all the forms in which they come. */
#include <stdio.h>
#include <string.h>

#include "cluster/keep.h"
#include "support/test.h"

#include "date_forms.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static ndup__date_reading read_date(int64_t *milliseconds, const char *text)
{
    return ndup__parse_date(milliseconds, (ndup_text){text, strlen(text)});
}

static void test_date__every_form_is_read(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT(read_dates); i++) {
        int64_t found = 0;
        ndup__date_reading reading = read_date(&found, read_dates[i].text);
        if (reading != NDUP__DATE_READ || found != read_dates[i].milliseconds) {
            print_error("'%s': reading %d, %lld instead of %lld\n", read_dates[i].text,
                        (int)reading, (long long)found, (long long)read_dates[i].milliseconds);
            wrong++;
        }
    }
    assert_u64_equal(wrong, 0);
}

static void test_date__what_is_no_date_is_not_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(unread_dates); i++) {
        int64_t found;
        ndup__date_reading reading = read_date(&found, unread_dates[i]);
        if (reading != NDUP__DATE_UNKNOWN && reading != NDUP__DATE_ABSENT) {
            fail_msg("'%s' was read", unread_dates[i]);
        }
    }
}

static void test_date__the_order_of_numbers_is_not_guessed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(open_dates); i++) {
        int64_t found;
        if (read_date(&found, open_dates[i]) != NDUP__DATE_OPEN) {
            fail_msg("'%s' was read", open_dates[i]);
        }
    }
}

/* Every beginning of every form, in a buffer of its own: nothing behind it is looked at. */
static void test_date__beginnings_stay_inside(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(read_dates); i++) {
        size_t length = strlen(read_dates[i].text);
        for (size_t cut = 0; cut < length; cut++) {
            char *copy = test_malloc(cut + 1);
            int64_t found;
            memcpy(copy, read_dates[i].text, cut);
            (void)ndup__parse_date(&found, (ndup_text){copy, cut});
            test_free(copy);
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_date__every_form_is_read),
          cmocka_unit_test(test_date__what_is_no_date_is_not_read),
          cmocka_unit_test(test_date__the_order_of_numbers_is_not_guessed),
          cmocka_unit_test(test_date__beginnings_stay_inside))
