/* SPDX-License-Identifier: MIT */
/* What formats of flag runs share: a repeat as JSON. */
#include "report/flag_output.h"
#include "report/json_out.h"

static void write_place(ndup__out *out, const ndup_flagged *flagged, const ndup_repeat *repeat)
{
    ndup__json_open(out, "first", '{');
    if (repeat->in_title) {
        ndup__json_bool(out, "in_title", true);
    } else {
        ndup__json_count(out, "unit", repeat->first);
        ndup__json_count(out, "offset", repeat->first_offset);
        ndup__json_count(out, "bytes", repeat->first_length);
        ndup__json_word(out, "unit_kind", ndup_unit_kind_name(flagged->units[repeat->first].kind));
    }
    ndup__json_close(out, '}');
}

void ndup__json_repeat(ndup__out *out, const ndup_flagged *flagged, const ndup_repeat *repeat)
{
    ndup__json_count(out, "unit", repeat->unit);
    ndup__json_count(out, "offset", repeat->offset);
    ndup__json_count(out, "bytes", repeat->length);
    ndup__json_word(out, "unit_kind", ndup_unit_kind_name(flagged->units[repeat->unit].kind));
    ndup__json_word(out, "kind", ndup_repeat_kind_name(repeat->kind));
    ndup__json_word(out, "role", ndup_unit_kind_name(repeat->role));
    ndup__json_fixed(out, "similarity", repeat->similarity);
    ndup__json_fixed(out, "containment", repeat->containment);
    if (repeat->refrain != NDUP_REFRAIN_NONE) {
        ndup__json_word(out, "refrain", ndup_refrain_name(repeat->refrain));
    }
    if (repeat->kind == NDUP_REPEAT_SITE) {
        ndup__json_count(out, "pages", repeat->pages);
        ndup__json_count(out, "host_pages", repeat->host_pages);
    } else {
        write_place(out, flagged, repeat);
    }
    if (repeat->block_units > 1) {
        ndup__json_count(out, "block", repeat->block);
        ndup__json_count(out, "block_units", repeat->block_units);
    }
}
