/* SPDX-License-Identifier: MIT */
/* The only door to the file system: system calls that retry, finish and explain their failures. */
#ifndef NDUP__BASE_FILE_H
#define NDUP__BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/status.h"

/* Every function that fails fills `error` with the path, the errno and its text. A missing file is
 * NOT_FOUND, one that must not be there EXISTS, everything else IO. Where a function takes a
 * descriptor, `path` is only the name for messages. Interrupted calls are repeated, and a
 * descriptor in non-blocking mode is waited for. Threads: no shared state. */

typedef enum ndup__file_kind {
    NDUP__FILE_REGULAR,
    NDUP__FILE_DIRECTORY,
    NDUP__FILE_SPECIAL /* pipe, device, socket */
} ndup__file_kind;

/* What tells whether a file is still the one that was read. */
typedef struct ndup__file_info {
    ndup__file_kind kind;
    uint64_t size;       /* bytes; 0 unless regular */
    int64_t modified_ns; /* since 1970 */
    uint64_t device;
    uint64_t inode;
    uint64_t links; /* names that the file has */
    bool is_link;   /* the path was a symbolic link to it */
} ndup__file_info;

NDUP_NODISCARD ndup_status ndup__file_open_read(int *descriptor, const char *path,
                                                ndup_error *error);

/* Opens for writing what is there already, such as a device or a named pipe. */
NDUP_NODISCARD ndup_status ndup__file_open_write(int *descriptor, const char *path,
                                                 ndup_error *error);

/* Opens a file for reading and writing, and makes it if there is none. */
NDUP_NODISCARD ndup_status ndup__file_open_kept(int *descriptor, const char *path,
                                                ndup_error *error);

/* Makes a new file for reading and writing; one that exists gives EXISTS. */
NDUP_NODISCARD ndup_status ndup__file_create(int *descriptor, const char *path, ndup_error *error);

/* The same, but no other user may read it. */
NDUP_NODISCARD ndup_status ndup__file_create_private(int *descriptor, const char *path,
                                                     ndup_error *error);

/* Makes a file that never has a name, for reading and writing; it is gone when closed. UNSUPPORTED
 * where the system, or the file system, has no such files; *descriptor is then -1. */
NDUP_NODISCARD ndup_status ndup__file_create_nameless(int *descriptor, const char *directory,
                                                      ndup_error *error);

/* Marks a file or folder that this process has just made as its own, until the descriptor is
 * closed: what nobody holds is left over. Where the file system knows no locks nothing is marked.
 * NOT_FOUND when somebody who tidied up was faster. */
NDUP_NODISCARD ndup_status ndup__file_hold(int descriptor, const char *path, ndup_error *error);

/* Opens a file or folder that nobody holds, to hold it. False, without a descriptor, when somebody
 * does, and when that cannot be known. */
bool ndup__file_hold_left(int *descriptor, const char *path);

/* Makes a file in the folder and removes it again: whether files can be made there. The message
 * names `path`, which is to be made. */
NDUP_NODISCARD ndup_status ndup__file_try_folder(const char *folder, const char *path,
                                                 ndup_error *error);

/* Whether what exists, such as a device, may be written to; opens nothing. */
NDUP_NODISCARD ndup_status ndup__file_try_write(const char *path, ndup_error *error);

/* The folder in which that makes it. */
const char *ndup__file_temporary_folder(const char *directory);

/* Bytes that are free for everybody on the file's disk. */
NDUP_NODISCARD ndup_status ndup__file_get_free(uint64_t *bytes, int descriptor, const char *path,
                                               ndup_error *error);

/* Closes; late write errors show here. */
NDUP_NODISCARD ndup_status ndup__file_close(int descriptor, const char *path, ndup_error *error);

/* Closes where a failure changes nothing: after reading, or when the file is given up. */
void ndup__file_close_quietly(int descriptor);

/* The path of the file that a descriptor is open on, where the system tells; else "". */
void ndup__file_find_path(char *path, size_t capacity, int descriptor);

