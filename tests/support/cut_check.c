/* SPDX-License-Identifier: MIT */
/* Cutting and scanning by hand what the corpus would cut and scan. */
#include "support/cut_check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "corpus/corpus_state.h"

enum { PATH_BYTES = 256 };

static void check(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "cut_check: %s\n", what);
        abort();
    }
}

/* Empty files, made once, since a corpus tells the format by a name. */
enum { NAMES = 8 };
static char made_folder[PATH_BYTES];
static char made_paths[NAMES][2 * PATH_BYTES];
static size_t made_count;

static void remove_files(void)
{
    for (size_t i = 0; i < made_count; i++) {
        unlink(made_paths[i]);
    }
    rmdir(made_folder);
}

static const char *make_file(const char *name)
{
    const char *root = getenv("TMPDIR");
    if (made_folder[0] == '\0') {
        snprintf(made_folder, sizeof made_folder, "%s/cut-XXXXXX", root != NULL ? root : "/tmp");
        check(mkdtemp(made_folder) != NULL, "no temporary folder");
        check(atexit(remove_files) == 0, "no end");
    }
    for (size_t i = 0; i < made_count; i++) {
        if (strcmp(made_paths[i] + strlen(made_folder) + 1, name) == 0) {
            return made_paths[i];
        }
    }
    check(made_count < NAMES, "too many names");
    char *path = made_paths[made_count++];
    snprintf(path, sizeof made_paths[0], "%s/%s", made_folder, name);
    FILE *file = fopen(path, "w");
    check(file != NULL && fclose(file) == 0, "no temporary file");
    return path;
}

/* A corpus of one file that is never read. */
typedef struct cut_reading {
    ndup_corpus *corpus;
    ndup__block block;
    ndup__block again; /* for documents that are read again */
    const uint8_t *data;
    cut_result result;
} cut_reading;

static void open_reading(cut_reading *self, const char *name, const uint8_t *data)
{
    ndup_error error = {0};
    const char *path = make_file(name);
    *self = (cut_reading){.data = data};
    ndup_status status = ndup_corpus_open(&self->corpus, &path, 1, NULL, NULL, &error);
    check(status == NDUP_STATUS_OK, error.message);
    ndup__block_init(&self->block, NULL);
    ndup__block_init(&self->again, NULL);
}

static void close_reading(cut_reading *self)
{
    ndup__block_deinit(&self->block);
    ndup__block_deinit(&self->again);
    ndup_corpus_close(self->corpus);
}

static void mix(uint64_t *hash, const void *bytes, size_t length)
{
    *hash = ndup__hash_bytes(bytes, length, *hash);
}

static void load(const cut_reading *self, ndup__block *block, uint64_t offset, size_t length)
{
    ndup_error error = {0};
    ndup_status status = ndup__block_reserve(block, length + 1, &error);
    check(status == NDUP_STATUS_OK, error.message);
    if (length > 0) {
        memcpy(block->bytes, self->data + offset, length);
    }
    block->length = length;
    block->offset = offset;
    block->lines = 0;
    block->note_count = 0;
    block->passed_over = (ndup__passed_over){.records = 0};
}

