/* SPDX-License-Identifier: MIT */
/* The name of a document whose record has none. */
#ifndef NDUP__CORPUS_DOCUMENT_NAME_H
#define NDUP__CORPUS_DOCUMENT_NAME_H

#include "base/arena.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* Fills an empty id with "PATH:LINE"; others, and those without a path, stay. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__name_document(ndup_text *id, const char *path, uint64_t line,
                                               ndup__arena *strings, ndup_error *error);

#endif
