/* SPDX-License-Identifier: MIT */
/* Names of the kinds of unit. */
#include "neardup/unit.h"

#include <string.h>

#include "support/test.h"

static void test_unit__kinds_have_different_names(void **state)
{
    (void)state;
    for (int i = NDUP_UNIT_PARAGRAPH; i <= NDUP_UNIT_TABLE; i++) {
        const char *name = ndup_unit_kind_name((ndup_unit_kind)i);
        assert_non_null(name);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(name, ndup_unit_kind_name((ndup_unit_kind)k));
        }
    }
    assert_string_equal(ndup_unit_kind_name(NDUP_UNIT_LIST_ITEM), "list_item");
}

static void test_unit__other_values_have_no_name(void **state)
{
    (void)state;
    assert_null(ndup_unit_kind_name((ndup_unit_kind)(NDUP_UNIT_TABLE + 1)));
    assert_null(ndup_unit_kind_name((ndup_unit_kind)-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unit__kinds_have_different_names),
        cmocka_unit_test(test_unit__other_values_have_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
