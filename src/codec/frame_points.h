/* SPDX-License-Identifier: MIT */
/* Where in compressed data a decoder can begin: between zstd and lz4 frames, gzip members, and
 * bzip2 and xz streams. */
#ifndef NDUP__CODEC_FRAME_POINTS_H
#define NDUP__CODEC_FRAME_POINTS_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

typedef struct ndup__frame_point {
    uint64_t stored;  /* offset in the compressed data */
    uint64_t decoded; /* bytes that come out of what stands before */
} ndup__frame_point;

/* Points in rising order. Of nearer ones than `apart` bytes, decoded, the first is listed. Zero-
 * initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__frame_points {
    const ndup_allocator *allocator;
    ndup__frame_point *items; /* [count] */
    size_t count, capacity;
    uint64_t apart; /* doubled whenever there would be more than NDUP__FRAME_POINTS_MOST */
} ndup__frame_points;

#define NDUP__FRAME_POINTS_MOST ((size_t)16384)       /* 256 KiB of memory */
#define NDUP__FRAME_POINTS_APART ((uint64_t)48 << 10) /* blocks of BGZF have 64 KiB, or less */

/* Lists a point, behind those that are. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__frame_points_add(ndup__frame_points *points,
                                                  ndup__frame_point point, ndup_error *error);

/* The last point at or before so many decoded bytes; the beginning where there is none. */
ndup__frame_point ndup__frame_points_find(const ndup__frame_points *points, uint64_t decoded);

void ndup__frame_points_deinit(ndup__frame_points *points);

#endif
