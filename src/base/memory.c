/* SPDX-License-Identifier: MIT */
/* The system's own figures: of the machine, of the program, and of the control groups that it is
 * in, as containers and batch systems set them. */
#include "base/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

#define TEXT_BYTES 8192
#define PATH_BYTES 4096

/* What stands behind "NAME<separator>" at the beginning of a line; NULL without it. */
static const char *find_value(const char *text, const char *name, char separator)
{
    size_t length = strlen(name);
    for (const char *line = text; line != NULL && *line != '\0';) {
        if (strncmp(line, name, length) == 0 && line[length] == separator) {
            return line + length + 1;
        }
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return NULL;
}

uint64_t ndup__memory_field(const char *text, const char *name)
{
    const char *value = find_value(text, name, ':');
    return value != NULL ? (uint64_t)strtoull(value, NULL, 10) * 1024 : 0;
}

/* The file's first bytes as a string; empty without it. */
static void read_text(char text[TEXT_BYTES], const char *path)
{
    int descriptor;
    size_t length = 0;
    text[0] = '\0';
    if (ndup__file_open_read(&descriptor, path, NULL) != NDUP_STATUS_OK) {
        return;
    }
    ndup_status status = ndup__file_read(descriptor, text, TEXT_BYTES - 1, &length, path, NULL);
    ndup__file_close_quietly(descriptor);
    text[status == NDUP_STATUS_OK ? length : 0] = '\0';
}

/* The files of the two versions of control groups. */
typedef struct group_files {
    const char *most;
    const char *taken;
    const char *cached; /* the name in memory.stat */
} group_files;

static const group_files version_1 = {"memory.limit_in_bytes", "memory.usage_in_bytes",
                                      "total_inactive_file"};
static const group_files version_2 = {"memory.max", "memory.current", "inactive_file"};

/* A number of a group's file; false without one, such as "max". */
static bool read_figure(uint64_t *figure, char *path, size_t length, const char *name)
{
    char text[TEXT_BYTES];
    (void)snprintf(path + length, PATH_BYTES - length, "/%s", name);
    read_text(text, path);
    path[length] = '\0';
    *figure = strtoull(text, NULL, 10);
    return text[0] >= '0' && text[0] <= '9';
}

/* Files that are cached count as taken, but go when room is asked for. */
static uint64_t free_in(char *path, size_t length, const group_files *files)
{
    char text[TEXT_BYTES];
    uint64_t most;
    uint64_t taken;
    if (!read_figure(&most, path, length, files->most) ||
        !read_figure(&taken, path, length, files->taken)) {
        return UINT64_MAX;
    }
    (void)snprintf(path + length, PATH_BYTES - length, "/memory.stat");
    read_text(text, path);
    path[length] = '\0';
    const char *cached = find_value(text, files->cached, ' ');
    uint64_t given_back = cached != NULL ? strtoull(cached, NULL, 10) : 0;
    taken -= given_back < taken ? given_back : taken;
    return most > taken ? most - taken : 0;
}

/* Of the group and all that it lies in, up to the folder `root`. A container may see only these:
 * then its own group is the root. */
static uint64_t free_in_groups(const char *root, const char *group, size_t group_length,
                               const group_files *files)
{
    char path[PATH_BYTES];
    uint64_t least = UINT64_MAX;
    size_t root_length = strlen(root);
    int written = snprintf(path, sizeof path, "%s%.*s", root, (int)group_length, group);
    size_t length = written < 0 ? 0 : (size_t)written;
    if (length + 64 > sizeof path) {
        return least;
    }
    for (;;) {
        uint64_t here = free_in(path, length, files);
        least = here < least ? here : least;
        if (length <= root_length) {
            return least;
        }
        while (length > root_length && path[length - 1] != '/') {
            length--;
        }
        length -= length > root_length;
        path[length] = '\0';
    }
}

/* Whether a comma-separated list has the controller for memory. */
static bool lists_memory(const char *list, size_t length)
{
    static const char name[] = "memory";
    const size_t name_length = sizeof name - 1;
    for (size_t at = 0; at + name_length <= length; at++) {
        bool begins = at == 0 || list[at - 1] == ',';
        bool ends = at + name_length == length || list[at + name_length] == ',';
        if (begins && ends && memcmp(list + at, name, name_length) == 0) {
            return true;
        }
    }
    return false;
}

uint64_t ndup__memory_group_free(const char *groups, const char *root)
{
    char root_1[PATH_BYTES];
    uint64_t least = UINT64_MAX;
    (void)snprintf(root_1, sizeof root_1, "%s/memory", root);
    for (const char *line = groups; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *list = memchr(line, ':', length);
        const char *group =
            list != NULL ? memchr(list + 1, ':', length - (size_t)(list + 1 - line)) : NULL;
        if (group != NULL) {
            size_t list_length = (size_t)(group - list - 1);
            size_t group_length = length - (size_t)(group + 1 - line);
            uint64_t here = list_length == 0
                                ? free_in_groups(root, group + 1, group_length, &version_2)
                            : lists_memory(list + 1, list_length)
                                ? free_in_groups(root_1, group + 1, group_length, &version_1)
                                : UINT64_MAX;
            least = here < least ? here : least;
        }
        line += length + (line[length] == '\n');
    }
    return least;
}

uint64_t ndup__memory_available(void)
{
    char text[TEXT_BYTES];
    read_text(text, "/proc/meminfo");
    uint64_t machine = ndup__memory_field(text, "MemAvailable");
    read_text(text, "/proc/self/cgroup");
    uint64_t groups = ndup__memory_group_free(text, "/sys/fs/cgroup");
    return groups < machine || (machine == 0 && groups != UINT64_MAX) ? groups : machine;
}

uint64_t ndup__memory_resident(void)
{
    char text[TEXT_BYTES];
    read_text(text, "/proc/self/statm");
    const char *second = strchr(text, ' ');
    long page = sysconf(_SC_PAGESIZE);
    return second != NULL && page > 0 ? strtoull(second, NULL, 10) * (uint64_t)page : 0;
}
