/* SPDX-License-Identifier: MIT */
/* Archives as folders: every member becomes a file of the corpus whose bytes stand in the temporary
 * file. Nothing is ever written under a member's name. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/temporary_file.h"
#include "codec/archive.h"
#include "codec/codec.h"
#include "corpus/corpus_state.h"
#include "corpus/file_type.h"

#define BUFFER_BYTES ((size_t)256 << 10)
/* Longer names are refused. */
#define NAME_MOST 2000

/* One archive being taken apart. */
typedef struct expansion {
    ndup_corpus *corpus;
    ndup__corpus_file *file;
    ndup__archive *archive;
    const char *name;     /* of the member, below the archive */
    ndup__stream *stream; /* decodes the member, where it is compressed */
    int packed;           /* holds it as it is stored meanwhile; -1 */
    char *buffer;         /* [BUFFER_BYTES] */
    size_t held;          /* the member's first bytes, decoded, stand in buffer[0..held) */
    uint64_t left_out;    /* members of no known format */
    uint64_t files;       /* that became files */
    bool is_over;         /* nothing else of the archive is wanted */
} expansion;

/* "<base>/<name>" that lives as long as the corpus. */
static ndup_status join(const char **joined, const expansion *self, const char *base,
                        ndup_error *error)
{
    size_t size = strlen(base) + strlen(self->name) + 2;
    void *block;
    ndup_status status = ndup__arena_take(&self->corpus->strings, &block, size, error);
    *joined = block;
    if (status == NDUP_STATUS_OK) {
        snprintf(block, size, "%s/%s", base, self->name);
    }
    return status;
}

/* Notes what is wrong with the member, or, without a name, with the archive. */
static ndup_status note(const expansion *self, const ndup_error *cause, ndup_error *error)
{
    const char *path = self->file->path;
    ndup_status status = NDUP_STATUS_OK;
    if (ndup__corpus_fault_ends(self->file, cause)) {
        return ndup__fail_as(error, cause);
    }
    if (self->name != NULL) {
        status = join(&path, self, self->file->path, error);
    }
    return status == NDUP_STATUS_OK ? ndup__block_note(&self->corpus->opening, path, 0, cause->byte,
                                                       (ndup_text){NULL, 0}, cause, error)
                                    : status;
}

static ndup_status note_text(const expansion *self, const char *message, ndup_error *error)
{
    ndup_error cause = {0};
    (void)ndup__fail(&cause, NDUP_STATUS_UNSUPPORTED, "%s", message);
    return note(self, &cause, error);
}

/* Why a member of this name cannot be read, or NULL. Paths that lead out of the archive would lead
 * out of a tree of kept documents. */
static const char *refuse_name(const char *name)
{
    if (name == NULL) {
        return "a member without a readable name";
    }
    if (strlen(name) > NAME_MOST) {
        return "a member whose name is too long";
    }
    for (const char *part = name;; part++) {
        size_t length = strcspn(part, "/");
        bool is_dots = length <= 2 && strspn(part, ".") >= length;
        if (is_dots) { /* or empty, as in front of "/etc" */
            return "a member whose path is absolute or has empty, . or .. parts";
        }
        part += length;
        if (*part == '\0') {
            return NULL;
        }
    }
}

static bool begins_with(const char *name, const char *word)
{
    return strncmp(name, word, strlen(word)) == 0;
}

/* Hidden files, as folders leave them out, and what archives hold about themselves. Of a web
 * archive collection only the archives: its lists of pages hold the same texts. */
static bool is_passed_over(const expansion *self, const char *name)
{
    size_t length = strlen(self->file->path);
    bool is_collection = length > 5 && strcmp(self->file->path + length - 5, ".wacz") == 0;
    return name[0] == '.' || strstr(name, "/.") != NULL || begins_with(name, "__MACOSX/") ||
           begins_with(name, "META-INF/") || (is_collection && !begins_with(name, "archive/"));
}

