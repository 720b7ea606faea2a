/* SPDX-License-Identifier: MIT */
/* A large block is an unnamed file of its own, whose space is taken before it is mapped, so that a
 * full disk is an error and no signal. The files' pages count as memory of the program while they
 * are mapped into it. They are taken away piece by piece, in turn, and come back from the system's
 * cache, or the disk, when they are touched. */
#include "spill/budget.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/temporary_file.h"
#include "spill/governor.h"

#define FILE_NAME "a temporary file"
/* Pages taken away before the memory is looked at again. */
#define PIECE_BYTES ((size_t)8 << 20)
/* Bytes of pages that threads can touch in a millisecond. */
#define FILLED_IN_MS ((uint64_t)4 << 20)
#define PAUSE_LEAST 2
#define PAUSE_MOST 100
#define SHOWN_BYTES 100

typedef struct file_block {
    char *bytes;
    size_t length;
    int file;
} file_block;

struct ndup__budget {
    const ndup_allocator *under;
    ndup_allocator allocator;
    ndup__breath breath;
    char *folder;
    size_t folder_bytes;
    uint64_t resident_most; /* of the program */
    uint64_t resident_aim;  /* what is left when pages are taken away */
    uint64_t heap_most;     /* of heap_bytes, for large blocks */
    _Atomic uint64_t heap_bytes;
    pid_t process;
    _Atomic uint64_t file_bytes;
    pthread_mutex_t taking; /* by who takes pages */
    pthread_mutex_t lock;   /* guards what follows */
    ndup__governor *governor;
    file_block *blocks; /* [count] */
    size_t count;
    size_t capacity;
    size_t hand; /* the piece to be taken away next: a block, and a place in it */
    size_t hand_offset;
    uint64_t file_bytes_peak;
    uint64_t refused_bytes; /* 0: none, or there was room since */
    ndup_error refusal;
};

/* The thread is not there behind a fork, and may have had the lock. */
static void enter(ndup__budget *budget)
{
    if (budget->process != getpid()) {
        budget->process = getpid();
        budget->governor = NULL; /* lost: it cannot be freed without its thread */
        pthread_mutex_init(&budget->lock, NULL);
        pthread_mutex_init(&budget->taking, NULL);
    }
    pthread_mutex_lock(&budget->lock);
}

static void leave(ndup__budget *budget)
{
    pthread_mutex_unlock(&budget->lock);
}

/* Takes one piece away. Returns its bytes. */
static size_t take_piece(ndup__budget *budget)
{
    size_t taken = 0;
    enter(budget);
    if (budget->hand >= budget->count) {
        budget->hand = 0;
    }
    if (budget->count > 0) {
        const file_block *block = &budget->blocks[budget->hand];
        size_t left = block->length > budget->hand_offset ? block->length - budget->hand_offset : 0;
        taken = left < PIECE_BYTES ? left : PIECE_BYTES;
        ndup__file_let_go(block->bytes + budget->hand_offset, taken);
        budget->hand_offset += taken;
        if (taken == left) {
            budget->hand++;
            budget->hand_offset = 0;
        }
    }
    leave(budget);
    return taken;
}

/* One round takes all there is. Who comes while another one is at it waits, and finds it done. */
static uint64_t take_pages(ndup__budget *budget)
{
    pthread_mutex_lock(&budget->taking);
    uint64_t resident = ndup__memory_resident();
    uint64_t round = resident > budget->resident_most ? budget->file_bytes : 0;
    for (uint64_t taken = 0; taken < round && resident > budget->resident_aim;) {
        size_t piece = take_piece(budget);
        taken += piece > 0 ? piece : 1;
        resident = ndup__memory_resident();
    }
    pthread_mutex_unlock(&budget->taking);
    return resident;
}

static void breathe(void *context)
{
    ndup__budget *budget = context;
    if (budget->file_bytes > 0 && ndup__memory_resident() > budget->resident_most) {
        (void)take_pages(budget);
    }
}

/* The next look comes before what is left can have been filled. */
static unsigned keep_within(void *context, uint64_t resident)
{
    ndup__budget *budget = context;
    if (resident > budget->resident_most) {
        resident = take_pages(budget);
    }
    uint64_t left = resident < budget->resident_most ? budget->resident_most - resident : 0;
    uint64_t pause = left / FILLED_IN_MS;
    return (unsigned)(pause < PAUSE_LEAST ? PAUSE_LEAST : pause > PAUSE_MOST ? PAUSE_MOST : pause);
}

/* Opens what a block is made of, makes room for so many bytes and maps them. It can take long, so
 * it is done without the lock. A block that had bytes keeps them until these are known to all. */
