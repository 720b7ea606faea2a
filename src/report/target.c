/* SPDX-License-Identifier: MIT */
/* Finding out before a run whether its outputs can be written where they are to go. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "codec/codec.h"
#include "report/sink.h"

#define SHOWN_BYTES 100

ndup_status ndup__output_check_target(const char *path, bool overwrite, ndup_error *error)
{
    ndup__file_info info;
    char shown[SHOWN_BYTES];
    if (strcmp(path, "-") == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__file_get_info(&info, path, error);
    if (status == NDUP_STATUS_NOT_FOUND) {
        return NDUP_STATUS_OK;
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (info.kind == NDUP__FILE_DIRECTORY) {
        return ndup__fail(error, NDUP_STATUS_IO, "cannot write %s: it is a folder",
                          ndup__shorten_path(shown, sizeof shown, path));
    }
    if (info.kind == NDUP__FILE_REGULAR && !overwrite) {
        return ndup__fail(error, NDUP_STATUS_EXISTS, "cannot create %s: it exists already",
                          ndup__shorten_path(shown, sizeof shown, path));
    }
    return NDUP_STATUS_OK;
}

bool ndup__find_folder_above(char place[NDUP__FOLDER_PATH_BYTES], ndup__file_info *info,
                             const char *path)
{
    size_t length = strlen(path);
    if (length >= NDUP__FOLDER_PATH_BYTES) {
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

static ndup_status try_folder(const char *folder, const char *path, ndup_error *error)
{
    ndup__folder_tidy(folder);
    return ndup__file_try_folder(folder, path, error);
}

ndup_status ndup__output_try(const char *path, ndup_error *error)
{
    char folder[NDUP__FOLDER_PATH_BYTES];
    ndup__file_info info;
    bool is_there = ndup__file_get_info(&info, path, NULL) == NDUP_STATUS_OK;
    if (is_there && info.kind == NDUP__FILE_SPECIAL) {
        return ndup__file_try_write(path, error);
    }
    if (is_there && info.kind == NDUP__FILE_DIRECTORY) {
        return try_folder(path, path, error);
    }
    return ndup__find_folder_above(folder, &info, path) ? try_folder(folder, path, error)
                                                        : NDUP_STATUS_OK;
}

ndup_status ndup__output_check_codec(const char *path, ndup_error *error)
{
    const ndup__codec *codec = ndup__codec_by_name(path);
    return codec != NULL && codec->package != NULL ? ndup__codec_fail_missing(error, codec, "write")
                                                   : NDUP_STATUS_OK;
}
