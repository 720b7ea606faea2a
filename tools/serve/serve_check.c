/* SPDX-License-Identifier: MIT */
/* POST /v1/check, /v1/add, /v1/check-and-add: documents in, verdicts out. */
#include <stdlib.h>
#include <string.h>

#include "neardup/record.h"
#include "serve_answers.h"
#include "serve_query.h"
#include "serve_readers.h"
#include "serve_request.h"
#include "serve_utf8.h"

/* Matches of all records of a request. */
enum { MATCHES_TOGETHER = 100000 };

typedef enum check_mode { CHECK_ONLY, CHECK_AND_ADD, ADD_ALL } check_mode;

/* The documents of a request. Those of `documents` are asked about; a line of a batch that holds
 * none has an error in its place. */
typedef struct question {
    serve_request *request;
    serve_query query;
    check_mode mode;
    ndup_record_reader *reader;
    ndup_document *documents; /* [capacity] */
    size_t count;
    size_t capacity;
    serve_text lines; /* errors of a batch, one behind the other */
    size_t *errors;   /* [line_count] bytes of each line's error; 0 = it is a document */
    size_t line_count;
    size_t line_capacity;
    ndup_index_answers *answers;
} question;

static bool grow(void **items, size_t *capacity, size_t size)
{
    size_t larger = *capacity > 0 ? 2 * *capacity : 16;
    void *moved = realloc(*items, larger * size);
    if (moved != NULL) {
        *items = moved;
        *capacity = larger;
    }
    return moved != NULL;
}

static bool need_document(question *now)
{
    return now->count < now->capacity ||
           grow((void **)&now->documents, &now->capacity, sizeof *now->documents);
}

static ndup_status fail_at(ndup_error *error, ndup_status status, size_t byte, const char *message)
{
    *error = (ndup_error){.status = status, .byte = byte};
    strncpy(error->message, message, sizeof error->message - 1);
    return status;
}

static ndup_status require_utf8(ndup_text bytes, ndup_error *error)
{
    size_t damage = serve_utf8_damage(bytes.bytes, bytes.length);
    return damage < bytes.length
               ? fail_at(error, NDUP_STATUS_CORRUPT, damage, "the body is not valid UTF-8")
               : NDUP_STATUS_OK;
}

/* Whether a Content-Type names an encoding; then the bytes are whatever it says. */
static bool names_encoding(const char *content_type)
{
    for (const char *at = content_type; *at != '\0'; at++) {
        if (strlen(at) >= 8 && serve_same_word((ndup_text){at, 8}, "charset=")) {
            ndup_text name = {at + 8 + (at[8] == '"'), 0};
            while (strchr("\"; \t", name.bytes[name.length]) == NULL) {
                name.length++;
            }
            return !serve_same_word(name, "utf-8") && !serve_same_word(name, "utf8");
        }
    }
    return false;
}

static ndup_status read_json(question *now, ndup_text record, ndup_error *error)
{
    ndup_status status = require_utf8(record, error);
    return status == NDUP_STATUS_OK
               ? ndup_record_read_json(&now->documents[now->count], now->reader, record, error)
               : status;
}

