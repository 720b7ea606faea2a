/* SPDX-License-Identifier: MIT */
/* A table of options, by which all are written, read and named in messages. */
#include "stages/run_settings.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "neardup/version.h"
#include "pipeline/options.h"

#define SHOWN_BYTES 60
#define PATH_SHOWN 50

typedef enum setting_kind { REAL, COUNT, WIDE, FLAG, WORD, TEXT, GUARDS } setting_kind;

typedef struct setting {
    const char *name;
    setting_kind kind;
    bool is_of_corpus;
    size_t offset;
    const char *const *words; /* of a WORD, by its number; NULL behind the last */
} setting;

#define RUN(name, kind)                                              \
    {                                                                \
#name, kind, false, offsetof(ndup_dedup_options, name), NULL \
    }
#define MATCHING(name, kind)                                                  \
    {                                                                         \
#name, kind, false, offsetof(ndup_dedup_options, matching.name), NULL \
    }
#define CHOICE(name)                                                         \
    {                                                                        \
#name, WORD, false, offsetof(ndup_dedup_options, name), name##_words \
    }
#define CORPUS(name, kind)                                           \
    {                                                                \
#name, kind, true, offsetof(ndup_corpus_options, name), NULL \
    }

static const char *const tokens_words[] = {"words", "characters", "exact", "code", "posts", NULL};
static const char *const cluster_words[] = {"leader", "components", NULL};
static const char *const templates_words[] = {"keep", "drop", "fold", NULL};
static const char *const rule_words[] = {"jaccard", "contained", "either", NULL};

static const setting settings[] = {
    RUN(preset, TEXT),
    MATCHING(threshold, REAL),
    MATCHING(shingle_size, COUNT),
    {"tokens", WORD, false, offsetof(ndup_dedup_options, matching.tokens), tokens_words},
    MATCHING(number_agreement, REAL),
    RUN(sketch, TEXT),
    RUN(slots, COUNT),
    RUN(recall, REAL),
    RUN(seed, WIDE),
    RUN(exact, FLAG),
    RUN(keep, TEXT),
    RUN(drop_all, FLAG),
    CHOICE(cluster),
    CHOICE(templates),
    CHOICE(rule),
    RUN(containment, REAL),
    RUN(titles, FLAG),
    CORPUS(text_field, TEXT),
    CORPUS(id_field, TEXT),
    CORPUS(source_field, TEXT),
    CORPUS(url_field, TEXT),
    CORPUS(date_field, TEXT),
    CORPUS(title_field, TEXT),
    CORPUS(html_field, TEXT),
    CORPUS(format, TEXT),
    CORPUS(encoding, TEXT),
    CORPUS(max_record_bytes, WIDE),
    CORPUS(zstd_long, FLAG),
    {"never_drop", GUARDS, false, 0, NULL},
};

enum { SETTINGS = sizeof settings / sizeof settings[0] };

static ndup_status add(ndup__json_line *lines, const char *text, ndup_error *error)
{
    return ndup__json_line_add(lines, text, strlen(text), error);
}

/* A value on one line: "\n" and "\\" in it are escaped. */
static ndup_status add_value(ndup__json_line *lines, const char *value, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (; *value != '\0' && status == NDUP_STATUS_OK; value++) {
        status = *value == '\n'   ? add(lines, "\\n", error)
                 : *value == '\\' ? add(lines, "\\\\", error)
                                  : ndup__json_line_add(lines, value, 1, error);
    }
    return status;
}

static ndup_status add_line(ndup__json_line *lines, const char *name, const char *value,
                            ndup_error *error)
{
    ndup_status status = add(lines, name, error);
    if (status == NDUP_STATUS_OK && value != NULL) {
        status = add(lines, "=", error);
        if (status == NDUP_STATUS_OK) {
            status = add_value(lines, value, error);
        }
    }
    return status == NDUP_STATUS_OK ? add(lines, "\n", error) : status;
}

static ndup_status write_guards(ndup__json_line *lines, const ndup_dedup_options *options,
                                ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < options->never_drop_count && status == NDUP_STATUS_OK; i++) {
        status = add_line(lines, "never_drop", options->never_drop[i], error);
    }
    return status;
}

/* As few digits as give the same number again. */
static void write_real(char *shown, size_t capacity, double value)
{
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(shown, capacity, "%.*g", digits, value);
        if (strtod(shown, NULL) == value) {
            return;
        }
    }
}

