/* SPDX-License-Identifier: MIT */
/* Plans by their own reader; SARIF by taking arrays apart that the record scanner has checked. */
#include "plan/baseline_read.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "codec/decompress.h"
#include "corpus/record_scan.h"
#include "plan/plan_state.h"
#include "plan/plan_value.h"
#include "report/sarif_out.h"

#define READ_BYTES ((size_t)1 << 16)
#define BASELINE_BYTES_MAX ((size_t)1 << 31)
#define SHOWN_BYTES 60

/* A whole file in memory. */
typedef struct file_text {
    const ndup_allocator *allocator;
    char *bytes;
    size_t length;
    size_t capacity;
} file_text;

/* The scanners of the levels of a SARIF file. */
typedef struct sarif_reader {
    ndup_baseline *baseline;
    const char *path;
    ndup__record_scanner *file;   /* runs */
    ndup__record_scanner *run;    /* results */
    ndup__record_scanner *result; /* the two fingerprints */
} sarif_reader;

static const char *const file_paths[] = {"runs"};
static const char *const run_paths[] = {"results"};
static const char *const result_paths[] = {"partialFingerprints." NDUP__SARIF_ID_KEY,
                                           "partialFingerprints." NDUP__SARIF_TEXT_KEY};

static ndup_status add_finding(ndup_baseline *baseline, ndup__finding finding, ndup_error *error)
{
    ndup_status status =
        ndup__reserve(baseline->allocator, &baseline->findings, &baseline->capacity,
                      baseline->count + 1, sizeof *baseline->findings, error);
    if (status == NDUP_STATUS_OK) {
        baseline->findings[baseline->count++] = finding;
    }
    return status;
}

static ndup_status read_plan(ndup_baseline *baseline, const char *path, ndup_error *error)
{
    ndup_plan *plan;
    ndup_status status = ndup_plan_open(&plan, path, baseline->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    baseline->is_plan = true;
    for (size_t i = 0; i < plan->row_count && status == NDUP_STATUS_OK; i++) {
        const ndup__plan_row *row = &plan->rows[i];
        if (!row->kept) {
            status = add_finding(baseline, (ndup__finding){row->id_hash, row->text_hash}, error);
        }
    }
    ndup_plan_close(plan);
    return status;
}

static ndup_status read_file(file_text *file, const char *path, ndup_error *error)
{
    ndup__stream *stream;
    size_t got = 1;
    ndup_status status = ndup__stream_open(&stream, path, file->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    while (status == NDUP_STATUS_OK && got > 0) {
        status = ndup__reserve(file->allocator, &file->bytes, &file->capacity,
                               file->length + READ_BYTES, 1, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__stream_read(stream, file->bytes + file->length, READ_BYTES, &got, error);
        }
        file->length += status == NDUP_STATUS_OK ? got : 0;
        if (status == NDUP_STATUS_OK && file->length > BASELINE_BYTES_MAX) {
            status = ndup__fail(error, NDUP_STATUS_LIMIT, "the baseline is longer than 2 GiB");
        }
    }
    ndup__stream_close(stream);
    return status;
}

/* The next element of an array's inside from *at on, which moves behind it; false at the end. The
 * JSON has been checked: brackets pair up, strings end. */
static bool next_element(ndup_text *element, const ndup__value *array, size_t *at)
{
    const char *raw = array->raw;
    size_t end = array->length - 1; /* the bracket */
    while (*at < end && strchr(", \t\r\n", raw[*at]) != NULL) {
        ++*at;
    }
    size_t start = *at;
    size_t depth = 0;
    bool in_string = false;
    for (; *at < end; ++*at) {
        char c = raw[*at];
        if (in_string) {
            *at += c == '\\';
            in_string = c != '"';
        } else if (c == ',' && depth == 0) {
            break;
        } else {
            in_string = c == '"';
            depth += c == '[' || c == '{';
            depth -= c == ']' || c == '}';
        }
    }
    *element = (ndup_text){raw + start, *at - start};
    return *at > start;
}

static ndup_status read_result(sarif_reader *reader, ndup_text text, ndup_error *error)
{
    ndup__plan_line line = {.paths = result_paths, .error = error};
    ndup_status status =
        ndup__record_scan(line.values, reader->result, text.bytes, text.length, error);
    if (status != NDUP_STATUS_OK || line.values[0].kind == NDUP__VALUE_ABSENT ||
        line.values[1].kind == NDUP__VALUE_ABSENT) {
        return status; /* a finding of something else */
    }
    ndup__finding finding = {ndup__plan_hash(&line, 0), ndup__plan_hash(&line, 1)};
    return line.wrong == NULL ? add_finding(reader->baseline, finding, error) : status;
}

static ndup_status read_results(sarif_reader *reader, ndup_text run, ndup_error *error)
{
    ndup__value values[1];
    ndup_text element;
    size_t at = 1;
    ndup_status status = ndup__record_scan(values, reader->run, run.bytes, run.length, error);
    while (status == NDUP_STATUS_OK && values[0].kind == NDUP__VALUE_ARRAY &&
           next_element(&element, &values[0], &at)) {
        status = read_result(reader, element, error);
    }
    return status;
}

static ndup_status read_runs(sarif_reader *reader, const file_text *file, ndup_error *error)
{
    ndup__value values[1];
    ndup_text element;
    size_t at = 1;
    char shown[SHOWN_BYTES];
    ndup_status status = ndup__record_scan(values, reader->file, file->bytes, file->length, NULL);
    if (status != NDUP_STATUS_OK || values[0].kind != NDUP__VALUE_ARRAY) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT,
                          "%s is neither a plan nor a SARIF file: it cannot be a baseline",
                          ndup__shorten_path(shown, sizeof shown, reader->path));
    }
    while (status == NDUP_STATUS_OK && next_element(&element, &values[0], &at)) {
        status = read_results(reader, element, error);
    }
    return status;
}

static ndup_status read_sarif(ndup_baseline *baseline, const char *path, const file_text *file,
                              ndup_error *error)
{
    const ndup_allocator *allocator = baseline->allocator;
    sarif_reader reader = {.baseline = baseline, .path = path};
    ndup_status status = ndup__record_scanner_new(&reader.file, file_paths, 1, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__record_scanner_new(&reader.run, run_paths, 1, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__record_scanner_new(&reader.result, result_paths, 2, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_runs(&reader, file, error);
    }
    ndup__record_scanner *const scanners[] = {reader.file, reader.run, reader.result};
    for (size_t i = 0; i < 3; i++) {
        if (scanners[i] != NULL) {
            ndup__record_scanner_free(scanners[i]);
        }
    }
    return status;
}

/* Whether the first line is that of a plan, damaged or of another version though it may be. */
static bool is_plan(const file_text *file)
{
    static const char start[] = "{\"type\":\"neardup-plan\"";
    return file->length >= sizeof start - 1 && memcmp(file->bytes, start, sizeof start - 1) == 0;
}

ndup_status ndup__baseline_read(ndup_baseline *baseline, const char *path, ndup_error *error)
{
    file_text file = {.allocator = baseline->allocator};
    ndup_status status = read_file(&file, path, error);
    if (status == NDUP_STATUS_OK) {
        status = is_plan(&file) ? read_plan(baseline, path, error)
                                : read_sarif(baseline, path, &file, error);
    }
    ndup__free(file.allocator, &file.bytes, file.capacity, 1);
    return status;
}
