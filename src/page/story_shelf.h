/* SPDX-License-Identifier: MIT */
/* Stories as JSON, put aside until all of them have come. */
#ifndef NDUP__PAGE_STORY_SHELF_H
#define NDUP__PAGE_STORY_SHELF_H

#include "page/document_store.h"
#include "page/story_choice.h"
#include "page/story_limits.h"
#include "report/aside.h"

/* A story: its head, and behind it its members. */
typedef struct ndup__kept_story {
    uint64_t place;
    size_t head_bytes;
    size_t all_bytes; /* 0 = it has not come */
} ndup__kept_story;

/* Memory: 24 bytes a story that is shown. */
typedef struct ndup__story_shelf {
    const ndup_allocator *allocator;
    ndup__story_limits limits;
    const ndup__story_tally *tally; /* borrowed, as is the choice */
    const ndup__story_choice *choice;
    size_t members; /* of a story, as there is room */
    ndup__aside aside;
    ndup__stored_room room;
    ndup__kept_story *items; /* [count] by rank */
    size_t count;
} ndup__story_shelf;

/* `folder` is that of the temporary file. To be deinitialised even after a failure. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__story_shelf_init(ndup__story_shelf *shelf,
                                                  const ndup__story_limits *limits,
                                                  const char *folder,
                                                  const ndup_allocator *allocator,
                                                  ndup_error *error);
void ndup__story_shelf_deinit(ndup__story_shelf *shelf);

/* When the stories are chosen, before the first comes. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_shelf_begin(ndup__story_shelf *shelf,
                                                   const ndup__story_choice *choice,
                                                   const ndup__story_tally *tally,
                                                   ndup_error *error);

/* Puts the story of this rank aside; `store` has the documents of all stories. Errors: IO, MEMORY.
 */
NDUP_NODISCARD ndup_status ndup__story_shelf_add(ndup__story_shelf *shelf, uint32_t rank,
                                                 const ndup_story *story,
                                                 ndup__document_store *store, ndup_error *error);

/* After the last story. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__story_shelf_end(ndup__story_shelf *shelf, ndup_error *error);

/* Writes the member "stories", those first <= rank < *end, as many as have room; *end is behind the
 * last of them then. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_shelf_json(ndup__out *out, size_t *end,
                                                  const ndup__story_shelf *shelf, size_t first,
                                                  ndup_error *error);

/* Writes the member "largest": the heads of the first `most` stories. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_shelf_heads_json(ndup__out *out,
                                                        const ndup__story_shelf *shelf, size_t most,
                                                        ndup_error *error);

#endif
