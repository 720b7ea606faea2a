/* SPDX-License-Identifier: MIT */
/* The file: a head, then records, each with a checksum over itself and its place:
 *     record head | ranks, 4 bytes each | kinds, 1 byte each, filled up to 8 | matches
 * Numbers are stored as this machine has them: who reads has the same, or other checksums. */
#include "dedup/journal.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"

static const char magic[8] = "NDUPJRN1";

/* Seconds between two records, and between two waits for the disk. */
#define SECONDS_WRITTEN 1.0
#define SECONDS_SYNCED 5.0
/* Decisions that are not held back longer. */
#define COUNT_HELD ((size_t)1 << 18)

typedef struct journal_head {
    char magic[8];
    uint64_t identity;
    uint64_t class_count;
    uint64_t checksum;
} journal_head;

typedef struct record_head {
    uint64_t checksum; /* of all behind it */
    uint64_t count;
    uint64_t match_count;
    uint64_t rank_end;
    ndup__judge_counts counts;
} record_head;

static uint64_t padded(uint64_t bytes)
{
    return (bytes + 7) / 8 * 8;
}

static journal_head head_of(uint64_t identity, uint64_t class_count)
{
    journal_head head = {.identity = identity, .class_count = class_count};
    memcpy(head.magic, magic, sizeof magic);
    head.checksum = ndup__hash_bytes(&head, offsetof(journal_head, checksum), 0);
    return head;
}

/* Whether the file begins with the head of a journal. */
static ndup_status read_head(bool *is_one, journal_head *head, int descriptor, const char *path,
                             ndup_error *error)
{
    size_t got = 0;
    ndup_status status = ndup__file_read_at(descriptor, head, sizeof *head, 0, &got, path, error);
    *is_one = status == NDUP_STATUS_OK && got == sizeof *head &&
              memcmp(head->magic, magic, sizeof magic) == 0 &&
              head->checksum == ndup__hash_bytes(head, offsetof(journal_head, checksum), 0);
    return status;
}

static ndup_status begin_anew(ndup__journal *journal, ndup_error *error)
{
    journal_head head = head_of(journal->identity, journal->class_count);
    ndup__file_shorten(journal->descriptor, 0);
    return ndup__file_write_at(journal->descriptor, &head, sizeof head, 0, journal->path, error);
}

ndup_status ndup__journal_open(ndup__journal *journal, const char *path, uint64_t identity,
                               uint64_t class_count, const ndup_allocator *allocator,
                               ndup_error *error)
{
    journal_head head;
    bool is_one;
    *journal = (ndup__journal){.allocator = allocator,
                               .path = path,
                               .identity = identity,
                               .class_count = class_count,
                               .end = sizeof head};
    ndup_status status = ndup__file_open_kept(&journal->descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        journal->path = NULL;
        return status;
    }
    journal->written = journal->synced = ndup__clock_seconds();
    status = read_head(&is_one, &head, journal->descriptor, path, error);
    bool is_ours = is_one && head.identity == identity && head.class_count == class_count;
    return status == NDUP_STATUS_OK && !is_ours ? begin_anew(journal, error) : status;
}

void ndup__journal_close(ndup__journal *journal)
{
    const ndup_allocator *allocator = journal->allocator;
    if (journal->path != NULL) {
        ndup__file_close_quietly(journal->descriptor);
    }
    ndup__free(allocator, &journal->ranks, journal->rank_capacity, sizeof *journal->ranks);
    ndup__free(allocator, &journal->kinds, journal->kind_capacity, sizeof *journal->kinds);
    ndup__free(allocator, &journal->matches, journal->match_capacity, sizeof *journal->matches);
    *journal = (ndup__journal){.path = NULL};
}

