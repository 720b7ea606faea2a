/* SPDX-License-Identifier: MIT */
/* Terms are gathered token by token and counted in a table. Pairs name an event better than
 * words, and there are more of them, so they count half. */
#include "story/story_terms.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "text/utf8.h"

#define TITLE_COUNT 3.0f
#define PAIR_SHARE 0.5f
/* Terms that may begin with a token. */
#define TERMS_PER_TOKEN 3
#define SLOTS_LEAST 64
/* Phrases ahead of the one that is asked for whose cells are fetched. */
#define AHEAD 16

/* A text with its tokens, while its terms are gathered. */
typedef struct source_text {
    ndup_text text;
    const ndup__tokens *tokens;
    size_t begin, end;    /* tokens that count */
    const uint8_t *marks; /* of its tokens, those of set phrases; NULL: none is */
    float count;
    uint32_t base; /* number of its first token among those of title and text */
} source_text;

static bool is_break(uint32_t c)
{
    static const uint32_t wide[] = {0xAB,   0xBB,   0x61F,  0x2013, 0x2014,
                                    0x201C, 0x201D, 0x3002, 0xFF01, 0xFF1F};
    if (c < 0x80) {
        return c != 0 && strchr(".!?\n:;|\"()[]", (int)c) != NULL;
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (wide[i] == c) {
            return true;
        }
    }
    return false;
}

/* Whether a character of this kind stands between two tokens. */
static bool is_between(const source_text *from, size_t token, bool (*is_kind)(uint32_t))
{
    size_t at = from->tokens->ends[token];
    size_t end = from->tokens->starts[token + 1];
    uint64_t replaced = 0;
    while (at < end) {
        uint32_t c;
        at += ndup__utf8_read(&c, from->text.bytes + at, end - at, &replaced);
        if (is_kind(c)) {
            return true;
        }
    }
    return false;
}

static bool is_character(const source_text *from, size_t token)
{
    return ndup__token_is_character(from->text, from->tokens, token);
}

/* Makes the table one for up to `most` terms, and empty. */
static ndup_status clear_table(ndup__term_finder *finder, size_t most, ndup_error *error)
{
    size_t wanted = SLOTS_LEAST;
    while (wanted < 2 * most) {
        wanted *= 2;
    }
    ndup_status status = ndup__reserve(finder->allocator, &finder->slots, &finder->slot_capacity,
                                       wanted, sizeof *finder->slots, error);
    finder->slot_count = wanted;
    if (status == NDUP_STATUS_OK) {
        memset(finder->slots, 0, finder->slot_count * sizeof *finder->slots);
    }
    finder->count = 0;
    return status;
}

/* The term of this hash, made with a count of nothing where there is none. */
static ndup_status find_term(ndup__term **term, ndup__term_finder *finder, uint64_t hash,
                             ndup_error *error)
{
    size_t mask = finder->slot_count - 1;
    size_t slot = hash & mask;
    for (; finder->slots[slot] != 0; slot = (slot + 1) & mask) {
        *term = &finder->terms[finder->slots[slot] - 1];
        if ((*term)->hash == hash) {
            return NDUP_STATUS_OK;
        }
    }
    ndup_status status = ndup__reserve(finder->allocator, &finder->terms, &finder->capacity,
                                       finder->count + 1, sizeof *finder->terms, error);
    if (status == NDUP_STATUS_OK) {
        *term = &finder->terms[finder->count++];
        **term = (ndup__term){.hash = hash};
        finder->slots[slot] = (uint32_t)finder->count;
    }
    return status;
}

static bool is_marked(const source_text *from, size_t first, size_t tokens)
{
    for (size_t i = 0; from->marks != NULL && i < tokens; i++) {
        if (from->marks[first + i] != 0) {
            return true;
        }
    }
    return false;
}

