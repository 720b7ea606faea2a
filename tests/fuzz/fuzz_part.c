/* SPDX-License-Identifier: MIT */
/* Any bytes as a part, and a part with any of its words changed, with or without checksums that
 * fit: it is refused, or its documents can be appended to a table.
 *
 * Input: how (1: the rest is the file; 2: make the checksums fit; 4: the first change is the
 * length), then changes: two bytes where, four bytes what. */
#define _GNU_SOURCE /* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"
#include "fuzz/fuzz_target.h"
#include "neardup/stages.h"
#include "stages/part_file.h"
#include "support/corpus_make.h"
#include "support/temp_dir.h"

enum { HOW_WHOLE = 1, HOW_SEALED = 2, HOW_SHORT = 4, CHANGE_BYTES = 6, DOCUMENTS = 12 };
/* Where the header and the list of sections have what has to be made to fit (FORMAT.md). */
enum { AT_LIST = 24, AT_COUNT = 32, AT_LIST_HASH = 40, AT_HEADER_HASH = 56, ENTRY = 40 };

static char path[64]; /* of the file that is changed and opened again and again */
static int file = -1;
static unsigned char *original;
static size_t original_length;

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void make_file(void)
{
#ifdef MFD_CLOEXEC
    file = memfd_create("fuzz_part", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
#else
    snprintf(path, sizeof path, "/tmp/fuzz_part.XXXXXX");
    file = mkstemp(path);
#endif
    require(file >= 0);
}

static void clean_up(void)
{
    close(file);
    free(original);
}

static void sketch(const char *input, const char *part)
{
    ndup_dedup_options options;
    ndup_corpus *corpus;
    require(ndup_dedup_options_init(&options, NULL, NULL) == NDUP_STATUS_OK);
    options.threads = 1;
    options.titles = true;
    options.keep = "field:score:asc,field:id:desc";
    require(ndup_corpus_open(&corpus, &input, 1, NULL, NULL, NULL) == NDUP_STATUS_OK);
    require(ndup_sketch_part(part, corpus, &options, (ndup_shard){0}, NULL, NULL, NULL) ==
            NDUP_STATUS_OK);
    ndup_corpus_close(corpus);
}

static void make_original(void)
{
    temp_dir folder;
    test_random random;
    char input[300];
    char part[300];
    temp_dir_init(&folder);
    test_random_init(&random, 1);
    made_corpus made = made_corpus_mixed(&random, DOCUMENTS, 5);
    made.as_records = true;
    made_corpus_write_jsonl(&made, &folder, "in.jsonl");
    made_corpus_deinit(&made);
    sketch(temp_dir_path(&folder, "in.jsonl", input, sizeof input),
           temp_dir_path(&folder, "part", part, sizeof part));
    original = (unsigned char *)temp_dir_read(&folder, "part", &original_length);
    temp_dir_deinit(&folder);
    make_file();
    atexit(clean_up);
}

static uint64_t checksum(const unsigned char *bytes, size_t length)
{
    return ndup__hash_bytes128(bytes, length, 0).low;
}

/* Makes checksums fit, as far as the lists say what of. */
static void seal(unsigned char *bytes, size_t length)
{
    uint64_t list = ndup__load_bytes(bytes + AT_LIST);
    uint64_t count = ndup__load_bytes(bytes + AT_COUNT);
    if (count > 64 || list > length || length - list < count * ENTRY) {
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        unsigned char *entry = bytes + list + i * ENTRY;
        uint64_t offset = ndup__load_bytes(entry + 16);
        uint64_t size = ndup__load_bytes(entry + 24);
        if (offset <= length && size <= length - offset) {
            ndup__store_bytes(entry + 32, checksum(bytes + offset, (size_t)size));
        }
    }
    ndup__store_bytes(bytes + AT_LIST_HASH, checksum(bytes + list, (size_t)(count * ENTRY)));
    ndup__store_bytes(bytes + AT_HEADER_HASH, checksum(bytes, AT_HEADER_HASH));
}

static void write_file(const unsigned char *bytes, size_t length)
{
    require(ftruncate(file, 0) == 0);
    require(pwrite(file, bytes, length, 0) == (ssize_t)length);
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
    if ((how & HOW_SEALED) != 0 && length == original_length) {
        seal(bytes, length);
    }
    write_file(bytes, length);
    free(bytes);
}

/* What can be opened can be appended. */
static void append_all(const ndup__part *part)
{
    const ndup__keep_policy policy = {.count = (unsigned)part->counts.keep_values,
                                      .input_order = part->counts.keep_values == 0};
    const ndup__part_choice choice = {.first_number = 0};
    ndup__part_walk walk = {0};
    ndup__known_file known;
    ndup__table table;
    ndup__table_init(&table, &policy, (size_t)part->counts.row_bytes, NULL);
    table.keeps_titles = part->counts.has_titles != 0;
    require(ndup__part_append(&table, part, &choice, NULL) == NDUP_STATUS_OK);
    require(table.count == part->counts.documents);
    while (ndup__part_next_file(&known, &walk, part)) {
        require(strlen(known.path) + strlen(known.format) <= part->file_name_bytes);
    }
    ndup__table_deinit(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ndup__part part;
    if (file < 0) {
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
    if (ndup__part_open(&part, path, NULL, NULL) == NDUP_STATUS_OK) {
        append_all(&part);
    }
    ndup__part_close(&part);
    return 0;
}
