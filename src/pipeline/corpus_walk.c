/* SPDX-License-Identifier: MIT */
/* Handing out the documents of a corpus, some at a time, as copies that can be together. */
#include <string.h>

#include "base/alloc.h"
#include "base/require.h"
#include "corpus/asked_fields.h"
#include "corpus/document_name.h"
#include "corpus/reader.h"
#include "neardup/corpus.h"
#include "pipeline/progress.h"

/* Documents of this many bytes are handed out, however few they are. */
#define BATCH_BYTES ((size_t)32 << 20)
#define TOGETHER_USUAL 1000

typedef struct corpus_walk {
    ndup_corpus *corpus;
    ndup_corpus_visitor visit; /* or else */
    ndup_corpus_chooser choose;
    void *context;
    ndup__reporter reporter;
    ndup__block block;
    ndup__line_counter lines;
    uint64_t line_base;
    ndup__passed_over passed_over;
    unsigned given;
    uint64_t number, skipped;
    ndup__arena texts;
    ndup_document *documents; /* [count] that wait to be handed out */
    ndup__place *places;      /* likewise */
    bool *is_left_out;        /* [together] what was chosen of them */
    size_t count, together;
    ndup__place *left_out; /* [left_out_count] */
    size_t left_out_count, left_out_capacity;
} corpus_walk;

static ndup_status ask_chooser(corpus_walk *walk, ndup_error *error)
{
    memset(walk->is_left_out, 0, walk->count * sizeof *walk->is_left_out);
    ndup_status status =
        walk->choose(walk->context, walk->is_left_out, walk->documents, walk->count, error);
    for (size_t i = 0; i < walk->count && status == NDUP_STATUS_OK; i++) {
        if (walk->is_left_out[i]) {
            status = ndup__reserve(walk->texts.allocator, &walk->left_out, &walk->left_out_capacity,
                                   walk->left_out_count + 1, sizeof *walk->left_out, error);
            if (status == NDUP_STATUS_OK) {
                walk->left_out[walk->left_out_count++] = walk->places[i];
            }
        }
    }
    return status;
}

static ndup_status hand_out(corpus_walk *walk, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (walk->count > 0) {
        status = walk->choose != NULL
                     ? ask_chooser(walk, error)
                     : walk->visit(walk->context, walk->documents, walk->count, error);
    }
    walk->count = 0;
    ndup__arena_reset(&walk->texts);
    return status;
}

static ndup_status copy_parts(corpus_walk *walk, ndup_document *copy, ndup_error *error)
{
    ndup_text *const parts[] = {&copy->id,    &copy->source,     &copy->url,     &copy->date,
                                &copy->title, &copy->text,       &copy->record,  &copy->original,
                                &copy->row,   &copy->table_head, &copy->language};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && status == NDUP_STATUS_OK; i++) {
        char *bytes = NULL;
        if (parts[i]->length > 0) {
            status =
                ndup__arena_copy(&walk->texts, &bytes, parts[i]->bytes, parts[i]->length, error);
        }
        parts[i]->bytes = bytes;
    }
    return status;
}

