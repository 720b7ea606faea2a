/* SPDX-License-Identifier: MIT */
/* Encodings guessed from the bytes alone. */
#include <string.h>

#include "html/charset.h"

/* Set by the build to 1 when it links uchardet. */
#ifndef NDUP_HAVE_UCHARDET
#define NDUP_HAVE_UCHARDET 0
#endif

/* Bytes of the longest character but one: so many may be missing at the end. */
#define CUT_OFF_MOST 3

bool ndup__charset_can_guess(void)
{
    return NDUP_HAVE_UCHARDET;
}

static bool is_utf8(const char *bytes, size_t length)
{
    size_t valid = ndup__charset_valid_utf8(bytes, length);
    return valid == length ||
           (valid > 0 && length - valid <= CUT_OFF_MOST && (unsigned char)bytes[valid] >= 0xC2);
}

#if NDUP_HAVE_UCHARDET
#include <uchardet/uchardet.h>

/* Two of its names are not among the standard's labels. Latin-3 and Latin-6, which hardly anybody
 * uses, it sees in short texts of the languages of windows-1252. */
static const ndup__charset *by_name(const char *name)
{
    if (strcmp(name, "ISO-8859-3") == 0 || strcmp(name, "ISO-8859-10") == 0) {
        return NULL;
    }
    name = strcmp(name, "UHC") == 0 ? "euc-kr" : name;
    name = strcmp(name, "MAC-CYRILLIC") == 0 ? "x-mac-cyrillic" : name;
    return ndup__charset_by_label((ndup_text){name, strlen(name)});
}

static const ndup__charset *ask(const char *bytes, size_t length)
{
    const ndup__charset *found = NULL;
    uchardet_t detector = uchardet_new();
    if (detector != NULL && uchardet_handle_data(detector, bytes, length) == 0) {
        uchardet_data_end(detector);
        found = by_name(uchardet_get_charset(detector));
    }
    if (detector != NULL) {
        uchardet_delete(detector);
    }
    return found;
}
#else
static const ndup__charset *ask(const char *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    return NULL;
}
#endif

const ndup__charset *ndup__charset_guess(const char *bytes, size_t length)
{
    const ndup__charset *found = NULL;
    if (!is_utf8(bytes, length)) {
        found = ask(bytes, length);
        found = found != NULL && found != ndup__charset_utf8()
                    ? found
                    : ndup__charset_by_label((ndup_text){"windows-1252", strlen("windows-1252")});
    }
    return found != NULL ? found : ndup__charset_utf8();
}
