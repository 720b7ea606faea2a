/* SPDX-License-Identifier: MIT */
/* sarif:FILE, the dropped documents as findings, for code hosts and editors. */
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "neardup/baseline.h"
#include "report/id_hash.h"
#include "report/json_out.h"
#include "report/sarif_out.h"
#include "report/sink.h"
#include "report/verdict_out.h"

/* By ndup_kind. */
static const ndup__sarif_rule rules[] = {
    {"dropped-survivor", "The text is repeated, and all of its group are dropped"},
    {"identical", "Another document has the same text, byte for byte"},
    {"normalized", "Another document has the same words"},
    {"contained",
     "The text stands in another document, whole or but for the share that the message says"},
    {"near", "Most of the text stands in another document"},
    {"template", "Another document fills the same form with other contents"}};
#define RULE_COUNT (sizeof rules / sizeof rules[0])
#define MESSAGE_BYTES 700
#define ID_BYTES 400

/* Where a document of a group stands. */
typedef struct noted_place {
    uint64_t number;
    ndup__sarif_place place;
} noted_place;

typedef struct sarif_output {
    ndup__file_output file; /* first */
    ndup__arena paths;
    ndup_text last_path;
    noted_place *places; /* [count], numbers rising */
    size_t count;
    size_t capacity;
} sarif_output;

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    (void)error;
    sarif_output *sarif = (sarif_output *)output;
    sarif->paths.allocator = &output->base.allocator;
    ndup__sarif_begin(&output->out, rules, RULE_COUNT);
    return NDUP_STATUS_OK;
}

