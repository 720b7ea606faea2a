/* SPDX-License-Identifier: MIT */
/* What was found, with what a person wants to know of it. */
#include "index/answers.h"

#include <string.h>

#include "base/alloc.h"

ndup_status ndup__answers_new(ndup_index_answers **out, size_t capacity, size_t workers,
                              const ndup_allocator *allocator, ndup_error *error)
{
    ndup_index_answers *answers;
    ndup_status status = ndup__allocate_zeroed(allocator, &answers, 1, sizeof *answers, error);
    *out = answers;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    answers->allocator = allocator;
    ndup__out_init(&answers->json, NULL, allocator);
    status =
        ndup__allocate_zeroed(allocator, &answers->arenas, workers, sizeof *answers->arenas, error);
    answers->arena_count = status == NDUP_STATUS_OK ? workers : 0;
    for (size_t i = 0; i < answers->arena_count; i++) {
        answers->arenas[i].allocator = allocator;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &answers->items, capacity, sizeof *answers->items,
                                       error);
    }
    answers->capacity = status == NDUP_STATUS_OK ? capacity : 0;
    if (status != NDUP_STATUS_OK) {
        ndup_index_answers_free(answers);
        *out = NULL;
    }
    return status;
}

size_t ndup_index_answers_count(const ndup_index_answers *answers)
{
    return answers != NULL ? answers->count : 0;
}

const ndup_index_answer *ndup_index_answers_get(const ndup_index_answers *answers, size_t i)
{
    return answers != NULL && i < answers->count ? &answers->items[i] : NULL;
}

void ndup_index_answers_free(ndup_index_answers *answers)
{
    if (answers == NULL) {
        return;
    }
    const ndup_allocator *allocator = answers->allocator;
    for (size_t i = 0; i < answers->arena_count; i++) {
        ndup__arena_deinit(&answers->arenas[i]);
    }
    ndup__out_deinit(&answers->json);
    ndup__free(allocator, &answers->arenas, answers->arena_count, sizeof *answers->arenas);
    ndup__free(allocator, &answers->items, answers->capacity, sizeof *answers->items);
    ndup__free(allocator, &answers, 1, sizeof *answers);
}

static ndup_status copy_text(ndup_text *text, ndup__arena *arena, ndup_text from, ndup_error *error)
{
    char *bytes = NULL;
    ndup_status status = ndup__arena_copy(arena, &bytes, from.bytes, from.length, error);
    *text = (ndup_text){bytes, from.length};
    return status;
}

static ndup_status fill_match(ndup_index_match *match, ndup__arena *arena,
                              const ndup__index_found *found, const ndup__stored_document *document,
                              ndup_error *error)
{
    *match = (ndup_index_match){.number = found->number,
                                .kind = found->kind,
                                .similarity = found->similarity,
                                .low = found->low,
                                .high = found->high,
                                .containment = found->containment,
                                .other_containment = found->other_containment,
                                .is_estimated = found->is_estimated};
    struct {
        ndup_text *to, from;
    } texts[] = {{&match->id, document->id},
                 {&match->url, document->url},
                 {&match->source, document->source},
                 {&match->title, document->title},
                 {&match->date, document->date}};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == NDUP_STATUS_OK; i++) {
        status = copy_text(texts[i].to, arena, texts[i].from, error);
    }
    return status;
}

static bool is_same(ndup_text x, ndup_text y)
{
    return x.length > 0 && x.length == y.length && memcmp(x.bytes, y.bytes, x.length) == 0;
}

/* What the best match says of the document besides: it is of the same page or source, and older. */
static void judge_best(ndup_index_answer *answer, const ndup__prepared *prepared,
                       const ndup__stored_document *best)
{
    bool is_page = is_same(prepared->id, best->id) || is_same(prepared->url, best->url);
    bool is_later = prepared->is_dated && best->is_dated && prepared->time > best->time;
    bool is_other_text = answer->matches[0].kind > NDUP_KIND_NORMALIZED;
    answer->is_update = is_other_text && answer->is_known &&
                        (is_page || (is_same(prepared->source, best->source) && is_later));
    answer->group = answer->is_known ? best->family : 0;
}

ndup_status ndup__answer_make(ndup_index_answer *answer, ndup__arena *arena, ndup__session *session,
                              const ndup__prepared *prepared, ndup_error *error)
{
    ndup_index_match *matches = NULL;
    size_t count = session->found_count;
    void *room = NULL;
    *answer = (ndup_index_answer){.reading = prepared->reading, .is_capped = session->is_capped};
    ndup_status status = ndup__arena_take(arena, &room, count * sizeof *matches, error);
    matches = room;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        ndup__stored_document document;
        bool found;
        status = ndup__database_document(session->database, session->found[i].number, &document,
                                         &found, error);
        if (status == NDUP_STATUS_OK && found) {
            status = fill_match(&matches[answer->match_count], arena, &session->found[i], &document,
                                error);
            answer->matches = matches;
            answer->is_known |= i == 0 && ndup__is_copy(session->found[i].kind);
            answer->match_count++;
        }
        if (status == NDUP_STATUS_OK && found && i == 0) {
            judge_best(answer, prepared, &document);
        }
    }
    if (status == NDUP_STATUS_OK && answer->group != 0) {
        status = ndup__database_family_size(session->database, (uint32_t)answer->group,
                                            &answer->group_size, error);
    }
    return status;
}
