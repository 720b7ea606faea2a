/* SPDX-License-Identifier: MIT */
/* Passages that are folded away, and which of them there is room for. */
#include "page/folded.h"

#include <string.h>

#include "support/failing_allocator.h"
#include "support/test.h"

static void assert_held(const ndup__out *out, const char *expected)
{
    assert_int_equal(out->held, strlen(expected));
    assert_memory_equal(out->bytes, expected, out->held);
}

static void fold(ndup__out *out, ndup__folded *folded, const char *passage)
{
    ndup__json_folded(out, folded, ndup__text_of(passage));
}

static void assert_texts(const ndup__folded *folded, size_t room, const char *expected)
{
    ndup__out out;
    ndup__out_init(&out, NULL, NULL);
    ndup__json_folded_texts(&out, NULL, folded, room);
    assert_held(&out, expected);
    ndup__out_deinit(&out);
}

static void test_folded__first_passages_have_room(void **state)
{
    (void)state;
    ndup__folded folded;
    ndup__out out;
    ndup__out_init(&out, NULL, NULL);
    ndup__folded_init(&folded, 20, NULL);
    fold(&out, &folded, "<one>"); /* 18 bytes with the escapes */
    fold(&out, &folded, "tw\xC3\xB6\n");
    fold(&out, &folded, "three");
    assert_held(&out, "{\"left_out\":5,\"folded\":0},{\"left_out\":4,\"folded\":1},5");
    assert_texts(&folded, SIZE_MAX, "[\n\"\\u003cone\\u003e\",\n\"tw\xC3\xB6\\n\"]");
    assert_texts(&folded, 27, "[\n\"\\u003cone\\u003e\"]");
    assert_texts(&folded, 18, "[\n\"\\u003cone\\u003e\"]");
    assert_texts(&folded, 17, "[]");
    assert_texts(&folded, 0, "[]");
    ndup__folded_reset(&folded);
    assert_texts(&folded, SIZE_MAX, "[]");
    ndup__folded_deinit(&folded);
    ndup__out_deinit(&out);
}

static void test_folded__long_passages_are_cut_at_a_character(void **state)
{
    (void)state;
    static char text[2 * NDUP__FOLDED_BYTES];
    ndup__folded folded;
    ndup__out out;
    ndup__out_init(&out, NULL, NULL);
    ndup__folded_init(&folded, 1, NULL);
    memset(text, 'x', sizeof text - 1);
    memcpy(text + NDUP__FOLDED_BYTES - 1, "\xC3\xA9", 2);
    fold(&out, &folded, text);
    assert_held(&out, "{\"left_out\":39998,\"folded\":0}");
    assert_int_equal(folded.out.held, 1 + 2 + NDUP__FOLDED_BYTES - 1);
    ndup__folded_deinit(&folded);
    ndup__out_deinit(&out);
}

static void test_folded__failing_memory_shows_in_its_output(void **state)
{
    (void)state;
    failing_allocator memory;
    ndup__folded folded;
    ndup__out out;
    ndup_error error;
    ndup__out_init(&out, NULL, NULL);
    failing_allocator_init(&memory);
    failing_allocator_fail_from(&memory, 1);
    ndup__folded_init(&folded, 100, &memory.allocator);
    fold(&out, &folded, "passage");
    assert_status(ndup__out_status(&folded.out, &error), NDUP_STATUS_MEMORY, &error);
    ndup__folded_deinit(&folded);
    ndup__out_deinit(&out);
}

TEST_MAIN(cmocka_unit_test(test_folded__first_passages_have_room),
          cmocka_unit_test(test_folded__long_passages_are_cut_at_a_character),
          cmocka_unit_test(test_folded__failing_memory_shows_in_its_output))
