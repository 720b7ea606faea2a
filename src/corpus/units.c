/* SPDX-License-Identifier: MIT */
/* A corpus of the units of another one: a source that hands out one unit after the other. */
#include "corpus/units.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/require.h"
#include "corpus/asked_fields.h"
#include "corpus/corpus_state.h"
#include "corpus/json_line.h"

/* Where the source stands: a block of documents, a document of it, a unit of that. */
typedef struct unit_source {
    ndup_corpus *documents;
    const ndup_allocator *allocator;
    const ndup_hooks *hooks;
    ndup__line_counter lines;
    uint64_t line_base; /* lines before the block */
    unsigned given;     /* fields that some record had */
    ndup__block block;
    ndup__kept *items; /* the documents of the block */
    ndup__block again; /* one that was left, read again */
    size_t item_count, item_capacity;
    size_t item; /* 1 + the document at hand */
    ndup__paragraphs paragraphs;
    const ndup_unit *units; /* of the document at hand */
    size_t unit_count;
    size_t unit; /* that comes next */
    ndup__json_line record;
} unit_source;

ndup_status ndup__document_units(const ndup_unit **units, size_t *count,
                                 ndup__paragraphs *paragraphs, const ndup_document *document,
                                 ndup_error *error)
{
    *units = document->units;
    *count = document->unit_count;
    if (document->units != NULL) {
        return NDUP_STATUS_OK;
    }
    size_t path = document->path != NULL ? strlen(document->path) : 0;
    bool markdown =
        document->record.length == 0 && path > 3 && strcmp(document->path + path - 3, ".md") == 0;
    ndup_status status = ndup__paragraphs_split(paragraphs, document->text.bytes,
                                                document->text.length, markdown, error);
    *units = paragraphs->units;
    *count = paragraphs->count;
    return status;
}

static ndup_status collect(void *context, const ndup__item *item, ndup_error *error)
{
    unit_source *self = context;
    ndup_status status = ndup__reserve(self->allocator, &self->items, &self->item_capacity,
                                       self->item_count + 1, sizeof *self->items, error);
    if (status == NDUP_STATUS_OK) {
        self->items[self->item_count++] = ndup__block_keep(&self->block, item);
    }
    return status;
}

/* Goes on to the next block; *more is false at the end of the corpus. */
static ndup_status next_block(unit_source *self, bool *more, ndup_error *error)
{
    ndup__visitor visitor = {.context = self, .keeps = true, .visit = collect};
    self->item = 0;
    self->item_count = 0;
    ndup_status status = ndup__corpus_take(self->documents, &self->block, more, error);
    if (status == NDUP_STATUS_OK && *more) {
        status = ndup__corpus_scan(self->documents, &self->block, &visitor, error);
    }
    if (status == NDUP_STATUS_OK && *more) {
        self->line_base = ndup__line_counter_add(&self->lines, &self->block);
        ndup__block_report(&self->block, self->line_base, self->hooks);
        self->given |= self->block.given;
    } else if (status == NDUP_STATUS_OK) {
        ndup__notice_fields(self->documents, self->given, self->hooks);
    }
    return status;
}

/* Goes on to the next document that has a unit. */
static ndup_status next_document(unit_source *self, bool *more, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    *more = true;
    while (status == NDUP_STATUS_OK && *more && self->unit >= self->unit_count) {
        if (self->item >= self->item_count) {
            self->unit_count = 0;
            status = next_block(self, more, error);
        } else {
            ndup__kept *kept = &self->items[self->item++];
            self->unit = 0;
            self->unit_count = 0;
            status = ndup__kept_read(kept, self->documents, &self->block, &self->again, error);
            if (status == NDUP_STATUS_OK) {
                status = ndup__document_units(&self->units, &self->unit_count, &self->paragraphs,
                                              &kept->document, error);
            }
        }
    }
    return status;
}

/* The id of a record without one is its place. */
static ndup_status add_name(unit_source *self, const ndup_document *document, ndup_error *error)
{
    char line[32];
    if (document->id.length > 0 || document->path == NULL) {
        return ndup__json_line_escape(&self->record, document->id.bytes, document->id.length,
                                      error);
    }
    int length = snprintf(line, sizeof line, ":%llu",
                          (unsigned long long)(self->line_base + document->line));
    ndup_status status =
        ndup__json_line_escape(&self->record, document->path, strlen(document->path), error);
    return status == NDUP_STATUS_OK
               ? ndup__json_line_add(&self->record, line, (size_t)length, error)
               : status;
}

