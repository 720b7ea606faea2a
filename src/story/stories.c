/* SPDX-License-Identifier: MIT */
/* A new text asks the index by its rarest terms; the stories that it is like enough are taken apart
 * and linked anew with it by average link, as far as they are small; large ones stay whole. Average
 * link asks of every text that it is like the rest of its story, so that chains of neighbours do
 * not merge, and linking anew makes the order in which texts come matter less. */
#include "story/stories.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "story/average_link.h"

/* Texts that are linked anew at once; stories of more stay whole. */
#define LINKED 32
/* Postings that a text reads: of one term, and of all. */
#define POSTINGS_OF_TERM 256
#define POSTINGS_OF_ALL 1024

#define SCORE_SLOTS ((size_t)1 << 16)

/* Texts between which the vectors of old ones are let go. */
#define LET_GO_TEXTS 4096

typedef ndup__story_group story_group;

typedef struct ndup__score_entry {
    uint32_t a, b;
    uint32_t renewed; /* of both together */
    float score;
} score_entry;

/* A story that a new text is like. */
typedef struct liked {
    uint32_t group;
    double score; /* of its likest text */
} liked;

ndup_status ndup__stories_init(ndup__stories *stories, double bar, int64_t window,
                               const char *folder, const ndup_allocator *allocator,
                               ndup_error *error)
{
    *stories = (ndup__stories){.allocator = allocator,
                               .bar = bar,
                               .window = window,
                               .vectors = {.allocator = allocator, .folder = folder},
                               .index = {.allocator = allocator}};
    return ndup__allocate_zeroed(allocator, &stories->scores, SCORE_SLOTS, sizeof *stories->scores,
                                 error);
}

void ndup__stories_deinit(ndup__stories *stories)
{
    const ndup_allocator *allocator = stories->allocator;
    for (size_t i = 0; stories->is_stream && i < stories->count - stories->base; i++) {
        ndup__term_vector_free(&stories->texts[i].vector, allocator);
    }
    for (size_t i = 0; i < stories->group_count - stories->group_base; i++) {
        ndup__free(allocator, &stories->groups[i].members, stories->groups[i].capacity,
                   sizeof(uint32_t));
    }
    ndup__free(allocator, &stories->texts, stories->capacity, sizeof *stories->texts);
    ndup__free(allocator, &stories->group_of, stories->group_of_capacity,
               sizeof *stories->group_of);
    ndup__free(allocator, &stories->groups, stories->group_capacity, sizeof *stories->groups);
    ndup__free(allocator, &stories->moves, stories->move_capacity, sizeof *stories->moves);
    ndup__free(allocator, &stories->found, stories->found_capacity, sizeof *stories->found);
    ndup__free(allocator, &stories->marks, stories->mark_capacity, 1);
    ndup__free(allocator, &stories->scores, stories->scores != NULL ? SCORE_SLOTS : 0,
               sizeof *stories->scores);
    ndup__vectors_deinit(&stories->vectors);
    ndup__term_index_deinit(&stories->index);
}

static bool are_near_in_time(const ndup__stories *stories, const ndup__story_text *a,
                             const ndup__story_text *b)
{
    int64_t apart = a->milliseconds < b->milliseconds ? b->milliseconds - a->milliseconds
                                                      : a->milliseconds - b->milliseconds;
    return stories->window == 0 || !a->is_dated || !b->is_dated || apart <= stories->window;
}

ndup_apart ndup__stories_apart(const ndup__stories *stories, uint32_t a, uint32_t b)
{
    const ndup__story_text *x = ndup__stories_text(stories, a);
    const ndup__story_text *y = ndup__stories_text(stories, b);
    bool are_of_one_form = x->form != NDUP__NO_FORM && x->form == y->form;
    return are_of_one_form                   ? NDUP_APART_FORM
           : are_near_in_time(stories, x, y) ? NDUP_APART_NOT
                                             : NDUP_APART_DAYS;
}

double ndup__stories_word_score(const ndup__stories *stories, uint32_t a, uint32_t b)
{
    return ndup__term_score(&ndup__stories_text(stories, a)->vector,
                            &ndup__stories_text(stories, b)->vector);
}

