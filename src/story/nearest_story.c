/* SPDX-License-Identifier: MIT */
/* The texts of the corpus are sifted by what they share with the sum of the story's vectors, which
 * is what they share with its texts on average; those that share most are looked at closely. */
#include "story/nearest_story.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Texts that are looked at closely. */
#define SIFTED 32
/* Texts between which what was passed by is let go. */
#define LET_GO_TEXTS 4096
/* Bits that say of most terms that the story has them not. */
#define SIEVE_BITS ((uint32_t)1 << 18)

/* The sum of a story's vectors. */
typedef struct story_sum {
    ndup__weighted_term *terms; /* [count] by term */
    size_t count, capacity;
    uint8_t sieve[SIEVE_BITS / 8];
} story_sum;

typedef struct sifted {
    uint32_t text;
    double shared;
} sifted;

void ndup__stories_meet(ndup__stories_met *met, const ndup__emission *e, size_t a, size_t b)
{
    const ndup__stories *stories = &e->run->stories;
    uint32_t own[NDUP__TEXTS_COMPARED];
    uint32_t others[NDUP__TEXTS_COMPARED];
    size_t own_count = ndup__story_texts(own, e, a);
    size_t other_count = ndup__story_texts(others, e, b);
    *met = (ndup__stories_met){.a = own[0], .b = others[0]};
    for (size_t i = 0; i < own_count; i++) {
        for (size_t k = 0; k < other_count; k++) {
            double words = ndup__stories_word_score(stories, own[i], others[k]);
            double score = words > 0 ? words : 0;
            ndup_apart apart = ndup__stories_apart(stories, own[i], others[k]);
            met->word_mean += score;
            met->mean += apart == NDUP_APART_NOT ? score : 0;
            met->days_share += apart == NDUP_APART_DAYS ? score : 0;
            met->form_share += apart == NDUP_APART_FORM ? score : 0;
            if (score > met->score) {
                met->a = own[i];
                met->b = others[k];
                met->score = score;
            }
        }
    }
    double pairs = (double)own_count * (double)other_count;
    met->days_share /= met->word_mean > 0 ? met->word_mean : 1;
    met->form_share /= met->word_mean > 0 ? met->word_mean : 1;
    met->word_mean /= pairs;
    met->mean /= pairs;
}

static int by_term(const void *left, const void *right)
{
    const ndup__weighted_term *x = left;
    const ndup__weighted_term *y = right;
    return x->term < y->term ? -1 : x->term > y->term;
}

/* Adds up what stands several times. */
static void merge_terms(story_sum *sum)
{
    size_t merged = 0;
    if (sum->count > 1) {
        qsort(sum->terms, sum->count, sizeof *sum->terms, by_term);
    }
    for (size_t i = 0; i < sum->count; i++) {
        if (merged > 0 && sum->terms[merged - 1].term == sum->terms[i].term) {
            sum->terms[merged - 1].weight += sum->terms[i].weight;
        } else {
            sum->terms[merged++] = sum->terms[i];
        }
    }
    sum->count = merged;
}

static uint32_t sieve_place(uint32_t term)
{
    return term % SIEVE_BITS;
}

static ndup_status add_up(story_sum *sum, const ndup__emission *e, size_t story, ndup_error *error)
{
    uint32_t texts[NDUP__TEXTS_COMPARED];
    size_t count = ndup__story_texts(texts, e, story);
    for (size_t i = 0; i < count; i++) {
        const ndup__term_vector *vector = &e->run->stories.texts[texts[i]].vector;
        ndup_status status = ndup__reserve(e->run->allocator, &sum->terms, &sum->capacity,
                                           sum->count + vector->count, sizeof *sum->terms, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        for (uint32_t k = 0; k < vector->count; k++) {
            uint32_t place = sieve_place(vector->terms[k].term);
            sum->terms[sum->count++] = vector->terms[k];
            sum->sieve[place / 8] |= (uint8_t)(1U << place % 8);
        }
    }
    merge_terms(sum);
    return NDUP_STATUS_OK;
}

static double shared_with(const story_sum *sum, const ndup__term_vector *vector)
{
    double shared = 0;
    for (uint32_t i = 0; i < vector->count; i++) {
        uint32_t place = sieve_place(vector->terms[i].term);
        if ((sum->sieve[place / 8] >> place % 8 & 1) == 0) {
            continue;
        }
        const ndup__weighted_term *found =
            bsearch(&vector->terms[i], sum->terms, sum->count, sizeof *sum->terms, by_term);
        shared += found != NULL ? (double)found->weight * (double)vector->terms[i].weight : 0;
    }
    return shared;
}

/* Puts a text in its place: those that share most first, of equal ones the earlier. */
static void note(sifted *list, size_t *count, sifted one)
{
    if (*count == SIFTED && list[SIFTED - 1].shared >= one.shared) {
        return;
    }
    size_t at = *count < SIFTED ? (*count)++ : SIFTED - 1;
    for (; at > 0 && list[at - 1].shared < one.shared; at--) {
        list[at] = list[at - 1];
    }
    list[at] = one;
}

static size_t story_of_text(const ndup__emission *e, uint32_t text)
{
    return e->story_of[e->run->firsts[text]];
}

static size_t sift(sifted list[SIFTED], const ndup__emission *e, const story_sum *sum, size_t story)
{
    ndup__stories *stories = &e->run->stories;
    size_t count = 0;
    for (uint32_t i = 0; i < stories->count; i++) {
        if (i % LET_GO_TEXTS == 0) {
            ndup__stories_let_go(stories, i);
        }
        double shared =
            story_of_text(e, i) != story ? shared_with(sum, &stories->texts[i].vector) : 0;
        if (shared > 0) {
            note(list, &count, (sifted){i, shared});
        }
    }
    return count;
}

ndup_status ndup__story_find_nearest(bool *found, size_t *nearest, ndup__stories_met *met,
                                     const ndup__emission *e, size_t story, ndup_error *error)
{
    story_sum *sum;
    sifted list[SIFTED];
    *found = false;
    ndup_status status = ndup__allocate_zeroed(e->run->allocator, &sum, 1, sizeof *sum, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = add_up(sum, e, story, error);
    size_t count = status == NDUP_STATUS_OK ? sift(list, e, sum, story) : 0;
    for (size_t i = 0; i < count; i++) {
        ndup__stories_met one;
        size_t other = story_of_text(e, list[i].text);
        ndup__stories_meet(&one, e, story, other);
        bool is_nearer = !*found || one.word_mean > met->word_mean ||
                         (one.word_mean == met->word_mean && other < *nearest);
        if (is_nearer) {
            *found = true;
            *nearest = other;
            *met = one;
        }
    }
    ndup__free(e->run->allocator, &sum->terms, sum->capacity, sizeof *sum->terms);
    ndup__free(e->run->allocator, &sum, 1, sizeof *sum);
    return status;
}
