/* SPDX-License-Identifier: MIT */
/* tree:DIR, the kept documents in files and folders as they were. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "codec/codec.h"
#include "report/folder_output.h"
#include "report/table_out.h"

#define SHOWN_BYTES 80

/* Documents come file by file, so one file of records is open at a time. */
typedef struct tree_output {
    ndup__folder_output folder;
    char place[NDUP__FOLDER_PATH_BYTES];        /* of the file written last */
    ndup__writer *shard;                        /* open file of records, or NULL */
    char shard_source[NDUP__FOLDER_PATH_BYTES]; /* what its records are read from */
    const ndup_file_name *shard_names;          /* other names of that file */
    size_t shard_name_count;
} tree_output;

/* True for a path that cannot lead out of the folder it is put in. */
static bool is_safe(const char *relative)
{
    for (const char *part = relative;; part++) {
        size_t length = strcspn(part, "/");
        if (length == 0 || (length == 1 && part[0] == '.') ||
            (length == 2 && part[0] == '.' && part[1] == '.')) {
            return false;
        }
        part += length;
        if (*part == '\0') {
            return true;
        }
    }
}

/* Two files of one name: the one of the input that comes first is there. */
static ndup_status fail_twice(const tree_output *tree, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    return ndup__fail(
        error, NDUP_STATUS_EXISTS,
        "two inputs hold %s: give one folder that holds both inputs, or use "
        "jsonl:FILE",
        ndup__shorten_path(shown, sizeof shown, tree->place + tree->folder.temporary_length + 1));
}

static ndup_status find_place(tree_output *tree, const ndup_document *document,
                              const char *relative, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    if (relative == NULL || relative[0] == '\0') {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "document %" PRIu64 " comes from no file and has no place in a tree: "
                          "use jsonl:FILE",
                          document != NULL ? document->number : 0);
    }
    if (document != NULL && document->record.length > 0 && strcmp(relative, "-") == 0) {
        relative = document->row.length > 0 ? "stdin.csv" : "stdin.jsonl";
    }
    if (!is_safe(relative)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "document %" PRIu64 ": the path '%s' must be relative and without "
                          "empty, . and .. parts",
                          document != NULL ? document->number : 0,
                          ndup__shorten_path(shown, sizeof shown, relative));
    }
    ndup_status status = ndup__folder_output_place(tree->place, &tree->folder, relative, error);
    return status == NDUP_STATUS_EXISTS ? fail_twice(tree, error) : status;
}

/* Gives the file written last the other names that its input has. */
static ndup_status add_names(tree_output *tree, const ndup_file_name *names, size_t count,
                             ndup_error *error)
{
    char first[NDUP__FOLDER_PATH_BYTES];
    ndup_status status = NDUP_STATUS_OK;
    memcpy(first, tree->place, sizeof first);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = find_place(tree, NULL, names[i].relative, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__file_link(first, tree->place, error);
        }
        if (status == NDUP_STATUS_EXISTS) {
            status = fail_twice(tree, error);
        }
    }
    return status;
}