static ndup_status copy_units(corpus_walk *walk, ndup_document *copy, ndup_error *error)
{
    void *units = NULL;
    size_t bytes = copy->unit_count * sizeof *copy->units;
    if (copy->units == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__arena_take(&walk->texts, &units, bytes, error);
    if (status == NDUP_STATUS_OK && bytes > 0) {
        memcpy(units, copy->units, bytes);
    }
    copy->units = units;
    return status;
}

static ndup_status take_document(void *context, const ndup__item *item, ndup_error *error)
{
    corpus_walk *walk = context;
    ndup_document copy = item->document;
    copy.number = walk->number++;
    copy.line += copy.line > 0 ? walk->line_base : 0;
    ndup_status status = ndup__name_document(&copy.id, copy.path, copy.line, &walk->texts, error);
    if (status == NDUP_STATUS_OK) {
        status = copy_parts(walk, &copy, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_units(walk, &copy, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    walk->places[walk->count] = item->place;
    walk->documents[walk->count++] = copy;
    bool is_full = walk->count == walk->together || walk->texts.taken >= BATCH_BYTES;
    return is_full ? hand_out(walk, error) : NDUP_STATUS_OK;
}

/* A block's problems come before the documents that are behind it. */
static ndup_status walk_block(corpus_walk *walk, ndup_error *error)
{
    const ndup__visitor visitor = {.context = walk, .visit = take_document};
    ndup__block *block = &walk->block;
    walk->line_base = walk->lines.file == block->file ? walk->lines.lines : 0;
    ndup_status status = ndup__corpus_scan(walk->corpus, block, &visitor, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__block_report(block, ndup__line_counter_add(&walk->lines, block), walk->reporter.hooks);
    walk->skipped += ndup__block_skipped(block);
    ndup__passed_over_add(&walk->passed_over, &block->passed_over);
    walk->given |= block->given;
    return ndup__reporter_at(&walk->reporter, block->stored, walk->number, error);
}

static ndup_status walk_corpus(corpus_walk *walk, ndup_error *error)
{
    bool more = true;
    ndup_status status = ndup__corpus_rewind(walk->corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&walk->reporter, NDUP_STAGE_READ,
                                      ndup_corpus_bytes(walk->corpus), error);
    }
    while (status == NDUP_STATUS_OK && more) {
        status = ndup__corpus_take(walk->corpus, &walk->block, &more, error);
        if (status == NDUP_STATUS_OK && more) {
            status = walk_block(walk, error);
        }
    }
    return status == NDUP_STATUS_OK ? hand_out(walk, error) : status;
}

/* Room for what is handed out together. */
static ndup_status allocate(corpus_walk *walk, ndup_error *error)
{
    const ndup_allocator *allocator = walk->texts.allocator;
    size_t together = walk->together;
    ndup_status status = ndup__allocate_zeroed(allocator, &walk->documents, together,
                                               sizeof *walk->documents, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(allocator, &walk->places, together, sizeof *walk->places, error);
    }
    return status == NDUP_STATUS_OK ? ndup__allocate_zeroed(allocator, &walk->is_left_out, together,
                                                            sizeof *walk->is_left_out, error)
                                    : status;
}

static void free_walk(corpus_walk *walk)
{
    const ndup_allocator *allocator = walk->texts.allocator;
    ndup__block_deinit(&walk->block);
    ndup__arena_deinit(&walk->texts);
    ndup__free(allocator, &walk->documents, walk->together, sizeof *walk->documents);
    ndup__free(allocator, &walk->places, walk->together, sizeof *walk->places);
    ndup__free(allocator, &walk->is_left_out, walk->together, sizeof *walk->is_left_out);
    ndup__free(allocator, &walk->left_out, walk->left_out_capacity, sizeof *walk->left_out);
}

static ndup_status run_walk(corpus_walk *walk, uint64_t *skipped, size_t together,
                            const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status status = ndup__require_hooks(hooks, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup_allocator *allocator = ndup__corpus_options(walk->corpus)->allocator;
    walk->reporter.hooks = hooks;
    walk->texts.allocator = allocator;
    walk->together = together > 0 ? together : TOGETHER_USUAL;
    ndup__block_init(&walk->block, allocator);
    status = allocate(walk, error);
    if (status == NDUP_STATUS_OK) {
        walk->skipped = ndup__corpus_report_opening(walk->corpus, hooks);
        status = walk_corpus(walk, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__notice_fields(walk->corpus, walk->given, hooks);
        ndup__notice_passed_over(hooks, &walk->passed_over);
    }
    if (skipped != NULL) {
        *skipped = walk->skipped;
    }
    return status;
}

ndup_status ndup_corpus_walk(ndup_corpus *corpus, uint64_t *skipped, size_t together,
                             ndup_corpus_visitor visit, void *context, const ndup_hooks *hooks,
                             ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "corpus", corpus, "visit", visit);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    corpus_walk walk = {.corpus = corpus, .visit = visit, .context = context};
    status = run_walk(&walk, skipped, together, hooks, error);
    free_walk(&walk);
    return status;
}

/* Problems are told by the run behind it, which meets them again. */
static ndup_hooks without_problems(const ndup_hooks *hooks)
{
    ndup_hooks quiet = hooks != NULL ? *hooks : (ndup_hooks){.struct_size = sizeof quiet};
    quiet.problem = NULL;
    quiet.notice = NULL;
    return quiet;
}

ndup_status ndup_corpus_leave_out(ndup_corpus *corpus, uint64_t *left_out, size_t together,
                                  ndup_corpus_chooser choose, void *context,
                                  const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "corpus", corpus, "choose", choose);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    corpus_walk walk = {.corpus = corpus, .choose = choose, .context = context};
    const ndup_hooks quiet = without_problems(hooks);
    status = run_walk(&walk, NULL, together, &quiet, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_leave_out(corpus, walk.left_out, walk.left_out_count, error);
    }
    if (left_out != NULL) {
        *left_out = status == NDUP_STATUS_OK ? walk.left_out_count : 0;
    }
    free_walk(&walk);
    return status;
}
