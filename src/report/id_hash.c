/* SPDX-License-Identifier: MIT */
/* Hashing ids with their damaged UTF-8 replaced. */
#include "report/id_hash.h"

#include "base/hash.h"
#include "text/utf8.h"

#define HASHED_BYTES 1024

/* Streams the repaired id through a fixed buffer, each full buffer seeding the next. */
uint64_t ndup__id_hash(ndup_text id)
{
    char repaired[HASHED_BYTES + 4];
    size_t held = 0;
    uint64_t hash = 0;
    uint64_t replaced = 0;
    for (size_t at = 0; at < id.length;) {
        uint32_t code_point;
        at += ndup__utf8_read(&code_point, id.bytes + at, id.length - at, &replaced);
        held += ndup__utf8_write(repaired + held, code_point);
        if (held >= HASHED_BYTES) {
            hash = ndup__hash_bytes(repaired, held, hash);
            held = 0;
        }
    }
    return ndup__hash_bytes(repaired, held, hash);
}
