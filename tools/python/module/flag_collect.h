/* SPDX-License-Identifier: MIT */
/* A sink that keeps the repeats of a run, without Python. */
#ifndef NEARDUP_PYTHON_FLAG_COLLECT_H
#define NEARDUP_PYTHON_FLAG_COLLECT_H

#include "character_places.h"
#include "neardup.h"

/* A repeat; places in characters of its document's text. */
typedef struct kept_repeat {
    ndup_repeat repeat;
    size_t start, end;
    size_t first_start, first_end;
} kept_repeat;

/* A document that has some. */
typedef struct kept_document {
    uint64_t number;
    char *id;
    size_t id_length;
    double share;
    size_t first_repeat; /* in the list of all */
    size_t repeat_count;
} kept_document;

typedef struct flag_collector {
    ndup_flag_sink sink;
    kept_document *documents;
    size_t document_count, document_capacity;
    kept_repeat *repeats;
    size_t repeat_count, repeat_capacity;
    character_places places;
} flag_collector;

/* The collector must stay where it is. */
void flag_collector_init(flag_collector *collector);
void flag_collector_deinit(flag_collector *collector);

#endif
