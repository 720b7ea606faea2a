/* SPDX-License-Identifier: MIT */
/* A run that leaves parts of its first pass and a journal of its decisions behind. A part is
 * written, then the state that names it: who dies between the two writes the part again. */
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/require.h"
#include "stages/work_keeper.h"

/* A part is due behind a sixty-fourth of the input, if those before it took no more than a
 * twentieth of the time, and once a minute in any case. */
#define PARTS 64
#define COST_TIMES 20
#define SECONDS_MOST 60.0
/* Where nobody knows how long the input is. */
#define BYTES_USUAL ((uint64_t)16 << 20)

static ndup_status append_part(const ndup_work *work, ndup__table *table, uint64_t number,
                               ndup_error *error)
{
    char path[NDUP__WORK_PATH_BYTES];
    ndup__part part = {.settings = {NULL, 0}};
    const ndup__part_choice all = {.first_number = table->count};
    ndup_status status = ndup__work_part_path(path, work->folder, number, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__part_open(&part, path, work->allocator, error);
    }
    if (status == NDUP_STATUS_OK && part.file.identity != work->parts[number]) {
        status =
            ndup__section_fail(&part.file, "counts", "is not the part that was written", error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__part_append(table, &part, &all, error);
    }
    ndup__part_close(&part);
    return status;
}

static void resume_summary(ndup_summary *summary, const ndup__work_state *state)
{
    summary->documents = state->documents;
    summary->text_bytes = state->text_bytes;
    summary->empty = state->empty;
    summary->repaired = state->repaired;
    summary->unreadable = state->unreadable;
    summary->skipped = state->skipped;
}

static ndup_status resume_parts(ndup_work *work, ndup__run *run, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t i = 0; i < work->state.parts && status == NDUP_STATUS_OK; i++) {
        status = append_part(work, &run->table, i, error);
        if (status == NDUP_STATUS_OK) {
            ndup__table_expect(&run->table, work->state.read_bytes, work->state.total_bytes);
            status = ndup__reporter_at(&run->reporter, 0, run->table.count, error);
        }
    }
    if (status == NDUP_STATUS_OK && run->table.count != work->state.documents) {
        status = ndup__fail(error, NDUP_STATUS_CORRUPT,
                            "%s: parts of %zu documents, and a state of %llu", work->folder,
                            run->table.count, (unsigned long long)work->state.documents);
    }
    return status;
}

static ndup_status resume(void *context, ndup__run *run, ndup__pass_state *pass, ndup_error *error)
{
    ndup_work *work = context;
    const char *name;
    if (!ndup__corpus_is_lasting(&name, run->corpus)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%.80s cannot be read again, so that a run over it cannot go on: it "
                          "takes files",
                          name);
    }
    ndup_status status = ndup__work_check_run(work, run->corpus, run->options, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__work_state_resume(work, run->corpus, pass, error);
    }
    if (status == NDUP_STATUS_OK && work->state.parts > 0) {
        resume_summary(&run->summary, &work->state);
        status = resume_parts(work, run, error);
    }
    work->noted = ndup__clock_seconds();
    return ndup__work_advise(status, error);
}

static void note_state(ndup__work_state *state, const ndup__run *run, const ndup__pass_state *pass)
{
    const ndup_summary *summary = &run->summary;
    state->documents = run->table.count;
    state->read_bytes = pass->stored;
    state->total_bytes = run->reporter.now.total;
    state->next = pass->next;
    state->line_file = pass->lines.file;
    state->lines = pass->lines.lines;
    state->given = pass->given;
    state->text_bytes = summary->text_bytes;
    state->empty = summary->empty;
    state->repaired = summary->repaired;
    state->unreadable = summary->unreadable;
    state->skipped = summary->skipped;
    state->elements = pass->asked.elements;
    state->dates = pass->asked.dates;
}

