/* SPDX-License-Identifier: MIT */
/* Writing decisions, and entering them again. */
#include "stages/decision_file.h"

#include <string.h>

#include "base/error.h"
#include "stages/components.h"

const ndup__section_kind ndup__decision_kind = {"NDUPDCSN", 1, "a file of decisions"};

/* The section "header". */
typedef struct file_header {
    ndup__decision_origin origin;
    uint64_t count;
} file_header;

static ndup__decision_counts counts_of(const ndup_summary *summary)
{
    ndup__decision_counts counts = {.candidates = summary->candidates,
                                    .verified = summary->verified,
                                    .similar = summary->similar,
                                    .split_buckets = summary->split_buckets,
                                    .largest_bucket = summary->largest_bucket,
                                    .crowded = summary->crowded,
                                    .capped = summary->capped};
    memcpy(counts.histogram, summary->similarity_histogram, sizeof counts.histogram);
    return counts;
}

static void add_counts(ndup_summary *summary, const ndup__decision_counts *counts)
{
    summary->candidates += counts->candidates;
    summary->verified += counts->verified;
    summary->similar += counts->similar;
    summary->split_buckets += counts->split_buckets;
    summary->largest_bucket = counts->largest_bucket > summary->largest_bucket
                                  ? counts->largest_bucket
                                  : summary->largest_bucket;
    summary->crowded += counts->crowded;
    summary->capped += counts->capped;
    for (size_t i = 0; i < sizeof counts->histogram / sizeof *counts->histogram; i++) {
        summary->similarity_histogram[i] += counts->histogram[i];
    }
}

static uint32_t number_of(const ndup__part_run *parts, uint32_t class_number)
{
    return ndup__part_run_number(parts, parts->run.table.class_documents[class_number]);
}

static ndup__decision decision_of(const ndup__part_run *parts, const ndup__groups *groups,
                                  uint32_t class_number)
{
    const ndup__match *match = &groups->matches[groups->match_of[class_number]];
    bool is_dropped = groups->survivors[class_number] != class_number;
    return (ndup__decision){.document = number_of(parts, class_number),
                            .other = number_of(parts, match->other),
                            .flags = (is_dropped ? NDUP__DECISION_DROPPED : 0) |
                                     (match->is_form ? NDUP__DECISION_FORM : 0),
                            .span_tokens = match->span_tokens,
                            .span_offset = match->span_offset,
                            .span_bytes = match->span_bytes,
                            .similarity = match->similarity,
                            .containment = match->containment,
                            .other_containment = match->other_containment};
}

static ndup_status put_decisions(ndup__section_writer *writer, uint64_t *count,
                                 const ndup__part_run *parts, const ndup__groups *groups,
                                 ndup_error *error)
{
    const ndup__table *table = &parts->run.table;
    ndup_status status = ndup__section_begin(writer, "decisions", error);
    for (size_t rank = 0; rank < table->class_count && status == NDUP_STATUS_OK; rank++) {
        uint32_t class_number = ndup__table_class_at(table, rank);
        if (groups->match_of[class_number] != NDUP__NO_CLASS) {
            ndup__decision decision = decision_of(parts, groups, class_number);
            status = ndup__section_add(writer, &decision, sizeof decision, error);
            ++*count;
        }
    }
    return status;
}

