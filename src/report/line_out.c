/* SPDX-License-Identifier: MIT */
/* Ids that fit in a line. */
#include "report/line_out.h"

#include "report/json_out.h"

bool ndup__line_needs_json(ndup_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.bytes[i] < 0x20) {
            return true;
        }
    }
    return text.length > 0 && text.bytes[0] == '"';
}

void ndup__line_text(ndup__out *out, ndup_text text)
{
    if (!ndup__line_needs_json(text)) {
        ndup__out_bytes(out, text.bytes, text.length);
        return;
    }
    ndup__out_bytes(out, "\"", 1);
    ndup__json_escaped(out, text);
    ndup__out_bytes(out, "\"", 1);
}
