/* SPDX-License-Identifier: MIT */
/* A folder that lives as long as a test. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "support/temp_dir.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

enum { PATH_BYTES = 1024 };

static void check(bool holds, const char *what, const char *path)
{
    if (!holds) {
        fail_msg("cannot %s %s: %s", what, path, strerror(errno));
    }
}

void temp_dir_init(temp_dir *self)
{
    const char *parent = getenv("TMPDIR");
    int length = snprintf(self->path, sizeof self->path, "%s/neardup-test-XXXXXX",
                          parent != NULL && parent[0] != '\0' ? parent : "/tmp");
    assert_in_range(length, 1, sizeof self->path - 1);
    check(mkdtemp(self->path) != NULL, "make", self->path);
}

static int remove_entry(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about;
    (void)type;
    (void)walk;
    return remove(path);
}

/* Folders without write permission, which some tests make, would otherwise keep their files. */
static int unlock_entry(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about;
    (void)walk;
    return type == FTW_D || type == FTW_DNR ? chmod(path, 0700) : 0;
}

void temp_dir_deinit(temp_dir *self)
{
    nftw(self->path, unlock_entry, 16, FTW_PHYS);
    check(nftw(self->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0, "remove", self->path);
    self->path[0] = '\0';
}

char *temp_dir_path(const temp_dir *self, const char *name, char *buffer, size_t capacity)
{
    int length = snprintf(buffer, capacity, "%s%s%s", self->path, name[0] != '\0' ? "/" : "", name);
    assert_true(length > 0 && (size_t)length < capacity);
    return buffer;
}

static void make_parents(const temp_dir *self, char *path)
{
    for (char *slash = strchr(path + strlen(self->path) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        check(mkdir(path, 0777) == 0 || errno == EEXIST, "make", path);
        *slash = '/';
    }
}

void temp_dir_mkdir(const temp_dir *self, const char *name)
{
    char path[PATH_BYTES];
    temp_dir_path(self, name, path, sizeof path);
    make_parents(self, path);
    check(mkdir(path, 0777) == 0 || errno == EEXIST, "make", path);
}

void temp_dir_write(const temp_dir *self, const char *name, const void *bytes, size_t count)
{
    char path[PATH_BYTES];
    temp_dir_path(self, name, path, sizeof path);
    make_parents(self, path);
    FILE *file = fopen(path, "wb");
    check(file != NULL, "open", path);
    check(count == 0 || fwrite(bytes, 1, count, file) == count, "write", path);
    check(fclose(file) == 0, "write", path);
}

void temp_dir_write_text(const temp_dir *self, const char *name, const char *text)
{
    temp_dir_write(self, name, text, strlen(text));
}

bool temp_dir_exists(const temp_dir *self, const char *name)
{
    char path[PATH_BYTES];
    return access(temp_dir_path(self, name, path, sizeof path), F_OK) == 0;
}

char *temp_dir_read(const temp_dir *self, const char *name, size_t *count)
{
    char path[PATH_BYTES];
    struct stat about;
    check(stat(temp_dir_path(self, name, path, sizeof path), &about) == 0, "find", path);
    size_t size = (size_t)about.st_size;
    char *bytes = malloc(size + 1);
    assert_non_null(bytes);
    FILE *file = fopen(path, "rb");
    check(file != NULL, "open", path);
    check(fread(bytes, 1, size, file) == size, "read", path);
    fclose(file);
    bytes[size] = '\0';
    if (count != NULL) {
        *count = size;
    }
    return bytes;
}

size_t temp_dir_count(const temp_dir *self, const char *name)
{
    char path[PATH_BYTES];
    DIR *folder = opendir(temp_dir_path(self, name, path, sizeof path));
    check(folder != NULL, "open", path);
    size_t count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(folder);
    return count;
}
