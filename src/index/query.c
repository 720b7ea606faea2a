/* SPDX-License-Identifier: MIT */
/* Texts of the same words are found by their class; others by the bands of their sketches, sifted
 * by what the sketches agree in, and compared as runs compare them. */
#include "index/query.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "dedup/containers.h"
#include "index/key_candidates.h"
#include "index/look_alikes.h"

/* Numbers of one key that are looked at: with more, the others are no likelier to be the one. */
#define KEY_NUMBERS 64

/* What comparisons may cost that find nothing; see dedup/verify.h. */
#define VAIN_MOST 64
#define VAIN_UNLIKE 4
#define VAIN_FORM 1

#define DAY_MILLISECONDS 86400000.0

/* z of 95 %: the interval of Wilson 1927. */
#define INTERVAL_Z 1.96

/* IDENTICAL before NORMALIZED before the others by similarity; TEMPLATE last. */
static bool is_better(const ndup__index_found *x, const ndup__index_found *y)
{
    bool x_copies = ndup__is_copy(x->kind);
    bool y_copies = ndup__is_copy(y->kind);
    if (x_copies != y_copies) {
        return x_copies;
    }
    int x_rank = x->kind <= NDUP_KIND_NORMALIZED ? (int)x->kind : NDUP_KIND_CONTAINED;
    int y_rank = y->kind <= NDUP_KIND_NORMALIZED ? (int)y->kind : NDUP_KIND_CONTAINED;
    if (x_rank != y_rank) {
        return x_rank < y_rank;
    }
    return x->similarity != y->similarity ? x->similarity > y->similarity : x->number < y->number;
}

/* Puts a match in its place; `most` are kept. */
static ndup_status note_found(ndup__session *session, const ndup__index_found *one, size_t most,
                              ndup_error *error)
{
    ndup_status status =
        ndup__reserve(session->prepared.allocator, &session->found, &session->found_capacity,
                      session->found_count + 1, sizeof *session->found, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t at = session->found_count++;
    for (; at > 0 && is_better(one, &session->found[at - 1]); at--) {
        session->found[at] = session->found[at - 1];
    }
    session->found[at] = *one;
    session->found_count = session->found_count < most ? session->found_count : most;
    return NDUP_STATUS_OK;
}

/* Whether the dates of two documents let them be copies. */
static bool is_within(const ndup__prepared *prepared, const ndup__stored_document *document,
                      double days)
{
    double apart = (double)prepared->time - (double)document->time;
    return days <= 0 || !prepared->is_dated || !document->is_dated ||
           fabs(apart) <= days * DAY_MILLISECONDS;
}

/* One question on its way. */
typedef struct question {
    ndup__session *session;
    const ndup__prepared *prepared;
    const ndup__asking *asking;
    unsigned in_vain;
    bool has_set;     /* session->asked is made */
    bool has_counted; /* what look-alikes have in common */
    bool asks_containment;
} question;

static ndup_status look_at_class(question *now, uint32_t number, ndup_error *error)
{
    ndup__session *session = now->session;
    const ndup__prepared *prepared = now->prepared;
    ndup__stored_document document;
    bool found;
    ndup_status status =
        ndup__database_document(session->database, number, &document, &found, error);
    if (status != NDUP_STATUS_OK || !found || document.family == now->asking->except_family ||
        memcmp(document.class_hash, prepared->class_hash, sizeof document.class_hash) != 0 ||
        !is_within(prepared, &document, now->asking->within_days)) {
        return status;
    }
    bool is_same = document.text_hash == prepared->text_hash && document.bytes == prepared->length;
    bool has_words = prepared->reading == NDUP_READING_WORDS;
    const ndup__index_found one = {
        .number = number,
        .kind = is_same || !has_words ? NDUP_KIND_IDENTICAL : NDUP_KIND_NORMALIZED,
        .similarity = 1,
        .low = 1,
        .high = 1,
        .containment = 1,
        .other_containment = 1,
    };
    return note_found(session, &one, now->asking->matches, error);
}

static ndup_status look_at_classes(question *now, ndup_error *error)
{
    const ndup__session *session = now->session;
    const ndup__number_list *list = &session->classes;
    size_t most = now->asking->matches;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < list->count && status == NDUP_STATUS_OK; i++) {
        if (session->found_count == most && session->found[most - 1].kind == NDUP_KIND_IDENTICAL) {
            break; /* none can be better */
        }
        status = look_at_class(now, list->numbers[i], error);
    }
    return status;
}

/* The set of the document asked about, made when it is first needed. */
static ndup_status make_asked(question *now, ndup_error *error)
{
    ndup__session *session = now->session;
    const ndup_text coded = {now->prepared->tokens, now->prepared->token_bytes};
    if (now->has_set) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__token_list_read(&session->asked.list, coded, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__stored_set_make(&session->asked, 0, session->settings->shingling.size, error);
    }
    now->has_set = status == NDUP_STATUS_OK;
    return status;
}

