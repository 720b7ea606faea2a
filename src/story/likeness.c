/* SPDX-License-Identifier: MIT */
/* Words are aligned; what lies between two runs of them is damage when its letters are alike. */
#include "story/likeness.h"

#include <string.h>

#include "passage/passage_text.h"
#include "text/utf8.h"

/* Words of a stretch that stands in both. */
#define STRETCH_WORDS 4
/* Letters of damaged words between two that are whole, and the part of them that must be alike. */
#define LETTERS_MOST 96
#define LETTERS_ALIKE 0.6

/* Damage and edits hit figures no more often than words; a form has other figures and the same
 * words: twice as often, and so much for texts of few figures. */
#define FIGURES_BY_WORDS 2
#define FIGURES_BESIDES 0.1

/* In a short text other words are other contents, unless most of them are damaged ones. */
#define DAMAGED 0.5
#define SHORT_WORDS 100

/* The letters of some tokens, without what parts them. */
typedef struct letters {
    uint32_t items[LETTERS_MOST]; /* code points: bytes of one script are alike by themselves */
    size_t count;
    bool is_whole; /* they are not more */
} letters;

/* A stretch of both texts as far as it has been followed. */
typedef struct stretch {
    uint32_t own_tokens, of_tokens;
    uint32_t weight; /* as passage_text.h counts */
} stretch;

typedef struct comparison {
    const ndup__likeness *likeness;
    const char *of, *own;
    stretch now;
    uint64_t own_tokens, of_tokens;  /* in stretches that are long enough */
    uint64_t figures, other_figures; /* of `own`; those that stand where `of` has others */
    uint64_t others, other_words, damaged;
} comparison;

static void take_letters(letters *taken, const ndup__tokens *tokens, const char *text,
                         uint32_t begin, uint32_t end)
{
    uint64_t replaced = 0;
    taken->count = 0;
    taken->is_whole = true;
    for (uint32_t i = begin; i < end && taken->is_whole; i++) {
        for (uint32_t at = tokens->starts[i]; at < tokens->ends[i] && taken->is_whole;) {
            uint32_t code_point;
            at +=
                (uint32_t)ndup__utf8_read(&code_point, text + at, tokens->ends[i] - at, &replaced);
            taken->is_whole = taken->count < LETTERS_MOST;
            if (taken->is_whole) {
                taken->items[taken->count++] = code_point;
            }
        }
    }
}

/* The longest common subsequence, row by row. */
static size_t count_common(const letters *a, const letters *b)
{
    size_t row[LETTERS_MOST + 1] = {0};
    for (size_t i = 0; i < a->count; i++) {
        size_t corner = 0;
        for (size_t k = 0; k < b->count; k++) {
            size_t above = row[k + 1];
            size_t most = above > row[k] ? above : row[k];
            row[k + 1] = a->items[i] == b->items[k] ? corner + 1 : most;
            corner = above;
        }
    }
    return row[b->count];
}

/* Whether tokens of both, which differ, are the same words with damage. */
static bool is_damage(const comparison *c, uint32_t of_begin, uint32_t of_end, uint32_t own_begin,
                      uint32_t own_end)
{
    letters of;
    letters own;
    if (of_begin == of_end || own_begin == own_end) {
        return false;
    }
    take_letters(&of, &c->likeness->of, c->of, of_begin, of_end);
    take_letters(&own, &c->likeness->own, c->own, own_begin, own_end);
    size_t most = of.count > own.count ? of.count : own.count;
    return of.is_whole && own.is_whole &&
           (double)count_common(&of, &own) >= LETTERS_ALIKE * (double)most;
}

static bool is_figure(const char *text, const ndup__tokens *tokens, uint32_t token)
{
    return text[tokens->starts[token]] >= '0' && text[tokens->starts[token]] <= '9';
}

static uint32_t count_figures(const char *text, const ndup__tokens *tokens, uint32_t begin,
                              uint32_t end)
{
    uint32_t count = 0;
    for (uint32_t i = begin; i < end; i++) {
        count += is_figure(text, tokens, i);
    }
    return count;
}

/* Notes what the two texts have in one place, and that is not the same. */
static void note_others(comparison *c, uint32_t of_begin, uint32_t of_end, uint32_t own_begin,
                        uint32_t own_end)
{
    uint32_t of = count_figures(c->of, &c->likeness->of, of_begin, of_end);
    uint32_t own = count_figures(c->own, &c->likeness->own, own_begin, own_end);
    c->other_figures += of < own ? of : own;
    c->other_words += own_end - own_begin - own;
    c->others += own_end - own_begin;
}

