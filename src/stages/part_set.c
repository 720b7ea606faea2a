/* SPDX-License-Identifier: MIT */
/* Whatever order parts are named in, their keys order them; files that several parts are of are
 * one. */
#include "stages/part_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "stages/run_settings.h"

/* What a part is ordered by. */
typedef struct part_key {
    uint64_t shard;
    const char *path; /* of the first file, "" without one */
    uint64_t place;
    size_t part;
} part_key;

/* A file of a part. */
typedef struct part_file {
    uint64_t hash; /* of its path and its id */
    uint64_t number;
    const char *path;
    const char *id;
} part_file;

static part_key key_of(const ndup__part *part, size_t number)
{
    const ndup__part_counts *counts = &part->counts;
    return (part_key){.shard = counts->shard,
                      .path = counts->files > 0 ? part->file_names : "",
                      .place = counts->documents > 0 ? part->places[0] : 0,
                      .part = number};
}

static int compare_keys(const part_key *a, const part_key *b)
{
    int difference = (a->shard > b->shard) - (a->shard < b->shard);
    difference = difference != 0 ? difference : strcmp(a->path, b->path);
    return difference != 0 ? difference : (a->place > b->place) - (a->place < b->place);
}

static int by_key(const void *left, const void *right)
{
    const part_key *a = left;
    const part_key *b = right;
    int difference = compare_keys(a, b);
    return difference != 0 ? difference : (a->part > b->part) - (a->part < b->part);
}

static ndup_status open_parts(ndup__part_set *set, const char *const *paths, size_t count,
                              ndup_error *error)
{
    ndup_status status =
        ndup__allocate_zeroed(set->allocator, &set->parts, count, sizeof *set->parts, error);
    set->count = status == NDUP_STATUS_OK ? count : 0;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = ndup__part_open(&set->parts[i], paths[i], set->allocator, error);
    }
    return status;
}

static ndup_status refuse_repeats(const ndup__part_set *set, const part_key *keys,
                                  ndup_error *error)
{
    for (size_t i = 1; i < set->count; i++) {
        const ndup__part *part = &set->parts[keys[i].part];
        const ndup__part *before = &set->parts[keys[i - 1].part];
        if (part->counts.documents > 0 && before->counts.documents > 0 &&
            compare_keys(&keys[i - 1], &keys[i]) == 0) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "%s and %s are the same part of the same inputs", before->file.shown,
                              part->file.shown);
        }
    }
    return NDUP_STATUS_OK;
}

/* Puts the parts into the order of their keys. */
static ndup_status sort_parts(ndup__part_set *set, ndup_error *error)
{
    part_key *keys = NULL;
    ndup__part *sorted = NULL;
    ndup_status status = ndup__resize(set->allocator, &keys, 0, set->count, sizeof *keys, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(set->allocator, &sorted, 0, set->count, sizeof *sorted, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < set->count; i++) {
            keys[i] = key_of(&set->parts[i], i);
        }
        qsort(keys, set->count, sizeof *keys, by_key);
        status = refuse_repeats(set, keys, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < set->count; i++) {
            sorted[i] = set->parts[keys[i].part];
        }
        memcpy(set->parts, sorted, set->count * sizeof *sorted);
    }
    ndup__free(set->allocator, &sorted, set->count, sizeof *sorted);
    ndup__free(set->allocator, &keys, set->count, sizeof *keys);
    return status;
}

/* How many parts are this shard of so many. */
static size_t count_shard(const ndup__part_set *set, uint64_t shard, uint64_t shards)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        count += set->parts[i].counts.shard == shard && set->parts[i].counts.shards == shards;
    }
    return count;
}

/* Each shard of so many must be there as often as the first; parts of one shard follow each other.
 */
