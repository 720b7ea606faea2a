/* SPDX-License-Identifier: MIT */
/* A document: one file or one record, with what is known about it. */
#ifndef NEARDUP_DOCUMENT_H
#define NEARDUP_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/unit.h"
#include "neardup/version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A run of bytes that somebody else owns. bytes may be NULL when length is 0. Not zero-terminated.
 */
typedef struct ndup_text {
    const char *bytes;
    size_t length;
} ndup_text;

/* A name of a file: as it is opened, and below its input folder. */
typedef struct ndup_file_name {
    const char *path;
    const char *relative;
} ndup_file_name;

/* One document. Every part is borrowed from whoever hands the document over and is valid until that
 * call returns, unless said otherwise. Absent parts are empty. Units: offset and length are bytes
 * in the (decompressed, decoded) file at path; line counts from 1, 0 = unknown. */
typedef struct ndup_document {
    ndup_text id;     /* unique name; ends every keep policy */
    ndup_text source; /* paper, site, folder: what --never-drop-from and prefer= look at */
    ndup_text url;
    ndup_text date; /* 2026-05-31T12:00:00Z, or another form that README.md lists */
    ndup_text title;
    ndup_text text; /* what is compared: UTF-8, damaged sequences count as U+FFFD */
    ndup_text
        record; /* the record as it stands in the file, but on one line; empty for plain files */
    uint64_t number;  /* position in the corpus, from 0 */
    const char *path; /* file it was read from, or NULL */
    const char *
        relative; /* the same below its input folder; the file's name when it was an input itself */
    uint64_t line;
    uint64_t offset;
    uint64_t length;
    const ndup_unit *units; /* what the reader knows of the text's parts; NULL: split the text */
    size_t unit_count;
    ndup_text original; /* the whole file that `text` was taken out of (web pages); else empty */
    /* Of a table (CSV, TSV): the row that `record` was made of, without its line end, and all that
     * stands in front of the first row of its file, in UTF-8 as they are written there; else empty.
     */
    ndup_text row;
    ndup_text table_head;
    ndup_text language; /* BCP 47, as a web page states it; empty otherwise */
    /* Further names of the file (hard links) that the inputs have: it is read once, and what is
     * decided holds for all of them. */
    const ndup_file_name *other_names;
    size_t other_name_count;
    /* Of a document as a sink that folds gets it, when passages of its text were replaced by marks:
     * what was cut and where it stands whole, as a JSON object; else empty. */
    ndup_text folded;
} ndup_document;

/* Reads a date in one of the forms that README.md lists: milliseconds since 1970, of a day alone
 * its midnight, without a zone in UTC. False for what is none, or says not which is day and month.
 */
NDUP_API bool ndup_date_parse(int64_t *milliseconds, ndup_text date);

#ifdef __cplusplus
}
#endif
#endif
