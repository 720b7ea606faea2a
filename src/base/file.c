/* SPDX-License-Identifier: MIT */
/* System calls on files; no other file of the library makes them. */
#define _GNU_SOURCE /* sync_file_range, O_TMPFILE */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/name_lock.h"
#include "base/retry.h"
#include "base/temporary_name.h"

#define MESSAGE_PATH_BYTES 120
#define PATH_BYTES (4096 + NDUP__TEMPORARY_NAME_BYTES)
/* Some systems refuse single calls over 2 GiB. */
#define CALL_BYTES ((size_t)1 << 30)

/* "cannot <verb> <path>: <errno text>". */
static ndup_status fail_path(ndup_error *error, const char *verb, const char *path)
{
    int system_errno = errno;
    char name[MESSAGE_PATH_BYTES];
    ndup_status status = NDUP_STATUS_IO;
    if (system_errno == ENOENT || system_errno == ENOTDIR) {
        status = NDUP_STATUS_NOT_FOUND;
    } else if (system_errno == EEXIST) {
        status = NDUP_STATUS_EXISTS;
    }
    return ndup__fail_errno(error, status, system_errno, "cannot %s %s", verb,
                            ndup__shorten_path(name, sizeof name, path));
}

static ndup_status open_as(int *descriptor, const char *path, int flags, mode_t rights,
                           const char *verb, ndup_error *error)
{
    int opened;
    NDUP__RETRY(opened, open(path, flags | O_CLOEXEC, rights));
    *descriptor = opened;
    return opened < 0 ? fail_path(error, verb, path) : NDUP_STATUS_OK;
}

static ndup_status open_file(int *descriptor, const char *path, int flags, const char *verb,
                             ndup_error *error)
{
    return open_as(descriptor, path, flags, 0666, verb, error);
}

ndup_status ndup__file_open_read(int *descriptor, const char *path, ndup_error *error)
{
    return open_file(descriptor, path, O_RDONLY, "open", error);
}

ndup_status ndup__file_open_write(int *descriptor, const char *path, ndup_error *error)
{
    return open_file(descriptor, path, O_WRONLY, "open", error);
}

ndup_status ndup__file_open_kept(int *descriptor, const char *path, ndup_error *error)
{
    return open_file(descriptor, path, O_RDWR | O_CREAT, "open", error);
}

ndup_status ndup__file_create(int *descriptor, const char *path, ndup_error *error)
{
    ndup__name_lock_enter();
    ndup_status status = open_file(descriptor, path, O_RDWR | O_CREAT | O_EXCL, "create", error);
    ndup__name_lock_leave();
    return status;
}

const char *ndup__file_temporary_folder(const char *directory)
{
    const char *usual = getenv("TMPDIR");
    if (directory == NULL) {
        directory = usual != NULL && usual[0] != '\0' ? usual : "/tmp";
    }
    return directory;
}

ndup_status ndup__file_get_free(uint64_t *bytes, int descriptor, const char *path,
                                ndup_error *error)
{
    struct statvfs status;
    *bytes = 0;
    if (fstatvfs(descriptor, &status) != 0) {
        return fail_path(error, "ask for the room of", path);
    }
    *bytes = (uint64_t)status.f_bavail * status.f_frsize;
    return NDUP_STATUS_OK;
}

ndup_status ndup__file_create_private(int *descriptor, const char *path, ndup_error *error)
{
    ndup__name_lock_enter();
    ndup_status status =
        open_as(descriptor, path, O_RDWR | O_CREAT | O_EXCL, 0600, "create", error);
    ndup__name_lock_leave();
    return status;
}

static int lock_retrying(int descriptor, int operation)
{
    int result;
    NDUP__RETRY(result, flock(descriptor, operation));
    return result;
}

static int unlink_retrying(const char *path)
{
    int result;
    NDUP__RETRY(result, unlink(path));
    return result;
}

#ifdef O_TMPFILE
static bool has_no_nameless(int system_errno)
{
    return system_errno == EOPNOTSUPP || system_errno == EISDIR || system_errno == EINVAL;
}
#endif

