/* SPDX-License-Identifier: MIT */
/* Only whole sentences and lines are cut, and only where the first document has them to the byte,
 * so that what a text says by itself stays readable and the marks tell how to put it together
 * again. */
#include "dedup/form_fold.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "pipeline/progress.h"
#include "report/json_out.h"
#include "report/line_out.h"
#include "report/verdict_out.h"
#include "text/utf8.h"

#define NO_FORM UINT64_MAX

/* How marks begin: "[" and an ellipsis. */
#define MARK_BEGIN "[\xE2\x80\xA6 "
#define MARK_END " \xE2\x80\xA6]"

ndup_status ndup__form_fold_init(ndup__form_fold *fold, const ndup_result *result,
                                 ndup_corpus *corpus, ndup_error *error)
{
    const ndup_allocator *allocator = result->allocator;
    *fold = (ndup__form_fold){.result = result, .corpus = corpus, .form = NO_FORM};
    fold->index.allocator = allocator;
    ndup__block_init(&fold->block, allocator);
    ndup__out *const outs[] = {&fold->mark, &fold->text, &fold->places, &fold->record, &fold->line};
    for (size_t i = 0; i < sizeof outs / sizeof *outs; i++) {
        ndup__out_init(outs[i], NULL, allocator);
    }
    return ndup__fields_init(&fold->fields, &result->corpus_options, NULL, 0, allocator, error);
}

void ndup__form_fold_deinit(ndup__form_fold *fold)
{
    ndup__fields_deinit(&fold->fields);
    ndup__block_deinit(&fold->block);
    ndup__sentence_index_deinit(&fold->index);
    ndup__out_deinit(&fold->mark);
    ndup__out_deinit(&fold->text);
    ndup__out_deinit(&fold->places);
    ndup__out_deinit(&fold->record);
    ndup__out_deinit(&fold->line);
}

/* Offsets are of the text as it is written, where damage is U+FFFD. */
static bool is_sound(ndup_text text)
{
    uint64_t damaged = 0;
    for (size_t at = 0; at < text.length && damaged == 0;) {
        uint32_t c;
        at += ndup__utf8_begins_ascii(text.bytes + at, text.length - at)
                  ? 8
                  : ndup__utf8_read(&c, text.bytes + at, text.length - at, &damaged);
    }
    return damaged == 0;
}

/* What looks like a mark and is none would make all others doubtful. */
static bool has_mark(ndup_text text)
{
    const size_t length = sizeof MARK_BEGIN - 1;
    const char *end = text.bytes + text.length;
    const char *at = text.length > 0 ? memchr(text.bytes, '[', text.length) : NULL;
    while (at != NULL && (size_t)(end - at) >= length) {
        if (memcmp(at, MARK_BEGIN, length) == 0) {
            return true;
        }
        at = memchr(at + 1, '[', (size_t)(end - at) - 1);
    }
    return false;
}

