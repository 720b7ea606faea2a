/* SPDX-License-Identifier: MIT */
/* What a run predicts, as a table for other scorers. */
#ifndef CLI_PREDICTED_H
#define CLI_PREDICTED_H

#include <stdbool.h>

#include "neardup.h"

/* Writes a tab-separated file: id and id of every pair at or above the threshold, with all pairs of
 * identical texts; or, for clusters, id and the id of the group's kept document. An existing file
 * is replaced only with `overwrite`. Gives CLI_GO_ON, or an exit status after saying what failed.
 */
int cli_predicted_write(const char *path, const ndup_result *result, bool clusters,
                        double threshold, bool overwrite);

#endif
