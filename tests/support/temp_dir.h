/* SPDX-License-Identifier: MIT */
/* A folder that lives as long as a test, and whole files in it. */
#ifndef TEST_SUPPORT_TEMP_DIR_H
#define TEST_SUPPORT_TEMP_DIR_H

#include <stdbool.h>
#include <stddef.h>

/* Every function fails the running test when the system refuses. `name` is a path inside the
 * folder, "a/b.txt"; folders on the way are made. */
typedef struct temp_dir {
    char path[256];
} temp_dir;

void temp_dir_init(temp_dir *self);

/* Removes the folder with all that is in it. */
void temp_dir_deinit(temp_dir *self);

/* path + "/" + name in the caller's buffer, which is returned. */
char *temp_dir_path(const temp_dir *self, const char *name, char *buffer, size_t capacity);

void temp_dir_mkdir(const temp_dir *self, const char *name);
void temp_dir_write(const temp_dir *self, const char *name, const void *bytes, size_t count);
void temp_dir_write_text(const temp_dir *self, const char *name, const char *text);
bool temp_dir_exists(const temp_dir *self, const char *name);

/* The whole file, with a 0 byte behind it that is not counted; free() it. `count` may be NULL. */
char *temp_dir_read(const temp_dir *self, const char *name, size_t *count);

/* The number of entries of a folder ("" is the folder itself), without "." and "..". */
size_t temp_dir_count(const temp_dir *self, const char *name);

#endif
