/* SPDX-License-Identifier: MIT */
/* Counting repeats against a baseline. */
#include "flag_baseline.h"

static ndup_status take_document(void *context, const ndup_flagged *flagged, ndup_error *error)
{
    (void)error;
    cli_flag_baseline *compared = context;
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        const ndup_repeat *repeat = &flagged->repeats[i];
        ndup_text passage = {flagged->document->text.bytes + repeat->offset, repeat->length};
        compared->fresh += !ndup_baseline_take(compared->baseline, passage);
    }
    return NDUP_STATUS_OK;
}

static ndup_status commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static void give_up(void *context)
{
    (void)context;
}

ndup_status cli_flag_baseline_open(cli_flag_baseline *compared, const char *path, ndup_error *error)
{
    *compared = (cli_flag_baseline){.sink = {.struct_size = sizeof compared->sink,
                                             .context = compared,
                                             .document = take_document,
                                             .commit = commit,
                                             .abort = give_up}};
    return ndup_baseline_open(&compared->baseline, path, NULL, error);
}

void cli_flag_baseline_close(cli_flag_baseline *compared)
{
    ndup_baseline_close(compared->baseline);
}
