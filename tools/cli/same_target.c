/* SPDX-License-Identifier: MIT */
/* Comparing targets by their spelling, once the links on the way to them are followed. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "same_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_BYTES 4096 /* what realpath() asks for */

/* The next part of a path that is not "."; its length is 0 at the end. */
static const char *next_part(const char *path, size_t *length)
{
    do {
        path += strspn(path, "/");
        *length = strcspn(path, "/");
        path += *length;
    } while (*length == 1 && path[-1] == '.');
    return path - *length;
}

static bool is_same_spelling(const char *a, const char *b)
{
    size_t a_length;
    size_t b_length;
    bool same = (a[0] == '/') == (b[0] == '/');
    do {
        a = next_part(a, &a_length);
        b = next_part(b, &b_length);
        same = same && a_length == b_length && memcmp(a, b, a_length) == 0;
        a += a_length;
        b += b_length;
    } while (same && a_length > 0);
    return same;
}

/* Shortens the path by its last part; false if there is none in front of it. */
static bool go_up(char *path)
{
    char *slash = strrchr(path, '/');
    if (strcmp(path, ".") == 0 || strcmp(path, "/") == 0) {
        return false;
    }
    if (slash == NULL) {
        strcpy(path, ".");
    } else {
        slash[slash == path] = '\0';
    }
    return true;
}

/* A file takes the place of a link to one, so the last part is followed only where folders, pipes
 * and devices stand. */
static bool is_followed(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

/* Follows the links in what exists of the path; leaves the rest as it is. */
static void follow(char followed[2 * PATH_BYTES], const char *path)
{
    char place[PATH_BYTES];
    char real[PATH_BYTES];
    size_t length = strlen(path);
    snprintf(followed, (size_t)2 * PATH_BYTES, "%s", path);
    if (length == 0 || length >= sizeof place) {
        return;
    }
    memcpy(place, path, length + 1);
    while (length > 1 && place[length - 1] == '/') {
        place[--length] = '\0';
    }
    bool found = is_followed(place) && realpath(place, real) != NULL;
    while (!found && go_up(place)) {
        found = realpath(place, real) != NULL;
    }
    if (found) {
        const char *rest = strcmp(place, ".") == 0 ? path : path + strlen(place);
        snprintf(followed, (size_t)2 * PATH_BYTES, "%s/%s", real, rest);
    }
}

bool cli_is_same_target(const char *a, const char *b)
{
    char followed_a[2 * PATH_BYTES];
    char followed_b[2 * PATH_BYTES];
    if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0) { /* standard output, not a file of that name */
        return strcmp(a, b) == 0;
    }
    follow(followed_a, a);
    follow(followed_b, b);
    return is_same_spelling(followed_a, followed_b);
}
