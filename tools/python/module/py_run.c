/* SPDX-License-Identifier: MIT */
/* Two threads and a list of messages. The library calls the hooks from any of its threads; Python
 * handles signals in the caller's only, and progress bars, loggers and notebooks are used to it. */
#include "py_run.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "errors.h"

#define LOOK_NANOSECONDS (50 * 1000 * 1000)
/* Messages that wait to be passed on; whoever has another one waits, too. */
#define WAITING_MOST 1000

typedef enum message_kind { MESSAGE_PROBLEM, MESSAGE_NOTICE, MESSAGE_FORECAST } message_kind;

/* What a hook said, in the order of the calls. */
typedef struct message {
    struct message *next;
    message_kind kind;
    ndup_problem problem; /* path and message are copies */
    ndup_forecast forecast;
    char *text;
    char *path;
} message;

typedef struct running {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* there is news */
    pthread_cond_t passed_on;
    size_t waiting; /* messages */
    bool is_done;
    bool is_cancelled;
    bool has_progress;
    ndup_progress progress; /* the newest */
    message *first;
    message **end;
    run_work work;
    void *context;
    ndup_status status;
    ndup_error error;
} running;

static bool on_progress(void *context, const ndup_progress *progress)
{
    running *self = context;
    pthread_mutex_lock(&self->lock);
    self->progress = *progress;
    self->has_progress = true;
    bool goes_on = !self->is_cancelled;
    pthread_mutex_unlock(&self->lock);
    return goes_on;
}

/* Without memory a message is lost, not the run. */
static void say(running *self, const message *said, const char *text, const char *path)
{
    message *copy = malloc(sizeof *copy);
    if (copy == NULL) {
        return;
    }
    *copy = *said;
    copy->text = text != NULL ? strdup(text) : NULL;
    copy->path = path != NULL ? strdup(path) : NULL;
    pthread_mutex_lock(&self->lock);
    while (self->waiting == WAITING_MOST) {
        pthread_cond_wait(&self->passed_on, &self->lock);
    }
    self->waiting++;
    *self->end = copy;
    self->end = &copy->next;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

static void on_problem(void *context, const ndup_problem *problem)
{
    message said = {.kind = MESSAGE_PROBLEM, .problem = *problem};
    say(context, &said, problem->message, problem->path);
}

static void on_notice(void *context, const char *text)
{
    message said = {.kind = MESSAGE_NOTICE};
    say(context, &said, text, NULL);
}

static void on_forecast(void *context, const ndup_forecast *forecast)
{
    message said = {.kind = MESSAGE_FORECAST, .forecast = *forecast};
    say(context, &said, NULL, NULL);
}

static void *do_work(void *context)
{
    running *self = context;
    ndup_hooks hooks = {.struct_size = sizeof hooks,
                        .context = self,
                        .progress = on_progress,
                        .problem = on_problem,
                        .notice = on_notice,
                        .forecast = on_forecast};
    self->status = self->work(self->context, &hooks, &self->error);
    pthread_mutex_lock(&self->lock);
    self->is_done = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* What has come since the last look. */
typedef struct news {
    bool is_done;
    bool has_progress;
    ndup_progress progress;
    message *messages;
} news;

static news wait_for_news(running *self)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_NANOSECONDS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&self->lock);
    int waited = 0;
    while (!self->is_done && self->first == NULL && waited == 0) {
        waited = pthread_cond_timedwait(&self->changed, &self->lock, &until);
    }
    news now = {self->is_done, self->has_progress, self->progress, self->first};
    self->has_progress = false;
    self->first = NULL;
    self->end = &self->first;
    self->waiting = 0;
    pthread_cond_broadcast(&self->passed_on);
    pthread_mutex_unlock(&self->lock);
    return now;
}

static void cancel(running *self)
{
    pthread_mutex_lock(&self->lock);
    self->is_cancelled = true;
    pthread_mutex_unlock(&self->lock);
}

