/* SPDX-License-Identifier: MIT */
/* The firsts are read twice: to count their terms, and to weigh them by the counts. Both is done in
 * parallel; counting and grouping follow in their order. */
#include "base/alloc.h"
#include "story/group_run.h"

/* Texts that a worker takes at once. */
#define TAKEN 32

#define DAY_MILLISECONDS ((int64_t)24 * 3600 * 1000)
/* Days and documents of the window that the data say. */
#define WINDOW_DAYS 7
#define WINDOW_DOCUMENTS 3

typedef struct term_worker {
    ndup__group_run *run;
    size_t begin, end; /* of the firsts */
    ndup__block block;
    ndup__term_finder finder;
    ndup__term_chooser chooser;
    ndup__term *terms; /* of all texts, for counting */
    size_t term_count, term_capacity;
    size_t counts[TAKEN];
    uint64_t *phrases; /* of all texts, likewise */
    size_t phrase_count, phrase_capacity;
    size_t phrase_counts[TAKEN];
    ndup__term_vector vectors[TAKEN]; /* for grouping */
    ndup__rarest_terms rarest[TAKEN];
} term_worker;

typedef struct term_pass {
    ndup__group_run *run;
    size_t next;
    bool counts;
} term_pass;

ndup_status ndup__group_fetch(const ndup__group_run *run, uint32_t document, ndup__block *block,
                              ndup__item *item, ndup_error *error)
{
    const ndup__reuse_document *known = &run->reuse.documents[document];
    return ndup__corpus_fetch(run->corpus, known->place, known->length, block, item, error);
}

static ndup_status take_texts(void *context, void *item, unsigned number, bool *more,
                              ndup_error *error)
{
    (void)number;
    (void)error;
    term_pass *pass = context;
    term_worker *worker = item;
    size_t left = pass->run->first_count - pass->next;
    worker->begin = pass->next;
    worker->end = pass->next + (left < TAKEN ? left : TAKEN);
    pass->next = worker->end;
    *more = worker->begin < worker->end;
    return NDUP_STATUS_OK;
}

/* Leaves the phrases of a text behind those of the others. */
static ndup_status keep_phrases(term_worker *worker, ndup_error *error)
{
    const ndup__phrase_list *found = &worker->finder.phrases;
    size_t count = worker->finder.wants_phrases ? found->count : 0;
    ndup_status status =
        ndup__reserve(worker->run->allocator, &worker->phrases, &worker->phrase_capacity,
                      worker->phrase_count + count, sizeof *worker->phrases, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        worker->phrases[worker->phrase_count++] = found->items[i].hash;
    }
    return status;
}

/* Undated texts say nothing of when a phrase came, and a corpus of them knows of none. */
static ndup_status find_terms(term_worker *worker, uint32_t document, bool counts,
                              ndup_error *error)
{
    const ndup__group_run *run = worker->run;
    const ndup__reuse_document *known = &run->reuse.documents[document];
    ndup_text source = run->reuse.sources.rows[known->source].name;
    ndup__item item;
    worker->finder.wants_phrases = counts && known->is_dated;
    worker->finder.set = counts || run->summary->within_days <= 0 ? NULL : &run->phrases;
    ndup_status status = ndup__group_fetch(run, document, &worker->block, &item, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__terms_find(&worker->finder, &item.document, source, error);
    }
    return status == NDUP_STATUS_OK ? keep_phrases(worker, error) : status;
}

static ndup_status keep_terms(term_worker *worker, ndup_error *error)
{
    const ndup__term_finder *finder = &worker->finder;
    ndup_status status =
        ndup__reserve(worker->run->allocator, &worker->terms, &worker->term_capacity,
                      worker->term_count + finder->count, sizeof *worker->terms, error);
    for (size_t i = 0; i < finder->count && status == NDUP_STATUS_OK; i++) {
        worker->terms[worker->term_count++] = finder->terms[i];
    }
    return status;
}

static ndup_status work_texts(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)number;
    const term_pass *pass = context;
    term_worker *worker = item;
    const ndup__term_finder *finder = &worker->finder;
    ndup_status status = NDUP_STATUS_OK;
    worker->term_count = 0;
    worker->phrase_count = 0;
    for (size_t i = worker->begin; i < worker->end && status == NDUP_STATUS_OK; i++) {
        size_t at = i - worker->begin;
        size_t phrases = worker->phrase_count;
        status = find_terms(worker, pass->run->firsts[i], pass->counts, error);
        worker->counts[at] = finder->count;
        worker->phrase_counts[at] = worker->phrase_count - phrases;
        if (status == NDUP_STATUS_OK) {
            status = pass->counts
                         ? keep_terms(worker, error)
                         : ndup__term_vector_make(&worker->vectors[at], &worker->rarest[at],
                                                  &worker->chooser, &pass->run->counts,
                                                  finder->terms, finder->count, error);
        }
    }
    return status;
}

/* A roundup of several stories is like all of them, and would make one of them: it stands alone. */
static void set_apart(const ndup__group_run *run, uint32_t document, ndup__term_vector *vector,
                      ndup__rarest_terms *rarest)
{
    if (run->copies[document].role == NDUP_ROLE_COMPILES) {
        ndup__term_vector_free(vector, run->allocator);
        *vector = (ndup__term_vector){.terms = NULL};
        rarest->count = 0;
    }
}