/* The set of candidate i; *found is false where it was removed. */
static ndup_status make_other(question *now, bool *found, size_t i, ndup_error *error)
{
    ndup__session *session = now->session;
    ndup__stored_set *other = &session->other;
    ndup__stored_sketch sketch;
    ndup_status status = ndup__database_sketch(session->database, session->candidates[i].number,
                                               &sketch, found, error);
    if (status != NDUP_STATUS_OK || !*found) {
        return status;
    }
    status = ndup__token_list_read(&other->list, sketch.tokens, error);
    return status == NDUP_STATUS_OK
               ? ndup__stored_set_make(other, (uint32_t)i + 1, session->settings->shingling.size,
                                       error)
               : status;
}

static ndup_status compare_sets(question *now, ndup__match *match, bool *is_copy, ndup_error *error)
{
    ndup__session *session = now->session;
    *match = (ndup__match){.is_form = false};
    return (now->asks_containment ? ndup__matcher_contained : ndup__matcher_similar)(
        &session->matcher, match, is_copy, &session->asked.set, &session->other.set,
        &session->other.reader, error);
}

/* Whether the document is a copy of candidate i, or of one form with it: what look-alikes have in
 * common is counted when the first copy seems found. */
static ndup_status compare(question *now, ndup__match *match, bool *is_copy, size_t i,
                           ndup_error *error)
{
    bool found = false;
    *match = (ndup__match){.is_form = false};
    *is_copy = false;
    ndup_status status = make_asked(now, error);
    if (status == NDUP_STATUS_OK) {
        status = make_other(now, &found, i, error);
    }
    if (status == NDUP_STATUS_OK && found) {
        status = compare_sets(now, match, is_copy, error);
    }
    if (status != NDUP_STATUS_OK || !*is_copy || now->has_counted) {
        return status;
    }
    now->has_counted = true;
    status = ndup__look_alikes_count(now->session, error);
    if (status == NDUP_STATUS_OK) {
        status = make_other(now, &found, i, error);
    }
    return status == NDUP_STATUS_OK ? compare_sets(now, match, is_copy, error) : status;
}

static ndup_kind kind_of(const ndup__index_settings *settings, const ndup__match *match,
                         bool is_copy)
{
    double threshold = settings->options.dedup.matching.threshold;
    if (match->is_form) {
        return NDUP_KIND_TEMPLATE;
    }
    return !is_copy                                                   ? NDUP_KIND_NONE
           : match->containment >= 1 || match->similarity < threshold ? NDUP_KIND_CONTAINED
                                                                      : NDUP_KIND_NEAR;
}

/* Notes a match whose date fits. */
static ndup_status note_dated(question *now, const ndup__index_found *one, ndup_error *error)
{
    ndup__stored_document document;
    bool found;
    ndup_status status =
        ndup__database_document(now->session->database, one->number, &document, &found, error);
    bool fits = status == NDUP_STATUS_OK && found &&
                is_within(now->prepared, &document, now->asking->within_days);
    return fits ? note_found(now->session, one, now->asking->matches, error) : status;
}

static ndup_status compare_exactly(question *now, size_t i, ndup_error *error)
{
    uint32_t number = now->session->candidates[i].number;
    const ndup__index_settings *settings = now->session->settings;
    ndup__match match;
    bool is_copy = false;
    ndup_status status = compare(now, &match, &is_copy, i, error);
    ndup_kind kind = kind_of(settings, &match, is_copy);
    if (kind == NDUP_KIND_NONE) {
        now->in_vain += VAIN_UNLIKE;
        return status;
    }
    now->in_vain += kind == NDUP_KIND_TEMPLATE ? VAIN_FORM : 0;
    const ndup__index_found one = {
        .number = number,
        .kind = kind,
        .similarity = match.similarity,
        .low = match.similarity,
        .high = match.similarity,
        .containment = match.containment,
        .other_containment = match.other_containment,
    };
    return status == NDUP_STATUS_OK ? note_dated(now, &one, error) : status;
}

/* The similarity at which a share of slots agrees, of which some do by chance. */
static double similarity_at(const ndup_sketcher *sketcher, double share)
{
    double by_chance = sketcher->kind->info.slot_bits == 8 ? 1.0 / 256 : 0;
    double corrected = fmax(0, (share - by_chance) / (1 - by_chance));
    return fmin(1, sketcher->kind->similarity(fmin(1, corrected)));
}

