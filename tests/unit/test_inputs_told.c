/* SPDX-License-Identifier: MIT */
/* What opening a folder tells: files that are not read, and files that have several names. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "corpus/reader.h"
#include "neardup/corpus.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512, TOLD_BYTES = 4096 };

static void add_notice(void *context, const char *message)
{
    char *told = context;
    size_t length = strlen(told);
    snprintf(told + length, TOLD_BYTES - length, "%s\n", message);
}

/* Opens the inputs; asserts how many files are read. */
static void open_all(char told[TOLD_BYTES], const char *const *inputs, size_t count, size_t files)
{
    ndup_hooks hooks = {.struct_size = sizeof hooks, .context = told, .notice = add_notice};
    ndup_corpus *corpus;
    ndup_error error;
    told[0] = '\0';
    assert_ok(ndup_corpus_open(&corpus, inputs, count, NULL, &hooks, &error), &error);
    assert_u64_equal(ndup__corpus_file_count(corpus), files);
    ndup_corpus_close(corpus);
}

static void assert_told(const char *told, const char *expected)
{
    if (strstr(told, expected) == NULL) {
        print_error("not told: %s\ntold: %s\n", expected, told);
    }
    assert_non_null(strstr(told, expected));
}

static void test_told__what_is_left_out_is_counted_by_suffix(void **state)
{
    (void)state;
    static const char *const names[] = {
        "a.PNG",    "b.png",       "c.png.gz", "d.x y", "e.caf\xC3\xA9", "f.much_too_long_a_suffix",
        "noSuffix", ".hidden.bin", "g.b1",     "h.b2",  "i.b3",          "j.b4",
        "k.b5"};
    temp_dir folder;
    char told[TOLD_BYTES];
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in/text.txt", "words");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "in/%s", names[i]);
        temp_dir_write_text(&folder, name, "\1\2");
    }
    char path[PATH_BYTES];
    const char *input = temp_dir_path(&folder, "in", path, sizeof path);
    open_all(told, &input, 1, 1);
    /* Six kinds, most files first; then the rest, and what is no suffix to people. */
    assert_told(told, "not read: 2 .png, 1 without suffix, 1 .b1, 1 .b2, 1 .b3, 1 .b4, 5 others; ");
    temp_dir_deinit(&folder);
}

static void test_told__of_many_suffixes_the_rest_are_others(void **state)
{
    (void)state;
    temp_dir folder;
    char told[TOLD_BYTES];
    char path[PATH_BYTES];
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in/text.txt", "words");
    for (int i = 0; i < 80; i++) {
        char name[64];
        snprintf(name, sizeof name, "in/a.q%d", i);
        temp_dir_write_text(&folder, name, "\1\2");
    }
    const char *input = temp_dir_path(&folder, "in", path, sizeof path);
    open_all(told, &input, 1, 1);
    assert_told(told, " 74 others; ");
    temp_dir_deinit(&folder);
}

/* Ten names of one file. */
static void make_links(const temp_dir *folder)
{
    char path[PATH_BYTES];
    temp_dir_write_text(folder, "in/a.txt", "words");
    temp_dir_path(folder, "in/a.txt", path, sizeof path);
    for (int i = 0; i < 9; i++) {
        char name[64];
        char other[PATH_BYTES];
        snprintf(name, sizeof name, "in/b%d.txt", i);
        assert_int_equal(link(path, temp_dir_path(folder, name, other, sizeof other)), 0);
    }
}

static void test_told__of_many_hard_links_some_are_named(void **state)
{
    (void)state;
    temp_dir folder;
    char told[TOLD_BYTES];
    char path[PATH_BYTES];
    temp_dir_init(&folder);
    make_links(&folder);
    const char *input = temp_dir_path(&folder, "in", path, sizeof path);
    open_all(told, &input, 1, 1);
    assert_told(told, "b2.txt is the same file as ");
    assert_told(told, "\nand 6 more names of files that have several (hard links)\n");
    temp_dir_deinit(&folder);
}

static void test_told__one_place_under_two_paths_is_one_name(void **state)
{
    (void)state;
    temp_dir folder;
    char told[TOLD_BYTES];
    char paths[3][PATH_BYTES];
    temp_dir_init(&folder);
    make_links(&folder);
    temp_dir_mkdir(&folder, "in/sub");
    const char *inputs[] = {temp_dir_path(&folder, "in/a.txt", paths[0], PATH_BYTES),
                            temp_dir_path(&folder, "in/sub/../a.txt", paths[1], PATH_BYTES),
                            temp_dir_path(&folder, "in/b1.txt", paths[2], PATH_BYTES)};
    open_all(told, inputs, 3, 1);
    assert_told(told, "a.txt: files that were named before, each is read once: 1\n");
    assert_told(told, "b1.txt is the same file as ");
    assert_null(strstr(told, "and 1 more"));
    temp_dir_deinit(&folder);
}

static void test_told__nothing_to_read_is_an_error(void **state)
{
    (void)state;
    temp_dir folder;
    char path[PATH_BYTES];
    const char *glob = "*.q";
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_corpus *corpus;
    ndup_error error;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "in/text.txt", "words");
    const char *input = temp_dir_path(&folder, "in", path, sizeof path);
    options.include = &glob;
    options.include_count = 1;
    assert_status(ndup_corpus_open(&corpus, &input, 1, &options, NULL, &error),
                  NDUP_STATUS_NOT_FOUND, &error);
    assert_non_null(strstr(error.message, "included, excluded or ignored"));
    options.include_count = 0;
    options.exclude = &glob;
    options.exclude_count = 1;
    glob = "*.txt";
    assert_status(ndup_corpus_open(&corpus, &input, 1, &options, NULL, &error),
                  NDUP_STATUS_NOT_FOUND, &error);
    assert_non_null(strstr(error.message, "included, excluded or ignored"));
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_told__what_is_left_out_is_counted_by_suffix),
          cmocka_unit_test(test_told__of_many_suffixes_the_rest_are_others),
          cmocka_unit_test(test_told__of_many_hard_links_some_are_named),
          cmocka_unit_test(test_told__one_place_under_two_paths_is_one_name),
          cmocka_unit_test(test_told__nothing_to_read_is_an_error))
