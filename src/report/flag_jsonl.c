/* SPDX-License-Identifier: MIT */
/* jsonl:FILE and summary:FILE of flag runs. */
#include "report/flag_output.h"
#include "report/json_out.h"

/* The spans are in the order of the units. */
static const ndup__removed *find_removed(const ndup__flag_output *output, size_t unit)
{
    size_t begin = 0;
    size_t end = output->cleaner.removed_count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (output->cleaner.removed[middle].unit < unit) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return &output->cleaner.removed[begin];
}

static void write_removed(ndup__out *out, const ndup_flagged *flagged, const ndup__removed *removed)
{
    ndup__json_open(out, "removed", '{');
    ndup__json_count(out, "unit", removed->unit);
    ndup__json_count(out, "offset", removed->offset);
    ndup__json_count(out, "bytes", removed->length);
    ndup__json_string(
        out, "text", (ndup_text){flagged->document->text.bytes + removed->offset, removed->length});
    ndup__json_close(out, '}');
}

static ndup_status write_document(ndup__flag_output *output, const ndup_flagged *flagged,
                                  ndup_error *error)
{
    ndup__out *out = &output->out;
    ndup_status status = ndup__removed_spans(&output->cleaner, flagged, error);
    for (size_t i = 0; i < flagged->repeat_count && status == NDUP_STATUS_OK; i++) {
        const ndup_repeat *repeat = &flagged->repeats[i];
        ndup__json_open(out, NULL, '{');
        ndup__json_string(out, "id", flagged->document->id);
        ndup__json_repeat(out, flagged, repeat);
        if (repeat->removed != NDUP_NONE) {
            write_removed(out, flagged, find_removed(output, repeat->removed));
        }
        ndup__json_string(
            out, "text",
            (ndup_text){flagged->document->text.bytes + repeat->offset, repeat->length});
        ndup__json_fixed(out, "share", flagged->share);
        ndup__json_close(out, '}');
        ndup__json_end_line(out);
    }
    return status;
}

/* The counts of the summary, in this order. */
static const struct {
    const char *name;
    size_t offset;
} members[] = {
#define MEMBER(name)                             \
    {                                            \
#name, offsetof(ndup_flag_summary, name) \
    }
    MEMBER(documents),
    MEMBER(text_bytes),
    MEMBER(skipped),
    MEMBER(unreadable),
    MEMBER(units),
    MEMBER(flagged),
    MEMBER(doubled_headlines),
    MEMBER(doubled_captions),
    MEMBER(doubled_blocks),
    MEMBER(repeats),
    MEMBER(exact),
    MEMBER(normalized),
    MEMBER(near),
    MEMBER(contained),
    MEMBER(site),
    MEMBER(refrains),
    MEMBER(repeated_bytes),
    MEMBER(hosts),
    MEMBER(hosts_judged),
    MEMBER(known),
#undef MEMBER
};

static ndup_status write_summary(ndup__flag_output *output, const ndup_flag_summary *summary,
                                 ndup_error *error)
{
    ndup__out *out = &output->out;
    const ndup_flag_options *options = output->run->options;
    (void)error;
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-flag-summary");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_word(out, "unicode", ndup_unicode_version());
    ndup__json_open(out, "inputs", '[');
    for (size_t i = 0; i < output->run->input_count; i++) {
        ndup__json_word(out, NULL, output->run->inputs[i]);
    }
    ndup__json_close(out, ']');
    ndup__json_open(out, "options", '{');
    ndup__json_fixed(out, "threshold", options->threshold);
    ndup__json_bool(out, "refrains", options->refrains);
    ndup__json_bool(out, "site", options->site);
    ndup__json_fixed(out, "site_share", options->site_share);
    ndup__json_count(out, "site_pages", options->site_pages);
    ndup__json_close(out, '}');
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        uint64_t value = *(const uint64_t *)((const char *)summary + members[i].offset);
        ndup__json_count(out, members[i].name, value);
    }
    ndup__json_fixed(out, "seconds", summary->seconds);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
    return NDUP_STATUS_OK;
}

const ndup__flag_kind ndup__flag_jsonl = {
    .info = {"jsonl", "one line a repeat: document, unit, offsets, kind, first occurrence"},
    .document = write_document,
};

const ndup__flag_kind ndup__flag_summary = {
    .info = {"summary", "counts and options"},
    .has_header = true,
    .finish = write_summary,
};
