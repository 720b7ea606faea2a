/* SPDX-License-Identifier: MIT */
/* From the inputs as given to the list of files: what each of them is read as. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "codec/codec.h"
#include "corpus/input_files.h"
#include "corpus/file_type.h"
#include "text/file_name.h"

/* The files of a run on their way into the corpus. */
typedef struct file_intake {
    ndup_corpus *corpus;
    ndup__listing *listing;
    const ndup_hooks *hooks;
    const ndup__format *given; /* by the options, or NULL */
    char *head;                /* [NDUP__HEAD_BYTES] */
} file_intake;

ndup_status ndup__corpus_name_kept(const char **kept, ndup_corpus *corpus, const char *relative,
                                   const ndup__format *format, ndup_error *error)
{
    static const char suffix[] = ".jsonl";
    const ndup__codec *codec = ndup__codec_by_name(relative);
    size_t length = strlen(relative);
    size_t stem = length - (codec != NULL ? strlen(codec->suffix) : 0);
    void *block = NULL;
    *kept = relative;
    if (strcmp(relative, "-") == 0) {
        bool is_document = !format->streams;
        *kept = is_document            ? (format == &ndup__format_page ? "stdin.html" : "stdin.txt")
                : format->is_converted ? "stdin.jsonl"
                                       : relative;
        return NDUP_STATUS_OK;
    }
    bool is_named_so = stem >= sizeof suffix && memcmp(relative + stem - (sizeof suffix - 1),
                                                       suffix, sizeof suffix - 1) == 0;
    if (!format->is_converted || is_named_so) {
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

/* Lists the other names of a file as its tree has them. */
static ndup_status list_names(ndup__corpus_file *file, const file_intake *intake,
                              const ndup__listed_file *listed, ndup_error *error)
{
    const ndup__listed_file *items = intake->listing->items;
    void *block = NULL;
    size_t count = 0;
    for (size_t i = listed->other_name; i != NDUP__NOT_LISTED; i = items[i].other_name) {
        count++;
    }
    if (count == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__arena_take(&intake->corpus->strings, &block,
                                          count * sizeof *file->other_names, error);
    ndup_file_name *names = block;
    file->other_names = names;
    for (size_t i = listed->other_name; i != NDUP__NOT_LISTED && status == NDUP_STATUS_OK;
         i = items[i].other_name) {
        ndup_file_name *name = &names[file->other_name_count];
        name->path = items[i].path;
        status = ndup__corpus_copy_string(intake->corpus, &name->path, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__corpus_name_kept(&name->relative, intake->corpus, items[i].relative,
                                            file->format, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__corpus_copy_string(intake->corpus, &name->relative, error);
        }
        file->other_name_count++;
    }
    return status;
}

/* A name as text; it is the name itself where that is UTF-8. */
static ndup_status write_name(const char **written, ndup_corpus *corpus, const char *name,
                              ndup_error *error)
{
    void *block = NULL;
    *written = name;
    if (ndup__file_name_is_plain(name)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__arena_take(&corpus->strings, &block, NDUP__FILE_NAME_BYTES(strlen(name)), error);
    if (status == NDUP_STATUS_OK) {
        ndup__file_name_write(block, name);
        *written = block;
    }
    return status;
}

/* The first folder of a relative path. */
static ndup_status name_folder(const char **folder, const file_intake *intake, const char *relative,
                               ndup_error *error)
{
    const char *slash = strchr(relative, '/');
    char *copy;
    *folder = "";
    if (slash == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__arena_copy(&intake->listing->strings, &copy, relative,
                                          (size_t)(slash - relative), error);
    return status == NDUP_STATUS_OK ? write_name(folder, intake->corpus, copy, error) : status;
}

static ndup_status add_file(const file_intake *intake, const ndup__listed_file *listed,
                            ndup__corpus_file *file, ndup_error *error)
{
    ndup_corpus *corpus = intake->corpus;
    const char *id = corpus->input_count > 1 ? listed->path : listed->relative;
    file->path = listed->path;
    if (listed->info.kind == NDUP__FILE_REGULAR) {
        file->size = listed->info.size;
        file->modified_ns = listed->info.modified_ns;
    }
    ndup_status status =
        ndup__corpus_name_kept(&file->relative, corpus, listed->relative, file->format, error);
    if (status == NDUP_STATUS_OK) {
        status = name_folder(&file->folder, intake, listed->relative, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_name(&file->id, corpus, id, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = list_names(file, intake, listed, error);
    }
    return status == NDUP_STATUS_OK ? ndup__corpus_add_file(corpus, file, error) : status;
}

/* Puts aside what is not read, by whatever rule. */
static ndup_status refuse(const file_intake *intake, const ndup__listed_file *listed,
                          const ndup__file_type *type, ndup_error *cause, ndup_error *error)
{
    ndup__listing *listing = intake->listing;
    bool is_chosen = listed->is_named || listed->is_included;
    bool is_known = cause->status == NDUP_STATUS_OK || cause->status == NDUP_STATUS_UNSUPPORTED;
    if (type->is_own && !is_chosen) {
        listing->own_outputs++;
        listing->own_output = listed->path;
        return NDUP_STATUS_OK;
    }
    if (!is_chosen && is_known && listed->kind == NDUP__SUFFIX_MAYBE) {
        return ndup__listing_leave_out(listing, listed->relative, error);
    }
    if (type->is_own) {
        (void)ndup__fail(cause, NDUP_STATUS_UNSUPPORTED,
                         "neardup wrote this: it holds no documents");
    } else if (cause->status == NDUP_STATUS_OK) {
        ndup__file_type_fail_unclear(cause);
    }
    return ndup__listing_note(listing, listed->path, cause, error);
}

/* Gives the stream to the file if it can be read only once: a document is read now. */
static ndup_status keep_stream(ndup__corpus_file *file, ndup__stream **stream,
                               const file_intake *intake, ndup_error *cause, ndup_error *error)
{
    if (file->format->is_foreign) {
        (void)ndup__fail(cause, NDUP_STATUS_UNSUPPORTED,
                         "Parquet is not read from a pipe: name the file");
        return NDUP_STATUS_OK;
    }
    if (file->format->streams) {
        file->stream = *stream;
        *stream = NULL;
        return NDUP_STATUS_OK;
    }
    return ndup__spool_document(intake->corpus, file, *stream, intake->head, NDUP__HEAD_BYTES,
                                cause, error);
}

/* What is chosen and has no format of its own is text, and an empty input no record. Who pipes a
 * table is told how it is read as one. */
static void choose_format(const file_intake *intake, const ndup__listed_file *listed,
                          ndup__file_type *type)
{
    bool is_special = listed->info.kind == NDUP__FILE_SPECIAL;
    bool is_open =
        listed->is_included || (listed->is_named && (!type->is_unclear || type->likely != NULL));
    if (type->format != NULL || type->is_own || !is_open) {
        return;
    }
    if (type->is_unclear) {
        type->format = type->likely;
        return;
    }
    type->format = is_special && type->is_empty ? &ndup__format_lines : &ndup__format_plain;
    if (type->is_tabular && !listed->is_included) {
        char message[200];
        char shown[80];
        snprintf(message, sizeof message,
                 "%s is read as one text; --format csv or tsv reads its lines as rows",
                 ndup__shorten_path(shown, sizeof shown, listed->path));
        ndup__notice_text(intake->hooks, message);
    }
}

/* Finds out what stands behind the stream. */
static ndup_status tell_type(ndup__file_type *type, const file_intake *intake,
                             const ndup__listed_file *listed, ndup__stream *stream,
                             const ndup__format *given, ndup_error *cause)
{
    ndup_status status = ndup__file_type_of_stream(type, stream, listed->path,
                                                   &intake->corpus->encoding, intake->head, cause);
    if (given != NULL && (status == NDUP_STATUS_OK || status == NDUP_STATUS_UNSUPPORTED)) {
        type->format = given;
        type->is_own = false;
        cause->status = NDUP_STATUS_OK;
        return NDUP_STATUS_OK;
    }
    if (status == NDUP_STATUS_OK) {
        choose_format(intake, listed, type);
    }
    return status;
}

/* Looks into the file, and adds it unless it is not read. */
static ndup_status look(const file_intake *intake, const ndup__listed_file *listed,
                        const ndup__format *given, ndup_error *error)
{
    ndup__file_type type = {.format = given};
    ndup__corpus_file file = {.is_told = true, .is_named = listed->is_named};
    ndup__stream *stream;
    ndup_error cause = {.status = NDUP_STATUS_OK};
    ndup_status status = NDUP_STATUS_OK;
    ndup_status seen = ndup__corpus_open_stream(&stream, intake->corpus, listed->path, &cause);
    if (seen == NDUP_STATUS_OK) {
        seen = tell_type(&type, intake, listed, stream, given, &cause);
    }
    file.format = type.format;
    file.is_compressed = type.is_compressed;
    bool is_read = seen == NDUP_STATUS_OK && type.format != NULL && !type.is_own;
    if (is_read && listed->info.kind == NDUP__FILE_SPECIAL) {
        status = keep_stream(&file, &stream, intake, &cause, error);
        is_read = cause.status == NDUP_STATUS_OK;
    }
    if (status == NDUP_STATUS_OK && ndup__corpus_fault_ends(&file, &cause)) {
        status = ndup__fail_as(error, &cause);
    }
    if (status == NDUP_STATUS_OK) {
        status = is_read ? add_file(intake, listed, &file, error)
                         : refuse(intake, listed, &type, &cause, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__stream_close(file.stream);
    }
    ndup__stream_close(stream);
    return status;
}

/* What is called a document in a folder is looked at when it is read, and what the options call
 * records is not looked at: opening files costs. */
static ndup_status take(const file_intake *intake, const ndup__listed_file *listed,
                        ndup_error *error)
{
    bool is_chosen = listed->is_named || listed->is_included;
    const ndup__format *given = is_chosen ? intake->given : NULL;
    ndup__corpus_file file = {.format = given, .is_named = listed->is_named};
    if (listed->is_gone) {
        return NDUP_STATUS_OK;
    }
    if (given != NULL && given->streams) {
        return add_file(intake, listed, &file, error);
    }
    if (given == NULL && !listed->is_named && listed->kind == NDUP__SUFFIX_DOCUMENT) {
        file.format = ndup__format_of_name(listed->path);
        return add_file(intake, listed, &file, error);
    }
    return look(intake, listed, given, error);
}

static ndup_status find_given(const ndup__format **given, const ndup_corpus *corpus,
                              ndup_error *error)
{
    const char *name = corpus->options.format;
    *given = name != NULL ? ndup__format_find(name) : NULL;
    return name == NULL || *given != NULL
               ? NDUP_STATUS_OK
               : ndup__fail(
                     error, NDUP_STATUS_INVALID,
                     "format '%.20s', must be jsonl, csv, tsv, parquet, warc, feed, mbox, html, "
                     "eml, subtitles or text",
                     name);
}

/* The run can read nothing: says why. */
static ndup_status fail_empty(const ndup_corpus *corpus, const ndup_hooks *hooks, ndup_error *error)
{
    char shown[80];
    size_t notes = corpus->opening.note_count;
    if (notes == 1) {
        const ndup__note *note = &corpus->opening.notes[0];
        ndup__shorten_path(shown, sizeof shown, note->path);
        bool is_named = strlen(shown) > 1 && strstr(note->message, shown) != NULL;
        return ndup__fail(error, note->status, "%s%s%s", is_named ? "" : shown,
                          is_named ? "" : ": ", note->message);
    }
    if (notes > 1) {
        ndup__block_report(&corpus->opening, 0, hooks);
        return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "none of %zu files can be read", notes);
    }
    const ndup_corpus_options *options = &corpus->options;
    if (options->include_count > 0 || options->exclude_count > 0 || options->gitignore) {
        return ndup__fail(error, NDUP_STATUS_NOT_FOUND,
                          "no documents: what is to be included, excluded or ignored leaves no "
                          "file that can be read");
    }
    return ndup__fail(error, NDUP_STATUS_NOT_FOUND,
                      "no documents: the input holds no .txt, .md, .html, .jsonl, .csv, .tsv or "
                      ".warc file");
}

static ndup_status take_all(file_intake *intake, ndup_error *error)
{
    const ndup_hooks *hooks = intake->hooks;
    ndup_corpus *corpus = intake->corpus;
    ndup__listing *listing = intake->listing;
    ndup_status status = find_given(&intake->given, corpus, error);
    for (size_t i = 0; i < corpus->input_count && status == NDUP_STATUS_OK; i++) {
        status = ndup__listing_add(listing, i, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__listing_unite(listing, hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(corpus->allocator, &intake->head, 0, NDUP__HEAD_BYTES, 1, error);
    }
    for (size_t i = 0; i < listing->count && status == NDUP_STATUS_OK; i++) {
        status = take(intake, &listing->items[i], error);
    }
    ndup__free(corpus->allocator, &intake->head, NDUP__HEAD_BYTES, 1);
    if (status == NDUP_STATUS_OK) {
        ndup__listing_tell(listing, hooks);
    }
    return status == NDUP_STATUS_OK && corpus->file_count == 0 ? fail_empty(corpus, hooks, error)
                                                               : status;
}

ndup_status ndup__corpus_find_files(ndup_corpus *corpus, const ndup_hooks *hooks, ndup_error *error)
{
    ndup__listing listing;
    file_intake intake = {.corpus = corpus, .listing = &listing, .hooks = hooks};
    ndup_status status = ndup__listing_init(&listing, corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = take_all(&intake, error);
    }
    ndup__listing_deinit(&listing);
    return status;
}
