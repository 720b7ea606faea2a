/* SPDX-License-Identifier: MIT */
/* Parts in, one part or a file of buckets out. */
#include <string.h>

#include "base/alloc.h"
#include "base/require.h"
#include "dedup/run_stages.h"
#include "stages/bucket_file.h"
#include "stages/stage_output.h"

static ndup_status write_joined(const char *path, const ndup__part_set *set,
                                const ndup_corpus *corpus, const ndup__table *table,
                                ndup_error *error)
{
    const ndup__part_source source = {.table = table,
                                      .to = table->count,
                                      .corpus = set->files > 0 ? corpus : NULL,
                                      .settings = set->parts[0].settings,
                                      .skipped = set->skipped,
                                      .repaired = set->repaired};
    return ndup__part_write(path, &source, error);
}

/* Of no document more is needed than that its file is there. */
static ndup_status open_corpus(ndup_corpus **corpus, const ndup__part_set *set, ndup_error *error)
{
    uint8_t *nothing;
    size_t bytes = (size_t)ndup__part_set_documents(set) / 8 + 1;
    ndup_status status = ndup__allocate_zeroed(set->allocator, &nothing, bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__part_set_corpus(corpus, set, nothing, error);
    }
    ndup__free(set->allocator, &nothing, bytes, 1);
    return status;
}

static ndup_status join(const char *path, const ndup__part_set *set, ndup_error *error)
{
    ndup_corpus *corpus = NULL;
    ndup__table table;
    ndup__keep_policy policy;
    ndup__arena strings = {.allocator = set->allocator};
    ndup_status status = open_corpus(&corpus, set, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__keep_parse(&policy, ndup__options_keep(&set->options), &strings, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__table_init(&table, &policy, (size_t)set->parts[0].counts.row_bytes, set->allocator);
        table.keeps_titles = set->options.titles;
        status = ndup__part_set_append(&table, set, NULL, error);
        if (status == NDUP_STATUS_OK) {
            status = write_joined(path, set, corpus, &table, error);
        }
        ndup__table_deinit(&table);
    }
    ndup__arena_deinit(&strings);
    ndup_corpus_close(corpus);
    return status;
}

static ndup_status open_set(ndup__part_set *set, const char *path, const char *const *parts,
                            size_t count, const ndup_allocator *allocator,
                            const ndup__section_kind *kind, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "path", path, "parts", parts);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = NDUP__REQUIRE(error, "a part", parts[i]);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__stage_output_check(path, kind, error);
    }
    return status == NDUP_STATUS_OK ? ndup__part_set_open(set, parts, count, allocator, error)
                                    : status;
}

ndup_status ndup_parts_merge(const char *path, const char *const *parts, size_t count,
                             const ndup_allocator *allocator, ndup_error *error)
{
    ndup__part_set set = {0};
    ndup_status status = open_set(&set, path, parts, count, allocator, &ndup__part_kind, error);
    if (status == NDUP_STATUS_OK) {
        status = join(path, &set, error);
    }
    ndup__part_set_close(&set);
    return status;
}

ndup_status ndup_bucket_parts(const char *path, const char *const *parts, size_t count,
                              ndup_shard shard, ndup_bucket_summary *summary,
                              const ndup_allocator *allocator, const ndup_hooks *hooks,
                              ndup_error *error)
{
    ndup__part_set set = {0};
    ndup_bucket_summary counts = {0};
    ndup_status status = ndup__require_hooks(hooks, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__shard_check(&shard, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = open_set(&set, path, parts, count, allocator, &ndup__bucket_kind, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__bucket_file_write(path, &set, shard, &counts, hooks, error);
    }
    if (status == NDUP_STATUS_OK && summary != NULL) {
        *summary = counts;
    }
    ndup__part_set_close(&set);
    return status;
}