/* Source of the interval: Wilson 1927. */
static void estimate(ndup__index_found *one, const ndup_sketcher *sketcher, unsigned agreement)
{
    double n = ndup_sketcher_slots(sketcher);
    double p = agreement / n;
    double z2 = INTERVAL_Z * INTERVAL_Z;
    double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = INTERVAL_Z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    one->similarity = similarity_at(sketcher, p);
    one->low = similarity_at(sketcher, middle - half);
    one->high = similarity_at(sketcher, middle + half);
}

static ndup_status compare_sketches(question *now, const ndup__index_candidate *candidate,
                                    ndup_error *error)
{
    const ndup__index_settings *settings = now->session->settings;
    ndup__index_found one = {.number = candidate->number,
                             .kind = NDUP_KIND_NEAR,
                             .is_estimated = true,
                             .containment = -1,
                             .other_containment = -1};
    estimate(&one, settings->sketcher, candidate->agreement);
    return one.similarity >= settings->options.dedup.matching.threshold
               ? note_dated(now, &one, error)
               : NDUP_STATUS_OK;
}

static ndup_status compare_candidates(question *now, ndup_error *error)
{
    ndup__session *session = now->session;
    ndup__frequencies_forget(&session->frequencies);
    bool has_sets = session->settings->options.store != NDUP_INDEX_SKETCHES;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < session->candidate_count && status == NDUP_STATUS_OK; i++) {
        if (now->in_vain >= VAIN_MOST) {
            session->is_capped = true;
            break;
        }
        status = has_sets ? compare_exactly(now, i, error)
                          : compare_sketches(now, &session->candidates[i], error);
    }
    return status;
}

/* Texts that share a band: near-duplicates. */
static ndup_status look_for_copies(question *now, ndup_error *error)
{
    ndup_status status = ndup__candidates_gather(now->session, &now->session->bands, 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__candidates_sift(now->session, now->prepared->row, error);
    }
    return status == NDUP_STATUS_OK ? compare_candidates(now, error) : status;
}

/* Texts that share runs of words with the document, enough of them to contain it. */
static ndup_status look_for_containers(question *now, ndup_error *error)
{
    ndup__session *session = now->session;
    const ndup__prepared *prepared = now->prepared;
    double part = ndup__contained_part(&session->settings->options.dedup);
    ndup_status status =
        ndup__key_view_find(session->view, &session->bands, session->settings->key_count,
                            prepared->grams, prepared->gram_count, KEY_NUMBERS, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__candidates_gather(session, &session->bands,
                                         (uint32_t)(part * (double)prepared->gram_count), error);
    }
    now->asks_containment = true;
    now->in_vain = 0;
    return status == NDUP_STATUS_OK ? compare_candidates(now, error) : status;
}

static ndup_status look_at_words(question *now, ndup_error *error)
{
    const ndup__session *session = now->session;
    ndup_status status = look_for_copies(now, error);
    bool is_known = session->found_count > 0 && ndup__is_copy(session->found[0].kind);
    return status == NDUP_STATUS_OK && session->settings->has_grams && !is_known
               ? look_for_containers(now, error)
               : status;
}

ndup_status ndup__query(ndup__session *session, const ndup__prepared *prepared,
                        const ndup__asking *asking, ndup_error *error)
{
    question now = {.session = session, .prepared = prepared, .asking = asking};
    bool has_words = prepared->reading == NDUP_READING_WORDS && prepared->token_count > 0;
    session->found_count = 0;
    session->is_capped = false;
    ndup_status status =
        has_words
            ? ndup__key_view_find_all(session->view, &session->classes, &session->bands,
                                      prepared->keys, KEY_NUMBERS, error)
            : ndup__key_view_find(session->view, &session->classes, NDUP__TABLE_CLASSES,
                                  &prepared->keys[NDUP__TABLE_CLASSES], 1, KEY_NUMBERS, error);
    if (status == NDUP_STATUS_OK) {
        status = look_at_classes(&now, error);
    }
    bool is_enough = session->found_count >= asking->matches; /* none can be better */
    return status == NDUP_STATUS_OK && has_words && !is_enough ? look_at_words(&now, error)
                                                               : status;
}

ndup_status ndup__find_id(ndup__session *session, uint32_t *number, ndup_text id, ndup_error *error)
{
    ndup__number_list *list = &session->ids;
    *number = 0;
    uint32_t key = ndup__id_key(id);
    ndup_status status =
        ndup__key_view_find(session->view, list, NDUP__TABLE_IDS, &key, 1, SIZE_MAX, error);
    for (size_t i = 0; i < list->count && *number == 0 && status == NDUP_STATUS_OK; i++) {
        ndup__stored_document document;
        bool found;
        status =
            ndup__database_document(session->database, list->numbers[i], &document, &found, error);
        bool is_it = status == NDUP_STATUS_OK && found && document.id.length == id.length &&
                     memcmp(document.id.bytes, id.bytes, id.length) == 0;
        *number = is_it ? list->numbers[i] : 0;
    }
    return status;
}
