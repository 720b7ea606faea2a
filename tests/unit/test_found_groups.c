/* SPDX-License-Identifier: MIT */
/* Groups against labels, counted by hand. */
#include <string.h>

#include "neardup/eval.h"

#include "support/fault_loop.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512 };

/* a, b and c are copies; d takes a part of a; e tells the story of a, f another one. */
static const ndup_grouping groupings[] = {
    {.document = 0, .id = {"a", 1}, .of = 0},
    {.document = 1, .id = {"b", 1}, .of = 0, .role = NDUP_ROLE_COPY},
    {.document = 2, .id = {"c", 1}, .of = 0, .role = NDUP_ROLE_EXCERPT},
    {.document = 3, .id = {"d", 1}, .of = 0, .role = NDUP_ROLE_PARTIAL, .copy_group = 1},
    {.document = 4, .id = {"e", 1}, .of = 4, .copy_group = 2},
    {.document = 5, .id = {"f", 1}, .of = 5, .copy_group = 3, .story = 1},
};
static const char pairs[] =
    "#a\tb\tlevel\na\tb\tdup\nb\tc\tdup\na\td\tdup\ne\tf\tdup\na\tc\tsome\n";
static const char clusters[] = "#id\tcluster\na\t1\nb\t1\nc\t1\nd\t1\ne\t1\nf\t2\nnobody\t2\n";

static ndup_status tell(ndup_found_groups *found, ndup_error *error)
{
    ndup_group_sink *sink = ndup_found_groups_sink(found);
    ndup_document document = {0};
    ndup_status status = sink->begin(sink->context, NULL, error);
    for (size_t i = 0; i < sizeof groupings / sizeof *groupings && status == NDUP_STATUS_OK; i++) {
        status = sink->document(sink->context, &groupings[i], &document, error);
    }
    return status == NDUP_STATUS_OK ? sink->commit(sink->context, error) : status;
}

static ndup_gold *open_gold(const char *text)
{
    temp_dir folder;
    char path[PATH_BYTES];
    ndup_gold *gold;
    ndup_error error;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "gold", text);
    assert_ok(
        ndup_gold_open(&gold, temp_dir_path(&folder, "gold", path, sizeof path), NULL, &error),
        &error);
    temp_dir_deinit(&folder);
    return gold;
}

static ndup_found_groups *find(void)
{
    ndup_found_groups *found;
    ndup_error error;
    assert_ok(ndup_found_groups_new(&found, NULL, &error), &error);
    assert_ok(tell(found, &error), &error);
    return found;
}

static void assert_pairs(const ndup_found_groups *found, const ndup_gold *gold,
                         ndup_group_level level, uint64_t right, uint64_t wrong)
{
    ndup_pair_measures measures;
    ndup_error error;
    assert_ok(ndup_eval_group_pairs(&measures, found, gold, level, &error), &error);
    assert_u64_equal(measures.gold_positives, 4);
    assert_u64_equal(measures.true_positives, right);
    assert_u64_equal(measures.false_positives, wrong);
    assert_double_in(measures.recall, (double)right / 4, (double)right / 4);
}

static void test_found_groups__pairs_are_those_in_one_group(void **state)
{
    (void)state;
    ndup_found_groups *found = find();
    ndup_gold *gold = open_gold(pairs);
    ndup_error error;
    ndup_pair_measures measures;
    assert_pairs(found, gold, NDUP_GROUP_LEVEL_COPY, 2, 0);
    assert_pairs(found, gold, NDUP_GROUP_LEVEL_PARTIAL, 3, 0);
    assert_pairs(found, gold, NDUP_GROUP_LEVEL_STORY, 3, 6);
    assert_status(ndup_eval_group_pairs(&measures, found, gold, (ndup_group_level)3, &error),
                  NDUP_STATUS_INVALID, &error);
    ndup_gold_close(gold);
    ndup_found_groups_free(found);
}

static void test_found_groups__clusters_are_measured_over_the_labelled(void **state)
{
    (void)state;
    ndup_found_groups *found = find();
    ndup_gold *gold = open_gold(clusters);
    ndup_cluster_measures measures;
    ndup_gold_coverage coverage;
    ndup_error error;
    assert_ok(ndup_eval_group_clusters(&measures, found, gold, NDUP_GROUP_LEVEL_STORY, &error),
              &error);
    assert_double_in(measures.b3_precision, 1, 1);
    assert_double_in(measures.b3_recall, 5.999 / 7, 6.001 / 7);
    assert_ok(ndup_eval_group_clusters(&measures, found, gold, NDUP_GROUP_LEVEL_COPY, &error),
              &error);
    assert_double_in(measures.b3_recall, 3.199 / 7, 3.201 / 7);
    assert_ok(ndup_gold_cover_groups(&coverage, gold, found, &error), &error);
    assert_u64_equal(coverage.ids, 7);
    assert_u64_equal(coverage.unknown, 1);
    assert_memory_equal(coverage.first.bytes, "nobody", 6);
    ndup_gold_close(gold);
    ndup_found_groups_free(found);
}

static void test_found_groups__a_run_that_fails_leaves_none(void **state)
{
    (void)state;
    ndup_found_groups *found = find();
    ndup_gold *gold = open_gold(pairs);
    ndup_group_sink *sink = ndup_found_groups_sink(found);
    sink->abort(sink->context);
    assert_pairs(found, gold, NDUP_GROUP_LEVEL_STORY, 0, 0);
    ndup_gold_close(gold);
    ndup_found_groups_free(found);
    ndup_found_groups_free(NULL);
}

static ndup_status job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    ndup_gold *const *golds = context;
    ndup_found_groups *found;
    ndup_pair_measures by_pairs;
    ndup_cluster_measures by_clusters;
    ndup_gold_coverage coverage;
    ndup_status status = ndup_found_groups_new(&found, allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = tell(found, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_eval_group_pairs(&by_pairs, found, golds[0], NDUP_GROUP_LEVEL_COPY, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup_eval_group_clusters(&by_clusters, found, golds[1], NDUP_GROUP_LEVEL_COPY, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_gold_cover_groups(&coverage, golds[1], found, error);
    }
    ndup_found_groups_free(found);
    return status;
}

static void test_found_groups__without_memory(void **state)
{
    (void)state;
    ndup_gold *golds[] = {open_gold(pairs), open_gold(clusters)};
    fault_loop(job, golds, 1);
    ndup_gold_close(golds[0]);
    ndup_gold_close(golds[1]);
}

TEST_MAIN(cmocka_unit_test(test_found_groups__pairs_are_those_in_one_group),
          cmocka_unit_test(test_found_groups__clusters_are_measured_over_the_labelled),
          cmocka_unit_test(test_found_groups__a_run_that_fails_leaves_none),
          cmocka_unit_test(test_found_groups__without_memory))
