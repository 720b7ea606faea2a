/* SPDX-License-Identifier: MIT */
/* Documents of files that are decoded from their beginning, gathered and fetched. */
#include "corpus/gather.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "codec/compress.h"
#include "neardup/corpus.h"
#include "support/fault_loop.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { FILES = 3, RECORDS = 3000, FRAME_RECORDS = 300, DOCUMENTS = FILES * RECORDS };

typedef struct seen_document {
    ndup__place place;
    uint32_t length;
} seen_document;

typedef struct fixture {
    temp_dir folder;
    char paths[FILES][512];
    ndup_corpus *corpus;
    ndup__pool *pool;
    seen_document seen[DOCUMENTS];
    size_t seen_count;
    atomic_bool was_read[DOCUMENTS];
    size_t next, step, offset; /* which documents are wanted */
    bool keeps, reads;
} fixture;

/* Document 7 of every hundred is long enough for a frame of its own. */
static size_t write_line(char *line, size_t number)
{
    size_t repeats = number % 100 == 7 ? 300 : 1 + number % 9;
    size_t length = (size_t)sprintf(line, "{\"id\":\"d%zu\",\"text\":\"text %zu", number, number);
    for (size_t i = 0; i < repeats; i++) {
        length += (size_t)sprintf(line + length, " has the words %zu of %zu and", i * number, i);
    }
    return length + (size_t)sprintf(line + length, " an end\"}\n");
}

/* Packs records from `first` on, as the file's name says, and adds them to it. */
static void append_records(const fixture *self, size_t file, size_t first, size_t count)
{
    char *line = malloc(1 << 16);
    char path[520];
    size_t length;
    ndup__writer *writer;
    ndup_error error;
    assert_non_null(line);
    snprintf(path, sizeof path, "%s/part%s", self->folder.path, strrchr(self->paths[file], '.'));
    assert_ok(ndup__writer_open(&writer, path, true, NULL, &error), &error);
    for (size_t i = first; i < first + count; i++) {
        length = write_line(line, file * RECORDS + i);
        assert_ok(ndup__writer_write(writer, line, length, &error), &error);
    }
    assert_ok(ndup__writer_commit(writer, &error), &error);
    ndup__writer_close(writer);
    free(line);
    char *bytes = temp_dir_read(&self->folder, strrchr(path, '/') + 1, &length);
    FILE *whole = fopen(self->paths[file], "ab");
    assert_non_null(whole);
    assert_u64_equal(fwrite(bytes, 1, length, whole), length);
    assert_int_equal(fclose(whole), 0);
    free(bytes);
}

static void write_file(const fixture *self, size_t file)
{
    for (size_t i = 0; i < RECORDS; i += FRAME_RECORDS) {
        append_records(self, file, i, FRAME_RECORDS);
    }
}

static ndup_status see(void *context, const ndup__item *item, ndup_error *error)
{
    fixture *self = context;
    (void)error;
    assert_true(self->seen_count < DOCUMENTS);
    self->seen[self->seen_count++] = (seen_document){item->place, (uint32_t)item->document.length};
    return NDUP_STATUS_OK;
}

static ndup_status read_all(fixture *self, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__block block;
    const ndup__visitor visitor = {.context = self, .visit = see};
    bool more = true;
    self->seen_count = 0;
    ndup__block_init(&block, allocator);
    ndup_status status = ndup__corpus_rewind(self->corpus, error);
    while (status == NDUP_STATUS_OK && more) {
        status = ndup__corpus_take(self->corpus, &block, &more, error);
        if (status == NDUP_STATUS_OK && more) {
            status = ndup__corpus_scan(self->corpus, &block, &visitor, error);
        }
    }
    ndup__block_deinit(&block);
    return status;
}

static ndup_status open_corpus(fixture *self, const ndup_allocator *allocator, ndup_error *error)
{
    const char *inputs[FILES] = {self->paths[0], self->paths[1], self->paths[2]};
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.allocator = allocator;
    return ndup_corpus_open(&self->corpus, inputs, FILES, &options, NULL, error);
}

/* Two files that have no places, and between them one that has; nothing where they cannot be made.
 */
static int set_up(void **state)
{
    static const char *const names[FILES] = {"a.jsonl.gz", "b.jsonl", "c.jsonl.zst"};
    if (!NDUP_HAVE_ZLIB || !NDUP_HAVE_ZSTD) {
        return 0;
    }
    fixture *self = calloc(1, sizeof *self);
    ndup_error error;
    assert_non_null(self);
    temp_dir_init(&self->folder);
    for (size_t i = 0; i < FILES; i++) {
        temp_dir_path(&self->folder, names[i], self->paths[i], sizeof self->paths[i]);
        write_file(self, i);
    }
    assert_ok(open_corpus(self, NULL, &error), &error);
    assert_ok(read_all(self, NULL, &error), &error);
    assert_u64_equal(self->seen_count, DOCUMENTS);
    assert_ok(ndup__pool_new(&self->pool, 2, NULL, &error), &error);
    *state = self;
    return 0;
}

