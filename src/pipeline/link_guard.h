/* SPDX-License-Identifier: MIT */
/* Inputs that are reached through links in an input folder are never replaced either. */
#ifndef NDUP__PIPELINE_LINK_GUARD_H
#define NDUP__PIPELINE_LINK_GUARD_H

#include "corpus/reader.h"

/* INVALID when `path`, where an output is to go (NULL: nowhere), is a file that the corpus reads
 * under another name, or a folder that holds one. Cost: a look at every file of the corpus, where
 * `path` exists. */
NDUP_NODISCARD ndup_status ndup__refuse_linked(const ndup_corpus *corpus, const char *path,
                                               ndup_error *error);

#endif