static ndup_status add_text(ndup__json_line *record, const char *text, ndup_error *error)
{
    return ndup__json_line_add(record, text, strlen(text), error);
}

/* {"id":"DOCUMENT#N","document":"DOCUMENT","unit":N,"offset":O,"unit_kind":K, ... */
static ndup_status add_head(unit_source *self, const ndup_document *document, const ndup_unit *unit,
                            ndup_error *error)
{
    char numbers[160];
    ndup__json_line *record = &self->record;
    ndup_status status = add_text(record, "{\"id\":\"", error);
    if (status == NDUP_STATUS_OK) {
        status = add_name(self, document, error);
    }
    if (status == NDUP_STATUS_OK) {
        snprintf(numbers, sizeof numbers, "#%zu\",\"document\":\"", self->unit);
        status = add_text(record, numbers, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = add_name(self, document, error);
    }
    if (status == NDUP_STATUS_OK) {
        snprintf(numbers, sizeof numbers, "\",\"unit\":%zu,\"offset\":%zu,\"unit_kind\":\"%s\"",
                 self->unit, unit->offset, ndup_unit_kind_name(unit->kind));
        status = add_text(record, numbers, error);
    }
    return status;
}

static ndup_status make_record(unit_source *self, const ndup_document *document,
                               const ndup_unit *unit, ndup_error *error)
{
    const struct {
        const char *key;
        ndup_text value;
    } parts[] = {{"source", document->source},
                 {"url", document->url},
                 {"date", document->date},
                 {"title", document->title},
                 {"text", {document->text.bytes + unit->offset, unit->length}}};
    self->record.length = 0;
    ndup_status status = add_head(self, document, unit, error);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && status == NDUP_STATUS_OK; i++) {
        if (parts[i].value.length > 0) {
            status = ndup__json_line_member(&self->record, parts[i].key, parts[i].value, error);
        }
    }
    return status == NDUP_STATUS_OK ? add_text(&self->record, "}", error) : status;
}

static ndup_status next(void *context, bool *has_document, ndup_document *document,
                        ndup_error *error)
{
    unit_source *self = context;
    ndup_status status = next_document(self, has_document, error);
    if (status == NDUP_STATUS_OK && *has_document) {
        status = make_record(self, &self->items[self->item - 1].document, &self->units[self->unit],
                             error);
        *document = (ndup_document){.record = {self->record.bytes, self->record.length}};
        self->unit++;
    }
    return status;
}

static void end(void *context)
{
    unit_source *self = context;
    const ndup_allocator *allocator = self->allocator;
    ndup__block_deinit(&self->block);
    ndup__block_deinit(&self->again);
    ndup__paragraphs_deinit(&self->paragraphs);
    ndup__json_line_deinit(&self->record);
    ndup__free(allocator, &self->items, self->item_capacity, sizeof *self->items);
    ndup_corpus_close(self->documents);
    ndup__free(allocator, &self, 1, sizeof *self);
}

ndup_status ndup_corpus_open_units(ndup_corpus **corpus, ndup_corpus *documents,
                                   const ndup_corpus_options *options, const ndup_hooks *hooks,
                                   ndup_error *error)
{
    if (corpus != NULL) {
        *corpus = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "corpus", corpus, "documents", documents);
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_hooks(hooks, error);
    }
    if (given != NDUP_STATUS_OK) {
        ndup_corpus_close(documents);
        return given;
    }
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    unit_source *self;
    ndup_status status = ndup__allocate_zeroed(allocator, &self, 1, sizeof *self, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_rewind(documents, error);
        *self = (unit_source){.documents = documents,
                              .allocator = allocator,
                              .hooks = hooks,
                              .paragraphs = {.allocator = allocator},
                              .record = {.allocator = allocator}};
        ndup__block_init(&self->block, allocator);
        ndup__block_init(&self->again, allocator);
    } else {
        ndup_corpus_close(documents);
        return status;
    }
    if (status != NDUP_STATUS_OK) {
        end(self);
        return status;
    }
    (void)ndup__corpus_report_opening(documents, hooks);
    ndup_source source = {
        .struct_size = sizeof source, .context = self, .next = next, .close = end};
    status = ndup_corpus_open_source(corpus, &source, options, error);
    if (status == NDUP_STATUS_OK) {
        (*corpus)->inputs = documents->inputs; /* so that no output replaces one of them */
        (*corpus)->input_count = documents->input_count;
    }
    return status;
}