static int tear_down(void **state)
{
    fixture *self = *state;
    if (self == NULL) {
        return 0;
    }
    ndup__pool_free(self->pool);
    ndup_corpus_close(self->corpus);
    temp_dir_deinit(&self->folder);
    free(self);
    return 0;
}

static fixture *made(void **state)
{
    if (*state == NULL) {
        skip();
    }
    return *state;
}

static bool next(void *context, ndup__wanted_record *record)
{
    fixture *self = context;
    size_t number = self->next * self->step + self->offset;
    if (number >= self->seen_count) {
        return false;
    }
    self->next++;
    *record = (ndup__wanted_record){.place = self->seen[number].place,
                                    .length = self->seen[number].length,
                                    .number = number,
                                    .keeps = self->keeps,
                                    .reads = self->reads};
    return true;
}

static void check_document(const ndup__item *item, uint64_t number)
{
    char text[32];
    int length = snprintf(text, sizeof text, "text %u has the words", (unsigned)number);
    assert_true(item->document.text.length > (size_t)length);
    assert_memory_equal(item->document.text.bytes, text, (size_t)length);
    assert_memory_equal(item->document.text.bytes + item->document.text.length - 6, "an end", 6);
}

static void again(void *context)
{
    ((fixture *)context)->next = 0;
}

static ndup_status take(void *context, const ndup__wanted_record *record, const ndup__item *item,
                        ndup__block *block, unsigned worker, ndup_error *error)
{
    fixture *self = context;
    (void)block, (void)worker, (void)error;
    check_document(item, record->number);
    assert_false(atomic_exchange(&self->was_read[record->number], true));
    return NDUP_STATUS_OK;
}

static ndup_status gather(fixture *self, ndup__gathered *gathered, ndup_error *error)
{
    const ndup__gathering gathering = {.context = self, .next = next, .again = again, .read = take};
    self->next = 0;
    return ndup__corpus_gather(gathered, self->corpus, &gathering, self->pool, error);
}

static bool is_wanted(const fixture *self, size_t number)
{
    return number >= self->offset && (number - self->offset) % self->step == 0;
}

static void check_fetch(fixture *self, ndup__block *block, size_t number)
{
    const seen_document *seen = &self->seen[number];
    bool has_places = ndup__corpus_has_places(self->corpus, NDUP__PLACE_FILE(seen->place));
    ndup__item item;
    ndup_error error;
    ndup_status status =
        ndup__corpus_fetch(self->corpus, seen->place, seen->length, block, &item, &error);
    if (has_places || (self->keeps && is_wanted(self, number))) {
        assert_ok(status, &error);
        check_document(&item, number);
    } else {
        assert_status(status, NDUP_STATUS_INVALID, &error);
        assert_non_null(strstr(error.message, "not gathered"));
    }
}

static void check_gathering(fixture *self, size_t step, size_t offset)
{
    ndup__block block;
    ndup_error error;
    ndup__gathered gathered;
    self->step = step;
    self->offset = offset;
    memset(self->was_read, 0, sizeof self->was_read);
    assert_ok(gather(self, &gathered, &error), &error);
    assert_int_equal(gathered.stored > 0, self->keeps);
    ndup__block_init(&block, NULL);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        assert_int_equal(self->was_read[i], self->reads && is_wanted(self, i));
    }
    for (size_t i = DOCUMENTS; i-- > 0;) {
        check_fetch(self, &block, i);
    }
    ndup__block_deinit(&block);
}

static void test_gather__finds_again_what_was_kept(void **state)
{
    fixture *self = made(state);
    self->keeps = true;
    check_gathering(self, 1, 0);
    check_gathering(self, 97, 5);
    check_gathering(self, 2 * RECORDS + 11, 11); /* one document a file, or none */
}

static void test_gather__hands_out_what_is_read(void **state)
{
    fixture *self = made(state);
    self->reads = true;
    check_gathering(self, 1, 0);
    self->keeps = true;
    check_gathering(self, 61, 7);
}

