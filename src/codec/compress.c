/* SPDX-License-Identifier: MIT */
/* Output files: a buffer of plain bytes, an encoder, and a temporary file that is renamed. */
#include "codec/compress.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/name_lock.h"
#include "base/temporary_name.h"
#include "base/unfinished.h"
#include "codec/codec.h"

#define BUFFER_BYTES ((size_t)1 << 20)
/* Bytes that are written as they come, and not gathered first. */
#define LARGE_BYTES (BUFFER_BYTES / 4)
/* Bytes that wait in memory before the disk is set to work. */
#define SYNC_BYTES ((uint64_t)8 << 20)
/* Bytes at the end of a large output that may stay in memory: more would push the inputs out, and
 * new memory is slower than memory that is used again. */
#define CACHED_BYTES ((uint64_t)512 << 20)
#define MESSAGE_NAME_BYTES 100
#define STANDARD_OUTPUT 1
#define TEMPORARY_ATTEMPTS 100

struct ndup__writer {
    ndup_allocator allocator;
    bool overwrite;
    bool is_finished; /* on the disk, waiting for its name */
    bool is_committed;
    int descriptor; /* -1: closed */
    char *path;     /* the final name; for messages if the output is direct */
    size_t path_bytes;
    char *temporary; /* NULL: the output is direct */
    size_t temporary_bytes;
    ndup__unfinished unfinished; /* the temporary file */
    const ndup__codec *codec;    /* NULL: plain */
    void *encoder;
    unsigned char *buffer;  /* plain bytes */
    unsigned char *encoded; /* NULL without a codec */
    size_t held;            /* buffer[0..held) waits to be written */
    uint64_t bytes;
    uint64_t written;   /* to the file */
    uint64_t syncing;   /* of them, on their way to the disk */
    uint64_t uncached;  /* of them, forgotten by the system */
    ndup_error failure; /* what every call gives once its status is not OK */
};

/* Keeps the failure of `status` and gives it to the caller. */
static ndup_status settle(ndup__writer *writer, ndup_status status, ndup_error *error)
{
    if (status != NDUP_STATUS_OK && error != NULL) {
        *error = writer->failure;
    }
    return status;
}

/* Sets the disk to work while more is being written. */
static void pass_on(ndup__writer *writer)
{
    ndup__file_begin_sync(writer->descriptor, writer->syncing, writer->written - writer->syncing);
    writer->syncing = writer->written;
    if (writer->written > writer->uncached + CACHED_BYTES) {
        uint64_t end = writer->written - CACHED_BYTES;
        ndup__file_uncache(writer->descriptor, writer->uncached, end - writer->uncached);
        writer->uncached = end;
    }
}

/* Bytes as they stand in the file. */
static ndup_status put(ndup__writer *writer, const void *bytes, size_t length)
{
    ndup_status status =
        ndup__file_write_all(writer->descriptor, bytes, length, writer->path, &writer->failure);
    writer->written += length;
    bool is_much = writer->written - writer->syncing >= SYNC_BYTES;
    if (status == NDUP_STATUS_OK && writer->temporary != NULL && is_much) {
        pass_on(writer);
    }
    return status;
}

