/* SPDX-License-Identifier: MIT */
/* Labels: what a file holds, by its header or by what is asked, and measures against small results
 * that can be counted by hand. */
#include <math.h>
#include <string.h>

#include "neardup/dedup.h"
#include "neardup/eval.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512 };

static const ndup_gold_options by_header = {.struct_size = sizeof by_header, .clusters = -1};

static ndup_status open_text(ndup_gold **gold, const char *text, const ndup_gold_options *options,
                             ndup_error *error)
{
    temp_dir folder;
    char path[PATH_BYTES];
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "gold", text);
    ndup_status status =
        ndup_gold_open(gold, temp_dir_path(&folder, "gold", path, sizeof path), options, error);
    temp_dir_deinit(&folder);
    return status;
}

static void assert_kind(const char *text, bool is_clusters)
{
    ndup_gold *gold;
    ndup_error error;
    assert_ok(open_text(&gold, text, NULL, &error), &error);
    assert_int_equal(ndup_gold_is_clusters(gold), is_clusters);
    ndup_gold_close(gold);
}

static void assert_refused(const char *text, const ndup_gold_options *options, ndup_status status,
                           const char *message)
{
    ndup_gold *gold;
    ndup_error error;
    assert_status(open_text(&gold, text, options, &error), status, &error);
    assert_null(gold);
    if (strstr(error.message, message) == NULL) {
        print_error("message: %s, expected: %s\n", error.message, message);
    }
    assert_non_null(strstr(error.message, message));
}

static void test_gold__the_header_tells_pairs_from_clusters(void **state)
{
    (void)state;
    assert_kind("a\tb\n", false);
    assert_kind("a\tb\tdup\n", false);
    assert_kind("id\tcluster\na\t1\n", true);
    assert_kind("#id\tcluster-1\na\t1\n", true);
    assert_kind("id\tclusters\na\t1\n", false); /* another word */
    assert_kind("a\tb\tcluster\tlevel\na\tb\t1\tdup\n", false);
    assert_kind("id;\"CLUSTER\"\r\n\"a\";1\r\n\r\n\"b \"\"x\"\"\";1", true);
    assert_kind("# a comment\nid,x\n", false);
}

static void test_gold__names_what_is_wrong(void **state)
{
    (void)state;
    ndup_gold_options options = by_header;
    assert_refused("", NULL, NDUP_STATUS_CORRUPT, "it holds no labels");
    assert_refused("\n\r\n", NULL, NDUP_STATUS_CORRUPT, "it holds no labels");
    assert_refused("a\n", NULL, NDUP_STATUS_CORRUPT, "one column where two ids were expected");
    assert_refused("id\tcluster\na\n", NULL, NDUP_STATUS_CORRUPT, "column 2 is the cluster");
    assert_refused("a\tb\tdiff\na\tc\tsome\na\td\tdiff\n", NULL, NDUP_STATUS_INVALID,
                   "no pair has the level dup; levels found: diff, some; --positive");
    options.positive = "same,copy";
    assert_refused("a\tb\tdup\n", &options, NDUP_STATUS_INVALID, "the level same,copy");
    options = by_header;
    options.clusters = 1;
    options.cluster_column = 4;
    assert_refused("a\tb\tc\n", &options, NDUP_STATUS_CORRUPT, "column 5 is the cluster");
    options.struct_size = 1;
    assert_refused("a\tb\n", &options, NDUP_STATUS_INVALID, "label options");
}

