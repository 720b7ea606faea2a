/* SPDX-License-Identifier: MIT */
/* What the beginning of a table tells. */
#include "corpus/columns.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

/* What was read of a table. */
typedef struct table {
    ndup__arena arena;
    ndup__fields fields;
    const ndup__columns *columns;
} table;

static void read_table(table *self, const char *text, char usual, const char *text_field)
{
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_error error = {0};
    *self = (table){.columns = NULL};
    options.text_field = text_field;
    assert_ok(ndup__fields_init(&self->fields, &options, NULL, 0, NULL, &error), &error);
    assert_ok(ndup__columns_read(&self->columns, &self->fields, usual, text, strlen(text), true,
                                 &self->arena, &error),
              &error);
    assert_non_null(self->columns);
}

static void free_table(table *self)
{
    ndup__fields_deinit(&self->fields);
    ndup__arena_deinit(&self->arena);
}

/* Asserts delimiter, keys joined by '|', and the column of the text, counted from 0. */
static void assert_columns(const char *text, char usual, char delimiter, const char *keys,
                           size_t text_column)
{
    table found;
    char joined[512] = "";
    read_table(&found, text, usual, NULL);
    assert_int_equal(found.columns->dialect.delimiter, delimiter);
    for (size_t i = 0; i < found.columns->count; i++) {
        ndup_text key = found.columns->keys[i];
        assert_in_range(strlen(joined) + key.length, 0, sizeof joined - 2);
        strcat(joined, i > 0 ? "|" : "");
        strncat(joined, key.bytes + 1, key.length - strlen("\"\":\""));
    }
    assert_string_equal(joined, keys);
    assert_u64_equal(found.columns->text, text_column);
    assert_int_equal(found.columns->unusable.status, NDUP_STATUS_OK);
    free_table(&found);
}

static void assert_unusable(const char *text, const char *text_field, const char *message)
{
    table found;
    read_table(&found, text, ',', text_field);
    assert_int_equal(found.columns->unusable.status, NDUP_STATUS_NOT_FOUND);
    assert_string_equal(found.columns->unusable.message, message);
    free_table(&found);
}

static void test_columns__the_delimiter_makes_a_column_of_the_text(void **state)
{
    (void)state;
    assert_columns("id,text\n", ',', ',', "id|text", 1);
    assert_columns("id;text\n1;a,b\n", ',', ';', "id|text", 1);
    assert_columns("id;\"title, short\";text\n", ',', ';', "id|title, short|text", 2);
    assert_columns("id\ttext\n", ',', '\t', "id|text", 1);
    assert_columns("id|text\n", '\t', '|', "id|text", 1);
    assert_columns("id,name\tof,it;text\n", ',', ';', "id,name\\tof,it|text", 1);
    assert_columns("text\na\tb\n", '\t', '\t', "text", 0);
    assert_columns("text\na,b\n", ',', ',', "text", 0);
}

static void test_columns__a_line_may_state_the_delimiter(void **state)
{
    (void)state;
    assert_columns("sep=;\r\nid;text;a,text\r\n", ',', ';', "id|text|a,text", 1);
    assert_columns("SEP=|\nid|text\n", ',', '|', "id|text", 1);
    assert_columns("\"sep=;\"\nid;text\n", ',', ';', "id|text", 1);
    assert_columns("sep=\t\nid\ttext\n", ',', '\t', "id|text", 1);
}

static void test_columns__what_stands_in_front_is_passed_over(void **state)
{
    (void)state;
    assert_columns("\xEF\xBB\xBF\"id\",\"text\"\n", ',', ',', "id|text", 1);
    assert_columns("\r\n\n id , text \n", ',', ',', "id|text", 1);
    assert_columns("# made, by \"x\n#\n\nid,text\n", ',', ',', "id|text", 1);
    assert_columns("#id\ttext\n", '\t', '\t', "id|text", 1);
    table found;
    read_table(&found, "\xEF\xBB\xBFsep=;\r\n#x\r\nid;text\r\n1;a\r\n", ',', NULL);
    assert_u64_equal(found.columns->head.length, strlen("\xEF\xBB\xBFsep=;\r\n#x\r\nid;text\r\n"));
    assert_u64_equal(found.columns->names_row.length, strlen("id;text"));
    free_table(&found);
}

static void test_columns__names_differ_by_case_and_blanks(void **state)
{
    (void)state;
    assert_columns("ID,Title, Text \n", ',', ',', "id|title|text", 2);
    assert_columns("Content,TEXT\n", ',', ',', "content|text", 1);
    assert_columns("Text,text\n", ',', ',', "Text|text", 1);
    assert_columns("Label,text\n", ',', ',', "Label|text", 1);
    table found;
    read_table(&found, "id,Body.Text\n", ',', "body\\.text");
    assert_u64_equal(found.columns->text, 1);
    assert_memory_equal(found.columns->keys[1].bytes, "\"body.text\"", 11);
    free_table(&found);
}

static void test_columns__a_path_names_one_column_whole(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool is_found;
    } cases[] = {{"a\\.b", true},   {"A\\.B", true},    {"a", false},
                 {"a\\.bc", false}, {"a\\.b.c", false}, {"b\\.b", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        table found;
        read_table(&found, "id,\"a.b\",x\n1,2,3\n", ',', cases[i].path);
        if ((found.columns->unusable.status == NDUP_STATUS_OK) != cases[i].is_found) {
            print_error("%s\n", cases[i].path);
        }
        assert_int_equal(found.columns->unusable.status,
                         cases[i].is_found ? NDUP_STATUS_OK : NDUP_STATUS_NOT_FOUND);
        assert_true(!cases[i].is_found || found.columns->text == 1);
        free_table(&found);
    }
}

