/* SPDX-License-Identifier: MIT */
/* A list of names in a file: read forwards to move, backwards to remove. A record is the kind, the
 * path below the folder, and a zero byte; records are never longer than a path. */
#include "base/made_names.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/temporary_file.h"

#define SHOWN_BYTES 120
#define A_FOLDER 'd'
#define A_FILE 'f'

/* What is done with a record; `context` is that of the walk. */
typedef ndup_status visitor(void *context, const char *record, ndup_error *error);

ndup_status ndup__made_names_open(ndup__made_names *self, const char *folder, ndup_error *error)
{
    self->bytes = 0;
    self->held = 0;
    self->folder = folder;
    return ndup__temporary_file_open(&self->descriptor, folder, error);
}

void ndup__made_names_close(ndup__made_names *self)
{
    if (self->descriptor >= 0) {
        ndup__file_close_quietly(self->descriptor);
    }
    self->descriptor = -1;
    self->bytes = 0;
    self->held = 0;
}

static ndup_status flush(ndup__made_names *self, ndup_error *error)
{
    ndup_status status = ndup__file_write_at(self->descriptor, self->buffer, self->held,
                                             self->bytes, self->folder, error);
    if (status == NDUP_STATUS_OK) {
        self->bytes += self->held;
        self->held = 0;
    }
    return status;
}

static ndup_status fail_long(const char *path, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    return ndup__fail_errno(error, NDUP_STATUS_IO, ENAMETOOLONG, "cannot reach %s",
                            ndup__shorten_path(shown, sizeof shown, path));
}

