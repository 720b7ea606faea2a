/* SPDX-License-Identifier: MIT */
/* Requests between libmicrohttpd and the request layer. */
#include "serve_call.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

serve_call *serve_call_new(serve_http *http, struct MHD_Connection *connection, const char *target)
{
    const union MHD_ConnectionInfo *info =
        serve_mhd.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    serve_call *call = calloc(1, sizeof *call);
    char *copy = strdup(target);
    if (call == NULL || copy == NULL || info == NULL || info->socket_context == NULL) {
        free(call);
        free(copy);
        return NULL;
    }
    call->http = http;
    call->connection = connection;
    call->peer = info->socket_context;
    call->target = copy;
    call->start = serve_now();
    atomic_fetch_add(&http->under_way, 1);
    serve_connection_enter(&http->connections, call->peer, SERVE_PHASE_HEAD);
    return call;
}

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, string != NULL ? strlen(string) : 0};
}

static void write_client(char client[64], struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        serve_mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info != NULL ? info->client_addr : NULL;
    strcpy(client, "unix");
    if (address != NULL && address->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, client,
                  64);
    } else if (address != NULL && address->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
                  client, 64);
    }
}

static unsigned status_of(const serve_call *call)
{
    const union MHD_ConnectionInfo *info =
        serve_mhd.get_connection_info(call->connection, MHD_CONNECTION_INFO_HTTP_STATUS);
    unsigned refused = serve_connection_refused(&call->http->connections, call->peer);
    return refused > 0 ? refused : info != NULL ? info->http_status : 0;
}

static void free_body(serve_call *call)
{
    atomic_fetch_sub(&call->http->service.metrics.body_bytes, call->body.capacity);
    serve_text_free(&call->body);
}

void serve_call_end(serve_call *call)
{
    serve_http *http = call->http;
    double seconds = serve_now() - call->start;
    unsigned status = status_of(call);
    if (call->has_begun) {
        serve_request_count(&call->request, status, seconds);
    } else {
        serve_metrics_count(&http->service.metrics, NULL, status, seconds);
    }
    if (http->log.file != NULL) {
        char client[64];
        write_client(client, call->connection);
        const serve_log_entry entry = {.client = client,
                                       .method = text_of(call->method),
                                       .target = text_of(call->target),
                                       .status = status,
                                       .body_bytes = call->body_bytes,
                                       .answer_bytes = call->answer_bytes,
                                       .seconds = seconds};
        serve_log_write(&http->log, &entry);
    }
    serve_connection_enter(&http->connections, call->peer, SERVE_PHASE_IDLE);
    if (call->has_begun) {
        serve_request_end(&call->request);
    }
    free_body(call);
    free(call->target);
    free(call);
    atomic_fetch_sub(&http->under_way, 1);
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value != NULL) {
        (void)serve_mhd.add_response_header(response, name, value);
    }
}

static void add_headers(struct MHD_Response *response, const serve_call *call)
{
    const serve_answer *answer = &call->request.answer;
    char retry[16];
    snprintf(retry, sizeof retry, "%u", answer->retry_after);
    bool closes = answer->closes || atomic_load(&call->http->is_stopping);
    add_header(response, "Content-Type", answer->content_type);
    add_header(response, "X-Content-Type-Options", "nosniff");
    add_header(response, "Cache-Control", "no-store");
    add_header(response, "Content-Security-Policy", answer->policy);
    add_header(response, "Allow", answer->allow[0] != '\0' ? answer->allow : NULL);
    add_header(response, "WWW-Authenticate", answer->asks_for_token ? "Bearer" : NULL);
    add_header(response, "Retry-After", answer->retry_after > 0 ? retry : NULL);
    add_header(response, "Connection", closes ? "close" : NULL);
}

