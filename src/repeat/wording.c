/* SPDX-License-Identifier: MIT */
/* Words are aligned like the lines of a diff: what both begin and end with, then the longest run
 * that both have in between, and again on either side of it. What is left are the places where they
 * differ. */
#include "repeat/wording.h"

#include <string.h>

#include "text/tokenize.h"
#include "text/utf8.h"

/* Two forms of one word, or one word and its misprint: so much of the longer one is their common
 * beginning and end. */
#define SAME_WORD_SHARE 0.6
#define STEM_CHARACTERS_LEAST 4
#define GLUED_BYTES_LEAST 2
/* Pairs of words that are looked at to align one place. */
#define ALIGNED_MOST 16384

typedef struct side {
    ndup_text text;
    const uint64_t *words; /* [count] */
    size_t count;
    size_t skipped;       /* words in front of them: the number of an item */
    ndup__tokens *tokens; /* with their bytes, once `comparison.has_bytes` */
    bool is_cut;          /* ends with an ellipsis */
} side;

/* Words [begin, end) of a side. */
typedef struct stretch {
    size_t begin;
    size_t end;
} stretch;

typedef struct comparison {
    side a;
    side b;
    ndup__wording *out;
    bool added_to_a;
    bool added_to_b;
    bool has_bytes; /* most words are never asked for their bytes */
    ndup_status status;
    ndup_error *error;
} comparison;

void ndup__wording_room_init(ndup__wording_room *room, const ndup_allocator *allocator)
{
    *room = (ndup__wording_room){
        .a = {.allocator = allocator, .wants_offsets = true},
        .b = {.allocator = allocator, .wants_offsets = true},
    };
}

static ndup_text word_of(const side *of, size_t i)
{
    size_t at = of->skipped + i;
    uint32_t start = of->tokens->starts[at];
    return (ndup_text){of->text.bytes + start, of->tokens->ends[at] - start};
}

static bool has_digit(ndup_text word)
{
    for (size_t i = 0; i < word.length; i++) {
        if (word.bytes[i] >= '0' && word.bytes[i] <= '9') {
            return true;
        }
    }
    return false;
}

static bool has_number(const side *of, stretch words)
{
    for (size_t i = words.begin; i < words.end; i++) {
        if (has_digit(word_of(of, i))) {
            return true;
        }
    }
    return false;
}

/* "reporting" and "reported", "timber" and "tirnber", "us" and "us1746". */
static bool is_same_word(ndup_text a, ndup_text b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    size_t longer = a.length + b.length - shorter;
    size_t front = 0;
    size_t back = 0;
    while (front < shorter && a.bytes[front] == b.bytes[front]) {
        front++;
    }
    while (front + back < shorter && a.bytes[a.length - 1 - back] == b.bytes[b.length - 1 - back]) {
        back++;
    }
    bool is_glued = front == shorter && front >= GLUED_BYTES_LEAST;
    bool has_stem = 2 * front > longer && ndup__utf8_count(a.bytes, front) >= STEM_CHARACTERS_LEAST;
    return front > 0 &&
           (is_glued || has_stem || (double)(front + back) > SAME_WORD_SHARE * (double)longer);
}

static bool has_form_of(const side *of, stretch words, ndup_text word)
{
    for (size_t i = words.begin; i < words.end; i++) {
        if (is_same_word(word_of(of, i), word)) {
            return true;
        }
    }
    return false;
}

/* Whether each word of the shorter stretch is a form of one of the other. */
static bool are_forms(const side *few, stretch fewer, const side *many, stretch more)
{
    for (size_t i = fewer.begin; i < fewer.end; i++) {
        if (!has_form_of(many, more, word_of(few, i))) {
            return false;
        }
    }
    return true;
}

/* Finds the bytes of the words of both sides. */
static bool read_bytes(comparison *now)
{
    const side *const sides[] = {&now->a, &now->b};
    for (size_t i = 0; i < 2 && !now->has_bytes && now->status == NDUP_STATUS_OK; i++) {
        now->status = ndup__tokenize(sides[i]->tokens, NDUP__TOKEN_WORDS, sides[i]->text.bytes,
                                     sides[i]->text.length, now->error);
    }
    now->has_bytes = now->status == NDUP_STATUS_OK;
    return now->has_bytes;
}

/* A place where the two differ. */
static void add_place(comparison *now, stretch a, stretch b)
{
    ndup__wording *out = now->out;
    size_t a_count = a.end - a.begin;
    size_t b_count = b.end - b.begin;
    bool at_begin = a.begin == 0 && b.begin == 0;
    bool at_end = a.end == now->a.count && b.end == now->b.count;
    bool is_cut = at_end && (now->a.is_cut || now->b.is_cut);
    bool is_added = a_count == 0 || b_count == 0;
    if (is_cut) {
        return;
    }
    now->added_to_a |= a_count > 0;
    now->added_to_b |= b_count > 0;
    if (is_added && (at_begin || at_end)) {
        return;
    }
    out->adds_at_ends = false;
    if (!read_bytes(now)) {
        return;
    }
    bool a_number = has_number(&now->a, a);
    bool b_number = has_number(&now->b, b);
    out->may_differ_in_figures |= a_number || b_number;
    out->other_numbers |= at_begin || at_end ? a_number && b_number : a_number || b_number;
    if (!is_added) {
        out->replaces |= a_count <= b_count ? !are_forms(&now->a, a, &now->b, b)
                                            : !are_forms(&now->b, b, &now->a, a);
    }
}

