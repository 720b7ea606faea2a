/* SPDX-License-Identifier: MIT */
/* Lines are written whole and at once: who reads the log sees no halves. */
#include "serve_log.h"

#include <string.h>
#include <time.h>

#include "serve_text.h"

bool serve_log_open(serve_log *log, const char *path)
{
    pthread_mutex_init(&log->lock, NULL);
    log->file = path == NULL ? NULL : strcmp(path, "-") == 0 ? stdout : fopen(path, "ae");
    return path == NULL || log->file != NULL;
}

void serve_log_close(serve_log *log)
{
    if (log->file != NULL && log->file != stdout) {
        fclose(log->file);
    }
    log->file = NULL;
    pthread_mutex_destroy(&log->lock);
}

static void write_time(serve_text *line)
{
    struct timespec now;
    struct tm parts;
    char text[40];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    size_t length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + length, sizeof text - length, ".%03ldZ", now.tv_nsec / 1000000);
    serve_json_word(line, "time", text);
}

void serve_log_write(serve_log *log, const serve_log_entry *entry)
{
    serve_text line = {.bytes = NULL};
    if (log->file == NULL) {
        return;
    }
    serve_json_open(&line, NULL, '{');
    write_time(&line);
    serve_json_word(&line, "client", entry->client);
    serve_json_string(&line, "method", entry->method);
    serve_json_string(&line, "target", entry->target);
    serve_json_count(&line, "status", entry->status);
    serve_json_count(&line, "body_bytes", entry->body_bytes);
    serve_json_count(&line, "answer_bytes", entry->answer_bytes);
    serve_json_number(&line, "milliseconds", entry->seconds * 1000);
    serve_json_close(&line, '}');
    serve_text_add(&line, "\n", 1);
    if (!line.has_failed) {
        pthread_mutex_lock(&log->lock);
        fwrite(line.bytes, 1, line.length, log->file);
        fflush(log->file);
        pthread_mutex_unlock(&log->lock);
    }
    serve_text_free(&line);
}
