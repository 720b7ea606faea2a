/* SPDX-License-Identifier: MIT */
/* What an index can be asked for, in builds without one, too. */
#include <stdio.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "base/require.h"
#include "index/index_names.h"
#include "neardup/index.h"

const char *ndup_index_store_name(ndup_index_store store)
{
    static const char *const names[] = {"sets", "sketches", "texts"};
    return (unsigned)store < sizeof names / sizeof *names ? names[store] : NULL;
}

ndup_status ndup_index_options_init(ndup_index_options *options, const char *preset,
                                    ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "options", options);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *options = (ndup_index_options){.struct_size = sizeof *options, .secret = {"", 0}};
    return ndup_dedup_options_init(&options->dedup, preset, error);
}

bool ndup_index_is_at(const char *path)
{
    char database[NDUP__FOLDER_PATH_BYTES];
    struct stat info;
    int length = path != NULL
                     ? snprintf(database, sizeof database, "%s/" NDUP__INDEX_DATABASE_NAME, path)
                     : -1;
    return length > 0 && (size_t)length < sizeof database && stat(database, &info) == 0 &&
           S_ISREG(info.st_mode);
}
