/* SPDX-License-Identifier: MIT */
/* Hashes of ids, as plans and SARIF files can carry them. */
#ifndef NDUP__REPORT_ID_HASH_H
#define NDUP__REPORT_ID_HASH_H

#include <stdint.h>

#include "neardup/document.h"

/* Hash of an id: damaged UTF-8 counts as U+FFFD, as in what was written to JSON. */
uint64_t ndup__id_hash(ndup_text id);

#endif
