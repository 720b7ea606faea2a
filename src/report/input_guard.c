/* SPDX-License-Identifier: MIT */
/* Inputs are never changed: refusing outputs that would replace them. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "report/sink.h"

#define PATH_BYTES 4096
#define SHOWN_BYTES 100
/* More levels than paths can have. */
#define MOST_LEVELS 2048

static bool is_same(const ndup__file_info *a, const ndup__file_info *b)
{
    return a->device == b->device && a->inode == b->inode;
}

/* Puts the folder that `path` is or lies in into `place`; false if that has no room. */
static bool find_folder(char place[PATH_BYTES], const char *path, const ndup__file_info *info)
{
    const char *slash = strrchr(path, '/');
    const char *folder = path;
    size_t length = strlen(path);
    if (info->kind != NDUP__FILE_DIRECTORY) {
        folder = slash != NULL ? path : ".";
        length = slash != NULL ? (size_t)(slash + 1 - path) : 1;
    }
    if (length >= PATH_BYTES) {
        return false;
    }
    memcpy(place, folder, length);
    place[length] = '\0';
    return true;
}

/* Whether the existing `path` is the folder, or lies below it: goes up until there is no up. */
static bool lies_in(const char *path, const ndup__file_info *info, const ndup__file_info *folder)
{
    char place[PATH_BYTES];
    ndup__file_info before = {.kind = NDUP__FILE_SPECIAL};
    if (!find_folder(place, path, info)) {
        return false;
    }
    for (int level = 0; level < MOST_LEVELS; level++) {
        ndup__file_info here;
        if (ndup__file_get_info(&here, place, NULL) != NDUP_STATUS_OK) {
            return false;
        }
        if (is_same(&here, folder)) {
            return true;
        }
        size_t length = strlen(place);
        if ((level > 0 && is_same(&here, &before)) || length + 4 > PATH_BYTES) {
            return false;
        }
        before = here;
        memcpy(place + length, "/..", 4);
    }
    return false;
}

static bool is_endangered(const char *input, const char *output, const ndup__file_info *info)
{
    ndup__file_info read;
    if (strcmp(input, "-") == 0 || ndup__file_get_info(&read, input, NULL) != NDUP_STATUS_OK) {
        return false;
    }
    if (is_same(&read, info)) {
        return true;
    }
    return (read.kind == NDUP__FILE_DIRECTORY && lies_in(output, info, &read)) ||
           (info->kind == NDUP__FILE_DIRECTORY && lies_in(input, &read, info));
}

ndup_status ndup__refuse_input(const char *const *inputs, size_t input_count, const char *path,
                               ndup_error *error)
{
    ndup__file_info info;
    if (strcmp(path, "-") == 0 || ndup__file_get_info(&info, path, NULL) != NDUP_STATUS_OK ||
        info.kind == NDUP__FILE_SPECIAL) {
        return NDUP_STATUS_OK;
    }
    for (size_t i = 0; i < input_count; i++) {
        if (is_endangered(inputs[i], path, &info)) {
            char shown[SHOWN_BYTES];
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "cannot replace %s: it is, or belongs to, an input; inputs are never "
                              "changed",
                              ndup__shorten_path(shown, sizeof shown, path));
        }
    }
    return NDUP_STATUS_OK;
}