static bool is_same(ndup_text a, ndup_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

/* The document as it was seen first. */
typedef struct sight {
    const ndup_document *document;
    size_t count;
} sight;

static ndup_status see_again(void *context, const ndup__item *item, ndup_error *error)
{
    sight *first = context;
    (void)error;
    first->count++;
    check(is_same(first->document->text, item->document.text), "another text when read again");
    check(is_same(first->document->id, item->document.id), "another id when read again");
    check(first->document->length == item->document.length, "another length when read again");
    return NDUP_STATUS_OK;
}

static ndup_status see(void *context, const ndup__item *item, ndup_error *error)
{
    cut_reading *self = context;
    const ndup_document *document = &item->document;
    sight first = {.document = document};
    ndup__visitor visitor = {.context = &first, .visit = see_again};
    self->result.documents++;
    uint64_t *hash = &self->result.document_hash;
    mix(hash, &document->offset, sizeof document->offset);
    mix(hash, &document->length, sizeof document->length);
    mix(hash, document->text.bytes, document->text.length);
    load(self, &self->again, document->offset, document->length);
    ndup_status status = ndup__corpus_scan(self->corpus, &self->again, &visitor, error);
    check(first.count == 1, "not one document when read again");
    return status;
}

static void scan(cut_reading *self, uint64_t offset, size_t length)
{
    ndup_error error = {0};
    ndup__visitor visitor = {.context = self, .visit = see};
    load(self, &self->block, offset, length);
    ndup_status status = ndup__corpus_scan(self->corpus, &self->block, &visitor, &error);
    check(status == NDUP_STATUS_OK, error.message);
    self->result.notes += self->block.note_count;
    for (size_t i = 0; i < self->block.note_count; i++) {
        const ndup__note *note = &self->block.notes[i];
        if (getenv("CUT_CHECK_VERBOSE") != NULL) {
            fprintf(stderr, "note at %zu: %s\n", (size_t)note->offset, note->message);
        }
        mix(&self->result.note_hash, &note->offset, sizeof note->offset);
        mix(&self->result.note_hash, note->message, strlen(note->message));
    }
}

/* Drops what belongs to a record that was given up; returns how far it got. */
static size_t skip(ndup__corpus_file *file, bool *skipping, const char *bytes, size_t left,
                   size_t step)
{
    for (size_t length = step < left ? step : left;;
         length = left - length > step ? length + step : left) {
        size_t next;
        *skipping = !file->format->find_next(&next, file, bytes, length);
        check(next <= length, "a record found behind the bytes");
        if (*skipping && length == left) {
            return left;
        }
        if (!*skipping || next > 0) {
            return next;
        }
    }
}

static size_t take(cut_reading *self, bool *skipping, const char *bytes, size_t left, size_t step)
{
    ndup__corpus_file *file = &self->corpus->files[0];
    for (size_t length = step < left ? step : left;;
         length = left - length > step ? length + step : left) {
        ndup__cut cut = {.offset = (uint64_t)(bytes - (const char *)self->data)};
        ndup_error error = {0};
        ndup_status status =
            file->format->cut(&cut, self->corpus, file, bytes, length, length == left, &error);
        check(status == NDUP_STATUS_OK, error.message);
        check(cut.whole <= length, "more bytes than there are");
        if (length == left) {
            return left;
        }
        if (cut.whole > 0) {
            *skipping = cut.skip;
            return cut.whole;
        }
    }
}

/* Tables are told by their first 64 KiB, whatever the size of blocks. */
static void read_columns(cut_reading *self, size_t size)
{
    ndup__corpus_file *file = &self->corpus->files[0];
    ndup__cut cut = {0};
    ndup_error error = {0};
    if (file->format->is_table) {
        ndup_status status = file->format->cut(&cut, self->corpus, file, (const char *)self->data,
                                               size, true, &error);
        check(status == NDUP_STATUS_OK, error.message);
    }
}

cut_result cut_check_read(const char *name, const uint8_t *data, size_t size, size_t step)
{
    cut_reading self;
    bool skipping = false;
    open_reading(&self, name, data);
    read_columns(&self, size);
    for (size_t at = 0; at < size;) {
        const char *bytes = (const char *)data + at;
        if (skipping) {
            at += skip(&self.corpus->files[0], &skipping, bytes, size - at, step > 0 ? step : size);
        } else {
            size_t whole = take(&self, &skipping, bytes, size - at, step > 0 ? step : size);
            scan(&self, at, whole);
            at += whole;
        }
    }
    close_reading(&self);
    return self.result;
}

cut_result cut_check(const char *name, const uint8_t *data, size_t size, size_t step)
{
    cut_result whole = cut_check_read(name, data, size, 0);
    cut_result pieces = cut_check_read(name, data, size, step);
    check(whole.documents == pieces.documents, "another number of documents in small blocks");
    check(whole.notes == pieces.notes, "another number of notes in small blocks");
    check(whole.document_hash == pieces.document_hash, "other documents in small blocks");
    check(whole.note_hash == pieces.note_hash, "other notes in small blocks");
    return whole;
}