static void test_gather__only_what_is_kept_is_copied(void **state)
{
    fixture *self = made(state);
    ndup__gathered all, few;
    ndup_error error;
    self->keeps = true;
    self->step = 1;
    assert_ok(gather(self, &all, &error), &error);
    self->step = 1000;
    assert_ok(gather(self, &few, &error), &error);
    assert_true(few.stored > 0 && few.stored < all.stored / 100);
}

/* What both packed files decode up to the documents that are wanted. */
static ndup__gathered gather_some(fixture *self, size_t step, size_t offset)
{
    ndup__gathered gathered;
    ndup_error error;
    self->keeps = true;
    self->step = step;
    self->offset = offset;
    assert_ok(gather(self, &gathered, &error), &error);
    return gathered;
}

static void test_gather__few_are_decoded_from_points(void **state)
{
    fixture *self = made(state);
    ndup__gathered all = gather_some(self, 1, 0);
    assert_u64_equal(all.by_points, 0);
    assert_u64_equal(all.from_beginning, 2);
    ndup__gathered last = gather_some(self, RECORDS, RECORDS - 2);
    assert_u64_equal(last.by_points, 2);
    assert_u64_equal(last.from_beginning, 0);
    assert_true(last.decoded < all.decoded / 5);
    check_gathering(self, RECORDS, RECORDS - 2);
    check_gathering(self, RECORDS / 2, RECORDS / 2 - 1);
    ndup__gathered first = gather_some(self, RECORDS, 1); /* no point stands before it */
    assert_u64_equal(first.by_points, 0);
    assert_true(first.decoded < all.decoded / 100);
}

static void expect_changed(fixture *self, size_t file)
{
    ndup_error error;
    ndup__gathered gathered;
    self->keeps = true;
    self->step = 1;
    assert_status(gather(self, &gathered, &error), NDUP_STATUS_CHANGED, &error);
    assert_non_null(strstr(error.message, strrchr(self->paths[file], '/') + 1));
    assert_non_null(strstr(error.message, "changed"));
}

static void test_gather__names_a_file_that_is_another_one(void **state)
{
    fixture *self = made(state);
    temp_dir_write_text(&self->folder, "a.jsonl.gz", "{\"text\":\"short\"}\n");
    expect_changed(self, 0);
}

static void test_gather__names_a_file_that_is_cut_off(void **state)
{
    fixture *self = made(state);
    size_t length;
    char *bytes = temp_dir_read(&self->folder, "c.jsonl.zst", &length);
    temp_dir_write(&self->folder, "c.jsonl.zst", bytes, length / 2);
    free(bytes);
    expect_changed(self, 2);
}

static void test_gather__names_a_file_that_is_gone(void **state)
{
    fixture *self = made(state);
    ndup_error error;
    ndup__gathered gathered;
    assert_int_equal(remove(self->paths[2]), 0);
    self->keeps = true;
    self->step = 1;
    assert_status(gather(self, &gathered, &error), NDUP_STATUS_NOT_FOUND, &error);
    assert_non_null(strstr(error.message, "c.jsonl.zst"));
}

static bool stop(void *context)
{
    (void)context;
    return false;
}

static void test_gather__can_be_cancelled(void **state)
{
    fixture *self = made(state);
    ndup__pulse pulse = {.beat = stop};
    const ndup__gathering gathering = {
        .context = self, .next = next, .again = again, .read = take, .pulse = &pulse};
    ndup_error error;
    ndup__gathered gathered;
    self->step = 1;
    self->reads = true;
    assert_status(ndup__corpus_gather(&gathered, self->corpus, &gathering, self->pool, &error),
                  NDUP_STATUS_CANCELLED, &error);
}

static ndup_status read_and_gather(void *context, const ndup_allocator *allocator,
                                   ndup_error *error)
{
    fixture *self = context;
    ndup__gathered gathered;
    ndup_corpus *own = self->corpus;
    memset(self->was_read, 0, sizeof self->was_read);
    ndup_status status = open_corpus(self, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = read_all(self, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = gather(self, &gathered, error);
    }
    ndup_corpus_close(self->corpus);
    self->corpus = own;
    return status;
}

static void test_gather__lacks_memory(void **state)
{
    fixture *self = made(state);
    self->keeps = self->reads = true;
    self->step = 500;
    assert_true(fault_loop(read_and_gather, self, 1) > 20);
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_gather__##name, set_up, tear_down)

TEST_MAIN(CASE(finds_again_what_was_kept), CASE(hands_out_what_is_read),
          CASE(only_what_is_kept_is_copied), CASE(few_are_decoded_from_points),
          CASE(names_a_file_that_is_another_one), CASE(names_a_file_that_is_cut_off),
          CASE(names_a_file_that_is_gone), CASE(can_be_cancelled), CASE(lacks_memory))