/* Reads the first document of a form, unless it is at hand. */
static ndup_status read_first(ndup__form_fold *fold, uint64_t number, ndup_error *error)
{
    const ndup__table *table = &fold->result->table;
    ndup__item item;
    if (fold->form == number) {
        return NDUP_STATUS_OK;
    }
    fold->form = NO_FORM;
    ndup_status status = ndup__corpus_fetch(fold->corpus, table->places[number],
                                            table->lengths[number], &fold->block, &item, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_text text = item.document.text;
    if (ndup__hash_bytes(text.bytes, text.length, 0) != table->text_hashes[number]) {
        return ndup__fail(error, NDUP_STATUS_CHANGED, "document %llu changed since it was read",
                          (unsigned long long)number);
    }
    fold->is_foldable = is_sound(text);
    status = ndup__sentence_index_fill(&fold->index, text, error);
    fold->form = status == NDUP_STATUS_OK ? number : NO_FORM;
    return status;
}

/* "[… 360 bytes as in ID, from 120 …]" */
static void write_mark(ndup__out *mark, const ndup__passage *passage, ndup_text id)
{
    char number[NDUP__NUMBER_BYTES];
    mark->held = 0;
    ndup__out_text(mark, MARK_BEGIN);
    ndup__out_bytes(mark, number, ndup__format_count(number, passage->bytes));
    ndup__out_text(mark, " bytes as in ");
    ndup__line_text(mark, id);
    ndup__out_text(mark, ", from ");
    ndup__out_bytes(mark, number, ndup__format_count(number, passage->from));
    ndup__out_text(mark, MARK_END);
}

static void write_place(ndup__form_fold *fold, const ndup__passage *passage)
{
    ndup__json_open(&fold->places, NULL, '{');
    ndup__json_count(&fold->places, "offset", fold->text.held);
    ndup__json_count(&fold->places, "mark_bytes", fold->mark.held);
    ndup__json_count(&fold->places, "from", passage->from);
    ndup__json_count(&fold->places, "bytes", passage->bytes);
    ndup__json_close(&fold->places, '}');
}

/* Writes the text with marks; returns how many. A passage is cut where its mark takes no more than
 * half of its room: below that a reader gains nothing. */
static size_t write_text(ndup__form_fold *fold, ndup_text text, ndup_text id,
                         const ndup__passage *passages, size_t count)
{
    size_t marks = 0;
    size_t written = 0;
    fold->text.held = 0;
    for (size_t i = 0; i < count; i++) {
        write_mark(&fold->mark, &passages[i], id);
        if (passages[i].bytes < 2 * fold->mark.held) {
            continue;
        }
        ndup__out_bytes(&fold->text, text.bytes + written, passages[i].offset - written);
        write_place(fold, &passages[i]);
        ndup__out_bytes(&fold->text, fold->mark.bytes, fold->mark.held);
        written = passages[i].offset + passages[i].bytes;
        marks++;
    }
    ndup__out_bytes(&fold->text, text.bytes + written, text.length - written);
    return marks;
}

/* Fills fold->text and fold->places; *marks is 0 where the text stays whole. */
static ndup_status fold_text(size_t *marks, ndup__form_fold *fold, const ndup_verdict *verdict,
                             ndup_text text, ndup_error *error)
{
    const ndup__passage *passages;
    size_t count = 0;
    ndup_status status = read_first(fold, verdict->form, error);
    *marks = 0;
    if (status != NDUP_STATUS_OK || !fold->is_foldable || !is_sound(text) || has_mark(text)) {
        return status;
    }
    status = ndup__sentence_index_meet(&passages, &count, &fold->index, text, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    fold->places.held = 0;
    fold->places.needs_comma = false;
    ndup__json_open(&fold->places, NULL, '{');
    ndup__json_string(&fold->places, "form", verdict->form_id);
    ndup__json_open(&fold->places, "passages", '[');
    *marks = write_text(fold, text, verdict->form_id, passages, count);
    ndup__json_close(&fold->places, ']');
    ndup__json_close(&fold->places, '}');
    ndup__out *const outs[] = {&fold->mark, &fold->text, &fold->places};
    for (size_t i = 0; i < sizeof outs / sizeof *outs && status == NDUP_STATUS_OK; i++) {
        status = ndup__out_status(outs[i], error);
    }
    return status;
}

/* Where the record's text is a string that decodes to the document's, without loss. */
static ndup_status find_string(ndup__value *value, bool *found, ndup__form_fold *fold,
                               const ndup_document *document, ndup_error *error)
{
    ndup_text record = document->record;
    uint64_t replaced = 0;
    *found = false;
    ndup_status status =
        ndup__fields_find_text(value, &fold->fields, record.bytes, record.length, error);
    if (status != NDUP_STATUS_OK || value->kind != NDUP__VALUE_STRING) {
        return status;
    }
    fold->record.held = 0;
    char *room = ndup__out_room(&fold->record, value->length + NDUP__DECODE_SLACK);
    if (room == NULL) {
        return ndup__out_status(&fold->record, error);
    }
    size_t length = ndup__value_decode(room, value, &replaced);
    *found = replaced == 0 && length == document->text.length &&
             (length == 0 || memcmp(room, document->text.bytes, length) == 0);
    return NDUP_STATUS_OK;
}

/* The record with the folded text in the place of its own, and a member about it; all else byte for
 * byte. */
static ndup_status write_record(ndup__form_fold *fold, const ndup__value *value, ndup_error *error)
{
    ndup__out *out = &fold->record;
    ndup_text record = fold->document.record;
    size_t begin = (size_t)(value->raw - record.bytes);
    size_t end = begin + value->length;
    out->held = 0;
    ndup__out_bytes(out, record.bytes, begin);
    ndup__json_escaped(out, fold->document.text);
    ndup__out_bytes(out, record.bytes + end, record.length - end);
    fold->document.record = (ndup_text){out->bytes, out->held};
    fold->line.held = 0;
    ndup_status status = ndup__out_status(out, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_record_open(&fold->line, &fold->document, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__json_folded_member(&fold->line, &fold->document);
        ndup__json_record_rest(&fold->line, &fold->document);
        status = ndup__out_status(&fold->line, error);
    }
    fold->document.record = (ndup_text){fold->line.bytes, fold->line.held};
    return status;
}

/* What holds more than its text: of it the text alone cannot be written. */
static bool holds_more(const ndup__form_fold *fold, const ndup_document *document)
{
    return document->row.length > 0 || document->original.length > 0 ||
           (document->record.length > 0 && fold->fields.is_page);
}

static ndup_status fold_document(bool *is_folded, ndup__form_fold *fold,
                                 const ndup_verdict *verdict, const ndup_document *document,
                                 ndup_error *error)
{
    ndup__value value;
    size_t marks = 0;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    *is_folded = false;
    if (document->record.length > 0) {
        status = find_string(&value, &found, fold, document, error);
    }
    if (status == NDUP_STATUS_OK && found) {
        status = fold_text(&marks, fold, verdict, document->text, error);
    }
    if (status != NDUP_STATUS_OK || marks == 0) {
        return status;
    }
    fold->document = *document;
    fold->document.text = (ndup_text){fold->text.bytes, fold->text.held};
    fold->document.folded = (ndup_text){fold->places.bytes, fold->places.held};
    fold->document.units = NULL;
    fold->document.unit_count = 0;
    *is_folded = true;
    return document->record.length > 0 ? write_record(fold, &value, error) : NDUP_STATUS_OK;
}

static bool is_first_kept(const ndup__form_fold *fold, uint64_t number)
{
    ndup_verdict first;
    ndup_result_verdict(fold->result, number, &first);
    return first.kept;
}

ndup_status ndup__form_fold_take(const ndup_document **out, ndup__form_fold *fold,
                                 const ndup_verdict *verdict, const ndup_document *document,
                                 ndup_error *error)
{
    bool is_folded;
    *out = document;
    if (!verdict->kept || !verdict->formed || verdict->form == verdict->document ||
        !is_first_kept(fold, verdict->form)) {
        return NDUP_STATUS_OK;
    }
    if (holds_more(fold, document)) {
        fold->left_whole++;
        return NDUP_STATUS_OK;
    }
    ndup_status status = fold_document(&is_folded, fold, verdict, document, error);
    if (status == NDUP_STATUS_OK && is_folded) {
        *out = &fold->document;
        fold->folded++;
        fold->saved_bytes += document->text.length - fold->document.text.length;
    }
    return status;
}

void ndup__form_fold_tell(const ndup__form_fold *fold, const ndup_hooks *hooks)
{
    if (fold->folded == 0) {
        ndup__notice(hooks, "no form was folded: no text shares a long sentence with the first of "
                            "its form to the byte");
    } else {
        ndup__notice(hooks,
                     "forms were folded: %llu documents are written %llu bytes shorter, with marks "
                     "where the first of their form has the same sentences",
                     (unsigned long long)fold->folded, (unsigned long long)fold->saved_bytes);
    }
    if (fold->left_whole > 0) {
        ndup__notice(hooks,
                     "%llu documents of a form stay whole: web pages and rows of tables are not "
                     "folded",
                     (unsigned long long)fold->left_whole);
    }
}
