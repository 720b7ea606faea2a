/* SPDX-License-Identifier: MIT */
/* Counts and options of passages runs as the JSON of a page. */
#include "page/passage_page.h"

#include "report/json_out.h"
#include "report/passage_output.h"

ndup_status ndup__passage_page_begin(ndup__out *out, const ndup__passage_frame *frame,
                                     const ndup__report_page *page, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    ndup__page_begin(out);
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-passages");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_page(out, page);
    ndup__json_passage_run(out, frame->run);
    ndup__json_open(out, "summary", '{');
    ndup__json_passage_counts(out, frame->summary);
    ndup__json_close(out, '}');
    if (page->number == 0) {
        status = ndup__json_passage_overview(out, frame->counts, error);
    }
    ndup__json_open(out, "families", '[');
    return status;
}

void ndup__passage_page_middle(ndup__out *out)
{
    ndup__json_close(out, ']');
    ndup__json_open(out, "folded", '[');
}

void ndup__passage_page_end(ndup__out *out)
{
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__page_end(out);
}