static ndup_status put_all(ndup__section_writer *writer, const ndup__decision_origin *origin,
                           const ndup__part_run *parts, const ndup__groups *groups,
                           ndup_error *error)
{
    file_header header = {.origin = *origin};
    ndup__decision_counts counts = counts_of(&parts->run.summary);
    ndup_status status = put_decisions(writer, &header.count, parts, groups, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(writer, "counts", &counts, sizeof counts, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__section_put(writer, "header", &header, sizeof header, error)
               : status;
}

ndup_status ndup__decision_file_write(const char *path, const ndup__decision_origin *origin,
                                      const ndup__part_run *parts, const ndup__groups *groups,
                                      ndup_error *error)
{
    ndup__section_writer writer = {.kind = NULL};
    ndup_status status = ndup__section_writer_open(&writer, path, &ndup__decision_kind,
                                                   parts->options.allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = put_all(&writer, origin, parts, groups, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_writer_commit(&writer, error);
    }
    ndup__section_writer_end(&writer);
    return status;
}

static ndup_status read_header(ndup__decision_file *decisions, ndup_error *error)
{
    const file_header *header;
    ndup__section_file *file = &decisions->file;
    ndup_status status = ndup__section_items(&header, 1, sizeof *header, file, "header", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup__decision_origin *origin = &header->origin;
    if (origin->shard >= origin->shards || origin->shards > NDUP__SHARDS_MOST ||
        header->count >= UINT32_MAX) {
        return ndup__section_fail(file, "header", "numbers out of range", error);
    }
    decisions->identity = origin->identity;
    decisions->dealing = origin->dealing;
    decisions->shard = origin->shard;
    decisions->shards = origin->shards;
    decisions->count = (size_t)header->count;
    return NDUP_STATUS_OK;
}

ndup_status ndup__decision_file_open(ndup__decision_file *decisions, const char *path,
                                     const ndup_allocator *allocator, ndup_error *error)
{
    *decisions = (ndup__decision_file){.count = 0};
    ndup__section_file *file = &decisions->file;
    ndup_status status =
        ndup__section_file_open(file, path, &ndup__decision_kind, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = read_header(decisions, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_items(&decisions->decisions, decisions->count,
                                     sizeof *decisions->decisions, file, "decisions", error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__section_items(&decisions->counts, 1, sizeof *decisions->counts, file,
                                     "counts", error)
               : status;
}

void ndup__decision_file_close(ndup__decision_file *decisions)
{
    ndup__section_file_close(&decisions->file);
}

/* The class that a document stands for, or NDUP__NO_CLASS. */
static uint32_t class_of(const ndup__table *table, uint32_t document)
{
    if (document >= table->count) {
        return NDUP__NO_CLASS;
    }
    uint32_t class_number = table->classes[document];
    return table->class_documents[class_number] == document ? class_number : NDUP__NO_CLASS;
}

static ndup_status enter(ndup__decision_file *decisions, const ndup__decision *decision,
                         ndup__groups *groups, const ndup__table *table, ndup_error *error)
{
    uint32_t class_number = class_of(table, decision->document);
    uint32_t other = class_of(table, decision->other);
    if (class_number == NDUP__NO_CLASS || other == NDUP__NO_CLASS || other == class_number ||
        groups->match_of[class_number] != NDUP__NO_CLASS) {
        return ndup__section_fail(&decisions->file, "decisions",
                                  "a decision about what stands for no text", error);
    }
    ndup__match match = {.other = other,
                         .similarity = decision->similarity,
                         .containment = decision->containment,
                         .other_containment = decision->other_containment,
                         .span_tokens = decision->span_tokens,
                         .span_offset = decision->span_offset,
                         .span_bytes = decision->span_bytes,
                         .is_form = (decision->flags & NDUP__DECISION_FORM) != 0};
    return (decision->flags & NDUP__DECISION_DROPPED) != 0
               ? ndup__groups_drop(groups, class_number, &match, error)
               : ndup__groups_note_form(groups, class_number, &match, error);
}

/* Whoever takes a document's place is kept himself. */
static ndup_status check_survivors(ndup__decision_file *decisions, const ndup__groups *groups,
                                   const ndup__table *table, ndup_error *error)
{
    for (size_t i = 0; i < decisions->count; i++) {
        uint32_t other = table->classes[decisions->decisions[i].other];
        if (groups->survivors[other] != other) {
            return ndup__section_fail(&decisions->file, "decisions", "a survivor that is dropped",
                                      error);
        }
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__decision_file_apply(ndup__decision_file *decisions, ndup__groups *groups,
                                      ndup__run *run, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < decisions->count && status == NDUP_STATUS_OK; i++) {
        status = enter(decisions, &decisions->decisions[i], groups, &run->table, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_survivors(decisions, groups, &run->table, error);
    }
    if (status == NDUP_STATUS_OK) {
        add_counts(&run->summary, decisions->counts);
    }
    return status;
}
