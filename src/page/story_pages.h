/* SPDX-License-Identifier: MIT */
/* What html:FILE and pages:DIR of groups have in common: a book. */
#ifndef NDUP__PAGE_STORY_PAGES_H
#define NDUP__PAGE_STORY_PAGES_H

#include "page/story_book.h"
#include "report/group_output.h"

typedef struct ndup__story_output {
    ndup__group_output group; /* first */
    ndup__story_book book;
} ndup__story_output;

NDUP_NODISCARD ndup_status ndup__story_output_begin(ndup__group_output *output,
                                                    const ndup__story_limits *limits,
                                                    ndup_error *error);
NDUP_NODISCARD ndup_status ndup__story_output_document(ndup__group_output *output,
                                                       const ndup_grouping *grouping,
                                                       const ndup_document *document,
                                                       ndup_error *error);
NDUP_NODISCARD ndup_status ndup__story_output_version(ndup__group_output *output,
                                                      const ndup_text_version *version,
                                                      ndup_error *error);
NDUP_NODISCARD ndup_status ndup__story_output_story(ndup__group_output *output,
                                                    const ndup_story *story, ndup_error *error);
void ndup__story_output_release(ndup__group_output *output);

#endif