/* The longest run of words that stands in both stretches, the first of equals. */
static size_t find_run(const comparison *now, stretch a, stretch b, size_t *at_a, size_t *at_b)
{
    const uint64_t *const as = now->a.words;
    const uint64_t *const bs = now->b.words;
    size_t longest = 0;
    for (size_t i = a.begin; i + longest < a.end; i++) {
        for (size_t k = b.begin; k + longest < b.end; k++) {
            size_t run = 0;
            while (i + run < a.end && k + run < b.end && as[i + run] == bs[k + run]) {
                run++;
            }
            if (run > longest) {
                longest = run;
                *at_a = i;
                *at_b = k;
            }
        }
    }
    return longest;
}

static void align(comparison *now, stretch a, stretch b)
{
    const uint64_t *const as = now->a.words;
    const uint64_t *const bs = now->b.words;
    while (a.begin < a.end && b.begin < b.end && as[a.begin] == bs[b.begin]) {
        a.begin++;
        b.begin++;
    }
    while (a.begin < a.end && b.begin < b.end && as[a.end - 1] == bs[b.end - 1]) {
        a.end--;
        b.end--;
    }
    size_t a_count = a.end - a.begin;
    size_t b_count = b.end - b.begin;
    size_t at_a = 0;
    size_t at_b = 0;
    if (a_count + b_count == 0) {
        return;
    }
    if (a_count * b_count > ALIGNED_MOST) {
        now->out->adds_at_ends = false;
        now->out->may_differ_in_figures = true;
        return;
    }
    size_t run = find_run(now, a, b, &at_a, &at_b);
    if (run == 0) {
        add_place(now, a, b);
        return;
    }
    align(now, (stretch){a.begin, at_a}, (stretch){b.begin, at_b});
    align(now, (stretch){at_a + run, a.end}, (stretch){at_b + run, b.end});
}

static bool is_cut_off(ndup_text text)
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    size_t length = text.length;
    return length > 3 && (memcmp(text.bytes + length - 3, "...", 3) == 0 ||
                          memcmp(text.bytes + length - 3, ellipsis, 3) == 0);
}

/* Whether the words of `part` open the whole; the last of what was cut off need not be whole. */
static bool opens(comparison *now, const side *part, const side *whole)
{
    size_t count = part->count - part->is_cut;
    const uint64_t *const words = part->words;
    if (memcmp(words, whole->words, count * sizeof *words) != 0) {
        return false;
    }
    if (!part->is_cut || !read_bytes(now)) {
        return !part->is_cut;
    }
    ndup_text rest = word_of(part, count);
    ndup_text word = word_of(whole, count);
    return rest.length <= word.length && memcmp(rest.bytes, word.bytes, rest.length) == 0;
}

static bool closes(const side *part, const side *whole)
{
    size_t count = part->count;
    return memcmp(part->words, whole->words + whole->count - count, count * sizeof(uint64_t)) == 0;
}

static bool is_part(comparison *now)
{
    bool a_is_shorter = now->a.count < now->b.count;
    const side *part = a_is_shorter ? &now->a : &now->b;
    const side *whole = a_is_shorter ? &now->b : &now->a;
    return part->count > 0 && (opens(now, part, whole) || closes(part, whole));
}

/* "12. ", "3) ": the number of an item in a list, which a page leaves to the browser. */
static bool has_item_number(ndup_text text)
{
    size_t at = 0;
    while (at < text.length && at < 3 && text.bytes[at] >= '0' && text.bytes[at] <= '9') {
        at++;
    }
    return at > 0 && at + 1 < text.length && text.bytes[at + 1] == ' ' &&
           (text.bytes[at] == '.' || text.bytes[at] == ')');
}

static side side_of(const ndup__profile *profile, size_t unit, bool is_item, ndup__tokens *tokens)
{
    ndup_text text = ndup__profile_text(profile, unit);
    return (side){.text = text,
                  .words = ndup__profile_tokens(profile, unit) + is_item,
                  .count = profile->of[unit].token_count - is_item,
                  .skipped = is_item,
                  .tokens = tokens,
                  .is_cut = is_cut_off(text)};
}

ndup_status ndup__wording_compare(ndup__wording *wording, ndup__wording_room *room,
                                  const ndup__profile *profile, size_t a, size_t b,
                                  ndup_error *error)
{
    bool are_items = has_item_number(ndup__profile_text(profile, a)) &&
                     has_item_number(ndup__profile_text(profile, b));
    comparison now = {.a = side_of(profile, a, are_items, &room->a),
                      .b = side_of(profile, b, are_items, &room->b),
                      .out = wording,
                      .error = error};
    *wording = (ndup__wording){.adds_at_ends = true};
    align(&now, (stretch){0, now.a.count}, (stretch){0, now.b.count});
    wording->adds_at_ends &= !(now.added_to_a && now.added_to_b);
    wording->is_part = is_part(&now);
    return now.status;
}

void ndup__wording_room_deinit(ndup__wording_room *room)
{
    ndup__tokens_deinit(&room->a);
    ndup__tokens_deinit(&room->b);
}
