/* SPDX-License-Identifier: MIT */
/* Inputs are never changed: refusing outputs that would replace them, or become some. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "codec/decompress.h"
#include "corpus/file_type.h"
#include "corpus/unread.h"
#include "report/sink.h"

#define SHOWN_BYTES 100
#define STANDARD_INPUT 0
/* More levels than paths can have. */
#define MOST_LEVELS 2048

static bool is_same(const ndup__file_info *a, const ndup__file_info *b)
{
    return a->device == b->device && a->inode == b->inode;
}

/* Puts the folder that `path` is or lies in into `place`; false if that has no room. */
static bool find_folder(char place[NDUP__FOLDER_PATH_BYTES], const char *path,
                        const ndup__file_info *info)
{
    const char *slash = strrchr(path, '/');
    const char *folder = path;
    size_t length = strlen(path);
    if (info->kind != NDUP__FILE_DIRECTORY) {
        folder = slash != NULL ? path : ".";
        length = slash != NULL ? (size_t)(slash + 1 - path) : 1;
    }
    if (length >= NDUP__FOLDER_PATH_BYTES) {
        return false;
    }
    memcpy(place, folder, length);
    place[length] = '\0';
    return true;
}

/* Whether the existing `path` is the folder, or lies below it: goes up until there is no up. */
static bool lies_in(const char *path, const ndup__file_info *info, const ndup__file_info *folder)
{
    char place[NDUP__FOLDER_PATH_BYTES];
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
        if ((level > 0 && is_same(&here, &before)) || length + 4 > NDUP__FOLDER_PATH_BYTES) {
            return false;
        }
        before = here;
        memcpy(place + length, "/..", 4);
    }
    return false;
}

bool ndup__leads_into(const char *path, const ndup__file_info *info, const ndup__file_info *folder)
{
    char real[NDUP__FOLDER_PATH_BYTES];
    return lies_in(path, info, folder) ||
           (ndup__file_resolve(real, path) && lies_in(real, info, folder));
}

static bool is_endangered(const char *input, const char *output, const ndup__file_info *info)
{
    ndup__file_info read;
    char standard_input[NDUP__FOLDER_PATH_BYTES];
    if (strcmp(input, "-") == 0) { /* maybe a file that it is read from */
        input = standard_input;
        ndup__file_find_path(standard_input, sizeof standard_input, STANDARD_INPUT);
    }
    if (ndup__file_get_info(&read, input, NULL) != NDUP_STATUS_OK) {
        return false;
    }
    if (is_same(&read, info)) {
        return true;
    }
    return (read.kind == NDUP__FILE_DIRECTORY && lies_in(output, info, &read)) ||
           (info->kind == NDUP__FILE_DIRECTORY && ndup__leads_into(input, &read, info));
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

/* Refuses what a later run would read as an input. */
static ndup_status refuse_within(const char *const *inputs, size_t input_count, const char *path,
                                 ndup_error *error)
{
    char place[NDUP__FOLDER_PATH_BYTES];
    char shown[SHOWN_BYTES];
    ndup__file_info folder;
    ndup__file_info read;
    bool has_parent = ndup__find_folder_above(place, &folder, path);
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

static ndup_status fail_read(const char *path, const char *what, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    return ndup__fail(error, NDUP_STATUS_INVALID, "cannot replace %s: it is, or belongs to, %s",
                      ndup__shorten_path(shown, sizeof shown, path), what);
}

static bool endangers(const char *const *paths, size_t count, const char *output,
                      const ndup__file_info *info)
{
    for (size_t i = 0; i < count; i++) {
        if (is_endangered(paths[i], output, info)) {
            return true;
        }
    }
    return false;
}

/* Whether the output replaces nothing: standard output, a device, or a name that is free. */
static bool is_free(ndup__file_info *info, const char *path)
{
    return strcmp(path, "-") == 0 || ndup__file_get_info(info, path, NULL) != NDUP_STATUS_OK ||
           info->kind == NDUP__FILE_SPECIAL;
}

ndup_status ndup__refuse_read(const char *const *paths, size_t count, const char *path,
                              ndup_error *error)
{
    ndup__file_info info;
    return !is_free(&info, path) && endangers(paths, count, path, &info)
               ? fail_read(path, "a file that this run reads; write elsewhere", error)
               : NDUP_STATUS_OK;
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
    return !is_own && endangers(inputs, input_count, path, &info)
               ? fail_read(path, "an input; inputs are never changed", error)
               : NDUP_STATUS_OK;
}

ndup__output_trace ndup__output_trace_of(const char *path, bool has_header)
{
    if (has_header) {
        return NDUP__TRACE_HEADER;
    }
    return ndup__suffix_tell(path) == NDUP__SUFFIX_OTHER ? NDUP__TRACE_NONE : NDUP__TRACE_READ;
}
