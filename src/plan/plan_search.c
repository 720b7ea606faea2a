/* SPDX-License-Identifier: MIT */
/* Counts, audit and histogram out of a plan's first line. */
#include "plan/plan_search.h"

#include "base/error.h"
#include "corpus/record.h"
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
    "search.capped",
    "search.audit_documents",
    "search.audit_pairs",
    "search.audit_found",
    "search.audit_missed",
    "search.audit_low",
    "search.audit_high",
    "search.similarity_histogram",
};

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
        } else if (c >= '0' && c <= '9') {
            search->similarity_histogram[bin] =
                search->similarity_histogram[bin] * 10 + (uint64_t)(c - '0');
        } else if (c != ' ') {
            return false;
        }
    }
    return bin == bins - 1;
}

static void read_members(ndup_summary *search, ndup__plan_line *line)
{
    search->repaired = ndup__plan_count(line, REPAIRED);
    search->duplicate_ids = ndup__plan_count(line, DUPLICATE_IDS);
    search->empty = ndup__plan_count(line, EMPTY);
    search->unreadable = ndup__plan_count(line, UNREADABLE);
    search->candidates = ndup__plan_count(line, CANDIDATES);
    search->verified = ndup__plan_count(line, VERIFIED);
    search->similar = ndup__plan_count(line, SIMILAR);
    search->split_buckets = ndup__plan_count(line, SPLIT_BUCKETS);
    search->largest_bucket = ndup__plan_count(line, LARGEST_BUCKET);
    search->capped = ndup__plan_count(line, CAPPED);
    search->audit_documents = ndup__plan_count(line, AUDIT_DOCUMENTS);
    search->audit_pairs = ndup__plan_count(line, AUDIT_PAIRS);
    search->audit_found = ndup__plan_count(line, AUDIT_FOUND);
    search->audit_missed = ndup__plan_count(line, AUDIT_MISSED);
    search->audit_low = ndup__plan_fixed(line, AUDIT_LOW);
    search->audit_high = ndup__plan_fixed(line, AUDIT_HIGH);
    if (!read_histogram(search, &line->values[HISTOGRAM]) && line->wrong == NULL) {
        line->wrong = search_paths[HISTOGRAM];
    }
}

ndup_status ndup__plan_read_search(ndup_plan *plan, ndup_text text, ndup_error *error)
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
        read_members(&plan->search, &line);
        plan->bands.recall = ndup__plan_fixed(&line, RECALL);
    }
    ndup__record_scanner_free(scanner);
    if (status == NDUP_STATUS_OK && line.wrong != NULL) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT, "%s line 1: missing or wrong: %s", plan->path,
                          line.wrong);
    }
    return status;
}
