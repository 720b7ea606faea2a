/* SPDX-License-Identifier: MIT */
/* Inputs are never changed: refusing outputs that would replace them, or become some. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "codec/decompress.h"
#include "corpus/file_type.h"
#include "corpus/unread.h"
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

/* Whether the file is one that neardup wrote, and that is no input therefore. */
static bool is_own_output(const char *path)
{
    char head[256];
    size_t length = 0;
    ndup__stream *stream;
    if (ndup__stream_open(&stream, path, NULL, NULL) != NDUP_STATUS_OK) {
        return false;
    }
    bool is_own = ndup__stream_peek(stream, head, sizeof head, &length, NULL) == NDUP_STATUS_OK &&
                  ndup__is_own_output(head, length);
    ndup__stream_close(stream);
    return is_own;
}

/* Puts the folder that is there and nearest above the path into `place`. */
static bool find_parent(char place[PATH_BYTES], ndup__file_info *info, const char *path)
{
    size_t length = strlen(path);
    if (length >= PATH_BYTES) {
        return false;
    }
    memcpy(place, path, length + 1);
    do {
        char *slash = strrchr(place, '/');
        if (slash == NULL) {
            memcpy(place, ".", 2);
        } else {
            slash[slash == place] = '\0';
        }
        if (ndup__file_get_info(info, place, NULL) == NDUP_STATUS_OK) {
            return true;
        }
    } while (strcmp(place, ".") != 0 && strcmp(place, "/") != 0);
    return false;
}

/* Refuses what a later run would read as an input. */
static ndup_status refuse_within(const char *const *inputs, size_t input_count, const char *path,
                                 ndup_error *error)
{
    char place[PATH_BYTES];
    char shown[SHOWN_BYTES];
    ndup__file_info folder;
    ndup__file_info read;
    bool has_parent = find_parent(place, &folder, path);
    for (size_t i = 0; has_parent && i < input_count; i++) {
        if (strcmp(inputs[i], "-") != 0 &&
            ndup__file_get_info(&read, inputs[i], NULL) == NDUP_STATUS_OK &&
            read.kind == NDUP__FILE_DIRECTORY && lies_in(place, &folder, &read)) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "%s would lie in the input folder, and be read as a part of it the "
                              "next time: write it elsewhere",
                              ndup__shorten_path(shown, sizeof shown, path));
        }
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__refuse_input(const char *const *inputs, size_t input_count, const char *path,
                               ndup__output_trace trace, ndup_error *error)
{
    ndup__file_info info;
    if (strcmp(path, "-") == 0) {
        return NDUP_STATUS_OK;
    }
    if (ndup__file_get_info(&info, path, NULL) != NDUP_STATUS_OK) {
        return trace == NDUP__TRACE_READ ? refuse_within(inputs, input_count, path, error)
                                         : NDUP_STATUS_OK;
    }
    if (info.kind == NDUP__FILE_SPECIAL) {
        return NDUP_STATUS_OK;
    }
    bool is_own =
        trace == NDUP__TRACE_HEADER && info.kind == NDUP__FILE_REGULAR && is_own_output(path);
    for (size_t i = 0; i < input_count && !is_own; i++) {
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

ndup__output_trace ndup__output_trace_of(const char *path, bool has_header)
{
    if (has_header) {
        return NDUP__TRACE_HEADER;
    }
    return ndup__suffix_tell(path) == NDUP__SUFFIX_OTHER ? NDUP__TRACE_NONE : NDUP__TRACE_READ;
}
