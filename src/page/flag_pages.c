/* SPDX-License-Identifier: MIT */
/* pages:DIR of flag runs, every document that repeats itself: an index, and pages of some each.
 * What pages show of a document is put aside in a temporary file, as it passes by. */
#include <stdlib.h>

#include "base/alloc.h"
#include "page/flag_page.h"
#include "report/aside.h"
#include "report/flag_output.h"

static const ndup__flag_page_limits limits = {.repeats = 500, .text_bytes = 20000, .folded = 60000};

typedef struct shown_document {
    ndup__flag_rank rank;
    ndup__aside_piece piece;
} shown_document;

typedef struct pages_state {
    ndup__flag_output *output;
    ndup__flag_page_work work;
    ndup__aside aside;
    shown_document *documents;
    size_t count;
    size_t capacity;
    const ndup_flag_summary *summary;
} pages_state;

static ndup_status begin(ndup__flag_output *output, ndup_error *error)
{
    pages_state *pages;
    ndup_status status = ndup__allocate_zeroed(&output->allocator, &pages, 1, sizeof *pages, error);
    output->state = pages;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    pages->output = output;
    ndup__flag_page_work_init(&pages->work, &limits, &output->allocator);
    status = ndup__aside_init(&pages->aside, output->run->corpus->temporary_folder,
                              &output->allocator, error);
    pages->aside.out.is_embedded = true;
    return status;
}

static ndup_status take_document(ndup__flag_output *output, const ndup_flagged *flagged,
                                 ndup_error *error)
{
    pages_state *pages = output->state;
    if (flagged->repeat_count == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(&output->allocator, &pages->documents, &pages->capacity,
                                       pages->count + 1, sizeof *pages->documents, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    shown_document *shown = &pages->documents[pages->count++];
    *shown = (shown_document){.rank = {flagged->repeated_bytes, flagged->document->number},
                              .piece = {.place = ndup__aside_begin(&pages->aside)}};
    ndup__aside_piece *piece = &shown->piece;
    status =
        ndup__flag_page_document(&piece->bytes, &pages->aside.out, &pages->work, flagged, error);
    return status == NDUP_STATUS_OK
               ? ndup__aside_end(&piece->all_bytes, &pages->aside, piece->place, error)
               : status;
}

static int by_rank(const void *left, const void *right)
{
    const ndup__flag_rank *a = &((const shown_document *)left)->rank;
    const ndup__flag_rank *b = &((const shown_document *)right)->rank;
    return ndup__flag_rank_is_before(a, b) ? -1 : ndup__flag_rank_is_before(b, a);
}

/* Writes of the documents first <= i < end the objects, or what is folded away. */
static ndup_status write_pieces(ndup__out *out, const pages_state *pages, size_t first, size_t end,
                                bool of_folded, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = first; i < end && status == NDUP_STATUS_OK; i++) {
        ndup__out_text(out, i > first ? ",\n" : "\n");
        status =
            ndup__aside_copy_half(out, &pages->aside, &pages->documents[i].piece, of_folded, error);
    }
    return status;
}

static ndup_status write_page(ndup__out *out, void *state, const ndup__report_page *page,
                              ndup_error *error)
{
    const pages_state *pages = state;
    size_t end = page->first + page->entries;
    end = end < pages->count ? end : pages->count;
    ndup__flag_page_begin(out, pages->output->run, pages->summary, page);
    ndup_status status = write_pieces(out, pages, page->first, end, false, error);
    ndup__flag_page_middle(out);
    if (status == NDUP_STATUS_OK) {
        status = write_pieces(out, pages, page->first, end, true, error);
    }
    ndup__flag_page_end(out);
    return status == NDUP_STATUS_OK ? ndup__out_status(out, error) : status;
}

static ndup_status finish(ndup__flag_output *output, const ndup_flag_summary *summary,
                          ndup_error *error)
{
    pages_state *pages = output->state;
    ndup_status status = ndup__aside_complete(&pages->aside, error);
    pages->summary = summary;
    if (pages->count > 0) {
        qsort(pages->documents, pages->count, sizeof *pages->documents, by_rank);
    }
    return status == NDUP_STATUS_OK
               ? ndup__page_write_files(output->folder, pages->count, write_page, pages, error)
               : status;
}

static void end(ndup__flag_output *output)
{
    pages_state *pages = output->state;
    if (pages != NULL) {
        ndup__aside_deinit(&pages->aside);
        ndup__flag_page_work_deinit(&pages->work);
        ndup__free(&output->allocator, &pages->documents, pages->capacity,
                   sizeof *pages->documents);
        ndup__free(&output->allocator, &pages, 1, sizeof *pages);
        output->state = NULL;
    }
}

const ndup__flag_kind ndup__flag_pages = {
    .info = {"pages", "the same for all documents: a folder with an index and pages of 50"},
    .is_folder = true,
    .begin = begin,
    .document = take_document,
    .finish = finish,
    .end = end,
};
