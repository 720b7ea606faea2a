/* SPDX-License-Identifier: MIT */
/* html:FILE, a page to read: what was repeated, where, and why each document was kept or not. */
#include "page/report_book.h"
#include "report/sink.h"

/* So that the page with its own script and style stays below a megabyte. */
static const ndup__report_limits limits = {.groups = 200,
                                           .members = 40,
                                           .texts = 8,
                                           .text_bytes = 5000,
                                           .bytes = 700000,
                                           .folded = 800000,
                                           .form_bytes = 60000,
                                           .sources = 14};

typedef struct html_output {
    ndup__file_output file; /* first */
    ndup__report_book book;
} html_output;

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    html_output *html = (html_output *)output;
    html->book.allocator = &output->base.allocator;
    html->book.limits = limits;
    return ndup__report_book_begin(&html->book, output->result, error);
}

static ndup_status take_document(ndup__file_output *output, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    return ndup__report_book_add(&((html_output *)output)->book, verdict, document, error);
}

static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    html_output *html = (html_output *)output;
    const ndup__report_page whole = {.is_whole = true};
    ndup_status status = ndup__report_book_end(&html->book, error);
    return status == NDUP_STATUS_OK
               ? ndup__report_book_write(&output->out, &html->book, &whole, error)
               : status;
}

static void release(ndup__file_output *output)
{
    ndup__report_book_deinit(&((html_output *)output)->book);
}

const ndup__output_kind ndup__output_html = {
    .info = {"html", "a page to read: counts, charts, and the groups side by side"},
    .wants_records = true,
    .takes_runs = true,
    .has_header = true,
    .own_bytes = sizeof(html_output),
    .begin = begin,
    .document = take_document,
    .finish = finish,
    .release = release,
};
