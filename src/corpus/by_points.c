/* SPDX-License-Identifier: MIT */
/* Both ways are gone through without reading, and what they decode is added up. */
#include "corpus/by_points.h"

#include "corpus/corpus_state.h"

/* From its beginning a file is decoded by several threads at once, if the format allows it; from
 * points by one. */
#define PARTS 2
/* What going to a point costs, in decoded bytes. */
#define POINT_COST ((uint64_t)32 << 10)

typedef struct file_cost {
    ndup__corpus_file *file; /* NULL: none yet */
    uint64_t reached;        /* end of the last wanted document so far */
    uint64_t by_points;      /* bytes decoded until then */
} file_cost;

static void add_document(file_cost *cost, uint64_t begin, uint64_t length)
{
    ndup__frame_point point = ndup__frame_points_find(&cost->file->points, begin);
    bool goes = point.decoded > cost->reached;
    uint64_t end = begin + length;
    uint64_t from = goes ? point.decoded : cost->reached;
    cost->by_points += (goes ? POINT_COST : 0) + (end > from ? end - from : 0);
    cost->reached = end > cost->reached ? end : cost->reached;
}

static void choose(const file_cost *cost)
{
    if (cost->file != NULL) {
        cost->file->goes_by_points = cost->by_points <= cost->reached / PARTS;
    }
}

static bool has_points(const ndup_corpus *corpus)
{
    for (size_t i = 0; i < corpus->file_count; i++) {
        if (corpus->files[i].is_passing && corpus->files[i].points.count > 0) {
            return true;
        }
    }
    return false;
}

void ndup__choose_points(ndup_corpus *corpus, const ndup__gathering *gathering)
{
    file_cost cost = {.file = NULL};
    ndup__wanted_record record;
    if (!has_points(corpus)) {
        return;
    }
    while (gathering->next(gathering->context, &record)) {
        ndup__corpus_file *file = &corpus->files[NDUP__PLACE_FILE(record.place)];
        if (file != cost.file) {
            choose(&cost);
            cost = (file_cost){.file = file->is_passing ? file : NULL};
        }
        if (cost.file != NULL) {
            add_document(&cost, NDUP__PLACE_OFFSET(record.place), record.length);
        }
    }
    choose(&cost);
    gathering->again(gathering->context);
}
