/* SPDX-License-Identifier: MIT */
/* What was read whole under a name that says "document" may be something else. */
#include "corpus/document_check.h"

#include "base/error.h"
#include "corpus/file_type.h"
#include "corpus/json_items.h"
#include "corpus/object_lines.h"
#include "corpus/unread.h"
#include "corpus/wide_text.h"

ndup_status ndup__document_check(const ndup__encoding *encoding, const char *bytes, size_t length,
                                 ndup_error *error)
{
    char narrow[NDUP__NARROW_BYTES];
    ndup_status status = ndup__unread_refuse(bytes, length, true, error);
    if (status != NDUP_STATUS_OK) {
        return status; /* its zero bytes may look like those of UTF-16 */
    }
    size_t narrowed = ndup__wide_text_narrow(narrow, encoding, bytes, length);
    if (narrowed > 0) {
        bytes = narrow;
        length = narrowed;
    }
    if (ndup__is_binary(bytes, length)) {
        return ndup__unread_fail_binary(error);
    }
    if (ndup__is_own_output(bytes, length)) {
        return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "neardup wrote this: not read");
    }
    size_t head = length < NDUP__HEAD_BYTES ? length : NDUP__HEAD_BYTES;
    if (ndup__object_lines_fill(bytes, head) || ndup__json_array_begins(bytes, head)) {
        return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                          "this holds JSON records; name it .jsonl, or name the file itself as an "
                          "input");
    }
    return NDUP_STATUS_OK;
}
