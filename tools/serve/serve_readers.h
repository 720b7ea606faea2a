/* SPDX-License-Identifier: MIT */
/* Readers of records that requests share: each takes one for its time. */
#ifndef SERVE_READERS_H
#define SERVE_READERS_H

#include "neardup/record.h"

/* Threads: locked. */
typedef struct serve_readers serve_readers;

ndup_status serve_readers_new(serve_readers **readers, ndup_error *error);
void serve_readers_free(serve_readers *readers);

/* A reader without documents. Errors: MEMORY. */
ndup_status serve_readers_take(ndup_record_reader **reader, serve_readers *readers,
                               ndup_error *error);
void serve_readers_give(serve_readers *readers, ndup_record_reader *reader);

#endif
