/* SPDX-License-Identifier: MIT */
/* Parts of a corpus joined to one table give what a first pass over all of it gives. */
#include "stages/part_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/compress.h"
#include "corpus/gather.h"
#include "dedup/run.h"
#include "dedup/run_profile.h"
#include "pipeline/options.h"
#include "stages/bucket_file.h"
#include "stages/run_settings.h"
#include "support/corpus_make.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PARTS_MOST = 8, PATH_BYTES = 300, DOCUMENTS = 60 };

/* Runs over files, of which parts are written. */
typedef struct desk {
    temp_dir folder;
    ndup_dedup_options options;
    char paths[PARTS_MOST][PATH_BYTES];
    const char *names[PARTS_MOST];
    size_t parts;
} desk;

static void desk_init(desk *self)
{
    ndup_error error;
    *self = (desk){.parts = 0};
    temp_dir_init(&self->folder);
    assert_ok(ndup_dedup_options_init(&self->options, NULL, &error), &error);
    self->options.threads = 1;
    self->options.titles = true;
}

static void desk_deinit(desk *self)
{
    temp_dir_deinit(&self->folder);
}

static void run_begin(ndup__run *run, const desk *self, ndup_corpus *corpus)
{
    ndup_error error;
    *run = (ndup__run){.options = &self->options, .corpus = corpus};
    assert_ok(
        ndup__keep_parse(&run->policy, ndup__options_keep(&self->options), &run->strings, &error),
        &error);
    assert_ok(ndup__options_sketcher(&run->sketcher, &run->bands, run->options, &error), &error);
    assert_ok(ndup__corpus_want_fields(corpus, run->policy.fields, run->policy.field_count, &error),
              &error);
    assert_ok(ndup__pool_new(&run->pool, run->options->threads, NULL, &error), &error);
    assert_ok(ndup__watches_new(run, &error), &error);
    run->shingling = ndup__options_shingling(run->options);
    ndup__table_init(&run->table, &run->policy, ndup__row_bytes(run->sketcher), NULL);
    run->table.keeps_titles = self->options.titles;
}

static void run_end(ndup__run *run)
{
    ndup__table_deinit(&run->table);
    ndup__watches_free(run);
    ndup__pool_free(run->pool);
    ndup_sketcher_free(run->sketcher);
    ndup__arena_deinit(&run->strings);
    ndup_corpus_close(run->corpus);
}

/* Reads inputs below the folder into a run's table, which is not finished. */
static void read_inputs(ndup__run *run, const desk *self, const char *const *inputs, size_t count)
{
    char paths[4][PATH_BYTES];
    const char *names[4];
    ndup_corpus *corpus;
    ndup_error error;
    for (size_t i = 0; i < count; i++) {
        names[i] = temp_dir_path(&self->folder, inputs[i], paths[i], PATH_BYTES);
    }
    assert_ok(ndup_corpus_open(&corpus, names, count, NULL, NULL, &error), &error);
    run_begin(run, self, corpus);
    assert_ok(ndup__read_table(run, &error), &error);
}

/* Writes documents [from, to) of a table that was read as another part. */
static void add_part(desk *self, const ndup__run *run, size_t from, size_t to)
{
    char name[20];
    ndup_error error;
    ndup__json_line settings = {.allocator = NULL};
    assert_ok(ndup__run_settings_write(&settings, &self->options, ndup__corpus_options(run->corpus),
                                       &error),
              &error);
    const ndup__part_source source = {.table = &run->table,
                                      .from = from,
                                      .to = to,
                                      .corpus = run->corpus,
                                      .settings = {settings.bytes, settings.length},
                                      .skipped = run->summary.skipped,
                                      .repaired = run->summary.repaired};
    snprintf(name, sizeof name, "%zu.part", self->parts);
    temp_dir_path(&self->folder, name, self->paths[self->parts], PATH_BYTES);
    self->names[self->parts] = self->paths[self->parts];
    assert_ok(ndup__part_write(self->paths[self->parts++], &source, &error), &error);
    ndup__json_line_deinit(&settings);
}