/* A copy of the path that lives as long as the output; the same file gives the same copy. */
static ndup_status copy_path(ndup_text *copy, sarif_output *sarif, const char *path,
                             ndup_error *error)
{
    char *bytes;
    size_t length = path != NULL ? strlen(path) : 0;
    if (length != sarif->last_path.length || length == 0 ||
        memcmp(path, sarif->last_path.bytes, length) != 0) {
        ndup_status status = ndup__arena_copy(&sarif->paths, &bytes, path, length, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        sarif->last_path = (ndup_text){bytes, length};
    }
    *copy = sarif->last_path;
    return NDUP_STATUS_OK;
}

static uint64_t count_line_ends(ndup_text text, size_t from, size_t to)
{
    uint64_t count = 0;
    for (size_t i = from; i < to && i < text.length; i++) {
        count += text.bytes[i] == '\n';
    }
    return count;
}

/* The line of a record; of a plain file the lines of the longest shared span. */
static void find_lines(ndup__sarif_place *place, const ndup_verdict *verdict,
                       const ndup_document *document)
{
    if (document->line > 0) {
        place->first_line = place->last_line = document->line;
    } else if (verdict->span_bytes > 0 && document->original.length == 0) {
        size_t end = (size_t)verdict->span_offset + verdict->span_bytes;
        place->first_line = 1 + count_line_ends(document->text, 0, verdict->span_offset);
        place->last_line =
            place->first_line + count_line_ends(document->text, verdict->span_offset, end);
    }
}

static ndup_status take_document(ndup__file_output *output, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    sarif_output *sarif = (sarif_output *)output;
    if (verdict->kept && !verdict->grouped) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(&output->base.allocator, &sarif->places, &sarif->capacity,
                                       sarif->count + 1, sizeof *sarif->places, error);
    noted_place noted = {.number = document->number};
    if (status == NDUP_STATUS_OK) {
        status = copy_path(&noted.place.path, sarif, document->path, error);
    }
    if (status == NDUP_STATUS_OK) {
        find_lines(&noted.place, verdict, document);
        sarif->places[sarif->count++] = noted;
    }
    return status;
}

static const ndup__sarif_place *find_place(const sarif_output *sarif, uint64_t number)
{
    static const ndup__sarif_place nowhere = {.first_line = 0};
    size_t low = 0;
    size_t high = sarif->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sarif->places[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < sarif->count && sarif->places[low].number == number ? &sarif->places[low].place
                                                                     : &nowhere;
}

static size_t put(char *message, size_t length, ndup_text part)
{
    size_t room = MESSAGE_BYTES - length;
    size_t taken = ndup__cut_at_character(part, room < ID_BYTES ? room : ID_BYTES);
    memcpy(message + length, part.bytes, taken);
    return length + taken;
}

static size_t put_word(char *message, size_t length, const char *word)
{
    return put(message, length, ndup__text_of(word));
}

/* "Near copy of ID (93.1 % alike)", "Contained in ID (95 % of it)". */
static size_t write_words(char message[MESSAGE_BYTES], const ndup_verdict *verdict)
{
    static const char *const phrases[RULE_COUNT] = {"Repeated text, dropped with its group",
                                                    "The same text as ",
                                                    "The same words as ",
                                                    "Contained in ",
                                                    "Near copy of ",
                                                    "Of one form with "};
    char percent[NDUP__NUMBER_BYTES];
    size_t length = put_word(message, 0, phrases[verdict->kind]);
    if (verdict->kind == NDUP_KIND_NONE) {
        return length;
    }
    length = put(message, length, verdict->survivor_id);
    if (verdict->kind >= NDUP_KIND_CONTAINED) {
        /* Rounded down to a tenth: what is not everything is not called that. */
        bool is_contained = verdict->kind == NDUP_KIND_CONTAINED;
        double share = is_contained ? verdict->containment : verdict->similarity;
        double tenths = (double)(uint64_t)(share * 1000 + 1e-9) / 10;
        length = put_word(message, length, " (");
        length = put(message, length, (ndup_text){percent, ndup__format_fixed(percent, tenths)});
        length = put_word(message, length, is_contained ? " % of it)" : " % alike)");
    }
    return length;
}

static void write_result(sarif_output *sarif, const noted_place *noted, const ndup_verdict *verdict)
{
    ndup__out *out = &sarif->file.out;
    char message[MESSAGE_BYTES];
    const char *state = !ndup_result_has_baseline(sarif->file.result) ? NULL
                        : verdict->known                              ? "unchanged"
                                                                      : "new";
    size_t length = write_words(message, verdict);
    ndup__sarif_next_result(out);
    ndup__sarif_open_result(out, rules, (size_t)verdict->kind, (ndup_text){message, length},
                            &noted->place);
    if (verdict->survivor != verdict->document) {
        ndup__sarif_related(out, find_place(sarif, verdict->survivor), "the text that is kept");
    }
    ndup__sarif_fingerprints(out, ndup__id_hash(verdict->id), verdict->text_hash);
    ndup__json_open(out, "properties", '{');
    ndup__json_string(out, "id", verdict->id);
    ndup__json_string(out, "survivor", verdict->survivor_id);
    ndup__json_fixed(out, "similarity", verdict->similarity);
    ndup__json_containments(out, verdict);
    ndup__json_close(out, '}');
    ndup__sarif_close_result(out, state);
}

static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    sarif_output *sarif = (sarif_output *)output;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sarif->count && status == NDUP_STATUS_OK; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(output->result, sarif->places[i].number, &verdict);
        if (!verdict.kept) {
            write_result(sarif, &sarif->places[i], &verdict);
            status = ndup__out_status(&output->out, error);
        }
    }
    ndup__sarif_end(&output->out);
    return status;
}

static void release(ndup__file_output *output)
{
    sarif_output *sarif = (sarif_output *)output;
    ndup__free(&output->base.allocator, &sarif->places, sarif->capacity, sizeof *sarif->places);
    ndup__arena_deinit(&sarif->paths);
    sarif->count = sarif->capacity = 0;
}

const ndup__output_kind ndup__output_sarif = {
    .info = {"sarif", "dropped documents as findings, for code hosts and editors"},
    .wants_records = true,
    .own_bytes = sizeof(sarif_output),
    .begin = begin,
    .document = take_document,
    .finish = finish,
    .release = release,
};
