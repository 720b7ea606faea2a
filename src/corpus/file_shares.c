/* SPDX-License-Identifier: MIT */
/* Every share comes to the same cuts, since all of them see all files. */
#include "corpus/file_shares.h"

#include <string.h>

#include "corpus/corpus_state.h"

/* Opening a file takes as long as reading so many bytes. */
#define FILE_COST 4096

static uint64_t cost_of(const ndup__corpus_file *file)
{
    return file->size + FILE_COST;
}

/* The share that the file belongs to, whose bytes begin at `start` of `total`. */
static uint32_t share_of(const ndup__corpus_file *file, uint64_t start, uint64_t total, uint32_t of)
{
    double middle = (double)start + (double)cost_of(file) / 2;
    double share = middle / (double)total * of;
    return share < of ? (uint32_t)share : of - 1;
}

/* How many files come before the share, and before the one behind it. */
static void find_bounds(size_t bounds[2], const ndup_corpus *corpus, uint32_t number, uint32_t of)
{
    uint64_t total = 0;
    uint64_t start = 0;
    bounds[0] = bounds[1] = 0;
    for (size_t i = 0; i < corpus->file_count; i++) {
        total += cost_of(&corpus->files[i]);
    }
    for (size_t i = 0; i < corpus->file_count; i++) {
        uint32_t share = share_of(&corpus->files[i], start, total, of);
        bounds[0] += share < number;
        bounds[1] += share <= number;
        start += cost_of(&corpus->files[i]);
    }
}

static void recount(ndup_corpus *corpus)
{
    corpus->total_bytes = 0;
    corpus->size_unknown = false;
    for (size_t i = 0; i < corpus->file_count; i++) {
        const ndup__corpus_file *file = &corpus->files[i];
        corpus->total_bytes += file->size;
        corpus->size_unknown |= file->size == 0 && file->format->streams;
    }
}

void ndup__corpus_take_share(ndup_corpus *corpus, uint32_t number, uint32_t of)
{
    size_t bounds[2];
    if (of < 2) {
        return;
    }
    find_bounds(bounds, corpus, number, of);
    for (size_t i = 0; i < corpus->file_count; i++) {
        if (i < bounds[0] || i >= bounds[1]) {
            ndup__stream_close(corpus->files[i].stream);
        }
    }
    corpus->file_count = bounds[1] - bounds[0];
    memmove(corpus->files, corpus->files + bounds[0], corpus->file_count * sizeof *corpus->files);
    recount(corpus);
    corpus->opening.note_count = number == 0 ? corpus->opening.note_count : 0;
}