static ndup_status add_text(ndup__group_run *run, uint32_t document, ndup__term_vector *vector,
                            ndup__rarest_terms *rarest, ndup_error *error)
{
    const ndup__reuse_document *known = &run->reuse.documents[document];
    ndup_verdict verdict;
    ndup_result_verdict(run->verdicts, document, &verdict);
    set_apart(run, document, vector, rarest);
    ndup__story_text text = {.vector = *vector,
                             .is_dated = known->is_dated,
                             .milliseconds = known->milliseconds,
                             .form = verdict.formed ? (uint32_t)verdict.form : NDUP__NO_FORM};
    vector->terms = NULL;
    ndup_status status = ndup__stories_add(&run->stories, &text, rarest, error);
    ndup__term_vector_free(&text.vector, run->allocator);
    return status;
}

static int64_t day_of(const ndup__group_run *run, uint32_t document)
{
    return run->reuse.documents[document].milliseconds / DAY_MILLISECONDS;
}

static ndup_status commit_texts(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)number;
    const term_pass *pass = context;
    ndup__group_run *run = pass->run;
    term_worker *worker = item;
    const ndup__term *terms = worker->terms;
    const uint64_t *phrases = worker->phrases;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = worker->begin; i < worker->end && status == NDUP_STATUS_OK; i++) {
        size_t at = i - worker->begin;
        if (pass->counts) {
            ndup__term_counts_add(&run->counts, terms, worker->counts[at]);
            if (worker->counts[at] > 0) {
                terms += worker->counts[at];
            }
            ndup__set_phrases_add(&run->phrases, phrases, worker->phrase_counts[at],
                                  day_of(run, run->firsts[i]));
            if (worker->phrase_counts[at] > 0) {
                phrases += worker->phrase_counts[at];
            }
        } else {
            status =
                add_text(run, run->firsts[i], &worker->vectors[at], &worker->rarest[at], error);
        }
    }
    return status == NDUP_STATUS_OK
               ? ndup__reporter_at(&run->reuse.reporter, worker->end, worker->end, error)
               : status;
}

static void deinit_worker(term_worker *worker)
{
    const ndup_allocator *allocator = worker->run->allocator;
    for (size_t i = 0; i < TAKEN; i++) {
        ndup__term_vector_free(&worker->vectors[i], allocator);
    }
    ndup__block_deinit(&worker->block);
    ndup__term_finder_deinit(&worker->finder);
    ndup__term_chooser_deinit(&worker->chooser);
    ndup__free(allocator, &worker->terms, worker->term_capacity, sizeof *worker->terms);
    ndup__free(allocator, &worker->phrases, worker->phrase_capacity, sizeof *worker->phrases);
}

static ndup_status pass_texts(ndup__group_run *run, bool counts, ndup_error *error)
{
    term_pass pass = {.run = run, .counts = counts};
    ndup__pool *pool = run->reuse.pool;
    size_t count = ndup__pool_items(pool);
    term_worker *workers;
    ndup_status status =
        ndup__reporter_begin(&run->reuse.reporter, NDUP_STAGE_VERIFY, run->first_count, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(run->allocator, &workers, count, sizeof *workers, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        workers[i].run = run;
        workers[i].finder =
            (ndup__term_finder){.allocator = run->allocator, .seed = run->options->seed};
        workers[i].chooser = (ndup__term_chooser){.allocator = run->allocator};
        ndup__block_init(&workers[i].block, run->allocator);
    }
    ndup__stream_work stream = {
        .context = &pass, .take = take_texts, .work = work_texts, .commit = commit_texts};
    status = ndup__pool_stream(pool, &stream, workers, sizeof *workers, count, error);
    for (size_t i = 0; i < count; i++) {
        deinit_worker(&workers[i]);
    }
    ndup__free(run->allocator, &workers, count, sizeof *workers);
    return status;
}

/* The window in days: as given, or by how densely dated documents come. */
static double window_days(const ndup__group_run *run)
{
    int64_t first = 0;
    int64_t last = 0;
    size_t dated = 0;
    for (size_t i = 0; i < run->reuse.document_count; i++) {
        const ndup__reuse_document *document = &run->reuse.documents[run->order[i]];
        if (document->is_dated) {
            first = dated == 0 ? document->milliseconds : first;
            last = document->milliseconds;
            dated++;
        }
    }
    if (dated == 0 || run->options->within_days > 0) {
        return dated == 0 ? 0 : run->options->within_days;
    }
    double days = (double)(last - first) / (double)DAY_MILLISECONDS;
    double sparse = WINDOW_DOCUMENTS * days / (double)dated;
    return sparse > WINDOW_DAYS ? sparse : WINDOW_DAYS;
}

ndup_status ndup__group_stories(ndup__group_run *run, ndup_error *error)
{
    double days = window_days(run);
    run->summary->within_days = days;
    ndup_status status =
        ndup__term_counts_init(&run->counts, run->passages.tokens, run->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__set_phrases_init(
            &run->phrases, run->summary->within_days > 0 ? run->passages.tokens : 0,
            run->first_count > 0 ? day_of(run, run->firsts[0]) : 0, days, run->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        run->stories_are_made = true;
        status = ndup__stories_init(
            &run->stories, run->options->bar, (int64_t)(days * (double)DAY_MILLISECONDS),
            ndup__corpus_options(run->corpus)->temporary_folder, run->allocator, error);
        run->stories.has_undated = run->summary->undated > 0;
    }
    if (status == NDUP_STATUS_OK) {
        status = pass_texts(run, true, error);
    }
    return status == NDUP_STATUS_OK ? pass_texts(run, false, error) : status;
}
