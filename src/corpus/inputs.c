/* SPDX-License-Identifier: MIT */
/* From the inputs as given to the list of files: folders are walked, formats are told by suffix. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "codec/codec.h"
#include "corpus/corpus_state.h"

static const ndup__format *const formats[] = {
    &ndup__format_lines,   &ndup__format_plain, &ndup__format_page,   &ndup__format_csv,
    &ndup__format_tsv,     &ndup__format_warc,  &ndup__format_feed,   &ndup__format_subtitles,
    &ndup__format_archive, &ndup__format_mail,  &ndup__format_mailbox};
#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

/* Whether name[0..length) ends with the suffix, which is in lower case, in any case. */
static bool ends_with(const char *name, size_t length, const char *suffix)
{
    size_t suffix_length = strlen(suffix);
    size_t same = 0;
    while (length > suffix_length && same < suffix_length) {
        char byte = name[length - suffix_length + same];
        if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != suffix[same]) {
            break;
        }
        same++;
    }
    return length > suffix_length && same == suffix_length;
}

const ndup__format *ndup__corpus_format_of(const char *name)
{
    const ndup__codec *codec = ndup__codec_by_name(name);
    size_t length = strlen(name) - (codec != NULL ? strlen(codec->suffix) : 0);
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (codec != NULL && !formats[i]->streams) {
            continue;
        }
        for (const char *const *suffix = formats[i]->suffixes; *suffix != NULL; suffix++) {
            if (ends_with(name, length, *suffix)) {
                return formats[i];
            }
        }
    }
    return NULL;
}

const ndup__format *ndup__corpus_recognise(const char *bytes, size_t length)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (formats[i]->recognises != NULL && formats[i]->recognises(bytes, length)) {
            return formats[i];
        }
    }
    return NULL;
}

typedef struct folder_walk {
    ndup_corpus *corpus;
    const char *input;    /* the folder as given */
    ndup__arena names;    /* of the folders on the way down */
    uint64_t other_files; /* files of no known format */
} folder_walk;

static ndup_status note_path(ndup_corpus *corpus, const char *path, const ndup_error *cause,
                             ndup_error *error)
{
    char *kept;
    ndup_status status = ndup__arena_copy(&corpus->strings, &kept, path, strlen(path), error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__block_note(&corpus->opening, kept, 0, 0, (ndup_text){NULL, 0}, cause, error);
    }
    return status;
}

