/* SPDX-License-Identifier: MIT */
/* The last texts of its story are compared with the document by their pairs of words, then aligned:
 * as story_copies.c does for a corpus. */
#include "base/alloc.h"
#include "stream/stream.h"

/* How the document and one before it are alike. */
typedef struct meeting {
    uint32_t other;
    double of_shorter;
    ndup__shares shares;
} meeting;

static ndup_status look(ndup_story_stream *stream, const ndup__stream_record *record,
                        uint32_t number, uint32_t other, meeting *best, ndup_error *error)
{
    ndup__stream_record of;
    ndup_status status = ndup__story_stream_read(stream, &of, other, &stream->other_room, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__word_pairs_make(&stream->other_pairs, &stream->pair_maker, of.text, error);
    }
    if (status != NDUP_STATUS_OK ||
        !ndup__word_pairs_shared(&stream->own_pairs, &stream->other_pairs)) {
        return status;
    }
    meeting met = {.other = other};
    status = ndup__likeness_find(&met.shares, &stream->likeness, of.text, record->text, error);
    bool is_shorter = ndup__story_stream_document_at(stream, number)->tokens <=
                      ndup__story_stream_document_at(stream, other)->tokens;
    met.of_shorter = is_shorter ? met.shares.share : met.shares.of_share;
    if (status == NDUP_STATUS_OK && met.of_shorter > best->of_shorter) {
        *best = met;
    }
    return status;
}

static bool are_of_one_form(const ndup_story_stream *stream, uint32_t x, uint32_t y,
                            const ndup__shares *shares)
{
    const ndup__stream_document *a = ndup__story_stream_document_at(stream, x);
    const ndup__stream_document *b = ndup__story_stream_document_at(stream, y);
    return a->form != NDUP__NO_DOCUMENT && a->form == b->form &&
           !ndup__copy_is_longer(shares->share, shares->of_share);
}

/* How much of the shorter one is known to be taken from another. */
static double known_share(const ndup_story_stream *stream, const ndup__stream_document *document)
{
    const ndup__copy *copy = &document->copy;
    if (copy->role != NDUP_ROLE_PARTIAL) {
        return 0;
    }
    bool is_shorter = document->tokens <= ndup__story_stream_document_at(stream, copy->of)->tokens;
    return (double)(is_shorter ? copy->share : copy->of_share);
}

static void join(const ndup_story_stream *stream, uint32_t number, const meeting *met)
{
    ndup__stream_document *document = ndup__story_stream_document_at(stream, number);
    const ndup__shares *shares = &met->shares;
    if (met->of_shorter < stream->options.share ||
        met->of_shorter <= known_share(stream, document) || ndup__shares_are_form(shares) ||
        are_of_one_form(stream, number, met->other, shares)) {
        return;
    }
    ndup_role role = ndup__copy_role(shares->share, shares->of_share,
                                     ndup__story_stream_updates(stream, number, met->other));
    document->copy = (ndup__copy){.first = role == NDUP_ROLE_PARTIAL ? number : met->other,
                                  .of = met->other,
                                  .role = role,
                                  .share = (float)shares->share,
                                  .of_share = (float)shares->of_share};
}

ndup_status ndup__story_stream_find_damage(ndup_story_stream *stream,
                                           const ndup__stream_record *record, ndup_error *error)
{
    uint32_t number = stream->count - 1;
    const ndup__stories *stories = &stream->stories;
    uint32_t text = ndup__story_stream_document_at(stream, number)->text;
    const ndup__story_group *story =
        ndup__stories_group_at(stories, ndup__stories_group_of(stories, text));
    meeting best = {.other = number};
    ndup_status status = NDUP_STATUS_OK;
    if (story->count > 1) {
        status =
            ndup__word_pairs_make(&stream->own_pairs, &stream->pair_maker, record->text, error);
    }
    size_t looked = 0;
    for (size_t i = story->count; i > 0 && looked + 1 < NDUP__LOOKED_BACK; i--) {
        uint32_t member = story->members[i - 1];
        uint32_t other = ndup__stories_text(stories, member)->document;
        if (member >= text || ndup__story_stream_document_at(stream, other)->copy.first != other) {
            continue;
        }
        looked++;
        status =
            status == NDUP_STATUS_OK ? look(stream, record, number, other, &best, error) : status;
    }
    if (status == NDUP_STATUS_OK && best.other != number) {
        join(stream, number, &best);
    }
    return status;
}
