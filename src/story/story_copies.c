/* SPDX-License-Identifier: MIT */
/* Story by story, each text in turn is compared by its pairs of words with those before it; those
 * that share enough are aligned. */
#include "story/story_copies.h"

#include "base/alloc.h"
#include "story/likeness.h"
#include "story/word_pairs.h"

typedef struct search {
    ndup__group_run *run;
    uint32_t *first;   /* [groups + 1] of a story's texts in `members` */
    uint32_t *members; /* [firsts] documents by story, in order */
    ndup__word_pairs kept[NDUP__LOOKED_BACK];
    size_t next; /* place in `kept` of the next text */
    ndup__pair_maker maker;
    ndup__block block, of_block;
    ndup__likeness likeness;
} search;

/* How a text and one before it are alike. */
typedef struct meeting {
    uint32_t other;
    ndup__shares shares;
} meeting;

static ndup_status take_pairs(ndup__word_pairs *pairs, search *s, uint32_t document,
                              ndup_error *error)
{
    ndup__item item;
    pairs->document = document;
    ndup_status status = ndup__group_fetch(s->run, document, &s->block, &item, error);
    return status == NDUP_STATUS_OK
               ? ndup__word_pairs_make(pairs, &s->maker, item.document.text, error)
               : status;
}

static ndup_status look(meeting *met, search *s, uint32_t document, uint32_t other,
                        ndup_error *error)
{
    ndup__item own;
    ndup__item of;
    *met = (meeting){.other = other};
    ndup_status status = ndup__group_fetch(s->run, document, &s->block, &own, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__group_fetch(s->run, other, &s->of_block, &of, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__likeness_find(&met->shares, &s->likeness, of.document.text,
                                     own.document.text, error)
               : status;
}

static double of_shorter(const ndup__group_run *run, uint32_t document, const meeting *met)
{
    const ndup__reuse_document *documents = run->reuse.documents;
    return documents[document].tokens <= documents[met->other].tokens ? met->shares.share
                                                                      : met->shares.of_share;
}

/* Fillings of a form are no copies. */
static bool is_form(const ndup__group_run *run, uint32_t document, const meeting *met)
{
    return ndup__shares_are_form(&met->shares) ||
           ndup__copy_is_form(run->verdicts, document, met->other, met->shares.share,
                              met->shares.of_share);
}

/* Makes a copy of the text, or a partial one, if that is more than was known of it. */
static void join(ndup__group_run *run, uint32_t document, const meeting *met)
{
    ndup__copy *copy = &run->copies[document];
    meeting before = {copy->of, {.share = (double)copy->share, .of_share = (double)copy->of_share}};
    double known = copy->role == NDUP_ROLE_PARTIAL ? of_shorter(run, document, &before) : 0;
    double share = of_shorter(run, document, met);
    if (share < run->options->share || share <= known || is_form(run, document, met)) {
        return;
    }
    const ndup__shares *shares = &met->shares;
    ndup_role role = ndup__copy_role(shares->share, shares->of_share,
                                     ndup__copy_updates(&run->reuse, document, met->other));
    *copy = (ndup__copy){.first = role == NDUP_ROLE_PARTIAL ? document : met->other,
                         .of = met->other,
                         .role = role,
                         .share = (float)shares->share,
                         .of_share = (float)shares->of_share};
}

/* Compares a text with those before it in its story that are firsts. */
static ndup_status search_text(search *s, uint32_t document, size_t before, ndup_error *error)
{
    ndup__word_pairs *own = &s->kept[s->next];
    meeting best = {.other = document};
    ndup_status status = take_pairs(own, s, document, error);
    for (size_t i = 0; i < before && status == NDUP_STATUS_OK; i++) {
        const ndup__word_pairs *other =
            &s->kept[(s->next + NDUP__LOOKED_BACK - 1 - i) % NDUP__LOOKED_BACK];
        meeting met;
        if (!ndup__word_pairs_shared(own, other)) {
            continue;
        }
        status = look(&met, s, document, other->document, error);
        if (status == NDUP_STATUS_OK &&
            of_shorter(s->run, document, &met) > of_shorter(s->run, document, &best)) {
            best = met;
        }
    }
    if (status == NDUP_STATUS_OK && best.other != document) {
        join(s->run, document, &best);
    }
    return status;
}

static ndup_status search_story(search *s, const uint32_t *documents, size_t count,
                                ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t before = 0;
    s->next = 0;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = search_text(s, documents[i], before, error);
        if (s->run->copies[documents[i]].first == documents[i]) {
            s->next = (s->next + 1) % NDUP__LOOKED_BACK;
            before = before + 1 < NDUP__LOOKED_BACK ? before + 1 : NDUP__LOOKED_BACK - 1;
        }
    }
    return status == NDUP_STATUS_OK ? ndup__reporter_ask(&s->run->reuse.reporter, error) : status;
}

/* Lists the texts of each story. */
static ndup_status list_stories(search *s, ndup_error *error)
{
    const ndup__group_run *run = s->run;
    const uint32_t *group_of = run->stories.group_of;
    ndup_status status = ndup__allocate_zeroed(
        run->allocator, &s->first, run->stories.group_count + 2, sizeof *s->first, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(run->allocator, &s->members, 0, run->first_count, sizeof *s->members,
                              error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t *first = s->first + 1; /* shifted while it is filled */
    for (size_t i = 0; i < run->first_count; i++) {
        first[group_of[i] + 1]++;
    }
    for (size_t i = 0; i < run->stories.group_count; i++) {
        first[i + 1] += first[i];
    }
    for (size_t i = 0; i < run->first_count; i++) {
        s->members[first[group_of[i]]++] = run->firsts[i];
    }
    return NDUP_STATUS_OK;
}

static void follow_first(const ndup__group_run *run, uint32_t document)
{
    ndup__copy *copy = &run->copies[document];
    const ndup__copy *first = &run->copies[copy->first];
    *copy = ndup__copy_follow(copy, first, ndup__copy_updates(&run->reuse, document, first->of));
}

static void follow_firsts(const ndup__group_run *run)
{
    for (uint32_t i = 0; i < run->reuse.document_count; i++) {
        uint32_t first = run->copies[i].first;
        if (first != i && run->copies[first].first != first) {
            follow_first(run, i);
        }
    }
}

static void deinit(search *s)
{
    const ndup_allocator *allocator = s->run->allocator;
    ndup__free(allocator, &s->first, s->first != NULL ? s->run->stories.group_count + 2 : 0,
               sizeof *s->first);
    ndup__free(allocator, &s->members, s->members != NULL ? s->run->first_count : 0,
               sizeof *s->members);
    for (size_t i = 0; i < NDUP__LOOKED_BACK; i++) {
        ndup__word_pairs_deinit(&s->kept[i], allocator);
    }
    ndup__pair_maker_deinit(&s->maker);
    ndup__block_deinit(&s->block);
    ndup__block_deinit(&s->of_block);
    ndup__likeness_deinit(&s->likeness);
}

ndup_status ndup__story_copies_find(ndup__group_run *run, ndup_error *error)
{
    search s = {.run = run, .maker = {.tokens = {.allocator = run->allocator}}};
    ndup__block_init(&s.block, run->allocator);
    ndup__block_init(&s.of_block, run->allocator);
    ndup__likeness_init(&s.likeness, run->allocator);
    ndup_status status = list_stories(&s, error);
    for (size_t i = 0; i < run->stories.group_count && status == NDUP_STATUS_OK; i++) {
        size_t count = s.first[i + 1] - s.first[i];
        if (count > 1) {
            status = search_story(&s, s.members + s.first[i], count, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        follow_firsts(run);
    }
    deinit(&s);
    return status;
}
