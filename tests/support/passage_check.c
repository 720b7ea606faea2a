/* SPDX-License-Identifier: MIT */
/* A sink that writes down what it is told, and in which order. */
#include "support/passage_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { BEGUN = 1, IN_FAMILIES, FINISHED, COMMITTED, ABORTED };

/* Room for one item more, doubled at powers of two. */
static void *grow(void *items, size_t count, size_t item_bytes)
{
    if ((count & (count - 1)) != 0) {
        return items;
    }
    items = realloc(items, (count > 0 ? 2 * count : 1) * item_bytes);
    assert_non_null(items);
    return items;
}

static void write_place(FILE *stream, const ndup_passage_place *place)
{
    fprintf(stream, " [%" PRIu64 " %.*s %.*s %.*s %d %" PRId64, place->document,
            (int)place->id.length, place->id.bytes, (int)place->source.length, place->source.bytes,
            (int)place->date.length, place->date.bytes, place->is_dated, place->milliseconds);
    fprintf(stream, " %" PRIu64 "+%" PRIu64 " %u+%u/%u]", place->offset, place->length,
            place->first_token, place->tokens, place->document_tokens);
}

static ndup_status begin(void *context, const ndup_passage_run *run, ndup_error *error)
{
    passage_check *self = context;
    (void)error;
    assert_int_equal(self->state, 0);
    assert_non_null(run->options);
    self->state = BEGUN;
    return NDUP_STATUS_OK;
}

static ndup_status take_passage(void *context, const ndup_passage *passage, ndup_error *error)
{
    passage_check *self = context;
    (void)error;
    assert_int_equal(self->state, BEGUN);
    self->passages = grow(self->passages, self->passage_count, sizeof *passage);
    self->passages[self->passage_count++] = *passage;
    fprintf(self->stream, "passage");
    write_place(self->stream, &passage->a);
    write_place(self->stream, &passage->b);
    fprintf(self->stream, " %u %.17g %d %" PRIu64 "\n", passage->matched, passage->similarity,
            (int)passage->direction, passage->family);
    return NDUP_STATUS_OK;
}

static ndup_status take_family(void *context, const ndup_passage_family *family, ndup_error *error)
{
    passage_check *self = context;
    (void)error;
    assert_true(self->state == BEGUN || self->state == IN_FAMILIES);
    self->state = IN_FAMILIES;
    self->families = grow(self->families, self->family_count, sizeof *family);
    ndup_passage_family *copy = &self->families[self->family_count++];
    *copy = *family;
    ndup_passage_place *places = malloc((family->count + 1) * sizeof *places);
    assert_non_null(places);
    memcpy(places, family->places, family->count * sizeof *places);
    copy->places = places;
    fprintf(self->stream, "family %" PRIu64 " %" PRIu64 " %" PRIu64, family->number,
            family->documents, family->passages);
    for (size_t i = 0; i < family->count; i++) {
        write_place(self->stream, &family->places[i]);
    }
    fprintf(self->stream, " %.*s\n", (int)family->text.length, family->text.bytes);
    return NDUP_STATUS_OK;
}

static ndup_status finish(void *context, const ndup_passage_summary *summary, ndup_error *error)
{
    passage_check *self = context;
    (void)error;
    assert_true(self->state == BEGUN || self->state == IN_FAMILIES);
    self->state = FINISHED;
    assert_u64_equal(summary->passages, self->passage_count);
    assert_u64_equal(summary->families, self->family_count);
    return NDUP_STATUS_OK;
}

static ndup_status commit(void *context, ndup_error *error)
{
    passage_check *self = context;
    (void)error;
    assert_int_equal(self->state, FINISHED);
    self->state = COMMITTED;
    return NDUP_STATUS_OK;
}

static void give_up(void *context)
{
    passage_check *self = context;
    assert_true(self->state != COMMITTED && self->state != ABORTED);
    self->state = ABORTED;
}

ndup_status passage_check_run(passage_check *self, ndup_corpus *corpus,
                              const ndup_passage_options *options, ndup_error *error)
{
    *self = (passage_check){0};
    ndup_passage_sink sink = {
        .struct_size = sizeof sink,
        .context = self,
        .begin = begin,
        .passage = take_passage,
        .family = take_family,
        .finish = finish,
        .commit = commit,
        .abort = give_up,
    };
    ndup_passage_sink *const sinks[] = {&sink};
    self->stream = open_memstream(&self->calls, &self->calls_length);
    assert_non_null(self->stream);
    ndup_status status = ndup_passages(&self->summary, corpus, options, sinks, 1, NULL, error);
    assert_int_equal(fclose(self->stream), 0);
    self->stream = NULL;
    ndup_corpus_close(corpus);
    assert_true(status != NDUP_STATUS_OK || self->state == COMMITTED);
    assert_true(status == NDUP_STATUS_OK || self->state == 0 || self->state == ABORTED);
    return status;
}

void passage_check_init(passage_check *self, const made_corpus *corpus, const made_corpus *against,
                        const ndup_passage_options *options)
{
    ndup_error error;
    ndup_passage_options with = *options;
    with.against = against != NULL ? made_corpus_open(against, NULL) : NULL;
    ndup_corpus *opened = made_corpus_open(corpus, NULL);
    assert_ok(passage_check_run(self, opened, &with, &error), &error);
    ndup_corpus_close(with.against);
}

void passage_check_deinit(passage_check *self)
{
    for (size_t i = 0; i < self->family_count; i++) {
        free((void *)self->families[i].places);
    }
    free(self->families);
    free(self->passages);
    free(self->calls);
    *self = (passage_check){0};
}
