/* SPDX-License-Identifier: MIT */
/* Documents for tests of an index: what they say follows from their id and a version. */
#ifndef TEST_SUPPORT_INDEX_TEXTS_H
#define TEST_SUPPORT_INDEX_TEXTS_H

#include "neardup/document.h"

enum { INDEX_TEXT_WORDS = 60, INDEX_TEXT_BYTES = 1024, INDEX_ID_BYTES = 48 };

/* A document with its texts. It points into itself: it must not be moved. */
typedef struct index_text {
    char id[INDEX_ID_BYTES];
    char version[INDEX_ID_BYTES]; /* decimal; it is the document's url, too */
    char text[INDEX_TEXT_BYTES];
    ndup_document document;
} index_text;

/* Words of 64 bits of hash of both: no two are alike. */
void index_text_make(index_text *made, const char *id, unsigned version);

#endif
