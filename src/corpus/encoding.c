/* SPDX-License-Identifier: MIT */
/* Which encoding the texts of a corpus are read in. */
#include "corpus/encoding.h"

#include <string.h>

#include "base/error.h"

static ndup_status try_converter(const ndup__charset *charset, ndup_error *error)
{
    ndup__charset_decoder decoder = {.allocator = NULL};
    ndup_status status = ndup__charset_begin(&decoder, charset, error);
    ndup__charset_decoder_deinit(&decoder);
    return status;
}

ndup_status ndup__encoding_parse(ndup__encoding *encoding, const char *name, ndup_error *error)
{
    *encoding = (ndup__encoding){.given = NULL};
    if (name == NULL) {
        return NDUP_STATUS_OK;
    }
    encoding->guesses = strcmp(name, "auto") == 0;
    if (encoding->guesses) {
        return ndup__charset_can_guess()
                   ? NDUP_STATUS_OK
                   : ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                                "encoding 'auto': this build is without uchardet (package "
                                "libuchardet-dev); name the encoding");
    }
    encoding->given = ndup__charset_by_label((ndup_text){name, strlen(name)});
    if (encoding->given == NULL) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "encoding '%.40s', must be auto or a name that browsers know, such as "
                          "utf-8, windows-1252, latin2, koi8-r, gb18030, shift_jis, euc-kr or big5",
                          name);
    }
    return try_converter(encoding->given, error);
}

/* NULL where the bytes have to be guessed from, or are UTF-8. */
static const ndup__charset *find_certain(size_t *mark, const ndup__encoding *encoding,
                                         const char *bytes, size_t length)
{
    const ndup__charset *found = ndup__charset_by_mark(mark, bytes, length);
    if (found == NULL) {
        found = encoding->given;
    }
    return found != NULL ? found : ndup__charset_by_zeros(bytes, length);
}

const ndup__charset *ndup__encoding_of(size_t *mark, const ndup__encoding *encoding,
                                       const char *bytes, size_t length)
{
    const ndup__charset *found = find_certain(mark, encoding, bytes, length);
    return found != NULL ? found : ndup__charset_utf8();
}

ndup_status ndup__encoding_find(const ndup__charset **charset, size_t *mark,
                                const ndup__encoding *encoding, const char *bytes, size_t length,
                                ndup_error *error)
{
    *charset = find_certain(mark, encoding, bytes, length);
    if (*charset == NULL && encoding->guesses) {
        return ndup__charset_guess(charset, bytes, length, error);
    }
    *charset = *charset != NULL ? *charset : ndup__charset_utf8();
    return NDUP_STATUS_OK;
}

bool ndup__encoding_say(ndup_error *said, const ndup__encoding *encoding,
                        const ndup__charset *charset, size_t mark)
{
    if (mark > 0 || charset == encoding->given || charset == ndup__charset_utf8()) {
        return false;
    }
    (void)ndup__fail(said, NDUP_STATUS_OK, "read as %s", charset->name);
    return true;
}
