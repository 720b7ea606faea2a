/* SPDX-License-Identifier: MIT */
/* Any bytes as a segment, and a segment with any of its words changed, with or without checksums
 * that fit: nothing is read that is not there, whatever comes out.
 *
 * Input: how (1: the rest is the file; 2: make the checksums fit; 4: the first change is the
 * length), then changes: two bytes where, four bytes what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz_target.h"
#include "store/segment_format.h"
#include "support/segment_model.h"

enum { HOW_WHOLE = 1, HOW_SEALED = 2, HOW_SHORT = 4, CHANGE_BYTES = 6, KEYS = 64 };

static char path[] = "/tmp/fuzz_segment.XXXXXX";
static unsigned char *original;
static size_t original_length;

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void remove_file(void)
{
    (void)remove(path);
    free(original);
}

static void write_file(const unsigned char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    require(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

static void make_original(void)
{
    segment_model model;
    int descriptor = mkstemp(path);
    require(descriptor >= 0);
    close(descriptor);
    segment_model_init(&model, 2, 5, 300, (segment_model_kind){10, 30, 32}, 1);
    require(segment_model_write(&model, path, NULL, NULL) == NDUP_STATUS_OK);
    segment_model_deinit(&model);
    original = malloc((size_t)1 << 16);
    FILE *file = fopen(path, "rb");
    require(original != NULL && file != NULL);
    original_length = fread(original, 1, (size_t)1 << 16, file);
    fclose(file);
    atexit(remove_file);
}

/* As the writer does, for a segment with the original's places. */
static void seal(unsigned char *bytes)
{
    size_t head = (size_t)ndup__segment_head_bytes(2);
    size_t pages = (original_length - head) / NDUP__SEGMENT_PAGE;
    size_t at = head + pages * NDUP__SEGMENT_PAGE;
    uint64_t hash;
    for (size_t i = 0; i < pages; i++) {
        uint32_t checksum = ndup__segment_checksum(bytes + head + i * NDUP__SEGMENT_PAGE);
        memcpy(bytes + at + i * sizeof checksum, &checksum, sizeof checksum);
    }
    hash = ndup__hash_bytes(bytes + at, pages * sizeof(uint32_t), 0);
    memcpy(bytes + NDUP__SEGMENT_AT_HASH, &hash, sizeof hash);
    hash = ndup__hash_bytes(bytes, head - NDUP__SEGMENT_HASH_BYTES, 0);
    memcpy(bytes + head - NDUP__SEGMENT_HASH_BYTES, &hash, sizeof hash);
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
        seal(bytes);
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
        sum += range->numbers[i];
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
            const uint32_t *stored = segment->tables[table].keys;
            bool is_any = i % 4 != 0 || segment->tables[table].count == 0;
            keys[table] = is_any ? (uint32_t)(i * UINT32_MAX / (KEYS - 1))
                                 : stored[i * 5 % segment->tables[table].count];
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
    static volatile uint64_t sink;
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
