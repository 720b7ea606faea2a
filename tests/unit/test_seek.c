/* SPDX-License-Identifier: MIT */
/* A corpus that is read from the middle on gives what the whole reading gave from there on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "corpus/seek.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { RECORDS = 300, WORDS = 500, FILES_MOST = 8, MOST_BYTES = 4 << 20, MARKS_MOST = 200 };

typedef struct layout {
    const char *name;
    const char *head;
    const char *before; /* a record's number stands between this and `between` */
    const char *between;
    const char *after;
    const char *tail;
    bool is_wide; /* written as UTF-16 */
} layout;

static const layout layouts[] = {
    {"a.jsonl", "", "{\"id\":\"", "\",\"text\":\"", "\"}\n", "", false},
    {"b.csv", "id,text\n", "", ",\"two\nlines ", "\"\n", "", false},
    {"c.json", "[", "{\"id\":\"", "\",\"text\":\"", "\"},", "{\"id\":\"z\",\"text\":\"end\"}]",
     false},
    {"d.csv", "id,text\n", "", ",\"wide ", "\"\n", "", true},
    {"e.rss", "<rss><channel>", "<item><guid>", "</guid><title>", "</title></item>",
     "</channel></rss>", false},
    {"f.txt", "one document", "", " ", "", "", false},
    {"g.txt", "another document", "", " ", "", "", false},
};

static size_t widen(char *wide, const char *bytes, size_t length)
{
    memcpy(wide, "\xff\xfe", 2);
    for (size_t i = 0; i < length; i++) {
        wide[2 + 2 * i] = bytes[i];
        wide[3 + 2 * i] = 0;
    }
    return 2 + 2 * length;
}

static void write_file(const temp_dir *folder, const layout *chosen)
{
    char *bytes = malloc(MOST_BYTES);
    char *wide = malloc(2 * MOST_BYTES + 2);
    assert_non_null(bytes);
    assert_non_null(wide);
    size_t at = (size_t)sprintf(bytes, "%s", chosen->head);
    int records = chosen->after[0] != '\0' ? RECORDS : 1;
    for (int i = 0; i < records; i++) {
        at += (size_t)sprintf(bytes + at, "%s%s%d%s", chosen->before, chosen->name, i,
                              chosen->between);
        for (int k = 0; k < WORDS; k++) {
            at += (size_t)sprintf(bytes + at, "w%d ", i * 7 + k);
        }
        at += (size_t)sprintf(bytes + at, "%s", chosen->after);
    }
    at += (size_t)sprintf(bytes + at, "%s", chosen->tail);
    if (chosen->is_wide) {
        temp_dir_write(folder, chosen->name, wide, widen(wide, bytes, at));
    } else {
        temp_dir_write(folder, chosen->name, bytes, at);
    }
    free(wide);
    free(bytes);
}

/* What is read: a hash of every document and its place, in order. */
typedef struct sightings {
    uint64_t hashes[FILES_MOST * (RECORDS + 1)];
    ndup__place places[FILES_MOST * (RECORDS + 1)];
    uint32_t lengths[FILES_MOST * (RECORDS + 1)];
    size_t count;
} sightings;

/* Where a block ended, and how many documents had come. */
typedef struct mark {
    ndup__place next;
    size_t count;
    ndup__passed_file passed[FILES_MOST];
} mark;

static ndup_status see(void *context, const ndup__item *item, ndup_error *error)
{
    (void)error;
    sightings *seen = context;
    ndup_text text = item->document.text;
    ndup_text id = item->document.id;
    uint64_t hash = ndup__hash_bytes(id.bytes, id.length, item->place);
    seen->places[seen->count] = item->place;
    seen->lengths[seen->count] = (uint32_t)item->document.length;
    seen->hashes[seen->count++] = ndup__hash_bytes(text.bytes, text.length, hash);
    return NDUP_STATUS_OK;
}

/* Reads on to the end; marks may be NULL. */
static size_t read_on(ndup_corpus *corpus, sightings *seen, mark *marks)
{
    ndup__block block;
    ndup_error error;
    ndup__visitor visitor = {.context = seen, .visit = see};
    bool more = true;
    size_t count = 0;
    ndup__block_init(&block, NULL);
    while (more) {
        assert_ok(ndup__corpus_take(corpus, &block, &more, &error), &error);
        assert_ok(more ? ndup__corpus_scan(corpus, &block, &visitor, &error) : 0, &error);
        if (more && marks != NULL && block.can_go_on) {
            mark *made = &marks[count++];
            assert_in_range(count, 1, MARKS_MOST);
            *made = (mark){.next = block.next, .count = seen->count};
            for (uint32_t i = 0; i < NDUP__PLACE_FILE(block.next); i++) {
                made->passed[i] = ndup__corpus_passed(corpus, i);
            }
        }
    }
    ndup__block_deinit(&block);
    return count;
}

