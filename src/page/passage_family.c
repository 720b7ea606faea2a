/* SPDX-License-Identifier: MIT */
/* Each place is read again, for its head, its wording and what stands around it. */
#include "page/passage_family.h"

#include <string.h>

#include "base/alloc.h"
#include "page/document_store.h"
#include "page/shown_parts.h"
#include "report/json_out.h"
#include "report/url.h"

/* Of what is the same in two wordings, on either side of what differs. */
#define SAME_CONTEXT 300
/* Of a wording, however little room there is. */
#define TEXT_BYTES_MIN 600
/* Of a wording that is compared with others. */
#define HELD_BYTES NDUP__STORED_TEXT_BYTES

/* What one passage is written with. */
typedef struct family_writer {
    ndup__out *out;
    ndup__family_work *work;
    size_t start; /* of the object in `out` */
    size_t room;
} family_writer;

ndup__shown_family ndup__shown_family_of(ndup_passage_place *places, size_t most,
                                         const ndup_passage_family *family,
                                         const ndup__passage_facts *facts)
{
    ndup__shown_family shown = {.number = family->number,
                                .documents = family->documents,
                                .passages = family->passages,
                                .facts = *facts,
                                .shown = places};
    for (size_t i = 0; i < family->count;) {
        const ndup_passage_place *longest = ndup__longest_place(family, &i);
        if (shown.place_count++ < most) {
            places[shown.shown_count++] = *longest;
        }
    }
    return shown;
}

ndup_status ndup__family_work_init(ndup__family_work *work, const ndup__family_limits *limits,
                                   const ndup_passage_run *run, const ndup_allocator *allocator,
                                   ndup_error *error)
{
    *work = (ndup__family_work){.limits = *limits, .allocator = allocator, .run = run};
    ndup__highlighter_init(&work->highlighter, allocator);
    ndup__folded_init(&work->folded, limits->folded, allocator);
    return ndup__allocate_zeroed(allocator, &work->wordings, limits->wordings,
                                 sizeof *work->wordings, error);
}

void ndup__family_work_deinit(ndup__family_work *work)
{
    ndup__highlighter_deinit(&work->highlighter);
    ndup__folded_deinit(&work->folded);
    ndup__free(work->allocator, &work->wordings, work->limits.wordings, sizeof *work->wordings);
    ndup__free(work->allocator, &work->texts, work->capacity, 1);
    work->capacity = 0;
}

/* Whether the object has less than this share of its room. */
static bool has_room(const family_writer *writer, double share)
{
    return (double)(writer->out->held - writer->start) < share * (double)writer->room;
}

