/* SPDX-License-Identifier: MIT */
/* Whether a file that cannot be read at a place is decoded from its beginning once more, or from
 * points in it. */
#ifndef NDUP__CORPUS_BY_POINTS_H
#define NDUP__CORPUS_BY_POINTS_H

#include "corpus/gather.h"

/* Chooses for every file of wanted documents, and goes back to the first of them: points are taken
 * where that decodes no more than half of what stands before the file's last wanted document. Cost:
 * none where no file has points. */
void ndup__choose_points(ndup_corpus *corpus, const ndup__gathering *gathering);

#endif