/* The path of an existing file or folder, of up to 4095 bytes, without links; false without one. */
bool ndup__file_resolve(char real[4096], const char *path);

/* Follows symbolic links. */
NDUP_NODISCARD ndup_status ndup__file_get_info(ndup__file_info *info, const char *path,
                                               ndup_error *error);
NDUP_NODISCARD ndup_status ndup__file_get_descriptor_info(ndup__file_info *info, int descriptor,
                                                          const char *path, ndup_error *error);

/* One read of at most `capacity` bytes; *got is 0 only at the end (or for capacity 0). */
NDUP_NODISCARD ndup_status ndup__file_read(int descriptor, void *buffer, size_t capacity,
                                           size_t *got, const char *path, ndup_error *error);

/* Reads `length` bytes from `offset` without moving the file position; *got is less only if the
 * file ends before. Threads: any number may read one descriptor. */
NDUP_NODISCARD ndup_status ndup__file_read_at(int descriptor, void *buffer, size_t length,
                                              uint64_t offset, size_t *got, const char *path,
                                              ndup_error *error);

/* Writes at `offset` without moving the file position. Threads: any number may write to one
 * descriptor. */
NDUP_NODISCARD ndup_status ndup__file_write_at(int descriptor, const void *bytes, size_t length,
                                               uint64_t offset, const char *path,
                                               ndup_error *error);

/* Makes a file of this size; its bytes are zero, and have their place on the disk. */
NDUP_NODISCARD ndup_status ndup__file_extend(int descriptor, uint64_t bytes, const char *path,
                                             ndup_error *error);

/* Cuts the end off a file that is written and gives its space back, where that can be done. */
void ndup__file_shorten(int descriptor, uint64_t bytes);

/* Maps the first `length` (> 0) bytes of a file for reading and writing. */
NDUP_NODISCARD ndup_status ndup__file_map(void **bytes, int descriptor, size_t length,
                                          const char *path, ndup_error *error);
void ndup__file_unmap(void *bytes, size_t length);

/* The same for reading only. */
NDUP_NODISCARD ndup_status ndup__file_map_read(const void **bytes, int descriptor, size_t length,
                                               const char *path, ndup_error *error);
void ndup__file_unmap_read(const void *bytes, size_t length);
/* Says that these bytes of a mapped file will hardly be asked for: they stay in the file, and give
 * up the memory they have. */
void ndup__file_let_go(void *bytes, size_t length);

NDUP_NODISCARD ndup_status ndup__file_write_all(int descriptor, const void *bytes, size_t length,
                                                const char *path, ndup_error *error);

/* Brings the file's bytes to the disk. */
NDUP_NODISCARD ndup_status ndup__file_sync(int descriptor, const char *path, ndup_error *error);

/* Lets the system begin to bring a range of the file to the disk while more is being written; does
 * nothing where there is no such call. */
void ndup__file_begin_sync(int descriptor, uint64_t offset, uint64_t length);

/* Lets the system forget its copy of a range that is on the disk. */
void ndup__file_uncache(int descriptor, uint64_t offset, uint64_t length);

/* Brings the names in `directory` to the disk, where the file system can do that. */
NDUP_NODISCARD ndup_status ndup__file_sync_directory(const char *directory, ndup_error *error);

/* Gives `from` the name `to`, in place of what had that name. Both in one file system. */
NDUP_NODISCARD ndup_status ndup__file_rename(const char *from, const char *to, ndup_error *error);

/* The same, but EXISTS if `to` is there. Where the file system has no hard links, a file that
 * appears at the same moment may be replaced. */
NDUP_NODISCARD ndup_status ndup__file_rename_new(const char *from, const char *to,
                                                 ndup_error *error);

/* Gives the file `from` another name, or the name a copy of it where the file system has no hard
 * links. EXISTS if the name is there. */
NDUP_NODISCARD ndup_status ndup__file_link(const char *from, const char *to, ndup_error *error);

NDUP_NODISCARD ndup_status ndup__file_remove(const char *path, ndup_error *error);

#endif
