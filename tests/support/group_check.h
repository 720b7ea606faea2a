/* SPDX-License-Identifier: MIT */
/* Groups of a few documents that a test makes. */
#ifndef TEST_SUPPORT_GROUP_CHECK_H
#define TEST_SUPPORT_GROUP_CHECK_H

#include "neardup/group.h"

/* NULL: without. */
typedef struct told_document {
    const char *id, *source, *date, *title, *text;
} told_document;

/* What is known of a document after a run; ids are those of the documents that were given. */
typedef struct told_grouping {
    const char *of;
    ndup_role role;
    uint64_t story;
    uint64_t copy_group;
    double share, of_share, similarity;
} told_grouping;

/* An explanation, of which what is borrowed is copied. */
typedef struct told_explanation {
    ndup_story_explanation told; /* its pointers are dangling but for NULL */
    uint64_t story, other;
    size_t count;
    uint64_t nearest[128]; /* numbers of the documents that the story's are most like */
    char term[64];         /* the heaviest of the story */
    ndup_likeness pair;
} told_explanation;

/* Groups the documents; found[i] is of documents[i], whose ids must differ. `options` may be NULL.
 * Asserts that each document is told once, in order, and stands in one story. Shapes:
 * found[count]. */
ndup_status group_documents(told_grouping *found, ndup_group_summary *summary,
                            const told_document *documents, size_t count,
                            const ndup_group_options *options, ndup_error *error);

/* The same, and notes the explanation that the options ask for. Asserts that what it says of the
 * story's documents agrees with their groups and scores. */
ndup_status group_explained(told_explanation *explained, told_grouping *found,
                            const told_document *documents, size_t count,
                            const ndup_group_options *options, ndup_error *error);

#endif
