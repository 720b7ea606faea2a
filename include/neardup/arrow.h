/* SPDX-License-Identifier: MIT */
/* Tables of other programs, in memory and without a copy: the Arrow C data interface. */
#ifndef NEARDUP_ARROW_H
#define NEARDUP_ARROW_H

#include <stdint.h>

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "neardup/hooks.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The three structures of the interface, as its specification lays them out, unless another header
 * has them: https://arrow.apache.org/docs/format/CDataInterface.html */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

/* A type. */
struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

/* Values of one. */
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

/* Arrays of one type, one after another. */
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

/* A corpus over the rows of a stream, which is read to its end here; its arrays are kept, and
 * texts are read where they stand. A stream of structs is a table, of which the options name the
 * columns (the customary names else; "meta.url" is a part of a struct); any other is a column
 * alone, the texts. Texts may be utf8, large_utf8, string_view, binary, large_binary, binary_view
 * or dictionaries of them, and what JSON records may have (lists of strings, joined by blank lines;
 * numbers and truth values as they are spelt); ids and other parts also integers, and dates and
 * timestamps, which become ISO 8601. Null is empty, also where it is a struct or row that holds the
 * part; damaged UTF-8 is treated as that of files is. A row without an id is named by its number,
 * "0" being the first.
 *
 * Documents have the number of their row as `offset`, and no `line`; so have problems. The record
 * that outputs carry (jsonl, csv, html) is an object of all columns, in their order: dates, times
 * and spans of time as ISO 8601, in UTC where a column has a zone, bytes as base64 unless they are
 * a part of the document, what is no finite number null. Such an object is made when an output
 * wants it, or when a field that it takes to decide is none of the above.
 *
 * Takes over the stream even on failure, and releases it; the arrays are released when the corpus
 * is closed. What arrays say is checked as far as that can be done: the interface does not tell how
 * long buffers are. Errors: INVALID for a stream that breaks the specification, naming column and
 * row, or whose text is of another type; NOT_FOUND when it has no such column (names those it has);
 * UNSUPPORTED for types that are not known; IO with the message of a stream that failed; MEMORY;
 * CANCELLED. Memory: 64 bytes a batch. */
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_open_arrow(ndup_corpus **corpus,
                                                           struct ArrowArrayStream *stream,
                                                           const ndup_corpus_options *options,
                                                           const ndup_hooks *hooks,
                                                           ndup_error *error);

/* The verdicts of a result as a stream of structs, in corpus order, up to 65,536 a batch: document
 * (uint64), id (utf8), kept (bool), decision (utf8: keep, drop), survivor (uint64), survivor_id
 * (utf8), similarity, containment (float64), kind (utf8), group (uint64: the first document of its
 * group in keep order, null outside of groups), group_size (uint32; 1 outside of groups),
 * span_offset, span_bytes (uint32; null where there is none). The result must live until the stream
 * is released; batches are of the C library's heap and may outlive both. Errors: INVALID, MEMORY.
 */
NDUP_API NDUP_NODISCARD ndup_status ndup_result_arrow(struct ArrowArrayStream *stream,
                                                      const ndup_result *result, ndup_error *error);

/* The verified pairs likewise: a, b (uint64), id_a, id_b (utf8), similarity, containment_a,
 * containment_b (float64), kind (utf8). */
NDUP_API NDUP_NODISCARD ndup_status ndup_result_pairs_arrow(struct ArrowArrayStream *stream,
                                                            const ndup_result *result,
                                                            ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
