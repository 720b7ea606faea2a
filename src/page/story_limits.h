/* SPDX-License-Identifier: MIT */
/* How much a page about stories shows. */
#ifndef NDUP__PAGE_STORY_LIMITS_H
#define NDUP__PAGE_STORY_LIMITS_H

#include <stddef.h>

/* Units: bytes are those of JSON, more or less, where nothing else is said. */
typedef struct ndup__story_limits {
    size_t stories;       /* of most sources; SIZE_MAX = all */
    size_t members;       /* of a story */
    size_t lead_bytes;    /* of the beginning of a text, at most NDUP__SHOWN_ID_BYTES */
    size_t story_bytes;   /* of all stories; SIZE_MAX = no limit */
    size_t versions;      /* of a story that are shown beside what they took from */
    size_t text_bytes;    /* of the text of one of these */
    size_t version_bytes; /* of all these; SIZE_MAX = no limit */
    size_t folded;        /* of passages folded away in one version */
    size_t folded_bytes;  /* in all; SIZE_MAX = no limit */
    size_t sources;       /* rows of the table and of the matrix of sources */
} ndup__story_limits;

#endif
