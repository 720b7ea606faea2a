/* SPDX-License-Identifier: MIT */
/* Files without a name, or with one that is taken away at once. */
#include "base/temporary_file.h"

#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/name_lock.h"
#include "base/temporary_name.h"

#define SHOWN_BYTES 120

static ndup_status fail_in(const char *directory, ndup_status status, int system_errno,
                           ndup_error *error)
{
    char shown[SHOWN_BYTES];
    return ndup__fail_errno(error, status, system_errno, "cannot create a temporary file in %s",
                            ndup__shorten_path(shown, sizeof shown, directory));
}

ndup_status ndup__temporary_file_open_named(int *descriptor, const char *directory,
                                            ndup_error *error)
{
    char name[NDUP__TEMPORARY_NAME_BYTES];
    char path[NDUP__FOLDER_PATH_BYTES];
    ndup_error cause = {.status = NDUP_STATUS_OK};
    *descriptor = -1;
    ndup__folder_tidy(directory);
    ndup__temporary_name(name, "spool");
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    if (length < 0 || (size_t)length >= sizeof path) {
        return fail_in(directory, NDUP_STATUS_IO, ENAMETOOLONG, error);
    }
    ndup__name_lock_enter(); /* whoever ends the program meets the name before it is made, or after
                              */
    ndup_status status = ndup__file_create_private(descriptor, path, &cause);
    if (status == NDUP_STATUS_OK) {
        /* What another run has taken for a leftover is removed already. */
        ndup_status ignored = ndup__file_remove(path, NULL);
        (void)ignored;
    }
    ndup__name_lock_leave();
    return status == NDUP_STATUS_OK ? status
                                    : fail_in(directory, status, cause.system_errno, error);
}

ndup_status ndup__temporary_file_open(int *descriptor, const char *directory, ndup_error *error)
{
    directory = ndup__file_temporary_folder(directory);
    ndup_status status = ndup__file_create_nameless(descriptor, directory, error);
    return status == NDUP_STATUS_UNSUPPORTED
               ? ndup__temporary_file_open_named(descriptor, directory, error)
               : status;
}
