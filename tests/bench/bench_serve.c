/* SPDX-License-Identifier: MIT */
/* Load for `neardup serve` on this machine: checks of 3 KB over connections that stay open, and
 * beside them clients that send slowly or too much.
 * usage: bench_serve --port P [--fill N] [--connections N] [--rate N] [--seconds S] [--slow N]
 *                    [--oversized N]
 * Prints a line of JSON. Latencies count from when a request was due, not from when there was a
 * connection for it. --rate 0 asks as fast as the connections allow. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "support/random.h"

enum {
    TEXT_BYTES = 3000,
    REQUEST_BYTES = 4096,
    REQUESTS = 2000, /* that are made before */
    ANSWER_BYTES = 16384,
    FILL_TOGETHER = 500,
    PORT_MOST = 65535,
    EVENTS = 256,
    VOCABULARY = 50000
};

typedef enum client_kind { ASKS, IS_SLOW, IS_OVERSIZED } client_kind;

/* One connection. */
typedef struct client {
    client_kind kind;
    int socket; /* -1: closed */
    const char *request;
    size_t request_length;
    size_t sent;
    char answer[ANSWER_BYTES];
    size_t received;
    double due;
    struct client *next_idle;
} client;

typedef struct load {
    int port;
    unsigned fill;
    unsigned connections;
    unsigned rate;
    double seconds;
    unsigned slow;
    unsigned oversized;
    char (*requests)[REQUEST_BYTES]; /* [REQUESTS] */
    int waiter;                      /* epoll */
    client *clients;
    client *idle;
    double *latencies;
    size_t latency_count;
    size_t latency_capacity;
    uint64_t asked;
    uint64_t failed;
    uint64_t refused; /* of what was too large */
} load;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    fprintf(stderr, "bench_serve: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *get_memory(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (memory == NULL) {
        fail("memory");
    }
    return memory;
}

/* A text of its own for each seed, frequent words more often than rare ones; one word in `changed`
 * is another than that of the plain text (0: none). */
static size_t make_text(char *text, uint64_t seed, unsigned changed)
{
    test_random random;
    size_t length = 0;
    test_random_init(&random, seed * 7919 + 1);
    for (unsigned i = 0; length < TEXT_BYTES; i++) {
        double share = test_random_unit(&random);
        unsigned word = (unsigned)(VOCABULARY * share * share * share);
        const char *form = changed > 0 && i % changed == 0 ? "x%uq " : "w%uz ";
        length += (size_t)sprintf(text + length, form, word);
    }
    return length;
}

static int connect_to(int port, int is_waiting)
{
    int one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (is_waiting ? 0 : SOCK_NONBLOCK), 0);
    if (made < 0) {
        fail("socket");
    }
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(made, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS) {
        fail("connect");
    }
    return made;
}

static void send_all(int made, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(made, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            fail("send");
        }
        bytes += sent;
        length -= (size_t)sent;
    }
}

/* Adds so many documents to the index, in batches. */
static void fill_index(const load *run)
{
    char *body = get_memory((size_t)FILL_TOGETHER * REQUEST_BYTES);
    char head[256], answer[ANSWER_BYTES];
    for (unsigned first = 0; first < run->fill; first += FILL_TOGETHER) {
        size_t length = 0;
        for (unsigned i = first; i < first + FILL_TOGETHER && i < run->fill; i++) {
            length += (size_t)sprintf(body + length, "{\"id\":\"%u\",\"text\":\"", i);
            length += make_text(body + length, i, 0);
            length += (size_t)sprintf(body + length, "\"}\n");
        }
        int made = connect_to(run->port, 1);
        int head_length = snprintf(head, sizeof head,
                                   "POST /v1/add HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                                   "application/x-ndjson\r\nConnection: close\r\n"
                                   "Content-Length: %zu\r\n\r\n",
                                   length);
        send_all(made, head, (size_t)head_length);
        send_all(made, body, length);
        ssize_t got = recv(made, answer, sizeof answer, 0);
        if (got < 15 || memcmp(answer, "HTTP/1.1 200", 12) != 0) {
            fail("the index was not filled");
        }
        while (got > 0) {
            got = recv(made, answer, sizeof answer, 0);
        }
        close(made);
    }
    free(body);
}

