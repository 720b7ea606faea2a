/* SPDX-License-Identifier: MIT */
/* Looking into what is called a document. */
#ifndef NDUP__CORPUS_DOCUMENT_CHECK_H
#define NDUP__CORPUS_DOCUMENT_CHECK_H

#include "corpus/encoding.h"
#include "neardup/status.h"

/* Whether what was read whole under a name that says "document" is one. Errors: UNSUPPORTED, also
 * for what neardup wrote. */
NDUP_NODISCARD ndup_status ndup__document_check(const ndup__encoding *encoding, const char *bytes,
                                                size_t length, ndup_error *error);

#endif
