/* SPDX-License-Identifier: MIT */
/* pages:DIR of flag runs, every document that repeats itself: an index, and pages of some each.
 * What pages show of a document is put aside in a temporary file, as it passes by. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "report/flag_output.h"
#include "report/flag_page.h"

#define ASIDE_BYTES ((size_t)1 << 17)
#define FILE_NAME "the temporary file of the report"

static const ndup__flag_page_limits limits = {.repeats = 500, .text_bytes = 20000};

/* Where a document is in the temporary file. */
typedef struct shown_document {
    ndup__flag_rank rank;
    uint64_t offset;
    size_t bytes;
} shown_document;

typedef struct pages_state {
    ndup__flag_output *output;
    ndup__flag_marks marks;
    int descriptor; /* -1 = none */
    uint64_t written;
    ndup__out aside; /* what is to be written behind */
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
    pages->descriptor = -1;
    pages->marks.allocator = &output->allocator;
    ndup__out_init(&pages->aside, NULL, &output->allocator);
    pages->aside.is_embedded = true;
    return ndup__file_create_temporary(&pages->descriptor, output->run->corpus->temporary_folder,
                                       error);
}

static ndup_status put_aside(pages_state *pages, ndup_error *error)
{
    ndup_status status = ndup__file_write_all(pages->descriptor, pages->aside.bytes,
                                              pages->aside.held, FILE_NAME, error);
    pages->written += pages->aside.held;
    pages->aside.held = 0;
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
    size_t start = pages->aside.held;
    pages->aside.needs_comma = false;
    status = ndup__flag_page_document(&pages->aside, &pages->marks, flagged, &limits, error);
    pages->documents[pages->count++] =
        (shown_document){.rank = {flagged->repeated_bytes, flagged->document->number},
                         .offset = pages->written + start,
                         .bytes = pages->aside.held - start};
    return status == NDUP_STATUS_OK && pages->aside.held > ASIDE_BYTES ? put_aside(pages, error)
                                                                       : status;
}

static int by_rank(const void *left, const void *right)
{
    const ndup__flag_rank *a = &((const shown_document *)left)->rank;
    const ndup__flag_rank *b = &((const shown_document *)right)->rank;
    return ndup__flag_rank_is_before(a, b) ? -1 : ndup__flag_rank_is_before(b, a);
}

/* Copies a document from the temporary file. */
static ndup_status copy_document(ndup__out *out, const pages_state *pages,
                                 const shown_document *document, ndup_error *error)
{
    size_t got;
    char *room = ndup__out_room(out, document->bytes);
    if (room == NULL) {
        return ndup__out_status(out, error);
    }
    ndup_status status = ndup__file_read_at(pages->descriptor, room, document->bytes,
                                            document->offset, &got, FILE_NAME, error);
    if (status == NDUP_STATUS_OK && got < document->bytes) {
        status = ndup__fail(error, NDUP_STATUS_IO, "%s ends too early", FILE_NAME);
    }
    ndup__out_keep(out, room + document->bytes);
    return status;
}

static ndup_status write_page(ndup__out *out, void *state, const ndup__report_page *page,
                              ndup_error *error)
{
    const pages_state *pages = state;
    ndup_status status = NDUP_STATUS_OK;
    ndup__flag_page_begin(out, pages->output->run, pages->summary, page);
    for (size_t i = page->first;
         i < page->first + page->entries && i < pages->count && status == NDUP_STATUS_OK; i++) {
        ndup__out_text(out, i > page->first ? ",\n" : "\n");
        status = copy_document(out, pages, &pages->documents[i], error);
    }
    ndup__flag_page_end(out);
    return status == NDUP_STATUS_OK ? ndup__out_status(out, error) : status;
}

static ndup_status finish(ndup__flag_output *output, const ndup_flag_summary *summary,
                          ndup_error *error)
{
    pages_state *pages = output->state;
    ndup_status status = put_aside(pages, error);
    ndup__report_page page = {.count = ndup__pages_of(pages->count)};
    pages->summary = summary;
    if (pages->count > 0) {
        qsort(pages->documents, pages->count, sizeof *pages->documents, by_rank);
    }
    for (; page.number <= page.count && status == NDUP_STATUS_OK; page.number++) {
        page.first = page.number > 0 ? (page.number - 1) * NDUP__PAGE_ENTRIES : 0;
        page.entries = page.number > 0 ? NDUP__PAGE_ENTRIES : 0;
        status = ndup__page_write_file(output->folder, &page, write_page, pages, error);
    }
    return status;
}

static void end(ndup__flag_output *output)
{
    pages_state *pages = output->state;
    if (pages != NULL) {
        if (pages->descriptor >= 0) {
            ndup__file_close_quietly(pages->descriptor);
        }
        ndup__out_deinit(&pages->aside);
        ndup__flag_marks_deinit(&pages->marks);
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
