/* SPDX-License-Identifier: MIT */
/* Who may ask: tokens, and what browsers say of the page that asks. */
#include "serve_token.h"

#include <string.h>

#include "serve_route.h"

#define SCHEME "Bearer "

bool serve_token_holds(const char *token, ndup_text authorization)
{
    size_t scheme = strlen(SCHEME);
    size_t length = strlen(token);
    if (authorization.length < scheme ||
        !serve_same_word((ndup_text){authorization.bytes, scheme}, SCHEME)) {
        return false;
    }
    const char *sent = authorization.bytes + scheme;
    size_t sent_length = authorization.length - scheme;
    volatile unsigned char differs = sent_length != length;
    for (size_t i = 0; i < sent_length; i++) {
        /* Past the end of the token, its first byte: the lengths differ then. */
        unsigned char own = (unsigned char)token[i < length ? i : 0];
        differs = (unsigned char)(differs | (own ^ (unsigned char)sent[i]));
    }
    return differs == 0;
}

/* A host without its port. */
static ndup_text host_name(ndup_text host)
{
    size_t length = 0;
    if (host.length > 0 && host.bytes[0] == '[') {
        while (length < host.length && host.bytes[length] != ']') {
            length++;
        }
        length += length < host.length;
    } else {
        while (length < host.length && host.bytes[length] != ':') {
            length++;
        }
    }
    return (ndup_text){host.bytes, length};
}

/* 127.x.y.z: digits and dots only, so that 127.example.org is none. */
static bool is_loopback_number(ndup_text name)
{
    size_t dots = 0;
    for (size_t i = 0; i < name.length; i++) {
        dots += name.bytes[i] == '.';
        if (name.bytes[i] != '.' && (name.bytes[i] < '0' || name.bytes[i] > '9')) {
            return false;
        }
    }
    return dots == 3 && name.length > 4 && memcmp(name.bytes, "127.", 4) == 0;
}

bool serve_host_is_loopback(ndup_text host)
{
    ndup_text name = host_name(host);
    return serve_same_word(name, "localhost") || serve_same_word(name, "[::1]") ||
           is_loopback_number(name);
}

bool serve_origin_is_foreign(ndup_text origin, ndup_text host)
{
    static const char scheme[] = "http://";
    static const char secure[] = "https://"; /* behind a proxy */
    size_t skipped = sizeof scheme - 1;
    if (origin.length == 0) {
        return false; /* not a browser, or a page that was opened by hand */
    }
    if (origin.length > sizeof secure && memcmp(origin.bytes, secure, sizeof secure - 1) == 0) {
        skipped = sizeof secure - 1;
    } else if (origin.length < skipped || memcmp(origin.bytes, scheme, skipped) != 0) {
        return true;
    }
    return origin.length - skipped != host.length ||
           memcmp(origin.bytes + skipped, host.bytes, host.length) != 0;
}