/* Every fifth one is nearly a document of the index. */
static void make_requests(load *run)
{
    char text[REQUEST_BYTES];
    run->requests = get_memory((size_t)REQUESTS * REQUEST_BYTES);
    for (unsigned i = 0; i < REQUESTS; i++) {
        int is_known = run->fill > 0 && i % 5 == 0;
        size_t length = make_text(text, is_known ? i % run->fill : 1000000 + i, is_known ? 40 : 0);
        snprintf(run->requests[i], REQUEST_BYTES,
                 "POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                 "Content-Length: %zu\r\n\r\n%.*s",
                 length, (int)length, text);
    }
}

static void watch(load *run, client *one, int change)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = one}};
    if (epoll_ctl(run->waiter, change, one->socket, &event) != 0) {
        fail("epoll");
    }
}

static void open_client(load *run, client *one)
{
    one->socket = connect_to(run->port, 1);
    one->sent = 0;
    one->received = 0;
    watch(run, one, EPOLL_CTL_ADD);
}

static void start_clients(load *run)
{
    unsigned count = run->connections + run->slow + run->oversized;
    run->clients = get_memory(count * sizeof *run->clients);
    for (unsigned i = 0; i < count; i++) {
        client *one = &run->clients[i];
        one->kind = i < run->connections               ? ASKS
                    : i < run->connections + run->slow ? IS_SLOW
                                                       : IS_OVERSIZED;
        open_client(run, one);
        if (one->kind == ASKS) {
            one->next_idle = run->idle;
            run->idle = one;
        }
    }
}

static void note_latency(load *run, double seconds)
{
    if (run->latency_count == run->latency_capacity) {
        run->latency_capacity = run->latency_capacity > 0 ? 2 * run->latency_capacity : 65536;
        run->latencies = realloc(run->latencies, run->latency_capacity * sizeof *run->latencies);
        if (run->latencies == NULL) {
            fail("memory");
        }
    }
    run->latencies[run->latency_count++] = seconds;
}

/* A request of 3 KB fits into the buffer of a socket. */
static void ask(load *run, client *one, double due)
{
    one->request = run->requests[run->asked++ % REQUESTS];
    one->request_length = strlen(one->request);
    one->due = due;
    one->received = 0;
    send_all(one->socket, one->request, one->request_length);
}

/* Whether the whole answer is there. */
static int is_complete(const client *one)
{
    const char *end = strstr(one->answer, "\r\n\r\n");
    const char *length = strstr(one->answer, "Content-Length: ");
    if (end == NULL || length == NULL) {
        return 0;
    }
    size_t expected = (size_t)(end + 4 - one->answer) + strtoul(length + 16, NULL, 10);
    return one->received >= expected;
}

static void read_answer(load *run, client *one)
{
    ssize_t got = recv(one->socket, one->answer + one->received,
                       sizeof one->answer - 1 - one->received, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) {
        return;
    }
    if (got <= 0) { /* slow and oversized ones are closed after their time */
        run->failed += one->kind == ASKS;
        close(one->socket);
        open_client(run, one);
        if (one->kind == ASKS) {
            one->next_idle = run->idle;
            run->idle = one;
        }
        return;
    }
    one->received += (size_t)got;
    one->answer[one->received] = '\0';
    if (one->kind != ASKS) {
        run->refused += one->kind == IS_OVERSIZED;
        one->received = 0;
    } else if (is_complete(one)) {
        run->failed += memcmp(one->answer, "HTTP/1.1 200", 12) != 0;
        note_latency(run, now() - one->due);
        one->next_idle = run->idle;
        run->idle = one;
    }
}