static ndup_status write_setting(ndup__json_line *lines, const setting *row, const void *options,
                                 ndup_error *error)
{
    const void *at = (const char *)options + row->offset;
    char shown[40] = "";
    const char *value = shown;
    switch (row->kind) {
    case REAL:
        write_real(shown, sizeof shown, *(const double *)at);
        break;
    case COUNT:
        snprintf(shown, sizeof shown, "%u", *(const unsigned *)at);
        break;
    case WIDE:
        snprintf(shown, sizeof shown, "%" PRIu64, *(const uint64_t *)at);
        break;
    case FLAG:
        value = *(const bool *)at ? "yes" : "no";
        break;
    case WORD:
        value = row->words[*(const unsigned *)at];
        break;
    case TEXT:
        memcpy(&value, at, sizeof value);
        break;
    case GUARDS:
        return write_guards(lines, options, error);
    }
    return add_line(lines, row->name, value, error);
}

ndup_status ndup__run_settings_write(ndup__json_line *lines, const ndup_dedup_options *options,
                                     const ndup_corpus_options *corpus_options, ndup_error *error)
{
    const ndup_corpus_options none = NDUP_CORPUS_OPTIONS_INIT;
    ndup_dedup_options resolved = *options;
    resolved.preset = options->preset != NULL ? options->preset : "custom";
    resolved.sketch = options->sketch != NULL ? options->sketch : ndup_sketch_get(0)->name;
    resolved.keep = ndup__options_keep(options);
    resolved.containment = ndup__options_containment(options);
    if (options->rule == NDUP_RULE_JACCARD) {
        resolved.containment = 0;
    }
    ndup_status status = add_line(lines, "unicode", ndup_unicode_version(), error);
    for (size_t i = 0; i < SETTINGS && status == NDUP_STATUS_OK; i++) {
        const void *from = &resolved;
        if (settings[i].is_of_corpus) {
            from = corpus_options != NULL ? corpus_options : &none;
        }
        status = write_setting(lines, &settings[i], from, error);
    }
    return status;
}

/* Cuts the first line off. */
static ndup_text next_line(ndup_text *lines)
{
    const char *end = lines->length > 0 ? memchr(lines->bytes, '\n', lines->length) : NULL;
    size_t length = end != NULL ? (size_t)(end - lines->bytes) : lines->length;
    ndup_text line = {lines->bytes, length};
    size_t taken = end != NULL ? length + 1 : length;
    lines->bytes += taken;
    lines->length -= taken;
    return line;
}

static size_t name_length(ndup_text line)
{
    const char *mark = line.length > 0 ? memchr(line.bytes, '=', line.length) : NULL;
    return mark != NULL ? (size_t)(mark - line.bytes) : line.length;
}

static bool is_named(ndup_text line, const char *name)
{
    size_t length = name_length(line);
    return strlen(name) == length && memcmp(line.bytes, name, length) == 0;
}

/* The value of a line, NULL where it has none. */
static ndup_status take_value(char **value, ndup__arena *strings, ndup_text line, ndup_error *error)
{
    size_t name = name_length(line);
    *value = NULL;
    if (name == line.length) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__arena_copy(strings, value, line.bytes + name + 1, line.length - name - 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    char *to = *value;
    for (const char *from = *value; *from != '\0'; from++) {
        bool is_escape = *from == '\\' && from[1] != '\0';
        from += is_escape;
        *to++ = is_escape && *from == 'n' ? '\n' : *from;
    }
    *to = '\0';
    return status;
}

static bool read_number(const setting *row, void *at, const char *value)
{
    char *end;
    if (row->kind == REAL) {
        *(double *)at = strtod(value, &end);
    } else {
        uint64_t number = strtoull(value, &end, 10);
        if (row->kind == WIDE) {
            *(uint64_t *)at = number;
        } else {
            *(unsigned *)at = (unsigned)number;
        }
    }
    return *value != '\0' && *end == '\0';
}

static bool read_word(const setting *row, void *at, const char *value)
{
    for (unsigned i = 0; row->words[i] != NULL; i++) {
        if (strcmp(row->words[i], value) == 0) {
            *(unsigned *)at = i;
            return true;
        }
    }
    return false;
}

static bool read_setting(const setting *row, void *options, const char *value)
{
    void *at = (char *)options + row->offset;
    if (row->kind == TEXT) {
        memcpy(at, &value, sizeof value);
        return true;
    }
    if (value == NULL) {
        return false;
    }
    if (row->kind == FLAG) {
        *(bool *)at = strcmp(value, "yes") == 0;
        return *(bool *)at || strcmp(value, "no") == 0;
    }
    return row->kind == WORD ? read_word(row, at, value) : read_number(row, at, value);
}

/* Globs are read when all other lines have been. */
static ndup_status read_guards(ndup_dedup_options *options, ndup__arena *strings, ndup_text lines,
                               ndup_error *error)
{
    void *block = NULL;
    size_t count = 0;
    for (ndup_text rest = lines; rest.length > 0;) {
        count += is_named(next_line(&rest), "never_drop");
    }
    ndup_status status = ndup__arena_take(strings, &block, (count + 1) * sizeof(char *), error);
    char **guards = block;
    count = 0;
    while (status == NDUP_STATUS_OK && lines.length > 0) {
        ndup_text line = next_line(&lines);
        if (is_named(line, "never_drop")) {
            status = take_value(&guards[count], strings, line, error);
            count += status == NDUP_STATUS_OK && guards[count] != NULL;
        }
    }
    options->never_drop = (const char *const *)guards;
    options->never_drop_count = status == NDUP_STATUS_OK ? count : 0;
    return status;
}

static const setting *find(ndup_text line)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        if (is_named(line, settings[i].name)) {
            return &settings[i];
        }
    }
    return NULL;
}

