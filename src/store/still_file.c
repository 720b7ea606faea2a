/* SPDX-License-Identifier: MIT */
/* Somebody else may be able to change the file: each transaction looks whether it was. */
#include "store/still_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

enum { PATH_BYTES = 4096 };

static int64_t log_bytes(const char *path)
{
    char log[PATH_BYTES];
    struct stat info;
    int length = snprintf(log, sizeof log, "%s-wal", path);
    return length < PATH_BYTES && stat(log, &info) == 0 ? (int64_t)info.st_size : 0;
}

/* Whether SQLite has its table of the log already. */
static bool has_table(const char *path)
{
    char table[PATH_BYTES];
    int length = snprintf(table, sizeof table, "%s-shm", path);
    return length < PATH_BYTES && access(table, R_OK) == 0;
}

static bool can_write_beside(const char *path)
{
    char folder[PATH_BYTES];
    const char *slash = strrchr(path, '/');
    int length = slash != NULL ? (int)(slash - path) : 0;
    snprintf(folder, sizeof folder, "%.*s", length, path);
    return access(slash == NULL ? "." : length == 0 ? "/" : folder, W_OK) == 0;
}

ndup_status ndup__still_file_look(bool *is_still, const char *path, ndup_error *error)
{
    *is_still = !can_write_beside(path) && !has_table(path);
    if (*is_still && log_bytes(path) > 0) {
        return ndup__fail(error, NDUP_STATUS_IO,
                          "%s: cannot be read where nothing can be written, as it was not closed: "
                          "open it once where it can be changed",
                          path);
    }
    return NDUP_STATUS_OK;
}

void ndup__still_file_name(char *name, size_t bytes, const char *path)
{
    size_t length = (size_t)snprintf(name, bytes, "file:");
    while (path[0] == '/' && path[1] == '/') {
        path++; /* two would begin the name of a machine */
    }
    for (; *path != '\0' && length + 4 < bytes; path++) {
        bool is_mark = strchr("%?#", *path) != NULL;
        length += (size_t)snprintf(name + length, bytes - length, is_mark ? "%%%02X" : "%c",
                                   (unsigned char)*path);
    }
    snprintf(name + length, bytes - length, "?immutable=1");
}

static struct ndup__still_file look_at(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return (struct ndup__still_file){.bytes = -1};
    }
    return (struct ndup__still_file){.bytes = (int64_t)info.st_size,
                                     .seconds = (int64_t)info.st_mtim.tv_sec,
                                     .nanoseconds = (int64_t)info.st_mtim.tv_nsec,
                                     .number = (uint64_t)info.st_ino};
}

void ndup__still_file_note(ndup__database *database, const char *path)
{
    database->is_still = true;
    database->still = look_at(path);
}

ndup_status ndup__still_file_check(const ndup__database *database, ndup_error *error)
{
    const char *path = sqlite3_db_filename(database->connection, "main");
    const struct ndup__still_file now = look_at(path);
    const struct ndup__still_file *then = &database->still;
    bool is_same = now.bytes == then->bytes && now.seconds == then->seconds &&
                   now.nanoseconds == then->nanoseconds && now.number == then->number;
    return is_same && log_bytes(path) == 0
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_IO,
                            "%s: was changed by another process; open it again", path);
}
