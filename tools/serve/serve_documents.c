/* SPDX-License-Identifier: MIT */
/* GET and DELETE /v1/documents/ID. */
#include "serve_answers.h"
#include "serve_request.h"

static void write_text(serve_text *out, const char *key, ndup_text text)
{
    if (text.length > 0) {
        serve_json_string(out, key, text);
    } else {
        serve_json_word(out, key, NULL);
    }
}

static ndup_status write_document(void *context, const ndup_index_document *document,
                                  ndup_error *error)
{
    serve_text *out = context;
    (void)error;
    serve_json_open(out, NULL, '{');
    serve_json_string(out, "id", document->id);
    write_text(out, "url", document->url);
    write_text(out, "source", document->source);
    write_text(out, "date", document->date);
    write_text(out, "title", document->title);
    serve_json_count(out, "number", document->number);
    serve_json_count(out, "bytes", document->bytes);
    serve_json_count(out, "tokens", document->tokens);
    serve_json_word(out, "reading", ndup_reading_name(document->reading));
    serve_json_hash(out, "text_hash", document->text_hash);
    serve_json_count(out, "group", document->group);
    serve_json_bool(out, "first", document->is_first);
    serve_json_signed(out, "added", document->added);
    serve_json_close(out, '}');
    serve_text_add(out, "\n", 1);
    return NDUP_STATUS_OK;
}

static bool takes_no_parameters(serve_request *request)
{
    bool has_none = request->target.parameter_count == 0;
    if (!has_none) {
        serve_refuse(&request->answer, 400,
                     "this address takes no parameters; a ? in an id is %%3F");
    }
    return has_none;
}

void serve_answer_document(serve_request *request, ndup_text body)
{
    ndup_error error = {0};
    (void)body;
    if (takes_no_parameters(request) &&
        ndup_index_get(request->service->index, request->target.operand, write_document,
                       &request->answer.body, &error) != NDUP_STATUS_OK) {
        serve_refuse_for(&request->answer, &error, false);
    }
}

void serve_answer_remove(serve_request *request, ndup_text body)
{
    ndup_error error = {0};
    uint64_t removed = 0;
    ndup_text id = request->target.operand;
    (void)body;
    if (!takes_no_parameters(request)) {
        return;
    }
    if (ndup_index_remove(request->service->index, &removed, &id, 1, &error) != NDUP_STATUS_OK) {
        serve_refuse_for(&request->answer, &error, false);
    } else if (removed == 0) {
        serve_refuse(&request->answer, 404, "the index has no document '%.*s'",
                     (int)(id.length < 100 ? id.length : 100), id.bytes);
    } else {
        serve_json_open(&request->answer.body, NULL, '{');
        serve_json_count(&request->answer.body, "removed", removed);
        serve_json_close(&request->answer.body, '}');
        serve_text_add(&request->answer.body, "\n", 1);
    }
}
