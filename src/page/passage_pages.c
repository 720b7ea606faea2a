/* SPDX-License-Identifier: MIT */
/* pages:DIR of passages, all of them: an index, and pages of some each. What pages show of a
 * passage is put aside in a temporary file, as it passes by. */
#include <stdlib.h>

#include "base/alloc.h"
#include "page/passage_family.h"
#include "page/passage_page.h"
#include "report/aside.h"
#include "report/passage_output.h"

/* What a passage may take of a page, more or less. */
#define FAMILY_BYTES ((size_t)300000)

static const ndup__family_limits limits = {
    .places = 1000, .wordings = 60, .text_bytes = 20000, .context = 200, .folded = 60000};

typedef struct shown_family {
    uint64_t number, documents;
    uint32_t tokens;
    ndup__aside_piece piece;
} shown_family;

typedef struct pages_state {
    ndup__passage_output *output;
    ndup__family_work work;
    ndup__passage_counts counts;
    ndup__aside aside;
    ndup_passage_place *places; /* [limits.places] of the passage that passes by */
    shown_family *families;
    size_t count;
    size_t capacity;
    ndup__passage_frame frame;
} pages_state;

static ndup_status begin(ndup__passage_output *output, ndup_error *error)
{
    const ndup_allocator *allocator = &output->target.allocator;
    pages_state *pages;
    ndup_status status = ndup__allocate_zeroed(allocator, &pages, 1, sizeof *pages, error);
    output->state = pages;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    pages->output = output;
    ndup__passage_counts_init(&pages->counts, allocator);
    status = ndup__family_work_init(&pages->work, &limits, output->run, allocator, error);
    pages->aside.descriptor = -1;
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__resize(allocator, &pages->places, 0, limits.places, sizeof *pages->places, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__aside_init(&pages->aside, output->run->temporary_folder, allocator, error);
        pages->aside.out.is_embedded = true;
    }
    return status;
}

static ndup_status take_family(ndup__passage_output *output, const ndup_passage_family *family,
                               ndup_error *error)
{
    pages_state *pages = output->state;
    ndup__passage_facts facts;
    ndup_status status = ndup__passage_counts_add(&facts, &pages->counts, family, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(&output->target.allocator, &pages->families, &pages->capacity,
                               pages->count + 1, sizeof *pages->families, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    shown_family *shown = &pages->families[pages->count++];
    *shown = (shown_family){.number = family->number,
                            .documents = family->documents,
                            .tokens = facts.tokens,
                            .piece = {.place = ndup__aside_begin(&pages->aside)}};
    ndup__aside_piece *piece = &shown->piece;
    ndup__shown_family view = ndup__shown_family_of(pages->places, limits.places, family, &facts);
    status = ndup__json_family(&piece->bytes, &pages->aside.out, &pages->work, &view, FAMILY_BYTES,
                               error);
    return status == NDUP_STATUS_OK
               ? ndup__aside_end(&piece->all_bytes, &pages->aside, piece->place, error)
               : status;
}

static int by_documents(const void *left, const void *right)
{
    const shown_family *a = left;
    const shown_family *b = right;
    if (a->documents != b->documents) {
        return a->documents > b->documents ? -1 : 1;
    }
    if (a->tokens != b->tokens) {
        return a->tokens > b->tokens ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Writes of the passages first <= i < end the objects, or what is folded away. */
static ndup_status write_pieces(ndup__out *out, const pages_state *pages, size_t first, size_t end,
                                bool of_folded, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = first; i < end && status == NDUP_STATUS_OK; i++) {
        ndup__out_text(out, i > first ? ",\n" : "\n");
        status =
            ndup__aside_copy_half(out, &pages->aside, &pages->families[i].piece, of_folded, error);
    }
    return status;
}

static ndup_status write_page(ndup__out *out, void *state, const ndup__report_page *page,
                              ndup_error *error)
{
    const pages_state *pages = state;
    size_t end = page->first + page->entries;
    end = end < pages->count ? end : pages->count;
    ndup_status status = ndup__passage_page_begin(out, &pages->frame, page, error);
    if (status == NDUP_STATUS_OK) {
        status = write_pieces(out, pages, page->first, end, false, error);
    }
    ndup__passage_page_middle(out);
    if (status == NDUP_STATUS_OK) {
        status = write_pieces(out, pages, page->first, end, true, error);
    }
    ndup__passage_page_end(out);
    return status == NDUP_STATUS_OK ? ndup__out_status(out, error) : status;
}

static ndup_status finish(ndup__passage_output *output, const ndup_passage_summary *summary,
                          ndup_error *error)
{
    pages_state *pages = output->state;
    ndup_status status = ndup__aside_complete(&pages->aside, error);
    pages->frame = (ndup__passage_frame){output->run, summary, &pages->counts};
    if (pages->count > 0) {
        qsort(pages->families, pages->count, sizeof *pages->families, by_documents);
    }
    return status == NDUP_STATUS_OK
               ? ndup__page_write_files(output->folder, pages->count, write_page, pages, error)
               : status;
}

static void end(ndup__passage_output *output)
{
    pages_state *pages = output->state;
    if (pages != NULL) {
        const ndup_allocator *allocator = &output->target.allocator;
        ndup__aside_deinit(&pages->aside);
        ndup__family_work_deinit(&pages->work);
        ndup__passage_counts_deinit(&pages->counts);
        ndup__free(allocator, &pages->places, limits.places, sizeof *pages->places);
        ndup__free(allocator, &pages->families, pages->capacity, sizeof *pages->families);
        ndup__free(allocator, &pages, 1, sizeof *pages);
        output->state = NULL;
    }
}

const ndup__passage_kind ndup__passage_pages = {
    .info = {"pages", "the same for all passages: a folder with an index and pages of 50"},
    .is_folder = true,
    .begin = begin,
    .family = take_family,
    .finish = finish,
    .end = end,
};