static PyObject *call_for_message(PyObject *talk, const message *said)
{
    const ndup_forecast *forecast = &said->forecast;
    if (said->kind == MESSAGE_NOTICE) {
        return PyObject_CallMethod(talk, "notice", "N", errors_text(said->text));
    }
    if (said->kind == MESSAGE_FORECAST) {
        return PyObject_CallMethod(
            talk, "forecast", "KKKd", (unsigned long long)forecast->documents,
            (unsigned long long)forecast->memory_bytes,
            (unsigned long long)forecast->available_bytes, forecast->seconds);
    }
    return PyObject_CallMethod(talk, "problem", "sONKKN", ndup_status_name(said->problem.status),
                               said->problem.skipped ? Py_True : Py_False, errors_text(said->path),
                               (unsigned long long)said->problem.line,
                               (unsigned long long)said->problem.offset, errors_text(said->text));
}

/* Frees the messages; passes them on as long as nothing is raised. */
static bool pass_on(PyObject *talk, message *messages, bool is_wanted)
{
    while (messages != NULL) {
        message *next = messages->next;
        PyObject *answer = is_wanted ? call_for_message(talk, messages) : NULL;
        is_wanted = answer != NULL;
        Py_XDECREF(answer);
        free(messages->text);
        free(messages->path);
        free(messages);
        messages = next;
    }
    return PyErr_Occurred() == NULL;
}

/* False when the answer is False, or an exception is set. */
static bool tell_progress(PyObject *talk, const ndup_progress *now)
{
    PyObject *answer = PyObject_CallMethod(
        talk, "progress", "sKKK", ndup_stage_name(now->stage), (unsigned long long)now->done,
        (unsigned long long)now->total, (unsigned long long)now->documents);
    bool goes_on = answer != NULL && answer != Py_False;
    Py_XDECREF(answer);
    return goes_on;
}

/* Signals, messages and progress; whether to go on. Once an exception is set, Python is let alone.
 */
static bool look_after(PyObject *talk, const news *now)
{
    bool goes_on = PyErr_Occurred() == NULL && PyErr_CheckSignals() == 0;
    bool talks = talk != Py_None;
    goes_on = pass_on(talk, now->messages, goes_on && talks) && goes_on;
    if (goes_on && talks && now->has_progress) {
        goes_on = tell_progress(talk, &now->progress);
    }
    return goes_on;
}

static int begin(running *self, pthread_t *worker)
{
    pthread_condattr_t monotonic;
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&self->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_cond_init(&self->passed_on, NULL);
    return pthread_create(worker, NULL, do_work, self);
}

static void watch(running *self, PyObject *talk)
{
    bool is_done = false;
    while (!is_done) {
        news now;
        Py_BEGIN_ALLOW_THREADS
        now = wait_for_news(self);
        Py_END_ALLOW_THREADS
        is_done = now.is_done;
        if (!look_after(talk, &now)) {
            cancel(self);
        }
    }
}

bool run(const module_state *state, PyObject *talk, run_work work, void *context)
{
    running self = {.work = work, .context = context};
    self.end = &self.first;
    pthread_t worker;
    bool is_begun = begin(&self, &worker) == 0;
    if (is_begun) {
        watch(&self, talk);
        pthread_join(worker, NULL);
    } else {
        PyErr_SetString(PyExc_RuntimeError, "the system gives no further thread");
    }
    pthread_cond_destroy(&self.passed_on);
    pthread_cond_destroy(&self.changed);
    pthread_mutex_destroy(&self.lock);
    if (is_begun && self.status == NDUP_STATUS_OK && self.is_cancelled) {
        self.error = (ndup_error){.status = NDUP_STATUS_CANCELLED}; /* too late, but still */
        self.status = NDUP_STATUS_CANCELLED;
    }
    if (is_begun && self.status != NDUP_STATUS_OK) {
        errors_raise(state, &self.error);
    }
    return PyErr_Occurred() == NULL;
}