static ndup_status fail_line(const char *path, ndup_text line, ndup_error *error)
{
    char shown[PATH_SHOWN];
    int length = line.length < SHOWN_BYTES ? (int)line.length : SHOWN_BYTES;
    return ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: no setting '%.*s'",
                      ndup__shorten_path(shown, sizeof shown, path), length, line.bytes);
}

static ndup_status read_line(ndup_dedup_options *options, ndup_corpus_options *corpus_options,
                             ndup__arena *strings, ndup_text line, const char *path,
                             ndup_error *error)
{
    char *value;
    const setting *row = find(line);
    ndup_status status = take_value(&value, strings, line, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (is_named(line, "unicode") && value != NULL) {
        return strcmp(value, ndup_unicode_version()) == 0
                   ? NDUP_STATUS_OK
                   : ndup__fail(error, NDUP_STATUS_VERSION,
                                "%s: made with Unicode %.20s, this program knows %s", path, value,
                                ndup_unicode_version());
    }
    if (row != NULL && row->kind == GUARDS) {
        return NDUP_STATUS_OK;
    }
    void *to = row != NULL && row->is_of_corpus ? (void *)corpus_options : (void *)options;
    return row != NULL && read_setting(row, to, value) ? NDUP_STATUS_OK
                                                       : fail_line(path, line, error);
}

ndup_status ndup__run_settings_read(ndup_dedup_options *options,
                                    ndup_corpus_options *corpus_options, ndup__arena *strings,
                                    ndup_text lines, const char *path, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (ndup_text rest = lines; rest.length > 0 && status == NDUP_STATUS_OK;) {
        status = read_line(options, corpus_options, strings, next_line(&rest), path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_guards(options, strings, lines, error);
    }
    return status == NDUP_STATUS_OK ? ndup__options_check(options, error) : status;
}

static int shown_length(ndup_text line)
{
    return line.length < SHOWN_BYTES ? (int)line.length : SHOWN_BYTES;
}

ndup_status ndup__run_settings_compare(ndup_text lines, const char *path, ndup_text other_lines,
                                       const char *other_path, ndup_error *error)
{
    char shown[PATH_SHOWN];
    char other_shown[PATH_SHOWN];
    while (lines.length > 0 || other_lines.length > 0) {
        ndup_text line = next_line(&lines);
        ndup_text other = next_line(&other_lines);
        if (line.length != other.length || memcmp(line.bytes, other.bytes, line.length) != 0) {
            return ndup__fail(
                error, NDUP_STATUS_INVALID,
                "%s was made with %.*s, %s with %.*s: parts of one run have the same options",
                ndup__shorten_path(shown, sizeof shown, path),
                line.length > 0 ? shown_length(line) : 10,
                line.length > 0 ? line.bytes : "less of it",
                ndup__shorten_path(other_shown, sizeof other_shown, other_path),
                other.length > 0 ? shown_length(other) : 10,
                other.length > 0 ? other.bytes : "less of it");
        }
    }
    return NDUP_STATUS_OK;
}
