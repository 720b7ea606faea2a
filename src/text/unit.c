/* SPDX-License-Identifier: MIT */
/* Names of the kinds of unit. */
#include "neardup/unit.h"

const char *ndup_unit_kind_name(ndup_unit_kind kind)
{
    static const char *const names[] = {
        [NDUP_UNIT_PARAGRAPH] = "paragraph", [NDUP_UNIT_HEADLINE] = "headline",
        [NDUP_UNIT_CAPTION] = "caption",     [NDUP_UNIT_LIST_ITEM] = "list_item",
        [NDUP_UNIT_QUOTE] = "quote",         [NDUP_UNIT_CODE] = "code",
        [NDUP_UNIT_TABLE] = "table"};
    return (unsigned)kind < sizeof names / sizeof *names ? names[kind] : NULL;
}
