/* SPDX-License-Identifier: MIT */
/* Names of files as text, and back. */
#include "text/file_name.h"

#include <string.h>

#include "support/random.h"
#include "support/test.h"

static void assert_written(const char *name, const char *expected)
{
    char written[200];
    assert_int_equal(ndup__file_name_write(written, name), strlen(expected));
    assert_string_equal(written, expected);
    assert_int_equal(ndup__file_name_is_plain(name), strcmp(name, expected) == 0);
    assert_int_equal(ndup__file_name_read(written), strlen(name));
    assert_string_equal(written, name);
}

static void test_file_name__is_itself_unless_bytes_are_damaged(void **state)
{
    (void)state;
    assert_written("", "");
    assert_written("a/b.txt", "a/b.txt");
    assert_written("caf\xC3\xA9.txt", "caf\xC3\xA9.txt");
    assert_written("b\xFF\xFD.txt", "b\\xFF\\xFD.txt");
    assert_written("\xC3", "\\xC3");
    assert_written("100%.txt", "100%.txt");
    assert_written("c:\\dir\\x41", "c:\\dir\\x41");
    assert_written("\\xFF", "\\x5CxFF");
    assert_written("\\x5C", "\\x5Cx5C");
    assert_written("\\xff", "\\xff");
    assert_written("\\\xFF", "\\\\xFF");
    assert_written("\\x8\xFF", "\\x8\\xFF");
}

static void test_file_name__two_names_never_look_the_same(void **state)
{
    (void)state;
    static const char bytes[] = "\\xF5C8\xFF\xC3\xA9";
    test_random random;
    test_random_init(&random, 3);
    for (int round = 0; round < 50000; round++) {
        char name[12];
        char written[NDUP__FILE_NAME_BYTES(12)];
        size_t length = test_random_below(&random, 11);
        for (size_t i = 0; i < length; i++) {
            name[i] = bytes[test_random_below(&random, sizeof bytes - 1)];
        }
        name[length] = '\0';
        ndup__file_name_write(written, name);
        assert_true(ndup__file_name_is_plain(name) == (strcmp(name, written) == 0));
        ndup__file_name_read(written);
        assert_string_equal(written, name);
    }
}

TEST_MAIN(cmocka_unit_test(test_file_name__is_itself_unless_bytes_are_damaged),
          cmocka_unit_test(test_file_name__two_names_never_look_the_same))