/* A byte for each slow client; for each oversized one the head of a body of 1 GB and a piece. */
static void disturb(load *run)
{
    static const char head[] = "POST /v1/check HTTP/1.1\r\nHost: localhost\r\n"
                               "Content-Type: text/plain\r\nContent-Length: 1000000000\r\n\r\n";
    static const char slow[] = "POST /v1/check HTTP/1.1\r\nHost: localhost\r\n"
                               "Content-Type: text/plain\r\nContent-Length: 3000\r\n\r\naaaaaaaaa";
    static char piece[65536];
    for (unsigned i = run->connections; i < run->connections + run->slow + run->oversized; i++) {
        client *one = &run->clients[i];
        ssize_t ignored;
        if (one->kind == IS_SLOW) {
            ignored = send(one->socket, slow + one->sent % (sizeof slow - 1), 1,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
        } else if (one->sent == 0) {
            ignored = send(one->socket, head, sizeof head - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        } else {
            ignored = send(one->socket, piece, sizeof piece, MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        one->sent += ignored > 0 ? (size_t)ignored : 0;
    }
}

/* Asks what is due, as far as there are connections. */
static void ask_due(load *run, double start)
{
    while (run->idle != NULL) {
        double due = run->rate > 0 ? start + (double)run->asked / run->rate : now();
        if (due > now()) {
            return;
        }
        client *one = run->idle;
        run->idle = one->next_idle;
        ask(run, one, due);
    }
}

static void run_load(load *run)
{
    struct epoll_event events[EVENTS];
    double start = now();
    double disturbed = start;
    while (now() - start < run->seconds) {
        ask_due(run, start);
        int ready = epoll_wait(run->waiter, events, EVENTS, 1);
        for (int i = 0; i < ready; i++) {
            read_answer(run, events[i].data.ptr);
        }
        if (now() - disturbed > 0.05) {
            disturb(run);
            disturbed = now();
        }
    }
    run->seconds = now() - start;
}

static int by_value(const void *left, const void *right)
{
    double x = *(const double *)left, y = *(const double *)right;
    return (x > y) - (x < y);
}

static double milliseconds_at(const load *run, double share)
{
    return run->latency_count > 0
               ? 1000 * run->latencies[(size_t)(share * (double)(run->latency_count - 1))]
               : 0;
}

static void print_figures(const load *run)
{
    qsort(run->latencies, run->latency_count, sizeof *run->latencies, by_value);
    printf("{\"rate\":%.0f,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"most\":%.3f,\"answers\":%zu,"
           "\"failed\":%llu,\"refused\":%llu}\n",
           (double)run->latency_count / run->seconds, milliseconds_at(run, 0.5),
           milliseconds_at(run, 0.99), milliseconds_at(run, 0.999), milliseconds_at(run, 1),
           run->latency_count, (unsigned long long)run->failed, (unsigned long long)run->refused);
}

static void read_options(load *run, int argc, char *argv[])
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i];
        double value = strtod(argv[i + 1], NULL);
        if (strcmp(name, "--port") == 0) {
            run->port = (int)value;
        } else if (strcmp(name, "--seconds") == 0) {
            run->seconds = value;
        } else {
            unsigned *place = strcmp(name, "--fill") == 0          ? &run->fill
                              : strcmp(name, "--connections") == 0 ? &run->connections
                              : strcmp(name, "--rate") == 0        ? &run->rate
                              : strcmp(name, "--slow") == 0        ? &run->slow
                              : strcmp(name, "--oversized") == 0   ? &run->oversized
                                                                   : NULL;
            if (place != NULL) {
                *place = (unsigned)value;
            }
        }
    }
}

int main(int argc, char *argv[])
{
    load run = {.connections = 32, .seconds = 5, .waiter = epoll_create1(0)};
    read_options(&run, argc, argv);
    if (run.port <= 0 || run.port > PORT_MOST) {
        fprintf(stderr, "usage: bench_serve --port P [--fill N] [--connections N] [--rate N] "
                        "[--seconds S] [--slow N] [--oversized N]\n");
        return 2;
    }
    fill_index(&run);
    make_requests(&run);
    start_clients(&run);
    run_load(&run);
    print_figures(&run);
    free(run.requests);
    free(run.clients);
    free(run.latencies);
    return 0;
}