ndup_status ndup__file_create_nameless(int *descriptor, const char *directory, ndup_error *error)
{
    *descriptor = -1;
#ifdef O_TMPFILE
    int opened;
    NDUP__RETRY(opened, open(directory, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
    *descriptor = opened;
    if (opened >= 0) {
        return NDUP_STATUS_OK;
    }
    if (!has_no_nameless(errno)) {
        return fail_path(error, "create a temporary file in", directory);
    }
#endif
    errno = EOPNOTSUPP;
    (void)fail_path(error, "create a file without a name in", directory);
    return NDUP_STATUS_UNSUPPORTED;
}

/* Whether the name is certainly not that of the open file any more. */
static bool is_gone(int descriptor, const char *path)
{
    struct stat opened;
    struct stat named;
    if (fstat(descriptor, &opened) != 0) {
        return false;
    }
    return lstat(path, &named) != 0
               ? errno == ENOENT
               : opened.st_dev != named.st_dev || opened.st_ino != named.st_ino;
}

/* Between its making and the lock the file may have been taken for one that was left over. */
ndup_status ndup__file_hold(int descriptor, const char *path, ndup_error *error)
{
    if (lock_retrying(descriptor, LOCK_EX) != 0 || !is_gone(descriptor, path)) {
        return NDUP_STATUS_OK;
    }
    errno = ENOENT;
    return fail_path(error, "create", path);
}

bool ndup__file_hold_left(int *descriptor, const char *path)
{
    const int usual = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    int opened;
    /* Network file systems lock only what can be written. */
    NDUP__RETRY(opened, open(path, O_RDWR | usual));
    if (opened < 0 && errno == EISDIR) {
        NDUP__RETRY(opened, open(path, O_RDONLY | O_DIRECTORY | usual));
    }
    if (opened >= 0 && lock_retrying(opened, LOCK_EX | LOCK_NB) != 0) {
        close(opened);
        opened = -1;
    }
    *descriptor = opened;
    return opened >= 0;
}

ndup_status ndup__file_try_folder(const char *folder, const char *path, ndup_error *error)
{
    char name[NDUP__TEMPORARY_NAME_BYTES];
    char tried[PATH_BYTES];
    int opened;
    ndup__temporary_name(name, "try");
    int length = snprintf(tried, sizeof tried, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof tried) {
        errno = ENAMETOOLONG;
        return fail_path(error, "create", path);
    }
    NDUP__RETRY(opened, open(tried, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (opened < 0) {
        return fail_path(error, "create", path);
    }
    unlink_retrying(tried);
    close(opened);
    return NDUP_STATUS_OK;
}

ndup_status ndup__file_try_write(const char *path, ndup_error *error)
{
    int result;
    NDUP__RETRY(result, access(path, W_OK));
    return result != 0 ? fail_path(error, "open", path) : NDUP_STATUS_OK;
}

/* After EINTR the descriptor is closed on Linux and unspecified elsewhere: never closed twice. */
ndup_status ndup__file_close(int descriptor, const char *path, ndup_error *error)
{
    if (close(descriptor) != 0 && errno != EINTR) {
        return fail_path(error, "close", path);
    }
    return NDUP_STATUS_OK;
}

void ndup__file_close_quietly(int descriptor)
{
    close(descriptor);
}

static void fill_info(ndup__file_info *info, const struct stat *status)
{
    info->kind = S_ISREG(status->st_mode)   ? NDUP__FILE_REGULAR
                 : S_ISDIR(status->st_mode) ? NDUP__FILE_DIRECTORY
                                            : NDUP__FILE_SPECIAL;
    info->size = S_ISREG(status->st_mode) ? (uint64_t)status->st_size : 0;
#if defined(__APPLE__)
    info->modified_ns = (int64_t)status->st_mtime * 1000000000;
#else
    info->modified_ns = (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
#endif
    info->device = (uint64_t)status->st_dev;
    info->inode = (uint64_t)status->st_ino;
    info->links = (uint64_t)status->st_nlink;
    info->is_link = false;
}

void ndup__file_find_path(char *path, size_t capacity, int descriptor)
{
    char link_name[32];
    snprintf(link_name, sizeof link_name, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link_name, path, capacity);
    bool is_whole = length > 0 && (size_t)length < capacity && path[0] == '/';
    path[is_whole ? length : 0] = '\0';
}

bool ndup__file_resolve(char real[4096], const char *path)
{
    return realpath(path, real) != NULL;
}

ndup_status ndup__file_get_info(ndup__file_info *info, const char *path, ndup_error *error)
{
    struct stat status;
    int result;
    NDUP__RETRY(result, lstat(path, &status));
    bool is_link = result == 0 && S_ISLNK(status.st_mode);
    if (is_link) {
        NDUP__RETRY(result, stat(path, &status));
    }
    if (result != 0) {
        return fail_path(error, "examine", path);
    }
    fill_info(info, &status);
    info->is_link = is_link;
    return NDUP_STATUS_OK;
}

ndup_status ndup__file_get_descriptor_info(ndup__file_info *info, int descriptor, const char *path,
                                           ndup_error *error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        return fail_path(error, "examine", path);
    }
    fill_info(info, &status);
    return NDUP_STATUS_OK;
}

/* True if the failed call should be made again: it was interrupted, or the descriptor does not
 * block and has been waited for. */
static bool should_retry(int descriptor, short event)
{
    if (errno == EINTR) {
        return true;
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK) {
        return false;
    }
    struct pollfd waited = {descriptor, event, 0};
    return poll(&waited, 1, -1) >= 0 || errno == EINTR;
}

static size_t call_bytes(size_t length)
{
    return length < CALL_BYTES ? length : CALL_BYTES;
}

ndup_status ndup__file_read(int descriptor, void *buffer, size_t capacity, size_t *got,
                            const char *path, ndup_error *error)
{
    *got = 0;
    ssize_t count;
    do {
        count = read(descriptor, buffer, call_bytes(capacity));
    } while (count < 0 && should_retry(descriptor, POLLIN));
    if (count < 0) {
        return fail_path(error, "read", path);
    }
    *got = (size_t)count;
    return NDUP_STATUS_OK;
}

ndup_status ndup__file_read_at(int descriptor, void *buffer, size_t length, uint64_t offset,
                               size_t *got, const char *path, ndup_error *error)
{
    *got = 0;
    while (*got < length) {
        ssize_t count = pread(descriptor, (char *)buffer + *got, call_bytes(length - *got),
                              (off_t)(offset + *got));
        if (count < 0 && !should_retry(descriptor, POLLIN)) {
            return fail_path(error, "read", path);
        }
        if (count == 0) {
            break;
        }
        *got += count > 0 ? (size_t)count : 0;
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__file_extend(int descriptor, uint64_t bytes, const char *path, ndup_error *error)
{
    int failure;
    do {
        failure = posix_fallocate(descriptor, 0, (off_t)bytes);
    } while (failure == EINTR);
    return failure == 0
               ? NDUP_STATUS_OK
               : ndup__fail_errno(error, NDUP_STATUS_IO, failure, "cannot make %s larger", path);
}

void ndup__file_shorten(int descriptor, uint64_t bytes)
{
    (void)!ftruncate(descriptor, (off_t)bytes);
}

ndup_status ndup__file_map(void **bytes, int descriptor, size_t length, const char *path,
                           ndup_error *error)
{
    void *mapped = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    *bytes = mapped != MAP_FAILED ? mapped : NULL;
    return mapped != MAP_FAILED ? NDUP_STATUS_OK : fail_path(error, "map", path);
}

void ndup__file_unmap(void *bytes, size_t length)
{
    if (bytes != NULL) {
        munmap(bytes, length);
    }
}

ndup_status ndup__file_map_read(const void **bytes, int descriptor, size_t length, const char *path,
                                ndup_error *error)
{
    void *mapped = mmap(NULL, length, PROT_READ, MAP_SHARED, descriptor, 0);
    *bytes = mapped != MAP_FAILED ? mapped : NULL;
    return mapped != MAP_FAILED ? NDUP_STATUS_OK : fail_path(error, "map", path);
}

void ndup__file_unmap_read(const void *bytes, size_t length)
{
    ndup__file_unmap((void *)(uintptr_t)bytes, length);
}

void ndup__file_let_go(void *bytes, size_t length)
{
#ifdef MADV_DONTNEED /* of a shared mapping it takes nothing but memory */
    (void)madvise(bytes, length, MADV_DONTNEED);
#else
    (void)bytes;
    (void)length;
#endif
}

ndup_status ndup__file_write_all(int descriptor, const void *bytes, size_t length, const char *path,
                                 ndup_error *error)
{
    size_t done = 0;
    while (done < length) {
        ssize_t count = write(descriptor, (const char *)bytes + done, call_bytes(length - done));
        if (count < 0 && !should_retry(descriptor, POLLOUT)) {
            return fail_path(error, "write", path);
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__file_write_at(int descriptor, const void *bytes, size_t length, uint64_t offset,
                                const char *path, ndup_error *error)
{
    size_t done = 0;
    while (done < length) {
        ssize_t count = pwrite(descriptor, (const char *)bytes + done, call_bytes(length - done),
                               (off_t)(offset + done));
        if (count < 0 && !should_retry(descriptor, POLLOUT)) {
            return fail_path(error, "write", path);
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return NDUP_STATUS_OK;
}

static int sync_retrying(int descriptor)
{
    int result;
    NDUP__RETRY(result, fsync(descriptor));
    return result;
}

ndup_status ndup__file_sync(int descriptor, const char *path, ndup_error *error)
{
    return sync_retrying(descriptor) != 0 ? fail_path(error, "sync", path) : NDUP_STATUS_OK;
}

void ndup__file_begin_sync(int descriptor, uint64_t offset, uint64_t length)
{
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(descriptor, (off_t)offset, (off_t)length, SYNC_FILE_RANGE_WRITE);
#else
    (void)descriptor;
    (void)offset;
    (void)length;
#endif
}

void ndup__file_uncache(int descriptor, uint64_t offset, uint64_t length)
{
#ifdef POSIX_FADV_DONTNEED
    (void)!posix_fadvise(descriptor, (off_t)offset, (off_t)length, POSIX_FADV_DONTNEED);
#else
    (void)descriptor;
    (void)offset;
    (void)length;
#endif
}

ndup_status ndup__file_sync_directory(const char *directory, ndup_error *error)
{
    int descriptor;
    ndup_status status = open_file(&descriptor, directory, O_RDONLY | O_DIRECTORY, "open", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (sync_retrying(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP) {
        status = fail_path(error, "sync", directory);
    }
    close(descriptor);
    return status;
}

ndup_status ndup__file_rename(const char *from, const char *to, ndup_error *error)
{
    int result;
    ndup__name_lock_enter();
    NDUP__RETRY(result, rename(from, to));
    ndup_status status = result != 0 ? fail_path(error, "rename to", to) : NDUP_STATUS_OK;
    ndup__name_lock_leave();
    return status;
}

static bool has_no_links(int system_errno)
{
    return system_errno == EPERM || system_errno == ENOTSUP || system_errno == ENOSYS ||
           system_errno == EMLINK;
}

static int link_retrying(const char *from, const char *to)
{
    int result;
    NDUP__RETRY(result, link(from, to));
    return result;
}

/* link() refuses an existing name in one step, which rename() cannot. */
static ndup_status rename_new(const char *from, const char *to, ndup_error *error)
{
    if (link_retrying(from, to) == 0) {
        unlink_retrying(from);
        return NDUP_STATUS_OK;
    }
    if (!has_no_links(errno)) {
        return fail_path(error, "create", to);
    }
    struct stat status;
    if (lstat(to, &status) == 0) {
        errno = EEXIST;
        return fail_path(error, "create", to);
    }
    return ndup__file_rename(from, to, error);
}

ndup_status ndup__file_rename_new(const char *from, const char *to, ndup_error *error)
{
    ndup__name_lock_enter();
    ndup_status status = rename_new(from, to, error);
    ndup__name_lock_leave();
    return status;
}

static ndup_status copy_bytes(int from, const char *from_path, int to, const char *to_path,
                              ndup_error *error)
{
    char buffer[16384];
    size_t got = 1;
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK && got > 0) {
        status = ndup__file_read(from, buffer, sizeof buffer, &got, from_path, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__file_write_all(to, buffer, got, to_path, error);
        }
    }
    return status;
}

static ndup_status copy_file(const char *from, const char *to, ndup_error *error)
{
    int source;
    int target;
    ndup_status status = ndup__file_open_read(&source, from, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__file_create(&target, to, error);
    if (status == NDUP_STATUS_OK) {
        status = copy_bytes(source, from, target, to, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__file_close(target, to, error);
        } else {
            close(target);
        }
    }
    close(source);
    return status;
}

ndup_status ndup__file_link(const char *from, const char *to, ndup_error *error)
{
    ndup__name_lock_enter();
    int failure = link_retrying(from, to) == 0 ? 0 : errno;
    ndup__name_lock_leave();
    if (failure == 0) {
        return NDUP_STATUS_OK;
    }
    errno = failure;
    return has_no_links(failure) ? copy_file(from, to, error) : fail_path(error, "create", to);
}

ndup_status ndup__file_remove(const char *path, ndup_error *error)
{
    return unlink_retrying(path) != 0 ? fail_path(error, "remove", path) : NDUP_STATUS_OK;
}
