/* SPDX-License-Identifier: MIT */
/* tree:DIR, the kept documents in files and folders as they were. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "report/sink.h"

#define SHOWN_BYTES 80
#define TEMPORARY_ATTEMPTS 100
/* Of the folder's name in the temporary name, whose length systems limit to 255. */
#define TEMPORARY_BASE_BYTES 180

/* The tree grows in a temporary folder: beside DIR, which the finished tree then becomes, or inside
 * a DIR that is there already, into which its files are then moved. Documents come file by file, so
 * one file of records is open at a time. */
typedef struct tree_output {
    ndup__output base;
    bool replaces; /* DIR was there at begin */
    bool is_made;  /* the temporary folder exists */
    char temporary[NDUP__FOLDER_PATH_BYTES];
    size_t temporary_length;
    char place[NDUP__FOLDER_PATH_BYTES];        /* of the file written last */
    ndup__writer *shard;                        /* open file of records, or NULL */
    char shard_source[NDUP__FOLDER_PATH_BYTES]; /* what its records are read from */
} tree_output;

static ndup_status fail_long(const char *path, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    return ndup__fail(error, NDUP_STATUS_IO, "path of more than %d bytes: %s",
                      NDUP__FOLDER_PATH_BYTES - 1, ndup__shorten_path(shown, sizeof shown, path));
}

/* Writes the name of a new temporary folder. */
static ndup_status name_temporary(tree_output *tree, ndup_error *error)
{
    static atomic_uint_fast64_t counter;
    const char *path = tree->base.path;
    const char *slash = strrchr(path, '/');
    size_t folder = slash != NULL ? (size_t)(slash + 1 - path) : 0;
    uint64_t number = atomic_fetch_add(&counter, 1);
    size_t room = sizeof tree->temporary;
    int length = tree->replaces
                     ? snprintf(tree->temporary, room, "%s/.neardup.tmp-%ld-%" PRIu64, path,
                                (long)getpid(), number)
                     : snprintf(tree->temporary, room, "%.*s.%.*s.tmp-%ld-%" PRIu64, (int)folder,
                                path, TEMPORARY_BASE_BYTES, path + folder, (long)getpid(), number);
    if (length < 0 || (size_t)length >= room) {
        return fail_long(path, error);
    }
    tree->temporary_length = (size_t)length;
    return NDUP_STATUS_OK;
}

static ndup_status make_temporary(tree_output *tree, ndup_error *error)
{
    ndup_error cause = {.status = NDUP_STATUS_OK};
    ndup_status status = NDUP_STATUS_EXISTS;
    for (int i = 0; i < TEMPORARY_ATTEMPTS && status == NDUP_STATUS_EXISTS; i++) {
        status = name_temporary(tree, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        status = ndup__folder_make_new(tree->temporary, &cause);
    }
    tree->is_made = status == NDUP_STATUS_OK;
    if (tree->is_made) {
        return status;
    }
    char shown[SHOWN_BYTES];
    return ndup__fail_errno(error, status, cause.system_errno, "cannot make folder %s",
                            ndup__shorten_path(shown, sizeof shown, tree->base.path));
}

static ndup_status check_target(bool *is_there, const char *path, bool overwrite, ndup_error *error)
{
    ndup__file_info info;
    char shown[SHOWN_BYTES];
    ndup_status status = ndup__file_get_info(&info, path, error);
    *is_there = status == NDUP_STATUS_OK;
    if (status == NDUP_STATUS_NOT_FOUND) {
        return NDUP_STATUS_OK;
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__shorten_path(shown, sizeof shown, path);
    if (info.kind != NDUP__FILE_DIRECTORY) {
        return ndup__fail(error, NDUP_STATUS_EXISTS, "cannot make folder %s: it is a file", shown);
    }
    return overwrite ? NDUP_STATUS_OK
                     : ndup__fail(error, NDUP_STATUS_EXISTS,
                                  "cannot make folder %s: it exists already", shown);
}

static ndup_status begin(void *context, const ndup_result *result, ndup_error *error)
{
    tree_output *tree = context;
    ndup_status status =
        check_target(&tree->replaces, tree->base.path, tree->base.overwrite, error);
    if (status == NDUP_STATUS_OK) {
        const char *const *inputs;
        size_t input_count = ndup_result_inputs(result, &inputs);
        status = ndup__refuse_input(inputs, input_count, tree->base.path, error);
    }
    return status == NDUP_STATUS_OK ? make_temporary(tree, error) : status;
}

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

static ndup_status find_place(tree_output *tree, const ndup_document *document, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    const char *relative = document->relative;
    if (relative == NULL || relative[0] == '\0') {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "document %" PRIu64 " comes from no file and has no place in a tree: "
                          "use jsonl:FILE",
                          document->number);
    }
    if (document->record.length > 0 && strcmp(relative, "-") == 0) {
        relative = "stdin.jsonl";
    }
    if (!is_safe(relative)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "document %" PRIu64 ": the path '%s' must be relative and without "
                          "empty, . and .. parts",
                          document->number, ndup__shorten_path(shown, sizeof shown, relative));
    }
    int length = snprintf(tree->place, sizeof tree->place, "%s/%s", tree->temporary, relative);
    if (length < 0 || (size_t)length >= sizeof tree->place) {
        return fail_long(relative, error);
    }
    return NDUP_STATUS_OK;
}

