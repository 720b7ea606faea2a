/* SPDX-License-Identifier: MIT */
/* The counts of a summary as a table: their names and labels. */
#include "report/summary_out.h"

static const ndup__count_member members[] = {
#define MEMBER(name, label)                        \
    {                                              \
#name, label, offsetof(ndup_summary, name) \
    }
    MEMBER(documents, "documents"),
    MEMBER(text_bytes, "bytes of text"),
    MEMBER(skipped, "records and files that could not be read"),
    MEMBER(repaired, "documents with damaged UTF-8"),
    MEMBER(duplicate_ids, "documents with an id that another one has"),
    MEMBER(unreadable, "documents of UTF-8 damaged throughout: compared by their bytes"),
    MEMBER(empty, "documents without words: compared by their bytes"),
    MEMBER(kept, "kept"),
    MEMBER(kept_bytes, "bytes of text kept"),
    MEMBER(dropped, "dropped"),
    MEMBER(identical, "dropped: identical text"),
    MEMBER(normalized, "dropped: identical but for case, accents, punctuation, spaces"),
    MEMBER(contained, "dropped: contained in the survivor"),
    MEMBER(near, "dropped: near-duplicate"),
    MEMBER(dropped_survivors, "dropped: survivors, as asked for"),
    MEMBER(groups, "groups of two or more"),
    MEMBER(largest_group, "documents in the largest group"),
    MEMBER(templates, "documents that fill the form of another with contents of their own"),
    MEMBER(forms, "families of kept documents of one form"),
    MEMBER(largest_form, "documents in the largest family"),
    MEMBER(candidates, "candidate pairs"),
    MEMBER(verified, "pairs compared exactly"),
    MEMBER(similar, "pairs at or above the threshold"),
    MEMBER(split_buckets, "buckets that were split"),
    MEMBER(largest_bucket, "documents in the largest bucket"),
    MEMBER(crowded, "documents whose many look-alikes a finer sketch told apart"),
    MEMBER(capped, "documents compared with their likeliest look-alikes only"),
    MEMBER(audit_documents, "documents audited"),
    MEMBER(audit_pairs, "exact pairs of them"),
    MEMBER(audit_found, "of these proposed by the bands"),
    MEMBER(audit_missed, "audited and kept with a near-duplicate kept before"),
#undef MEMBER
};

/* A member that is new in ndup_summary must be added here, above or below. */
_Static_assert(sizeof(ndup_summary) == sizeof members / sizeof members[0] * sizeof(uint64_t) +
                                           sizeof(ndup_bands) + 2 * sizeof(double) +
                                           5 * sizeof(double) +
                                           NDUP__HISTOGRAM_BINS * sizeof(uint64_t),
               "every member of ndup_summary is written");

const ndup__count_member *ndup__summary_members(size_t *count)
{
    *count = sizeof members / sizeof members[0];
    return members;
}

uint64_t ndup__summary_count(const ndup_summary *summary, const ndup__count_member *member)
{
    return *(const uint64_t *)(const void *)((const char *)summary + member->offset);
}
