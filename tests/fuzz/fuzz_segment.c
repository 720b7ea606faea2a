/* SPDX-License-Identifier: MIT */
/* Any bytes as a segment, and a segment with any of its words changed, with or without checksums
 * that fit: nothing is read that is not there, whatever comes out.
 *
 * Input: how (1: the rest is the file; 2: make the checksums fit; 4: the first change is the
 * length), then changes: two bytes where, four bytes what. */
#define _GNU_SOURCE /* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz_target.h"
#include "store/segment_format.h"
#include "support/segment_model.h"
#include "support/temp_dir.h"

enum { HOW_WHOLE = 1, HOW_SEALED = 2, HOW_SHORT = 4, CHANGE_BYTES = 6, KEYS = 64 };

static char path[64]; /* of the file that is changed and opened again and again */
static int file = -1;
static unsigned char *original;
static size_t original_length;
static volatile uint64_t sink; /* keeps reads from being optimised away */

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* In memory where the system has such files: some disks make truncating slow. */
static void make_file(void)
{
#ifdef MFD_CLOEXEC
    file = memfd_create("fuzz_segment", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
#else
    snprintf(path, sizeof path, "/tmp/fuzz_segment.XXXXXX");
    file = mkstemp(path);
#endif
    require(file >= 0);
}

static void clean_up(void)
{
    close(file);
    (void)remove(path);
    free(original);
}

static void write_file(const unsigned char *bytes, size_t length)
{
    require(ftruncate(file, 0) == 0);
    require(pwrite(file, bytes, length, 0) == (ssize_t)length);
}

/* The writer gives files their names, so the original is made beside. */
static void make_original(void)
{
    temp_dir folder;
    segment_model model;
    char made[300];
    temp_dir_init(&folder);
    temp_dir_path(&folder, "segment", made, sizeof made);
    segment_model_init(&model, 2, 5, 300, (segment_model_kind){10, 30, 32}, 1);
    require(segment_model_write(&model, made, NULL, NULL) == NDUP_STATUS_OK);
    segment_model_deinit(&model);
    original = (unsigned char *)temp_dir_read(&folder, "segment", &original_length);
    temp_dir_deinit(&folder);
    make_file();
    atexit(clean_up);
}

static void write_changed(const uint8_t *changes, size_t size, unsigned how)
{
    size_t length = original_length;
    unsigned char *bytes = malloc(length + sizeof(uint32_t));
    require(bytes != NULL);
    memcpy(bytes, original, length);
    for (; size >= CHANGE_BYTES; changes += CHANGE_BYTES, size -= CHANGE_BYTES) {
        size_t where = (changes[0] | (size_t)changes[1] << 8) % (original_length + 1);
        if ((how & HOW_SHORT) != 0 && length == original_length) {
            length = where;
        } else {
            memcpy(bytes + where, changes + 2, sizeof(uint32_t));
        }
    }
    if ((how & HOW_SEALED) != 0) {
        segment_model_seal(bytes, original_length, 2);
    }
    write_file(bytes, length);
    free(bytes);
}

/* Everything that a range offers is read. */
static uint64_t read_range(const ndup__segment *segment, ndup__segment_range *range)
{
    uint64_t sum = 0;
    if (ndup__segment_read_more(range, segment, SIZE_MAX, NULL) == NDUP_STATUS_OK) {
        require(range->count == range->total);
    }
    for (size_t i = 0; i < range->count; i++) {
        sum += ndup__segment_number(range, i);
    }
    return sum;
}

static uint64_t find_some(const ndup__segment *segment)
{
    uint32_t tables = ndup__segment_get_facts(segment)->tables;
    ndup__segment_range *ranges = calloc(tables, sizeof *ranges);
    uint32_t *keys = calloc(tables, sizeof *keys);
    uint64_t sum = 0;
    require(ranges != NULL && keys != NULL);
    for (size_t i = 0; i < KEYS; i++) {
        for (uint32_t table = 0; table < tables; table++) {
            const ndup__segment_table *stored = &segment->tables[table];
            bool is_any = i % 4 != 0 || stored->count == 0;
            uint32_t key = (uint32_t)(i * UINT32_MAX / (KEYS - 1));
            keys[table] = is_any ? key
                                 : (uint32_t)(ndup__segment_slot_of(stored, key) << stored->shift) |
                                       ndup__segment_rest(stored, i * 5 % stored->count);
        }
        ndup_status status = ndup__segment_find_all(ranges, segment, keys, i, NULL);
        for (uint32_t table = 0; status == NDUP_STATUS_OK && table < tables; table++) {
            sum += read_range(segment, &ranges[table]);
        }
    }
    free(ranges);
    free(keys);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ndup__segment *segment;
    if (original == NULL) {
        make_original();
    }
    if (size == 0) {
        return 0;
    }
    if ((data[0] & HOW_WHOLE) != 0) {
        write_file(data + 1, size - 1);
    } else {
        write_changed(data + 1, size - 1, data[0]);
    }
    if (ndup__segment_open(&segment, path, SEGMENT_MODEL_IDENTITY, NULL, NULL) == NDUP_STATUS_OK) {
        sink += find_some(segment);
        sink += ndup__segment_verify(segment, NULL, NULL, NULL) == NDUP_STATUS_OK;
        ndup__segment_close(segment);
    }
    return 0;
}
