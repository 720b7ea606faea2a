/* SPDX-License-Identifier: MIT */
/* Documents, counts and options of flag runs as the JSON of a page. */
#include "page/flag_page.h"

#include "page/shown_parts.h"
#include "report/json_out.h"
#include "report/url.h"

bool ndup__flag_rank_is_before(const ndup__flag_rank *a, const ndup__flag_rank *b)
{
    return a->repeated_bytes != b->repeated_bytes ? a->repeated_bytes > b->repeated_bytes
                                                  : a->number < b->number;
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

void ndup__flag_page_work_init(ndup__flag_page_work *work, const ndup__flag_page_limits *limits,
                               const ndup_allocator *allocator)
{
    *work = (ndup__flag_page_work){.limits = *limits, .marks = {.allocator = allocator}};
    ndup__folded_init(&work->folded, limits->folded, allocator);
}

void ndup__flag_page_work_deinit(ndup__flag_page_work *work)
{
    ndup__flag_marks_deinit(&work->marks);
    ndup__folded_deinit(&work->folded);
}

ndup_status ndup__flag_page_document(size_t *bytes, ndup__out *out, ndup__flag_page_work *work,
                                     const ndup_flagged *flagged, ndup_error *error)
{
    size_t start = out->held;
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
    for (size_t i = 0; i < flagged->repeat_count && i < work->limits.repeats; i++) {
        write_repeat(out, &flagged->repeats[i]);
    }
    ndup__json_close(out, ']');
    ndup__folded_reset(&work->folded);
    ndup_status status = ndup__json_marked(out, "text", &work->marks, flagged,
                                           work->limits.text_bytes, &work->folded, error);
    ndup__json_close(out, '}');
    *bytes = out->held - start;
    out->needs_comma = false;
    ndup__json_folded_texts(out, NULL, &work->folded, SIZE_MAX);
    return status == NDUP_STATUS_OK ? ndup__out_status(out, error) : status;
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
                   {"unreadable", summary->unreadable},
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

void ndup__flag_page_begin(ndup__out *out, const ndup_flag_run *run,
                           const ndup_flag_summary *summary, const ndup__report_page *page)
{
    ndup__page_begin(out);
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-repeats");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_page(out, page);
    ndup__json_open(out, "inputs", '[');
    for (size_t i = 0; i < run->input_count; i++) {
        ndup__json_word(out, NULL, run->inputs[i]);
    }
    ndup__json_close(out, ']');
    write_options(out, run->options);
    write_summary(out, summary);
    ndup__json_open(out, "documents", '[');
}

void ndup__flag_page_middle(ndup__out *out)
{
    ndup__json_close(out, ']');
    ndup__json_open(out, "folded", '[');
}

void ndup__flag_page_end(ndup__out *out)
{
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__page_end(out);
}
