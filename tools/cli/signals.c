/* SPDX-License-Identifier: MIT */
/* Signal handlers, and the thread that they wake. */
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "neardup.h"

/* GNU timeout sends its signal twice in a moment; a person who sends another one waits before. */
#define SECONDS_OF_PATIENCE 1
/* For the message, where nobody reads what standard error is connected to. */
#define MESSAGE_MILLISECONDS 50
/* Far more than it needs. */
#define STACK_BYTES ((size_t)256 << 10)

static volatile sig_atomic_t caught;
static struct timespec caught_at;
static sem_t awaited;
static atomic_flag is_ending = ATOMIC_FLAG_INIT;
static atomic_int forwarded_to;

enum { SILENT = 1, JSON = 2, CLEARS_LINE = 4, STDOUT_OPEN = 8, CHANGES_INDEX = 16 };
static atomic_int said;

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNAL_COUNT = sizeof ending_signals / sizeof *ending_signals };

static void end_by(int signal_number)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigaction(signal_number, &usual, NULL);
    raise(signal_number);
}

/* The number of the first signal is noted. */
static void handle(int signal_number)
{
    int before = errno;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!caught) {
        caught_at = now;
        caught = signal_number;
        sem_post(&awaited);
    } else if (now.tv_sec > caught_at.tv_sec + SECONDS_OF_PATIENCE) {
        end_by(signal_number);
    }
    errno = before;
}

void cli_signals_describe(cli_interrupt_manner manner)
{
    atomic_store(&said, (manner.is_silent ? SILENT : 0) | (manner.is_json ? JSON : 0) |
                            (manner.clears_line ? CLEARS_LINE : 0) |
                            (manner.is_stdout_open ? STDOUT_OPEN : 0) |
                            (manner.changes_index ? CHANGES_INDEX : 0));
}

void cli_signals_forward(int child)
{
    atomic_store(&forwarded_to, child);
}

/* Writes past stdio, whose locks another thread may hold. */
static void write_message(const char *message)
{
    struct pollfd waited = {STDERR_FILENO, POLLOUT, 0};
    if (poll(&waited, 1, MESSAGE_MILLISECONDS) > 0) {
        ssize_t ignored = write(STDERR_FILENO, message, strlen(message));
        (void)ignored;
    }
}

static void say_cancelled(int manner, bool is_in_place)
{
    const char *what = "cancelled; nothing was written";
    char message[300];
    if (is_in_place) {
        what = "cancelled; all outputs had been written";
    } else if (manner & CHANGES_INDEX) {
        what = "cancelled; what was finished before is in the index";
    } else if (manner & STDOUT_OPEN) {
        what = "cancelled; standard output is incomplete, and no other output was written";
    }
    if (manner & JSON) {
        snprintf(message, sizeof message,
                 "{\"schema_version\": %d, \"event\": \"error\", \"status\": \"%s\", "
                 "\"message\": \"%s\"}\n",
                 NDUP_SCHEMA_VERSION, ndup_status_name(NDUP_STATUS_CANCELLED), what);
    } else {
        snprintf(message, sizeof message, "%sneardup: %s\n", manner & CLEARS_LINE ? "\r\033[K" : "",
                 what);
    }
    write_message(message);
}

/* Ends the program for whichever thread comes first. */
static void end_program(void)
{
    int manner = atomic_load(&said);
    int child = atomic_load(&forwarded_to);
    if (atomic_flag_test_and_set(&is_ending)) {
        for (;;) {
            pause();
        }
    }
    bool is_in_place = ndup_outputs_abandon() > 0;
    if (child > 0) {
        kill((pid_t)child, caught);
    }
    if (!(manner & SILENT)) {
        say_cancelled(manner, is_in_place);
    }
    end_by(caught);
}

static void *wait_for_signal(void *unused)
{
    (void)unused;
    while (sem_wait(&awaited) != 0) {
    }
    end_program();
    return NULL;
}

/* Where no thread can be had, the run ends where it next asks whether to go on. */
static void start_waiting(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    (void)pthread_create(&thread, &attributes, wait_for_signal, NULL);
    pthread_attr_destroy(&attributes);
}

/* A signal that was ignored when the program started (nohup) stays ignored. */
void cli_signals_catch(void)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    if (sem_init(&awaited, 0, 0) != 0) {
        return; /* signals end the program as they usually do */
    }
    start_waiting();
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        struct sigaction before;
        if (sigaction(ending_signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(ending_signals[i], &action, NULL);
        }
    }
}

void cli_signals_ignore_pipe(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
}

void cli_signals_pass_on(void)
{
    if (caught) {
        end_program();
    }
}

bool cli_cancelled(void)
{
    return caught != 0;
}
