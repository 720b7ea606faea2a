/* SPDX-License-Identifier: MIT */
/* Finding single documents of a corpus by id. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "corpus/reader.h"
#include "neardup/explain.h"
#include "pipeline/progress.h"
#include "text/file_name.h"

typedef struct id_search {
    const ndup_text *ids;
    size_t id_count;
    ndup_document *found;
    size_t found_count;
    const ndup_allocator *allocator;
    const ndup_corpus *corpus;
    uint64_t line_base;
    uint64_t number;
} id_search;

static ndup_status copy_part(ndup_text *part, const ndup_allocator *allocator, ndup_error *error)
{
    char *copy = NULL;
    ndup_status status = ndup__resize(allocator, &copy, 0, part->length, 1, error);
    if (status == NDUP_STATUS_OK && part->length > 0) {
        memcpy(copy, part->bytes, part->length);
    }
    part->bytes = copy;
    part->length = status == NDUP_STATUS_OK ? part->length : 0;
    return status;
}

#define PART_COUNT 8
static void list_parts(ndup_text *parts[PART_COUNT], ndup_document *document)
{
    ndup_text *const list[PART_COUNT] = {&document->id,     &document->source,  &document->url,
                                         &document->date,   &document->title,   &document->text,
                                         &document->record, &document->original};
    memcpy(parts, list, sizeof list);
}

static ndup_status copy_document(id_search *search, ndup_document *copy,
                                 const ndup_document *document, ndup_error *error)
{
    ndup_document made = *document;
    ndup_text *parts[PART_COUNT];
    list_parts(parts, &made);
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (status == NDUP_STATUS_OK) {
            status = copy_part(parts[i], search->allocator, error);
        } else {
            *parts[i] = (ndup_text){NULL, 0};
        }
    }
    *copy = made;
    return status;
}

static bool has_id(const id_search *search, ndup_text wanted, const ndup_document *document)
{
    if (document->id.length > 0) {
        return wanted.length == document->id.length &&
               memcmp(wanted.bytes, document->id.bytes, wanted.length) == 0;
    }
    char text[NDUP__PATH_TEXT_BYTES];
    char name[NDUP__PATH_TEXT_BYTES + 24]; /* a record without id is named path:line */
    int length = snprintf(name, sizeof name, "%s:%llu", ndup__path_text(text, document->path),
                          (unsigned long long)(search->line_base + document->line));
    return (size_t)length == wanted.length && memcmp(wanted.bytes, name, wanted.length) == 0;
}

static ndup_status look_at(void *context, const ndup__item *item, ndup_error *error)
{
    id_search *search = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < search->id_count && status == NDUP_STATUS_OK; i++) {
        if (search->found[i].path == NULL && has_id(search, search->ids[i], &item->document)) {
            status = copy_document(search, &search->found[i], &item->document, error);
            search->found[i].number = search->number;
            search->found[i].line += item->document.line != 0 ? search->line_base : 0;
            search->found_count++;
        }
    }
    search->number++;
    return status;
}

ndup_status ndup_corpus_find(ndup_corpus *corpus, const ndup_text *ids, size_t id_count,
                             ndup_document *found, const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status given = NDUP__REQUIRE(error, "corpus", corpus);
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_hooks(hooks, error);
    }
    if (given == NDUP_STATUS_OK && id_count > 0) {
        given = NDUP__REQUIRE(error, "ids", ids, "found", found);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    id_search search = {.ids = ids,
                        .id_count = id_count,
                        .found = found,
                        .allocator = ndup__corpus_options(corpus)->allocator,
                        .corpus = corpus};
    ndup__visitor visitor = {.context = &search, .visit = look_at};
    ndup__reporter reporter = {.hooks = hooks};
    ndup__line_counter counter = {0};
    ndup__block block;
    bool more = true;
    memset(found, 0, id_count * sizeof *found);
    ndup__block_init(&block, search.allocator);
    ndup_status status = ndup__corpus_rewind(corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&reporter, NDUP_STAGE_READ, ndup_corpus_bytes(corpus), error);
    }
    while (status == NDUP_STATUS_OK && search.found_count < id_count) {
        status = ndup__corpus_take(corpus, &block, &more, error);
        if (status != NDUP_STATUS_OK || !more) {
            break;
        }
        search.line_base = counter.file == block.file ? counter.lines : 0;
        status = ndup__corpus_scan(corpus, &block, &visitor, error);
        (void)ndup__line_counter_add(&counter, &block);
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&reporter, block.stored, search.number, error);
        }
    }
    ndup__block_deinit(&block);
    if (status != NDUP_STATUS_OK) {
        ndup_documents_free(corpus, found, id_count);
    }
    return status;
}

void ndup_documents_free(ndup_corpus *corpus, ndup_document *found, size_t count)
{
    if (corpus == NULL || found == NULL) {
        return;
    }
    const ndup_allocator *allocator = ndup__corpus_options(corpus)->allocator;
    for (size_t i = 0; i < count; i++) {
        ndup_text *parts[PART_COUNT];
        list_parts(parts, &found[i]);
        for (size_t part = 0; part < PART_COUNT; part++) {
            ndup__free(allocator, &parts[part]->bytes, parts[part]->length, 1);
        }
        found[i] = (ndup_document){0};
    }
}