static void check_column(const void *a, const void *b, size_t bytes)
{
    assert_true(bytes == 0 || memcmp(a, b, bytes) == 0);
}

static void check_text(ndup_text a, ndup_text b)
{
    assert_u64_equal(a.length, b.length);
    check_column(a.bytes, b.bytes, a.length);
}

static void check_values(const ndup__table *a, const ndup__table *b)
{
    for (size_t i = 0; a->keep_values != NULL && i < a->count * a->policy->count; i++) {
        const ndup__keep_value *x = &a->keep_values[i];
        const ndup__keep_value *y = &b->keep_values[i];
        assert_u64_equal(x->number, y->number);
        assert_int_equal(x->bytes != NULL, y->bytes != NULL);
        check_text((ndup_text){x->bytes, x->length}, (ndup_text){y->bytes, y->length});
    }
}

/* Every column, that of places as far as it tells where in its file a document stands. */
static void check_tables(const ndup__table *a, const ndup__table *b)
{
    assert_u64_equal(a->count, b->count);
    assert_u64_equal(a->class_count, b->class_count);
    check_column(a->lengths, b->lengths, a->count * sizeof *a->lengths);
    check_column(a->places, b->places, a->count * sizeof *a->places);
    check_column(a->classes, b->classes, a->count * sizeof *a->classes);
    check_column(a->text_hashes, b->text_hashes, a->count * sizeof *a->text_hashes);
    check_column(a->text_lengths, b->text_lengths, a->count * sizeof *a->text_lengths);
    check_column(a->sources, b->sources, a->count * sizeof *a->sources);
    check_column(a->flags, b->flags, a->count);
    check_column(a->class_tokens, b->class_tokens, a->class_count * sizeof *a->class_tokens);
    check_column(a->class_documents, b->class_documents,
                 a->class_count * sizeof *a->class_documents);
    check_column(a->rows, b->rows, a->class_count * a->row_bytes);
    check_values(a, b);
    for (size_t i = 0; i < a->count; i++) {
        check_text(ndup__table_id(a, i), ndup__table_id(b, i));
        check_text(ndup__titles_get(&a->titles, i), ndup__titles_get(&b->titles, i));
    }
    assert_u64_equal(a->source_names.count, b->source_names.count);
    for (size_t i = 0; i < a->source_names.count; i++) {
        check_text(a->source_names.rows[i].name, b->source_names.rows[i].name);
    }
}

static void check_hashes(const ndup__table *a, const ndup__table *b)
{
    check_column(a->class_hashes, b->class_hashes, a->class_count * sizeof *a->class_hashes);
}

/* Joins the parts as they are named and compares with the table of a run over all. */
static void check_joined(const desk *self, ndup__run *whole)
{
    ndup__part_set set;
    ndup__run joined;
    ndup_corpus *corpus;
    ndup_error error;
    assert_ok(ndup__part_set_open(&set, self->names, self->parts, NULL, &error), &error);
    assert_u64_equal(ndup__part_set_documents(&set), whole->table.count);
    assert_ok(ndup__part_set_corpus(&corpus, &set, NULL, &error), &error);
    assert_u64_equal(ndup__corpus_file_count(corpus), ndup__corpus_file_count(whole->corpus));
    run_begin(&joined, self, corpus);
    assert_ok(ndup__part_set_append(&joined.table, &set, NULL, &error), &error);
    check_tables(&joined.table, &whole->table);
    check_hashes(&joined.table, &whole->table);
    assert_ok(ndup__finish_table(&joined, &error), &error);
    assert_ok(ndup__finish_table(whole, &error), &error);
    check_tables(&joined.table, &whole->table);
    ndup__part_set_close(&set);
    run_end(&joined);
}