ndup_status ndup__corpus_name_kept(const char **kept, ndup_corpus *corpus, const char *relative,
                                   const ndup__format *format, ndup_error *error)
{
    static const char suffix[] = ".jsonl";
    const ndup__codec *codec = ndup__codec_by_name(relative);
    size_t length = strlen(relative);
    size_t stem = length - (codec != NULL ? strlen(codec->suffix) : 0);
    void *block = NULL;
    *kept = relative;
    if (!format->is_converted) {
        return NDUP_STATUS_OK;
    }
    if (strcmp(relative, "-") == 0) {
        *kept = "stdin.jsonl";
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__arena_take(&corpus->strings, &block, length + sizeof suffix, error);
    if (status == NDUP_STATUS_OK) {
        snprintf(block, length + sizeof suffix, "%.*s%s%s", (int)stem, relative, suffix,
                 relative + stem);
        *kept = block;
    }
    return status;
}

static ndup_status add_file(folder_walk *walk, const char *path, const char *relative,
                            const ndup__file_info *info, const ndup__format *format,
                            ndup_error *error)
{
    const char *slash = strchr(relative, '/');
    char folder[256] = "";
    if (slash != NULL && (size_t)(slash - relative) < sizeof folder) {
        memcpy(folder, relative, (size_t)(slash - relative));
        folder[slash - relative] = '\0';
    }
    ndup__corpus_file file = {.path = path,
                              .id = walk->corpus->input_count > 1 ? path : relative,
                              .folder = folder,
                              .format = format,
                              .size = info->size,
                              .modified_ns = info->modified_ns};
    ndup_status status =
        ndup__corpus_name_kept(&file.relative, walk->corpus, relative, format, error);
    return status == NDUP_STATUS_OK ? ndup__corpus_add_file(walk->corpus, &file, error) : status;
}

static ndup_status walk_folder(folder_walk *walk, const char *path, const char *relative,
                               ndup_error *error);

static ndup_status walk_entry(folder_walk *walk, const char *path, const char *relative,
                              ndup_error *error)
{
    ndup__file_info info;
    ndup_error cause = {0};
    ndup_status status = ndup__file_get_info(&info, path, &cause);
    if (status != NDUP_STATUS_OK) {
        return note_path(walk->corpus, path, &cause, error);
    }
    if (info.kind == NDUP__FILE_DIRECTORY) {
        /* Links to folders are not followed: they may lead in circles. */
        return ndup__folder_is_link(path) ? NDUP_STATUS_OK
                                          : walk_folder(walk, path, relative, error);
    }
    const ndup__format *format = ndup__corpus_format_of(path);
    if (format == NULL) {
        walk->other_files++;
        return NDUP_STATUS_OK;
    }
    if (info.kind == NDUP__FILE_SPECIAL) {
        (void)ndup__fail(&cause, NDUP_STATUS_UNSUPPORTED, "a pipe or device, not a file");
        return note_path(walk->corpus, path, &cause, error);
    }
    return add_file(walk, path, relative, &info, format, error);
}

static ndup_status join(char **joined, ndup__arena *arena, const char *folder, const char *name,
                        ndup_error *error)
{
    void *block;
    size_t size = strlen(folder) + strlen(name) + 2;
    ndup_status status = ndup__arena_take(arena, &block, size, error);
    *joined = block;
    if (status == NDUP_STATUS_OK) {
        size_t length = strlen(folder);
        bool needs_slash = length > 0 && folder[length - 1] != '/';
        snprintf(*joined, size, "%s%s%s", folder, needs_slash ? "/" : "", name);
    }
    return status;
}

static ndup_status walk_folder(folder_walk *walk, const char *path, const char *relative,
                               ndup_error *error)
{
    ndup__arena names = {.allocator = walk->corpus->allocator};
    char **entries;
    size_t count;
    ndup_error cause = {0};
    ndup_status status = ndup__folder_list(&entries, &count, path, &names, &cause);
    if (status != NDUP_STATUS_OK) {
        ndup__arena_deinit(&names);
        return note_path(walk->corpus, path, &cause, error);
    }
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        char *entry_path;
        char *entry_relative = entries[i];
        if (entries[i][0] == '.') {
            continue; /* hidden: version control, editors' copies */
        }
        status = join(&entry_path, &names, path, entries[i], error);
        if (status == NDUP_STATUS_OK && relative[0] != '\0') {
            status = join(&entry_relative, &names, relative, entries[i], error);
        }
        if (status == NDUP_STATUS_OK) {
            status = walk_entry(walk, entry_path, entry_relative, error);
        }
    }
    ndup__arena_deinit(&names);
    return status;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* The format of standard input. */
static ndup_status find_stdin_format(const ndup__format **format, const ndup_corpus *corpus,
                                     ndup_error *error)
{
    const char *name = corpus->options.stdin_format;
    *format = &ndup__format_lines;
    for (size_t i = 0; i < FORMAT_COUNT && name != NULL; i++) {
        if (formats[i]->streams && strcmp(formats[i]->name, name) == 0) {
            *format = formats[i];
            return NDUP_STATUS_OK;
        }
    }
    return name == NULL ? NDUP_STATUS_OK
                        : ndup__fail(error, NDUP_STATUS_INVALID,
                                     "stdin_format '%.20s', must be jsonl, csv, tsv or warc", name);
}

/* A file named by itself: by suffix, standard input and other pipes as the options say, else one
 * document. */
static ndup_status add_named_file(folder_walk *walk, const char *input, ndup_error *error)
{
    ndup__file_info info = {.kind = NDUP__FILE_SPECIAL};
    ndup_status status = NDUP_STATUS_OK;
    if (strcmp(input, "-") != 0) {
        status = ndup__file_get_info(&info, input, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (info.kind == NDUP__FILE_DIRECTORY) {
        return walk_folder(walk, input, "", error);
    }
    const ndup__format *format = ndup__corpus_format_of(input);
    if (format == NULL && info.kind == NDUP__FILE_SPECIAL) {
        status = find_stdin_format(&format, walk->corpus, error);
    } else if (format == NULL) {
        format = &ndup__format_plain;
    }
    return status != NDUP_STATUS_OK ? status
                                    : add_file(walk, input, base_name(input), &info, format, error);
}

ndup_status ndup__corpus_find_files(ndup_corpus *corpus, const ndup_hooks *hooks, ndup_error *error)
{
    folder_walk walk = {.corpus = corpus};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < corpus->input_count && status == NDUP_STATUS_OK; i++) {
        walk.input = corpus->inputs[i];
        status = add_named_file(&walk, corpus->inputs[i], error);
    }
    if (status == NDUP_STATUS_OK && walk.other_files > 0 && hooks != NULL &&
        hooks->notice != NULL) {
        char message[100];
        snprintf(message, sizeof message, "%llu files of other types were not read",
                 (unsigned long long)walk.other_files);
        hooks->notice(hooks->context, message);
    }
    if (status == NDUP_STATUS_OK && corpus->file_count == 0 && corpus->opening.note_count == 0) {
        return ndup__fail(
            error, NDUP_STATUS_NOT_FOUND,
            "no documents: the input holds no .txt, .md, .html, .jsonl, .csv, .tsv or .warc file");
    }
    return status;
}
