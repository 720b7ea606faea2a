/* SPDX-License-Identifier: MIT */
/* Single values of a plan, changed as another program or a slip would write them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan_state.h"
#include "support/fake_result.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512 };

/* The sample's plan, in which the first `from` is replaced by `to`, opened. */
static ndup_status open_changed(ndup_plan **plan, const char *from, const char *to, bool is_edited,
                                ndup_error *error)
{
    temp_dir folder;
    char path[PATH_BYTES];
    char specification[PATH_BYTES + 8];
    ndup_result result = fake_sample();
    temp_dir_init(&folder);
    temp_dir_path(&folder, "p", path, sizeof path);
    snprintf(specification, sizeof specification, "plan:%s", path);
    assert_ok(fake_output(&result, specification, false, NULL, error), error);
    char *text = temp_dir_read(&folder, "p", NULL);
    char *place = strstr(text, from);
    if (place == NULL) {
        fail_msg("not in the plan: %s\n%s", from, text);
    }
    char *changed = malloc(strlen(text) + strlen(to) + 1);
    assert_non_null(changed);
    sprintf(changed, "%.*s%s%s", (int)(place - text), text, to, place + strlen(from));
    temp_dir_write_text(&folder, "p", changed);
    ndup_status status = is_edited ? ndup_plan_open_edited(plan, path, NULL, error)
                                   : ndup_plan_open(plan, path, NULL, error);
    free(changed);
    free(text);
    temp_dir_deinit(&folder);
    return status;
}

static void assert_read(const char *from, const char *to)
{
    ndup_plan *plan;
    ndup_error error;
    assert_ok(open_changed(&plan, from, to, false, &error), &error);
    ndup_plan_close(plan);
}

static void assert_refused(const char *from, const char *to, const char *part)
{
    ndup_plan *plan;
    ndup_error error;
    assert_status(open_changed(&plan, from, to, false, &error), NDUP_STATUS_CORRUPT, &error);
    assert_null(plan);
    if (strstr(error.message, part) == NULL) {
        fail_msg("'%s' does not say '%s'", error.message, part);
    }
}

static void test_plan_values__fractions_may_be_written_in_other_ways(void **state)
{
    (void)state;
    static const char similarity[] = "\"similarity\":0.666667";
    assert_read(similarity, "\"similarity\":6.66667e-1");
    assert_read(similarity, "\"similarity\":66E-2");
    assert_read(similarity, "\"similarity\":0");
    assert_read(similarity, "\"similarity\":1.0");
    assert_read(similarity, "\"similarity\":0.00000000000000000000000000000000000001");
    assert_refused(similarity, "\"similarity\":1e+0", "similarity");
    assert_refused(similarity, "\"similarity\":1e-99999999999999999999999", "similarity");
    assert_refused(similarity, "\"similarity\":0.99999999999999999999999999", "similarity");
    assert_refused(similarity, "\"similarity\":\"0.5\"", "similarity");
    assert_refused(similarity, "\"similarity\":null", "similarity");
}

static void test_plan_values__counts_are_whole_numbers(void **state)
{
    (void)state;
    assert_read("\"survivor_number\":4",
                "\"survivor_number\":\"4\""); /* more than JavaScript can hold */
    assert_refused("\"survivor_number\":4", "\"survivor_number\":1.5", "survivor_number");
    assert_refused("\"survivor_number\":4", "\"survivor_number\":-1", "survivor_number");
    assert_refused("\"survivor_number\":4", "\"survivor_number\":\"\"", "survivor_number");
    assert_refused("\"survivor_number\":4", "\"survivor_number\":\"1x\"", "survivor_number");
    assert_refused("\"survivor_number\":4", "\"survivor_number\":18446744073709551616",
                   "survivor_number");
    assert_refused("\"survivor_number\":4", "\"survivor_number\":[0]", "survivor_number");
}

static void test_plan_values__hashes_are_sixteen_small_digits(void **state)
{
    (void)state;
    assert_refused("0123456789abcdef", "0123456789ABCDEF", "text_hash");
    assert_refused("0123456789abcdef", "0123456789abcde/", "text_hash");
    assert_refused("0123456789abcdef", "0123456789abcde`", "text_hash");
    assert_refused("0123456789abcdef", "0123456789abcdef0", "text_hash");
    assert_refused("\"0123456789abcdef\"", "123", "text_hash");
}