static void write_corpora(const desk *self, size_t count)
{
    test_random random;
    test_random_init(&random, 7);
    for (size_t i = 0; i < count; i++) {
        char name[20];
        test_random_init(&random, 7 + i / 2); /* every second one repeats texts */
        made_corpus made = made_corpus_mixed(&random, DOCUMENTS, 5);
        made.as_records = true;
        snprintf(name, sizeof name, "%zu.jsonl", i);
        made_corpus_write_jsonl(&made, &self->folder, name);
        made_corpus_deinit(&made);
    }
}

static const char *const inputs[] = {"0.jsonl", "1.jsonl", "2.jsonl"};

static void check_policy(const char *keep)
{
    desk self;
    ndup__run whole, part;
    desk_init(&self);
    self.options.keep = keep;
    write_corpora(&self, 3);
    for (size_t i = 0; i < 3; i++) {
        read_inputs(&part, &self, &inputs[i], 1);
        add_part(&self, &part, 0, part.table.count);
        run_end(&part);
    }
    const char *first = self.names[0];
    self.names[0] = self.names[2]; /* the order in which they are named is nothing */
    self.names[2] = first;
    read_inputs(&whole, &self, inputs, 3);
    check_joined(&self, &whole);
    run_end(&whole);
    desk_deinit(&self);
}

static void test_parts__join_to_the_table_of_one_pass(void **state)
{
    (void)state;
    check_policy("first");
    check_policy("last");
    check_policy("field:score:desc,newest,prefer=s1,first");
    check_policy("field:id:asc,longest");
}

static void test_parts__of_ranges_of_one_table(void **state)
{
    (void)state;
    desk self;
    ndup__run whole;
    desk_init(&self);
    self.options.keep = "oldest,last";
    write_corpora(&self, 3);
    read_inputs(&whole, &self, inputs, 3);
    add_part(&self, &whole, 0, 7);
    add_part(&self, &whole, 7, DOCUMENTS + 20);
    add_part(&self, &whole, DOCUMENTS + 20, DOCUMENTS + 20);
    add_part(&self, &whole, DOCUMENTS + 20, whole.table.count);
    check_joined(&self, &whole);
    run_end(&whole);
    desk_deinit(&self);
}

static void test_parts__append_what_is_wanted(void **state)
{
    (void)state;
    desk self;
    ndup__run whole, chosen;
    ndup__part_set set;
    ndup_error error;
    ndup_corpus *corpus;
    uint8_t wanted[DOCUMENTS] = {0};
    desk_init(&self);
    self.options.keep = "newest,last";
    write_corpora(&self, 2);
    read_inputs(&whole, &self, inputs, 2);
    add_part(&self, &whole, 0, DOCUMENTS / 2);
    add_part(&self, &whole, DOCUMENTS / 2, whole.table.count);
    assert_ok(ndup__part_set_open(&set, self.names, 2, NULL, &error), &error);
    for (size_t i = 3; i < whole.table.count; i += 4) {
        wanted[i / 8] = (uint8_t)(wanted[i / 8] | 1u << (i % 8));
    }
    assert_ok(ndup__part_set_corpus(&corpus, &set, wanted, &error), &error);
    run_begin(&chosen, &self, corpus);
    assert_ok(ndup__part_set_append(&chosen.table, &set, wanted, &error), &error);
    assert_u64_equal(chosen.table.count, whole.table.count / 4);
    for (size_t i = 0; i < chosen.table.count; i++) {
        size_t number = 4 * i + 3;
        check_text(ndup__table_id(&chosen.table, i), ndup__table_id(&whole.table, number));
        assert_u64_equal(chosen.table.keep_values[2 * i + 1].number, INT64_MAX - number);
        assert_u64_equal(chosen.table.places[i], whole.table.places[number]);
    }
    ndup__part_set_close(&set);
    run_end(&chosen);
    run_end(&whole);
    desk_deinit(&self);
}

