/* SPDX-License-Identifier: MIT */
/* html:FILE, a page to read: what was repeated, where, and why each document was kept or not. */
#include "report/json_out.h"
#include "report/report_page.h"
#include "report/report_run.h"
#include "report/sink.h"

/* So that the page with its own script and style stays below a megabyte. */
static const ndup__report_limits limits = {
    .groups = 200, .members = 40, .texts = 8, .text_bytes = 5000, .bytes = 700000, .sources = 14};

typedef struct html_output {
    ndup__file_output file; /* first */
    ndup__report_run run;
} html_output;

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    html_output *html = (html_output *)output;
    html->run = (ndup__report_run){.allocator = &output->base.allocator, .limits = limits};
    return ndup__report_run_begin(&html->run, output->result, error);
}

static ndup_status take_document(ndup__file_output *output, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    return ndup__report_run_add(&((html_output *)output)->run, verdict, document, error);
}

static ndup_status write_data(html_output *html, ndup_error *error)
{
    ndup__out *out = &html->file.out;
    size_t shown;
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-report");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_open(out, "runs", '[');
    ndup__json_open(out, NULL, '{');
    ndup__report_overview_json(out, &html->run);
    ndup_status status =
        ndup__report_groups_json(&shown, out, &html->run, 0, html->run.group_count, error);
    ndup__json_close(out, '}');
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    return status;
}

static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    html_output *html = (html_output *)output;
    ndup__out *out = &output->out;
    ndup_status status = ndup__report_run_end(&html->run, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__out_bytes(out, (const char *)ndup__report_page_head, ndup__report_page_head_bytes);
    out->is_embedded = true;
    status = write_data(html, error);
    out->is_embedded = false;
    ndup__out_bytes(out, (const char *)ndup__report_page_tail, ndup__report_page_tail_bytes);
    return status;
}

static void release(ndup__file_output *output)
{
    ndup__report_run_deinit(&((html_output *)output)->run);
}

const ndup__output_kind ndup__output_html = {
    .info = {"html", "a page to read: counts, charts, and the groups side by side"},
    .wants_records = true,
    .own_bytes = sizeof(html_output),
    .begin = begin,
    .document = take_document,
    .finish = finish,
    .release = release,
};
