/* SPDX-License-Identifier: MIT */
/* Opening everything, waiting for a signal, and closing in an order that loses nothing. */
#include "serve.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "serve_http.h"
#include "serve_library.h"
#include "serve_listen.h"

/* Between looks at connections that take too long. */
#define SWEEP_MILLISECONDS 200

/* After a signal: looks in a row at which nothing may be under way. Meanwhile requests that were
 * sent before it are read. */
#define QUIET_LOOKS 3
#define QUIET_MILLISECONDS 40

/* Descriptors for anything but connections. */
#define OTHER_DESCRIPTORS 128

/* All bodies together, in bodies of the largest size. */
#define BODIES_TOGETHER 32

/* Of a batch. */
#define DOCUMENTS_MOST 10000

/* All signals that end a server; they are blocked in every thread, and waited for in one. */
static sigset_t ending_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

/* The signal that comes within a time; 0 for none. */
static int wait_for_signal(const sigset_t *set, long milliseconds)
{
    const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    int got = sigtimedwait(set, NULL, &time);
    return got > 0 ? got : 0;
}

/* As many connections as there can be descriptors. */
static size_t allow_connections(size_t wanted, void (*say)(const char *message))
{
    struct rlimit limit;
    rlim_t needed = wanted + OTHER_DESCRIPTORS;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) {
        return wanted;
    }
    limit.rlim_cur = needed < limit.rlim_max ? needed : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= needed) {
        return wanted;
    }
    size_t possible = limit.rlim_cur > 2 * OTHER_DESCRIPTORS
                          ? (size_t)limit.rlim_cur - OTHER_DESCRIPTORS
                          : OTHER_DESCRIPTORS;
    char message[120];
    snprintf(message, sizeof message, "at most %zu connections: the system allows %llu files",
             possible, (unsigned long long)limit.rlim_cur);
    say(message);
    return possible;
}

static ndup_status listen_somewhere(serve_listening *listening, const serve_options *options,
                                    ndup_error *error)
{
    ndup_status status = options->unix_path != NULL
                             ? serve_listen_unix(listening, options->unix_path, error)
                             : serve_listen_tcp(listening, options->listen, error);
    if (status == NDUP_STATUS_OK && !listening->is_loopback && options->token == NULL &&
        !options->is_open) {
        close(listening->descriptor);
        return serve_fail(error, NDUP_STATUS_INVALID,
                          "%.100s can be reached from other machines and there is no token: give "
                          "--token-file, or --open to let everybody in",
                          options->listen);
    }
    return status;
}

static void say_start(const serve_options *options, const serve_listening *listening)
{
    char message[SERVE_PLACE_BYTES + 40];
    snprintf(message, sizeof message, "listening at %s", listening->place);
    options->say(message);
}

/* Whoever knows how keys are made can send texts that crowd one. */
static void warn_of_secret(const serve_options *options, const serve_listening *listening,
                           ndup_index *index)
{
    if (!listening->is_loopback && !ndup_index_has_secret(index)) {
        options->say("the index has no secret: whoever may add can slow it down; "
                     "'neardup index create --secret-random' makes one that has");
    }
}

/* Ends by a second signal, as if nobody had caught it. */
static void end_by(int number)
{
    sigset_t set;
    signal(number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void wait_until_quiet(serve_http *http, const sigset_t *set)
{
    int quiet = 0;
    while (quiet < QUIET_LOOKS) {
        int second = wait_for_signal(set, QUIET_MILLISECONDS);
        if (second > 0) {
            end_by(second);
        }
        serve_connections_sweep(&http->connections);
        quiet = atomic_load(&http->under_way) == 0 ? quiet + 1 : 0;
    }
}

static void serve_until_signal(serve_http *http, const sigset_t *set)
{
    while (wait_for_signal(set, SWEEP_MILLISECONDS) == 0) {
        serve_connections_sweep(&http->connections);
    }
    serve_http_quiesce(http);
    wait_until_quiet(http, set);
    serve_http_stop(http);
}

static ndup_status run_service(serve_http *http, const serve_options *options,
                               const serve_listening *listening, ndup_error *error)
{
    sigset_t set = ending_signals();
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &set, &before);
    bool is_started = serve_http_start(http, listening->descriptor);
    if (is_started) {
        say_start(options, listening);
        serve_until_signal(http, &set);
    } else {
        close(listening->descriptor);
    }
    if (options->unix_path != NULL) {
        unlink(options->unix_path);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_started ? NDUP_STATUS_OK
                      : serve_fail(error, NDUP_STATUS_IO, "%.100s: the server cannot be started",
                                   listening->place);
}

static serve_rules rules_of(const serve_options *options, const serve_listening *listening)
{
    return (serve_rules){.token = options->token,
                         .is_loopback = listening->is_loopback && options->unix_path == NULL,
                         .is_read_only = options->opening.read_only,
                         .body_most = options->body_most,
                         .documents_most = DOCUMENTS_MOST};
}

static unsigned threads_of(const serve_options *options)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return options->threads > 0 ? options->threads : processors > 0 ? (unsigned)processors : 1;
}

static ndup_status listen_and_serve(const serve_options *options, ndup_index *index,
                                    ndup_error *error)
{
    serve_http http = {.limits = {.seconds = options->seconds, .threads = threads_of(options)}};
    serve_listening listening = {.descriptor = -1};
    ndup_status status = listen_somewhere(&listening, options, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const serve_rules rules = rules_of(options, &listening);
    http.limits.connections = allow_connections(options->connections_most, options->say);
    http.limits.bodies = BODIES_TOGETHER * options->body_most;
    warn_of_secret(options, &listening, index);
    if (!serve_log_open(&http.log, options->access_log)) {
        close(listening.descriptor);
        return serve_fail(error, NDUP_STATUS_IO, "%.100s: %s", options->access_log,
                          strerror(errno));
    }
    status = serve_service_init(&http.service, index, &rules, error);
    if (status == NDUP_STATUS_OK) {
        status = run_service(&http, options, &listening, error);
        serve_service_deinit(&http.service);
    }
    serve_log_close(&http.log);
    return status;
}

/* A segment that was damaged and is made anew, say. */
static void say_problem(void *context, const ndup_problem *problem)
{
    const serve_options *options = context;
    char message[400];
    snprintf(message, sizeof message, "%s: %s", problem->path != NULL ? problem->path : "index",
             problem->message);
    options->say(message);
}

ndup_status serve_run(const serve_options *options, ndup_error *error)
{
    ndup_index *index;
    const ndup_hooks hooks = {
        .struct_size = sizeof hooks, .context = (void *)options, .problem = say_problem};
    ndup_status status = serve_library_load(error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_open(&index, options->index_path, &options->opening, &hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = listen_and_serve(options, index, error);
        ndup_index_close(index);
    }
    return status;
}