/* Four texts: a and b are alike, c is another, d has nothing. */
static ndup_result *make_result(bool pairs, ndup_cluster_rule cluster)
{
    static const char records[] =
        "{\"id\":\"a\",\"text\":\"one two three four five six seven eight nine ten\"}\n"
        "{\"id\":\"b\",\"text\":\"one two three four five six seven eight nine ten eleven\"}\n"
        "{\"id\":\"c\",\"text\":\"the river runs past the old mill and on to the sea\"}\n"
        "{\"id\":\"d\",\"text\":\"!\"}\n";
    temp_dir folder;
    char path[PATH_BYTES];
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_dedup_options options;
    ndup_error error;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "r.jsonl", records);
    const char *input = temp_dir_path(&folder, "r.jsonl", path, sizeof path);
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.pairs = pairs;
    options.cluster = cluster;
    assert_ok(ndup_corpus_open(&corpus, &input, 1, NULL, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    ndup_corpus_close(corpus);
    temp_dir_deinit(&folder);
    return result;
}

static void test_gold__pairs_are_measured(void **state)
{
    (void)state;
    ndup_gold *gold;
    ndup_error error;
    ndup_pair_measures measures;
    ndup_gold_coverage coverage;
    ndup_result *result = make_result(true, NDUP_CLUSTER_LEADER);
    assert_ok(open_text(&gold,
                        "a\tb\tdup\nb\ta\tdup\na\tc\tdup\na\tx\tdup\nb\tc\tsome\nc\td\tdiff\n",
                        NULL, &error),
              &error);
    assert_ok(ndup_gold_cover(&coverage, gold, result, &error), &error);
    assert_u64_equal(coverage.ids, 5);
    assert_u64_equal(coverage.unknown, 1);
    assert_u64_equal(coverage.first.length, 1);
    assert_memory_equal(coverage.first.bytes, "x", 1);
    assert_ok(ndup_eval_pairs(&measures, result, gold, 0.6, &error), &error);
    assert_u64_equal(measures.true_positives, 1);
    assert_u64_equal(measures.false_positives, 0);
    assert_u64_equal(measures.gold_positives, 3);
    assert_double_in(measures.precision, 1, 1);
    assert_double_in(measures.recall, 1 / 3.0, 1 / 3.0);
    /* 6 of 7 shingles are shared. */
    assert_ok(ndup_eval_pairs(&measures, result, gold, 0.9, &error), &error);
    assert_u64_equal(measures.true_positives, 0);
    assert_double_in(measures.precision, 1, 1);
    assert_double_in(measures.f1, 0, 0);
    ndup_gold_close(gold);
    ndup_result_free(result);
}

static void check_clusters(ndup_cluster_rule rule)
{
    ndup_gold *gold;
    ndup_error error;
    ndup_cluster_measures measures;
    ndup_result *result = make_result(true, rule);
    assert_ok(open_text(&gold, "id,cluster\na,1\nb,1\nc,2\nd,3\n", NULL, &error), &error);
    assert_ok(ndup_eval_clusters(&measures, result, gold, 0.6, &error), &error);
    assert_double_in(measures.adjusted_rand, 1, 1);
    assert_double_in(measures.b3_f1, 1, 1);
    assert_ok(ndup_eval_clusters(&measures, result, gold, 0.9, &error), &error);
    assert_double_in(measures.pair_recall, 0, 0);
    assert_double_in(measures.b3_precision, 1, 1);
    assert_double_in(measures.b3_recall, 0.75, 0.75);
    ndup_gold_close(gold);
    ndup_result_free(result);
}

static void test_gold__clusters_are_measured_by_either_rule(void **state)
{
    (void)state;
    check_clusters(NDUP_CLUSTER_LEADER);
    check_clusters(NDUP_CLUSTER_COMPONENTS);
}

static void test_gold__needs_a_result_with_pairs_and_a_threshold_above_its_own(void **state)
{
    (void)state;
    ndup_gold *gold;
    ndup_error error;
    ndup_pair_measures measures;
    assert_ok(open_text(&gold, "a\tb\n", NULL, &error), &error);
    ndup_result *result = make_result(false, NDUP_CLUSTER_LEADER);
    assert_status(ndup_eval_pairs(&measures, result, gold, 0.6, &error), NDUP_STATUS_INVALID,
                  &error);
    assert_string_equal(error.message, "the result was made without pairs");
    ndup_cluster_measures groups;
    assert_ok(ndup_eval_clusters(&groups, result, gold, 0.55, &error), &error);
    assert_status(ndup_eval_clusters(&groups, result, gold, 0.6, &error), NDUP_STATUS_INVALID,
                  &error);
    ndup_result_free(result);
    result = make_result(false, NDUP_CLUSTER_COMPONENTS);
    assert_ok(ndup_eval_pairs(&measures, result, gold, 0.6, &error), &error);
    const double wrong[] = {0.5, 1.1, -1, (double)NAN};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_status(ndup_eval_pairs(&measures, result, gold, wrong[i], &error),
                      NDUP_STATUS_INVALID, &error);
        assert_non_null(strstr(error.message, "must be 0.55..1"));
    }
    ndup_result_free(result);
    ndup_gold_close(gold);
}

TEST_MAIN(cmocka_unit_test(test_gold__the_header_tells_pairs_from_clusters),
          cmocka_unit_test(test_gold__names_what_is_wrong),
          cmocka_unit_test(test_gold__pairs_are_measured),
          cmocka_unit_test(test_gold__clusters_are_measured_by_either_rule),
          cmocka_unit_test(test_gold__needs_a_result_with_pairs_and_a_threshold_above_its_own))
