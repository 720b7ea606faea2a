/* SPDX-License-Identifier: MIT */
/* Forms by lists of frequencies and the rules in words. */
#include "support/naive_forms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { PLACES_MOST = 400 };

/* What hashes that meet may change. */
#define EDITS_MARGIN 0.06
#define OWN_MARGIN 0.02

/* One text of a pair, shingle by shingle. */
typedef struct side {
    size_t places;
    const unsigned *frequencies;
    bool is_shared[PLACES_MOST];
    bool is_repeat[PLACES_MOST]; /* an earlier place has the same shingle */
} side;

typedef struct slack {
    int family;
    double edits;
    double own;
} slack;

static size_t width_of(const naive_forms *self, const naive_document *document)
{
    size_t size = self->matching->shingle_size;
    return document->token_count < size ? document->token_count : size;
}

static size_t places_of(const naive_forms *self, const naive_document *document)
{
    return document->token_count == 0 ? 0 : document->token_count - width_of(self, document) + 1;
}

static bool stands_in(const naive_forms *self, size_t text, size_t place, size_t other)
{
    const naive_document *x = &self->corpus->items[text];
    const naive_document *y = &self->corpus->items[other];
    size_t width = width_of(self, x);
    return width == width_of(self, y) && naive_has_run(x, place, width, y);
}

void naive_forms_init(naive_forms *self, const naive_corpus *corpus, const ndup_matching *matching)
{
    *self = (naive_forms){.corpus = corpus, .matching = matching};
    self->is_first = calloc(corpus->count + 1, sizeof *self->is_first);
    self->frequencies = calloc(corpus->count + 1, sizeof *self->frequencies);
    assert_true(self->is_first != NULL && self->frequencies != NULL);
    for (size_t i = 0; i < corpus->count; i++) {
        self->is_first[i] = corpus->items[i].token_count > 0;
        for (size_t j = 0; j < i; j++) {
            self->is_first[i] &= !naive_same_tokens(corpus, i, j);
        }
    }
    for (size_t i = 0; i < corpus->count; i++) {
        size_t places = places_of(self, &corpus->items[i]);
        assert_in_range(places, 0, 191);
        self->frequencies[i] = calloc(places + 1, sizeof(unsigned));
        assert_non_null(self->frequencies[i]);
        for (size_t k = 0; k < places * corpus->count; k++) {
            size_t other = k / places;
            self->frequencies[i][k % places] +=
                self->is_first[other] && stands_in(self, i, k % places, other);
        }
    }
}

void naive_forms_deinit(naive_forms *self)
{
    for (size_t i = 0; i < self->corpus->count; i++) {
        free(self->frequencies[i]);
    }
    free(self->frequencies);
    free(self->is_first);
    *self = (naive_forms){0};
}

static void look_at(side *out, const naive_forms *self, size_t text, size_t other)
{
    const naive_document *document = &self->corpus->items[text];
    size_t width = width_of(self, document);
    *out = (side){.places = places_of(self, document), .frequencies = self->frequencies[text]};
    for (size_t i = 0; i < out->places; i++) {
        out->is_shared[i] = stands_in(self, text, i, other);
        for (size_t j = 0; j < i && !out->is_repeat[i]; j++) {
            out->is_repeat[i] = memcmp(document->tokens + i, document->tokens + j,
                                       width * sizeof *document->tokens) == 0;
        }
    }
}

/* Distinct shingles of one text that are shared, or are not, of frequency [least, end). */
static double count(const side *of, bool is_shared, unsigned least, unsigned end)
{
    unsigned found = 0;
    for (size_t i = 0; i < of->places; i++) {
        found += !of->is_repeat[i] && of->is_shared[i] == is_shared &&
                 of->frequencies[i] >= least && of->frequencies[i] < end;
    }
    return found;
}

/* The least frequency that half of the shared shingles do not exceed. */
static int median(const side *of)
{
    unsigned family = 0;
    while (2 * count(of, true, 0, family + 1) < count(of, true, 0, UINT32_MAX)) {
        family++;
    }
    return (int)family;
}

