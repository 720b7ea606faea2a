/* SPDX-License-Identifier: MIT */
/* The file "run": what a run is of, as lines. Its options are those that its parts have and some
 * more; its inputs are the files of its corpus. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/keyed_hash.h"
#include "neardup/version.h"
#include "stages/run_settings.h"
#include "stages/work_state.h"

static const ndup__section_kind run_kind = {
    .magic = "ndupWRKR", .version = 1, .noun = "the description of a run"};

/* Bytes of a line that a message shows. */
#define SHOWN_BYTES 60

static ndup_status add_format(ndup__json_line *lines, ndup_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static ndup_status add_format(ndup__json_line *lines, ndup_error *error, const char *format, ...)
{
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return ndup__json_line_add(lines, text, (size_t)length, error);
}

/* Sketches and decisions may change with the version. */
static ndup_status describe_options(ndup__json_line *lines, const ndup_corpus *corpus,
                                    const ndup_dedup_options *options, ndup_error *error)
{
    ndup_status status =
        add_format(lines, error, "version=%s\nspans=%s\npairs=%s\n", ndup_version(),
                   options->spans ? "yes" : "no", options->pairs ? "yes" : "no");
    return status == NDUP_STATUS_OK
               ? ndup__run_settings_write(lines, options, ndup__corpus_options(corpus), error)
               : status;
}

/* Of a member of an archive the archive. */
static void find_container(ndup__file_info *info, const char *member)
{
    char path[NDUP__WORK_PATH_BYTES];
    *info = (ndup__file_info){.size = 0};
    snprintf(path, sizeof path, "%s", member);
    for (char *end = path + strlen(path); end != NULL; end = strrchr(path, '/')) {
        *end = '\0';
        if (ndup__file_get_info(info, path, NULL) == NDUP_STATUS_OK) {
            return;
        }
    }
}

static ndup_status describe_file(ndup__json_line *lines, const ndup_corpus *corpus, uint32_t file,
                                 ndup_error *error)
{
    ndup__known_file known;
    ndup_status status = ndup__known_file_of(&known, corpus, file, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if ((known.flags & NDUP__KNOWN_FLEETING) != 0) {
        ndup__file_info info;
        find_container(&info, known.path);
        known.size = info.size;
        known.modified_ns = info.modified_ns;
    }
    status = add_format(lines, error, "%" PRIu64 " bytes, %" PRId64 ", %016" PRIx64 ", ",
                        known.size, known.modified_ns, known.ends_hash);
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_escape(lines, known.path, strlen(known.path), error);
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(lines, "\n", 1, error) : status;
}

static ndup_status describe_inputs(ndup__json_line *lines, const ndup_corpus *corpus,
                                   ndup_error *error)
{
    uint32_t count = ndup__corpus_file_count(corpus);
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = describe_file(lines, corpus, i, error);
    }
    return status;
}

static ndup_text cut_line(ndup_text *lines)
{
    const char *end = lines->length > 0 ? memchr(lines->bytes, '\n', lines->length) : NULL;
    size_t length = end != NULL ? (size_t)(end - lines->bytes) : lines->length;
    ndup_text line = {lines->bytes, length};
    lines->bytes += end != NULL ? length + 1 : length;
    lines->length -= end != NULL ? length + 1 : length;
    return line;
}

/* Whether a line is shown by its end: paths stand there. */
static ndup_text shown(ndup_text line, bool by_end)
{
    static const ndup_text nothing = {"nothing", 7};
    size_t cut = line.length > SHOWN_BYTES ? line.length - SHOWN_BYTES : 0;
    return line.length == 0 ? nothing
           : by_end         ? (ndup_text){line.bytes + cut, line.length - cut}
                            : (ndup_text){line.bytes, line.length - cut};
}

/* INVALID where the lines differ. */
static ndup_status compare_lines(ndup_text before, ndup_text now, const char *what, bool by_end,
                                 ndup_error *error)
{
    while (before.length > 0 || now.length > 0) {
        ndup_text x = cut_line(&before);
        ndup_text y = cut_line(&now);
        bool is_same = x.length == y.length && memcmp(x.bytes, y.bytes, x.length) == 0;
        ndup_text old_shown = shown(x, by_end);
        ndup_text new_shown = shown(y, by_end);
        if (!is_same) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "the work folder is of a run with another %s: '%.*s', now '%.*s'; "
                              "--restart begins anew",
                              what, (int)old_shown.length, old_shown.bytes, (int)new_shown.length,
                              new_shown.bytes);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status compare_run(ndup_work *work, ndup__section_file *file, ndup_error *error)
{
    const uint64_t *identity;
    const void *settings;
    const void *inputs;
    uint64_t settings_length;
    uint64_t inputs_length;
    ndup_status status =
        ndup__section_items(&identity, 1, sizeof *identity, file, "identity", error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_get(&settings, &settings_length, file, "settings", error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_get(&inputs, &inputs_length, file, "inputs", error);
    }
    if (status == NDUP_STATUS_OK) {
        work->state.identity = *identity;
        status = compare_lines((ndup_text){settings, (size_t)settings_length},
                               (ndup_text){work->settings.bytes, work->settings.length}, "option",
                               false, error);
    }
    return status == NDUP_STATUS_OK
               ? compare_lines((ndup_text){inputs, (size_t)inputs_length},
                               (ndup_text){work->inputs.bytes, work->inputs.length}, "input", true,
                               error)
               : status;
}

static ndup_status write_run(ndup_work *work, const char *path, ndup_error *error)
{
    ndup__section_writer writer = {.count = 0};
    uint64_t key[2];
    ndup__secret_key(key);
    work->state.identity = key[0];
    ndup_status status =
        ndup__section_writer_open(&writer, path, &run_kind, work->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(&writer, "identity", &key[0], sizeof key[0], error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(&writer, "settings", work->settings.bytes, work->settings.length,
                                   error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__section_put(&writer, "inputs", work->inputs.bytes, work->inputs.length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_writer_commit(&writer, error);
    }
    ndup__section_writer_end(&writer);
    return status;
}

ndup_status ndup__work_check_run(ndup_work *work, const ndup_corpus *corpus,
                                 const ndup_dedup_options *options, ndup_error *error)
{
    char path[NDUP__WORK_PATH_BYTES];
    ndup__section_file file = {.bytes = NULL};
    work->settings.length = work->inputs.length = 0;
    ndup_status status = ndup__work_path(path, work->folder, "run", error);
    if (status == NDUP_STATUS_OK) {
        status = describe_options(&work->settings, corpus, options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = describe_inputs(&work->inputs, corpus, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__section_file_open(&file, path, &run_kind, work->allocator, error);
    if (status == NDUP_STATUS_NOT_FOUND) {
        return write_run(work, path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = compare_run(work, &file, error);
    }
    ndup__section_file_close(&file);
    return status;
}