/* Tells what opening the parts fails with. */
static void check_refused(const desk *self, ndup_status status, const char *word)
{
    ndup__part_set set;
    ndup_error error;
    assert_status(ndup__part_set_open(&set, self->names, self->parts, NULL, &error), status,
                  &error);
    if (strstr(error.message, word) == NULL) {
        fail_msg("'%s' does not say '%s'", error.message, word);
    }
    ndup__part_set_close(&set);
}

static void test_parts__refuse_what_does_not_go_together(void **state)
{
    (void)state;
    desk self;
    ndup__run run;
    desk_init(&self);
    write_corpora(&self, 2);
    for (size_t i = 0; i < 2; i++) {
        self.options.matching.threshold = i == 0 ? 0.8 : 0.75;
        read_inputs(&run, &self, &inputs[i], 1);
        add_part(&self, &run, 0, run.table.count);
        run_end(&run);
    }
    check_refused(&self, NDUP_STATUS_INVALID, "threshold=0.75");
    self.names[1] = self.names[0];
    check_refused(&self, NDUP_STATUS_INVALID, "the same part");
    temp_dir_write_text(&self.folder, "1.part", "{\"text\": \"no part of anything\"}\n");
    self.names[1] = self.paths[1];
    check_refused(&self, NDUP_STATUS_INVALID, "is not a part");
    self.names[1] = "/nowhere";
    check_refused(&self, NDUP_STATUS_NOT_FOUND, "nowhere");
    desk_deinit(&self);
}

static void test_parts__refuse_files_that_changed(void **state)
{
    (void)state;
    desk self;
    ndup__run run;
    ndup__part_set set;
    ndup_corpus *corpus;
    ndup_error error;
    desk_init(&self);
    write_corpora(&self, 1);
    read_inputs(&run, &self, inputs, 1);
    add_part(&self, &run, 0, run.table.count);
    run_end(&run);
    assert_ok(ndup__part_set_open(&set, self.names, 1, NULL, &error), &error);
    temp_dir_write_text(&self.folder, "0.jsonl", "{\"text\": \"another\"}\n");
    assert_status(ndup__part_set_corpus(&corpus, &set, NULL, &error), NDUP_STATUS_CHANGED, &error);
    ndup__part_set_close(&set);
    desk_deinit(&self);
}

/* Groups of documents as one number: a sum over groups of hashes of their members. */
typedef struct group_sum {
    uint64_t groups;
    uint64_t members;
    uint64_t hash;
} group_sum;

static void add_group(group_sum *sum, unsigned band, const uint32_t *members, size_t count)
{
    sum->groups++;
    sum->members += count;
    sum->hash += ndup__hash_bytes(members, count * sizeof *members, band + 1);
}

static void check_sums(const group_sum *a, const group_sum *b)
{
    assert_u64_equal(a->groups, b->groups);
    assert_u64_equal(a->members, b->members);
    assert_u64_equal(a->hash, b->hash);
}

/* The buckets of the table, each class by its first document. */
static group_sum sum_buckets(const ndup__run *run)
{
    const ndup__table *table = &run->table;
    ndup__buckets buckets;
    ndup_error error;
    group_sum sum = {0};
    const ndup__rows rows = {run->sketcher, table->rows, table->class_count, table->class_tokens};
    uint32_t members[DOCUMENTS * 3];
    assert_ok(ndup__buckets_build(&buckets, &rows, &run->bands, 1 << 20, run->pool, NULL, NULL,
                                  run->watches, NULL, &error),
              &error);
    for (uint32_t bucket = 0; bucket < buckets.bucket_count; bucket++) {
        size_t count = 0;
        for (size_t i = 0; i < table->class_count; i++) {
            for (uint64_t k = buckets.starts[i]; k < buckets.starts[i + 1]; k++) {
                if (buckets.buckets[k] == bucket) {
                    members[count++] = table->class_documents[i];
                }
            }
        }
        add_group(&sum, buckets.bands[bucket], members, count);
    }
    ndup__buckets_deinit(&buckets);
    return sum;
}

