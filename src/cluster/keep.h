/* SPDX-License-Identifier: MIT */
/* Keep policies: which document of a group is to survive. */
#ifndef NDUP__CLUSTER_KEEP_H
#define NDUP__CLUSTER_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "corpus/reader.h"

/* Most elements of a chain. */
#define NDUP__KEEP_ELEMENTS 16

/* The number of a value that a document does not have; comes last. */
#define NDUP__KEEP_MISSING UINT64_MAX

typedef enum ndup__keep_kind {
    NDUP__KEEP_FIRST,
    NDUP__KEEP_LAST,
    NDUP__KEEP_LONGEST,
    NDUP__KEEP_SHORTEST,
    NDUP__KEEP_NEWEST,
    NDUP__KEEP_OLDEST,
    NDUP__KEEP_PREFER,
    NDUP__KEEP_FIELD
} ndup__keep_kind;

typedef struct ndup__keep_element {
    ndup__keep_kind kind;
    const char *argument; /* glob or field name */
    bool descending;      /* FIELD: the greatest value is best */
    unsigned extra;       /* FIELD: which extra field of the reader */
} ndup__keep_element;

/* A chain: the first element that tells two documents apart decides. Threads: immutable. */
typedef struct ndup__keep_policy {
    ndup__keep_element elements[NDUP__KEEP_ELEMENTS];
    unsigned count;
    const char *fields[NDUP__EXTRA_FIELDS];
    unsigned field_count;
    bool input_order; /* the chain is just "first": no ranking is needed */
    bool uses_input;  /* the chain names the input order somewhere: no tie is left over */
} ndup__keep_policy;

/* Parses "prefer=apnews*,newest,field:score:desc"; strings live in `strings`. Errors: INVALID,
 * naming the part. */
NDUP_NODISCARD ndup_status ndup__keep_parse(ndup__keep_policy *policy, const char *chain,
                                            ndup__arena *strings, ndup_error *error);

/* A value by which documents are ranked; less is better. Missing values come last, numbers before
 * strings. */
typedef struct ndup__keep_value {
    uint64_t number;   /* order-preserving */
    const char *bytes; /* of strings; in the arena given */
    uint32_t length;
} ndup__keep_value;

/* The values of one document under the policy: values[count]. tokens is its length in tokens.
 * Longer string values are cut to 4096 bytes. Strings are copied into `strings`. */
NDUP_NODISCARD ndup_status ndup__keep_values(ndup__keep_value *values,
                                             const ndup__keep_policy *policy,
                                             const ndup__item *item, uint64_t number,
                                             uint64_t tokens, ndup__arena *strings,
                                             ndup_error *error);

/* Sets those of values[policy->count] that the input order decides: the document's number is known
 * only once all before it are. */
void ndup__keep_set_number(ndup__keep_value *values, const ndup__keep_policy *policy,
                           uint64_t number);

/* Less, equal or greater than zero as a is better, the same or worse. */
int ndup__keep_compare(const ndup__keep_policy *policy, const ndup__keep_value *a,
                       const ndup__keep_value *b);

/* Whether the policy looks at more of a document than its text and its place. */
bool ndup__keep_reads_record(const ndup__keep_policy *policy);

/* A hash of what decided about a document, but for its text and its place: its values of the
 * elements that look at more (dates as moments, a glob as whether it matches), and whether it is
 * protected. It is never 0. `values` may be NULL when no element looks at more. */
uint64_t ndup__keep_hash(const ndup__keep_policy *policy, const ndup__keep_value *values,
                         bool is_protected);

/* What became of a date. */
typedef enum ndup__date_reading {
    NDUP__DATE_ABSENT,
    NDUP__DATE_READ,
    NDUP__DATE_OPEN, /* "03/04/2021": which is the day and which the month is not said */
    NDUP__DATE_UNKNOWN
} ndup__date_reading;

/* Milliseconds since 1970 of a date in one of the forms that the manual lists; a date alone is
 * midnight, no zone means UTC. *milliseconds is set for READ only. */
ndup__date_reading ndup__parse_date(int64_t *milliseconds, ndup_text text);

#endif
