/* SPDX-License-Identifier: MIT */
/* Shows what stands in a text more than once. */
#include <neardup.h>
#include <stdio.h>
#include <string.h>

static const char article[] =
    "Harbour bridge closed after barge strikes pier\n\n"
    "Engineers look at the damaged pier from a patrol boat\n\n"
    "Engineers look at the damaged pier from a patrol boat. Photo: M. Ohm\n\n"
    "The harbour bridge was closed on Tuesday evening after a barge drifted into its third pier.\n";

/* Hands out the one document. */
static ndup_status next(void *context, bool *has_document, ndup_document *document,
                        ndup_error *error)
{
    bool *done = context;
    (void)error;
    *has_document = !*done;
    *document = (ndup_document){.id = {"article", 7}, .text = {article, strlen(article)}};
    *done = true;
    return NDUP_STATUS_OK;
}

static ndup_status show(void *context, const ndup_flagged *flagged, ndup_error *error)
{
    size_t *found = context;
    (void)error;
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        const ndup_repeat *repeat = &flagged->repeats[i];
        printf("%s %s, similarity %.2f: %.*s\n", ndup_repeat_kind_name(repeat->kind),
               ndup_unit_kind_name(repeat->role), repeat->similarity, (int)repeat->length,
               flagged->document->text.bytes + repeat->offset);
    }
    *found += flagged->repeat_count;
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

int main(void)
{
    bool done = false;
    size_t found = 0;
    ndup_source source = {.struct_size = sizeof source, .context = &done, .next = next};
    ndup_flag_sink sink = {.struct_size = sizeof sink,
                           .context = &found,
                           .document = show,
                           .commit = commit,
                           .abort = give_up};
    ndup_flag_sink *sinks[] = {&sink};
    ndup_flag_options options;
    ndup_flag_summary summary;
    ndup_corpus *corpus;
    ndup_error error = {0};
    ndup_flag_options_init(&options);
    if (ndup_corpus_open_source(&corpus, &source, NULL, &error) != NDUP_STATUS_OK ||
        ndup_flag(&summary, corpus, &options, sinks, 1, NULL, &error) != NDUP_STATUS_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    ndup_corpus_close(corpus);
    return found == 1 && summary.doubled_captions == 1 ? 0 : 1;
}