static group_sum sum_classes(const ndup__table *table)
{
    group_sum sum = {0};
    uint32_t members[DOCUMENTS * 3];
    for (uint32_t number = 0; number < table->class_count; number++) {
        size_t count = 0;
        for (uint32_t i = 0; i < table->count; i++) {
            if (table->classes[i] == number) {
                members[count++] = i;
            }
        }
        if (count > 1) {
            add_group(&sum, 0, members, count);
        }
    }
    return sum;
}

static void add_file(group_sum *classes, group_sum *bands, const char *path,
                     const ndup__part_set *set, uint32_t shard, uint32_t shards)
{
    ndup__bucket_file buckets;
    ndup_bucket_summary summary;
    ndup_error error;
    const ndup_shard share = {shard, shards};
    assert_ok(ndup__bucket_file_write(path, set, share, &summary, NULL, &error), &error);
    assert_ok(ndup__bucket_file_open(&buckets, path, NULL, &error), &error);
    assert_u64_equal(buckets.counts.identity, set->identity);
    assert_u64_equal(buckets.counts.shard, shard);
    for (uint64_t i = 0, at = 0; i < buckets.counts.classes; at = buckets.class_ends[i++]) {
        add_group(classes, 0, buckets.class_members + at, (size_t)(buckets.class_ends[i] - at));
    }
    for (uint64_t i = 0, at = 0; i < buckets.counts.buckets; at = buckets.bucket_ends[i++]) {
        add_group(bands, buckets.bucket_bands[i], buckets.bucket_members + at,
                  (size_t)(buckets.bucket_ends[i] - at));
    }
    ndup__bucket_file_close(&buckets);
}

static void test_parts__have_the_buckets_of_one_table(void **state)
{
    (void)state;
    desk self;
    ndup__run whole;
    ndup__part_set set;
    ndup_error error;
    char path[PATH_BYTES];
    desk_init(&self);
    write_corpora(&self, 3);
    read_inputs(&whole, &self, inputs, 3);
    add_part(&self, &whole, 0, 50);
    add_part(&self, &whole, 50, 130);
    add_part(&self, &whole, 130, whole.table.count);
    const group_sum expected_classes = sum_classes(&whole.table);
    const group_sum expected = sum_buckets(&whole);
    assert_true(expected.groups > 10 && expected_classes.groups > 10);
    assert_ok(ndup__part_set_open(&set, self.names, self.parts, NULL, &error), &error);
    temp_dir_path(&self.folder, "buckets", path, sizeof path);
    for (uint32_t shards = 1; shards <= 7; shards += 3) {
        group_sum classes = {0};
        group_sum bands = {0};
        for (uint32_t i = 0; i < shards; i++) {
            add_file(&classes, &bands, path, &set, i, shards);
        }
        check_sums(&classes, &expected_classes);
        check_sums(&bands, &expected);
    }
    ndup__part_set_close(&set);
    run_end(&whole);
    desk_deinit(&self);
}

/* Sketches a share of the inputs as the public call does. */
static void sketch_share(desk *self, uint32_t number, uint32_t of)
{
    char paths[3][PATH_BYTES];
    const char *names[3];
    char name[20];
    ndup_corpus *corpus;
    ndup_summary summary;
    ndup_error error;
    for (size_t i = 0; i < 3; i++) {
        names[i] = temp_dir_path(&self->folder, inputs[i], paths[i], PATH_BYTES);
    }
    snprintf(name, sizeof name, "%zu.part", self->parts);
    self->names[self->parts] =
        temp_dir_path(&self->folder, name, self->paths[self->parts], PATH_BYTES);
    assert_ok(ndup_corpus_open(&corpus, names, 3, NULL, NULL, &error), &error);
    assert_ok(ndup_sketch_part(self->paths[self->parts++], corpus, &self->options,
                               (ndup_shard){number, of}, &summary, NULL, &error),
              &error);
    ndup_corpus_close(corpus);
}

