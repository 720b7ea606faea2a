/* SPDX-License-Identifier: MIT */
/* Names of the kinds of repeat and refrain. */
#include "neardup/flag.h"

const char *ndup_repeat_kind_name(ndup_repeat_kind kind)
{
    static const char *const names[] = {"exact", "normalized", "near", "contained", "site"};
    return (unsigned)kind < sizeof names / sizeof *names ? names[kind] : NULL;
}

const char *ndup_refrain_name(ndup_refrain refrain)
{
    static const char *const names[] = {"none",    "verse", "table",  "speech",  "clause",
                                        "figures", "short", "series", "contents"};
    return (unsigned)refrain < sizeof names / sizeof *names ? names[refrain] : NULL;
}
