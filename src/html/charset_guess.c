/* SPDX-License-Identifier: MIT */
/* Encodings guessed from the bytes alone. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "html/charset.h"

/* Set by the build to 1 when it links uchardet. */
#ifndef NDUP_HAVE_UCHARDET
#define NDUP_HAVE_UCHARDET 0
#endif

/* Bytes of the longest character but one: so many may be missing at the end. */
#define CUT_OFF_MOST 3
/* More than uchardet asks for. */
#define DETECTOR_BYTES ((size_t)1 << 20)

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

static ndup_status ask(const ndup__charset **found, const char *bytes, size_t length,
                       ndup_error *error)
{
    ndup_status status = ndup__heap_try(DETECTOR_BYTES, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uchardet_t detector = uchardet_new();
    if (detector != NULL && uchardet_handle_data(detector, bytes, length) == 0) {
        uchardet_data_end(detector);
        *found = by_name(uchardet_get_charset(detector));
    } else {
        status = ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: uchardet");
    }
    if (detector != NULL) {
        uchardet_delete(detector);
    }
    return status;
}
#else
static ndup_status ask(const ndup__charset **found, const char *bytes, size_t length,
                       ndup_error *error)
{
    (void)found;
    (void)bytes;
    (void)length;
    (void)error;
    return NDUP_STATUS_OK;
}
#endif

ndup_status ndup__charset_guess(const ndup__charset **guess, const char *bytes, size_t length,
                                ndup_error *error)
{
    const ndup__charset *found = NULL;
    ndup_status status = NDUP_STATUS_OK;
    if (!is_utf8(bytes, length)) {
        status = ask(&found, bytes, length, error);
        found = found != NULL && found != ndup__charset_utf8()
                    ? found
                    : ndup__charset_by_label((ndup_text){"windows-1252", strlen("windows-1252")});
    }
    *guess = found != NULL ? found : ndup__charset_utf8();
    return status;
}
