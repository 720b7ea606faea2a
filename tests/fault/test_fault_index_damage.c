/* SPDX-License-Identifier: MIT */
/* A database of which a byte is another one, or the end is missing: every question is answered as
 * before, or with an error. NEARDUP_DAMAGE_STEP=1 tries every byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "neardup/index.h"
#include "support/index_texts.h"
#include "support/temp_dir.h"
#include "support/test.h"

/* Documents 0 .. OWN-1 have texts of their own, the others are copies of the first ones. Questions
 * are about them, and then about the first ones with a few other words. */
enum { OWN = 8, DOCUMENTS = 11, QUESTIONS = DOCUMENTS + OWN, STEP = 211 };

#define DATABASE "index/documents.sqlite"

/* What an index says of one text, as words. */
typedef struct said {
    char words[200];
} said;

typedef struct fixture {
    temp_dir folder;
    char path[512];
    char *bytes; /* [length] of the sound database */
    size_t length;
    said sound[QUESTIONS];
    unsigned tried, refused, wrong;
} fixture;

static void make_document(index_text *made, unsigned i)
{
    char id[INDEX_ID_BYTES];
    snprintf(id, sizeof id, "document-%u", i < OWN ? i : i - OWN);
    index_text_make(made, id, 1);
    snprintf(made->id, sizeof made->id, "document-%u", i);
    made->document.id = (ndup_text){made->id, strlen(made->id)};
}

static void make_question(index_text *made, unsigned i)
{
    make_document(made, i < DOCUMENTS ? i : i - DOCUMENTS);
    if (i >= DOCUMENTS) {
        memcpy(made->text, "other", 5);
        made->document.id = (ndup_text){"", 0};
    }
}

static ndup_status open_index(fixture *f, ndup_index **index)
{
    const ndup_index_open_options options = {.struct_size = sizeof options};
    ndup_error error = {0};
    return ndup_index_open(index, f->path, &options, NULL, &error);
}

static void add_all(ndup_index *index)
{
    ndup_error error = {0};
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        index_text made;
        make_document(&made, i);
        assert_ok(ndup_index_add(index, NULL, &made.document, 1, &error), &error);
    }
}

/* What the index says; false where it says an error. */
static bool ask(ndup_index *index, said *answer, unsigned i)
{
    index_text made;
    ndup_index_answers *answers;
    ndup_error error = {0};
    const ndup_index_query query = {.struct_size = sizeof query, .matches = 2};
    make_question(&made, i);
    if (ndup_index_check(index, &answers, &made.document, 1, &query, &error) != NDUP_STATUS_OK) {
        assert_true(error.message[0] != '\0');
        return false;
    }
    const ndup_index_answer *told = ndup_index_answers_get(answers, 0);
    int length = snprintf(answer->words, sizeof answer->words,
                          "%d %d group %llu of %llu:", told->is_known, told->is_same_id,
                          (unsigned long long)told->group, (unsigned long long)told->group_size);
    for (size_t k = 0; k < told->match_count; k++) {
        const ndup_index_match *match = &told->matches[k];
        length +=
            snprintf(answer->words + length, sizeof answer->words - (size_t)length,
                     " %.*s %.*s %d %g", (int)match->id.length, match->id.bytes,
                     (int)match->url.length, match->url.bytes, (int)match->kind, match->similarity);
    }
    ndup_index_answers_free(answers);
    return true;
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    ndup_index_options options;
    ndup_index *index;
    ndup_error error = {0};
    assert_non_null(f);
    temp_dir_init(&f->folder);
    temp_dir_path(&f->folder, "index", f->path, sizeof f->path);
    assert_ok(ndup_index_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_index_create(f->path, &options, &error), &error);
    assert_int_equal(open_index(f, &index), NDUP_STATUS_OK);
    add_all(index);
    for (unsigned i = 0; i < QUESTIONS; i++) {
        assert_true(ask(index, &f->sound[i], i));
    }
    ndup_index_close(index);
    f->bytes = temp_dir_read(&f->folder, DATABASE, &f->length);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    temp_dir_deinit(&f->folder);
    free(f->bytes);
    free(f);
    return 0;
}

static void remove_log(const fixture *f)
{
    static const char *const names[] = {"index/documents.sqlite-wal", "index/documents.sqlite-shm"};
    for (size_t i = 0; i < 2; i++) {
        char path[600];
        (void)unlink(temp_dir_path(&f->folder, names[i], path, sizeof path));
    }
}

/* Opens what there is and asks all questions; each is to be answered rightly or refused. */
static void look(fixture *f, size_t at)
{
    ndup_index *index;
    bool is_refused = false;
    bool is_wrong = false;
    f->tried++;
    if (open_index(f, &index) != NDUP_STATUS_OK) {
        f->refused++;
        return;
    }
    for (unsigned i = 0; i < QUESTIONS; i++) {
        said answer;
        bool is_answered = ask(index, &answer, i);
        is_refused |= !is_answered;
        if (is_answered && strcmp(answer.words, f->sound[i].words) != 0) {
            printf("%s at %zu: question %u: '%s', was '%s'\n", is_wrong ? "too" : "byte", at, i,
                   answer.words, f->sound[i].words);
            is_wrong = true;
        }
    }
    f->refused += is_refused;
    f->wrong += is_wrong;
    ndup_index_close(index);
}

static void test_fault_index__of_other_bytes_says_so(void **state)
{
    fixture *f = *state;
    const char *asked = getenv("NEARDUP_DAMAGE_STEP");
    size_t step = asked != NULL && atoi(asked) > 0 ? (size_t)atoi(asked) : STEP;
    for (size_t at = 0; at < f->length; at += step) {
        unsigned char bit = (unsigned char)(1u << (at / step % 8));
        f->bytes[at] = (char)(f->bytes[at] ^ bit);
        remove_log(f);
        temp_dir_write(&f->folder, DATABASE, f->bytes, f->length);
        f->bytes[at] = (char)(f->bytes[at] ^ bit);
        look(f, at);
    }
    printf("%u bytes: %u refused, %u wrong\n", f->tried, f->refused, f->wrong);
    assert_int_equal(f->wrong, 0);
}

static void test_fault_index__cut_short_says_so(void **state)
{
    fixture *f = *state;
    for (size_t length = 0; length < f->length; length += STEP * 7) {
        remove_log(f);
        temp_dir_write(&f->folder, DATABASE, f->bytes, length);
        look(f, length);
    }
    printf("%u lengths: %u refused, %u wrong\n", f->tried, f->refused, f->wrong);
    assert_int_equal(f->wrong, 0);
}

TEST_MAIN(cmocka_unit_test_setup_teardown(test_fault_index__of_other_bytes_says_so, set_up,
                                          tear_down),
          cmocka_unit_test_setup_teardown(test_fault_index__cut_short_says_so, set_up, tear_down))
