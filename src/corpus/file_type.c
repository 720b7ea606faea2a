/* SPDX-License-Identifier: MIT */
/* The list of formats, and how a file's is found. */
#include "corpus/file_type.h"

#include <string.h>

#include "base/error.h"
#include "codec/codec.h"
#include "corpus/json_items.h"
#include "corpus/object_lines.h"
#include "corpus/row_lines.h"
#include "corpus/unread.h"
#include "corpus/wide_text.h"
#include "tables/table_access.h"

/* Of two formats that recognise the same bytes the first one gets them. */
static const ndup__format *const formats[] = {
    &ndup__format_lines,    &ndup__format_json,    &ndup__format_warc,  &ndup__format_csv,
    &ndup__format_tsv,      &ndup__format_page,    &ndup__format_plain, &ndup__format_archive,
    &ndup__format_feed,     &ndup__format_mailbox, &ndup__format_mail,  &ndup__format_parquet,
    &ndup__format_subtitles};
#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

/* Suffixes of files that may hold records or something else. */
static const char *const maybe_suffixes[] = {".json", ".xml", NULL};

const ndup__format *ndup__format_get(size_t i)
{
    return i < FORMAT_COUNT ? formats[i] : NULL;
}

const ndup__format *ndup__format_find(const char *name)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (strcmp(formats[i]->name, name) == 0) {
            return formats[i];
        }
    }
    return NULL;
}

/* Whether name[0..length) ends with one of the suffixes, which are in lower case, in any case. */
static bool ends_with(const char *name, size_t length, const char *const *suffixes)
{
    for (; *suffixes != NULL; suffixes++) {
        size_t suffix_length = strlen(*suffixes);
        size_t same = 0;
        while (length > suffix_length && same < suffix_length) {
            char byte = name[length - suffix_length + same];
            if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != (*suffixes)[same]) {
                break;
            }
            same++;
        }
        if (length > suffix_length && same == suffix_length) {
            return true;
        }
    }
    return false;
}

/* Length of the name without the suffix of a codec. */
static size_t stem_length(const char *name)
{
    const ndup__codec *codec = ndup__codec_by_name(name);
    return strlen(name) - (codec != NULL ? strlen(codec->suffix) : 0);
}

const ndup__format *ndup__format_of_name(const char *name)
{
    size_t length = stem_length(name);
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (ends_with(name, length, formats[i]->suffixes)) {
            return formats[i];
        }
    }
    return NULL;
}

ndup__suffix_kind ndup__suffix_tell(const char *name)
{
    const ndup__format *format = ndup__format_of_name(name);
    if (format != NULL) {
        return format->streams || ndup__codec_by_name(name) != NULL ? NDUP__SUFFIX_RECORDS
                                                                    : NDUP__SUFFIX_DOCUMENT;
    }
    return ends_with(name, stem_length(name), maybe_suffixes) ? NDUP__SUFFIX_MAYBE
                                                              : NDUP__SUFFIX_OTHER;
}

/* The format that certainly begins with these bytes, or NULL. What its name calls a document stays
 * one unless it holds records from the first line on. */
static const ndup__format *recognise(const ndup__format *named, const char *head, size_t length)
{
    bool is_document = named != NULL && !named->streams;
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        const ndup__format *format = formats[i];
        if (format->recognises == NULL || (is_document && !format->streams) ||
            !format->recognises(head, length)) {
            continue;
        }
        if (!is_document || format != &ndup__format_lines ||
            ndup__object_lines_fill(head, length)) {
            return format;
        }
    }
    return NULL;
}

static bool is_markup(const char *head, size_t length)
{
    size_t at = 0;
    while (at < length && memchr(" \t\r\n\xEF\xBB\xBF", head[at], 7) != NULL) {
        at++;
    }
    return at < length && head[at] == '<';
}

ndup_status ndup__file_type_fail_unclear(ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "its first line is no JSON record; --format jsonl reads it as JSON lines "
                      "all the same, --format text as one document");
}

/* How often the separator stands in the line at `at`, which goes behind it. */
static size_t count_separators(const char **at, const char *end, char separator)
{
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    size_t count = 0;
    for (stop = stop != NULL ? stop : end; *at < stop; (*at)++) {
        count += **at == separator && (*at + 1 == stop || (*at)[1] != ' ');
    }
    *at += *at < end;
    return count;
}

/* Two lines with the same number of separators, none of which has a blank behind it. */
static bool looks_tabular(const char *head, size_t length)
{
    static const char separators[] = {',', ';', '\t', '|'};
    for (size_t i = 0; i < sizeof separators; i++) {
        const char *at = head;
        size_t first = count_separators(&at, head + length, separators[i]);
        if (first > 0 && count_separators(&at, head + length, separators[i]) == first) {
            return true;
        }
    }
    return false;
}

static ndup_status tell_utf8(ndup__file_type *type, const char *name, const char *head,
                             size_t length, ndup_error *error)
{
    const ndup__format *named = ndup__format_of_name(name);
    *type = (ndup__file_type){.is_empty = length == 0, .is_own = ndup__is_own_output(head, length)};
    if (type->is_own) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__unread_refuse(head, length, false, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    type->format = recognise(named, head, length);
    if (type->format != NULL) {
        return NDUP_STATUS_OK;
    }
    status = ndup__unread_refuse(head, length, true, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if ((named == NULL || !named->streams) && ndup__is_binary(head, length)) {
        return ndup__unread_fail_binary(error);
    }
    type->format = named;
    if (named == NULL) {
        type->is_unclear =
            ndup__suffix_tell(name) == NDUP__SUFFIX_MAYBE || ndup__looks_like_json(head, length);
        type->likely = ndup__json_recognises(head, length) ? &ndup__format_json
                       : is_markup(head, length)           ? &ndup__format_feed
                                                           : NULL;
        type->is_tabular = looks_tabular(head, length);
    }
    return NDUP_STATUS_OK;
}

static ndup_status tell_parquet(ndup__file_type *type, ndup_error *error)
{
    ndup_table_files files;
    type->format = &ndup__format_parquet;
    return ndup__table_files_get(&files, error);
}

ndup_status ndup__file_type_tell(ndup__file_type *type, const char *name,
                                 const ndup__encoding *encoding, const char *head, size_t length,
                                 ndup_error *error)
{
    char narrow[NDUP__NARROW_BYTES];
    *type = (ndup__file_type){.format = NULL};
    if (ndup__parquet_begins(head, length)) {
        return tell_parquet(type, error);
    }
    ndup_status status = ndup__unread_refuse(head, length, false, error);
    if (status != NDUP_STATUS_OK) {
        return status; /* its zero bytes may look like those of UTF-16 */
    }
    size_t narrowed = ndup__wide_text_narrow(narrow, encoding, head, length);
    return narrowed > 0 ? tell_utf8(type, name, narrow, narrowed, error)
                        : tell_utf8(type, name, head, length, error);
}

ndup_status ndup__file_type_of_stream(ndup__file_type *type, ndup__stream *stream, const char *name,
                                      const ndup__encoding *encoding, char *head, ndup_error *error)
{
    size_t length;
    *type = (ndup__file_type){.format = NULL};
    ndup_status status = ndup__stream_peek(stream, head, NDUP__HEAD_BYTES, &length, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_type_tell(type, name, encoding, head, length, error);
    }
    type->is_compressed = strcmp(ndup__stream_format(stream), "plain") != 0;
    return status == NDUP_STATUS_OK && type->is_compressed && type->format == &ndup__format_parquet
               ? ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                            "a Parquet file in another's compression: decompress it first")
               : status;
}
