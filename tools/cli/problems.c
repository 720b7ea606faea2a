/* SPDX-License-Identifier: MIT */
/* Gathering problems by their cause, so that a million lines that lack a field are one message. */
#include "problems.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "format.h"

static char *copy_word(const char *word)
{
    size_t size = strlen(word) + 1;
    return memcpy(cli_resize(NULL, size), word, size);
}

static size_t cause_length(const char *message)
{
    const char *detail = strstr(message, "; ");
    const char *found = strstr(message, ", found ");
    size_t length = strlen(message);
    length = detail != NULL ? (size_t)(detail - message) : length;
    return found != NULL && (size_t)(found - message) < length ? (size_t)(found - message) : length;
}

/* The cause with this message, made if there is room for it; NULL if there is none. */
static cli_problem_cause *find_cause(cli_problems *problems, const char *message)
{
    size_t length = cause_length(message);
    for (size_t i = 0; i < problems->cause_count; i++) {
        cli_problem_cause *cause = &problems->causes[i];
        if (cause->length == length && memcmp(cause->message, message, length) == 0) {
            return cause;
        }
    }
    if (problems->cause_count == CLI_PROBLEM_CAUSES) {
        return NULL;
    }
    cli_problem_cause *cause = &problems->causes[problems->cause_count++];
    *cause =
        (cli_problem_cause){.message = copy_word(message), .length = length, .in_one_file = true};
    return cause;
}

void cli_problems_add(cli_problems *problems, const ndup_problem *problem)
{
    const char *path = problem->path != NULL ? problem->path : "input";
    cli_problem_cause *cause = find_cause(problems, problem->message);
    if (cause == NULL) {
        problems->others++;
        return;
    }
    if (cause->count < CLI_PROBLEM_PLACES) {
        cause->places[cause->count] = (cli_problem_place){
            .path = copy_word(path), .line = problem->line, .offset = problem->offset};
    }
    cause->in_one_file &= strcmp(cause->places[0].path, path) == 0;
    cause->count++;
}

static void print_place(FILE *out, const cli_problem_place *place)
{
    if (place->line > 0) {
        fprintf(out, "%s:%llu", place->path, (unsigned long long)place->line);
    } else if (place->offset > 0) {
        fprintf(out, "%s: byte %llu", place->path, (unsigned long long)place->offset);
    } else {
        fputs(place->path, out);
    }
}

/* Places of one file: "x.jsonl: lines 2, 3, 7 and 12 others". */
static void print_number(FILE *out, const cli_problem_cause *cause, size_t i)
{
    const cli_problem_place *place = &cause->places[i];
    bool has_lines = cause->places[0].line > 0;
    if (i == 0) {
        fprintf(out, "%s: %s ", place->path, has_lines ? "lines" : "bytes");
    }
    fprintf(out, "%llu", (unsigned long long)(has_lines ? place->line : place->offset));
}

static void print_places(FILE *out, const cli_problem_cause *cause)
{
    size_t shown = cause->count < CLI_PROBLEM_PLACES ? (size_t)cause->count : CLI_PROBLEM_PLACES;
    for (size_t i = 0; i < shown; i++) {
        fputs(i == 0 ? "" : i + 1 == cause->count ? " and " : ", ", out);
        if (cause->count > 1 && cause->in_one_file) {
            print_number(out, cause, i);
        } else {
            print_place(out, &cause->places[i]);
        }
    }
    if (cause->count > shown) {
        cli_formatted more;
        fprintf(out, " and %s %s", cli_format_count(&more, cause->count - shown),
                cause->count - shown == 1 ? "other" : "others");
    }
}

static void print_cause(const cli_problem_cause *cause)
{
    char *places = NULL;
    size_t length = 0;
    /* A file that could not be opened or decoded is named by the message. */
    bool is_named =
        cause->places[0].line == 0 && strstr(cause->message, cause->places[0].path) != NULL;
    if (is_named) {
        cli_complain("%s", cause->message);
        return;
    }
    FILE *out = open_memstream(&places, &length);
    if (out != NULL) {
        print_places(out, cause);
    }
    if (out == NULL || fclose(out) != 0) {
        cli_complain("%s: %s", cause->places[0].path, cause->message);
    } else {
        cli_complain("%s: %s", places, cause->message);
    }
    free(places);
}

void cli_problems_print(cli_problems *problems)
{
    for (size_t i = 0; i < problems->cause_count; i++) {
        cli_problem_cause *cause = &problems->causes[i];
        print_cause(cause);
        for (size_t j = 0; j < CLI_PROBLEM_PLACES; j++) {
            free(cause->places[j].path);
        }
        free(cause->message);
    }
    if (problems->others > 0) {
        cli_formatted more;
        cli_complain("and %s problems of other kinds", cli_format_count(&more, problems->others));
    }
    *problems = (cli_problems){.cause_count = 0};
}
