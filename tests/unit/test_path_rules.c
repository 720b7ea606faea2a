/* SPDX-License-Identifier: MIT */
/* Patterns for paths, as .gitignore files have them. */
#include "corpus/path_rules.h"

#include <string.h>

#include "base/glob.h"
#include "support/temp_dir.h"
#include "support/test.h"

static void test_glob_path__stars_stop_at_slashes(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path;
        bool matches;
    } cases[] = {{"*.c", "a.c", true},
                 {"*.c", "d/a.c", false},
                 {"d/*.c", "d/a.c", true},
                 {"d/*.c", "d/e/a.c", false},
                 {"d/**/*.c", "d/a.c", true},
                 {"d/**/*.c", "d/e/f/a.c", true},
                 {"**/a.c", "a.c", true},
                 {"**/a.c", "d/e/a.c", true},
                 {"**/a.c", "d/ba.c", false},
                 {"d/**", "d/e/f", true},
                 {"d/**", "d", false},
                 {"d?e", "d/e", false},
                 {"d[/]e", "d/e", false},
                 {"**", "a/b", true},
                 {"a/**/b/**/c", "a/b/x/c", true},
                 {"a/**/b/**/c", "a/c", false},
                 {"*a*b*c", "xaxbxc", true},
                 {"*a*b*c", "xaxbxd", false},
                 {"\\*", "*", true},
                 {"[!a-c]x", "dx", true},
                 {"", "", true},
                 {"a", "", false},
                 {"**/x*y/**", "p/xqy/z", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (ndup__glob_match_path(cases[i].pattern, cases[i].path) != cases[i].matches) {
            fail_msg("%s and %s", cases[i].pattern, cases[i].path);
        }
    }
}

static void test_glob_path__many_stars_end(void **state)
{
    (void)state;
    char text[3001];
    memset(text, 'a', 3000);
    text[3000] = '\0';
    assert_false(ndup__glob_match_path("*a*a*a*a*a*a*a*a*b", text));
    for (size_t i = 1; i < 3000; i += 2) {
        text[i] = '/';
    }
    assert_false(ndup__glob_match_path("**/a/**/a/**/a/**/a/**/a/b", text));
}

static bool is_ignored(const ndup__ignore_file *file, const char *path, bool is_folder)
{
    return ndup__ignore_file_match(file, path, is_folder);
}

static void test_ignore__files_are_read_as_git_reads_them(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    ndup__arena strings = {.allocator = NULL};
    ndup__ignore_file top = {.above = NULL};
    ndup__ignore_file below = {.above = &top, .base = strlen("sub/")};
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "top",
                        "# comment\r\n*.log\n!keep.log\n/build\ndocs/\nsrc/*.o  \n"
                        "\\#sharp\n\n  \n\\!mark\nblank\\ \n**/deep/*.tmp");
    temp_dir_write_text(&folder, "sub", "!*.log\nlocal.txt\n/here.txt\n");
    assert_ok(ndup__ignore_file_read(&top, temp_dir_path(&folder, "top", path, sizeof path),
                                     &strings, NULL),
              NULL);
    assert_ok(ndup__ignore_file_read(&below, temp_dir_path(&folder, "sub", path, sizeof path),
                                     &strings, NULL),
              NULL);
    static const struct {
        const char *path;
        bool is_folder, in_top, in_below;
    } cases[] = {{"a.log", false, true, true},
                 {"sub/a.log", false, true, false},
                 {"sub/keep.log", false, false, false},
                 {"build", false, true, true},
                 {"sub/build", false, false, false},
                 {"docs", true, true, true},
                 {"docs", false, false, false},
                 {"sub/docs", true, true, true},
                 {"src/a.o", false, true, true},
                 {"sub/src/a.o", false, false, false},
                 {"#sharp", false, true, true},
                 {"comment", false, false, false},
                 {"!mark", false, true, true},
                 {"blank ", false, true, true},
                 {"x/deep/a.tmp", false, true, true},
                 {"sub/local.txt", false, false, true},
                 {"sub/x/local.txt", false, false, true},
                 {"sub/here.txt", false, false, true},
                 {"sub/x/here.txt", false, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool is_below = strncmp(cases[i].path, "sub/", 4) == 0;
        if (is_ignored(&top, cases[i].path, cases[i].is_folder) != cases[i].in_top ||
            (is_below &&
             is_ignored(&below, cases[i].path, cases[i].is_folder) != cases[i].in_below)) {
            fail_msg("%s", cases[i].path);
        }
    }
    ndup__arena_deinit(&strings);
    temp_dir_deinit(&folder);
}

static void test_path_rule__of_a_folder_holds_for_what_is_in_it(void **state)
{
    (void)state;
    ndup__arena strings = {.allocator = NULL};
    ndup__path_rule rule;
    assert_ok(ndup__path_rule_read(&rule, "docs/", 5, &strings, NULL), NULL);
    assert_true(ndup__path_rule_holds(&rule, "docs/a.txt"));
    assert_true(ndup__path_rule_holds(&rule, "x/docs/y/a.txt"));
    assert_false(ndup__path_rule_holds(&rule, "docs"));
    assert_ok(ndup__path_rule_read(&rule, "/a/*.c", 6, &strings, NULL), NULL);
    assert_true(ndup__path_rule_holds(&rule, "a/b.c"));
    assert_false(ndup__path_rule_holds(&rule, "x/a/b.c"));
    ndup__arena_deinit(&strings);
}

TEST_MAIN(cmocka_unit_test(test_glob_path__stars_stop_at_slashes),
          cmocka_unit_test(test_glob_path__many_stars_end),
          cmocka_unit_test(test_ignore__files_are_read_as_git_reads_them),
          cmocka_unit_test(test_path_rule__of_a_folder_holds_for_what_is_in_it))
