/* SPDX-License-Identifier: MIT */
/* Measuring a run against labels. */
#ifndef NEARDUP_EVAL_H
#define NEARDUP_EVAL_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "neardup/group.h"
#include "neardup/hooks.h"
#include "neardup/output.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Labels of a corpus: pairs with levels, or clusters. Threads: immutable. */
typedef struct ndup_gold ndup_gold;

/* How a label file is read. Columns are parted by tabs; without any, by commas or semicolons, and
 * may be in quotes; a byte order mark is passed. A line beginning with '#' names the columns, and
 * so does the first line when one of them is called cluster, level or label. Pairs: the first two
 * columns are ids and the one called level or label (else the last) holds the level; a file with
 * two columns has one level, "dup". Clusters: id and, in cluster_column (from 1) or the column of
 * that name, the cluster. Marks that neardup writes around ids (src/report/SCHEMA.md: an
 * apostrophe, a JSON string) are taken off. */
typedef struct ndup_gold_options {
    size_t struct_size;
    int clusters; /* 0 = pairs, 1 = clusters, -1 = by the header: a column "cluster" means clusters
                   */
    const char *positive; /* comma-separated levels that count as duplicates; NULL = "dup" */
    const char
        *ignore; /* levels left out of the count; NULL = "contained,partial,some,ambiguous,short" */
    unsigned cluster_column; /* 0 = by the header, else 1 */
    const ndup_allocator *allocator;
} ndup_gold_options;

/* Errors: IO, CORRUPT with the line, or when there are no labels; INVALID when no pair has a level
 * that counts (names the levels found); MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_gold_open(ndup_gold **gold, const char *path,
                                                   const ndup_gold_options *options,
                                                   ndup_error *error);
NDUP_API void ndup_gold_close(ndup_gold *gold);
NDUP_API int ndup_gold_is_clusters(const ndup_gold *gold);

/* Pairs: every pair not labelled is a negative. precision is 1 when nothing was predicted, recall 1
 * when there is nothing to find. */
typedef struct ndup_pair_measures {
    double threshold;
    uint64_t true_positives, false_positives, gold_positives;
    double precision, recall, f1;
} ndup_pair_measures;

/* Clusters over the ids of the label file; an id that is in no predicted group is a group of its
 * own. Sources: adjusted Rand index, Hubert and Arabie 1985; B-cubed, Bagga and Baldwin 1998. */
typedef struct ndup_cluster_measures {
    double threshold;
    double adjusted_rand;
    double pair_precision, pair_recall, pair_f1;
    double b3_precision, b3_recall, b3_f1;
} ndup_cluster_measures;

/* How much of the labels is about documents of the result. */
typedef struct ndup_gold_coverage {
    uint64_t ids;     /* different ones that are labelled */
    uint64_t unknown; /* of these, not in the result; they count as misses, or as groups of one */
    ndup_text first;  /* of the unknown ones, in byte order; borrowed from the labels */
} ndup_gold_coverage;

/* Looks up every labelled id. Errors: MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_gold_cover(ndup_gold_coverage *coverage,
                                                    const ndup_gold *gold,
                                                    const ndup_result *result, ndup_error *error);

/* Measures the pairs of a result that was made with options.pairs, at a threshold >= that of the
 * run. Groups of identical texts count with all their pairs. Errors: INVALID, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_eval_pairs(ndup_pair_measures *measures,
                                                    const ndup_result *result,
                                                    const ndup_gold *gold, double threshold,
                                                    ndup_error *error);

/* Measures the groups that the result's cluster rule gives at a threshold >= that of the run; above
 * it a result made with options.pairs is needed. Errors: INVALID, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_eval_clusters(ndup_cluster_measures *measures,
                                                       const ndup_result *result,
                                                       const ndup_gold *gold, double threshold,
                                                       ndup_error *error);

/* What a run of ndup_group found, for measuring: its sink is given to the run, and what is measured
 * is of the last run that ended well. Threads: single-owner. Memory: 28 bytes a document and its
 * id. */
typedef struct ndup_found_groups ndup_found_groups;

/* Errors: MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_found_groups_new(ndup_found_groups **found,
                                                          const ndup_allocator *allocator,
                                                          ndup_error *error);
NDUP_API ndup_group_sink *ndup_found_groups_sink(ndup_found_groups *found); /* borrowed */
NDUP_API void ndup_found_groups_free(ndup_found_groups *found);

/* What is taken for one group. */
typedef enum ndup_group_level {
    NDUP_GROUP_LEVEL_COPY = 0, /* groups of copies */
    NDUP_GROUP_LEVEL_PARTIAL =
        1, /* the same; a partial copy and what it is of are a pair, but no group */
    NDUP_GROUP_LEVEL_STORY = 2
} ndup_group_level;

/* As the functions for results. Errors: INVALID, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_gold_cover_groups(ndup_gold_coverage *coverage,
                                                           const ndup_gold *gold,
                                                           const ndup_found_groups *found,
                                                           ndup_error *error);
NDUP_API NDUP_NODISCARD ndup_status ndup_eval_group_pairs(ndup_pair_measures *measures,
                                                          const ndup_found_groups *found,
                                                          const ndup_gold *gold,
                                                          ndup_group_level level,
                                                          ndup_error *error);
NDUP_API NDUP_NODISCARD ndup_status ndup_eval_group_clusters(ndup_cluster_measures *measures,
                                                             const ndup_found_groups *found,
                                                             const ndup_gold *gold,
                                                             ndup_group_level level,
                                                             ndup_error *error);

/* An output of what a run predicts, as a table that another scorer, or ndup_gold_open, can read: id
 * and id of every pair of at least `threshold`, with all pairs of identical texts; with `clusters`
 * id and the id of the group's kept document. Cells are parted by tabs, or as CSV when the name
 * ends in .csv; an id that holds a control character or begins with a quote is a JSON string in its
 * cell. For ndup_result_write; closed by ndup_output_close. Pairs need a result made with
 * options.pairs. Errors: as ndup_output_open. */
NDUP_API NDUP_NODISCARD ndup_status ndup_predicted_open(ndup_sink **sink, const char *path,
                                                        int clusters, double threshold,
                                                        const ndup_output_options *options,
                                                        ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