static void test_parts__of_shares_of_files(void **state)
{
    (void)state;
    for (uint32_t of = 1; of <= 5; of += 2) {
        desk self;
        ndup__run whole;
        desk_init(&self);
        self.options.keep = "longest,last";
        write_corpora(&self, 3);
        for (uint32_t i = of; i-- > 0;) {
            sketch_share(&self, i, of);
        }
        read_inputs(&whole, &self, inputs, 3);
        check_joined(&self, &whole);
        run_end(&whole);
        if (of > 1) {
            self.parts--;
            check_refused(&self, NDUP_STATUS_INVALID, "is not there");
        }
        desk_deinit(&self);
    }
}

/* Documents on their way to be gathered. */
typedef struct gather_walk {
    const ndup__table *table;
    size_t next;
} gather_walk;

static bool next_wanted(void *context, ndup__wanted_record *record)
{
    gather_walk *walk = context;
    if (walk->next == walk->table->count) {
        return false;
    }
    *record = (ndup__wanted_record){.place = walk->table->places[walk->next],
                                    .length = walk->table->lengths[walk->next],
                                    .number = walk->next,
                                    .keeps = true};
    walk->next++;
    return true;
}

static void begin_again(void *context)
{
    gather_walk *walk = context;
    walk->next = 0;
}

/* Every document of the table can be fetched, and is what was sketched. */
static void check_texts(const ndup__run *run)
{
    const ndup__table *table = &run->table;
    gather_walk walk = {table, 0};
    ndup__pulse pulse = {.beat = NULL};
    const ndup__gathering gathering = {
        .context = &walk, .next = next_wanted, .again = begin_again, .pulse = &pulse};
    ndup__block block;
    ndup__item item;
    ndup_error error;
    ndup__gathered gathered;
    assert_ok(ndup__corpus_gather(&gathered, run->corpus, &gathering, run->pool, &error), &error);
    ndup__block_init(&block, NULL);
    for (size_t i = 0; i < table->count; i++) {
        assert_ok(ndup__corpus_fetch(run->corpus, table->places[i], table->lengths[i], &block,
                                     &item, &error),
                  &error);
        assert_u64_equal(ndup__hash_bytes(item.document.text.bytes, item.document.text.length, 0),
                         table->text_hashes[i]);
    }
    ndup__block_deinit(&block);
}

/* Sketches a file of the folder, opens it by its part, and reads all its documents again. */
static void check_reading(desk *self, const char *name, size_t documents)
{
    ndup__run run;
    ndup__part_set set;
    ndup_corpus *corpus;
    ndup_error error;
    self->parts = 0;
    read_inputs(&run, self, &name, 1);
    assert_u64_equal(run.table.count, documents);
    add_part(self, &run, 0, documents);
    run_end(&run);
    assert_ok(ndup__part_set_open(&set, self->names, 1, NULL, &error), &error);
    assert_ok(ndup__part_set_corpus(&corpus, &set, NULL, &error), &error);
    run_begin(&run, self, corpus);
    assert_ok(ndup__part_set_append(&run.table, &set, NULL, &error), &error);
    check_texts(&run);
    ndup__part_set_close(&set);
    run_end(&run);
}

static void test_parts__lead_back_to_the_texts(void **state)
{
    (void)state;
    desk self;
    desk_init(&self);
    write_corpora(&self, 1);
    check_reading(&self, "0.jsonl", DOCUMENTS);
    temp_dir_write_text(&self.folder, "t.csv", "id,body\n1,\"a, b\nc\"\n2,the second row\n");
    check_reading(&self, "t.csv", 2);
    temp_dir_write_text(&self.folder, "a.json", "[{\"text\": \"one\"},\n {\"text\": \"two\"}]");
    check_reading(&self, "a.json", 2);
    temp_dir_write_text(&self.folder, "f.rss",
                        "<rss><channel><title>T</title><item><title>x</title><description>words "
                        "of it</description></item><item><description>more "
                        "words</description></item></channel></rss>");
    check_reading(&self, "f.rss", 2);
    if (NDUP_HAVE_GUMBO) {
        temp_dir_write_text(&self.folder, "p.html", "<!doctype html><p>A page of words.</p>");
        check_reading(&self, "p.html", 1);
    }
    temp_dir_write(&self.folder, "w.jsonl", "\xFF\xFE{\0\"\0t\0e\0x\0t\0\"\0:\0\"\0a\0\"\0}\0\n",
                   28);
    check_reading(&self, "w.jsonl", 1);
    desk_deinit(&self);
}

