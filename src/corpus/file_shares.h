/* SPDX-License-Identifier: MIT */
/* Shares of a corpus's files. */
#ifndef NDUP__CORPUS_FILE_SHARES_H
#define NDUP__CORPUS_FILE_SHARES_H

#include "corpus/reader.h"

/* Leaves the files of a share: shares are runs of files, in order, of about as many bytes each, and
 * a file belongs to the one in which its middle is. What could not be opened is told with the first
 * share only. Before the corpus is read. */
void ndup__corpus_take_share(ndup_corpus *corpus, uint32_t number, uint32_t of);

#endif
