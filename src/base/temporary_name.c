/* SPDX-License-Identifier: MIT */
/* Making and knowing temporary names. */
#include "base/temporary_name.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

#define MARK ".neardup-tmp-"
#define BASE_BYTES 180
#define HOST_DIGITS 8

/* A folder may be shared over a network, where it is not sure that a lock of another machine's
 * process is seen. */
static void write_host(char host[HOST_DIGITS + 1])
{
    char machine[256] = "";
    (void)gethostname(machine, sizeof machine - 1);
    snprintf(host, HOST_DIGITS + 1, "%08" PRIx32,
             (uint32_t)ndup__hash_bytes(machine, strlen(machine), 0));
}

void ndup__temporary_name(char name[NDUP__TEMPORARY_NAME_BYTES], const char *base)
{
    static atomic_uint_fast64_t counter;
    char host[HOST_DIGITS + 1];
    write_host(host);
    snprintf(name, NDUP__TEMPORARY_NAME_BYTES, ".%.*s" MARK "%s-%ld-%" PRIu64, BASE_BYTES, base,
             host, (long)getpid(), (uint64_t)atomic_fetch_add(&counter, 1));
}

/* Behind a number and what stands before it; NULL if there is none. */
static const char *pass_number(const char *text)
{
    size_t digits = text[0] == '-' ? strspn(text + 1, "0123456789") : 0;
    return digits > 0 ? text + 1 + digits : NULL;
}

ndup__temporary_maker ndup__temporary_made_by(const char *name)
{
    const char *mark = NULL;
    for (const char *at = strstr(name, MARK); at != NULL; at = strstr(at + 1, MARK)) {
        mark = at; /* the last: the base may hold another */
    }
    if (name[0] != '.' || mark == NULL) {
        return NDUP__MADE_BY_NOBODY;
    }
    char host[HOST_DIGITS + 1];
    const char *maker = mark + strlen(MARK);
    if (strspn(maker, "0123456789abcdef") != HOST_DIGITS) {
        return NDUP__MADE_BY_NOBODY;
    }
    const char *rest = pass_number(maker + HOST_DIGITS);
    rest = rest != NULL ? pass_number(rest) : NULL;
    if (rest == NULL || *rest != '\0') {
        return NDUP__MADE_BY_NOBODY;
    }
    write_host(host);
    return strncmp(maker, host, HOST_DIGITS) == 0 ? NDUP__MADE_HERE : NDUP__MADE_ELSEWHERE;
}
