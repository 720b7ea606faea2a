/* SPDX-License-Identifier: MIT */
/* Made corpora as sources of documents and as files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/corpus_make.h"
#include "support/test.h"

typedef struct made_reader {
    const made_corpus *corpus;
    size_t next;
    char *record;
} made_reader;

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static ndup_status next_document(void *context, bool *has_document, ndup_document *document,
                                 ndup_error *error)
{
    (void)error;
    made_reader *reader = context;
    *has_document = reader->next < reader->corpus->count;
    if (!*has_document) {
        return NDUP_STATUS_OK;
    }
    const made_document *from = &reader->corpus->items[reader->next++];
    *document = (ndup_document){
        .id = text_of(from->id),
        .source = text_of(from->source),
        .date = text_of(from->date),
        .text = {from->text, from->length},
    };
    if (reader->corpus->as_records) {
        free(reader->record);
        reader->record = made_document_json(from);
        document->record = text_of(reader->record);
    }
    return NDUP_STATUS_OK;
}

static void close_reader(void *context)
{
    made_reader *reader = context;
    free(reader->record);
    free(reader);
}

ndup_source made_corpus_source(const made_corpus *self)
{
    made_reader *reader = malloc(sizeof *reader);
    assert_non_null(reader);
    *reader = (made_reader){.corpus = self};
    return (ndup_source){
        .struct_size = sizeof(ndup_source),
        .context = reader,
        .next = next_document,
        .close = close_reader,
    };
}

ndup_corpus *made_corpus_open(const made_corpus *self, const ndup_allocator *allocator)
{
    ndup_error error;
    ndup_corpus *corpus;
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.allocator = allocator;
    ndup_source source = made_corpus_source(self);
    assert_ok(ndup_corpus_open_source(&corpus, &source, &options, &error), &error);
    return corpus;
}

char *made_document_json(const made_document *document)
{
    char *json = malloc(document->length * 6 + 200);
    assert_non_null(json);
    size_t used =
        (size_t)sprintf(json, "{\"id\":\"%s\",\"source\":\"%s\"", document->id, document->source);
    if (document->date[0] != '\0') {
        used += (size_t)sprintf(json + used, ",\"date\":\"%s\"", document->date);
    }
    if (document->score >= 0) {
        used += (size_t)sprintf(json + used, ",\"score\":%d", document->score);
    }
    used += (size_t)sprintf(json + used, ",\"text\":\"");
    for (size_t i = 0; i < document->length; i++) {
        unsigned char c = (unsigned char)document->text[i];
        if (c < ' ') {
            used += (size_t)sprintf(json + used, "\\u%04x", c);
        } else {
            if (c == '"' || c == '\\') {
                json[used++] = '\\';
            }
            json[used++] = (char)c;
        }
    }
    memcpy(json + used, "\"}", 3);
    return json;
}

void made_corpus_write_jsonl(const made_corpus *self, const temp_dir *dir, const char *name)
{
    char path[1024];
    FILE *file = fopen(temp_dir_path(dir, name, path, sizeof path), "wb");
    assert_non_null(file);
    for (size_t i = 0; i < self->count; i++) {
        char *json = made_document_json(&self->items[i]);
        assert_true(fprintf(file, "%s\n", json) > 0);
        free(json);
    }
    assert_int_equal(fclose(file), 0);
}

void made_corpus_write_folder(const made_corpus *self, const temp_dir *dir, const char *folder)
{
    temp_dir_mkdir(dir, folder);
    for (size_t i = 0; i < self->count; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s/%s.txt", folder, self->items[i].id);
        temp_dir_write(dir, name, self->items[i].text, self->items[i].length);
    }
}