/* Two files of one name: the one of the input that comes first is there. */
static ndup_status fail_twice(const tree_output *tree, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    return ndup__fail(
        error, NDUP_STATUS_EXISTS,
        "two inputs hold %s: give one folder that holds both inputs, or use "
        "jsonl:FILE",
        ndup__shorten_path(shown, sizeof shown, tree->place + tree->temporary_length + 1));
}

static ndup_status commit_shard(tree_output *tree, ndup_error *error)
{
    if (tree->shard == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__writer_commit(tree->shard, error);
    ndup__writer_close(tree->shard);
    tree->shard = NULL;
    return status;
}

static ndup_status open_shard(tree_output *tree, const char *source, ndup_error *error)
{
    ndup_status status = ndup__folder_make_parents(tree->place, tree->temporary_length + 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_open(&tree->shard, tree->place, false, &tree->base.allocator, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status == NDUP_STATUS_EXISTS ? fail_twice(tree, error) : status;
    }
    if (strlen(source) >= sizeof tree->shard_source) {
        return fail_long(source, error);
    }
    memcpy(tree->shard_source, source, strlen(source) + 1);
    return NDUP_STATUS_OK;
}

static ndup_status write_record(tree_output *tree, const ndup_document *document, ndup_error *error)
{
    const char *source = document->path != NULL ? document->path : document->relative;
    ndup_status status = NDUP_STATUS_OK;
    if (tree->shard == NULL || strcmp(tree->shard_source, source) != 0) {
        status = commit_shard(tree, error);
        if (status == NDUP_STATUS_OK) {
            status = find_place(tree, document, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = open_shard(tree, source, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__writer_write(tree->shard, document->record.bytes, document->record.length, error);
    }
    return status == NDUP_STATUS_OK ? ndup__writer_write(tree->shard, "\n", 1, error) : status;
}

static ndup_status write_file(tree_output *tree, const ndup_document *document, ndup_error *error)
{
    int descriptor;
    ndup_status status = find_place(tree, document, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__folder_make_parents(tree->place, tree->temporary_length + 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_create(&descriptor, tree->place, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status == NDUP_STATUS_EXISTS ? fail_twice(tree, error) : status;
    }
    ndup_text content = document->original.length > 0 ? document->original : document->text;
    status = ndup__file_write_all(descriptor, content.bytes, content.length, tree->place, error);
    if (status != NDUP_STATUS_OK) {
        ndup__file_close_quietly(descriptor);
        return status;
    }
    return ndup__file_close(descriptor, tree->place, error);
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

static ndup_status finish(void *context, ndup_error *error)
{
    tree_output *tree = context;
    ndup_status status = commit_shard(tree, error);
    return status == NDUP_STATUS_OK ? ndup__folder_sync_all(tree->temporary, error) : status;
}

static ndup_status commit(void *context, ndup_error *error)
{
    tree_output *tree = context;
    ndup_status status = tree->replaces
                             ? ndup__folder_merge(tree->temporary, tree->base.path, error)
                             : ndup__folder_rename_new(tree->temporary, tree->base.path, error);
    tree->is_made = status != NDUP_STATUS_OK;
    return status == NDUP_STATUS_OK ? ndup__folder_sync_all(tree->base.path, error) : status;
}

static void give_up(void *context)
{
    tree_output *tree = context;
    ndup__writer_close(tree->shard);
    tree->shard = NULL;
    if (tree->is_made) {
        /* What cannot be removed stays under its temporary name: nothing more can be done. */
        ndup_status ignored = ndup__folder_remove_tree(tree->temporary, NULL);
        (void)ignored;
        tree->is_made = false;
    }
}

static ndup_status open_tree(ndup__output **output, const char *path,
                             const ndup_output_options *options, ndup_error *error)
{
    bool is_there;
    *output = NULL;
    if (strcmp(path, "-") == 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "tree outputs are folders: standard output cannot be one");
    }
    ndup_status status =
        check_target(&is_there, path, options != NULL && options->overwrite, error);
    ndup__output *made;
    if (status == NDUP_STATUS_OK) {
        status = ndup__output_new(&made, sizeof(tree_output), path, options, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t length = strlen(made->path); length > 1 && made->path[length - 1] == '/';) {
        made->path[--length] = '\0';
    }
    made->sink.wants_records = true;
    made->sink.begin = begin;
    made->sink.document = take_document;
    made->sink.finish = finish;
    made->sink.commit = commit;
    made->sink.abort = give_up;
    made->sink.close = give_up;
    *output = made;
    return NDUP_STATUS_OK;
}

const ndup__output_kind ndup__output_tree = {
    .info = {"tree", "kept documents as files, in folders as they were"},
    .open = open_tree,
};