static ndup_status add_term(ndup__term_finder *finder, const source_text *from, size_t first,
                            uint32_t tokens, ndup_error *error)
{
    uint64_t hash = 0;
    if (is_marked(from, first, tokens)) {
        return NDUP_STATUS_OK;
    }
    for (uint32_t i = 0; i < tokens; i++) {
        hash = ndup__sequence_step(hash, from->tokens->hashes[first + i]);
    }
    ndup__term *term;
    ndup_status status = find_term(&term, finder, ndup__mix64(hash), error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (term->tokens == 0) {
        term->is_word = tokens == 1;
        term->first = from->base + (uint32_t)first;
        term->tokens = tokens;
    }
    term->count += tokens == 1 ? from->count : PAIR_SHARE * from->count;
    return NDUP_STATUS_OK;
}

/* The terms that begin with a token. */
static ndup_status add_terms_at(ndup__term_finder *finder, const source_text *from, size_t i,
                                ndup_error *error)
{
    bool here = is_character(from, i);
    ndup_status status = here ? NDUP_STATUS_OK : add_term(finder, from, i, 1, error);
    bool has_next = i + 1 < from->end && !is_between(from, i, is_break);
    if (status == NDUP_STATUS_OK && has_next) {
        status = add_term(finder, from, i, 2, error);
        bool goes_on = here && i + 2 < from->end && is_character(from, i + 1) &&
                       !is_between(from, i + 1, is_break) && is_character(from, i + 2);
        if (status == NDUP_STATUS_OK && goes_on) {
            status = add_term(finder, from, i, 3, error);
        }
    }
    return status;
}

static bool is_rule(uint32_t c)
{
    return c == '-' || c == '|' || c == 0x2013 || c == 0x2014;
}

static bool is_colon(uint32_t c)
{
    return c == ':' || c == '|';
}

/* Leaves out the source's name where a mark parts it from the rest. */
static void leave_out_source(source_text *title, const ndup__tokens *source)
{
    const uint64_t *hashes = title->tokens->hashes;
    size_t count = title->tokens->count;
    size_t named = source->count;
    if (named == 0 || named >= count) {
        return;
    }
    size_t bytes = named * sizeof *hashes;
    if (memcmp(hashes + count - named, source->hashes, bytes) == 0 &&
        is_between(title, count - named - 1, is_rule)) {
        title->end = count - named;
    } else if (memcmp(hashes, source->hashes, bytes) == 0 &&
               is_between(title, named - 1, is_colon)) {
        title->begin = named;
    }
}

static ndup_status read_tokens(ndup__tokens *tokens, const ndup__term_finder *finder,
                               ndup_text text, ndup_error *error)
{
    tokens->allocator = finder->allocator;
    tokens->seed = finder->seed;
    tokens->wants_offsets = true;
    return ndup__tokenize(tokens, NDUP__TOKEN_WORDS, text.bytes, text.length, error);
}

static uint64_t source_hash(const ndup__tokens *source)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < source->count; i++) {
        hash = ndup__sequence_step(hash, source->hashes[i]);
    }
    return hash;
}

/* A text without a source is nobody's form. */
static ndup_status list_phrases(ndup__term_finder *finder, const source_text parts[2],
                                ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    uint64_t source = source_hash(&finder->source);
    finder->phrases.allocator = finder->allocator;
    finder->phrases.count = 0;
    for (size_t i = 0; i < 2 && finder->source.count > 0 && status == NDUP_STATUS_OK; i++) {
        status = ndup__phrases_add(&finder->phrases, parts[i].text, parts[i].tokens, parts[i].base,
                                   i == 0, source, error);
    }
    return status;
}

/* Marks the tokens of set phrases. */
static ndup_status mark_phrases(source_text parts[2], ndup__term_finder *finder, ndup_error *error)
{
    size_t tokens = finder->title.count + finder->body.count;
    const ndup__phrase_list *list = &finder->phrases;
    ndup_status status = ndup__reserve(finder->allocator, &finder->marks, &finder->mark_capacity,
                                       tokens + 1, sizeof *finder->marks, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(finder->marks, 0, tokens);
    for (size_t i = 0; i < list->count; i++) {
        if (i + AHEAD < list->count) {
            ndup__set_phrases_prefetch(finder->set, list->items[i + AHEAD].hash);
        }
        if (ndup__set_phrases_has(finder->set, list->items[i].hash)) {
            memset(finder->marks + list->items[i].first, 1, list->items[i].tokens);
        }
    }
    parts[0].marks = finder->marks;
    parts[1].marks = finder->marks + parts[1].base;
    return NDUP_STATUS_OK;
}

ndup_status ndup__terms_find(ndup__term_finder *finder, const ndup_document *document,
                             ndup_text source, ndup_error *error)
{
    ndup_status status = read_tokens(&finder->title, finder, document->title, error);
    if (status == NDUP_STATUS_OK) {
        status = read_tokens(&finder->source, finder, source, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_tokens(&finder->body, finder, document->text, error);
    }
    source_text parts[2] = {{.text = document->title,
                             .tokens = &finder->title,
                             .end = finder->title.count,
                             .count = TITLE_COUNT},
                            {.text = document->text,
                             .tokens = &finder->body,
                             .end = finder->body.count,
                             .count = 1,
                             .base = (uint32_t)finder->title.count}};
    if (status == NDUP_STATUS_OK && (finder->wants_phrases || finder->set != NULL)) {
        status = list_phrases(finder, parts, error);
    }
    if (status == NDUP_STATUS_OK && finder->set != NULL) {
        status = mark_phrases(parts, finder, error);
    }
    if (status == NDUP_STATUS_OK) {
        leave_out_source(&parts[0], &finder->source);
        status = clear_table(finder, TERMS_PER_TOKEN * (finder->title.count + finder->body.count),
                             error);
    }
    for (size_t part = 0; part < 2; part++) {
        for (size_t i = parts[part].begin; i < parts[part].end && status == NDUP_STATUS_OK; i++) {
            status = add_terms_at(finder, &parts[part], i, error);
        }
    }
    return status;
}

void ndup__term_finder_deinit(ndup__term_finder *finder)
{
    ndup__free(finder->allocator, &finder->marks, finder->mark_capacity, sizeof *finder->marks);
    ndup__phrases_deinit(&finder->phrases);
    ndup__tokens_deinit(&finder->title);
    ndup__tokens_deinit(&finder->body);
    ndup__tokens_deinit(&finder->source);
    ndup__free(finder->allocator, &finder->terms, finder->capacity, sizeof *finder->terms);
    ndup__free(finder->allocator, &finder->slots, finder->slot_capacity, sizeof *finder->slots);
}