static unsigned count_gaps(const side *of)
{
    unsigned gaps = 0;
    for (size_t i = 0; i < of->places; i++) {
        gaps += !of->is_shared[i] && (i == 0 || of->is_shared[i - 1]);
    }
    return gaps;
}

/* Share of the text in passages of 12 shingles and more that the other has not, nor many have. */
static double share_of_passages(const side *of, unsigned many)
{
    size_t inside = 0;
    for (size_t i = 0; i < of->places;) {
        size_t end = i;
        while (end < of->places && !of->is_shared[end] && of->frequencies[end] < many) {
            end++;
        }
        inside += end - i >= 12 ? end - i : 0;
        i = end + 1;
    }
    return of->places > 0 ? (double)inside / (double)of->places : 0;
}

static double part(double some, double all)
{
    return all > 0 ? some / all : 0;
}

/* Words of its own, less those that stand where an edit took the form's. */
static double own_of(const side *of, const side *other, unsigned many)
{
    double rare = count(of, false, 0, many);
    double replaced = count(other, false, many, UINT32_MAX);
    return part(fmax(0, rare - replaced),
                count(of, true, 0, UINT32_MAX) + rare + count(of, false, many, UINT32_MAX));
}

static bool is_form(const side *a, const side *b, slack by)
{
    int family = median(a) + by.family;
    unsigned many = family < 3 ? 5 : (unsigned)(family + 1) / 2;
    if (share_of_passages(b, many) >= 0.3 - by.own) {
        return true;
    }
    if (family < 3) {
        return fmin(share_of_passages(a, many), share_of_passages(b, many)) >= 0.15 - by.own;
    }
    unsigned few = (unsigned)ceil(fmin(family / 2.0, 2 * sqrt(family)));
    double taken = count(a, false, many, UINT32_MAX) + count(b, false, many, UINT32_MAX);
    double rare = count(a, false, 0, many) + count(b, false, 0, many);
    double explained = count(a, true, 0, few) + taken;
    double own = fmin(own_of(a, b, many), own_of(b, a, many));
    double passages = fmin(share_of_passages(a, many), share_of_passages(b, many));
    double most = count_gaps(a) + count_gaps(b) <= 12 ? 0.44 : 0.1;
    return part(explained, explained + rare) <= most + by.edits &&
           fmax(own, passages) >= 0.04 - by.own;
}

static bool is_template(const naive_forms *self, const side *a, const side *b, double agreement,
                        slack by)
{
    double asked = self->matching->number_agreement;
    bool is_report = median(a) + by.family >= 10 || asked >= 1;
    return is_form(a, b, by) || agreement < (is_report ? asked : 0.4 * asked);
}

naive_kind naive_forms_kind(const naive_forms *self, size_t a, size_t b, bool *is_clear)
{
    static const slack slacks[] = {{-1, EDITS_MARGIN, OWN_MARGIN}, {-1, -EDITS_MARGIN, -OWN_MARGIN},
                                   {0, EDITS_MARGIN, OWN_MARGIN},  {0, -EDITS_MARGIN, -OWN_MARGIN},
                                   {1, EDITS_MARGIN, OWN_MARGIN},  {1, -EDITS_MARGIN, -OWN_MARGIN}};
    side sides[2];
    naive_comparison by = naive_compare(self->corpus, a, b);
    *is_clear = true;
    if (by.similarity < self->matching->threshold) {
        return NAIVE_UNLIKE;
    }
    look_at(&sides[0], self, a, b);
    look_at(&sides[1], self, b, a);
    bool is = is_template(self, &sides[0], &sides[1], by.number_agreement, (slack){0});
    for (size_t i = 0; i < sizeof slacks / sizeof *slacks; i++) {
        *is_clear &= is == is_template(self, &sides[0], &sides[1], by.number_agreement, slacks[i]);
    }
    ndup_matching without_numbers = *self->matching;
    without_numbers.number_agreement = 0;
    bool is_copy = naive_is_duplicate(self->corpus, a, b, &without_numbers);
    return is ? NAIVE_FORM : is_copy ? NAIVE_COPY : NAIVE_UNLIKE;
}