static void write_head(ndup__out *out, const ndup_passage_place *place,
                       const ndup_document *document)
{
    ndup__json_count(out, "number", place->document);
    ndup__json_shown_id(out, place->id);
    ndup__json_shown_part(out, "source", place->source, NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_url(out, document->url);
    ndup__json_shown_part(out, "date", place->date, NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_part(out, "title", document->title, NDUP__SHOWN_PART_BYTES);
    if (place->is_dated) {
        int64_t seconds = place->milliseconds / 1000 - (place->milliseconds % 1000 < 0);
        ndup__json_fixed(out, "time", (double)seconds);
    }
    ndup__json_count(out, "offset", place->offset);
    ndup__json_count(out, "bytes", place->length);
    ndup__json_count(out, "tokens", place->tokens);
    ndup__json_count(out, "document_tokens", place->document_tokens);
}

/* The words in front of a place and behind it. */
static void write_around(ndup__out *out, ndup_text text, const ndup_passage_place *place,
                         size_t limit)
{
    ndup_text before = {text.bytes, (size_t)place->offset};
    size_t end = (size_t)(place->offset + place->length);
    ndup_text behind = {text.bytes + end, text.length - end};
    size_t start = ndup__start_of_end(before, limit);
    size_t length = behind.length <= limit ? behind.length : ndup__cut_at_word(behind, limit);
    ndup__json_string(out, "before", (ndup_text){text.bytes + start, before.length - start});
    ndup__json_string(out, "behind", (ndup_text){behind.bytes, length});
    if (start > 0) {
        ndup__json_bool(out, "before_is_cut", true);
    }
    if (length < behind.length) {
        ndup__json_bool(out, "behind_is_cut", true);
    }
}

static ndup_text held_text(const ndup__family_work *work, const ndup__wording *wording)
{
    return (ndup_text){work->texts + wording->start, wording->bytes};
}

/* The wording among those that are known; their count where it is a new one. */
static size_t find_wording(const ndup__family_work *work, const ndup__wording *wanted)
{
    size_t i = 0;
    while (i < work->wording_count && (work->wordings[i].length != wanted->length ||
                                       work->wordings[i].hash.low != wanted->hash.low ||
                                       work->wordings[i].hash.high != wanted->hash.high)) {
        i++;
    }
    return i;
}

static ndup_status hold_text(ndup__family_work *work, ndup__wording *wording, ndup_text text,
                             ndup_error *error)
{
    wording->start = work->held;
    wording->bytes = ndup__cut_at_character(text, HELD_BYTES);
    wording->missing = ndup__count_characters(
        (ndup_text){text.bytes + wording->bytes, text.length - wording->bytes});
    ndup_status status = ndup__reserve(work->allocator, &work->texts, &work->capacity,
                                       work->held + wording->bytes + 1, 1, error);
    if (status == NDUP_STATUS_OK && wording->bytes > 0) {
        memcpy(work->texts + work->held, text.bytes, wording->bytes);
        work->held += wording->bytes;
    }
    return status;
}

static size_t text_limit(const family_writer *writer)
{
    size_t limit = writer->room / 6;
    limit = limit < TEXT_BYTES_MIN ? TEXT_BYTES_MIN : limit;
    return limit < writer->work->limits.text_bytes ? limit : writer->work->limits.text_bytes;
}

/* A new wording: the first one whole, others beside the first, with what differs. */
static ndup_status write_wording(family_writer *writer, const ndup__wording *wording,
                                 ndup_text text, ndup_error *error)
{
    ndup__family_work *work = writer->work;
    const ndup__wording *first = &work->wordings[0];
    ndup__passage_limits limits = {text_limit(writer), SAME_CONTEXT};
    if (wording == first) {
        ndup__json_beginning(writer->out, "text", text, 0, limits.total);
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__highlight(&work->highlighter, NDUP__TOKEN_WORDS,
                                         held_text(work, first), held_text(work, wording), error);
    if (status == NDUP_STATUS_OK) {
        ndup__json_passages(writer->out, "first_text", &work->highlighter.a, first->missing, limits,
                            &work->folded);
        ndup__json_passages(writer->out, "text", &work->highlighter.b, wording->missing, limits,
                            &work->folded);
        status = ndup__out_status(&work->folded.out, error);
    }
    return status;
}

/* The number of a place's wording, and the wording itself where it is a new one; nothing of one
 * that there was no room to compare with. */
static ndup_status write_text(family_writer *writer, ndup_text text, ndup_error *error)
{
    ndup__family_work *work = writer->work;
    ndup__wording wording = {.length = text.length,
                             .hash = ndup__hash_bytes128(text.bytes, text.length, 0)};
    size_t number = find_wording(work, &wording);
    if (number == work->limits.wordings) {
        return NDUP_STATUS_OK;
    }
    ndup__json_count(writer->out, "wording", number);
    if (number < work->wording_count) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = hold_text(work, &wording, text, error);
    work->wordings[work->wording_count++] = wording;
    return status == NDUP_STATUS_OK && (number == 0 || has_room(writer, .5))
               ? write_wording(writer, &work->wordings[number], text, error)
               : status;
}

static ndup_status write_place(family_writer *writer, const ndup_passage_place *place,
                               ndup_error *error)
{
    ndup_document document;
    const ndup_passage_run *run = writer->work->run;
    ndup_status status = run->read(&document, run->reader, place->document, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_text text = {document.text.bytes + place->offset, (size_t)place->length};
    ndup__json_open(writer->out, NULL, '{');
    write_head(writer->out, place, &document);
    if (has_room(writer, .75)) {
        write_around(writer->out, document.text, place, writer->work->limits.context);
    }
    status = write_text(writer, text, error);
    ndup__json_close(writer->out, '}');
    return status;
}

static void write_facts(ndup__out *out, const ndup__shown_family *family)
{
    ndup__json_count(out, "number", family->number);
    ndup__json_count(out, "documents", family->documents);
    ndup__json_count(out, "pairs", family->passages);
    ndup__json_count(out, "place_count", family->place_count);
    ndup__json_count(out, "source_count", family->facts.sources);
    ndup__json_count(out, "dated", family->facts.dated);
    ndup__json_count(out, "earliest", family->facts.earliest);
}

ndup_status ndup__json_family(size_t *bytes, ndup__out *out, ndup__family_work *work,
                              const ndup__shown_family *family, size_t room, ndup_error *error)
{
    family_writer writer = {.out = out, .work = work, .start = out->held, .room = room};
    ndup_status status = NDUP_STATUS_OK;
    work->wording_count = work->held = 0;
    ndup__folded_reset(&work->folded);
    ndup__json_open(out, NULL, '{');
    write_facts(out, family);
    ndup__json_open(out, "places", '[');
    for (size_t i = 0; i < family->shown_count && status == NDUP_STATUS_OK; i++) {
        if (i > 1 && !has_room(&writer, 1)) {
            break;
        }
        status = write_place(&writer, &family->shown[i], error);
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    *bytes = out->held - writer.start;
    out->needs_comma = false;
    ndup__json_folded_texts(out, NULL, &work->folded, SIZE_MAX);
    return status == NDUP_STATUS_OK ? ndup__out_status(out, error) : status;
}