static ndup_status map_block(const ndup__budget *budget, file_block *block, size_t bytes,
                             ndup_error *error)
{
    void *mapped = NULL;
    size_t before = block->length;
    ndup_status status = NDUP_STATUS_OK;
    if (block->file < 0) {
        status = ndup__temporary_file_open(&block->file, budget->folder, error);
    }
    if (status == NDUP_STATUS_OK && bytes > before) {
        status = ndup__file_extend(block->file, bytes, FILE_NAME, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_map(&mapped, block->file, bytes, FILE_NAME, error);
    }
    if (status == NDUP_STATUS_OK) {
        block->bytes = mapped;
        block->length = bytes;
    } else if (block->file >= 0 && bytes > before) {
        ndup__file_shorten(block->file, before); /* part of the room may have been there */
    }
    return status;
}

static file_block *find_block(ndup__budget *budget, const void *bytes)
{
    for (size_t i = 0; i < budget->count; i++) {
        if (budget->blocks[i].bytes == bytes) {
            return &budget->blocks[i];
        }
    }
    return NULL;
}

static bool is_file(ndup__budget *budget, const void *bytes)
{
    enter(budget);
    bool found = find_block(budget, bytes) != NULL;
    leave(budget);
    return found;
}

/* Counts a block that has another length. */
static void note_length(ndup__budget *budget, size_t before, size_t bytes)
{
    budget->refused_bytes = 0;
    budget->file_bytes += bytes - before;
    if (budget->file_bytes > budget->file_bytes_peak) {
        budget->file_bytes_peak = budget->file_bytes;
    }
}

static void note_refusal(ndup__budget *budget, size_t bytes, const ndup_error *cause)
{
    budget->refused_bytes = bytes;
    budget->refusal = *cause;
}

static ndup_status list_block(ndup__budget *budget, const file_block *block, ndup_error *error)
{
    ndup_status status = ndup__reserve(budget->under, &budget->blocks, &budget->capacity,
                                       budget->count + 1, sizeof *budget->blocks, error);
    if (status == NDUP_STATUS_OK && budget->governor == NULL) {
        status = ndup__governor_start(&budget->governor, keep_within, budget, budget->under, error);
    }
    if (status == NDUP_STATUS_OK) {
        budget->blocks[budget->count++] = *block;
        note_length(budget, 0, block->length);
    }
    return status;
}

static void close_block(const file_block *block)
{
    ndup__file_unmap(block->bytes, block->length);
    if (block->file >= 0) {
        ndup__file_close_quietly(block->file);
    }
}

static void *new_file(ndup__budget *budget, size_t bytes)
{
    ndup_error cause = {.status = NDUP_STATUS_OK};
    file_block block = {.file = -1};
    ndup_status status = map_block(budget, &block, bytes, &cause);
    enter(budget);
    if (status == NDUP_STATUS_OK) {
        status = list_block(budget, &block, &cause);
    }
    if (status != NDUP_STATUS_OK) {
        note_refusal(budget, bytes, &cause);
    }
    leave(budget);
    if (status != NDUP_STATUS_OK) {
        close_block(&block);
        return NULL;
    }
    return block.bytes;
}

static void *resize_file(ndup__budget *budget, void *bytes, size_t new_bytes)
{
    ndup_error cause = {.status = NDUP_STATUS_OK};
    enter(budget);
    const file_block before = *find_block(budget, bytes);
    leave(budget);
    file_block block = before;
    ndup_status status = map_block(budget, &block, new_bytes, &cause);
    enter(budget);
    if (status == NDUP_STATUS_OK) {
        *find_block(budget, bytes) = block;
        note_length(budget, before.length, new_bytes);
    } else {
        note_refusal(budget, new_bytes, &cause);
    }
    leave(budget);
    if (status != NDUP_STATUS_OK) {
        return NULL;
    }
    ndup__file_unmap(before.bytes, before.length);
    if (new_bytes < before.length) {
        ndup__file_shorten(block.file, new_bytes);
    }
    return block.bytes;
}

static void drop_file(ndup__budget *budget, void *bytes)
{
    enter(budget);
    file_block *block = find_block(budget, bytes);
    file_block dropped = *block;
    *block = budget->blocks[--budget->count];
    budget->file_bytes -= dropped.length;
    leave(budget);
    close_block(&dropped);
}

/* Heap bytes are counted as they are asked for. */
static void *resize_heap(ndup__budget *budget, void *block, size_t old_bytes, size_t new_bytes)
{
    void *resized = budget->under->resize(budget->under->context, block, old_bytes, new_bytes);
    if (resized != NULL || new_bytes == 0) {
        budget->heap_bytes += new_bytes - old_bytes;
    }
    return resized;
}

static void *move_to_file(ndup__budget *budget, void *block, size_t old_bytes, size_t new_bytes)
{
    void *moved = new_file(budget, new_bytes);
    if (moved != NULL && block != NULL) {
        ndup__breath_copy(&budget->breath, moved, block, old_bytes);
        resize_heap(budget, block, old_bytes, 0);
    }
    return moved;
}

static void *move_to_heap(ndup__budget *budget, void *block, size_t new_bytes)
{
    void *moved = resize_heap(budget, NULL, 0, new_bytes);
    if (moved != NULL) {
        memcpy(moved, block, new_bytes);
        drop_file(budget, block);
    }
    return moved;
}

static void *resize_in_file(ndup__budget *budget, void *block, size_t new_bytes)
{
    if (new_bytes == 0) {
        drop_file(budget, block);
        return NULL;
    }
    return new_bytes < NDUP__BUDGET_BLOCK ? move_to_heap(budget, block, new_bytes)
                                          : resize_file(budget, block, new_bytes);
}

static bool fits_heap(const ndup__budget *budget, size_t old_bytes, size_t new_bytes)
{
    return new_bytes < NDUP__BUDGET_BLOCK || new_bytes <= old_bytes ||
           budget->heap_bytes + (new_bytes - old_bytes) <= budget->heap_most;
}

static void *budget_resize(void *context, void *block, size_t old_bytes, size_t new_bytes)
{
    ndup__budget *budget = context;
    if (new_bytes >= NDUP__BUDGET_BLOCK) {
        breathe(budget);
    }
    old_bytes = block != NULL ? old_bytes : 0;
    if (old_bytes >= NDUP__BUDGET_BLOCK && is_file(budget, block)) {
        return resize_in_file(budget, block, new_bytes);
    }
    return fits_heap(budget, old_bytes, new_bytes)
               ? resize_heap(budget, block, old_bytes, new_bytes)
               : move_to_file(budget, block, old_bytes, new_bytes);
}

ndup_status ndup__budget_new(ndup__budget **out, uint64_t memory, const char *folder,
                             const ndup_allocator *allocator, ndup_error *error)
{
    ndup__budget *budget;
    allocator = ndup__allocator(allocator);
    ndup_status status = ndup__allocate_zeroed(allocator, &budget, 1, sizeof *budget, error);
    *out = NULL;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    folder = ndup__file_temporary_folder(folder);
    budget->folder_bytes = strlen(folder) + 1;
    status = ndup__resize(allocator, &budget->folder, 0, budget->folder_bytes, 1, error);
    if (status != NDUP_STATUS_OK) {
        ndup__free(allocator, &budget, 1, sizeof *budget);
        return status;
    }
    memcpy(budget->folder, folder, budget->folder_bytes);
    uint64_t before = ndup__memory_resident();
    budget->under = allocator;
    budget->allocator = (ndup_allocator){budget, budget_resize};
    budget->breath = (ndup__breath){breathe, budget};
    uint64_t most = memory < UINT64_MAX - before ? before + memory : UINT64_MAX;
    budget->resident_most = most - memory / 8;
    budget->resident_aim = most - memory / 8 * 3;
    budget->heap_most = memory / 2;
    budget->process = getpid();
    pthread_mutex_init(&budget->lock, NULL);
    pthread_mutex_init(&budget->taking, NULL);
    *out = budget;
    return NDUP_STATUS_OK;
}

void ndup__budget_free(ndup__budget *budget)
{
    if (budget == NULL) {
        return;
    }
    const ndup_allocator *under = budget->under;
    if (budget->process == getpid()) {
        ndup__governor_stop(budget->governor);
    }
    pthread_mutex_destroy(&budget->taking);
    pthread_mutex_destroy(&budget->lock);
    ndup__free(under, &budget->blocks, budget->capacity, sizeof *budget->blocks);
    ndup__free(under, &budget->folder, budget->folder_bytes, 1);
    ndup__free(under, &budget, 1, sizeof *budget);
}

const ndup_allocator *ndup__budget_allocator(const ndup__budget *budget)
{
    return &budget->allocator;
}

const ndup__breath *ndup__budget_breath(const ndup__budget *budget)
{
    return budget != NULL ? &budget->breath : NULL;
}

uint64_t ndup__budget_file_bytes(ndup__budget *budget)
{
    enter(budget);
    uint64_t peak = budget->file_bytes_peak;
    leave(budget);
    return peak;
}

ndup_status ndup__budget_explain(ndup__budget *budget, ndup_status status, ndup_error *error)
{
    if (status != NDUP_STATUS_MEMORY || budget == NULL) {
        return status;
    }
    enter(budget);
    uint64_t bytes = budget->refused_bytes;
    ndup_error cause = budget->refusal;
    leave(budget);
    if (bytes == 0) {
        return status;
    }
    if (cause.system_errno != ENOSPC && cause.system_errno != EDQUOT &&
        cause.system_errno != EFBIG) {
        return ndup__fail_as(error, &cause);
    }
    char shown[SHOWN_BYTES];
    return ndup__fail_errno(error, NDUP_STATUS_IO, cause.system_errno,
                            "no space for %llu bytes in %s: --temp-dir names a roomier folder",
                            (unsigned long long)bytes,
                            ndup__shorten_path(shown, sizeof shown, budget->folder));
}
