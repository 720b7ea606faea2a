/* SPDX-License-Identifier: MIT */
/* Walking through folders. */
#include "corpus/input_files.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/folder.h"

#define IGNORE_NAME ".gitignore"

/* A folder on the way down. */
typedef struct folder_walk {
    ndup__listing *listing;
    size_t input;
    const char *path;
    const char *relative;            /* "" for the input itself */
    const ndup__ignore_file *ignore; /* of this folder and those above, or NULL */
} folder_walk;

static ndup_status read_rules(ndup__path_rule **rules, const char *const *patterns, size_t count,
                              ndup__arena *strings, ndup_error *error)
{
    void *block;
    ndup_status status = ndup__arena_take(strings, &block, (count + 1) * sizeof **rules, error);
    *rules = block;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        size_t length = strlen(patterns[i]);
        status = length > 0 ? ndup__path_rule_read(*rules + i, patterns[i], length, strings, error)
                            : ndup__fail(error, NDUP_STATUS_INVALID,
                                         "an empty pattern for files to include or exclude");
    }
    return status;
}

ndup_status ndup__listing_init(ndup__listing *listing, ndup_corpus *corpus, ndup_error *error)
{
    const ndup_corpus_options *options = &corpus->options;
    *listing = (ndup__listing){.corpus = corpus, .strings = {.allocator = corpus->allocator}};
    ndup_status status = read_rules(&listing->included, options->include, options->include_count,
                                    &listing->strings, error);
    return status == NDUP_STATUS_OK ? read_rules(&listing->excluded, options->exclude,
                                                 options->exclude_count, &listing->strings, error)
                                    : status;
}

void ndup__listing_deinit(ndup__listing *listing)
{
    const ndup_allocator *allocator = listing->corpus->allocator;
    ndup__free(allocator, &listing->items, listing->capacity, sizeof *listing->items);
    ndup__free(allocator, &listing->suffixes, listing->suffix_capacity, sizeof *listing->suffixes);
    ndup__arena_deinit(&listing->strings);
}

ndup_status ndup__listing_note(ndup__listing *listing, const char *path, const ndup_error *cause,
                               ndup_error *error)
{
    ndup_corpus *corpus = listing->corpus;
    char *kept;
    if (ndup__is_system_fault(cause)) {
        return ndup__fail_as(error, cause);
    }
    ndup_status status = ndup__arena_copy(&corpus->strings, &kept, path, strlen(path), error);
    return status == NDUP_STATUS_OK
               ? ndup__block_note(&corpus->opening, kept, 0, 0, (ndup_text){NULL, 0}, cause, error)
               : status;
}