#if NDUP_HAVE_ZLIB
/* Appends the folder's file to x.jsonl.gz as a member. */
static void append_member(const desk *self, const char *name, FILE *out)
{
    ndup__writer *writer;
    ndup_error error;
    char path[PATH_BYTES];
    size_t length;
    char *bytes = temp_dir_read(&self->folder, name, &length);
    temp_dir_path(&self->folder, "member.gz", path, sizeof path);
    assert_ok(ndup__writer_open(&writer, path, true, NULL, &error), &error);
    for (int i = 0; i < 20; i++) {
        assert_ok(ndup__writer_write(writer, bytes, length, &error), &error);
    }
    assert_ok(ndup__writer_commit(writer, &error), &error);
    ndup__writer_close(writer);
    free(bytes);
    bytes = temp_dir_read(&self->folder, "member.gz", &length);
    assert_u64_equal(fwrite(bytes, 1, length, out), length);
    free(bytes);
}
#endif

/* Of files that are decoded, also of those that can be decoded from points in them. */
static void test_parts__lead_back_to_packed_texts(void **state)
{
    (void)state;
#if NDUP_HAVE_ZLIB
    desk self;
    char path[PATH_BYTES];
    desk_init(&self);
    write_corpora(&self, 3);
    FILE *out = fopen(temp_dir_path(&self.folder, "x.jsonl.gz", path, sizeof path), "wb");
    assert_non_null(out);
    for (size_t i = 0; i < 3; i++) {
        append_member(&self, inputs[i], out);
    }
    assert_int_equal(fclose(out), 0);
    check_reading(&self, "x.jsonl.gz", 3 * 20 * DOCUMENTS);
    desk_deinit(&self);
#else
    skip();
#endif
}

static void test_parts__merge_to_one(void **state)
{
    (void)state;
    desk self;
    ndup__run whole;
    ndup_error error;
    char path[PATH_BYTES];
    desk_init(&self);
    self.options.keep = "field:id:desc";
    write_corpora(&self, 3);
    for (uint32_t i = 0; i < 3; i++) {
        sketch_share(&self, i, 3);
    }
    temp_dir_path(&self.folder, "merged", path, sizeof path);
    assert_false(ndup_is_part(path));
    assert_ok(ndup_parts_merge(path, self.names, self.parts, NULL, &error), &error);
    assert_true(ndup_is_part(path));
    self.names[0] = path;
    self.parts = 1;
    read_inputs(&whole, &self, inputs, 3);
    check_joined(&self, &whole);
    run_end(&whole);
    temp_dir_write_text(&self.folder, "merged", "something else");
    assert_status(ndup_parts_merge(path, self.names, 1, NULL, &error), NDUP_STATUS_EXISTS, &error);
    desk_deinit(&self);
}

static void test_parts__refuse_what_needs_more_than_keys(void **state)
{
    (void)state;
    desk self;
    ndup_corpus *corpus;
    ndup_error error;
    char path[PATH_BYTES];
    desk_init(&self);
    write_corpora(&self, 1);
    const char *input = temp_dir_path(&self.folder, inputs[0], path, sizeof path);
    assert_ok(ndup_corpus_open(&corpus, &input, 1, NULL, NULL, &error), &error);
    assert_status(
        ndup_sketch_part(path, corpus, &self.options, (ndup_shard){0}, NULL, NULL, &error),
        NDUP_STATUS_EXISTS, &error); /* the input itself */
    assert_status(
        ndup_sketch_part("x", corpus, &self.options, (ndup_shard){3, 3}, NULL, NULL, &error),
        NDUP_STATUS_INVALID, &error);
    self.options.rule = NDUP_RULE_CONTAINED;
    assert_status(ndup_sketch_part("x", corpus, &self.options, (ndup_shard){0}, NULL, NULL, &error),
                  NDUP_STATUS_INVALID, &error);
    ndup_corpus_close(corpus);
    desk_deinit(&self);
}