/* Sends the answer of the request layer. */
static enum MHD_Result send_answer(serve_call *call)
{
    serve_answer *answer = &call->request.answer;
    struct MHD_Response *response;
    if (answer->fixed != NULL) {
        call->answer_bytes = answer->fixed_length;
        response = serve_mhd.create_response_from_buffer(
            answer->fixed_length, (void *)answer->fixed, MHD_RESPMEM_PERSISTENT);
    } else {
        call->answer_bytes = answer->body.length;
        response = serve_mhd.create_response_from_buffer(answer->body.length, answer->body.bytes,
                                                         MHD_RESPMEM_MUST_FREE);
        if (response != NULL) {
            answer->body = (serve_text){.bytes = NULL}; /* the response's now */
        }
    }
    if (response == NULL) {
        return MHD_NO;
    }
    add_headers(response, call);
    enum MHD_Result result = serve_mhd.queue_response(call->connection, answer->status, response);
    serve_mhd.destroy_response(response);
    return result;
}

static ndup_text header_of(const serve_call *call, const char *name)
{
    return text_of(serve_mhd.lookup_connection_value(call->connection, MHD_HEADER_KIND, name));
}

/* A length that is no number is refused by the library before. */
static void read_head(serve_head *head, const serve_call *call)
{
    ndup_text length = header_of(call, "Content-Length");
    *head = (serve_head){.method = text_of(call->method),
                         .target = text_of(call->target),
                         .content_type = header_of(call, "Content-Type"),
                         .content_encoding = header_of(call, "Content-Encoding"),
                         .authorization = header_of(call, "Authorization"),
                         .host = header_of(call, "Host"),
                         .origin = header_of(call, "Origin")};
    head->body_bytes = length.length > 0 ? strtoull(length.bytes, NULL, 10) : 0;
    head->has_body = head->body_bytes > 0 || header_of(call, "Transfer-Encoding").length > 0;
}

enum MHD_Result serve_call_begin(serve_call *call, const char *method)
{
    serve_head head;
    strncpy(call->method, method, sizeof call->method - 1);
    read_head(&head, call);
    serve_phase phase = head.has_body ? SERVE_PHASE_BODY : SERVE_PHASE_ANSWER;
    call->has_begun = true;
    bool goes_on = serve_request_begin(&call->request, &call->http->service, &head);
    if (!serve_connection_enter(&call->http->connections, call->peer, phase)) {
        return MHD_NO;
    }
    call->is_refused = !goes_on;
    return call->request.answer.closes ? send_answer(call) : MHD_YES;
}

enum MHD_Result serve_call_take(serve_call *call, const char *bytes, size_t length)
{
    serve_http *http = call->http;
    atomic_ullong *all = &http->service.metrics.body_bytes;
    size_t before = call->body.capacity;
    call->body_bytes += length;
    if (call->is_refused) {
        return MHD_YES;
    }
    if (call->body_bytes > http->service.rules.body_most) {
        serve_connection_refuse(&http->connections, call->peer, 413, "the body is too large");
        return MHD_NO;
    }
    bool has_room = serve_text_reserve(&call->body, length);
    unsigned long long more = call->body.capacity - before;
    if (!has_room || (atomic_fetch_add(all, more) + more > http->limits.bodies && more > 0)) {
        serve_connection_refuse(&http->connections, call->peer, 503,
                                "too many large requests at once");
        return MHD_NO;
    }
    serve_text_add(&call->body, bytes, length);
    return MHD_YES;
}

static ndup_text body_of(const serve_call *call)
{
    return (ndup_text){call->body.bytes, call->body.length};
}

/* In a worker's thread. */
static void run(serve_work *work)
{
    serve_call *call = (serve_call *)work;
    serve_request_answer(&call->request, body_of(call));
    call->is_answered = true;
    serve_mhd.resume_connection(call->connection);
}

enum MHD_Result serve_call_answer(serve_call *call)
{
    serve_http *http = call->http;
    if (call->is_answered || call->is_refused) {
        return send_answer(call);
    }
    if (!serve_connection_enter(&http->connections, call->peer, SERVE_PHASE_ANSWER)) {
        return MHD_NO;
    }
    if (!serve_request_is_quick(&call->request, call->body.length)) {
        call->work.run = run;
        serve_mhd.suspend_connection(call->connection);
        serve_workers_give(&http->workers, &call->work);
        return MHD_YES;
    }
    serve_request_answer(&call->request, body_of(call));
    return send_answer(call);
}
