/* SPDX-License-Identifier: MIT */
/* html:FILE of flag runs, a page to read: the documents that repeat themselves most. */
#include "base/alloc.h"
#include "report/flag_marks.h"
#include "report/flag_output.h"
#include "report/json_out.h"
#include "report/report_page.h"
#include "report/shown_parts.h"
#include "report/url.h"

/* Documents that are shown, and what keeps the page below a megabyte. */
#define DOCUMENTS_MAX 200
#define TEXT_BYTES 6000
#define REPEATS_MAX 100
#define DATA_BYTES ((uint64_t)750000)

/* A document as JSON, with what it is chosen by. */
typedef struct shown_document {
    uint64_t repeated_bytes;
    uint64_t number;
    ndup__out json;
} shown_document;

/* documents[0..count) is a heap while they are chosen: the one to go first is on top. */
typedef struct html_state {
    ndup__flag_marks marks;
    shown_document documents[DOCUMENTS_MAX];
    size_t count;
} html_state;

static ndup_status begin(ndup__flag_output *output, ndup_error *error)
{
    html_state *html;
    ndup_status status = ndup__allocate_zeroed(&output->allocator, &html, 1, sizeof *html, error);
    output->state = html;
    if (status == NDUP_STATUS_OK) {
        html->marks.allocator = &output->allocator;
    }
    return status;
}

/* Whether a stays rather than b: it repeats more, or comes first. */
static bool is_better(const shown_document *a, const shown_document *b)
{
    return a->repeated_bytes != b->repeated_bytes ? a->repeated_bytes > b->repeated_bytes
                                                  : a->number < b->number;
}

static void swap(shown_document *a, shown_document *b)
{
    shown_document other = *a;
    *a = *b;
    *b = other;
}

static void move_up(html_state *html, size_t at)
{
    while (at > 0 && is_better(&html->documents[(at - 1) / 2], &html->documents[at])) {
        swap(&html->documents[(at - 1) / 2], &html->documents[at]);
        at = (at - 1) / 2;
    }
}

static void move_down(html_state *html, size_t at, size_t count)
{
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && is_better(&html->documents[child], &html->documents[child + 1])) {
            child++;
        }
        if (!is_better(&html->documents[at], &html->documents[child])) {
            return;
        }
        swap(&html->documents[at], &html->documents[child]);
        at = child;
    }
}

static void write_repeat(ndup__out *out, const ndup_repeat *repeat)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "kind", ndup_repeat_kind_name(repeat->kind));
    ndup__json_word(out, "role", ndup_unit_kind_name(repeat->role));
    ndup__json_fixed(out, "similarity", repeat->similarity);
    if (repeat->refrain != NDUP_REFRAIN_NONE) {
        ndup__json_word(out, "refrain", ndup_refrain_name(repeat->refrain));
    }
    if (repeat->in_title) {
        ndup__json_bool(out, "in_title", true);
    }
    if (repeat->block_units > 1) {
        ndup__json_count(out, "block", repeat->block);
        ndup__json_count(out, "block_units", repeat->block_units);
    }
    if (repeat->kind == NDUP_REPEAT_SITE) {
        ndup__json_count(out, "pages", repeat->pages);
        ndup__json_count(out, "host_pages", repeat->host_pages);
    }
    ndup__json_close(out, '}');
}

