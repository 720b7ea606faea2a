/* SPDX-License-Identifier: MIT */
/* Shows what texts share, and who had it first. */
#include <neardup.h>
#include <stdio.h>

#define QUOTED \
    "the ferry left the harbour late that day and the pilot had to wait for the fog to lift"

static const ndup_document documents[] = {
    {.id = {"gazette", 7},
     .date = {"2026-02-02", 10},
     .text = {"On Monday " QUOTED ".", sizeof "On Monday " QUOTED "." - 1}},
    {.id = {"herald", 6},
     .date = {"2026-02-03", 10},
     .text = {"A witness says: \"" QUOTED "\".", sizeof "A witness says: \"" QUOTED "\"." - 1}},
};

static ndup_status next(void *context, bool *has_document, ndup_document *document,
                        ndup_error *error)
{
    size_t *given = context;
    (void)error;
    *has_document = *given < sizeof documents / sizeof *documents;
    if (*has_document) {
        *document = documents[(*given)++];
    }
    return NDUP_STATUS_OK;
}

static ndup_status show(void *context, const ndup_passage_family *family, ndup_error *error)
{
    size_t *shown = context;
    (void)error;
    printf("%.*s\n", (int)family->text.length, family->text.bytes);
    for (size_t i = 0; i < family->count; i++) {
        const ndup_passage_place *place = &family->places[i];
        printf("  %.*s %.*s, bytes %d to %d\n", (int)place->date.length, place->date.bytes,
               (int)place->id.length, place->id.bytes, (int)place->offset,
               (int)(place->offset + place->length));
    }
    *shown += 1;
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
    size_t given = 0;
    size_t shown = 0;
    ndup_source source = {.struct_size = sizeof source, .context = &given, .next = next};
    ndup_passage_sink sink = {.struct_size = sizeof sink,
                              .context = &shown,
                              .family = show,
                              .commit = commit,
                              .abort = give_up};
    ndup_passage_sink *const sinks[] = {&sink};
    ndup_passage_options options;
    ndup_passage_summary summary;
    ndup_corpus *corpus;
    ndup_error error = {0};
    ndup_passage_options_init(&options);
    if (ndup_corpus_open_source(&corpus, &source, NULL, &error) != NDUP_STATUS_OK ||
        ndup_passages(&summary, corpus, &options, sinks, 1, NULL, &error) != NDUP_STATUS_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    ndup_corpus_close(corpus);
    return shown == 1 && summary.passages == 1 ? 0 : 1;
}