/* The member's next bytes, decoded. */
static ndup_status read_some(const expansion *self, char *buffer, size_t capacity, size_t *got,
                             ndup_error *error)
{
    return self->stream != NULL ? ndup__stream_read(self->stream, buffer, capacity, got, error)
                                : ndup__archive_read(self->archive, buffer, capacity, got, error);
}

static ndup_status fill(expansion *self, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t got = 1;
    while (status == NDUP_STATUS_OK && got > 0 && self->held < BUFFER_BYTES) {
        status = read_some(self, self->buffer + self->held, BUFFER_BYTES - self->held, &got, error);
        self->held += got;
    }
    return status;
}

/* Copies a compressed member as it is stored into a file of its own. */
static ndup_status copy_packed(expansion *self, ndup_error *cause, ndup_error *error)
{
    const ndup_corpus *corpus = self->corpus;
    uint64_t length = 0;
    ndup_status taken = NDUP_STATUS_OK;
    ndup_status status = ndup__spool_open(self->corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__temporary_file_open(&self->packed, corpus->options.temporary_folder, error);
    }
    while (status == NDUP_STATUS_OK && taken == NDUP_STATUS_OK && self->held > 0) {
        status = ndup__spool_check(corpus, corpus->spool.stored + length + self->held, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__file_write_at(self->packed, self->buffer, self->held, length,
                                         "the temporary file", error);
        }
        length += self->held;
        self->held = 0;
        if (status == NDUP_STATUS_OK) {
            taken =
                ndup__archive_read(self->archive, self->buffer, BUFFER_BYTES, &self->held, cause);
        }
    }
    self->held = 0;
    return status;
}

/* A compressed member is copied first, so that it can be read like a file. *cause: what is wrong
 * with it. */
static ndup_status unpack(expansion *self, ndup_error *cause, ndup_error *error)
{
    ndup_status status = copy_packed(self, cause, error);
    if (status != NDUP_STATUS_OK || cause->status != NDUP_STATUS_OK) {
        return status;
    }
    if (ndup__stream_open_descriptor(&self->stream, self->packed, self->name,
                                     self->corpus->allocator, cause) == NDUP_STATUS_OK) {
        if (self->corpus->options.zstd_long) {
            ndup__stream_allow_long(self->stream);
        }
        (void)fill(self, cause);
    }
    return NDUP_STATUS_OK;
}

static void end_member(expansion *self)
{
    ndup__stream_close(self->stream);
    self->stream = NULL;
    if (self->packed >= 0) {
        ndup__file_close_quietly(self->packed);
        self->packed = -1;
    }
    self->held = 0;
    self->name = NULL;
}

/* As for files of folders: what is no text is a problem only where its name says that it is. NULL
 * in *format: left out. */
static ndup_status find_format(const ndup__format **format, const expansion *self,
                               ndup_error *cause)
{
    ndup__file_type type;
    ndup_status status = ndup__file_type_tell(&type, self->name, &self->corpus->encoding,
                                              self->buffer, self->held, cause);
    *format = status == NDUP_STATUS_OK && !type.is_own ? type.format : NULL;
    return ndup__suffix_tell(self->name) == NDUP__SUFFIX_OTHER ? NDUP_STATUS_OK : status;
}

/* Copies the member into the temporary file, behind what is there, up to its end or to what *cause
 * says, which may have been met before. */
static ndup_status spool(expansion *self, const ndup__format *format, uint64_t *length,
                         ndup_error *cause, ndup_error *error)
{
    ndup_corpus *corpus = self->corpus;
    ndup_status status = ndup__spool_open(corpus, error);
    *length = 0;
    while (status == NDUP_STATUS_OK && self->held > 0) {
        if (!format->streams && *length + self->held > corpus->max_record_bytes) {
            (void)ndup__fail(cause, NDUP_STATUS_LIMIT, "a file of more than %llu bytes",
                             (unsigned long long)corpus->max_record_bytes);
            return NDUP_STATUS_OK;
        }
        status = ndup__spool_write(corpus, &corpus->opening, self->buffer, self->held,
                                   corpus->spool_length + *length, error);
        *length += self->held;
        self->held = 0;
        if (status == NDUP_STATUS_OK && cause->status == NDUP_STATUS_OK) {
            (void)read_some(self, self->buffer, BUFFER_BYTES, &self->held, cause);
        }
    }
    return status;
}