double ndup__stories_score(ndup__stories *stories, uint32_t a, uint32_t b)
{
    uint32_t first = a < b ? a : b;
    uint32_t second = a < b ? b : a;
    uint64_t key = ndup__mix64((uint64_t)first << 32 | second);
    score_entry *entry = &stories->scores[key % SCORE_SLOTS];
    if (first == second) {
        return 0;
    }
    uint32_t renewed =
        ndup__stories_text(stories, first)->renewed + ndup__stories_text(stories, second)->renewed;
    if (entry->a != first || entry->b != second || entry->renewed != renewed) {
        bool counts = ndup__stories_apart(stories, first, second) == NDUP_APART_NOT;
        double score = counts ? ndup__stories_word_score(stories, first, second) : 0;
        *entry = (score_entry){first, second, renewed, score > 0 ? (float)score : 0};
        stories->scored++;
    }
    return (double)entry->score;
}

/* Notes the earlier texts that share one of the text's rarest terms, as far as they are in its
 * window. */
static ndup_status ask_index(ndup__stories *stories, const ndup__rarest_terms *rarest,
                             ndup_error *error)
{
    const ndup__story_text *text = ndup__stories_text(stories, (uint32_t)stories->count - 1);
    ndup_status status = NDUP_STATUS_OK;
    size_t left = POSTINGS_OF_ALL;
    stories->found_count = 0;
    for (uint32_t i = 0; i < rarest->count; i++) {
        uint32_t at = ndup__term_index_newest(&stories->index, rarest->terms[i]);
        for (size_t k = 0; k < POSTINGS_OF_TERM && left > 0 && at != NDUP__NO_POSTING; k++) {
            uint32_t other = ndup__term_index_text(&stories->index, at);
            if (!are_near_in_time(stories, text, ndup__stories_text(stories, other))) {
                break; /* older ones are no nearer */
            }
            at = ndup__term_index_older(&stories->index, at);
            left--;
            if (stories->marks[other - stories->base] != 0) {
                continue;
            }
            status = ndup__reserve(stories->allocator, &stories->found, &stories->found_capacity,
                                   stories->found_count + 1, sizeof *stories->found, error);
            if (status != NDUP_STATUS_OK) {
                return status;
            }
            stories->marks[other - stories->base] = 1;
            stories->found[stories->found_count++] = other;
        }
    }
    for (size_t i = 0; i < stories->found_count; i++) {
        stories->marks[stories->found[i] - stories->base] = 0;
    }
    return status;
}

/* Puts a liked story in its place: best first, of equal ones the older; `most` are kept. */
static void note_liked(liked *list, size_t *count, size_t most, liked one)
{
    size_t at = 0;
    while (at < *count && list[at].group != one.group) {
        at++;
    }
    if (at < *count && list[at].score >= one.score) {
        return;
    }
    if (at == *count) {
        if (*count == most) {
            at--;
            if (list[at].score >= one.score) {
                return;
            }
        } else {
            ++*count;
        }
    }
    for (; at > 0 && (list[at - 1].score < one.score ||
                      (list[at - 1].score == one.score && list[at - 1].group > one.group));
         at--) {
        list[at] = list[at - 1];
    }
    list[at] = one;
}

static ndup_status renew(const ndup__stories *stories, uint32_t text, ndup_error *error)
{
    return stories->renew != NULL ? stories->renew(stories->renew_context, text, error)
                                  : NDUP_STATUS_OK;
}

/* The stories that have a text like the new one. */
static ndup_status find_liked(liked list[LINKED], size_t *found, ndup__stories *stories,
                              uint32_t text, ndup_error *error)
{
    size_t count = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < stories->found_count && status == NDUP_STATUS_OK; i++) {
        uint32_t other = stories->found[i];
        status = renew(stories, other, error);
        double score = ndup__stories_score(stories, text, other);
        if (score >= stories->bar) {
            note_liked(list, &count, LINKED,
                       (liked){ndup__stories_group_of(stories, other), score});
        }
    }
    *found = count;
    return status;
}

