/* SPDX-License-Identifier: MIT */
/* The scheme and the host of an address. */
#include "report/url.h"

#include <string.h>

/* Length of "http://" or "https://" in front, in any case of letters; else 0. */
static size_t scheme_length(ndup_text url)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(schemes[i]);
        size_t same = 0;
        while (same < length && same < url.length) {
            char c = url.bytes[same];
            char lower = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
            if (lower != schemes[i][same]) {
                break;
            }
            same++;
        }
        if (same == length) {
            return length;
        }
    }
    return 0;
}

bool ndup__url_is_web(ndup_text url)
{
    size_t scheme = scheme_length(url);
    for (size_t i = 0; i < url.length; i++) {
        unsigned char c = (unsigned char)url.bytes[i];
        if (c <= ' ' || c == 0x7F) {
            return false;
        }
    }
    return scheme > 0 && url.length > scheme;
}

ndup_text ndup__url_host(ndup_text url)
{
    size_t scheme = scheme_length(url);
    size_t start = scheme;
    size_t end = scheme;
    while (scheme > 0 && end < url.length && strchr("/?#\\", url.bytes[end]) == NULL) {
        end++;
        start = url.bytes[end - 1] == '@' ? end : start;
    }
    for (size_t i = end; i > start; i--) {
        if (url.bytes[i - 1] == ':') {
            end = i - 1;
        }
    }
    if (end - start > 4 && memcmp(url.bytes + start, "www.", 4) == 0) {
        start += 4;
    }
    return scheme > 0 ? (ndup_text){url.bytes + start, end - start} : (ndup_text){NULL, 0};
}