/* Reads a document to the end of the list, without counting it. */
static ndup_status read_document(question *now, ndup_text body, ndup_error *error)
{
    ndup_document *document = &now->documents[now->count];
    const char *written = now->request->content_type;
    ndup_text content_type = {written, strlen(written)};
    ndup_status status = NDUP_STATUS_OK;
    switch (now->request->type) {
    case SERVE_TYPE_TEXT:
        if (!names_encoding(written)) {
            status = require_utf8(body, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup_record_read_text(document, now->reader, body, content_type, error);
        }
        break;
    case SERVE_TYPE_PAGE:
        status = ndup_record_read_page(document, now->reader, body, content_type,
                                       now->query.about.url, error);
        break;
    default:
        status = read_json(now, body, error);
    }
    if (status == NDUP_STATUS_OK) {
        serve_query_fill(document, &now->query);
    }
    if (status == NDUP_STATUS_OK && now->mode != CHECK_ONLY && document->id.length == 0) {
        status =
            fail_at(error, NDUP_STATUS_INVALID, 0, "the record has no id, which adding it needs");
    }
    return status;
}

static void refuse_memory(question *now)
{
    serve_refuse(&now->request->answer, 503, "out of memory");
    now->request->answer.retry_after = 1;
}

static bool read_single(question *now, ndup_text body)
{
    ndup_error error = {0};
    if (!need_document(now)) {
        refuse_memory(now);
        return false;
    }
    if (read_document(now, body, &error) != NDUP_STATUS_OK) {
        serve_refuse_for(&now->request->answer, &error, true);
        return false;
    }
    now->count = 1;
    return true;
}

/* The error of a line, in its place among the answers. */
static void note_error(question *now, const ndup_error *error, size_t line)
{
    size_t before = now->lines.length;
    serve_json_open(&now->lines, NULL, '{');
    serve_json_word(&now->lines, "id", NULL);
    serve_json_count(&now->lines, "line", line);
    serve_json_word(&now->lines, "error",
                    error->message[0] != '\0' ? error->message : ndup_status_text(error->status));
    serve_json_count(&now->lines, "byte", error->byte);
    serve_json_close(&now->lines, '}');
    serve_text_add(&now->lines, "\n", 1);
    now->errors[now->line_count] = now->lines.length - before;
}

static bool is_blank(ndup_text line)
{
    size_t i = 0;
    while (i < line.length && strchr(" \t\r", line.bytes[i]) != NULL && line.bytes[i] != '\0') {
        i++;
    }
    return i == line.length;
}

static bool read_line(question *now, ndup_text line, size_t number)
{
    ndup_error error = {0};
    bool has_room = now->line_count < now->line_capacity ||
                    grow((void **)&now->errors, &now->line_capacity, sizeof *now->errors);
    if (!has_room || !need_document(now)) {
        refuse_memory(now);
        return false;
    }
    if (now->line_count == now->request->service->rules.documents_most) {
        serve_refuse(&now->request->answer, 413, "more than %zu records in a request",
                     now->line_count);
        return false;
    }
    now->errors[now->line_count] = 0;
    if (is_blank(line)) {
        (void)fail_at(&error, NDUP_STATUS_CORRUPT, 0, "the line is empty, must be a JSON object");
        note_error(now, &error, number);
    } else if (read_document(now, line, &error) == NDUP_STATUS_OK) {
        now->count++;
    } else {
        note_error(now, &error, number);
    }
    now->line_count++;
    return true;
}

static bool read_lines(question *now, ndup_text body)
{
    bool goes_on = true;
    for (size_t number = 1; body.length > 0 && goes_on; number++) {
        const char *end = memchr(body.bytes, '\n', body.length);
        ndup_text line = {body.bytes, end != NULL ? (size_t)(end - body.bytes) : body.length};
        size_t passed = line.length + (end != NULL);
        goes_on = read_line(now, line, number);
        body = (ndup_text){body.bytes + passed, body.length - passed};
    }
    return goes_on;
}

/* Verdicts are put together in memory. */
static bool is_bounded(question *now)
{
    size_t matches = now->query.how.matches;
    bool is_few = now->count <= MATCHES_TOGETHER / matches;
    if (!is_few) {
        serve_refuse(&now->request->answer, 413,
                     "%zu records with up to %zu matches each, at most %d matches together",
                     now->count, matches, MATCHES_TOGETHER);
    }
    return is_few;
}

static bool ask(question *now)
{
    ndup_index *index = now->request->service->index;
    ndup_error error = {0};
    ndup_status status;
    now->query.how.add_known |= now->mode == ADD_ALL;
    if (now->mode == CHECK_ONLY) {
        status = ndup_index_check(index, &now->answers, now->documents, now->count, &now->query.how,
                                  &error);
    } else {
        status = ndup_index_check_and_add(index, &now->answers, now->documents, now->count,
                                          &now->query.how, &error);
    }
    if (status != NDUP_STATUS_OK) {
        serve_refuse_for(&now->request->answer, &error, false);
    }
    return status == NDUP_STATUS_OK;
}

static void count_documents(question *now)
{
    serve_metrics *metrics = &now->request->service->metrics;
    unsigned long long added = 0;
    for (size_t i = 0; i < now->count; i++) {
        added += ndup_index_answers_get(now->answers, i)->number > 0;
    }
    atomic_fetch_add(&metrics->documents_asked, now->count);
    atomic_fetch_add(&metrics->documents_added, added);
}

static bool write_answer(question *now, size_t i)
{
    serve_text *out = &now->request->answer.body;
    ndup_error error = {0};
    ndup_text json;
    ndup_status status =
        ndup_index_answers_json(&json, now->answers, i, now->documents[i].id, &error);
    if (status != NDUP_STATUS_OK) {
        serve_refuse_for(&now->request->answer, &error, false);
        return false;
    }
    serve_text_add(out, json.bytes, json.length);
    serve_text_add(out, "\n", 1);
    return true;
}

static void write_lines(question *now)
{
    const char *error = now->lines.bytes;
    size_t document = 0;
    now->request->answer.content_type = "application/x-ndjson";
    for (size_t i = 0; i < now->line_count; i++) {
        if (now->errors[i] > 0) {
            serve_text_add(&now->request->answer.body, error, now->errors[i]);
            error += now->errors[i];
        } else if (!write_answer(now, document++)) {
            return;
        }
    }
}

static void free_question(question *now)
{
    serve_readers *readers = now->request->service->readers;
    if (now->reader != NULL) {
        serve_readers_give(readers, now->reader);
    }
    ndup_index_answers_free(now->answers);
    serve_text_free(&now->lines);
    free(now->documents);
    free(now->errors);
}

static void answer_documents(serve_request *request, ndup_text body, check_mode mode)
{
    question now = {.request = request, .mode = mode};
    ndup_error error = {0};
    bool is_batch = request->type == SERVE_TYPE_JSON_LINES;
    if (!serve_query_read(&now.query, request)) {
        return;
    }
    if (serve_readers_take(&now.reader, request->service->readers, &error) != NDUP_STATUS_OK) {
        serve_refuse_for(&request->answer, &error, false);
        return;
    }
    if ((is_batch ? read_lines(&now, body) : read_single(&now, body)) && is_bounded(&now) &&
        ask(&now)) {
        count_documents(&now);
        if (is_batch) {
            request->answer.body.has_failed |= now.lines.has_failed;
            write_lines(&now);
        } else {
            write_answer(&now, 0);
        }
    }
    free_question(&now);
}

void serve_answer_check(serve_request *request, ndup_text body)
{
    answer_documents(request, body, CHECK_ONLY);
}

void serve_answer_check_and_add(serve_request *request, ndup_text body)
{
    answer_documents(request, body, CHECK_AND_ADD);
}

void serve_answer_add(serve_request *request, ndup_text body)
{
    answer_documents(request, body, ADD_ALL);
}