static ndup_status check_shards(const ndup__part_set *set, ndup_error *error)
{
    for (size_t i = 0; i < set->count; i++) {
        const ndup__part_counts *counts = &set->parts[i].counts;
        uint64_t missing = counts->shard > 0 ? counts->shard - 1 : counts->shards - 1;
        if (counts->shards > 1 && count_shard(set, missing, counts->shards) !=
                                      count_shard(set, counts->shard, counts->shards)) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "%s is shard %llu of %llu, but shard %llu is not there",
                              set->parts[i].file.shown, (unsigned long long)counts->shard + 1,
                              (unsigned long long)counts->shards, (unsigned long long)missing + 1);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status read_options(ndup__part_set *set, ndup_error *error)
{
    const ndup__part *first = &set->parts[0];
    ndup_status status = ndup_dedup_options_init(&set->options, NULL, error);
    set->corpus_options = (ndup_corpus_options)NDUP_CORPUS_OPTIONS_INIT;
    for (size_t i = 1; i < set->count && status == NDUP_STATUS_OK; i++) {
        const ndup__part *part = &set->parts[i];
        status = ndup__run_settings_compare(first->settings, first->path, part->settings,
                                            part->path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__run_settings_read(&set->options, &set->corpus_options, &set->strings,
                                         first->settings, first->path, error);
    }
    set->options.allocator = set->corpus_options.allocator = set->allocator;
    return status;
}

static ndup_status number_documents(ndup__part_set *set, ndup_error *error)
{
    ndup__hash_stream hash;
    ndup_status status = ndup__allocate_zeroed(set->allocator, &set->first_numbers, set->count + 1,
                                               sizeof *set->first_numbers, error);
    ndup__hash_stream_begin(&hash);
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        const ndup__part *part = &set->parts[i];
        set->first_numbers[i + 1] = set->first_numbers[i] + part->counts.documents;
        set->skipped += part->counts.skipped;
        set->repaired += part->counts.repaired;
        ndup__hash_stream_add(&hash, &part->file.identity, sizeof part->file.identity);
    }
    set->identity = ndup__hash_stream_end(&hash).low;
    return status;
}

static int by_file(const void *left, const void *right)
{
    const part_file *a = left;
    const part_file *b = right;
    int difference = (a->hash > b->hash) - (a->hash < b->hash);
    return difference != 0 ? difference : (a->number > b->number) - (a->number < b->number);
}

static bool is_same_file(const part_file *a, const part_file *b)
{
    return a->hash == b->hash && strcmp(a->path, b->path) == 0 && strcmp(a->id, b->id) == 0;
}

static uint64_t count_files(const ndup__part_set *set)
{
    uint64_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        count += set->parts[i].counts.files;
    }
    return count;
}

static void list_files(part_file *files, const ndup__part_set *set)
{
    uint64_t number = 0;
    for (size_t i = 0; i < set->count; i++) {
        ndup__part_walk walk = {0};
        ndup__known_file known;
        while (ndup__part_next_file(&known, &walk, &set->parts[i])) {
            uint64_t path_hash = ndup__hash_bytes(known.path, strlen(known.path), 0);
            files[number] = (part_file){
                .hash = ndup__hash_bytes(known.id, strlen(known.id), path_hash),
                .number = number,
                .path = known.path,
                .id = known.id,
            };
            number++;
        }
    }
}

/* firsts[i]: the first file that file i is. */
static void find_firsts(uint64_t *firsts, part_file *files, uint64_t count)
{
    qsort(files, (size_t)count, sizeof *files, by_file);
    for (uint64_t i = 0; i < count; i++) {
        bool is_first = i == 0 || !is_same_file(&files[i - 1], &files[i]);
        firsts[files[i].number] = is_first ? files[i].number : firsts[files[i - 1].number];
    }
}

static ndup_status take_file_numbers(ndup__part_set *set, const uint64_t *firsts, uint32_t *numbers,
                                     ndup_error *error)
{
    uint64_t number = 0;
    ndup_status status = ndup__allocate_zeroed(set->allocator, &set->file_numbers, set->count,
                                               sizeof *set->file_numbers, error);
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        size_t files = (size_t)set->parts[i].counts.files;
        status = ndup__resize(set->allocator, &set->file_numbers[i], 0, files,
                              sizeof *set->file_numbers[i], error);
        for (size_t k = 0; k < files && status == NDUP_STATUS_OK; k++, number++) {
            bool is_first = firsts[number] == number;
            numbers[number] = is_first ? (uint32_t)set->files : numbers[firsts[number]];
            set->files += is_first;
            set->file_numbers[i][k] = numbers[number];
        }
    }
    return status;
}

