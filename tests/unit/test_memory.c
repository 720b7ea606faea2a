/* SPDX-License-Identifier: MIT */
/* What control groups leave, by samples of their files. */
#include "base/memory.h"

#include <stdio.h>

#include "support/temp_dir.h"
#include "support/test.h"

static void test_memory__takes_the_least_of_a_group_and_its_parents(void **state)
{
    (void)state;
    temp_dir root;
    temp_dir_init(&root);
    temp_dir_write_text(&root, "a/memory.max", "1000\n");
    temp_dir_write_text(&root, "a/memory.current", "700\n");
    temp_dir_write_text(&root, "a/b/memory.max", "5000\n");
    temp_dir_write_text(&root, "a/b/memory.current", "600\n");
    temp_dir_write_text(&root, "a/b/memory.stat", "anon 500\nactive_file 9\ninactive_file 50\n");
    temp_dir_write_text(&root, "a/b/c/memory.max", "max\n");
    temp_dir_write_text(&root, "a/b/c/memory.current", "600\n");
    temp_dir_write_text(&root, "d/memory.max", "10\n");
    temp_dir_write_text(&root, "d/memory.current", "20\n");
    assert_u64_equal(ndup__memory_group_free("0::/a/b/c\n", root.path), 300);
    assert_u64_equal(ndup__memory_group_free("0::/a\n", root.path), 300);
    assert_u64_equal(ndup__memory_group_free("0::/d\n", root.path), 0);
    assert_u64_equal(ndup__memory_group_free("0::/e\n", root.path), UINT64_MAX);
    temp_dir_write_text(&root, "a/memory.max", "max\n");
    assert_u64_equal(ndup__memory_group_free("0::/a/b/c", root.path), 5000 - 600 + 50);
    temp_dir_deinit(&root);
}

static void test_memory__reads_groups_of_the_first_version(void **state)
{
    (void)state;
    static const char groups[] =
        "9:name=systemd:/\n5:cpu,memoryless:/x\n4:hugetlb,memory:/m/n\n0::/\n";
    temp_dir root;
    temp_dir_init(&root);
    temp_dir_write_text(&root, "memory/memory.limit_in_bytes", "9223372036854771712\n");
    temp_dir_write_text(&root, "memory/memory.usage_in_bytes", "5000\n");
    temp_dir_write_text(&root, "memory/m/n/memory.limit_in_bytes", "4096\n");
    temp_dir_write_text(&root, "memory/m/n/memory.usage_in_bytes", "4000\n");
    temp_dir_write_text(&root, "memory/m/n/memory.stat", "cache 3\ntotal_inactive_file 1000\n");
    assert_u64_equal(ndup__memory_group_free(groups, root.path), 4096 - 3000);
    temp_dir_deinit(&root);
}

/* A container names the group of its host, and sees its own as the root. */
static void test_memory__asks_the_root_where_the_group_is_not_seen(void **state)
{
    (void)state;
    temp_dir root;
    temp_dir_init(&root);
    temp_dir_write_text(&root, "memory.max", "800\n");
    temp_dir_write_text(&root, "memory.current", "100\n");
    assert_u64_equal(ndup__memory_group_free("0::/docker/1234\n", root.path), 700);
    assert_u64_equal(ndup__memory_group_free("0::/\n", root.path), 700);
    temp_dir_deinit(&root);
}

static void test_memory__without_groups_there_is_no_limit(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n", "x", "0:", "0::", "::\n::", "1:memory:/a"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_u64_equal(ndup__memory_group_free(texts[i], "/nowhere/at all"), UINT64_MAX);
    }
}

static void test_memory__of_this_program(void **state)
{
    (void)state;
    assert_true(ndup__memory_resident() > 1 << 16);
    assert_true(ndup__memory_available() > 0);
}

TEST_MAIN(cmocka_unit_test(test_memory__takes_the_least_of_a_group_and_its_parents),
          cmocka_unit_test(test_memory__reads_groups_of_the_first_version),
          cmocka_unit_test(test_memory__asks_the_root_where_the_group_is_not_seen),
          cmocka_unit_test(test_memory__without_groups_there_is_no_limit),
          cmocka_unit_test(test_memory__of_this_program))
