/* SPDX-License-Identifier: MIT */
/* A family is a document that was new when it came, and what was found to be a copy of it since. */
#include "index/update.h"

#include <string.h>

#include "base/clock.h"
#include "index/look_alikes.h"

/* The document that a new one would join: its best match, if that makes it superfluous. */
static ndup_status find_family(ndup__session *session, uint32_t *family, ndup_error *error)
{
    ndup__stored_document document;
    bool found = false;
    *family = 0;
    if (session->found_count == 0 || !ndup__is_copy(session->found[0].kind)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__database_document(session->database, session->found[0].number,
                                                 &document, &found, error);
    *family = found ? document.family : 0;
    return status;
}

static ndup_status count_member(ndup__session *session, uint32_t family, int change,
                                ndup_error *error)
{
    return ndup__database_count_members(session->database, family, change, error);
}

ndup_status ndup__insert_row(ndup__session *session, uint32_t *number,
                             const ndup__prepared *prepared, uint32_t family, int64_t added,
                             ndup_error *error)
{
    ndup__stored_document document = {
        .family = family,
        .stands = family == 0,
        .is_dated = prepared->is_dated,
        .time = prepared->time,
        .added = added,
        .bytes = prepared->length,
        .tokens = prepared->token_count,
        .reading = (unsigned)prepared->reading,
        .text_hash = prepared->text_hash,
        .class_hash = {prepared->class_hash[0], prepared->class_hash[1]},
        .id = prepared->id,
        .url = prepared->url,
        .source = prepared->source,
        .title = prepared->title,
        .date = prepared->date,
    };
    const ndup__stored_sketch sketch = {
        .row = {(const char *)prepared->row, session->settings->row_bytes},
        .tokens = {prepared->tokens, prepared->token_bytes},
        .text = {prepared->text, prepared->text_bytes}};
    ndup_status status = ndup__database_add(session->database, &document, &sketch, error);
    if (status == NDUP_STATUS_OK && family != 0) {
        status = count_member(session, family, 1, error);
    }
    *number = document.number;
    return status;
}

/* The same, and notes its keys. */
static ndup_status insert(ndup__session *session, uint32_t *number, const ndup__prepared *prepared,
                          uint32_t family, int64_t added, ndup_error *error)
{
    const ndup__document_keys keys = ndup__prepared_keys(prepared, session->settings, family == 0);
    ndup_status status = ndup__insert_row(session, number, prepared, family, added, error);
    return status == NDUP_STATUS_OK ? ndup__key_view_add(session->view, *number, &keys, error)
                                    : status;
}

/* The next member of a family without a first document, with a copy of all that is stored of it. */
static ndup_status take_member(ndup__session *session, ndup__prepared *member, int64_t *added,
                               ndup__arena *arena, uint32_t family, bool *found, ndup_error *error)
{
    uint32_t number;
    ndup__stored_document document;
    ndup__stored_sketch sketch;
    ndup_status status = ndup__database_member(session->database, family, 1, &number, found, error);
    if (status != NDUP_STATUS_OK || !*found) {
        return status;
    }
    status = ndup__database_document(session->database, number, &document, found, error);
    if (status == NDUP_STATUS_OK && *found) {
        *added = document.added;
        status = ndup__database_sketch(session->database, number, &sketch, found, error);
    }
    if (status == NDUP_STATUS_OK && *found) {
        status = ndup__prepare_stored(member, arena, &session->row_keys, &document, &sketch, error);
    }
    return status == NDUP_STATUS_OK && *found
               ? ndup__database_remove(session->database, number, error)
               : status;
}

/* Judges the members of a family anew that has lost its first document, as if they came now. */
static ndup_status judge_anew(ndup__session *session, uint32_t family, ndup_error *error)
{
    const ndup__asking asking = {.matches = 1, .except_family = family};
    ndup__arena arena = {.allocator = session->prepared.allocator};
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK) {
        ndup__prepared member;
        int64_t added = 0;
        uint32_t joined = 0;
        uint32_t number;
        ndup__arena_reset(&arena);
        status = take_member(session, &member, &added, &arena, family, &found, error);
        if (status != NDUP_STATUS_OK || !found) {
            break;
        }
        status = ndup__query(session, &member, &asking, error);
        if (status == NDUP_STATUS_OK) {
            status = find_family(session, &joined, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = insert(session, &number, &member, joined, added, error);
        }
    }
    ndup__arena_deinit(&arena);
    return status;
}

ndup_status ndup__remove_document(ndup__session *session, uint32_t number, ndup_error *error)
{
    ndup__stored_document document;
    uint64_t members = 0;
    bool found = false;
    ndup_status status =
        ndup__database_document(session->database, number, &document, &found, error);
    bool stands = found && document.stands;
    uint32_t family = found ? document.family : 0;
    if (status == NDUP_STATUS_OK && found) {
        status = ndup__database_members(session->database, family, &members, error);
    }
    if (status == NDUP_STATUS_OK && found) {
        status = ndup__database_remove(session->database, number, error);
    }
    if (status == NDUP_STATUS_OK && stands) {
        status = ndup__database_remove_witnesses(session->database, family, error);
    }
    if (status == NDUP_STATUS_OK && members > 1) {
        status = count_member(session, family, stands ? -(int)(members - 1) : -1, error);
    }
    return status == NDUP_STATUS_OK && stands && members > 1 ? judge_anew(session, family, error)
                                                             : status;
}

/* What there is under the document's id. */
static ndup_status look_up_id(ndup__session *session, uint32_t *number, bool *is_same_text,
                              const ndup__prepared *prepared, ndup_error *error)
{
    ndup__stored_document document;
    bool found = false;
    *is_same_text = false;
    ndup_status status = ndup__find_id(session, number, prepared->id, error);
    if (status == NDUP_STATUS_OK && *number != 0) {
        status = ndup__database_document(session->database, *number, &document, &found, error);
    }
    if (found) {
        *is_same_text =
            memcmp(document.class_hash, prepared->class_hash, sizeof document.class_hash) == 0;
    }
    return status;
}

/* A text that is known and is not added tells of a form, all the same. */
static ndup_status note_known(ndup__session *session, const ndup_index_answer *answer,
                              const ndup__prepared *prepared, ndup_error *error)
{
    bool is_other_text = answer->matches[0].kind > NDUP_KIND_NORMALIZED;
    return is_other_text && prepared->token_bytes > 0
               ? ndup__look_alikes_note(session, (uint32_t)answer->group, prepared, error)
               : NDUP_STATUS_OK;
}

ndup_status ndup__add_document(ndup__session *session, ndup_index_answer *answer,
                               ndup__arena *arena, const ndup__prepared *prepared,
                               const ndup__asking *asking, bool adds_known, ndup_error *error)
{
    uint32_t existing;
    bool is_same_text;
    uint32_t number = 0;
    ndup_status status = look_up_id(session, &existing, &is_same_text, prepared, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__query(session, prepared, asking, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__answer_make(answer, arena, session, prepared, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    answer->is_same_id = existing != 0;
    if (is_same_text) {
        answer->number = existing;
        return NDUP_STATUS_OK;
    }
    if (answer->is_known && !adds_known && existing == 0) {
        return note_known(session, answer, prepared, error);
    }
    uint32_t family = 0;
    if (existing != 0) {
        status = ndup__remove_document(session, existing, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__query(session, prepared, asking, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = find_family(session, &family, error);
    }
    if (status == NDUP_STATUS_OK) {
        int64_t added = prepared->added != 0 ? prepared->added : ndup__clock_today();
        status = insert(session, &number, prepared, family, added, error);
    }
    answer->number = number;
    answer->was_replaced = existing != 0;
    answer->group = family != 0 ? family : number;
    return status == NDUP_STATUS_OK
               ? ndup__database_members(session->database, (uint32_t)answer->group,
                                        &answer->group_size, error)
               : status;
}
