/* SPDX-License-Identifier: MIT */
/* parquet:DIR, the kept rows of Parquet files, whole and as they were. */
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "report/folder_output.h"
#include "tables/table_access.h"

#define SHOWN_BYTES 80
/* What the name of a file of records that were converted has at its end. */
#define CONVERTED ".jsonl"

/* Documents come file by file: the rows of one that are kept are collected, and the file is written
 * when its last document has come. */
typedef struct parquet_output {
    ndup__folder_output folder;
    bool has_file;
    char source[NDUP__FOLDER_PATH_BYTES]; /* the file that is read */
    char place[NDUP__FOLDER_PATH_BYTES];  /* and the one to be made */
    uint8_t *kept;                        /* bit i: row i */
    size_t kept_bytes;
    size_t kept_capacity;
} parquet_output;

static ndup_status write_file(parquet_output *parquet, ndup_error *error)
{
    if (!parquet->has_file) {
        return NDUP_STATUS_OK;
    }
    parquet->has_file = false;
    return ndup__table_files_filter(parquet->place, parquet->source, parquet->kept,
                                    (uint64_t)parquet->kept_bytes * 8, error);
}

static ndup_status check_magic(const char *path, ndup_error *error)
{
    char head[4];
    char shown[SHOWN_BYTES];
    size_t got = 0;
    int descriptor;
    ndup_status status = ndup__file_open_read(&descriptor, path, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_read_at(descriptor, head, sizeof head, 0, &got, path, error);
        ndup__file_close_quietly(descriptor);
    }
    bool is_parquet = got == sizeof head && memcmp(head, "PAR1", sizeof head) == 0;
    return status != NDUP_STATUS_OK || is_parquet
               ? status
               : ndup__fail(error, NDUP_STATUS_INVALID,
                            "%s is no Parquet file: jsonl:FILE takes documents of any kind",
                            ndup__shorten_path(shown, sizeof shown, path));
}

/* Where the file is to be made: under its own name. */
static ndup_status find_place(parquet_output *parquet, const char *relative, ndup_error *error)
{
    char name[NDUP__FOLDER_PATH_BYTES];
    size_t length = strlen(relative);
    size_t ending = sizeof CONVERTED - 1;
    if (length > ending && strcmp(relative + length - ending, CONVERTED) == 0) {
        length -= ending;
    }
    if (length >= sizeof name) {
        return ndup__folder_output_fail_long(relative, error);
    }
    memcpy(name, relative, length);
    name[length] = '\0';
    return ndup__folder_output_place(parquet->place, &parquet->folder, name, error);
}

static ndup_status begin_file(parquet_output *parquet, const ndup_document *document,
                              ndup_error *error)
{
    const char *path = document->path;
    if (path == NULL || document->relative == NULL || document->line == 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "document %" PRIu64 " is no row of a Parquet file: jsonl:FILE takes "
                          "documents of any kind",
                          document->number);
    }
    if (strlen(path) >= sizeof parquet->source) {
        return ndup__folder_output_fail_long(path, error);
    }
    ndup_status status = check_magic(path, error);
    if (status == NDUP_STATUS_OK) {
        status = find_place(parquet, document->relative, error);
    }
    if (status == NDUP_STATUS_OK) {
        memcpy(parquet->source, path, strlen(path) + 1);
        parquet->kept_bytes = 0;
        parquet->has_file = true;
    }
    return status;
}

static ndup_status keep_row(parquet_output *parquet, uint64_t row, ndup_error *error)
{
    size_t wanted = (size_t)(row / 8) + 1;
    ndup_status status =
        ndup__reserve(&parquet->folder.base.allocator, &parquet->kept, &parquet->kept_capacity,
                      wanted, sizeof *parquet->kept, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (wanted > parquet->kept_bytes) {
        memset(parquet->kept + parquet->kept_bytes, 0, wanted - parquet->kept_bytes);
        parquet->kept_bytes = wanted;
    }
    parquet->kept[row / 8] = (uint8_t)(parquet->kept[row / 8] | 1u << (row % 8));
    return NDUP_STATUS_OK;
}

/* Files of which nothing stays are made, too, without rows. */
static ndup_status take_document(void *context, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    parquet_output *parquet = context;
    ndup_status status = NDUP_STATUS_OK;
    bool is_same =
        parquet->has_file && document->path != NULL && strcmp(parquet->source, document->path) == 0;
    if (!is_same) {
        status = write_file(parquet, error);
        if (status == NDUP_STATUS_OK) {
            status = begin_file(parquet, document, error);
        }
    }
    return status == NDUP_STATUS_OK && verdict->kept ? keep_row(parquet, document->line - 1, error)
                                                     : status;
}

static ndup_status begin(void *context, const ndup_result *result, ndup_error *error)
{
    const char *const *inputs;
    size_t input_count = ndup_result_inputs(result, &inputs);
    ndup_table_files files;
    ndup_status status = ndup__table_files_get(&files, error);
    return status == NDUP_STATUS_OK ? ndup__folder_output_begin(context, inputs, input_count, error)
                                    : status;
}

static ndup_status finish(void *context, ndup_error *error)
{
    parquet_output *parquet = context;
    ndup_status status = write_file(parquet, error);
    return status == NDUP_STATUS_OK ? ndup__folder_output_finish(&parquet->folder, error) : status;
}

static void give_up(void *context)
{
    parquet_output *parquet = context;
    ndup__free(&parquet->folder.base.allocator, &parquet->kept, parquet->kept_capacity, 1);
    parquet->kept_capacity = 0;
    ndup__folder_output_give_up(&parquet->folder);
}

static ndup_status open_parquet(ndup__output **output, const char *path,
                                const ndup_output_options *options, ndup_error *error)
{
    ndup_status status =
        ndup__folder_output_open(output, sizeof(parquet_output), path, options, error);
    if (status == NDUP_STATUS_OK) {
        ndup_sink *sink = &(*output)->sink;
        sink->wants_records = true;
        sink->begin = begin;
        sink->document = take_document;
        sink->finish = finish;
        sink->abort = give_up;
        sink->close = give_up;
    }
    return status;
}

const ndup__output_kind ndup__output_parquet = {
    .info = {"parquet", "kept rows of Parquet files, in a folder, as they were"},
    .open = open_parquet,
};
