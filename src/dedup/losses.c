/* SPDX-License-Identifier: MIT */
/* A source that loses most of its documents is more often a misread field or a wrong preset than a
 * source of copies. */
#include "dedup/losses.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/glob.h"
#include "base/error.h"
#include "pipeline/progress.h"

/* Small sources lose half by chance. */
#define DROPPED_LEAST 20
#define NAME_SHOWN 60

static bool loses_most(const ndup__source_counts *row)
{
    return row->name.length > 0 && row->dropped > DROPPED_LEAST &&
           row->dropped > row->documents - row->dropped;
}

static int more_dropped_first(const void *left, const void *right)
{
    const ndup_source_loss *a = left;
    const ndup_source_loss *b = right;
    if (a->dropped != b->dropped) {
        return a->dropped < b->dropped ? 1 : -1;
    }
    size_t shorter = a->source.length < b->source.length ? a->source.length : b->source.length;
    int difference = memcmp(a->source.bytes, b->source.bytes, shorter);
    return difference != 0
               ? difference
               : (a->source.length > b->source.length) - (a->source.length < b->source.length);
}

ndup_status ndup__losses_find(ndup_result *result, ndup_error *error)
{
    const ndup__sources *sources = &result->table.source_names;
    size_t count = 0;
    for (size_t i = 0; i < sources->count; i++) {
        count += loses_most(&sources->rows[i]);
    }
    ndup_status status =
        ndup__resize(result->allocator, &result->losses, 0, count, sizeof *result->losses, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < sources->count; i++) {
        const ndup__source_counts *row = &sources->rows[i];
        if (loses_most(row)) {
            result->losses[result->loss_count++] =
                (ndup_source_loss){row->name, row->documents, row->dropped};
        }
    }
    if (count > 1) {
        qsort(result->losses, count, sizeof *result->losses, more_dropped_first);
    }
    return NDUP_STATUS_OK;
}

size_t ndup_result_losses(const ndup_result *result, const ndup_source_loss **losses)
{
    if (losses != NULL) {
        *losses = result != NULL ? result->losses : NULL;
    }
    return result != NULL ? result->loss_count : 0;
}

/* Whether the source loses more than the limit lets it. A limit on all sources lets small ones be.
 */
static bool exceeds(const ndup_max_loss *limit, const ndup__source_counts *row)
{
    bool counts = limit->source != NULL || row->dropped > DROPPED_LEAST;
    return counts && (double)row->dropped > limit->share * (double)row->documents;
}

static ndup_status fail_limit(const ndup_max_loss *limit, const ndup__source_counts *row,
                              ndup_error *error)
{
    size_t shown = row->name.length < NAME_SHOWN ? row->name.length : NAME_SHOWN;
    return ndup__fail(error, NDUP_STATUS_LIMIT,
                      "%.*s: %llu of %llu documents would be dropped, more than the %g %% of "
                      "--max-loss",
                      (int)(shown > 0 ? shown : 9), shown > 0 ? row->name.bytes : "no source",
                      (unsigned long long)row->dropped, (unsigned long long)row->documents,
                      100 * limit->share);
}

static ndup_status check_limit(const ndup_max_loss *limit, const ndup_result *result,
                               const ndup_hooks *hooks, ndup_error *error)
{
    const ndup__sources *sources = &result->table.source_names;
    const ndup__source_counts *worst = NULL;
    bool found = limit->source == NULL;
    for (size_t i = 0; i < sources->count; i++) {
        const ndup__source_counts *row = &sources->rows[i];
        bool is_meant = limit->source == NULL || ndup__glob_match(limit->source, row->name);
        found |= is_meant;
        if (is_meant && exceeds(limit, row) && (worst == NULL || row->dropped > worst->dropped)) {
            worst = row;
        }
    }
    if (!found && !result->options.allow_empty_guard) {
        return ndup__fail(error, NDUP_STATUS_NOT_FOUND,
                          "--max-loss %g:%.60s: there is no such source; --allow-empty-guard goes "
                          "on all the same",
                          100 * limit->share, limit->source);
    }
    if (!found) {
        ndup__notice(hooks, "--max-loss %g:%.60s: there is no such source", 100 * limit->share,
                     limit->source);
    }
    return worst != NULL ? fail_limit(limit, worst, error) : NDUP_STATUS_OK;
}

ndup_status ndup__losses_check(const ndup_result *result, const ndup_dedup_options *options,
                               const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < options->max_loss_count && status == NDUP_STATUS_OK; i++) {
        status = check_limit(&options->max_loss[i], result, hooks, error);
    }
    return status;
}
