/* SPDX-License-Identifier: MIT */
/* Merging segments, table by table, by a tree of losers (Knuth, The Art of Computer Programming 3,
 * section 5.4.1). As their numbers ascend from segment to segment, what has one key comes out in
 * order of the segments. */
#include "store/segment.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/segment_format.h"

#define NONE UINT64_MAX
/* Entries that are read, and written, together. */
#define BLOCK_ENTRIES 1024
/* Entries between two calls of progress. */
#define TELL_ENTRIES ((uint64_t)1 << 18)

/* A table of one segment: some of its entries, and where the next ones are. */
typedef struct source {
    const ndup__segment *segment;
    const ndup__segment_table *table;
    size_t read;   /* entries of the table that were read */
    uint64_t slot; /* of the next one, or the one before it is full */
    size_t slot_end;
    size_t at, ready; /* of those below */
    uint32_t keys[BLOCK_ENTRIES];
    uint32_t numbers[BLOCK_ENTRIES];
} source;

typedef struct merge {
    const ndup_allocator *allocator;
    const ndup__segment *const *segments;
    size_t count;
    ndup__segment_merging asked;
    ndup__segment_writer *writer;
    source *sources;  /* [count] */
    uint64_t *losers; /* [leaves], from 1 on: what lost at each node of the tree */
    size_t leaves;    /* the power of two from count on */
    uint64_t done;    /* entries that were read */
    uint64_t told;
    uint64_t total;
    uint32_t keys[BLOCK_ENTRIES]; /* merged, to be written */
    uint32_t numbers[BLOCK_ENTRIES];
} merge;

static ndup_status check_fit(const ndup__segment *const *segments, size_t count, ndup_error *error)
{
    if (count == 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "no segments to merge");
    }
    for (size_t i = 1; i < count; i++) {
        const ndup__segment_facts *before = &segments[i - 1]->facts;
        const ndup__segment_facts *facts = &segments[i]->facts;
        if (facts->identity != before->identity || facts->tables != before->tables) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "%s is of another index than what it is to be merged with",
                              segments[i]->name);
        }
        if (facts->first <= before->last) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "%s begins with number %" PRIu32
                              ", the one before it ends with %" PRIu32,
                              segments[i]->name, facts->first, before->last);
        }
    }
    return NDUP_STATUS_OK;
}

static bool is_kept(const merge *run, uint32_t number)
{
    return run->asked.keep == NULL || run->asked.keep(run->asked.context, number);
}

static ndup_status tell(merge *run, ndup_error *error)
{
    if (run->asked.progress == NULL || run->done - run->told < TELL_ENTRIES) {
        return NDUP_STATUS_OK;
    }
    run->told = run->done;
    return run->asked.progress(run->asked.context, run->done, run->total)
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_CANCELLED, "cancelled");
}

/* Goes to the slot of the entry that is read next. */
static ndup_status find_slot(source *from, ndup_error *error)
{
    uint64_t slots = (uint64_t)1 << (32 - from->table->shift);
    ndup_status status = NDUP_STATUS_OK;
    while (from->slot_end <= from->read && status == NDUP_STATUS_OK) {
        size_t before = from->slot_end;
        size_t begin = before;
        const uint32_t *where = from->table->slots + ++from->slot;
        if (from->slot == slots) {
            return ndup__segment_fail(from->segment, where, "keys without a slot", error);
        }
        status = ndup__segment_read_slot(&begin, &from->slot_end, from->segment, from->table,
                                         from->slot, error);
        if (status == NDUP_STATUS_OK && begin != before) {
            status = ndup__segment_fail(from->segment, where,
                                        "a slot that does not follow the one before it", error);
        }
    }
    return status;
}

/* Reads the entries of one slot, as many as there is room for. */
static void read_slot(source *from, size_t most)
{
    const ndup__segment_table *table = from->table;
    uint32_t upper = (uint32_t)(from->slot << table->shift);
    uint32_t first = from->segment->facts.first;
    size_t end = from->slot_end < from->read + most ? from->slot_end : from->read + most;
    for (size_t i = from->read; i < end; i++, from->ready++) {
        from->keys[from->ready] = upper | ndup__segment_rest(table, i);
        from->numbers[from->ready] =
            first +
            ndup__segment_load(table->numbers + i * table->number_width, table->number_width);
    }
    from->read = end;
}

/* Reads the entries that come next. */
static ndup_status make_ready(merge *run, source *from, ndup_error *error)
{
    const ndup__segment_table *table = from->table;
    size_t left = table->count - from->read;
    size_t more = left < BLOCK_ENTRIES ? left : BLOCK_ENTRIES;
    ndup_status status = ndup__segment_touch(
        from->segment, table->keys + from->read * table->key_width, more * table->key_width, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__segment_touch(from->segment, table->numbers + from->read * table->number_width,
                                more * table->number_width, error);
    }
    from->at = from->ready = 0;
    while (from->ready < more && status == NDUP_STATUS_OK) {
        status = find_slot(from, error);
        if (status == NDUP_STATUS_OK) {
            read_slot(from, more - from->ready);
        }
    }
    run->done += more;
    return status == NDUP_STATUS_OK ? tell(run, error) : status;
}

/* The next entry of a source that is kept: its key, with the source below it so that all differ and
 * equal keys come in order of the segments. NONE at the end. */
