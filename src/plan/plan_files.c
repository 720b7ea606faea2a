/* SPDX-License-Identifier: MIT */
/* Inputs and the choice of files out of a plan's first line. */
#include "plan/plan_files.h"

#include "base/error.h"
#include "corpus/record_scan.h"
#include "plan/plan_state.h"
#include "plan/plan_value.h"
#include "text/file_name.h"

enum { INPUTS, FORMAT, INCLUDE, EXCLUDE, HIDDEN, GITIGNORE, FILES_COUNT };

static const char *const file_paths[FILES_COUNT] = {
    "inputs", "files.format", "files.include", "files.exclude", "files.hidden", "files.gitignore",
};

static bool is_there(const ndup__plan_line *line, unsigned field)
{
    return line->values[field].kind != NDUP__VALUE_ABSENT;
}

static void read_members(ndup_plan *plan, ndup__plan_line *line)
{
    ndup__arena *strings = &plan->strings;
    ndup_corpus_options *options = &plan->fields;
    plan->inputs = ndup__plan_list(&plan->input_count, line, INPUTS, strings);
    for (size_t i = 0; line->status == NDUP_STATUS_OK && i < plan->input_count; i++) {
        ndup__file_name_read((char *)plan->inputs[i]); /* the plan's own copy */
    }
    options->format = ndup__plan_optional(line, FORMAT, strings);
    if (is_there(line, INCLUDE)) {
        options->include = ndup__plan_list(&options->include_count, line, INCLUDE, strings);
    }
    if (is_there(line, EXCLUDE)) {
        options->exclude = ndup__plan_list(&options->exclude_count, line, EXCLUDE, strings);
    }
    options->hidden = is_there(line, HIDDEN) && ndup__plan_bool(line, HIDDEN);
    options->gitignore = is_there(line, GITIGNORE) && ndup__plan_bool(line, GITIGNORE);
}

ndup_status ndup__plan_read_files(ndup_plan *plan, ndup_text text, ndup_error *error)
{
    ndup__record_scanner *scanner;
    ndup__plan_line line = {.paths = file_paths, .error = error};
    ndup_status status =
        ndup__record_scanner_new(&scanner, file_paths, FILES_COUNT, plan->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__record_scan(line.values, scanner, text.bytes, text.length, error);
    if (status == NDUP_STATUS_OK) {
        read_members(plan, &line);
        status = line.status;
    }
    ndup__record_scanner_free(scanner);
    if (status == NDUP_STATUS_OK && line.wrong != NULL) {
        status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s line 1: %s%s", plan->path, line.problem,
                            line.wrong);
        if (error != NULL) {
            error->line = 1;
        }
    }
    return status;
}
