/* SPDX-License-Identifier: MIT */
/* The table of source names. */
#include "report/sources.h"

#include <string.h>

#include "support/slots.h"
#include "support/test.h"

enum { NAMES = 500 };

static uint32_t find(ndup__sources *sources, const char *name, size_t length)
{
    uint32_t row;
    ndup_error error;
    assert_ok(ndup__sources_find(&row, sources, (ndup_text){name, length}, &error), &error);
    return row;
}

/* The names have one place in a table that looks at the low bits of their hash. */
static void test_sources__names_that_were_made_to_crowd_do_not(void **state)
{
    (void)state;
    static char names[NAMES][TEST_NAME_BYTES];
    ndup__sources sources = {0};
    uint64_t last = 0;
    for (uint32_t i = 0; i < NAMES; i++) {
        assert_u64_equal(find(&sources, names[i], test_crowding_name(names[i], &last)), i);
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        assert_u64_equal(find(&sources, names[i], strlen(names[i])), i);
    }
    assert_true(sources.slot_count <= (size_t)1 << TEST_NAMES_SHARE_BITS);
    assert_true(test_longest_run(sources.slots, sizeof *sources.slots, sources.slot_count) <
                NAMES / 2);
    ndup__sources_deinit(&sources);
}

TEST_MAIN(cmocka_unit_test(test_sources__names_that_were_made_to_crowd_do_not))