/* What is linked: texts, and stories that stay whole. */
typedef struct linking {
    ndup__linkage linkage;
    uint32_t texts[NDUP__LINKED_MOST];
    size_t whole[NDUP__LINKED_MOST];    /* texts of a story that stays whole; 0: a text */
    uint32_t groups[NDUP__LINKED_MOST]; /* of each item, before */
} linking;

static void add_item(linking *link, uint32_t text, uint32_t group, size_t whole)
{
    size_t at = link->linkage.count++;
    link->texts[at] = text;
    link->groups[at] = group;
    link->whole[at] = whole;
    link->linkage.sizes[at] = whole > 0 ? (double)whole : 1;
}

/* Texts ascend; whole stories are behind them. */
static void sort_texts(linking *link, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t text = link->texts[i];
        uint32_t group = link->groups[i];
        size_t at = i;
        for (; at > 0 && link->texts[at - 1] > text; at--) {
            link->texts[at] = link->texts[at - 1];
            link->groups[at] = link->groups[at - 1];
        }
        link->texts[at] = text;
        link->groups[at] = group;
    }
}

static void gather_items(linking *link, const ndup__stories *stories, uint32_t text,
                         uint32_t own_group, const liked *list, size_t count)
{
    link->linkage.count = 0;
    add_item(link, text, own_group, 0);
    for (size_t i = 0; i < count; i++) {
        const story_group *group = ndup__stories_group_at(stories, list[i].group);
        if (group->count <= LINKED && link->linkage.count + group->count <= LINKED + 1) {
            for (size_t k = 0; k < group->count; k++) {
                add_item(link, group->members[k], list[i].group, 0);
            }
        }
    }
    sort_texts(link, link->linkage.count);
    for (size_t i = 0; i < count && link->linkage.count < NDUP__LINKED_MOST; i++) {
        const story_group *group = ndup__stories_group_at(stories, list[i].group);
        if (group->count > LINKED) {
            add_item(link, group->members[0], list[i].group, group->count);
        }
    }
}

/* Member k of those that stand for an item: of a large story its first and its last texts. */
static uint32_t stand_in(const ndup__stories *stories, const linking *link, size_t item, size_t k)
{
    size_t count = link->whole[item];
    const uint32_t *members = ndup__stories_group_at(stories, link->groups[item])->members;
    return count == 0       ? link->texts[item]
           : k < LINKED / 2 ? members[k]
                            : members[count - LINKED + k];
}

static double sum_of_scores(ndup__stories *stories, const linking *link, size_t a, size_t b)
{
    size_t a_count = link->whole[a] > 0 ? LINKED : 1;
    size_t b_count = link->whole[b] > 0 ? LINKED : 1;
    double sum = 0;
    for (size_t i = 0; i < a_count; i++) {
        uint32_t x = stand_in(stories, link, a, i);
        for (size_t k = 0; k < b_count; k++) {
            sum += ndup__stories_score(stories, x, stand_in(stories, link, b, k));
        }
    }
    return sum * link->linkage.sizes[a] * link->linkage.sizes[b] /
           ((double)a_count * (double)b_count);
}

/* In streams, what is told of a text that was in another story before. */
static ndup_status note_move(ndup__stories *stories, uint32_t text, uint32_t group,
                             ndup_error *error)
{
    uint32_t from = ndup__stories_group_of(stories, text);
    if (!stories->is_stream || text + 1 == stories->count || from == group) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(stories->allocator, &stories->moves, &stories->move_capacity,
                                       stories->move_count + 1, sizeof *stories->moves, error);
    if (status == NDUP_STATUS_OK) {
        stories->moves[stories->move_count++] = (ndup__story_move){text, from};
    }
    return status;
}

