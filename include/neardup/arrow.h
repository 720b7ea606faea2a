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
 * columns (the customary names else); one of strings is the texts alone. Texts, ids, sources,
 * addresses and titles are utf8, large_utf8, string_view or dictionaries of them, ids and sources
 * integers, too; dates also timestamps and dates. Null is empty. A row without an id is named by
 * its number, "0" being the first; documents have that number as their place. Rows are written as
 * records (jsonl, csv) with all their columns.
 * Takes over the stream even on failure, and releases it. Errors: INVALID for a stream that breaks
 * the specification, or whose columns are of other types; NOT_FOUND when it has no such column
 * (names those it has); IO with the message of a stream that failed; MEMORY; CANCELLED. */
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_open_arrow(ndup_corpus **corpus,
                                                           struct ArrowArrayStream *stream,
                                                           const ndup_corpus_options *options,
                                                           const ndup_hooks *hooks,
                                                           ndup_error *error);

/* The verdicts of a result as a stream of structs, in corpus order, up to 65,536 a batch: document
 * (uint64), id (utf8), kept (bool), decision (utf8: keep, drop), survivor (uint64), survivor_id
 * (utf8), similarity, containment (float64), kind (utf8), group (uint64: the first document of its
 * group, null outside of groups), group_size (uint32), span_offset, span_bytes (uint32; null where
 * none was asked for). The result must live until the stream is released. Errors: MEMORY. */
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
