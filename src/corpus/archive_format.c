/* SPDX-License-Identifier: MIT */
/* Archives in the list of formats; members.c puts their members in their place. */
#include "base/error.h"
#include "codec/archive.h"
#include "corpus/reader.h"

/* Archives are gone before anything is taken. */
static ndup_status take(ndup_corpus *corpus, ndup__block *block, bool *more, ndup_error *error)
{
    (void)corpus;
    (void)block;
    *more = false;
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "an archive that was not taken apart");
}

static const char *const suffixes[] = {".tar", ".tgz",  ".txz",  ".tbz2", ".tzst",
                                       ".zip", ".wacz", ".epub", NULL};

const ndup__format ndup__format_archive = {
    .name = "archive",
    .suffixes = suffixes,
    .streams = true,
    .is_converted = false,
    .recognises = ndup__archive_begins,
    .take = take,
};