static void test_plan_values__a_histogram_has_a_number_for_each_bin(void **state)
{
    (void)state;
    static const char bins[] = "\"similarity_histogram\":[";
    static const char part[] = "similarity_histogram";
    assert_read(bins, "\"similarity_histogram\":[ ");
    assert_refused(bins, "\"similarity_histogram\":[0,", part);
    assert_refused(bins, "\"similarity_histogram\":[1.5,", part);
    assert_refused(bins, "\"similarity_histogram\":[-", part);
    assert_refused(bins, "\"similarity_histogram\":7,\"x\":[", part);
}

static void test_plan_values__lists_hold_strings(void **state)
{
    (void)state;
    static const char inputs[] = "\"inputs\":[\"corpus\",";
    assert_read(inputs, "\"inputs\": [ \"corpus\" ,");
    assert_read(inputs, "\"inputs\":[\"cor\\u0070us\",\"a\\\"b\",");
    assert_refused(inputs, "\"inputs\":[\"corpus\",null,", "inputs");
    assert_refused(inputs, "\"inputs\":[\"corpus\",{},", "inputs");
    assert_refused(inputs, "\"inputs\":\"corpus\",\"x\":[", "inputs");
}

static void test_plan_values__what_chooses_files_may_be_left_out(void **state)
{
    (void)state;
    static const char inputs[] = "\"inputs\":[\"corpus\",";
    assert_read(inputs, "\"files\":{\"hidden\":true,\"gitignore\":false},\"inputs\":[\"corpus\",");
    assert_read(inputs, "\"files\":{\"include\":[\"*.c\"],\"exclude\":[]},\"inputs\":[\"corpus\",");
    assert_read(inputs, "\"files\":{\"format\":null},\"inputs\":[\"corpus\",");
    assert_read(inputs, "\"files\":{\"format\":\"jsonl\"},\"inputs\":[\"corpus\",");
    assert_refused(inputs, "\"files\":{\"format\":7},\"inputs\":[\"corpus\",", "format");
    assert_refused(inputs, "\"files\":{\"hidden\":1},\"inputs\":[\"corpus\",", "hidden");
    assert_refused(inputs, "\"files\":{\"gitignore\":\"yes\"},\"inputs\":[\"corpus\",",
                   "gitignore");
    assert_refused(inputs, "\"files\":{\"exclude\":\"*.c\"},\"inputs\":[\"corpus\",", "exclude");
}

static void test_plan_values__another_type_of_line_is_none(void **state)
{
    (void)state;
    assert_refused("\"type\":\"neardup-plan\"", "\"type\":\"neardup-plam\"", "not a plan");
    assert_refused("\"type\":\"neardup-plan\"", "\"type\":7", "not a plan");
}

static void test_plan_values__a_mistake_in_an_edited_plan_is_not_called_an_edit(void **state)
{
    (void)state;
    static const char from[] = "\"kind\":\"near\"";
    static const char to[] = "\"kind\":\"far\"";
    ndup_plan *plan;
    ndup_error error;
    assert_refused(from, to, "kind");
    assert_refused("\"type\":\"end\"", "\"type\":\"enx\"", "line 9");
    assert_status(open_changed(&plan, from, to, true, &error), NDUP_STATUS_CORRUPT, &error);
    assert_null(plan);
    assert_null(strstr(error.message, "--edited"));
}

static void test_plan_values__counts_at_the_end_must_agree_unless_edited(void **state)
{
    (void)state;
    static const char *const counts[][2] = {{"\"kept\":4", "\"kept\":3"},
                                            {"\"dropped\":3", "\"dropped\":2"}};
    for (size_t i = 0; i < 2; i++) {
        ndup_plan *plan;
        ndup_error error;
        assert_refused(counts[i][0], counts[i][1], "counts");
        assert_ok(open_changed(&plan, counts[i][0], counts[i][1], true, &error), &error);
        ndup_plan_close(plan);
    }
}

TEST_MAIN(cmocka_unit_test(test_plan_values__a_mistake_in_an_edited_plan_is_not_called_an_edit),
          cmocka_unit_test(test_plan_values__what_chooses_files_may_be_left_out),
          cmocka_unit_test(test_plan_values__fractions_may_be_written_in_other_ways),
          cmocka_unit_test(test_plan_values__counts_are_whole_numbers),
          cmocka_unit_test(test_plan_values__hashes_are_sixteen_small_digits),
          cmocka_unit_test(test_plan_values__a_histogram_has_a_number_for_each_bin),
          cmocka_unit_test(test_plan_values__lists_hold_strings),
          cmocka_unit_test(test_plan_values__another_type_of_line_is_none),
          cmocka_unit_test(test_plan_values__counts_at_the_end_must_agree_unless_edited))
