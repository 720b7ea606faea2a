/* SPDX-License-Identifier: MIT */
/* Versions of texts beside what they took from, put aside until it is known where they stand. */
#ifndef NDUP__PAGE_STORY_VERSIONS_H
#define NDUP__PAGE_STORY_VERSIONS_H

#include "page/change_marks.h"
#include "page/folded.h"
#include "page/story_choice.h"
#include "page/story_limits.h"
#include "report/aside.h"

/* A version as JSON, and behind it the passages folded away. */
typedef struct ndup__kept_version {
    uint32_t rank;  /* of its story */
    uint32_t order; /* in which it came */
    uint64_t place;
    size_t bytes; /* of the version alone */
    size_t all_bytes;
} ndup__kept_version;

/* Memory: 32 bytes a version that is kept, 4 a story that is shown. */
typedef struct ndup__story_versions {
    const ndup_allocator *allocator;
    ndup__story_limits limits;
    size_t text_bytes; /* as there is room */
    ndup__aside aside;
    ndup__change_marks marks;
    ndup__folded folded;
    ndup__kept_version *items; /* [count] */
    size_t count;
    size_t capacity;
    uint32_t *taken; /* [ranks] versions with changes of each story */
    size_t ranks;
} ndup__story_versions;

/* `folder` is that of the temporary file. To be deinitialised even after a failure. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__story_versions_init(ndup__story_versions *versions,
                                                     const ndup__story_limits *limits,
                                                     const char *folder,
                                                     const ndup_allocator *allocator,
                                                     ndup_error *error);
void ndup__story_versions_deinit(ndup__story_versions *versions);

/* When the stories are chosen, before the first version. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_versions_begin(ndup__story_versions *versions,
                                                      const ndup__story_choice *choice,
                                                      ndup_error *error);

/* Puts a version of the story of this rank aside; of one story no more than the limits say. Errors:
 * IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_versions_add(ndup__story_versions *versions, uint32_t rank,
                                                    const ndup_text_version *version,
                                                    ndup_error *error);

/* After the last version: sorts them by story. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__story_versions_end(ndup__story_versions *versions,
                                                    ndup_error *error);

/* Bytes that the limits leave free when all versions that were put aside are written. */
size_t ndup__story_versions_room(const ndup__story_versions *versions);

/* Writes the members "versions", of the stories first <= rank < end, as many as have room, and
 * "folded", an array of texts for each of them, or for the first of them. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_versions_json(ndup__out *out,
                                                     const ndup__story_versions *versions,
                                                     size_t first, size_t end, ndup_error *error);

#endif
