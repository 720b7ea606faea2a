/* SPDX-License-Identifier: MIT */
/* Runs of bytes in turn shared and changed stand where a page otherwise has tokens. */
#include "page/change_marks.h"

#include "base/alloc.h"

static ndup_status begin(ndup__change_side *side, ndup_text text, size_t changes,
                         const ndup_allocator *allocator, ndup_error *error)
{
    ndup__marked_text *marked = &side->marked;
    size_t most = 2 * changes + 1;
    ndup_status status = ndup__reserve(allocator, &marked->shared, &marked->capacity, most,
                                       sizeof *marked->shared, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &side->places, &side->capacity, most,
                               2 * sizeof *side->places, error);
    }
    if (status == NDUP_STATUS_OK) {
        marked->text = text;
        marked->tokens =
            (ndup__tokens){.starts = side->places, .ends = side->places + side->capacity};
    }
    return status;
}

static void add_run(ndup__marked_text *marked, size_t start, size_t end, bool is_shared)
{
    size_t at = marked->tokens.count++;
    marked->tokens.starts[at] = (uint32_t)start;
    marked->tokens.ends[at] = (uint32_t)end;
    marked->shared[at] = is_shared;
}

/* A change behind what is marked, and the shared run between. */
static void add_change(ndup__marked_text *marked, size_t at, size_t bytes)
{
    size_t count = marked->tokens.count;
    size_t last = count > 0 ? marked->tokens.ends[count - 1] : 0;
    size_t start = at > last ? at : last;
    size_t end = at + bytes > start ? at + bytes : start;
    if (start > last) {
        add_run(marked, last, start, true);
    }
    add_run(marked, start, end, false);
}

static void end_marks(ndup__marked_text *marked)
{
    size_t count = marked->tokens.count;
    size_t last = count > 0 ? marked->tokens.ends[count - 1] : 0;
    if (last < marked->text.length) {
        add_run(marked, last, marked->text.length, true);
    }
}

ndup_status ndup__change_marks_set(ndup__change_marks *marks, const ndup_text_version *version,
                                   ndup_error *error)
{
    ndup_status status =
        begin(&marks->own, version->document->text, version->change_count, marks->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status =
            begin(&marks->of, version->of->text, version->change_count, marks->allocator, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < version->change_count; i++) {
        const ndup_change *change = &version->changes[i];
        add_change(&marks->own.marked, change->at, change->bytes);
        add_change(&marks->of.marked, change->of_at, change->of_bytes);
    }
    end_marks(&marks->own.marked);
    end_marks(&marks->of.marked);
    return NDUP_STATUS_OK;
}

static void deinit_side(ndup__change_side *side, const ndup_allocator *allocator)
{
    ndup__free(allocator, &side->marked.shared, side->marked.capacity, sizeof *side->marked.shared);
    ndup__free(allocator, &side->places, side->capacity, 2 * sizeof *side->places);
    side->marked.capacity = side->capacity = 0;
}

void ndup__change_marks_deinit(ndup__change_marks *marks)
{
    deinit_side(&marks->own, marks->allocator);
    deinit_side(&marks->of, marks->allocator);
}
