/* SPDX-License-Identifier: MIT */
/* Parquet files: what another library reads of them becomes lines of JSON in the temporary copy,
 * since rows cannot be fetched by their place. */
#include <string.h>

#include "corpus/row_lines.h"

bool ndup__parquet_begins(const char *bytes, size_t length)
{
    return length >= 5 && memcmp(bytes, "PAR1\x15", 5) == 0;
}

static ndup_status cut(ndup__cut *cut, ndup_corpus *corpus, ndup__corpus_file *file,
                       const char *bytes, size_t length, bool ended, ndup_error *error)
{
    return ndup__format_lines.cut(cut, corpus, file, bytes, length, ended, error);
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    return ndup__format_lines.scan(corpus, block, visitor, error);
}

static const char *const suffixes[] = {".parquet", NULL};

const ndup__format ndup__format_parquet = {
    .name = "parquet",
    .suffixes = suffixes,
    .streams = true,
    .has_lines = true,
    .is_converted = true,
    .is_foreign = true,
    .cut = cut,
    .find_next = ndup__lines_find_next,
    .take = ndup__stream_take,
    .scan = scan,
};
