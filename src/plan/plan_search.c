/* SPDX-License-Identifier: MIT */
/* Counts, audit and histogram out of a plan's first line. */
#include "plan/plan_search.h"

#include "base/error.h"
#include "corpus/record_scan.h"
#include "plan/plan_state.h"
#include "plan/plan_value.h"

enum {
    SEARCH,
    REPAIRED,
    DUPLICATE_IDS,
    EMPTY,
    UNREADABLE,
    RECALL,
    CANDIDATES,
    VERIFIED,
    SIMILAR,
    SPLIT_BUCKETS,
    LARGEST_BUCKET,
    CROWDED,
    CAPPED,
    AUDIT_DOCUMENTS,
    AUDIT_PAIRS,
    AUDIT_FOUND,
    AUDIT_MISSED,
    AUDIT_LOW,
    AUDIT_HIGH,
    HISTOGRAM,
    SEARCH_COUNT
};

static const char *const search_paths[SEARCH_COUNT] = {
    "search",
    "search.repaired",
    "search.duplicate_ids",
    "search.empty",
    "search.unreadable",
    "search.recall",
    "search.candidates",
    "search.verified",
    "search.similar",
    "search.split_buckets",
    "search.largest_bucket",
    "search.crowded",
    "search.capped",
    "search.audit_documents",
    "search.audit_pairs",
    "search.audit_found",
    "search.audit_missed",
    "search.audit_low",
    "search.audit_high",
    "search.similarity_histogram",
};

/* False for what is no digit, and when the number has no room for it. */
static bool add_digit(uint64_t *number, char c)
{
    return c >= '0' && c <= '9' && !__builtin_mul_overflow(*number, (uint64_t)10, number) &&
           !__builtin_add_overflow(*number, (uint64_t)(c - '0'), number);
}

/* Digits and commas between brackets; false when it is not as many numbers as there are bins. */
static bool read_histogram(ndup_summary *search, const ndup__value *value)
{
    size_t bins = sizeof search->similarity_histogram / sizeof search->similarity_histogram[0];
    size_t bin = 0;
    if (value->kind != NDUP__VALUE_ARRAY) {
        return false;
    }
    for (size_t i = 1; i + 1 < value->length && bin < bins; i++) {
        char c = value->raw[i];
        if (c == ',') {
            bin++;
        } else if (c != ' ' && !add_digit(&search->similarity_histogram[bin], c)) {
            return false;
        }
    }
    return bin == bins - 1;
}

static void read_members(ndup_summary *search, ndup__plan_line *line, uint64_t documents)
{
    search->repaired = ndup__plan_count(line, REPAIRED, 0, documents);
    search->duplicate_ids = ndup__plan_count(line, DUPLICATE_IDS, 0, documents);
    search->empty = ndup__plan_count(line, EMPTY, 0, documents);
    search->unreadable = ndup__plan_count(line, UNREADABLE, 0, documents);
    search->candidates = ndup__plan_count(line, CANDIDATES, 0, UINT64_MAX);
    search->verified = ndup__plan_count(line, VERIFIED, 0, UINT64_MAX);
    search->similar = ndup__plan_count(line, SIMILAR, 0, UINT64_MAX);
    search->split_buckets = ndup__plan_count(line, SPLIT_BUCKETS, 0, UINT64_MAX);
    search->largest_bucket = ndup__plan_count(line, LARGEST_BUCKET, 0, documents);
    if (line->values[CROWDED].kind != NDUP__VALUE_ABSENT) { /* earlier versions have neither */
        search->crowded = ndup__plan_count(line, CROWDED, 0, documents);
        search->capped = ndup__plan_count(line, CAPPED, 0, documents);
    }
    search->audit_documents = ndup__plan_count(line, AUDIT_DOCUMENTS, 0, documents);
    search->audit_pairs = ndup__plan_count(line, AUDIT_PAIRS, 0, UINT64_MAX);
    search->audit_found = ndup__plan_count(line, AUDIT_FOUND, 0, search->audit_pairs);
    search->audit_missed = ndup__plan_count(line, AUDIT_MISSED, 0, UINT64_MAX);
    search->audit_low = ndup__plan_share(line, AUDIT_LOW);
    search->audit_high = ndup__plan_share(line, AUDIT_HIGH);
    if (!read_histogram(search, &line->values[HISTOGRAM])) {
        ndup__plan_refuse(line, HISTOGRAM, "missing or wrong: ");
    }
}

ndup_status ndup__plan_read_search(ndup_plan *plan, uint64_t documents, ndup_text text,
                                   ndup_error *error)
{
    ndup__record_scanner *scanner;
    ndup__plan_line line = {.paths = search_paths, .error = error};
    ndup_status status =
        ndup__record_scanner_new(&scanner, search_paths, SEARCH_COUNT, plan->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__record_scan(line.values, scanner, text.bytes, text.length, error);
    if (status == NDUP_STATUS_OK && line.values[SEARCH].kind != NDUP__VALUE_ABSENT) {
        read_members(&plan->search, &line, documents);
        plan->bands.recall = ndup__plan_share(&line, RECALL);
    }
    ndup__record_scanner_free(scanner);
    if (status == NDUP_STATUS_OK && line.wrong != NULL) {
        status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s line 1: %s%s", plan->path, line.problem,
                            line.wrong);
        if (error != NULL) {
            error->line = 1;
        }
    }
    return status;
}
