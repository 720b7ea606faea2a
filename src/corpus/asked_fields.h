/* SPDX-License-Identifier: MIT */
/* Whether the fields that the options name are in any record. */
#ifndef NDUP__CORPUS_ASKED_FIELDS_H
#define NDUP__CORPUS_ASKED_FIELDS_H

#include "corpus/fields.h"
#include "corpus/reader.h"

/* Which roles (bits by ndup__role) a record has filled, but for the text. */
unsigned ndup__fields_given(const ndup_document *document);

/* Sends a notice for every field that was asked for and that no record had: `given` is put together
 * from the corpus's blocks. */
void ndup__notice_fields(const ndup_corpus *corpus, unsigned given, const ndup_hooks *hooks);

#endif