static ndup_status add_member(ndup__stories *stories, uint32_t group, uint32_t text,
                              ndup_error *error)
{
    story_group *into = ndup__stories_group_at(stories, group);
    ndup_status status = ndup__reserve(stories->allocator, &into->members, &into->capacity,
                                       into->count + 1, sizeof *into->members, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t at = into->count++;
    for (; at > 0 && into->members[at - 1] > text; at--) {
        into->members[at] = into->members[at - 1];
    }
    into->members[at] = text;
    status = note_move(stories, text, group, error);
    stories->group_of[text - stories->base] = group;
    return status;
}

static ndup_status new_group(uint32_t *group, ndup__stories *stories, ndup_error *error)
{
    ndup_status status = ndup__reserve(
        stories->allocator, &stories->groups, &stories->group_capacity,
        stories->group_count - stories->group_base + 1, sizeof *stories->groups, error);
    if (status == NDUP_STATUS_OK) {
        *group = (uint32_t)stories->group_count++;
        *ndup__stories_group_at(stories, *group) = (story_group){.members = NULL};
    }
    return status;
}

/* The former story that gave a part most texts, the older of equal ones, of those not taken. */
static bool find_former(uint32_t *former, const linking *link, size_t part, const bool *taken)
{
    double most = 0;
    for (size_t i = 0; i < link->linkage.count; i++) {
        double weight = 0;
        for (size_t k = 0; k < link->linkage.count; k++) {
            bool is_same = link->linkage.part[k] == part && link->groups[k] == link->groups[i];
            weight += !is_same ? 0 : link->whole[k] > 0 ? (double)link->whole[k] : 1;
        }
        bool is_better = weight > most || (weight == most && link->groups[i] < *former);
        if (weight > 0 && !taken[i] && is_better) {
            most = weight;
            *former = link->groups[i];
        }
    }
    return most > 0;
}

static void take_former(const linking *link, bool *taken, uint32_t former)
{
    for (size_t i = 0; i < link->linkage.count; i++) {
        taken[i] |= link->groups[i] == former;
    }
}

static ndup_status move_members(ndup__stories *stories, uint32_t group, const story_group *from,
                                ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < from->count && status == NDUP_STATUS_OK; i++) {
        status = add_member(stories, group, from->members[i], error);
    }
    return status;
}

/* Moves the texts of a part into a story; a large one that it was before gets its members back. */
static ndup_status fill_part(ndup__stories *stories, const linking *link, size_t part,
                             uint32_t group, story_group *emptied, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < link->linkage.count; i++) {
        if (link->linkage.part[i] == part && link->whole[i] > 0 && link->groups[i] == group) {
            *ndup__stories_group_at(stories, group) = emptied[i];
            emptied[i] = (story_group){.members = NULL};
        }
    }
    for (size_t i = 0; i < link->linkage.count && status == NDUP_STATUS_OK; i++) {
        if (link->linkage.part[i] == part) {
            status = link->whole[i] > 0 ? move_members(stories, group, &emptied[i], error)
                                        : add_member(stories, group, link->texts[i], error);
        }
    }
    return status;
}

/* Takes all linked stories apart; emptied[i] are the members of an item that is a whole one. */
static void empty_groups(ndup__stories *stories, const linking *link, story_group *emptied)
{
    for (size_t i = 0; i < link->linkage.count; i++) {
        story_group *group = ndup__stories_group_at(stories, link->groups[i]);
        emptied[i] = (story_group){.members = NULL};
        if (link->whole[i] > 0) {
            emptied[i] = *group;
            *group = (story_group){.members = NULL};
        }
        group->count = 0;
    }
}

/* Makes stories of the parts, the largest first: each keeps the number of the story that gave most
 * to it. */