/* What the file has in common with no other, as a reader finds it. */
static ndup_status note_part(ndup_work *work, const char *path, ndup_error *error)
{
    ndup__section_file file = {.bytes = NULL};
    size_t count = (size_t)work->state.parts;
    ndup_status status = ndup__reserve(work->allocator, &work->parts, &work->part_capacity,
                                       count + 1, sizeof *work->parts, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_file_open(&file, path, &ndup__part_kind, work->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        work->parts[count] = file.identity;
        work->state.parts++;
    }
    ndup__section_file_close(&file);
    return status;
}

static ndup_status write_part(ndup_work *work, const ndup__run *run, ndup_error *error)
{
    char path[NDUP__WORK_PATH_BYTES];
    const ndup__part_source source = {.table = &run->table,
                                      .from = (size_t)work->state.documents,
                                      .to = run->table.count,
                                      .corpus = run->corpus,
                                      .settings = {work->settings.bytes, work->settings.length}};
    ndup_status status = ndup__work_part_path(path, work->folder, work->state.parts, error);
    if (status == NDUP_STATUS_OK && source.to > source.from) {
        status = ndup__part_write(path, &source, error);
        if (status == NDUP_STATUS_OK) {
            status = note_part(work, path, error);
        }
    }
    return status;
}

static ndup_status write_all(ndup_work *work, const ndup__run *run, const ndup__pass_state *pass,
                             ndup_error *error)
{
    double begun = ndup__clock_seconds();
    ndup_status status = write_part(work, run, error);
    if (status == NDUP_STATUS_OK) {
        note_state(&work->state, run, pass);
        status = ndup__work_state_write(work, run->corpus, pass, error);
    }
    work->noted = ndup__clock_seconds();
    work->cost = work->noted - begun;
    return status;
}

static bool is_due(const ndup_work *work, uint64_t stored, uint64_t total)
{
    double seconds = ndup__clock_seconds() - work->noted;
    uint64_t step = total > 0 ? total / PARTS : BYTES_USUAL;
    return seconds >= SECONDS_MOST ||
           (stored - work->state.read_bytes >= step && seconds >= COST_TIMES * work->cost);
}

static ndup_status note(void *context, const ndup__run *run, const ndup__pass_state *pass,
                        ndup_error *error)
{
    ndup_work *work = context;
    return is_due(work, pass->stored, run->reporter.now.total) ? write_all(work, run, pass, error)
                                                               : NDUP_STATUS_OK;
}

static ndup_status finish(void *context, const ndup__run *run, const ndup__pass_state *pass,
                          ndup_error *error)
{
    ndup_work *work = context;
    ndup__pass_state end = *pass;
    if (work->state.is_read != 0) {
        return NDUP_STATUS_OK;
    }
    end.next = (ndup__place)ndup__corpus_file_count(run->corpus) << NDUP__PLACE_OFFSET_BITS;
    work->state.is_read = 1;
    return write_all(work, run, &end, error);
}

static ndup_status judge(void *context, const ndup__run *run, ndup__journal **journal,
                         ndup_error *error)
{
    ndup_work *work = context;
    ndup_status status =
        ndup__journal_open(&work->journal, work->journal_path, work->state.identity,
                           run->table.class_count, work->allocator, error);
    *journal = status == NDUP_STATUS_OK ? &work->journal : NULL;
    return status;
}

void ndup__work_keeper_init(ndup_work *work)
{
    work->keeper = (ndup__keeper){
        .context = work, .resume = resume, .note = note, .finish = finish, .judge = judge};
}

ndup_status ndup_work_dedup(ndup_result **result, ndup_work *work, ndup_corpus *corpus,
                            const ndup_dedup_options *options, const ndup_hooks *hooks,
                            ndup_error *error)
{
    if (result != NULL) {
        *result = NULL;
    }
    ndup_status status =
        NDUP__REQUIRE(error, "result", result, "work", work, "corpus", corpus, "options", options);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_size(options->struct_size, sizeof *options, "options", error);
    }
    if (status == NDUP_STATUS_OK && options->frequencies != NULL) {
        status = ndup__fail(error, NDUP_STATUS_INVALID,
                            "frequencies of a larger corpus and a work folder do not go together");
    }
    return status == NDUP_STATUS_OK
               ? ndup__dedup_kept(result, corpus, options, hooks, &work->keeper, error)
               : status;
}