static void end_stretch(comparison *c)
{
    if (c->now.weight >= STRETCH_WORDS * NDUP__WORD_WEIGHT) {
        c->own_tokens += c->now.own_tokens;
        c->of_tokens += c->now.of_tokens;
    }
    c->now = (stretch){0};
}

static uint32_t weigh(const comparison *c, uint32_t begin, uint32_t end)
{
    const ndup__tokens *own = &c->likeness->own;
    uint32_t sum = 0;
    for (uint32_t i = begin; i < end; i++) {
        uint32_t code_point;
        uint64_t replaced = 0;
        (void)ndup__utf8_read(&code_point, c->own + own->starts[i], own->ends[i] - own->starts[i],
                              &replaced);
        sum += ndup__script_weight(code_point);
    }
    return sum;
}

/* Goes on with the stretch over what lies between two runs if that is damage, else ends it. */
static void cross(comparison *c, uint32_t of_begin, uint32_t of_end, uint32_t own_begin,
                  uint32_t own_end)
{
    note_others(c, of_begin, of_end, own_begin, own_end);
    if (!is_damage(c, of_begin, of_end, own_begin, own_end)) {
        end_stretch(c);
        return;
    }
    c->damaged += own_end - own_begin;
    c->now.of_tokens += of_end - of_begin;
    c->now.own_tokens += own_end - own_begin;
    c->now.weight += weigh(c, own_begin, own_end);
}

static void compare(comparison *c)
{
    const ndup__aligned_runs *runs = &c->likeness->aligner.runs;
    uint32_t own_count = (uint32_t)c->likeness->own.count;
    uint32_t of_end = 0;
    uint32_t own_end = 0;
    for (size_t i = 0; i < runs->count; i++) {
        ndup__aligned_run run = runs->items[i];
        cross(c, of_end, run.a, own_end, run.b);
        of_end = run.a + run.tokens;
        own_end = run.b + run.tokens;
        c->now.of_tokens += run.tokens;
        c->now.own_tokens += run.tokens;
        c->now.weight += weigh(c, run.b, own_end);
    }
    cross(c, of_end, (uint32_t)c->likeness->of.count, own_end, own_count);
    end_stretch(c);
    c->figures = count_figures(c->own, &c->likeness->own, 0, own_count);
}

void ndup__likeness_init(ndup__likeness *likeness, const ndup_allocator *allocator)
{
    ndup__tokens tokens = {.allocator = allocator, .wants_offsets = true};
    *likeness = (ndup__likeness){.of = tokens, .own = tokens, .aligner = {.allocator = allocator}};
}

void ndup__likeness_deinit(ndup__likeness *likeness)
{
    ndup__tokens_deinit(&likeness->of);
    ndup__tokens_deinit(&likeness->own);
    ndup__aligner_deinit(&likeness->aligner);
}

static double part(uint64_t some, uint64_t all)
{
    return all > 0 ? (double)some / (double)all : 0;
}

ndup_status ndup__likeness_find(ndup__shares *shares, ndup__likeness *likeness, ndup_text of,
                                ndup_text own, ndup_error *error)
{
    comparison c = {.likeness = likeness, .of = of.bytes, .own = own.bytes};
    ndup_status status =
        ndup__tokenize(&likeness->of, NDUP__TOKEN_WORDS, of.bytes, of.length, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__tokenize(&likeness->own, NDUP__TOKEN_WORDS, own.bytes, own.length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__align(&likeness->aligner, likeness->of.hashes, likeness->of.count,
                             likeness->own.hashes, likeness->own.count, error);
    }
    if (status == NDUP_STATUS_OK) {
        compare(&c);
        uint32_t weight = weigh(&c, 0, (uint32_t)likeness->own.count);
        *shares =
            (ndup__shares){.share = part(c.own_tokens, likeness->own.count),
                           .of_share = part(c.of_tokens, likeness->of.count),
                           .other_figures = part(c.other_figures, c.figures),
                           .damaged = part(c.damaged, c.others),
                           .words = weight / (double)NDUP__WORD_WEIGHT,
                           .other_words = part(c.other_words, likeness->own.count - c.figures)};
    }
    return status;
}

bool ndup__shares_are_form(const ndup__shares *shares)
{
    return shares->other_figures > FIGURES_BY_WORDS * shares->other_words + FIGURES_BESIDES ||
           (shares->words < SHORT_WORDS && shares->damaged < DAMAGED);
}
