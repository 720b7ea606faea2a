/* SPDX-License-Identifier: MIT */
/* Adding and removing documents, within a transaction of the writer. */
#ifndef NDUP__INDEX_UPDATE_H
#define NDUP__INDEX_UPDATE_H

#include "index/answers.h"

/* Asks about a document and adds it, or not, as ndup_index_check_and_add says. `arena` is for the
 * answer's texts. Errors: those of database and segments, MEMORY. */
NDUP_NODISCARD ndup_status ndup__add_document(ndup__session *session, ndup_index_answer *answer,
                                              ndup__arena *arena, const ndup__prepared *prepared,
                                              const ndup__asking *asking, bool adds_known,
                                              ndup_error *error);

/* Removes the document with a number, which has to be there. Of a family whose first document goes,
 * the others are judged anew, in the order in which they came. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__remove_document(ndup__session *session, uint32_t number,
                                                 ndup_error *error);

/* Adds the row of a document to a family, or as the first of a new one (0); its keys are not noted.
 * Errors: those of the database. */
NDUP_NODISCARD ndup_status ndup__insert_row(ndup__session *session, uint32_t *number,
                                            const ndup__prepared *prepared, uint32_t family,
                                            int64_t added, ndup_error *error);

#endif