static ndup_status number_files(ndup__part_set *set, ndup_error *error)
{
    size_t count = (size_t)count_files(set);
    part_file *files = NULL;
    uint64_t *firsts = NULL;
    uint32_t *numbers = NULL;
    ndup_status status = ndup__resize(set->allocator, &files, 0, count, sizeof *files, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(set->allocator, &firsts, 0, count, sizeof *firsts, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(set->allocator, &numbers, 0, count, sizeof *numbers, error);
    }
    if (status == NDUP_STATUS_OK) {
        list_files(files, set);
        find_firsts(firsts, files, count);
        status = take_file_numbers(set, firsts, numbers, error);
    }
    ndup__free(set->allocator, &numbers, count, sizeof *numbers);
    ndup__free(set->allocator, &firsts, count, sizeof *firsts);
    ndup__free(set->allocator, &files, count, sizeof *files);
    return status;
}

ndup_status ndup__part_set_open(ndup__part_set *set, const char *const *paths, size_t count,
                                const ndup_allocator *allocator, ndup_error *error)
{
    *set = (ndup__part_set){.allocator = allocator, .strings = {.allocator = allocator}};
    ndup_status status = count > 0 ? open_parts(set, paths, count, error)
                                   : ndup__fail(error, NDUP_STATUS_INVALID, "no parts");
    if (status == NDUP_STATUS_OK) {
        status = read_options(set, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = sort_parts(set, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_shards(set, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = number_documents(set, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = number_files(set, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__part_set_close(set);
    }
    return status;
}

void ndup__part_set_close(ndup__part_set *set)
{
    for (size_t i = 0; set->file_numbers != NULL && i < set->count; i++) {
        ndup__free(set->allocator, &set->file_numbers[i], (size_t)set->parts[i].counts.files,
                   sizeof *set->file_numbers[i]);
    }
    ndup__free(set->allocator, &set->file_numbers, set->count, sizeof *set->file_numbers);
    for (size_t i = 0; i < set->count; i++) {
        ndup__part_close(&set->parts[i]);
    }
    ndup__free(set->allocator, &set->parts, set->count, sizeof *set->parts);
    ndup__free(set->allocator, &set->first_numbers, set->count + 1, sizeof *set->first_numbers);
    ndup__arena_deinit(&set->strings);
    set->count = 0;
}

ndup_status ndup__part_set_append(ndup__table *table, const ndup__part_set *set,
                                  const uint8_t *wanted, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        const ndup__part_choice choice = {
            .wanted = wanted, .first_number = set->first_numbers[i], .files = set->file_numbers[i]};
        status = ndup__part_append(table, &set->parts[i], &choice, error);
    }
    return status;
}

/* Marks the files of documents that are wanted. */
static void mark_files(bool *needed, const ndup__part_set *set, const uint8_t *wanted)
{
    for (size_t i = 0; i < set->count; i++) {
        const ndup__part *part = &set->parts[i];
        for (size_t k = 0; part->counts.files > 0 && k < part->counts.documents; k++) {
            uint64_t number = set->first_numbers[i] + k;
            if (wanted == NULL || (wanted[number / 8] >> (number % 8) & 1) != 0) {
                needed[set->file_numbers[i][NDUP__PLACE_FILE(part->places[k])]] = true;
            }
        }
    }
}

static ndup_status add_files(ndup_corpus *corpus, const ndup__part_set *set, const bool *needed,
                             ndup_error *error)
{
    size_t next = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        ndup__part_walk walk = {0};
        ndup__known_file known;
        for (size_t k = 0;
             status == NDUP_STATUS_OK && ndup__part_next_file(&known, &walk, &set->parts[i]); k++) {
            if (set->file_numbers[i][k] == next) { /* met for the first time */
                status = ndup__known_corpus_add(corpus, &known, needed[next++], error);
            }
        }
    }
    return status;
}

/* Whether the part was made of the same inputs as the one before it: another share of them. */
static bool repeats_inputs(const ndup__part_set *set, size_t i)
{
    const ndup__part *part = &set->parts[i];
    return i > 0 && part->input_bytes == part[-1].input_bytes &&
           (part->input_bytes == 0 ||
            memcmp(part->input_names, part[-1].input_names, part->input_bytes) == 0);
}

/* Lists the inputs of all parts in `names`, which may be NULL; returns how many. */
static size_t list_inputs(const char **names, const ndup__part_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        const ndup__part *part = &set->parts[i];
        for (uint64_t at = 0; !repeats_inputs(set, i) && at < part->input_bytes; count++) {
            if (names != NULL) {
                names[count] = part->input_names + at;
            }
            at += strlen(part->input_names + at) + 1;
        }
    }
    return count;
}

static ndup_status name_inputs(ndup_corpus *corpus, const ndup__part_set *set, ndup_error *error)
{
    const char **names = NULL;
    size_t count = list_inputs(NULL, set);
    ndup_status status = ndup__resize(set->allocator, &names, 0, count, sizeof *names, error);
    if (status == NDUP_STATUS_OK) {
        list_inputs(names, set);
        status = ndup__corpus_name_inputs(corpus, names, count, error);
    }
    ndup__free(set->allocator, &names, count, sizeof *names);
    return status;
}

ndup_status ndup__part_set_corpus(ndup_corpus **corpus, const ndup__part_set *set,
                                  const uint8_t *wanted, ndup_error *error)
{
    bool *needed;
    *corpus = NULL;
    ndup_status status =
        ndup__allocate_zeroed(set->allocator, &needed, set->files, sizeof *needed, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    mark_files(needed, set, wanted);
    status = ndup__known_corpus_new(corpus, &set->corpus_options, error);
    if (status == NDUP_STATUS_OK) {
        status = name_inputs(*corpus, set, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = add_files(*corpus, set, needed, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_corpus_close(*corpus);
        *corpus = NULL;
    }
    ndup__free(set->allocator, &needed, set->files, sizeof *needed);
    return status;
}