static void test_columns__names_that_come_again_get_a_number(void **state)
{
    (void)state;
    assert_columns("text,a,text,a,text\n", ',', ',', "text|a|text.1|a.1|text.2", 0);
    table found;
    read_table(&found, "text,text\n", ',', NULL);
    assert_string_equal(found.columns->oddity.message,
                        "2 columns are called 'text': the first is read as the text, the others as "
                        "'text.1' and so on");
    free_table(&found);
}

static void test_columns__delimiters_at_the_end_make_no_column(void **state)
{
    (void)state;
    assert_columns("id,text,\n", ',', ',', "id|text", 1);
    assert_columns(",text,,\n", ',', ',', "|text", 1);
}

static void test_columns__a_row_without_the_text_is_shown(void **state)
{
    (void)state;
    assert_unusable(
        "ID,Label\n1,x\n", NULL,
        "the first row names no column 'text', 'content' or 'body'; columns: ID, Label; "
        "name one with --text-field or --html-field");
    assert_unusable("ID,text\n", "page", "the first row names no column 'page'; columns: ID, text");
    assert_unusable(
        "1,\"A headline that is longer\",\"The harbour office of the town\",x,y,z\n", NULL,
        "the first row names no column 'text', 'content' or 'body'; columns: 1, A "
        "headline that is longe..., The harbour office of th..., x, y, ...; name one with "
        "--text-field or --html-field");
}

static void assert_line_end(const char *text, char line_end)
{
    table found;
    read_table(&found, text, ',', NULL);
    assert_int_equal(found.columns->dialect.line_end, line_end);
    free_table(&found);
}

static void test_columns__the_first_line_end_is_that_of_all(void **state)
{
    (void)state;
    assert_line_end("id,text\n1,a\r2\n", '\n');
    assert_line_end("id,text\r\n1,a\r\n", '\n');
    assert_line_end("id,text\r\r\n1,a\r\r\n", '\n');
    assert_line_end("id,text\r1,\"a\nb\"\r", '\r');
    assert_line_end("\"i\nd\",text\r1,a", '\r');
    assert_line_end("id,text", '\n');
}

static void assert_dialect(const char *text, bool backslash, bool pads)
{
    table found;
    read_table(&found, text, ',', NULL);
    assert_int_equal(found.columns->dialect.backslash, backslash);
    assert_int_equal(found.columns->dialect.pads, pads);
    free_table(&found);
}

static void test_columns__the_rows_tell_escapes_and_blanks(void **state)
{
    (void)state;
    assert_dialect("id,text\n1,\"a \\\"b\\\" c\"\n", true, false);
    assert_dialect("id,text\n1,\"a \"\"b\"\" c\"\n", false, false);
    assert_dialect("id,text\n1,\"C:\\\"\n2,\"\\\"\n", false, false);
    assert_dialect("id,text\n1,\"\\\"\"a\"\" b\"\n", false, false);
    assert_dialect("id, text\n1,a\n", false, true);
    assert_dialect("id,text\n1, \"a, b\"\n", false, true);
    assert_dialect("id,text\n1, \"a\n2,\"b\"\n", false, false);
}

static void test_columns__a_sample_is_waited_for(void **state)
{
    (void)state;
    char *text = calloc(1, NDUP__COLUMNS_SAMPLE_BYTES + 1);
    assert_non_null(text);
    memset(text, 'x', NDUP__COLUMNS_SAMPLE_BYTES);
    memcpy(text, "id,text\n", 8);
    table found;
    read_table(&found, text, ',', NULL);
    const ndup__columns *columns;
    ndup_error error = {0};
    static const size_t lengths[] = {8, NDUP__COLUMNS_SAMPLE_BYTES - 1, NDUP__COLUMNS_SAMPLE_BYTES};
    for (size_t i = 0; i < 3; i++) {
        assert_ok(ndup__columns_read(&columns, &found.fields, ',', text, lengths[i], false,
                                     &found.arena, &error),
                  &error);
        assert_int_equal(columns != NULL, i == 2);
    }
    text[3] = '"'; /* a first row that may go on */
    assert_ok(ndup__columns_read(&columns, &found.fields, ',', text, NDUP__COLUMNS_SAMPLE_BYTES,
                                 false, &found.arena, &error),
              &error);
    assert_null(columns);
    free_table(&found);
    free(text);
}

TEST_MAIN(cmocka_unit_test(test_columns__a_path_names_one_column_whole),
          cmocka_unit_test(test_columns__the_delimiter_makes_a_column_of_the_text),
          cmocka_unit_test(test_columns__a_line_may_state_the_delimiter),
          cmocka_unit_test(test_columns__what_stands_in_front_is_passed_over),
          cmocka_unit_test(test_columns__names_differ_by_case_and_blanks),
          cmocka_unit_test(test_columns__names_that_come_again_get_a_number),
          cmocka_unit_test(test_columns__delimiters_at_the_end_make_no_column),
          cmocka_unit_test(test_columns__a_row_without_the_text_is_shown),
          cmocka_unit_test(test_columns__the_first_line_end_is_that_of_all),
          cmocka_unit_test(test_columns__the_rows_tell_escapes_and_blanks),
          cmocka_unit_test(test_columns__a_sample_is_waited_for))
