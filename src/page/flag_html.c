/* SPDX-License-Identifier: MIT */
/* html:FILE of flag runs, a page to read: the documents that repeat themselves most. */
#include "base/alloc.h"
#include "page/flag_page.h"
#include "report/flag_output.h"

/* Documents that are shown, and what keeps the page below a megabyte: the bytes of the documents,
 * and together with passages folded away. */
#define DOCUMENTS_MAX 200
#define DOCUMENT_BYTES ((uint64_t)750000)
#define DATA_BYTES ((uint64_t)800000)

static const ndup__flag_page_limits limits = {.repeats = 100, .text_bytes = 6000, .folded = 30000};

/* A document as JSON, and behind it the passages folded away. */
typedef struct shown_document {
    ndup__flag_rank rank;
    ndup__out json;
    size_t bytes; /* of the document alone */
} shown_document;

/* documents[0..count) is a heap while they are chosen: the one to go first is on top. */
typedef struct html_state {
    ndup__flag_page_work work;
    shown_document documents[DOCUMENTS_MAX];
    size_t count;
} html_state;

static ndup_status begin(ndup__flag_output *output, ndup_error *error)
{
    html_state *html;
    ndup_status status = ndup__allocate_zeroed(&output->allocator, &html, 1, sizeof *html, error);
    output->state = html;
    if (status == NDUP_STATUS_OK) {
        ndup__flag_page_work_init(&html->work, &limits, &output->allocator);
    }
    return status;
}

static bool is_before(const shown_document *a, const shown_document *b)
{
    return ndup__flag_rank_is_before(&a->rank, &b->rank);
}

static void swap(shown_document *a, shown_document *b)
{
    shown_document other = *a;
    *a = *b;
    *b = other;
}

static void move_up(html_state *html, size_t at)
{
    while (at > 0 && is_before(&html->documents[(at - 1) / 2], &html->documents[at])) {
        swap(&html->documents[(at - 1) / 2], &html->documents[at]);
        at = (at - 1) / 2;
    }
}

static void move_down(html_state *html, size_t at, size_t count)
{
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && is_before(&html->documents[child], &html->documents[child + 1])) {
            child++;
        }
        if (!is_before(&html->documents[at], &html->documents[child])) {
            return;
        }
        swap(&html->documents[at], &html->documents[child]);
        at = child;
    }
}

static ndup_status take_document(ndup__flag_output *output, const ndup_flagged *flagged,
                                 ndup_error *error)
{
    html_state *html = output->state;
    shown_document shown = {.rank = {flagged->repeated_bytes, flagged->document->number}};
    bool is_full = html->count == DOCUMENTS_MAX;
    if (flagged->repeat_count == 0 || (is_full && !is_before(&shown, &html->documents[0]))) {
        return NDUP_STATUS_OK;
    }
    size_t place = is_full ? 0 : html->count++;
    if (is_full) {
        ndup__out_deinit(&html->documents[0].json);
    }
    ndup__out_init(&shown.json, NULL, &output->allocator);
    shown.json.is_embedded = true;
    ndup_status status =
        ndup__flag_page_document(&shown.bytes, &shown.json, &html->work, flagged, error);
    html->documents[place] = shown;
    if (is_full) {
        move_down(html, 0, html->count);
    } else {
        move_up(html, place);
    }
    return status;
}

/* Takes the heap apart: the best comes first. */
static void sort_documents(html_state *html)
{
    for (size_t end = html->count; end > 1; end--) {
        swap(&html->documents[0], &html->documents[end - 1]);
        move_down(html, 0, end - 1);
    }
}

/* The documents, as many as have room, then of these what is folded away. */
static void write_documents(ndup__out *out, const html_state *html)
{
    uint64_t start = ndup__out_written(out);
    size_t shown = 0;
    for (; shown < html->count; shown++) {
        const shown_document *document = &html->documents[shown];
        if (ndup__out_written(out) - start + document->bytes > DOCUMENT_BYTES) {
            break;
        }
        ndup__out_text(out, shown > 0 ? ",\n" : "\n");
        ndup__out_bytes(out, document->json.bytes, document->bytes);
    }
    ndup__flag_page_middle(out);
    for (size_t i = 0; i < shown; i++) {
        const shown_document *document = &html->documents[i];
        size_t bytes = document->json.held - document->bytes;
        if (ndup__out_written(out) - start + bytes > DATA_BYTES) {
            break;
        }
        ndup__out_text(out, i > 0 ? ",\n" : "\n");
        ndup__out_bytes(out, document->json.bytes + document->bytes, bytes);
    }
}

static ndup_status finish(ndup__flag_output *output, const ndup_flag_summary *summary,
                          ndup_error *error)
{
    static const ndup__report_page whole = {.is_whole = true};
    html_state *html = output->state;
    (void)error;
    sort_documents(html);
    ndup__flag_page_begin(&output->out, output->run, summary, &whole);
    write_documents(&output->out, html);
    ndup__flag_page_end(&output->out);
    return NDUP_STATUS_OK;
}

static void end(ndup__flag_output *output)
{
    html_state *html = output->state;
    if (html != NULL) {
        for (size_t i = 0; i < html->count; i++) {
            ndup__out_deinit(&html->documents[i].json);
        }
        ndup__flag_page_work_deinit(&html->work);
        ndup__free(&output->allocator, &html, 1, sizeof *html);
        output->state = NULL;
    }
}

const ndup__flag_kind ndup__flag_html = {
    .info = {"html", "a page to read: the documents with their repeats marked in place"},
    .has_header = true,
    .begin = begin,
    .document = take_document,
    .finish = finish,
    .end = end,
};
