/* SPDX-License-Identifier: MIT */
/* Units that stand on many pages of one host: counted in a first pass, found in the second. */
#ifndef NDUP__FLAG_FLAG_SITE_H
#define NDUP__FLAG_FLAG_SITE_H

#include "base/pool.h"
#include "corpus/reader.h"
#include "neardup/flag.h"
#include "pipeline/progress.h"
#include "repeat/finder.h"

/* The counts of all hosts. Threads: immutable once counted. */
typedef struct ndup__site ndup__site;

/* Reads the whole corpus and counts on how many pages of its host each unit stands. What cannot be
 * read is reported, and *skipped is how many records and files that cost; also after a failure.
 * Memory:
 * options->site_memory for units, 16 bytes a host. When the room for units is full, the rarest are
 * dropped and counted anew (lossy counting; G. Manku, R. Motwani 2002): a unit is then at most
 * undercounted. Errors: IO, MEMORY, CANCELLED. */
NDUP_NODISCARD ndup_status ndup__site_count(ndup__site **site, uint64_t *skipped,
                                            ndup_corpus *corpus, const ndup_flag_options *options,
                                            ndup__pool *pool, ndup__reporter *reporter,
                                            ndup_error *error);

/* Adds a repeat of kind SITE for every unit of the document, as it stands in the finder, that is on
 * enough pages and is no repeat yet. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__site_find(const ndup__site *site, ndup__repeat_finder *finder,
                                           const ndup_document *document, ndup_error *error);

/* Takes the notes of a block of the second pass away that were reported in the first. `line_base`
 * is the number of lines before the block. */
void ndup__site_drop_told(const ndup__site *site, ndup__block *block, uint64_t line_base);

/* Hosts seen, and hosts with enough pages to be judged. */
void ndup__site_totals(const ndup__site *site, uint64_t *hosts, uint64_t *judged);

/* A NULL site is allowed. */
void ndup__site_free(ndup__site *site);

#endif