static ndup_status note(ndup__made_names *self, char kind, const char *relative, size_t length,
                        ndup_error *error)
{
    if (length >= NDUP__FOLDER_PATH_BYTES) {
        return fail_long(relative, error);
    }
    if (self->held + length + 2 > sizeof self->buffer) {
        ndup_status status = flush(self, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    self->buffer[self->held++] = kind;
    memcpy(self->buffer + self->held, relative, length);
    self->held += length;
    self->buffer[self->held++] = '\0';
    return NDUP_STATUS_OK;
}

/* Writes FOLDER/RELATIVE, of `length` bytes of it. */
static ndup_status join(char path[NDUP__FOLDER_PATH_BYTES], const char *folder,
                        const char *relative, size_t length, ndup_error *error)
{
    int written = snprintf(path, NDUP__FOLDER_PATH_BYTES, "%s/%.*s", folder, (int)length, relative);
    return written < 0 || written >= NDUP__FOLDER_PATH_BYTES ? fail_long(relative, error)
                                                             : NDUP_STATUS_OK;
}

/* A folder is noted once, by whom it is made. */
static ndup_status add_folder(ndup__made_names *self, const char *relative, size_t length,
                              ndup_error *error)
{
    char path[NDUP__FOLDER_PATH_BYTES];
    ndup_status status = join(path, self->folder, relative, length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__folder_make_new(path, error);
    if (status == NDUP_STATUS_EXISTS) {
        return ndup__folder_make(path, error); /* no failure if it is a folder */
    }
    if (status == NDUP_STATUS_OK) {
        status = note(self, A_FOLDER, relative, length, error);
        if (status != NDUP_STATUS_OK) {
            ndup_status ignored = ndup__folder_remove(path, NULL);
            (void)ignored;
        }
    }
    return status;
}

ndup_status ndup__made_names_add(ndup__made_names *self, const char *relative, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (const char *slash = strchr(relative, '/'); slash != NULL && status == NDUP_STATUS_OK;
         slash = strchr(slash + 1, '/')) {
        status = add_folder(self, relative, (size_t)(slash - relative), error);
    }
    return status == NDUP_STATUS_OK ? note(self, A_FILE, relative, strlen(relative), error)
                                    : status;
}

static ndup_status walk(ndup__made_names *self, visitor *visit, void *context, ndup_error *error)
{
    ndup_status status = flush(self, error);
    size_t got = 0;
    for (uint64_t at = 0; at < self->bytes && status == NDUP_STATUS_OK;) {
        status = ndup__file_read_at(self->descriptor, self->buffer, sizeof self->buffer, at, &got,
                                    self->folder, error);
        const char *record = self->buffer;
        const char *end = self->buffer + got;
        const char *zero;
        while (status == NDUP_STATUS_OK &&
               (zero = memchr(record, '\0', (size_t)(end - record))) != NULL) {
            status = visit(context, record, error);
            record = zero + 1;
        }
        if (status == NDUP_STATUS_OK && record == self->buffer) {
            return ndup__fail(error, NDUP_STATUS_CORRUPT, "the list of files made in %s is damaged",
                              self->folder);
        }
        at += (uint64_t)(record - self->buffer);
    }
    return status;
}

/* The last record of the first `end` bytes of the buffer, which end with one. */
static size_t begin_of_last(const char *buffer, size_t end)
{
    size_t begin = end - 1;
    while (begin > 0 && buffer[begin - 1] != '\0') {
        begin--;
    }
    return begin;
}

static void visit_backwards(const ndup__made_names *self, size_t first, size_t end, visitor *visit,
                            void *context)
{
    while (end > first) {
        end = begin_of_last(self->buffer, end);
        ndup_status ignored = visit(context, self->buffer + end, NULL);
        (void)ignored; /* what cannot be removed stays */
    }
}

/* From the last record to the first, whatever happens; ends where the file cannot be read. */
static void walk_backwards(ndup__made_names *self, visitor *visit, void *context)
{
    visit_backwards(self, 0, self->held, visit, context);
    uint64_t end = self->bytes;
    while (end > 0) {
        size_t wanted = end < sizeof self->buffer ? (size_t)end : sizeof self->buffer;
        size_t got;
        uint64_t at = end - wanted;
        if (ndup__file_read_at(self->descriptor, self->buffer, wanted, at, &got, self->folder,
                               NULL) != NDUP_STATUS_OK ||
            got < wanted) {
            return;
        }
        /* The first record is whole only at the begin of the file. */
        size_t first = at > 0 ? strnlen(self->buffer, wanted - 1) + 1 : 0;
        visit_backwards(self, first, wanted, visit, context);
        end = first < wanted ? at + first : 0;
    }
}

typedef struct move {
    const char *from;
    const char *to; /* NULL when files are removed */
    bool *moved;
} move;

static ndup_status check_record(void *context, const char *record, ndup_error *error)
{
    const move *self = context;
    char to[NDUP__FOLDER_PATH_BYTES];
    ndup_status status = join(to, self->to, record + 1, strlen(record + 1), error);
    return status == NDUP_STATUS_OK ? ndup__folder_check_place(to, record[0] == A_FOLDER, error)
                                    : status;
}

static ndup_status move_record(void *context, const char *record, ndup_error *error)
{
    const move *self = context;
    char from[NDUP__FOLDER_PATH_BYTES];
    char to[NDUP__FOLDER_PATH_BYTES];
    size_t length = strlen(record + 1);
    ndup_status status = join(to, self->to, record + 1, length, error);
    if (status == NDUP_STATUS_OK && record[0] == A_FOLDER) {
        status = ndup__folder_check_place(to, true, error);
        return status == NDUP_STATUS_OK ? ndup__folder_make(to, error) : status;
    }
    if (status == NDUP_STATUS_OK) {
        status = join(from, self->from, record + 1, length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_rename(from, to, error);
        *self->moved |= status == NDUP_STATUS_OK;
    }
    return status;
}

ndup_status ndup__made_names_check_move(ndup__made_names *self, const char *to, ndup_error *error)
{
    move checked = {.from = self->folder, .to = to};
    return walk(self, check_record, &checked, error);
}

ndup_status ndup__made_names_move(bool *moved, ndup__made_names *self, const char *to,
                                  ndup_error *error)
{
    move made = {.from = self->folder, .to = to, .moved = moved};
    return walk(self, move_record, &made, error);
}

static ndup_status remove_record(void *context, const char *record, ndup_error *error)
{
    char path[NDUP__FOLDER_PATH_BYTES];
    const move *self = context;
    ndup_status status = join(path, self->from, record + 1, strlen(record + 1), error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return record[0] == A_FOLDER ? ndup__folder_remove(path, error)
                                 : ndup__file_remove(path, error);
}

void ndup__made_names_remove(ndup__made_names *self)
{
    if (self->descriptor >= 0) {
        move removed = {.from = self->folder};
        walk_backwards(self, remove_record, &removed);
    }
    ndup__made_names_close(self);
}
