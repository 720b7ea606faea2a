/* SPDX-License-Identifier: MIT */
/* What one of the two passes over a site cannot read is named. open() is replaced here. */
#define _GNU_SOURCE /* syscall */
#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "neardup/flag.h"
#include "support/temp_dir.h"

#define FAILING "b.jsonl"

static unsigned opened;  /* times that FAILING was */
static unsigned fail_at; /* the time that fails; 0: none */

int open(const char *path, int flags, ...);
int open(const char *path, int flags, ...)
{
    size_t length = strlen(path);
    if (length > strlen(FAILING) && strcmp(path + length - strlen(FAILING), FAILING) == 0 &&
        ++opened == fail_at) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0666);
}

static void write_pages(const temp_dir *folder, const char *name, unsigned count)
{
    char text[4000] = "";
    for (unsigned i = 0; i < count; i++) {
        char line[200];
        snprintf(line, sizeof line,
                 "{\"url\":\"https://example.org/%s/%u\",\"text\":\"one banner of the whole "
                 "site\\n\\n%u words of their own\"}\n",
                 name, i, i);
        strcat(text, line);
    }
    temp_dir_write_text(folder, name, text);
}

typedef struct problems {
    unsigned of_records;
    unsigned of_file;
} problems;

static void note(void *context, const ndup_problem *problem)
{
    problems *met = context;
    met->of_file += strstr(problem->message, "cannot open") != NULL;
    met->of_records += problem->line != 0;
}

/* Runs both passes, in which the Nth open of FAILING fails. */
static ndup_status run(const temp_dir *folder, unsigned number, problems *met,
                       ndup_flag_summary *summary)
{
    const char *inputs[] = {folder->path};
    ndup_hooks hooks = {.struct_size = sizeof hooks, .context = met, .problem = note};
    ndup_flag_options options;
    ndup_corpus *corpus;
    ndup_error error;
    ndup_flag_options_init(&options);
    options.site = true;
    options.site_pages = 2;
    options.threads = 1;
    *met = (problems){0};
    *summary = (ndup_flag_summary){0};
    opened = 0;
    fail_at = number;
    ndup_status status = ndup_corpus_open(&corpus, inputs, 1, NULL, NULL, &error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_flag(summary, corpus, &options, NULL, 0, &hooks, &error);
        ndup_corpus_close(corpus);
    }
    return status;
}

static void test_flag__names_what_either_pass_cannot_open(void **state)
{
    (void)state;
    temp_dir folder;
    problems met;
    ndup_flag_summary summary;
    temp_dir_init(&folder);
    write_pages(&folder, "a.jsonl", 6);
    write_pages(&folder, FAILING, 3);
    assert_int_equal(run(&folder, 0, &met, &summary), NDUP_STATUS_OK);
    unsigned count = opened;
    assert_u64_equal(summary.documents, 9);
    assert_true(count >= 2);
    for (unsigned i = 1; i <= count; i++) {
        if (run(&folder, i, &met, &summary) == NDUP_STATUS_OK) {
            assert_int_equal(met.of_file, 1);
            assert_u64_equal(summary.skipped, 1);
        }
    }
    temp_dir_deinit(&folder);
}

static void test_flag__names_once_what_both_passes_cannot_read(void **state)
{
    (void)state;
    temp_dir folder;
    problems met;
    ndup_flag_summary summary;
    temp_dir_init(&folder);
    write_pages(&folder, "a.jsonl", 6);
    temp_dir_write_text(&folder, "c.jsonl",
                        "{\"url\":\"https://example.org/c\",\"text\":\"one banner of the whole "
                        "site\"}\n{\"text\":damaged}\n\n{\"text\":damaged}\n");
    assert_int_equal(run(&folder, 0, &met, &summary), NDUP_STATUS_OK);
    assert_int_equal(met.of_records, 2);
    assert_u64_equal(summary.skipped, 2);
    assert_u64_equal(summary.documents, 7);
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_flag__names_what_either_pass_cannot_open),
          cmocka_unit_test(test_flag__names_once_what_both_passes_cannot_read))
