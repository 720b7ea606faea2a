/* SPDX-License-Identifier: MIT */
/* A list under the name lock. */
#include "base/unfinished.h"

#include "base/file.h"
#include "base/folder.h"
#include "base/name_lock.h"

static ndup__unfinished *first;
static uint64_t placed;

void ndup__unfinished_add(ndup__unfinished *self, const char *path, bool is_folder)
{
    ndup__name_lock_enter();
    *self = (ndup__unfinished){.path = path, .is_folder = is_folder, .next = first, .link = &first};
    if (first != NULL) {
        first->link = &self->next;
    }
    first = self;
    ndup__name_lock_leave();
}

void ndup__unfinished_remove(ndup__unfinished *self)
{
    ndup__name_lock_enter();
    if (self->path != NULL) {
        *self->link = self->next;
        if (self->next != NULL) {
            self->next->link = self->link;
        }
        *self = (ndup__unfinished){.path = NULL};
    }
    ndup__name_lock_leave();
}

void ndup__unfinished_note_placed(size_t outputs)
{
    ndup__name_lock_enter();
    placed += outputs;
    ndup__name_lock_leave();
}

uint64_t ndup__unfinished_abandon(void)
{
    ndup__name_lock_enter();
    for (const ndup__unfinished *each = first; each != NULL; each = each->next) {
        /* What cannot be removed stays under its temporary name: nothing more can be done. */
        ndup_status ignored = each->is_folder ? ndup__folder_remove_tree(each->path, NULL)
                                              : ndup__file_remove(each->path, NULL);
        (void)ignored;
    }
    return placed;
}