static ndup_status add(ndup__listing *listing, const ndup__listed_file *listed, ndup_error *error)
{
    char *path = NULL;
    size_t length = strlen(listed->path);
    ndup_status status =
        ndup__reserve(listing->corpus->allocator, &listing->items, &listing->capacity,
                      listing->count + 1, sizeof *listing->items, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(&listing->strings, &path, listed->path, length, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__listed_file *added = &listing->items[listing->count++];
    *added = *listed;
    added->path = path;
    added->relative = path + length - strlen(listed->relative);
    added->other_name = NDUP__NOT_LISTED;
    return status;
}

static bool any_holds(const ndup__path_rule *rules, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (ndup__path_rule_holds(&rules[i], path)) {
            return true;
        }
    }
    return false;
}

/* Whether the options, or the folder's own .gitignore files, leave the entry out. */
static bool is_unwanted(const folder_walk *walk, const char *relative, bool is_folder)
{
    const ndup_corpus_options *options = &walk->listing->corpus->options;
    for (size_t i = 0; i < options->exclude_count; i++) {
        if (ndup__path_rule_match(&walk->listing->excluded[i], relative, is_folder)) {
            return true;
        }
    }
    return ndup__ignore_file_match(walk->ignore, relative, is_folder);
}

static ndup_status add_entry(const folder_walk *walk, const char *path, const char *relative,
                             const ndup__file_info *info, ndup_error *error)
{
    ndup__listing *listing = walk->listing;
    size_t patterns = listing->corpus->options.include_count;
    bool is_included = patterns > 0 && any_holds(listing->included, patterns, relative);
    if (patterns > 0 && !is_included) {
        return NDUP_STATUS_OK;
    }
    ndup__suffix_kind kind = ndup__suffix_tell(relative);
    if (!is_included && kind == NDUP__SUFFIX_OTHER) {
        return ndup__listing_leave_out(listing, relative, error);
    }
    if (info->kind == NDUP__FILE_SPECIAL) {
        ndup_error cause;
        (void)ndup__fail(&cause, NDUP_STATUS_UNSUPPORTED, "a pipe or device, not a file");
        return ndup__listing_note(listing, path, &cause, error);
    }
    ndup__listed_file listed = {.path = path,
                                .relative = relative,
                                .info = *info,
                                .input = walk->input,
                                .kind = kind,
                                .is_included = is_included};
    return add(listing, &listed, error);
}

static ndup_status walk_folder(const folder_walk *walk, ndup_error *error);

static ndup_status walk_entry(const folder_walk *walk, const char *path, const char *relative,
                              ndup_error *error)
{
    ndup__file_info info;
    ndup_error cause = {0};
    ndup_status status = ndup__file_get_info(&info, path, &cause);
    bool is_folder = status == NDUP_STATUS_OK && info.kind == NDUP__FILE_DIRECTORY;
    if (is_unwanted(walk, relative, is_folder)) {
        return NDUP_STATUS_OK;
    }
    if (status != NDUP_STATUS_OK) {
        return ndup__listing_note(walk->listing, path, &cause, error);
    }
    if (!is_folder) {
        return add_entry(walk, path, relative, &info, error);
    }
    if (info.is_link) { /* links to folders are not followed: they may lead in circles */
        walk->listing->folder_links++;
        return NDUP_STATUS_OK;
    }
    folder_walk below = *walk;
    below.path = path;
    below.relative = relative;
    return walk_folder(&below, error);
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

/* Hidden files are version control, editors' copies, settings. What version control keeps is never
 * read. */
static bool is_hidden(const ndup_corpus *corpus, const char *name)
{
    static const char *const never[] = {".git", ".hg", ".svn", ".bzr"};
    if (name[0] != '.') {
        return false;
    }
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        if (strcmp(name, never[i]) == 0) {
            return true;
        }
    }
    return !corpus->options.hidden;
}

/* Reads the folder's .gitignore, if it has one that is to be heeded. */
static ndup_status read_ignore(ndup__ignore_file *ignore, folder_walk *walk, char *const *entries,
                               size_t count, ndup__arena *names, ndup_error *error)
{
    char *path;
    ndup_error cause = {0};
    size_t i = 0;
    while (i < count && strcmp(entries[i], IGNORE_NAME) != 0) {
        i++;
    }
    if (!walk->listing->corpus->options.gitignore || i == count) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = join(&path, names, walk->path, IGNORE_NAME, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t length = strlen(walk->relative);
    *ignore = (ndup__ignore_file){.above = walk->ignore, .base = length > 0 ? length + 1 : 0};
    status = ndup__ignore_file_read(ignore, path, names, &cause);
    walk->ignore = ignore;
    return status == NDUP_STATUS_OK ? status
                                    : ndup__listing_note(walk->listing, path, &cause, error);
}

static ndup_status walk_entries(folder_walk *walk, char *const *entries, size_t count,
                                ndup__arena *names, ndup_error *error)
{
    ndup__ignore_file ignore;
    ndup_status status = read_ignore(&ignore, walk, entries, count, names, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        char *path;
        char *relative;
        if (is_hidden(walk->listing->corpus, entries[i])) {
            continue;
        }
        status = join(&path, names, walk->path, entries[i], error);
        if (status == NDUP_STATUS_OK) {
            status = join(&relative, names, walk->relative, entries[i], error);
        }
        if (status == NDUP_STATUS_OK) {
            status = walk_entry(walk, path, relative, error);
        }
    }
    return status;
}

static ndup_status walk_folder(const folder_walk *walk, ndup_error *error)
{
    ndup__arena names = {.allocator = walk->listing->corpus->allocator};
    folder_walk here = *walk;
    char **entries;
    size_t count;
    ndup_error cause = {0};
    ndup_status status = ndup__folder_list(&entries, &count, walk->path, &names, &cause);
    bool is_input = walk->relative[0] == '\0';
    status = status == NDUP_STATUS_OK ? walk_entries(&here, entries, count, &names, error)
             : is_input               ? ndup__fail_as(error, &cause)
                        : ndup__listing_note(walk->listing, walk->path, &cause, error);
    ndup__arena_deinit(&names);
    return status;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

ndup_status ndup__listing_add(ndup__listing *listing, size_t input, ndup_error *error)
{
    const char *path = listing->corpus->inputs[input];
    ndup__listed_file listed = {.path = path,
                                .relative = base_name(path),
                                .info = {.kind = NDUP__FILE_SPECIAL},
                                .input = input,
                                .kind = ndup__suffix_tell(path),
                                .is_named = true};
    if (strcmp(path, "-") != 0) {
        ndup_status status = ndup__file_get_info(&listed.info, path, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    if (listed.info.kind == NDUP__FILE_DIRECTORY) {
        folder_walk walk = {.listing = listing, .input = input, .path = path, .relative = ""};
        return walk_folder(&walk, error);
    }
    return add(listing, &listed, error);
}
