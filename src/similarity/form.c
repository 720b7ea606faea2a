/* SPDX-License-Identifier: MIT */
/* The test that tells forms from copies. The figures behind it stand in ../README.md. */
#include "similarity/form.h"

#include <math.h>

#include "neardup/explain.h"

#define FREQUENCY_END (NDUP__FREQUENCY_MOST + 1)

/* Forms differ in a few places. Where the differences are scattered, as in the versions of a long
 * text, next to nothing may be explained by edits. */
#define PLACES_MOST 12
#define EDITS_MOST 0.44
#define SCATTERED_EDITS_MOST 0.1

#define OWN_LEAST 0.04

/* In long runs, where no family tells: of both texts, and of the one that would go. */
#define RUNS_LEAST 0.15

#define FIGURES_ALONE 0.4

/* What so many texts have is a site's or a form's, though the two share no family. */
#define NOBODYS_OWN 5

static double sum(const uint32_t *counts, uint32_t begin, uint32_t end)
{
    uint64_t total = 0;
    for (uint32_t i = begin; i < end; i++) {
        total += counts[i];
    }
    return (double)total;
}

static uint32_t median(const uint32_t *counts)
{
    double half = sum(counts, 0, FREQUENCY_END) / 2;
    double passed = 0;
    uint32_t i = 0;
    while (i < NDUP__FREQUENCY_MOST && passed + counts[i] < half) {
        passed += counts[i++];
    }
    return i;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

void ndup__form_measure(ndup__form_signs *signs, const ndup__form_counts *counts)
{
    uint32_t family = median(counts->shared);
    uint32_t many = family < NDUP__FORM_LEAST ? NOBODYS_OWN : (family + 1) / 2;
    /* Within a form there may be another, of fewer texts, which must not count as rare. */
    uint32_t few = (uint32_t)ceil(fmin(family / 2.0, 2 * sqrt(family)));
    double shared = sum(counts->shared, 0, FREQUENCY_END);
    double rare[2], taken[2], own[2];
    for (int side = 0; side < 2; side++) {
        rare[side] = sum(counts->alone[side], 0, many);
        taken[!side] = sum(counts->alone[side], many, FREQUENCY_END); /* from the other */
    }
    for (int side = 0; side < 2; side++) {
        own[side] = share(fmax(0, rare[side] - taken[side]), shared + rare[side] + taken[!side]);
    }
    double explained = sum(counts->shared, 0, few) + taken[0] + taken[1];
    *signs = (ndup__form_signs){.family = family,
                                .many = many,
                                .edits = share(explained, explained + rare[0] + rare[1]),
                                .own = fmin(own[0], own[1]),
                                .places = counts->places};
}

double ndup__share_in_runs(const uint64_t *marks, size_t count)
{
    size_t in_runs = 0;
    size_t run = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_marked = (marks[i / 64] >> (i % 64) & 1) != 0;
        run = is_marked ? run + 1 : 0;
        if (run >= NDUP__FORM_RUN) {
            in_runs += run == NDUP__FORM_RUN ? run : 1;
        }
    }
    return share((double)in_runs, (double)count);
}

bool ndup__runs_may_tell(double containment_a, double containment_b)
{
    double own_a = 1 - containment_a;
    return own_a >= NDUP_OWN_ENOUGH || fmin(own_a, 1 - containment_b) >= RUNS_LEAST;
}

bool ndup__is_form(const ndup__form_signs *signs)
{
    double both = fmin(signs->runs[0], signs->runs[1]);
    if (signs->runs[0] >= NDUP_OWN_ENOUGH) {
        return true;
    }
    if (signs->family < NDUP__FORM_LEAST) {
        return both >= RUNS_LEAST;
    }
    double most = signs->places <= PLACES_MOST ? EDITS_MOST : SCATTERED_EDITS_MOST;
    return signs->edits <= most && fmax(signs->own, both) >= OWN_LEAST;
}

double ndup__form_numbers_least(uint32_t family, double least)
{
    return family >= NDUP__FORM_REPORTS || least >= 1 ? least : FIGURES_ALONE * least;
}
