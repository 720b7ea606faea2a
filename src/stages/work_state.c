/* SPDX-License-Identifier: MIT */
/* The file "state": written anew behind every part, in place of the one before. */
#include "stages/work_state.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

static const ndup__section_kind state_kind = {
    .magic = "ndupWRKS", .version = 1, .noun = "the state of a run"};

/* Digits of a part's number. */
#define PART_NAME "part-%06llu"

ndup_status ndup__work_path(char path[NDUP__WORK_PATH_BYTES], const char *folder, const char *name,
                            ndup_error *error)
{
    int length = snprintf(path, NDUP__WORK_PATH_BYTES, "%s/%s", folder, name);
    return length > 0 && length < NDUP__WORK_PATH_BYTES
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_LIMIT, "a path of more than %d bytes",
                            NDUP__WORK_PATH_BYTES - 1);
}

ndup_status ndup__work_part_path(char path[NDUP__WORK_PATH_BYTES], const char *folder,
                                 uint64_t number, ndup_error *error)
{
    char name[32];
    snprintf(name, sizeof name, PART_NAME, (unsigned long long)number);
    return ndup__work_path(path, folder, name, error);
}

bool ndup__work_owns(const char *name)
{
    static const char *const names[] = {"state", "run", "decisions"};
    unsigned long long number;
    char again[32] = "";
    if (sscanf(name, "part-%llu", &number) == 1) {
        snprintf(again, sizeof again, PART_NAME, number);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return strcmp(name, again) == 0;
}

ndup_status ndup__work_advise(ndup_status status, ndup_error *error)
{
    bool is_state = status == NDUP_STATUS_CORRUPT || status == NDUP_STATUS_VERSION ||
                    status == NDUP_STATUS_INVALID || status == NDUP_STATUS_NOT_FOUND;
    if (error != NULL && is_state && strstr(error->message, "--restart") == NULL) {
        ndup_error cause = *error;
        return ndup__fail(error, status, "%.160s; --restart begins anew", cause.message);
    }
    return status;
}

/* Opens the file and takes the state out; the file is zeroed where there is none. */
static ndup_status open_state(ndup__section_file *file, ndup__work_state *state, const char *folder,
                              const ndup_allocator *allocator, ndup_error *error)
{
    char path[NDUP__WORK_PATH_BYTES];
    const ndup__work_state *stored;
    *file = (ndup__section_file){.bytes = NULL};
    *state = (ndup__work_state){.identity = 0};
    ndup_status status = ndup__work_path(path, folder, "state", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__section_file_open(file, path, &state_kind, allocator, error);
    if (status == NDUP_STATUS_NOT_FOUND) {
        return NDUP_STATUS_OK;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_items(&stored, 1, sizeof *stored, file, "state", error);
    }
    if (status == NDUP_STATUS_OK) {
        *state = *stored;
    }
    return status;
}

ndup_status ndup__work_state_read(ndup__work_state *state, const char *folder,
                                  const ndup_allocator *allocator, ndup_error *error)
{
    ndup__section_file file;
    ndup_status status = open_state(&file, state, folder, allocator, error);
    ndup__section_file_close(&file);
    return status;
}

static ndup_status put_files(ndup__section_writer *writer, const ndup_corpus *corpus,
                             uint64_t count, ndup_error *error)
{
    ndup_status status = ndup__section_begin(writer, "files", error);
    for (uint32_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        ndup__passed_file passed = ndup__corpus_passed(corpus, i);
        status = ndup__section_add(writer, &passed, sizeof passed, error);
    }
    return status;
}

static ndup_status put_pass(ndup__section_writer *writer, const ndup_corpus *corpus,
                            const ndup__pass_state *pass, ndup_error *error)
{
    const ndup__asked *asked = &pass->asked;
    const ndup__date_example examples[2] = {asked->unknown, asked->open};
    ndup_status status = ndup__section_put(writer, "passed-over", &pass->passed_over,
                                           sizeof pass->passed_over, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(writer, "examples", examples, sizeof examples, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(writer, "guards", asked->guards,
                                   asked->options->never_drop_count, error);
    }
    return status == NDUP_STATUS_OK ? put_files(writer, corpus, NDUP__PLACE_FILE(pass->next), error)
                                    : status;
}

ndup_status ndup__work_state_write(ndup_work *work, const ndup_corpus *corpus,
                                   const ndup__pass_state *pass, ndup_error *error)
{
    char path[NDUP__WORK_PATH_BYTES];
    ndup__section_writer writer = {.count = 0};
    ndup_status status = ndup__work_path(path, work->folder, "state", error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_writer_open(&writer, path, &state_kind, work->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(&writer, "state", &work->state, sizeof work->state, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__section_put(&writer, "parts", work->parts,
                              pass != NULL ? work->state.parts * sizeof *work->parts : 0, error);
    }
    if (status == NDUP_STATUS_OK && pass != NULL) {
        status = put_pass(&writer, corpus, pass, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_writer_commit(&writer, error);
    }
    ndup__section_writer_end(&writer);
    return status;
}

static ndup_status take_asked(ndup__asked *asked, ndup__section_file *file, ndup_error *error)
{
    size_t guards = asked->options->never_drop_count;
    const ndup__date_example *examples;
    const uint8_t *matched;
    ndup_status status =
        ndup__section_items(&examples, 2, sizeof *examples, file, "examples", error);
    if (status == NDUP_STATUS_OK) {
        asked->unknown = examples[0];
        asked->open = examples[1];
        status = ndup__section_items(&matched, guards, 1, file, "guards", error);
    }
    if (status == NDUP_STATUS_OK && guards > 0) {
        memcpy(asked->guards, matched, guards);
    }
    return status;
}

static ndup_status take_parts(ndup_work *work, ndup__section_file *file, ndup_error *error)
{
    const uint64_t *parts;
    size_t count = (size_t)work->state.parts;
    ndup_status status = ndup__section_items(&parts, count, sizeof *parts, file, "parts", error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(work->allocator, &work->parts, &work->part_capacity, count,
                               sizeof *work->parts, error);
    }
    if (status == NDUP_STATUS_OK && count > 0) {
        memcpy(work->parts, parts, count * sizeof *parts);
    }
    return status;
}

static ndup_status seek(const ndup_work *work, ndup_corpus *corpus, ndup__section_file *file,
                        ndup_error *error)
{
    const ndup__passed_file *passed;
    uint32_t files = NDUP__PLACE_FILE(work->state.next);
    ndup_status status = ndup__section_items(&passed, files, sizeof *passed, file, "files", error);
    if (status == NDUP_STATUS_OK && files > ndup__corpus_file_count(corpus)) {
        status = ndup__section_fail(file, "state", "goes on behind the last file", error);
    }
    return status == NDUP_STATUS_OK ? ndup__corpus_seek(corpus, work->state.next, passed, error)
                                    : status;
}

static ndup_status take_pass(ndup_work *work, ndup__pass_state *pass, ndup__section_file *file,
                             ndup_error *error)
{
    const ndup__work_state *state = &work->state;
    const ndup__passed_over *passed_over;
    ndup_status status =
        ndup__section_items(&passed_over, 1, sizeof *passed_over, file, "passed-over", error);
    if (status == NDUP_STATUS_OK) {
        pass->passed_over = *passed_over;
        pass->next = state->next;
        pass->lines = (ndup__line_counter){(uint32_t)state->line_file, state->lines};
        pass->given = (unsigned)state->given;
        pass->stored = state->read_bytes;
        pass->asked.elements = (unsigned)state->elements;
        pass->asked.dates = state->dates;
        status = take_asked(&pass->asked, file, error);
    }
    return status;
}

ndup_status ndup__work_state_resume(ndup_work *work, ndup_corpus *corpus, ndup__pass_state *pass,
                                    ndup_error *error)
{
    ndup__section_file file;
    uint64_t identity = work->state.identity;
    ndup_status status = open_state(&file, &work->state, work->folder, work->allocator, error);
    if (status == NDUP_STATUS_OK && file.bytes == NULL) { /* no part was finished */
        work->state.identity = identity;
        return status;
    }
    if (status == NDUP_STATUS_OK && work->state.identity != identity) {
        status = ndup__section_fail(&file, "state", "is of another run", error);
    }
    if (status == NDUP_STATUS_OK) {
        status = take_parts(work, &file, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = take_pass(work, pass, &file, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = seek(work, corpus, &file, error);
    }
    ndup__section_file_close(&file);
    return status;
}
