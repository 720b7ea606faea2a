/* SPDX-License-Identifier: MIT */
/* Starting and stopping libmicrohttpd, and what it calls. */
#include "serve_http.h"

#include <math.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve_call.h"

/* Of a head with its first line; more is answered with 431 or 414. */
enum { HEAD_BYTES = 32 << 10 };

/* Connections over the limit that are open for the moment in which they are told so. */
enum { SPARE_CONNECTIONS = 64 };

static void note_connection(void *context, struct MHD_Connection *connection, void **socket,
                            enum MHD_ConnectionNotificationCode what)
{
    serve_http *http = context;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*socket != NULL) {
            serve_connection_close(&http->connections, *socket);
            atomic_fetch_sub(&http->service.metrics.connections, 1);
        }
        return;
    }
    const union MHD_ConnectionInfo *info =
        serve_mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    serve_connection *one = serve_connection_open(&http->connections, info->connect_fd);
    *socket = one;
    if (one != NULL) {
        atomic_fetch_add(&http->service.metrics.connections, 1);
        if (serve_connections_count(&http->connections) > http->limits.connections) {
            serve_connection_refuse(&http->connections, one, 503, "too many connections");
        }
    }
}

static void *note_target(void *context, const char *target, struct MHD_Connection *connection)
{
    return serve_call_new(context, connection, target);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *length, void **state)
{
    serve_call *call = *state;
    (void)context;
    (void)connection;
    (void)url;
    (void)version;
    if (call == NULL) {
        return MHD_NO; /* there was no memory */
    }
    if (!call->has_begun) {
        return serve_call_begin(call, method);
    }
    if (*length > 0) {
        size_t taken = *length;
        *length = 0;
        return serve_call_take(call, bytes, taken);
    }
    return serve_call_answer(call);
}

static void note_end(void *context, struct MHD_Connection *connection, void **state,
                     enum MHD_RequestTerminationCode why)
{
    (void)context;
    (void)connection;
    (void)why;
    if (*state != NULL) {
        serve_call_end(*state);
        *state = NULL;
    }
}

/* What single clients do wrong is no news. */
static void say_nothing(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

bool serve_http_start(serve_http *http, int listening)
{
    unsigned threads = http->limits.threads > 2 ? http->limits.threads : 2;
    unsigned idle = (unsigned)ceil(http->limits.seconds) + SERVE_SILENCE;
    unsigned connections = (unsigned)http->limits.connections + SPARE_CONNECTIONS;
    http->listening = listening;
    serve_connections_init(&http->connections, http->limits.seconds);
    if (serve_workers_start(&http->workers)) {
        http->daemon = serve_mhd.start_daemon(
            MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME |
                MHD_USE_ERROR_LOG,
            0, NULL, NULL, handle, http, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
            MHD_OPTION_LISTEN_SOCKET, listening, MHD_OPTION_THREAD_POOL_SIZE, threads,
            MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_TIMEOUT, idle,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES, MHD_OPTION_NOTIFY_CONNECTION,
            note_connection, http, MHD_OPTION_URI_LOG_CALLBACK, note_target, http,
            MHD_OPTION_NOTIFY_COMPLETED, note_end, http, MHD_OPTION_STRICT_FOR_CLIENT, 1,
            MHD_OPTION_END);
    }
    if (http->daemon == NULL) {
        serve_workers_stop(&http->workers);
        serve_connections_deinit(&http->connections);
    }
    return http->daemon != NULL;
}

/* The socket is closed later: a thread that just looks at it must not meet another one of its
 * number.
 */
void serve_http_quiesce(serve_http *http)
{
    atomic_store(&http->is_stopping, true);
    (void)serve_mhd.quiesce_daemon(http->daemon);
    shutdown(http->listening, SHUT_RDWR);
}

void serve_http_stop(serve_http *http)
{
    serve_mhd.stop_daemon(http->daemon);
    close(http->listening);
    serve_workers_stop(&http->workers);
    serve_connections_deinit(&http->connections);
    http->daemon = NULL;
}
