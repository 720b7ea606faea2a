/* SPDX-License-Identifier: MIT */
/* Which encoding the texts of a corpus are read in. */
#ifndef NDUP__CORPUS_ENCODING_H
#define NDUP__CORPUS_ENCODING_H

#include "html/charset.h"

/* What was asked for. Threads: immutable. */
typedef struct ndup__encoding {
    const ndup__charset *given; /* for texts without a byte order mark; NULL: UTF-8 */
    bool guesses;               /* texts that are not valid UTF-8 are looked at */
} ndup__encoding;

/* So many first bytes of a file of records decide; of other files all. */
#define NDUP__ENCODING_BYTES ((size_t)1 << 20)

/* `name` is a label of the WHATWG Encoding Standard, "auto", or NULL for UTF-8. Errors: INVALID for
 * an unknown name; UNSUPPORTED where the system has no converter, or this build cannot guess. */
NDUP_NODISCARD ndup_status ndup__encoding_parse(ndup__encoding *encoding, const char *name,
                                                ndup_error *error);

/* *charset is the encoding of a text: by its byte order mark (of *mark bytes, else 0), as it was
 * asked for, by the zero bytes of UTF-16, guessed if that was asked for, UTF-8. Never NULL. Errors:
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__encoding_find(const ndup__charset **charset, size_t *mark,
                                               const ndup__encoding *encoding, const char *bytes,
                                               size_t length, ndup_error *error);

/* The same without guesses. */
const ndup__charset *ndup__encoding_of(size_t *mark, const ndup__encoding *encoding,
                                       const char *bytes, size_t length);

/* Makes *said the message "read as NAME" when the encoding was neither marked nor asked for; false
 * when nothing need be said. */
bool ndup__encoding_say(ndup_error *said, const ndup__encoding *encoding,
                        const ndup__charset *charset, size_t mark);

#endif
