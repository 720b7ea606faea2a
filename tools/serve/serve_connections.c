/* SPDX-License-Identifier: MIT */
/* libmicrohttpd closes connections on which nothing happens. A client that sends a byte now and
 * then is not one of these: here each phase has an end of its own. */
#include "serve_connections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* Who reads an answer so slowly has no use for it. */
#define ANSWER_PATIENCE 10

double serve_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void serve_connections_init(serve_connections *all, double seconds)
{
    pthread_mutex_init(&all->lock, NULL);
    all->seconds = seconds;
}

void serve_connections_deinit(serve_connections *all)
{
    while (all->first != NULL) {
        serve_connection_close(all, all->first);
    }
    pthread_mutex_destroy(&all->lock);
}

serve_connection *serve_connection_open(serve_connections *all, int descriptor)
{
    serve_connection *one = calloc(1, sizeof *one);
    if (one == NULL) {
        return NULL;
    }
    *one = (serve_connection){.descriptor = descriptor, .since = serve_now()};
    pthread_mutex_lock(&all->lock);
    one->next = all->first;
    if (all->first != NULL) {
        all->first->before = one;
    }
    all->first = one;
    all->count++;
    pthread_mutex_unlock(&all->lock);
    return one;
}

void serve_connection_close(serve_connections *all, serve_connection *one)
{
    pthread_mutex_lock(&all->lock);
    if (one->before != NULL) {
        one->before->next = one->next;
    } else {
        all->first = one->next;
    }
    if (one->next != NULL) {
        one->next->before = one->before;
    }
    all->count--;
    pthread_mutex_unlock(&all->lock);
    free(one);
}

bool serve_connection_enter(serve_connections *all, serve_connection *one, serve_phase phase)
{
    pthread_mutex_lock(&all->lock);
    bool goes_on = one->phase != SERVE_PHASE_OVER;
    if (goes_on) {
        one->phase = phase;
        one->since = serve_now();
    }
    pthread_mutex_unlock(&all->lock);
    return goes_on;
}

/* Writes past the library, which writes nothing before it has the whole request. What does not fit
 * into the socket's buffer at once is lost: then nobody reads. */
static void refuse_locked(serve_connection *one, unsigned status, const char *message)
{
    char answer[400];
    char body[200];
    int length = snprintf(body, sizeof body, "{\"error\":\"%s\"}\n", message);
    const char *reason = status == 408   ? "Request Timeout"
                         : status == 413 ? "Content Too Large"
                                         : "Service Unavailable";
    one->phase = SERVE_PHASE_OVER;
    one->refused = status;
    length = snprintf(answer, sizeof answer,
                      "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Type: application/json\r\n"
                      "%sContent-Length: %d\r\n\r\n%s",
                      status, reason, status == 503 ? "Retry-After: 1\r\n" : "", length, body);
    ssize_t ignored = send(one->descriptor, answer, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)ignored;
    shutdown(one->descriptor, SHUT_RDWR);
}

void serve_connection_refuse(serve_connections *all, serve_connection *one, unsigned status,
                             const char *message)
{
    pthread_mutex_lock(&all->lock);
    if (one->phase != SERVE_PHASE_OVER) {
        refuse_locked(one, status, message);
    }
    pthread_mutex_unlock(&all->lock);
}

unsigned serve_connection_refused(serve_connections *all, const serve_connection *one)
{
    pthread_mutex_lock(&all->lock);
    unsigned status = one->refused;
    pthread_mutex_unlock(&all->lock);
    return status;
}

/* A connection on which nothing happens is closed by the library after SERVE_SILENCE more than
 * `seconds`; who is there after twice that time has sent something, but no whole line. */
static double allowed(const serve_connections *all, const serve_connection *one)
{
    switch (one->phase) {
    case SERVE_PHASE_IDLE:
        return 2 * (all->seconds + SERVE_SILENCE);
    case SERVE_PHASE_HEAD:
    case SERVE_PHASE_BODY:
        return all->seconds;
    case SERVE_PHASE_ANSWER:
        return ANSWER_PATIENCE * all->seconds;
    case SERVE_PHASE_OVER:
        break;
    }
    return 1e9;
}

size_t serve_connections_sweep(serve_connections *all)
{
    double now = serve_now();
    size_t given_up = 0;
    pthread_mutex_lock(&all->lock);
    for (serve_connection *one = all->first; one != NULL; one = one->next) {
        if (now - one->since <= allowed(all, one)) {
            continue;
        }
        if (one->phase == SERVE_PHASE_ANSWER) {
            one->phase = SERVE_PHASE_OVER;
            shutdown(one->descriptor, SHUT_RDWR);
        } else {
            refuse_locked(one, 408, "the request did not come in time");
        }
        given_up++;
    }
    pthread_mutex_unlock(&all->lock);
    return given_up;
}

size_t serve_connections_count(serve_connections *all)
{
    pthread_mutex_lock(&all->lock);
    size_t count = all->count;
    pthread_mutex_unlock(&all->lock);
    return count;
}
