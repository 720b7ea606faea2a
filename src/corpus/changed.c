/* SPDX-License-Identifier: MIT */
/* Telling that a file is no longer what it was. */
#include "base/error.h"
#include "corpus/corpus_state.h"

ndup_status ndup__corpus_fail_changed(const ndup__corpus_file *file, uint64_t offset,
                                      ndup_error *error)
{
    char shown[100];
    ndup_status status =
        ndup__fail(error, NDUP_STATUS_CHANGED, "%s changed while it was being read (byte %llu)",
                   ndup__shorten_path(shown, sizeof shown, file->path), (unsigned long long)offset);
    if (error != NULL) {
        error->byte = offset;
    }
    return status;
}

ndup_status ndup__corpus_know_file(ndup__corpus_file *file, const ndup__file_info *info,
                                   ndup_error *error)
{
    bool is_known = file->is_passing && file->read_once;
    if (is_known && (file->passed_size != info->size || file->passed_at != info->modified_ns)) {
        return ndup__corpus_fail_changed(file, 0, error);
    }
    file->is_passing = true;
    file->passed_size = info->size;
    file->passed_at = info->modified_ns;
    return NDUP_STATUS_OK;
}
