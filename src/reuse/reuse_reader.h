/* SPDX-License-Identifier: MIT */
/* Documents read again, one at a time, for families and for sinks. */
#ifndef NDUP__REUSE_REUSE_READER_H
#define NDUP__REUSE_REUSE_READER_H

#include "reuse/reuse_run.h"

/* Threads: single-owner. The document that was read last is not read again. */
typedef struct ndup__reuse_reader {
    const ndup__reuse_run *run;
    ndup__block block;
    ndup__item item;
    uint64_t number;
    bool has_item;
} ndup__reuse_reader;

void ndup__reuse_reader_init(ndup__reuse_reader *reader, const ndup__reuse_run *run);
void ndup__reuse_reader_deinit(ndup__reuse_reader *reader);

/* The `read` of an ndup_passage_run, whose reader this is. */
NDUP_NODISCARD ndup_status ndup__reuse_reader_read(ndup_document *document, void *reader,
                                                   uint64_t number, ndup_error *error);

#endif