static ndup_status write_document(ndup__out *out, ndup__flag_marks *marks,
                                  const ndup_flagged *flagged, ndup_error *error)
{
    const ndup_document *document = flagged->document;
    ndup_text source =
        document->source.length > 0 ? document->source : ndup__url_host(document->url);
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "number", document->number);
    ndup__json_shown_id(out, document->id);
    ndup__json_shown_part(out, "source", source, NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_url(out, document->url);
    ndup__json_shown_part(out, "date", document->date, NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_part(out, "title", document->title, NDUP__SHOWN_PART_BYTES);
    ndup__json_count(out, "characters", ndup__count_characters(document->text));
    ndup__json_fixed(out, "share", flagged->share);
    ndup__json_count(out, "repeat_count", flagged->repeat_count);
    ndup__json_open(out, "repeats", '[');
    for (size_t i = 0; i < flagged->repeat_count && i < REPEATS_MAX; i++) {
        write_repeat(out, &flagged->repeats[i]);
    }
    ndup__json_close(out, ']');
    ndup_status status = ndup__json_marked(out, "text", marks, flagged, TEXT_BYTES, error);
    ndup__json_close(out, '}');
    return status == NDUP_STATUS_OK ? ndup__out_status(out, error) : status;
}

static ndup_status take_document(ndup__flag_output *output, const ndup_flagged *flagged,
                                 ndup_error *error)
{
    html_state *html = output->state;
    shown_document shown = {flagged->repeated_bytes, flagged->document->number, {.held = 0}};
    bool is_full = html->count == DOCUMENTS_MAX;
    if (flagged->repeat_count == 0 || (is_full && !is_better(&shown, &html->documents[0]))) {
        return NDUP_STATUS_OK;
    }
    size_t place = is_full ? 0 : html->count++;
    if (is_full) {
        ndup__out_deinit(&html->documents[0].json);
    }
    ndup__out_init(&shown.json, NULL, &output->allocator);
    shown.json.is_embedded = true;
    ndup_status status = write_document(&shown.json, &html->marks, flagged, error);
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

static void write_options(ndup__out *out, const ndup_flag_options *options)
{
    ndup__json_open(out, "options", '{');
    ndup__json_fixed(out, "threshold", options->threshold);
    ndup__json_bool(out, "refrains", options->refrains);
    ndup__json_bool(out, "site", options->site);
    ndup__json_close(out, '}');
}

static void write_summary(ndup__out *out, const ndup_flag_summary *summary)
{
    const struct {
        const char *name;
        uint64_t count;
    } members[] = {{"documents", summary->documents},
                   {"skipped", summary->skipped},
                   {"units", summary->units},
                   {"flagged", summary->flagged},
                   {"doubled_headlines", summary->doubled_headlines},
                   {"doubled_captions", summary->doubled_captions},
                   {"doubled_blocks", summary->doubled_blocks},
                   {"repeats", summary->repeats},
                   {"exact", summary->exact},
                   {"normalized", summary->normalized},
                   {"near", summary->near},
                   {"contained", summary->contained},
                   {"site", summary->site}};
    ndup__json_open(out, "summary", '{');
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        ndup__json_count(out, members[i].name, members[i].count);
    }
    ndup__json_close(out, '}');
}

static void write_documents(ndup__out *out, const html_state *html)
{
    uint64_t start = ndup__out_written(out);
    ndup__json_open(out, "documents", '[');
    for (size_t i = 0; i < html->count; i++) {
        const ndup__out *json = &html->documents[i].json;
        if (ndup__out_written(out) - start + json->held > DATA_BYTES) {
            break;
        }
        ndup__out_text(out, i > 0 ? ",\n" : "\n");
        ndup__out_bytes(out, json->bytes, json->held);
    }
    ndup__json_close(out, ']');
}

static ndup_status finish(ndup__flag_output *output, const ndup_flag_summary *summary,
                          ndup_error *error)
{
    (void)error;
    html_state *html = output->state;
    ndup__out *out = &output->out;
    sort_documents(html);
    ndup__out_bytes(out, (const char *)ndup__report_page_head, ndup__report_page_head_bytes);
    out->is_embedded = true;
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-repeats");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_open(out, "inputs", '[');
    for (size_t i = 0; i < output->run->input_count; i++) {
        ndup__json_word(out, NULL, output->run->inputs[i]);
    }
    ndup__json_close(out, ']');
    write_options(out, output->run->options);
    write_summary(out, summary);
    write_documents(out, html);
    ndup__json_close(out, '}');
    out->is_embedded = false;
    ndup__out_bytes(out, (const char *)ndup__report_page_tail, ndup__report_page_tail_bytes);
    return NDUP_STATUS_OK;
}

static void end(ndup__flag_output *output)
{
    html_state *html = output->state;
    if (html != NULL) {
        for (size_t i = 0; i < html->count; i++) {
            ndup__out_deinit(&html->documents[i].json);
        }
        ndup__flag_marks_deinit(&html->marks);
        ndup__free(&output->allocator, &html, 1, sizeof *html);
        output->state = NULL;
    }
}

const ndup__flag_kind ndup__flag_html = {
    .info = {"html", "a page to read: the documents with their repeats marked in place"},
    .begin = begin,
    .document = take_document,
    .finish = finish,
    .end = end,
};
