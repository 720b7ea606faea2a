/* SPDX-License-Identifier: MIT */
/* What the head of a request decides, and errors as answers. */
#include "serve_request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve_readers.h"
#include "serve_token.h"

#define JSON_TYPE "application/json"

/* A body that is read and compared in less time than it takes to hand it to another thread and back
 * several times. */
enum { QUICK_BYTES = 64 << 10 };

/* A body of a refused request that is read all the same, so that the connection can be used again.
 */
enum { PASSED_BYTES = 64 << 10 };

ndup_status serve_service_init(serve_service *service, ndup_index *index, const serve_rules *rules,
                               ndup_error *error)
{
    service->index = index;
    service->rules = *rules;
    return serve_readers_new(&service->readers, error);
}

void serve_service_deinit(serve_service *service)
{
    serve_readers_free(service->readers);
    service->readers = NULL;
}

void serve_answer_free(serve_answer *answer)
{
    serve_text_free(&answer->body);
}

void serve_refuse(serve_answer *answer, unsigned status, const char *format, ...)
{
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t shown = length < (int)sizeof message ? (size_t)length : sizeof message - 1;
    answer->status = status;
    answer->content_type = JSON_TYPE;
    answer->body.length = 0;
    serve_json_open(&answer->body, NULL, '{');
    serve_json_string(&answer->body, "error", (ndup_text){message, shown});
    serve_json_close(&answer->body, '}');
    serve_text_add(&answer->body, "\n", 1);
}

static bool is_allowed(serve_request *request, const serve_head *head)
{
    const serve_rules *rules = &request->service->rules;
    serve_answer *answer = &request->answer;
    if (rules->token == NULL && rules->is_loopback && !serve_host_is_loopback(head->host)) {
        serve_refuse(answer, 421, "host '%.*s' is not this machine: ask localhost or an address",
                     (int)(head->host.length < 100 ? head->host.length : 100), head->host.bytes);
        return false;
    }
    if (serve_origin_is_foreign(head->origin, head->host)) {
        serve_refuse(answer, 403, "pages of other sites may not ask this server");
        return false;
    }
    bool needs_token =
        rules->token != NULL && !(request->route != NULL && request->route->is_public);
    if (needs_token && !serve_token_holds(rules->token, head->authorization)) {
        serve_refuse(answer, 401, "%s",
                     head->authorization.length > 0
                         ? "the token is not the right one"
                         : "a token is needed: Authorization: Bearer TOKEN");
        answer->asks_for_token = true;
        return false;
    }
    return true;
}

static bool is_changeable(serve_request *request)
{
    bool is_refused = request->service->rules.is_read_only && request->route->changes;
    if (is_refused) {
        serve_refuse(&request->answer, 403, "the index is opened for reading");
    }
    return !is_refused;
}

static bool is_known_place(serve_request *request, const serve_head *head)
{
    serve_answer *answer = &request->answer;
    const serve_target *target = &request->target;
    if (request->route != NULL) {
        return true;
    }
    if (answer->allow[0] != '\0') {
        serve_refuse(answer, 405, "%.*s is not for this address, which takes %s",
                     (int)(head->method.length < 20 ? head->method.length : 20), head->method.bytes,
                     answer->allow);
    } else {
        serve_refuse(answer, 404, "there is nothing at '%.*s'; /openapi.json lists what there is",
                     (int)(target->path.length < 100 ? target->path.length : 100),
                     target->path.bytes);
    }
    return false;
}

/* Keeps the type, whose parameters tell the encoding of texts and pages. */
static bool is_fitting_body(serve_request *request, const serve_head *head)
{
    uint64_t most = request->service->rules.body_most;
    ndup_text written = head->content_type;
    if (!request->route->takes_body) {
        if (head->has_body) {
            serve_refuse(&request->answer, 413, "this address takes no body");
        }
        return !head->has_body;
    }
    request->type = serve_type_of(written);
    if (request->type == SERVE_TYPE_NONE || request->type == SERVE_TYPE_UNKNOWN) {
        serve_refuse(&request->answer, 415,
                     "Content-Type is '%.*s', must be application/json, application/x-ndjson, "
                     "text/plain or text/html",
                     (int)(written.length < 100 ? written.length : 100), written.bytes);
        return false;
    }
    if (head->content_encoding.length > 0 && !serve_same_word(head->content_encoding, "identity")) {
        serve_refuse(&request->answer, 415, "compressed bodies are not taken");
        return false;
    }
    if (head->body_bytes > most) {
        serve_refuse(&request->answer, 413, "the body has %llu bytes, at most %llu are taken",
                     (unsigned long long)head->body_bytes, (unsigned long long)most);
        return false;
    }
    request->content_type = malloc(written.length + 1);
    if (request->content_type == NULL) {
        serve_refuse(&request->answer, 503, "out of memory");
        return false;
    }
    memcpy(request->content_type, written.bytes, written.length);
    request->content_type[written.length] = '\0';
    return true;
}

