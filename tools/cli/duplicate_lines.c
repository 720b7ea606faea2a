/* SPDX-License-Identifier: MIT */
/* Dropped documents as lines. */
#include "empty_sink.h"
#include "finding_lines.h"

#include "place.h"
#include "print_visible.h"

/* Shares are rounded down: what is not everything is not called that. */
static void print_share(FILE *out, const ndup_verdict *verdict)
{
    bool is_contained = verdict->kind == NDUP_KIND_CONTAINED;
    double share = is_contained ? verdict->containment : verdict->similarity;
    unsigned hundredths = (unsigned)(share * 100 + 1e-9);
    if (is_contained && share >= 1) {
        fputs(" (all of it)", out);
    } else {
        fprintf(out, " (%u.%02u%s)", hundredths / 100, hundredths % 100,
                is_contained ? " of it" : "");
    }
}

/* "near-duplicate of OTHER (0.93)", "contained in OTHER (0.95 of it)". */
static void print_reason(FILE *out, const ndup_verdict *verdict)
{
    static const char *const reasons[] = {
        [NDUP_KIND_NONE] = "repeated text, dropped with its group",
        [NDUP_KIND_IDENTICAL] = "same text as ",
        [NDUP_KIND_NORMALIZED] = "same words as ",
        [NDUP_KIND_CONTAINED] = "contained in ",
        [NDUP_KIND_NEAR] = "near-duplicate of ",
        [NDUP_KIND_TEMPLATE] = "of one form with ",
    };
    fputs(reasons[verdict->kind], out);
    if (verdict->kind == NDUP_KIND_NONE) {
        return;
    }
    cli_print_visible(out, verdict->survivor_id.bytes, verdict->survivor_id.length);
    if (verdict->kind >= NDUP_KIND_CONTAINED) {
        print_share(out, verdict);
    }
}

static void print_name(const cli_duplicate_lines *lines, const ndup_document *document)
{
    if (lines->names_by_ids) {
        cli_print_visible(lines->out, document->id.bytes, document->id.length);
        fputs(": ", lines->out);
    } else {
        cli_print_place(lines->out, document, 1);
    }
}

static ndup_status print_document(void *context, const ndup_verdict *verdict,
                                  const ndup_document *document, ndup_error *error)
{
    const cli_duplicate_lines *lines = context;
    (void)error;
    if (!verdict->kept && !verdict->known) {
        print_name(lines, document);
        print_reason(lines->out, verdict);
        fputc('\n', lines->out);
    }
    return NDUP_STATUS_OK;
}

void cli_duplicate_lines_init(cli_duplicate_lines *lines, FILE *out, bool names_by_ids)
{
    *lines = (cli_duplicate_lines){.out = out, .names_by_ids = names_by_ids};
    lines->sink = (ndup_sink){.struct_size = sizeof lines->sink,
                              .context = lines,
                              .wants_records = true, /* for their lines */
                              .document = print_document,
                              .commit = cli_sink_commit,
                              .abort = cli_sink_abort};
}