/* As in an unpacked folder, the first folder is the source, unless the archive stands in one. */
static const char *find_source(const expansion *self, char *folder, size_t size)
{
    const char *slash = strchr(self->name, '/');
    folder[0] = '\0';
    if (self->file->folder[0] != '\0') {
        return self->file->folder;
    }
    if (slash != NULL && (size_t)(slash - self->name) < size) {
        memcpy(folder, self->name, (size_t)(slash - self->name));
        folder[slash - self->name] = '\0';
    }
    return folder;
}

static ndup_status add_member(expansion *self, const ndup__format *format, uint64_t length,
                              ndup_error *error)
{
    ndup_corpus *corpus = self->corpus;
    char folder[256];
    const char *relative;
    ndup__corpus_file file = {.folder = find_source(self, folder, sizeof folder),
                              .format = format,
                              .size = length,
                              .spooled = true,
                              .read_once = true,
                              .spool_offset = corpus->spool_length,
                              .decoded_length = length};
    ndup_status status = join(&file.path, self, self->file->path, error);
    if (status == NDUP_STATUS_OK) {
        status = join(&file.id, self, self->file->id, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = join(&relative, self, self->file->relative, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_name_kept(&file.relative, corpus, relative, format, error);
    }
    corpus->spool_length += length;
    self->files++;
    self->file->is_used = true;
    return status == NDUP_STATUS_OK ? ndup__corpus_add_file(corpus, &file, error) : status;
}

/* Takes a member whose name and first bytes are known; *cause: damage in those. What comes before
 * damage counts where a file holds many records. */
static ndup_status take_member(expansion *self, ndup_error *cause, ndup_error *error)
{
    const ndup__format *format;
    uint64_t length;
    ndup_error refusal = {0};
    if (find_format(&format, self, &refusal) != NDUP_STATUS_OK) {
        return note(self, &refusal, error);
    }
    if (format == &ndup__format_archive) {
        return note_text(self, "an archive in an archive: unpack it first", error);
    }
    if (format != NULL && format->is_foreign) {
        return note_text(self, "a Parquet file in an archive: unpack it first", error);
    }
    if (format == NULL) {
        self->left_out++;
        return NDUP_STATUS_OK;
    }
    ndup_status status = spool(self, format, &length, cause, error);
    if (status == NDUP_STATUS_OK && cause->status != NDUP_STATUS_OK) {
        status = note(self, cause, error);
    }
    bool is_wanted = cause->status == NDUP_STATUS_OK || (format->streams && length > 0);
    return status == NDUP_STATUS_OK && is_wanted ? add_member(self, format, length, error) : status;
}

/* Office's documents are zips, too. */
static bool is_office(const char *name)
{
    return strcmp(name, "[Content_Types].xml") == 0;
}

static ndup_status visit_member(expansion *self, const ndup__member *member, ndup_error *error)
{
    ndup_error cause = {0};
    const char *name = member->name;
    while (name != NULL && begins_with(name, "./")) {
        name += 2;
    }
    const char *refused = refuse_name(name);
    if (!member->is_file) {
        return NDUP_STATUS_OK;
    }
    self->name = name;
    if (refused != NULL) {
        return note_text(self, refused, error);
    }
    if (is_office(self->name)) {
        self->name = NULL;
        self->is_over = true;
        return note_text(self, "an Office document: save it as text or HTML", error);
    }
    if (is_passed_over(self, self->name)) {
        return NDUP_STATUS_OK;
    }
    if (member->is_encrypted || member->is_sparse) {
        return note_text(self, member->is_encrypted ? "encrypted" : "a sparse file", error);
    }
    ndup_status status = NDUP_STATUS_OK;
    if (fill(self, &cause) == NDUP_STATUS_OK &&
        ndup__codec_by_magic((const unsigned char *)self->buffer, self->held) != NULL) {
        status = unpack(self, &cause, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return cause.status == NDUP_STATUS_OK || self->held > 0 ? take_member(self, &cause, error)
                                                            : note(self, &cause, error);
}

static ndup_status visit_members(expansion *self, ndup_error *error)
{
    ndup__member member;
    ndup_error cause = {0};
    ndup_status status = NDUP_STATUS_OK;
    if (self->file->stream == NULL) { /* otherwise it can be read only once */
        status =
            ndup__corpus_open_stream(&self->file->stream, self->corpus, self->file->path, &cause);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__archive_open(&self->archive, self->file->path, &self->file->stream,
                                    self->corpus->allocator, &cause);
    }
    bool more = status == NDUP_STATUS_OK;
    if (status != NDUP_STATUS_OK) {
        return note(self, &cause, error);
    }
    while (more && !self->is_over && status == NDUP_STATUS_OK) {
        if (ndup__archive_next(&member, &more, self->archive, &cause) != NDUP_STATUS_OK) {
            return note(self, &cause, error);
        }
        if (more) {
            status = visit_member(self, &member, error);
            end_member(self);
        }
    }
    return status;
}

static ndup_status expand(ndup_corpus *corpus, ndup__corpus_file *file, char *buffer,
                          const ndup_hooks *hooks, ndup_error *error)
{
    expansion self = {.corpus = corpus, .file = file, .packed = -1, .buffer = buffer};
    size_t notes = corpus->opening.note_count;
    ndup_status status = visit_members(&self, error);
    ndup__archive_close(self.archive);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (self.left_out > 0 && hooks != NULL && hooks->notice != NULL) {
        char message[200];
        char shown[100];
        snprintf(message, sizeof message, "%s: %llu members of other types were not read",
                 ndup__shorten_path(shown, sizeof shown, file->path),
                 (unsigned long long)self.left_out);
        hooks->notice(hooks->context, message);
    }
    return self.files == 0 && corpus->opening.note_count == notes
               ? note_text(&self, "an archive without a file that can be read", error)
               : NDUP_STATUS_OK;
}

static bool has_archive(const ndup_corpus *corpus)
{
    for (size_t i = 0; i < corpus->file_count; i++) {
        if (corpus->files[i].format == &ndup__format_archive) {
            return true;
        }
    }
    return false;
}

ndup_status ndup__corpus_expand_archives(ndup_corpus *corpus, const ndup_hooks *hooks,
                                         ndup_error *error)
{
    if (!has_archive(corpus)) {
        return NDUP_STATUS_OK;
    }
    ndup__corpus_file *files = corpus->files;
    size_t count = corpus->file_count;
    size_t capacity = corpus->file_capacity;
    char *buffer = NULL;
    corpus->files = NULL;
    corpus->file_count = corpus->file_capacity = 0;
    corpus->total_bytes = 0;
    corpus->size_unknown = false;
    ndup_status status = ndup__resize(corpus->allocator, &buffer, 0, BUFFER_BYTES, 1, error);
    for (size_t i = 0; i < count; i++) {
        if (status == NDUP_STATUS_OK) {
            status = files[i].format == &ndup__format_archive
                         ? expand(corpus, &files[i], buffer, hooks, error)
                         : ndup__corpus_add_file(corpus, &files[i], error);
        }
        if (status != NDUP_STATUS_OK) {
            ndup__stream_close(files[i].stream);
        }
    }
    ndup__free(corpus->allocator, &buffer, buffer != NULL ? BUFFER_BYTES : 0, 1);
    ndup__free(corpus->allocator, &files, capacity, sizeof *files);
    return status;
}
