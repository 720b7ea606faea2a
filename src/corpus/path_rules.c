/* SPDX-License-Identifier: MIT */
/* Patterns for the files of a folder, as .gitignore files have them. */
#include "corpus/path_rules.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/glob.h"

/* Larger .gitignore files are not what they seem to be. */
#define FILE_BYTES_MOST ((uint64_t)16 << 20)

ndup_status ndup__path_rule_read(ndup__path_rule *rule, const char *pattern, size_t length,
                                 ndup__arena *strings, ndup_error *error)
{
    char *copy;
    *rule = (ndup__path_rule){.folders_only = length > 1 && pattern[length - 1] == '/'};
    length -= rule->folders_only;
    rule->is_path = memchr(pattern, '/', length) != NULL;
    bool is_rooted = length > 1 && pattern[0] == '/';
    ndup_status status =
        ndup__arena_copy(strings, &copy, pattern + is_rooted, length - is_rooted, error);
    rule->pattern = copy;
    return status;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool ndup__path_rule_match(const ndup__path_rule *rule, const char *path, bool is_folder)
{
    return (is_folder || !rule->folders_only) &&
           ndup__glob_match_path(rule->pattern, rule->is_path ? path : base_of(path));
}

bool ndup__path_rule_holds(const ndup__path_rule *rule, const char *path)
{
    char folder[4096];
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        size_t length = (size_t)(slash - path);
        if (length >= sizeof folder) {
            break;
        }
        memcpy(folder, path, length);
        folder[length] = '\0';
        if (ndup__path_rule_match(rule, folder, true)) {
            return true;
        }
    }
    return ndup__path_rule_match(rule, path, false);
}

static ndup_status read_whole(char **text, size_t *length, const char *path, ndup__arena *strings,
                              ndup_error *error)
{
    int descriptor;
    ndup__file_info info;
    void *block = NULL;
    ndup_status status = ndup__file_open_read(&descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__file_get_descriptor_info(&info, descriptor, path, error);
    if (status == NDUP_STATUS_OK && info.size > FILE_BYTES_MOST) {
        status = ndup__fail(error, NDUP_STATUS_LIMIT, "a .gitignore file of %llu bytes",
                            (unsigned long long)info.size);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_take(strings, &block, (size_t)info.size + 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_read_at(descriptor, block, (size_t)info.size, 0, length, path, error);
    }
    ndup__file_close_quietly(descriptor);
    *text = block;
    return status;
}

/* Length of a line without blanks at its end, unless a backslash keeps them. */
static size_t trimmed(const char *line, size_t length)
{
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\r') &&
           (length < 2 || line[length - 2] != '\\')) {
        length--;
    }
    return length;
}

static ndup_status add_line(ndup__ignore_file *file, const char *line, size_t length,
                            ndup__arena *strings, ndup_error *error)
{
    length = trimmed(line, length);
    bool negated = length > 0 && line[0] == '!';
    if (length == negated || line[0] == '#') {
        return NDUP_STATUS_OK;
    }
    ndup__path_rule *rule = &file->rules[file->count++];
    ndup_status status =
        ndup__path_rule_read(rule, line + negated, length - negated, strings, error);
    rule->negated = negated;
    return status;
}

ndup_status ndup__ignore_file_read(ndup__ignore_file *file, const char *path, ndup__arena *strings,
                                   ndup_error *error)
{
    char *text;
    size_t length;
    void *block = NULL;
    size_t lines = 1;
    ndup_status status = read_whole(&text, &length, path, strings, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < length; i++) {
        lines += text[i] == '\n';
    }
    status = ndup__arena_take(strings, &block, lines * sizeof *file->rules, error);
    file->rules = block;
    for (size_t at = 0; at < length && status == NDUP_STATUS_OK;) {
        const char *stop = memchr(text + at, '\n', length - at);
        size_t end = stop != NULL ? (size_t)(stop - text) : length;
        status = add_line(file, text + at, end - at, strings, error);
        at = end + 1;
    }
    return status;
}

bool ndup__ignore_file_match(const ndup__ignore_file *file, const char *path, bool is_folder)
{
    for (; file != NULL; file = file->above) {
        for (size_t i = file->count; i > 0; i--) {
            if (ndup__path_rule_match(&file->rules[i - 1], path + file->base, is_folder)) {
                return !file->rules[i - 1].negated;
            }
        }
    }
    return false;
}