/* Runs the encoder over buffer[0..held) until it has taken all, and has put out all if `finish`. */
static ndup_status encode_held(ndup__writer *writer, bool finish)
{
    ndup__codec_buffers buffers = {writer->buffer, writer->held, writer->encoded, BUFFER_BYTES};
    bool is_finished = false;
    while (finish ? !is_finished : buffers.input_length > 0) {
        const char *problem = NULL;
        buffers.output = writer->encoded;
        buffers.output_capacity = BUFFER_BYTES;
        ndup_status status =
            writer->codec->encode(&is_finished, &problem, writer->encoder, &buffers, finish);
        if (status != NDUP_STATUS_OK) {
            char name[MESSAGE_NAME_BYTES];
            return ndup__fail(&writer->failure, status, "cannot write %s: %s",
                              ndup__shorten_path(name, sizeof name, writer->path), problem);
        }
        status = put(writer, writer->encoded, BUFFER_BYTES - buffers.output_capacity);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    writer->held = 0;
    return NDUP_STATUS_OK;
}

static ndup_status flush(ndup__writer *writer, bool finish)
{
    if (writer->codec != NULL) {
        return encode_held(writer, finish);
    }
    size_t held = writer->held;
    writer->held = 0;
    return put(writer, writer->buffer, held);
}

static ndup_status copy_text(ndup__writer *writer, char **copy, size_t *copy_bytes,
                             const char *text, size_t bytes, ndup_error *error)
{
    ndup_status status = ndup__resize(&writer->allocator, copy, 0, bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        *copy_bytes = bytes;
        memcpy(*copy, text, strlen(text) + 1);
    }
    return status;
}

/* Length of the folder part of a path, with its slash; 0 if there is none. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash + 1 - path) : 0;
}

/* Makes and holds the file `writer->temporary`, whose name begins behind its first `folder` bytes.
 */
static ndup_status try_temporary(ndup__writer *writer, size_t folder, ndup_error *error)
{
    ndup__temporary_name(writer->temporary + folder, writer->path + folder);
    ndup_status status = ndup__file_create(&writer->descriptor, writer->temporary, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_hold(writer->descriptor, writer->temporary, NULL);
        if (status != NDUP_STATUS_OK) {
            ndup__file_close_quietly(writer->descriptor);
            writer->descriptor = -1;
            status = NDUP_STATUS_EXISTS;
        }
    }
    return status;
}

/* A name that is taken was left by a process with the same number, so another is tried. The message
 * says the name that was asked for. */
static ndup_status create_temporary(ndup__writer *writer, ndup_error *error)
{
    size_t folder = folder_length(writer->path);
    size_t bytes = folder + NDUP__TEMPORARY_NAME_BYTES;
    ndup_status status =
        copy_text(writer, &writer->temporary, &writer->temporary_bytes, "", bytes, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memcpy(writer->temporary, writer->path, folder);
    ndup_error cause = {0};
    status = NDUP_STATUS_EXISTS;
    for (int i = 0; i < TEMPORARY_ATTEMPTS && status == NDUP_STATUS_EXISTS; i++) {
        ndup__name_lock_enter();
        status = try_temporary(writer, folder, &cause);
        if (status == NDUP_STATUS_OK) {
            ndup__unfinished_add(&writer->unfinished, writer->temporary, false);
        }
        ndup__name_lock_leave();
    }
    if (status == NDUP_STATUS_OK) {
        return status;
    }
    ndup__free(&writer->allocator, &writer->temporary, writer->temporary_bytes, 1);
    char name[MESSAGE_NAME_BYTES];
    return ndup__fail_errno(error, status, cause.system_errno, "cannot create %s",
                            ndup__shorten_path(name, sizeof name, writer->path));
}

/* Makes the folder that a new file is to stand in, if it is missing. */
static ndup_status make_parent(const ndup__writer *writer, ndup_error *error)
{
    ndup__file_info info;
    char folder[NDUP__FOLDER_PATH_BYTES];
    size_t length = folder_length(writer->path);
    if (length == 0 || length >= sizeof folder) {
        return NDUP_STATUS_OK;
    }
    memcpy(folder, writer->path, length);
    folder[length] = '\0';
    return ndup__file_get_info(&info, folder, NULL) == NDUP_STATUS_NOT_FOUND
               ? ndup__folder_make_parents(writer->path, error)
               : NDUP_STATUS_OK;
}

/* Opens what the bytes go to, and refuses a target that may not be replaced. */
static ndup_status open_target(ndup__writer *writer, ndup_error *error)
{
    if (writer->descriptor == STANDARD_OUTPUT) {
        return NDUP_STATUS_OK;
    }
    char name[MESSAGE_NAME_BYTES];
    ndup__file_info info;
    ndup_status status = ndup__file_get_info(&info, writer->path, error);
    if (status == NDUP_STATUS_NOT_FOUND) {
        status = make_parent(writer, error);
        return status == NDUP_STATUS_OK ? create_temporary(writer, error) : status;
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__shorten_path(name, sizeof name, writer->path);
    if (info.kind == NDUP__FILE_DIRECTORY) {
        return ndup__fail(error, NDUP_STATUS_IO, "cannot write %s: it is a folder", name);
    }
    if (info.kind == NDUP__FILE_SPECIAL) {
        return ndup__file_open_write(&writer->descriptor, writer->path, error);
    }
    if (!writer->overwrite) {
        return ndup__fail(error, NDUP_STATUS_EXISTS, "cannot create %s: it exists already", name);
    }
    return create_temporary(writer, error);
}

static ndup_status open_encoder(ndup__writer *writer, ndup_error *error)
{
    writer->codec = ndup__codec_by_name(writer->path);
    if (writer->codec == NULL) {
        return NDUP_STATUS_OK;
    }
    if (writer->codec->package != NULL) {
        return ndup__codec_fail_missing(error, writer->codec, "write");
    }
    ndup_status status =
        ndup__resize(&writer->allocator, &writer->encoded, 0, BUFFER_BYTES, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return writer->codec->encoder_open(&writer->encoder, &writer->allocator, error);
}

ndup_status ndup__writer_open(ndup__writer **writer, const char *path, bool overwrite,
                              const ndup_allocator *allocator, ndup_error *error)
{
    ndup__writer *made;
    *writer = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->allocator = *ndup__allocator(allocator);
    made->overwrite = overwrite;
    bool is_standard = strcmp(path, "-") == 0;
    made->descriptor = is_standard ? STANDARD_OUTPUT : -1;
    const char *name = is_standard ? "standard output" : path;
    status = copy_text(made, &made->path, &made->path_bytes, name, strlen(name) + 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(&made->allocator, &made->buffer, 0, BUFFER_BYTES, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = open_encoder(made, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = open_target(made, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__writer_close(made);
        return status;
    }
    *writer = made;
    return NDUP_STATUS_OK;
}

/* Refuses calls on a writer that is closed, except what comes after finish. */
static ndup_status check_open(ndup__writer *writer, const char *verb)
{
    bool is_open = writer->descriptor >= 0 && !writer->is_finished;
    if (writer->failure.status != NDUP_STATUS_OK || is_open) {
        return writer->failure.status;
    }
    char name[MESSAGE_NAME_BYTES];
    return ndup__fail(&writer->failure, NDUP_STATUS_INVALID,
                      "cannot %s %s: it is complete or given up", verb,
                      ndup__shorten_path(name, sizeof name, writer->path));
}

ndup_status ndup__writer_write(ndup__writer *writer, const void *bytes, size_t length,
                               ndup_error *error)
{
    ndup_status status = check_open(writer, "write");
    const unsigned char *left = bytes;
    writer->bytes += status == NDUP_STATUS_OK ? length : 0;
    if (status == NDUP_STATUS_OK && writer->codec == NULL && length >= LARGE_BYTES) {
        status = flush(writer, false); /* what is large needs no gathering */
        if (status == NDUP_STATUS_OK) {
            status = put(writer, bytes, length);
        }
        return settle(writer, status, error);
    }
    while (length > 0 && status == NDUP_STATUS_OK) {
        size_t room = BUFFER_BYTES - writer->held;
        size_t copied = length < room ? length : room;
        memcpy(writer->buffer + writer->held, left, copied);
        writer->held += copied;
        left += copied;
        length -= copied;
        if (writer->held == BUFFER_BYTES) {
            status = flush(writer, false);
        }
    }
    return settle(writer, status, error);
}

/* Closes what was there before; standard output stays open. A temporary file is on the disk already
 * and is held until it has its name. */
static ndup_status close_target(ndup__writer *writer)
{
    int descriptor = writer->descriptor;
    if (writer->temporary != NULL) {
        return NDUP_STATUS_OK;
    }
    writer->descriptor = -1;
    return descriptor == STANDARD_OUTPUT
               ? NDUP_STATUS_OK
               : ndup__file_close(descriptor, writer->path, &writer->failure);
}

static ndup_status sync_folder(ndup__writer *writer)
{
    size_t folder = folder_length(writer->path);
    if (folder == 0) {
        return ndup__file_sync_directory(".", &writer->failure);
    }
    char behind = writer->path[folder];
    writer->path[folder] = '\0';
    ndup_status status = ndup__file_sync_directory(writer->path, &writer->failure);
    writer->path[folder] = behind;
    return status;
}

static ndup_status rename_temporary(ndup__writer *writer)
{
    return writer->overwrite
               ? ndup__file_rename(writer->temporary, writer->path, &writer->failure)
               : ndup__file_rename_new(writer->temporary, writer->path, &writer->failure);
}

static ndup_status complete(ndup__writer *writer)
{
    ndup_status status = flush(writer, true);
    if (status == NDUP_STATUS_OK && writer->temporary != NULL) {
        status = ndup__file_sync(writer->descriptor, writer->path, &writer->failure);
    }
    if (status == NDUP_STATUS_OK) {
        status = close_target(writer);
    }
    writer->is_finished = status == NDUP_STATUS_OK;
    return status;
}

ndup_status ndup__writer_finish(ndup__writer *writer, ndup_error *error)
{
    ndup_status status = check_open(writer, "finish");
    if (status == NDUP_STATUS_OK) {
        status = complete(writer);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__writer_abort(writer);
    }
    return settle(writer, status, error);
}

/* Gives the finished file its name. */
static ndup_status publish(ndup__writer *writer)
{
    if (writer->temporary == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup__name_lock_enter();
    ndup_status status = rename_temporary(writer);
    writer->is_committed = status == NDUP_STATUS_OK;
    if (writer->is_committed) {
        ndup__unfinished_remove(&writer->unfinished);
    }
    ndup__name_lock_leave();
    ndup__file_close_quietly(writer->descriptor);
    writer->descriptor = -1;
    return writer->is_committed ? sync_folder(writer) : status;
}

ndup_status ndup__writer_commit(ndup__writer *writer, ndup_error *error)
{
    ndup_status status = writer->failure.status;
    if (status == NDUP_STATUS_OK && !writer->is_finished) {
        status = check_open(writer, "commit");
        if (status == NDUP_STATUS_OK) {
            status = complete(writer);
        }
    }
    if (status == NDUP_STATUS_OK) {
        writer->is_finished = false; /* a second commit is refused */
        status = publish(writer);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__writer_abort(writer);
    }
    return settle(writer, status, error);
}

void ndup__writer_abort(ndup__writer *writer)
{
    if (writer->descriptor >= 0 &&
        (writer->descriptor != STANDARD_OUTPUT || writer->temporary != NULL)) {
        ndup__file_close_quietly(writer->descriptor);
    }
    writer->descriptor = -1;
    if (writer->temporary != NULL && !writer->is_committed) {
        /* What cannot be removed stays under its temporary name: nothing more can be done. */
        ndup_status ignored = ndup__file_remove(writer->temporary, NULL);
        (void)ignored;
        ndup__unfinished_remove(&writer->unfinished);
        ndup__free(&writer->allocator, &writer->temporary, writer->temporary_bytes, 1);
    }
}

void ndup__writer_close(ndup__writer *writer)
{
    if (writer == NULL) {
        return;
    }
    ndup__writer_abort(writer);
    ndup_allocator allocator = writer->allocator;
    if (writer->encoder != NULL) {
        writer->codec->encoder_close(writer->encoder, &allocator);
    }
    ndup__free(&allocator, &writer->buffer, BUFFER_BYTES, 1);
    ndup__free(&allocator, &writer->encoded, BUFFER_BYTES, 1);
    ndup__free(&allocator, &writer->temporary, writer->temporary_bytes, 1);
    ndup__free(&allocator, &writer->path, writer->path_bytes, 1);
    ndup__free(&allocator, &writer, 1, sizeof *writer);
}

bool ndup__writer_is_committed(const ndup__writer *writer)
{
    return writer->is_committed;
}

uint64_t ndup__writer_bytes(const ndup__writer *writer)
{
    return writer->bytes;
}
