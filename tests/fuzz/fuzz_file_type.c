/* SPDX-License-Identifier: MIT */
/* Any bytes as the beginning of a file: what it is, and what is said of it. */
#include <stdlib.h>
#include <string.h>

#include "corpus/document_check.h"
#include "corpus/file_type.h"
#include "corpus/wide_text.h"
#include "fuzz/fuzz_target.h"

static const char *const names[] = {"x",      "x.txt", "x.json",    "x.csv",
                                    "x.warc", "x.jl",  "x.html.gz", "-"};

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static const ndup__encoding any_encoding = {.given = NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    /* The first byte chooses the name. */
    const char *name = names[data[0] % (sizeof names / sizeof names[0])];
    const char *head = (const char *)data + 1;
    size_t length = size - 1;
    ndup__file_type type;
    ndup_error error = {.status = NDUP_STATUS_OK};
    ndup_status status = ndup__file_type_tell(&type, name, &any_encoding, head, length, &error);
    check(status == NDUP_STATUS_OK || status == NDUP_STATUS_UNSUPPORTED);
    check(status == NDUP_STATUS_OK || strlen(error.message) > 0);
    bool is_told = status == NDUP_STATUS_OK && type.format != NULL;
    check(!is_told || !type.is_own);
    /* UTF-16 is told by its characters. */
    char narrow[NDUP__NARROW_BYTES];
    size_t narrowed = ndup__wide_text_narrow(narrow, &any_encoding, head, length);
    check(!is_told || type.format == ndup__format_of_name(name) ||
          type.format->recognises(head, length) ||
          (narrowed > 0 && type.format->recognises(narrow, narrowed)));
    status = ndup__document_check(&any_encoding, head, length, NULL);
    check(status == NDUP_STATUS_OK || status == NDUP_STATUS_UNSUPPORTED);
    return 0;
}
