/* SPDX-License-Identifier: MIT */
/* Groups of copies counted by sorting their numbers, which rise with their dates. */
#include "most_copied.h"

#include <stdlib.h>

#include "console.h"

static int rising(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* The number that stands most often in the sorted list. */
static uint64_t most_frequent(uint64_t *times, const uint64_t *sorted, size_t count)
{
    uint64_t best = 0;
    *times = 0;
    for (size_t i = 0, first = 0; i < count; i++) {
        first = sorted[i] != sorted[first] ? i : first;
        if (i + 1 - first > *times) {
            *times = i + 1 - first;
            best = sorted[i];
        }
    }
    return best;
}

const ndup_grouping *cli_most_copied(uint64_t *copies, const ndup_story *story)
{
    uint64_t *groups = cli_resize(NULL, story->count * sizeof *groups);
    const ndup_grouping *found = NULL;
    for (size_t i = 0; i < story->count; i++) {
        groups[i] = story->documents[i].copy_group;
    }
    qsort(groups, story->count, sizeof *groups, rising);
    uint64_t documents;
    uint64_t group = most_frequent(&documents, groups, story->count);
    for (size_t i = 0; i < story->count && documents > 1 && found == NULL; i++) {
        const ndup_grouping *grouping = &story->documents[i];
        bool is_first = grouping->of == grouping->document || grouping->role == NDUP_ROLE_PARTIAL;
        found = is_first && grouping->copy_group == group ? grouping : NULL;
    }
    *copies = documents - 1;
    free(groups);
    return found;
}
