/* SPDX-License-Identifier: MIT */
/* One sequential pass serves the checking of classes and the gathering of texts. */
#include "dedup/wanted.h"

#include "base/alloc.h"
#include "corpus/gather.h"
#include "dedup/class_hashes.h"
#include "dedup/classes.h"
#include "dedup/frequencies.h"
#include "pipeline/progress.h"

/* The documents that are wanted, in their order. */
typedef struct wanted_texts {
    ndup__run *run;
    uint8_t *classes; /* bit per class: the text that stands for it is fetched; NULL: all are */
    ndup__class_hashes hashes;
    size_t next;   /* document */
    size_t member; /* of hashes */
    uint64_t kept; /* documents that are copied */
    ndup__pulse pulse;
} wanted_texts;

/* Whether judging reads every class. */
static bool reads_all(const ndup_dedup_options *options)
{
    return options->exact || options->rule != NDUP_RULE_JACCARD || options->audit > 0;
}

static ndup_status mark_classes(wanted_texts *wanted, const ndup__buckets *buckets,
                                ndup_error *error)
{
    ndup__run *run = wanted->run;
    if (reads_all(run->options)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__allocate_zeroed(run->allocator, &wanted->classes,
                                               run->table.class_count / 8 + 1, 1, error);
    for (size_t i = 0; i < buckets->row_count && status == NDUP_STATUS_OK; i++) {
        ndup__breathe_at(run->table.breath, i, NDUP__BREATH_IN_ORDER);
        bool has_others = buckets->starts[i] < buckets->starts[i + 1];
        wanted->classes[i / 8] = (uint8_t)(wanted->classes[i / 8] | has_others << (i % 8));
    }
    return status == NDUP_STATUS_OK ? ndup__frequencies_mark(wanted->classes, run, buckets, error)
                                    : status;
}

static bool is_kept(const wanted_texts *wanted, size_t document)
{
    const ndup__table *table = &wanted->run->table;
    uint32_t class_number = table->classes[document];
    bool is_asked = wanted->classes == NULL ||
                    (wanted->classes[class_number / 8] >> (class_number % 8) & 1) != 0;
    return is_asked && table->class_documents[class_number] == document &&
           !ndup__corpus_has_places(wanted->run->corpus, NDUP__PLACE_FILE(table->places[document]));
}

static bool next_text(void *context, ndup__wanted_record *record)
{
    wanted_texts *wanted = context;
    const ndup__table *table = &wanted->run->table;
    for (; wanted->next < table->count; wanted->next++) {
        size_t i = wanted->next;
        ndup__breathe_at(table->breath, i, NDUP__BREATH_ANYWHERE);
        *record = (ndup__wanted_record){
            .place = table->places[i],
            .length = table->lengths[i],
            .keeps = is_kept(wanted, i),
            .reads = ndup__class_hashes_wants(&wanted->hashes, table->classes[i])};
        if (record->keeps || record->reads) {
            record->number = record->reads ? wanted->member++ : 0;
            wanted->kept += record->keeps;
            wanted->run->reporter.now.done = i;
            wanted->next++;
            return true;
        }
    }
    return false;
}

static void begin_again(void *context)
{
    wanted_texts *wanted = context;
    wanted->next = wanted->member = 0;
    wanted->kept = 0;
    wanted->run->reporter.now.done = 0;
}

static ndup_status read_text(void *context, const ndup__wanted_record *record,
                             const ndup__item *item, ndup__block *block, unsigned worker,
                             ndup_error *error)
{
    wanted_texts *wanted = context;
    return ndup__class_hashes_make(&wanted->hashes, (size_t)record->number, item, block, worker,
                                   error);
}

/* Goes through the files until all that is asked is known. */
static ndup_status read_texts(wanted_texts *wanted, ndup__gathered *gathered, size_t *parted,
                              ndup_error *error)
{
    ndup__run *run = wanted->run;
    ndup__gathering gathering = {.context = wanted,
                                 .next = next_text,
                                 .again = begin_again,
                                 .read = read_text,
                                 .pulse = &wanted->pulse};
    bool again = true;
    ndup_status status = NDUP_STATUS_OK;
    while (again && status == NDUP_STATUS_OK) {
        begin_again(wanted);
        again = false;
        status = ndup__corpus_gather(gathered, run->corpus, &gathering, run->pool, error);
        if (status == NDUP_STATUS_OK && wanted->hashes.count > 0) {
            status = ndup__class_hashes_compare(&again, parted, &wanted->hashes, error);
        }
    }
    return status;
}

static bool has_wanted(wanted_texts *wanted)
{
    ndup__wanted_record record;
    bool has_any = next_text(wanted, &record);
    wanted->next = 0;
    return has_any;
}

static void tell(const wanted_texts *wanted, const ndup__gathered *gathered)
{
    ndup__notice(wanted->run->reporter.hooks,
                 "%zu compressed or recoded files were read once more, %zu of them only where "
                 "texts are that are compared (%llu bytes in all): %llu such texts were copied "
                 "(%llu bytes)",
                 gathered->by_points + gathered->from_beginning, gathered->by_points,
                 (unsigned long long)gathered->decoded, (unsigned long long)wanted->kept,
                 (unsigned long long)gathered->stored);
}

static ndup_status gather(wanted_texts *wanted, const ndup__buckets *buckets, size_t *parted,
                          ndup_error *error)
{
    ndup__run *run = wanted->run;
    ndup__gathered gathered;
    ndup_status status = mark_classes(wanted, buckets, error);
    if (status != NDUP_STATUS_OK || !has_wanted(wanted)) {
        return status;
    }
    status = ndup__reporter_begin(&run->reporter, NDUP_STAGE_VERIFY, run->table.count, error);
    if (status == NDUP_STATUS_OK) {
        status = read_texts(wanted, &gathered, parted, error);
        run->summary.seconds[NDUP_STAGE_VERIFY] += ndup__reporter_seconds(&run->reporter);
    }
    if (status == NDUP_STATUS_OK && *parted == 0 && wanted->kept > 0) {
        tell(wanted, &gathered);
    }
    return status;
}

/* Whether every document can be fetched as it is. */
static bool has_all_places(const ndup_corpus *corpus)
{
    uint32_t count = ndup__corpus_file_count(corpus);
    for (uint32_t i = 0; i < count; i++) {
        if (!ndup__corpus_has_places(corpus, i)) {
            return false;
        }
    }
    return true;
}

ndup_status ndup__gather_texts(bool *has_parted, ndup__run *run, const ndup__buckets *buckets,
                               ndup_error *error)
{
    wanted_texts wanted = {.run = run,
                           .pulse = {.beat = ndup__reporter_beat, .context = &run->reporter}};
    size_t classes = run->table.class_count;
    size_t parted = 0;
    *has_parted = false;
    if (has_all_places(run->corpus)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__class_hashes_init(&wanted.hashes, run, error);
    if (status == NDUP_STATUS_OK) {
        status = gather(&wanted, buckets, &parted, error);
    }
    if (status == NDUP_STATUS_OK) {
        run->has_unchecked = false;
        *has_parted = parted > 0;
        ndup__tell_parted(run, parted);
    }
    ndup__class_hashes_deinit(&wanted.hashes);
    ndup__free(run->allocator, &wanted.classes, classes / 8 + 1, 1);
    return status;
}

ndup_status ndup__gather_classes(ndup__run *run, uint8_t *classes, ndup_error *error)
{
    wanted_texts wanted = {.run = run,
                           .classes = classes,
                           .pulse = {.beat = ndup__reporter_beat, .context = &run->reporter}};
    ndup__gathered gathered;
    size_t parted = 0;
    return has_all_places(run->corpus) || !has_wanted(&wanted)
               ? NDUP_STATUS_OK
               : read_texts(&wanted, &gathered, &parted, error);
}
