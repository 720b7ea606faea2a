/* SPDX-License-Identifier: MIT */
/* Comparing an output with the files that links of the corpus lead to. */
#include "pipeline/link_guard.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "report/sink.h"

#define SHOWN_BYTES 70

/* A hard link is no danger: the output takes away one name of the file, and the other stays. */
static bool leads_to(const char *name, const ndup__file_info *target)
{
    ndup__file_info info;
    if (name == NULL || strcmp(name, "-") == 0 ||
        ndup__file_get_info(&info, name, NULL) != NDUP_STATUS_OK || !info.is_link) {
        return false;
    }
    return target->kind == NDUP__FILE_DIRECTORY
               ? ndup__leads_into(name, &info, target)
               : info.device == target->device && info.inode == target->inode;
}

ndup_status ndup__refuse_linked(const ndup_corpus *corpus, const char *path, ndup_error *error)
{
    ndup__file_info target;
    if (path == NULL || strcmp(path, "-") == 0 ||
        ndup__file_get_info(&target, path, NULL) != NDUP_STATUS_OK ||
        target.kind == NDUP__FILE_SPECIAL) {
        return NDUP_STATUS_OK;
    }
    for (uint32_t i = 0; i < ndup__corpus_file_count(corpus); i++) {
        const char *name = ndup__corpus_file_path(corpus, i);
        if (leads_to(name, &target)) {
            char shown[SHOWN_BYTES];
            char shown_name[SHOWN_BYTES];
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "cannot replace %s: the input %s is a link %s it",
                              ndup__shorten_path(shown, sizeof shown, path),
                              ndup__shorten_path(shown_name, sizeof shown_name, name),
                              target.kind == NDUP__FILE_DIRECTORY ? "into" : "to");
        }
    }
    return NDUP_STATUS_OK;
}
