/* SPDX-License-Identifier: MIT */
/* Error records and the texts of the statuses. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *ndup_status_text(ndup_status status)
{
    switch (status) {
#define NDUP_STATUS_TEXT(name, value, text) \
    case NDUP_STATUS_##name:                \
        return text;
        NDUP_STATUS_LIST(NDUP_STATUS_TEXT)
#undef NDUP_STATUS_TEXT
    }
    return "unknown status";
}

const char *ndup_status_name(ndup_status status)
{
    switch (status) {
#define NDUP_STATUS_NAME(name, value, text) \
    case NDUP_STATUS_##name:                \
        return "NDUP_STATUS_" #name;
        NDUP_STATUS_LIST(NDUP_STATUS_NAME)
#undef NDUP_STATUS_NAME
    }
    return "NDUP_STATUS_UNKNOWN";
}

static void fill(ndup_error *error, ndup_status status, int system_errno, const char *format,
                 va_list values)
{
    error->status = status;
    error->system_errno = system_errno;
    error->line = 0;
    error->byte = 0;
    vsnprintf(error->message, sizeof error->message, format, values);
}

ndup_status ndup__fail(ndup_error *error, ndup_status status, const char *format, ...)
{
    if (error != NULL) {
        va_list values;
        va_start(values, format);
        fill(error, status, 0, format, values);
        va_end(values);
    }
    return status;
}

ndup_status ndup__fail_as(ndup_error *error, const ndup_error *cause)
{
    if (error != NULL) {
        *error = *cause;
    }
    return cause->status;
}

bool ndup__is_system_fault(const ndup_error *cause)
{
    static const int faults[] = {EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, EAGAIN};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (cause->system_errno == faults[i]) {
            return true;
        }
    }
    return cause->status == NDUP_STATUS_MEMORY;
}

/* strerror_r has two incompatible forms; strerror text is looked up through the POSIX one. */
static void append_errno(ndup_error *error, int system_errno)
{
    size_t used = strlen(error->message);
    size_t room = sizeof error->message - used;
    if (room > 3) {
        memcpy(error->message + used, ": ", 3);
        if (strerror_r(system_errno, error->message + used + 2, room - 2) != 0) {
            snprintf(error->message + used + 2, room - 2, "system error %d", system_errno);
        }
    }
}

ndup_status ndup__fail_errno(ndup_error *error, ndup_status status, int system_errno,
                             const char *format, ...)
{
    if (error != NULL) {
        va_list values;
        va_start(values, format);
        fill(error, status, system_errno, format, values);
        va_end(values);
        append_errno(error, system_errno);
    }
    return status;
}

const char *ndup__shorten_path(char *buffer, size_t capacity, const char *path)
{
    size_t length = strlen(path);
    if (length < capacity) {
        memcpy(buffer, path, length + 1);
        return buffer;
    }
    const char *tail = path + length - (capacity - 4);
    while ((*tail & 0xC0) == 0x80) {
        tail++;
    }
    snprintf(buffer, capacity, "...%s", tail);
    return buffer;
}
