/* SPDX-License-Identifier: MIT */
/* A run counts over its whole corpus; an index over what is near the document: the candidates,
 * which stand for their families, the members of these, and texts that were told to be known. */
#include "index/look_alikes.h"

#include "base/alloc.h"

/* One count on its way. */
typedef struct counting {
    ndup__session *session;
    size_t texts;
} counting;

static ndup_status count_coded(counting *now, ndup_text coded, ndup_error *error)
{
    ndup__stored_set *stored = &now->session->other;
    ndup_status status = ndup__token_list_read(&stored->list, coded, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__stored_set_make(stored, 0, now->session->settings->shingling.size, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__frequencies_add(&now->session->frequencies, stored->shingles, stored->set.count,
                              false);
        now->texts++;
    }
    return status;
}

static ndup_status count_document(counting *now, uint32_t number, ndup_error *error)
{
    ndup__stored_sketch sketch;
    bool found;
    ndup_status status =
        ndup__database_sketch(now->session->database, number, &sketch, &found, error);
    return status == NDUP_STATUS_OK && found ? count_coded(now, sketch.tokens, error) : status;
}

static bool has_room(const counting *now)
{
    return now->texts < NDUP__LOOK_ALIKES_MOST;
}

static ndup_status count_members(counting *now, uint32_t family, ndup_error *error)
{
    uint32_t number = 0;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < NDUP__WITNESSES_MOST && has_room(now); i++) {
        status = ndup__database_member(now->session->database, family, number + 1, &number, &found,
                                       error);
        if (status != NDUP_STATUS_OK || !found) {
            break;
        }
        status = count_document(now, number, error);
    }
    return status;
}

static ndup_status count_witnesses(counting *now, uint32_t family, ndup_error *error)
{
    ndup_text tokens;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; found && has_room(now) && status == NDUP_STATUS_OK; i++) {
        status = ndup__database_witness(now->session->database, family, i, &tokens, &found, error);
        if (status == NDUP_STATUS_OK && found) {
            status = count_coded(now, tokens, error);
        }
    }
    return status;
}

static ndup_status count_family(counting *now, uint32_t number, ndup_error *error)
{
    ndup__stored_document document;
    bool found;
    ndup_status status =
        ndup__database_document(now->session->database, number, &document, &found, error);
    uint32_t family = found ? document.family : 0;
    if (status == NDUP_STATUS_OK && found) {
        status = count_document(now, number, error);
    }
    if (status == NDUP_STATUS_OK && found) {
        status = count_members(now, family, error);
    }
    return status == NDUP_STATUS_OK && found ? count_witnesses(now, family, error) : status;
}

ndup_status ndup__look_alikes_count(ndup__session *session, ndup_error *error)
{
    counting now = {.session = session, .texts = 1};
    ndup__frequencies *frequencies = &session->frequencies;
    ndup_status status =
        ndup__frequencies_restart(frequencies, session->candidate_count + 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__frequencies_add(frequencies, session->asked.shingles, session->asked.set.count, false);
    for (size_t i = 0; i < session->candidate_count && has_room(&now) && status == NDUP_STATUS_OK;
         i++) {
        status = count_family(&now, session->candidates[i].number, error);
    }
    if (now.texts < NDUP__FORM_BUCKET) { /* members are not so many as to tell a form */
        ndup__frequencies_forget(frequencies);
    }
    return status;
}

ndup_status ndup__look_alikes_note(ndup__session *session, uint32_t family,
                                   const ndup__prepared *prepared, ndup_error *error)
{
    const ndup_text tokens = {prepared->tokens, prepared->token_bytes};
    bool found = true;
    uint32_t place = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (; place < NDUP__WITNESSES_MOST && found && status == NDUP_STATUS_OK; place += found) {
        ndup_text known;
        status = ndup__database_witness(session->database, family, place, &known, &found, error);
    }
    return status == NDUP_STATUS_OK && !found
               ? ndup__database_add_witness(session->database, family, place, tokens, error)
               : status;
}
