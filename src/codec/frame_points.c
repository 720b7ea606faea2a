/* SPDX-License-Identifier: MIT */
/* A list of bounded length: when it is full, every other point goes. */
#include "codec/frame_points.h"

#include "base/alloc.h"

static void thin_out(ndup__frame_points *points)
{
    for (size_t i = 0; 2 * i < points->count; i++) {
        points->items[i] = points->items[2 * i];
    }
    points->count = (points->count + 1) / 2;
    points->apart *= 2;
}

ndup_status ndup__frame_points_add(ndup__frame_points *points, ndup__frame_point point,
                                   ndup_error *error)
{
    if (points->apart == 0) {
        points->apart = NDUP__FRAME_POINTS_APART;
    }
    uint64_t before = points->count > 0 ? points->items[points->count - 1].decoded : 0;
    if (point.decoded - before < points->apart) {
        return NDUP_STATUS_OK;
    }
    if (points->count == NDUP__FRAME_POINTS_MOST) {
        thin_out(points);
        return ndup__frame_points_add(points, point, error);
    }
    ndup_status status = ndup__reserve(points->allocator, &points->items, &points->capacity,
                                       points->count + 1, sizeof *points->items, error);
    if (status == NDUP_STATUS_OK) {
        points->items[points->count++] = point;
    }
    return status;
}

ndup__frame_point ndup__frame_points_find(const ndup__frame_points *points, uint64_t decoded)
{
    size_t low = 0, high = points->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (points->items[middle].decoded <= decoded) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? points->items[low - 1] : (ndup__frame_point){0, 0};
}

void ndup__frame_points_deinit(ndup__frame_points *points)
{
    ndup__free(points->allocator, &points->items, points->capacity, sizeof *points->items);
    *points = (ndup__frame_points){.allocator = points->allocator};
}
