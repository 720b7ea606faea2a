/* SPDX-License-Identifier: MIT */
/* Ids, titles and addresses with limits. */
#include "page/shown_parts.h"

#include <string.h>

#include "report/json_out.h"
#include "report/url.h"

#define ELLIPSIS "\xE2\x80\xA6"

void ndup__json_shown_part(ndup__out *out, const char *key, ndup_text part, size_t limit)
{
    size_t length = ndup__cut_at_character(part, limit);
    if (part.length == 0) {
        return;
    }
    if (length == part.length) {
        ndup__json_string(out, key, part);
        return;
    }
    char shown[NDUP__SHOWN_ID_BYTES + sizeof ELLIPSIS];
    memcpy(shown, part.bytes, length);
    memcpy(shown + length, ELLIPSIS, sizeof ELLIPSIS - 1);
    ndup__json_string(out, key, (ndup_text){shown, length + sizeof ELLIPSIS - 1});
}

void ndup__json_shown_id(ndup__out *out, ndup_text id)
{
    ndup__json_shown_part(out, "id", id, NDUP__SHOWN_ID_BYTES);
    if (id.length > NDUP__SHOWN_ID_BYTES) {
        ndup__json_bool(out, "id_is_cut", true);
    }
}

void ndup__json_shown_url(ndup__out *out, ndup_text url)
{
    if (url.length > 0 && url.length < NDUP__SHOWN_URL_BYTES) {
        ndup__json_string(out, "url", url);
        ndup__json_bool(out, "is_link", ndup__url_is_web(url));
    }
}
