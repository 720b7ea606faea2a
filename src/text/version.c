/* SPDX-License-Identifier: MIT */
/* Versions: of the library and of its Unicode tables. */
#include "neardup/version.h"

#include "text/fold_tables.h"

const char *ndup_version(void)
{
    return NDUP_VERSION_STRING;
}

const char *ndup_unicode_version(void)
{
    return NDUP__UNICODE_VERSION;
}
