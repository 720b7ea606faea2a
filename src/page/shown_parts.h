/* SPDX-License-Identifier: MIT */
/* Parts of documents as report pages show them. */
#ifndef NDUP__PAGE_SHOWN_PARTS_H
#define NDUP__PAGE_SHOWN_PARTS_H

#include "report/out.h"

/* Shown of ids, and of sources, dates and titles. */
#define NDUP__SHOWN_ID_BYTES 512
#define NDUP__SHOWN_PART_BYTES 300
/* Longest address that is shown. */
#define NDUP__SHOWN_URL_BYTES 2048

/* A member with a text; nothing when it is empty; with an ellipsis where it is cut off at `limit`,
 * which is at most NDUP__SHOWN_ID_BYTES. */
void ndup__json_shown_part(ndup__out *out, const char *key, ndup_text part, size_t limit);

/* The members "id" and, when it is cut off, "id_is_cut". */
void ndup__json_shown_id(ndup__out *out, ndup_text id);

/* The members "url" and "is_link", which says whether it may become one. An address is shown whole
 * or not at all: half of one leads elsewhere. */
void ndup__json_shown_url(ndup__out *out, ndup_text url);

#endif