static ndup_status commit_shard(tree_output *tree, ndup_error *error)
{
    if (tree->shard == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__writer_commit(tree->shard, error);
    ndup__writer_close(tree->shard);
    tree->shard = NULL;
    return status == NDUP_STATUS_OK
               ? add_names(tree, tree->shard_names, tree->shard_name_count, error)
               : status;
}

static ndup_status open_shard(tree_output *tree, const char *source, const ndup_document *document,
                              ndup_error *error)
{
    ndup_status status =
        ndup__writer_open(&tree->shard, tree->place, false, &tree->folder.base.allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status == NDUP_STATUS_EXISTS ? fail_twice(tree, error) : status;
    }
    if (strlen(source) >= sizeof tree->shard_source) {
        return ndup__folder_output_fail_long(source, error);
    }
    memcpy(tree->shard_source, source, strlen(source) + 1);
    tree->shard_names = document->other_names;
    tree->shard_name_count = document->other_name_count;
    return NDUP_STATUS_OK;
}

static ndup_status write_record(tree_output *tree, const ndup_document *document, ndup_error *error)
{
    const char *source = document->path != NULL ? document->path : document->relative;
    ndup_status status = NDUP_STATUS_OK;
    if (tree->shard == NULL || strcmp(tree->shard_source, source) != 0) {
        status = commit_shard(tree, error);
        if (status == NDUP_STATUS_OK) {
            status = find_place(tree, document, document->relative, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = open_shard(tree, source, document, error);
        }
        if (status == NDUP_STATUS_OK) {
            ndup_text head = document->table_head;
            status = ndup__writer_write(tree->shard, head.bytes, head.length, error);
        }
    }
    bool is_row = document->row.length > 0;
    ndup_text record = is_row ? document->row : document->record;
    const char *line_end = is_row ? ndup__table_line_end(document->table_head) : "\n";
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_write(tree->shard, record.bytes, record.length, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__writer_write(tree->shard, line_end, strlen(line_end), error)
               : status;
}

static ndup_status write_plain(const tree_output *tree, ndup_text content, ndup_error *error)
{
    int descriptor;
    ndup_status status = ndup__file_create(&descriptor, tree->place, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__file_write_all(descriptor, content.bytes, content.length, tree->place, error);
    if (status != NDUP_STATUS_OK) {
        ndup__file_close_quietly(descriptor);
        return status;
    }
    return ndup__file_close(descriptor, tree->place, error);
}

/* Writes a file whose name says that it is compressed. */
static ndup_status write_compressed(const tree_output *tree, ndup_text content, ndup_error *error)
{
    ndup__writer *writer;
    ndup_status status =
        ndup__writer_open(&writer, tree->place, false, &tree->folder.base.allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_write(writer, content.bytes, content.length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_commit(writer, error);
    }
    ndup__writer_close(writer);
    return status;
}

static ndup_status write_file(tree_output *tree, const ndup_document *document, ndup_error *error)
{
    ndup_text content = document->original.length > 0 ? document->original : document->text;
    ndup_status status = find_place(tree, document, document->relative, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__codec_by_name(tree->place) != NULL ? write_compressed(tree, content, error)
                                                          : write_plain(tree, content, error);
    }
    if (status == NDUP_STATUS_EXISTS) {
        return fail_twice(tree, error);
    }
    return status == NDUP_STATUS_OK
               ? add_names(tree, document->other_names, document->other_name_count, error)
               : status;
}

static ndup_status take_document(void *context, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    if (!verdict->kept) {
        return NDUP_STATUS_OK;
    }
    return document->record.length > 0 ? write_record(context, document, error)
                                       : write_file(context, document, error);
}

static ndup_status begin(void *context, const ndup_result *result, ndup_error *error)
{
    const char *const *inputs;
    size_t input_count = ndup_result_inputs(result, &inputs);
    return ndup__folder_output_begin(context, inputs, input_count, error);
}

static ndup_status finish(void *context, ndup_error *error)
{
    tree_output *tree = context;
    ndup_status status = commit_shard(tree, error);
    return status == NDUP_STATUS_OK ? ndup__folder_output_finish(&tree->folder, error) : status;
}

static void give_up(void *context)
{
    tree_output *tree = context;
    ndup__writer_close(tree->shard);
    tree->shard = NULL;
    ndup__folder_output_give_up(&tree->folder);
}

static ndup_status open_tree(ndup__output **output, const char *path,
                             const ndup_output_options *options, ndup_error *error)
{
    ndup_status status =
        ndup__folder_output_open(output, sizeof(tree_output), path, options, error);
    if (status == NDUP_STATUS_OK) {
        ndup_sink *sink = &(*output)->sink;
        sink->wants_records = true;
        sink->folds = true;
        sink->begin = begin;
        sink->document = take_document;
        sink->finish = finish;
        sink->abort = give_up;
        sink->close = give_up;
    }
    return status;
}

const ndup__output_kind ndup__output_tree = {
    .info = {"tree", "kept documents as files, in folders as they were"},
    .open = open_tree,
};