static void check_fetch(ndup_corpus *corpus, const sightings *whole, size_t number)
{
    ndup__block block;
    ndup__item item;
    ndup_error error;
    sightings *again = calloc(1, sizeof *again);
    assert_non_null(again);
    ndup__block_init(&block, NULL);
    if (ndup__corpus_has_places(corpus, NDUP__PLACE_FILE(whole->places[number]))) {
        assert_ok(ndup__corpus_fetch(corpus, whole->places[number], whole->lengths[number], &block,
                                     &item, &error),
                  &error);
        assert_ok(see(again, &item, &error), &error);
        assert_u64_equal(again->hashes[0], whole->hashes[number]);
    }
    ndup__block_deinit(&block);
    free(again);
}

static void check_mark(const char *const *paths, size_t count, const sightings *whole,
                       const mark *begin)
{
    ndup_corpus *corpus;
    ndup_error error;
    sightings *rest = calloc(1, sizeof *rest);
    assert_non_null(rest);
    assert_ok(ndup_corpus_open(&corpus, paths, count, NULL, NULL, &error), &error);
    assert_ok(ndup__corpus_seek(corpus, begin->next, begin->passed, &error), &error);
    read_on(corpus, rest, NULL);
    assert_u64_equal(begin->count + rest->count, whole->count);
    assert_memory_equal(rest->hashes, whole->hashes + begin->count, rest->count * 8);
    check_fetch(corpus, whole, 0);
    check_fetch(corpus, whole, begin->count / 2);
    rest->count = 0;
    assert_ok(ndup__corpus_rewind(corpus, &error), &error);
    read_on(corpus, rest, NULL); /* a later pass sees all of it */
    assert_u64_equal(rest->count, whole->count);
    ndup_corpus_close(corpus);
    free(rest);
}

static void check_files(const layout *chosen, size_t count)
{
    temp_dir folder;
    char rooms[FILES_MOST][512];
    const char *paths[FILES_MOST];
    ndup_corpus *corpus;
    ndup_error error;
    sightings *whole = calloc(1, sizeof *whole);
    mark *marks = calloc(MARKS_MOST, sizeof *marks);
    assert_non_null(whole);
    assert_non_null(marks);
    temp_dir_init(&folder);
    for (size_t i = 0; i < count; i++) {
        write_file(&folder, &chosen[i]);
        paths[i] = temp_dir_path(&folder, chosen[i].name, rooms[i], sizeof rooms[i]);
    }
    assert_ok(ndup_corpus_open(&corpus, paths, count, NULL, NULL, &error), &error);
    size_t mark_count = read_on(corpus, whole, marks);
    ndup_corpus_close(corpus);
    assert_true(whole->count > 0);
    assert_true(mark_count > 0);
    for (size_t i = 0; i < mark_count; i++) {
        check_mark(paths, count, whole, &marks[i]);
    }
    temp_dir_deinit(&folder);
    free(marks);
    free(whole);
}

static void test_seek__goes_on_at_every_block(void **state)
{
    (void)state;
    size_t count = sizeof layouts / sizeof layouts[0];
    for (size_t i = 0; i < count; i++) {
        check_files(&layouts[i], 1);
    }
    check_files(layouts, count);
}

static void test_seek__refuses_a_file_that_ends_before(void **state)
{
    (void)state;
    temp_dir folder;
    char room[512];
    ndup_corpus *corpus;
    ndup_error error;
    ndup__passed_file none = {0};
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "a.jsonl", "{\"text\":\"one\"}\n");
    const char *path = temp_dir_path(&folder, "a.jsonl", room, sizeof room);
    assert_ok(ndup_corpus_open(&corpus, &path, 1, NULL, NULL, &error), &error);
    assert_int_equal(ndup__corpus_seek(corpus, 1000, &none, &error), NDUP_STATUS_CHANGED);
    ndup_corpus_close(corpus);
    temp_dir_deinit(&folder);
}

static void test_seek__knows_what_lasts(void **state)
{
    (void)state;
    const char *paths[] = {"/dev/null"};
    const char *name;
    ndup_corpus *corpus;
    ndup_error error;
    assert_ok(ndup_corpus_open(&corpus, paths, 1, NULL, NULL, &error), &error);
    assert_false(ndup__corpus_is_lasting(&name, corpus));
    ndup_corpus_close(corpus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seek__goes_on_at_every_block),
        cmocka_unit_test(test_seek__refuses_a_file_that_ends_before),
        cmocka_unit_test(test_seek__knows_what_lasts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