static inline ndup_status get_head(uint64_t *head, merge *run, size_t number, ndup_error *error)
{
    source *from = &run->sources[number];
    *head = NONE;
    for (;; from->at++) {
        if (from->at == from->ready) {
            if (from->read == from->table->count) {
                return NDUP_STATUS_OK;
            }
            ndup_status status = make_ready(run, from, error);
            if (status != NDUP_STATUS_OK) {
                return status;
            }
        }
        if (is_kept(run, from->numbers[from->at])) {
            *head = (uint64_t)from->keys[from->at] << 32 | number;
            return NDUP_STATUS_OK;
        }
    }
}

/* Lets a new head play from its leaf to the root; what loses stays on the way. Without branches:
 * who wins cannot be foreseen. */
static inline uint64_t play(merge *run, size_t leaf, uint64_t head)
{
    for (size_t node = (run->leaves + leaf) / 2; node > 0; node /= 2) {
        uint64_t other = run->losers[node];
        run->losers[node] = head < other ? other : head;
        head = head < other ? head : other;
    }
    return head;
}

/* A node where nobody has played holds 0: the first head to come stays there, and 0 goes on in its
 * place. The first source plays last, so that a head of its that is 0, too, wins. Leaves without a
 * source play NONE. */
static ndup_status play_first(uint64_t *winner, merge *run, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < run->leaves; i++) {
        run->losers[i] = 0;
    }
    for (size_t i = run->leaves; i > 0 && status == NDUP_STATUS_OK; i--) {
        uint64_t head = NONE;
        if (i - 1 < run->count) {
            status = get_head(&head, run, i - 1, error);
        }
        *winner = play(run, i - 1, head);
    }
    return status;
}

static ndup_status write_merged(merge *run, ndup_error *error)
{
    uint64_t head = NONE;
    size_t used = 0;
    ndup_status status = play_first(&head, run, error);
    while (head != NONE && status == NDUP_STATUS_OK) {
        size_t number = (size_t)(head & UINT32_MAX);
        source *from = &run->sources[number];
        run->keys[used] = (uint32_t)(head >> 32);
        run->numbers[used++] = from->numbers[from->at++];
        if (used == BLOCK_ENTRIES) {
            status = ndup__segment_writer_add(run->writer, run->keys, run->numbers, used, error);
            used = 0;
        }
        if (status == NDUP_STATUS_OK) {
            status = get_head(&head, run, number, error);
        }
        head = play(run, number, head);
    }
    return status == NDUP_STATUS_OK
               ? ndup__segment_writer_add(run->writer, run->keys, run->numbers, used, error)
               : status;
}

/* In front of the first slot. */
static void begin_source(source *from, const ndup__segment *segment, uint32_t number)
{
    from->segment = segment;
    from->table = &segment->tables[number];
    from->read = from->slot_end = from->at = from->ready = 0;
    from->slot = UINT64_MAX;
}

/* How many entries of a table go on: the writer must know before the first. */
static ndup_status count_kept(size_t *kept, const merge *run, uint32_t number, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    *kept = 0;
    for (size_t i = 0; i < run->count && status == NDUP_STATUS_OK; i++) {
        const ndup__segment_table *table = &run->segments[i]->tables[number];
        if (run->asked.keep == NULL) {
            *kept += table->count;
            continue;
        }
        uint32_t width = table->number_width;
        status = ndup__segment_touch(run->segments[i], table->numbers, (size_t)table->count * width,
                                     error);
        for (size_t j = 0; j < table->count && status == NDUP_STATUS_OK; j++) {
            *kept += is_kept(run, run->segments[i]->facts.first +
                                      ndup__segment_load(table->numbers + j * width, width));
        }
    }
    return status;
}

static ndup_status merge_table(merge *run, uint32_t number, ndup_error *error)
{
    size_t kept;
    ndup_status status = count_kept(&kept, run, number, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_writer_begin_table(run->writer, kept, error);
    }
    for (size_t i = 0; i < run->count; i++) {
        begin_source(&run->sources[i], run->segments[i], number);
    }
    return status == NDUP_STATUS_OK ? write_merged(run, error) : status;
}

static ndup_status merge_all(merge *run, const char *path, ndup_error *error)
{
    ndup__segment_facts facts = run->segments[0]->facts;
    facts.last = run->segments[run->count - 1]->facts.last;
    ndup_status status =
        ndup__allocate_zeroed(run->allocator, &run->sources, run->count, sizeof(source), error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(run->allocator, &run->losers, run->leaves,
                                       sizeof *run->losers, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_writer_open(&run->writer, path, &facts, run->allocator, error);
    }
    for (uint32_t i = 0; i < facts.tables && status == NDUP_STATUS_OK; i++) {
        status = merge_table(run, i, error);
    }
    return status == NDUP_STATUS_OK ? ndup__segment_writer_commit(run->writer, error) : status;
}

ndup_status ndup__segment_merge(const char *path, const ndup__segment *const *segments,
                                size_t count, const ndup__segment_merging *merging,
                                const ndup_allocator *allocator, ndup_error *error)
{
    merge run = {.allocator = allocator, .segments = segments, .count = count, .leaves = 1};
    ndup_status status = check_fit(segments, count, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (merging != NULL) {
        run.asked = *merging;
    }
    while (run.leaves < count) {
        run.leaves *= 2;
    }
    for (size_t i = 0; i < count; i++) {
        run.total += segments[i]->facts.entries;
    }
    status = merge_all(&run, path, error);
    ndup__segment_writer_close(run.writer);
    ndup__free(allocator, &run.losers, run.leaves, sizeof *run.losers);
    ndup__free(allocator, &run.sources, count, sizeof *run.sources);
    return status;
}
