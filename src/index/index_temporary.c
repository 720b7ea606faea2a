/* SPDX-License-Identifier: MIT */
/* Making the folder of an index for one run, and removing it. */
#include "index/index_temporary.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/name_lock.h"
#include "base/temporary_name.h"

void ndup__index_temporary_free(ndup__index_temporary *temporary)
{
    if (temporary == NULL) {
        return;
    }
    if (temporary->unfinished.path != NULL) {
        ndup__name_lock_enter();
        ndup_status ignored = ndup__folder_remove_tree(temporary->path, NULL);
        (void)ignored;
        ndup__unfinished_remove(&temporary->unfinished);
        ndup__name_lock_leave();
    }
    if (temporary->is_held) {
        ndup__file_close_quietly(temporary->holder);
    }
    ndup__free(temporary->allocator, &temporary, 1, sizeof *temporary);
}

/* Makes the folder, for this user only, and holds it. */
static ndup_status make_folder(ndup__index_temporary *temporary, const char *folder,
                               ndup_error *error)
{
    char name[NDUP__TEMPORARY_NAME_BYTES];
    ndup__folder_tidy(folder);
    ndup__temporary_name(name, "index");
    int length = snprintf(temporary->path, sizeof temporary->path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof temporary->path) {
        return ndup__fail(error, NDUP_STATUS_IO, "the path of the temporary folder is too long");
    }
    ndup__name_lock_enter();
    ndup_status status = ndup__folder_make_new(temporary->path, error);
    if (status == NDUP_STATUS_OK) {
        ndup__unfinished_add(&temporary->unfinished, temporary->path, true);
        status = ndup__file_open_read(&temporary->holder, temporary->path, error);
    }
    if (status == NDUP_STATUS_OK) {
        temporary->is_held = true;
        status = ndup__file_hold(temporary->holder, temporary->path, error);
    }
    ndup__name_lock_leave();
    if (status == NDUP_STATUS_OK && fchmod(temporary->holder, S_IRWXU) != 0) {
        status =
            ndup__fail(error, NDUP_STATUS_IO, "cannot keep others out of %.100s", temporary->path);
    }
    return status;
}

ndup_status ndup__index_temporary_make(ndup__index_temporary **temporary, const char *folder,
                                       const ndup_allocator *allocator, ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(allocator, temporary, 1, sizeof **temporary, error);
    if (status == NDUP_STATUS_OK) {
        (*temporary)->allocator = allocator;
        status = make_folder(*temporary, ndup__file_temporary_folder(folder), error);
    }
    return status;
}
