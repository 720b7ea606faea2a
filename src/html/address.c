/* SPDX-License-Identifier: MIT */
/* Cutting addresses. Source: RFC 3986, section 3. */
#include "html/address.h"

#include <string.h>

#include "html/html_bytes.h"

size_t ndup__address_scheme(ndup_text url)
{
    static const char scheme[] = "https:";
    size_t same = 0;
    while (same < 5 && same < url.length && ndup__html_to_lower(url.bytes[same]) == scheme[same]) {
        same++;
    }
    if (same == 4 && url.length > 4 && url.bytes[4] == ':') {
        same = 5;
    } else if (same == 5 && url.length > 5 && url.bytes[5] == ':') {
        same = 6;
    } else {
        same = 0;
    }
    return same + 2 < url.length ? same : 0;
}

size_t ndup__address_origin(ndup_text url)
{
    size_t at = ndup__address_scheme(url);
    if (at == 0 || memcmp(url.bytes + at, "//", 2) != 0) {
        return 0;
    }
    at += 2;
    while (at < url.length && strchr("/?#\\", url.bytes[at]) == NULL &&
           (unsigned char)url.bytes[at] > ' ') {
        at++;
    }
    return at;
}

ndup_text ndup__address_host(ndup_text url)
{
    size_t end = ndup__address_origin(url);
    if (end == 0) {
        return (ndup_text){NULL, 0};
    }
    size_t start = ndup__address_scheme(url) + 2;
    for (size_t i = start; i < end; i++) {
        start = url.bytes[i] == '@' ? i + 1 : start;
    }
    size_t stop = start;
    while (stop < end && url.bytes[stop] != ':') {
        stop++;
    }
    return (ndup_text){url.bytes + start, stop - start};
}