/* Every byte of a part counts: cut anywhere or changed anywhere it is refused. */
static void test_parts__tell_damage(void **state)
{
    (void)state;
    desk self;
    ndup__run run;
    ndup__part part;
    ndup_error error;
    size_t length;
    desk_init(&self);
    write_corpora(&self, 1);
    read_inputs(&run, &self, inputs, 1);
    add_part(&self, &run, 0, 3);
    run_end(&run);
    char *bytes = temp_dir_read(&self.folder, "0.part", &length);
    size_t step = 1 + length / 500;
    for (size_t at = 0; at < length; at += step) {
        temp_dir_write(&self.folder, "cut", bytes, at);
        char path[PATH_BYTES];
        temp_dir_path(&self.folder, "cut", path, sizeof path);
        ndup_status status = ndup__part_open(&part, path, NULL, &error);
        assert_status(status, at < 8 ? NDUP_STATUS_INVALID : NDUP_STATUS_CORRUPT, &error);
    }
    free(bytes);
    desk_deinit(&self);
}

static void test_parts__tell_changed_bytes(void **state)
{
    (void)state;
    desk self;
    ndup__run run;
    ndup__part part;
    ndup_error error;
    size_t length;
    char path[PATH_BYTES];
    size_t accepted = 0;
    desk_init(&self);
    write_corpora(&self, 1);
    read_inputs(&run, &self, inputs, 1);
    add_part(&self, &run, 0, 3);
    run_end(&run);
    char *bytes = temp_dir_read(&self.folder, "0.part", &length);
    temp_dir_path(&self.folder, "0.part", path, sizeof path);
    for (size_t at = 0; at < length; at += 1 + length / 1000) {
        bytes[at] = (char)(bytes[at] ^ 0x10);
        temp_dir_write(&self.folder, "0.part", bytes, length);
        ndup_status status = ndup__part_open(&part, path, NULL, &error);
        assert_status(status,
                      at < 8        ? NDUP_STATUS_INVALID
                      : at < 16     ? NDUP_STATUS_VERSION
                      : status == 0 ? NDUP_STATUS_OK
                                    : NDUP_STATUS_CORRUPT,
                      &error);
        accepted += status == NDUP_STATUS_OK; /* between two sections */
        ndup__part_close(&part);
        bytes[at] = (char)(bytes[at] ^ 0x10);
    }
    assert_true(accepted < 400);
    free(bytes);
    desk_deinit(&self);
}

TEST_MAIN(cmocka_unit_test(test_parts__join_to_the_table_of_one_pass),
          cmocka_unit_test(test_parts__of_ranges_of_one_table),
          cmocka_unit_test(test_parts__append_what_is_wanted),
          cmocka_unit_test(test_parts__have_the_buckets_of_one_table),
          cmocka_unit_test(test_parts__refuse_what_does_not_go_together),
          cmocka_unit_test(test_parts__refuse_files_that_changed),
          cmocka_unit_test(test_parts__of_shares_of_files),
          cmocka_unit_test(test_parts__lead_back_to_the_texts),
          cmocka_unit_test(test_parts__lead_back_to_packed_texts),
          cmocka_unit_test(test_parts__merge_to_one),
          cmocka_unit_test(test_parts__refuse_what_needs_more_than_keys),
          cmocka_unit_test(test_parts__tell_damage),
          cmocka_unit_test(test_parts__tell_changed_bytes))