static bool read_target(serve_request *request, const serve_head *head)
{
    switch (serve_target_read(&request->target, head->target)) {
    case SERVE_TARGET_OK:
        return true;
    case SERVE_TARGET_MEMORY:
        serve_refuse(&request->answer, 503, "out of memory");
        return false;
    case SERVE_TARGET_PERCENT:
        serve_refuse(&request->answer, 400, "a %% in the address stands without two hex digits");
        return false;
    case SERVE_TARGET_PARAMETERS:
        serve_refuse(&request->answer, 400, "more than %d parameters in the address",
                     SERVE_PARAMETERS);
        return false;
    }
    return false;
}

bool serve_request_begin(serve_request *request, serve_service *service, const serve_head *head)
{
    *request = (serve_request){.service = service};
    bool is_readable = read_target(request, head);
    if (is_readable) {
        request->route = serve_route_find(&request->target, head->method, request->answer.allow);
    }
    bool goes_on = is_readable && is_allowed(request, head) && is_known_place(request, head) &&
                   is_changeable(request) && is_fitting_body(request, head);
    if (request->answer.status != 405) {
        request->answer.allow[0] = '\0';
    }
    bool is_small = head->body_bytes > 0 && head->body_bytes <= PASSED_BYTES;
    request->answer.closes = !goes_on && head->has_body && !is_small;
    return goes_on;
}

bool serve_request_is_quick(const serve_request *request, size_t body_length)
{
    return !request->route->changes && request->type != SERVE_TYPE_JSON_LINES &&
           body_length <= QUICK_BYTES;
}

void serve_request_answer(serve_request *request, ndup_text body)
{
    request->answer.status = 200;
    request->answer.content_type = JSON_TYPE;
    /* No bytes are bytes, too: readers may add to the pointer. */
    request->route->answer(request, body.bytes != NULL ? body : (ndup_text){"", 0});
    if (request->answer.body.has_failed) {
        serve_answer_free(&request->answer);
        serve_refuse(&request->answer, 503, "out of memory");
        request->answer.retry_after = 1;
    }
}

void serve_request_count(serve_request *request, unsigned status, double seconds)
{
    serve_metrics_count(&request->service->metrics, request->route, status, seconds);
}

void serve_request_end(serve_request *request)
{
    serve_answer_free(&request->answer);
    serve_target_free(&request->target);
    free(request->content_type);
    request->content_type = NULL;
}

/* What was sent is at fault, or what serves it. */
static unsigned status_for(ndup_status status, bool is_about_record)
{
    switch (status) {
    case NDUP_STATUS_INVALID:
        return 400;
    case NDUP_STATUS_NOT_FOUND:
        return is_about_record ? 400 : 404;
    case NDUP_STATUS_CORRUPT:
        return is_about_record ? 400 : 500;
    case NDUP_STATUS_UNSUPPORTED:
        return is_about_record ? 415 : 501;
    case NDUP_STATUS_LIMIT:
        return is_about_record ? 413 : 503;
    case NDUP_STATUS_MEMORY:
        return 503;
    default:
        return 500;
    }
}

void serve_refuse_for(serve_answer *answer, const ndup_error *error, bool is_about_record)
{
    const char *message =
        error->message[0] != '\0' ? error->message : ndup_status_text(error->status);
    unsigned status = status_for(error->status, is_about_record);
    serve_refuse(answer, status, "%s", message);
    if (is_about_record && error->status == NDUP_STATUS_CORRUPT) {
        answer->body.length -= 2; /* the bracket and the line's end */
        serve_json_count(&answer->body, "byte", error->byte);
        serve_json_close(&answer->body, '}');
        serve_text_add(&answer->body, "\n", 1);
    }
    answer->retry_after = status == 503;
}
