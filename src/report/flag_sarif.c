/* SPDX-License-Identifier: MIT */
/* sarif:FILE of flag runs: every repeat as a finding. */
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "report/aside.h"
#include "report/flag_output.h"
#include "report/id_hash.h"
#include "report/json_out.h"
#include "report/sarif_out.h"

/* By ndup_repeat_kind. */
static const ndup__sarif_rule rules[] = {
    {"repeat-exact", "A passage stands in the document twice"},
    {"repeat-normalized", "A passage stands in the document twice, spelt in another way"},
    {"repeat-near", "Most of a passage stands in the document twice"},
    {"repeat-contained", "A passage stands in a longer one of the document"},
    {"repeat-site", "A passage stands on many pages of the site"}};
#define RULE_COUNT (sizeof rules / sizeof rules[0])
#define MESSAGE_BYTES 400
#define QUOTED_BYTES 160

/* A result whose baselineState is not known before the end. */
typedef struct waiting_result {
    uint64_t place;
    size_t bytes;
} waiting_result;

/* Only with a baseline. */
typedef struct sarif_state {
    ndup__aside aside;
    waiting_result *results;
    size_t count;
    size_t capacity;
} sarif_state;

static ndup_status begin(ndup__flag_output *output, ndup_error *error)
{
    ndup__sarif_begin(&output->out, rules, RULE_COUNT);
    if (output->run->options->baseline == NULL) {
        return NDUP_STATUS_OK;
    }
    sarif_state *sarif;
    ndup_status status = ndup__allocate_zeroed(&output->allocator, &sarif, 1, sizeof *sarif, error);
    output->state = sarif;
    return status == NDUP_STATUS_OK
               ? ndup__aside_init(&sarif->aside, output->run->corpus->temporary_folder,
                                  &output->allocator, error)
               : status;
}

static uint64_t count_line_ends(ndup_text text, size_t from, size_t to)
{
    uint64_t count = 0;
    for (size_t i = from; i < to && i < text.length; i++) {
        count += text.bytes[i] == '\n';
    }
    return count;
}

/* The lines of a passage in a plain file, else the line of the record. */
static ndup__sarif_place find_place(const ndup_document *document, size_t offset, size_t length)
{
    ndup__sarif_place place = {.path = ndup__text_of(document->path)};
    if (document->line > 0) {
        place.first_line = place.last_line = document->line;
    } else if (document->original.length == 0) {
        place.first_line = 1 + count_line_ends(document->text, 0, offset);
        place.last_line =
            place.first_line + count_line_ends(document->text, offset, offset + length);
    }
    return place;
}

static size_t write_words(char message[MESSAGE_BYTES], ndup_text passage, const ndup_repeat *repeat)
{
    const char *phrase =
        repeat->kind == NDUP_REPEAT_SITE ? "Stands on many pages of the site: "
        : repeat->in_title               ? "Repeats the title: "
        : repeat->kind == NDUP_REPEAT_EXACT || repeat->kind == NDUP_REPEAT_NORMALIZED
            ? "Stands here twice: "
            : "Repeats most of another passage: ";
    size_t length = strlen(phrase);
    memcpy(message, phrase, length);
    size_t quoted = ndup__cut_at_character(passage, QUOTED_BYTES);
    for (size_t i = 0; i < quoted; i++) {
        bool is_space = passage.bytes[i] == '\n' || passage.bytes[i] == '\r';
        message[length++] = is_space ? ' ' : passage.bytes[i];
    }
    return length;
}

/* A result up to its last members. */
static void write_result(ndup__out *out, const ndup_flagged *flagged, const ndup_repeat *repeat)
{
    const ndup_document *document = flagged->document;
    ndup_text passage = {document->text.bytes + repeat->offset, repeat->length};
    ndup__sarif_place place = find_place(document, repeat->offset, repeat->length);
    char message[MESSAGE_BYTES];
    size_t length = write_words(message, passage, repeat);
    ndup__sarif_open_result(out, rules, (size_t)repeat->kind, (ndup_text){message, length}, &place);
    if (repeat->first != NDUP_NONE) {
        ndup__sarif_place first = find_place(document, repeat->first_offset, repeat->first_length);
        ndup__sarif_related(out, &first, "the first occurrence");
    }
    ndup__sarif_fingerprints(out, ndup__id_hash(document->id),
                             ndup__hash_bytes(passage.bytes, passage.length, 0));
    ndup__json_open(out, "properties", '{');
    ndup__json_string(out, "id", document->id);
    ndup__json_repeat(out, flagged, repeat);
    ndup__json_close(out, '}');
}

static ndup_status put_aside(ndup__flag_output *output, const ndup_flagged *flagged,
                             const ndup_repeat *repeat, ndup_error *error)
{
    sarif_state *sarif = output->state;
    ndup_status status = ndup__reserve(&output->allocator, &sarif->results, &sarif->capacity,
                                       sarif->count + 1, sizeof *sarif->results, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    waiting_result *waiting = &sarif->results[sarif->count++];
    waiting->place = ndup__aside_begin(&sarif->aside);
    write_result(&sarif->aside.out, flagged, repeat);
    return ndup__aside_end(&waiting->bytes, &sarif->aside, waiting->place, error);
}

static ndup_status take_document(ndup__flag_output *output, const ndup_flagged *flagged,
                                 ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    bool compares = output->state != NULL;
    for (size_t i = 0; i < flagged->repeat_count && status == NDUP_STATUS_OK; i++) {
        const ndup_repeat *repeat = &flagged->repeats[i];
        if (compares && !repeat->known) {
            status = put_aside(output, flagged, repeat, error);
        } else {
            ndup__sarif_next_result(&output->out);
            write_result(&output->out, flagged, repeat);
            ndup__sarif_close_result(&output->out, compares ? "unchanged" : NULL);
            status = ndup__out_status(&output->out, error);
        }
    }
    return status;
}

/* Writes what was put aside. */
static ndup_status write_waiting(ndup__flag_output *output, sarif_state *sarif, ndup_error *error)
{
    ndup__out *out = &output->out;
    ndup_status status = ndup__aside_complete(&sarif->aside, error);
    for (size_t i = 0; i < sarif->count && status == NDUP_STATUS_OK; i++) {
        ndup__sarif_next_result(out);
        status = ndup__aside_copy(out, &sarif->aside, sarif->results[i].place,
                                  sarif->results[i].bytes, error);
        out->needs_comma = true;
        ndup__sarif_close_result(out, output->run->moved[i] ? "unchanged" : "new");
    }
    return status;
}

static ndup_status finish(ndup__flag_output *output, const ndup_flag_summary *summary,
                          ndup_error *error)
{
    (void)summary;
    ndup_status status =
        output->state != NULL ? write_waiting(output, output->state, error) : NDUP_STATUS_OK;
    ndup__sarif_end(&output->out);
    return status;
}

static void end(ndup__flag_output *output)
{
    sarif_state *sarif = output->state;
    if (sarif != NULL) {
        ndup__aside_deinit(&sarif->aside);
        ndup__free(&output->allocator, &sarif->results, sarif->capacity, sizeof *sarif->results);
        ndup__free(&output->allocator, &sarif, 1, sizeof *sarif);
        output->state = NULL;
    }
}

const ndup__flag_kind ndup__flag_sarif = {
    .info = {"sarif", "repeats as findings, for code hosts and editors"},
    .begin = begin,
    .document = take_document,
    .finish = finish,
    .end = end,
};