static ndup_status place_parts(ndup__stories *stories, linking *link, ndup_error *error)
{
    story_group emptied[NDUP__LINKED_MOST];
    bool taken[NDUP__LINKED_MOST] = {false};
    bool placed[NDUP__LINKED_MOST] = {false};
    size_t items = link->linkage.count;
    ndup_status status = NDUP_STATUS_OK;
    uint32_t groups[NDUP__LINKED_MOST];
    for (size_t round = 0; round < items; round++) {
        size_t part = items;
        for (size_t i = 0; i < items; i++) {
            bool is_part = link->linkage.part[i] == i && !placed[i];
            if (is_part && (part == items || link->linkage.sizes[i] > link->linkage.sizes[part])) {
                part = i;
            }
        }
        if (part == items) {
            break;
        }
        placed[part] = true;
        if (find_former(&groups[part], link, part, taken)) {
            take_former(link, taken, groups[part]);
        } else if (status == NDUP_STATUS_OK) {
            status = new_group(&groups[part], stories, error);
        }
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    empty_groups(stories, link, emptied);
    for (size_t i = 0; i < items; i++) {
        if (link->linkage.part[i] == i && status == NDUP_STATUS_OK) {
            status = fill_part(stories, link, i, groups[i], emptied, error);
        }
    }
    for (size_t i = 0; i < items; i++) {
        ndup__free(stories->allocator, &emptied[i].members, emptied[i].capacity, sizeof(uint32_t));
    }
    return status;
}

static ndup_status link_anew(ndup__stories *stories, uint32_t text, uint32_t own_group,
                             const liked *list, size_t count, ndup_error *error)
{
    linking *link;
    ndup_status status = ndup__allocate_zeroed(stories->allocator, &link, 1, sizeof *link, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    gather_items(link, stories, text, own_group, list, count);
    for (size_t i = 0; i < link->linkage.count; i++) {
        for (size_t k = i + 1; k < link->linkage.count; k++) {
            double sum = sum_of_scores(stories, link, i, k);
            link->linkage.sums[i][k] = link->linkage.sums[k][i] = sum;
        }
    }
    ndup__average_link(&link->linkage, stories->bar);
    status = place_parts(stories, link, error);
    ndup__free(stories->allocator, &link, 1, sizeof *link);
    return status;
}

ndup_status ndup__stories_make_room(ndup__stories *stories, ndup_error *error)
{
    size_t wanted = stories->count - stories->base + 1;
    size_t marked = stories->mark_capacity;
    ndup_status status = ndup__reserve(stories->allocator, &stories->texts, &stories->capacity,
                                       wanted, sizeof *stories->texts, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(stories->allocator, &stories->group_of, &stories->group_of_capacity,
                               wanted, sizeof *stories->group_of, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(stories->allocator, &stories->marks, &stories->mark_capacity, wanted,
                               1, error);
    }
    if (status == NDUP_STATUS_OK && stories->mark_capacity > marked) {
        memset(stories->marks + marked, 0, stories->mark_capacity - marked);
    }
    return status;
}

void ndup__stories_let_go(ndup__stories *stories, uint32_t text)
{
    if (text < stories->count) {
        ndup__vectors_let_go(&stories->vectors, &ndup__stories_text(stories, text)->vector);
    }
}

/* Forgets what the newest text is past the window of: so are those that come, but undated ones. */
static void forget_old(ndup__stories *stories)
{
    uint32_t newest = (uint32_t)stories->count - 1;
    const ndup__story_text *text = ndup__stories_text(stories, newest);
    while (stories->oldest < newest &&
           !are_near_in_time(stories, text, ndup__stories_text(stories, stories->oldest))) {
        stories->oldest++;
    }
    if (!stories->has_undated) {
        ndup__term_index_forget(&stories->index, stories->oldest);
    }
    if (newest % LET_GO_TEXTS == 0 && !stories->is_stream) {
        ndup__stories_let_go(stories, stories->oldest);
    }
}

ndup_status ndup__stories_add(ndup__stories *stories, ndup__story_text *text,
                              const ndup__rarest_terms *rarest, ndup_error *error)
{
    liked list[LINKED];
    uint32_t group;
    ndup_status status = ndup__stories_make_room(stories, error);
    if (status == NDUP_STATUS_OK && !stories->is_stream) {
        status = ndup__vectors_keep(&stories->vectors, &text->vector, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    stories->move_count = 0;
    uint32_t number = (uint32_t)stories->count;
    stories->count++;
    *ndup__stories_text(stories, number) = *text;
    *text = (ndup__story_text){.form = NDUP__NO_FORM}; /* its vector belongs to the stories now */
    forget_old(stories);
    status = ask_index(stories, rarest, error);
    if (status == NDUP_STATUS_OK) {
        status = new_group(&group, stories, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = add_member(stories, group, number, error);
    }
    for (uint32_t i = 0; i < rarest->count && status == NDUP_STATUS_OK; i++) {
        status = ndup__term_index_add(&stories->index, rarest->terms[i], number, error);
    }
    size_t count = 0;
    if (status == NDUP_STATUS_OK) {
        status = find_liked(list, &count, stories, number, error);
    }
    return status == NDUP_STATUS_OK && count > 0
               ? link_anew(stories, number, group, list, count, error)
               : status;
}