static ndup_status reserve(ndup__journal *journal, uint64_t count, uint64_t match_count,
                           ndup_error *error)
{
    const ndup_allocator *allocator = journal->allocator;
    ndup_status status = ndup__reserve(allocator, &journal->ranks, &journal->rank_capacity,
                                       (size_t)count, sizeof *journal->ranks, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &journal->kinds, &journal->kind_capacity,
                               (size_t)padded(count), sizeof *journal->kinds, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__reserve(allocator, &journal->matches, &journal->match_capacity,
                               (size_t)match_count, sizeof *journal->matches, error)
               : status;
}

static uint64_t checksum_of(const ndup__journal *journal, const record_head *head, uint64_t place)
{
    ndup__hash_stream hash;
    const uint64_t where[2] = {journal->identity, place};
    ndup__hash_stream_begin(&hash);
    ndup__hash_stream_add(&hash, where, sizeof where);
    ndup__hash_stream_add(&hash, &head->count, sizeof *head - offsetof(record_head, count));
    ndup__hash_stream_add(&hash, journal->ranks, head->count * sizeof *journal->ranks);
    ndup__hash_stream_add(&hash, journal->kinds, padded(head->count));
    ndup__hash_stream_add(&hash, journal->matches, head->match_count * sizeof *journal->matches);
    return ndup__hash_stream_end(&hash).low;
}

/* Reads `length` bytes; *is_whole becomes false where there are fewer. */
static ndup_status read_bytes(bool *is_whole, void *bytes, size_t length, uint64_t *at,
                              const ndup__journal *journal, ndup_error *error)
{
    size_t got = 0;
    if (!*is_whole || length == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__file_read_at(journal->descriptor, bytes, length, *at, &got, journal->path, error);
    *is_whole = got == length;
    *at += length;
    return status;
}

static bool is_possible(const ndup__journal *journal, const record_head *head)
{
    return head->count <= journal->class_count && head->match_count <= head->count &&
           head->rank_end <= journal->class_count && head->rank_end >= journal->rank_end;
}

/* Reads the record at the end of what was read; *is_whole: there is one. */
static ndup_status read_record(ndup__journal *journal, record_head *head, bool *is_whole,
                               uint64_t *at, ndup_error *error)
{
    *is_whole = true;
    ndup_status status = read_bytes(is_whole, head, sizeof *head, at, journal, error);
    *is_whole = *is_whole && is_possible(journal, head);
    if (status == NDUP_STATUS_OK && *is_whole) {
        status = reserve(journal, head->count, head->match_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_bytes(is_whole, journal->ranks, head->count * sizeof *journal->ranks, at,
                            journal, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_bytes(is_whole, journal->kinds, padded(head->count), at, journal, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_bytes(is_whole, journal->matches,
                            head->match_count * sizeof *journal->matches, at, journal, error);
    }
    *is_whole = *is_whole && status == NDUP_STATUS_OK &&
                head->checksum == checksum_of(journal, head, journal->end);
    return status;
}

/* Whether the decisions follow each other as they were added. */
static bool is_in_order(const ndup__journal *journal, const record_head *head)
{
    uint64_t least = journal->rank_end;
    uint64_t matches = 0;
    for (size_t i = 0; i < head->count; i++) {
        if (journal->ranks[i] < least || journal->ranks[i] >= head->rank_end ||
            journal->kinds[i] > NDUP__JUDGED_DROPPED) {
            return false;
        }
        least = (uint64_t)journal->ranks[i] + 1;
        if (journal->kinds[i] != NDUP__JUDGED_KEPT &&
            (matches >= head->match_count ||
             journal->matches[matches++].other >= journal->ranks[i])) {
            return false;
        }
    }
    return matches == head->match_count;
}

ndup_status ndup__journal_read(ndup__journal *journal, bool *more, ndup_error *error)
{
    record_head head;
    uint64_t at = journal->end;
    journal->count = journal->match_count = 0;
    ndup_status status = read_record(journal, &head, more, &at, error);
    *more = *more && is_in_order(journal, &head);
    if (status == NDUP_STATUS_OK && *more) {
        journal->end = at;
        journal->count = (size_t)head.count;
        journal->match_count = (size_t)head.match_count;
        journal->rank_end = head.rank_end;
        journal->counts = head.counts;
    } else if (status == NDUP_STATUS_OK) {
        ndup__file_shorten(journal->descriptor, journal->end);
    }
    return status;
}

ndup__judgement ndup__journal_get(const ndup__journal *journal, size_t i, size_t *match_at)
{
    ndup__judgement decision = {.rank = journal->ranks[i],
                                .kind = (ndup__judgement_kind)journal->kinds[i]};
    if (decision.kind != NDUP__JUDGED_KEPT) {
        const ndup__stored_match *stored = &journal->matches[(*match_at)++];
        decision.other = stored->other;
        decision.match = (ndup__match){.similarity = stored->similarity,
                                       .containment = stored->containment,
                                       .other_containment = stored->other_containment,
                                       .span_tokens = stored->span_tokens,
                                       .span_offset = stored->span_offset,
                                       .span_bytes = stored->span_bytes,
                                       .is_form = stored->is_form != 0};
    }
    return decision;
}

ndup_status ndup__journal_add(ndup__journal *journal, const ndup__judgement *decision,
                              ndup_error *error)
{
    bool has_match = decision->kind != NDUP__JUDGED_KEPT;
    const ndup__match *match = &decision->match;
    ndup_status status =
        reserve(journal, journal->count + 1, journal->match_count + has_match, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    journal->ranks[journal->count] = decision->rank;
    journal->kinds[journal->count++] = (uint8_t)decision->kind;
    if (has_match) {
        journal->matches[journal->match_count++] =
            (ndup__stored_match){.similarity = match->similarity,
                                 .containment = match->containment,
                                 .other_containment = match->other_containment,
                                 .other = decision->other,
                                 .span_tokens = match->span_tokens,
                                 .span_offset = match->span_offset,
                                 .span_bytes = match->span_bytes,
                                 .is_form = match->is_form};
    }
    return NDUP_STATUS_OK;
}

/* Writes at the end of the file, which moves. */
static ndup_status append(ndup__journal *journal, uint64_t *at, const void *bytes, size_t length,
                          ndup_error *error)
{
    ndup_status status = length == 0 ? NDUP_STATUS_OK
                                     : ndup__file_write_at(journal->descriptor, bytes, length, *at,
                                                           journal->path, error);
    *at += length;
    return status;
}

static ndup_status write_record(ndup__journal *journal, ndup_error *error)
{
    record_head head = {.count = journal->count,
                        .match_count = journal->match_count,
                        .rank_end = journal->rank_end,
                        .counts = journal->counts};
    uint64_t at = journal->end;
    uint64_t filled = padded(head.count);
    if (filled > head.count) {
        memset(journal->kinds + head.count, 0, filled - head.count);
    }
    head.checksum = checksum_of(journal, &head, journal->end);
    ndup_status status = append(journal, &at, &head, sizeof head, error);
    if (status == NDUP_STATUS_OK) {
        status = append(journal, &at, journal->ranks, head.count * sizeof *journal->ranks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = append(journal, &at, journal->kinds, filled, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = append(journal, &at, journal->matches, head.match_count * sizeof *journal->matches,
                        error);
    }
    journal->end = status == NDUP_STATUS_OK ? at : journal->end;
    journal->count = journal->match_count = 0;
    return status;
}

ndup_status ndup__journal_reach(ndup__journal *journal, uint64_t rank,
                                const ndup__judge_counts *counts, ndup_error *error)
{
    double now = ndup__clock_seconds();
    bool is_last = rank == journal->class_count;
    journal->rank_end = rank;
    journal->counts = *counts;
    ndup_status status = NDUP_STATUS_OK;
    if (is_last || now - journal->written >= SECONDS_WRITTEN || journal->count >= COUNT_HELD) {
        status = write_record(journal, error);
        journal->written = now;
    }
    if (status == NDUP_STATUS_OK && (is_last || now - journal->synced >= SECONDS_SYNCED)) {
        status = ndup__file_sync(journal->descriptor, journal->path, error);
        journal->synced = ndup__clock_seconds();
    }
    return status;
}

/* Goes over the heads alone. */
uint64_t ndup__journal_reached(uint64_t *class_count, const char *path, uint64_t identity)
{
    journal_head head = {.class_count = 0};
    ndup__journal journal = {.path = path, .end = sizeof head};
    record_head record;
    bool is_one = false;
    *class_count = 0;
    if (ndup__file_open_read(&journal.descriptor, path, NULL) != NDUP_STATUS_OK) {
        return 0;
    }
    if (read_head(&is_one, &head, journal.descriptor, path, NULL) == NDUP_STATUS_OK && is_one &&
        head.identity == identity) {
        journal.class_count = *class_count = head.class_count;
    }
    while (is_one &&
           read_bytes(&is_one, &record, sizeof record, &journal.end, &journal, NULL) ==
               NDUP_STATUS_OK &&
           is_one && is_possible(&journal, &record)) {
        journal.end += record.count * sizeof *journal.ranks + padded(record.count) +
                       record.match_count * sizeof *journal.matches;
        journal.rank_end = record.rank_end;
    }
    ndup__file_close_quietly(journal.descriptor);
    return journal.rank_end;
}
