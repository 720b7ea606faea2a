/* SPDX-License-Identifier: MIT */
/* Answers of an index. */
#include "answer_print.h"

#include <string.h>

#include "format.h"
#include "json_print.h"
#include "print_visible.h"

cli_answer_form cli_answer_form_of(const char *typed)
{
    if (typed != NULL && strcmp(typed, "text") == 0) {
        return CLI_ANSWER_TEXT;
    }
    if (typed != NULL && strcmp(typed, "none") == 0) {
        return CLI_ANSWER_NONE;
    }
    bool is_auto = typed == NULL || strcmp(typed, "auto") == 0;
    return is_auto && cli_is_terminal(stdout) ? CLI_ANSWER_TEXT : CLI_ANSWER_JSON;
}

static void print_text(ndup_text text)
{
    cli_print_visible(stdout, text.bytes, text.length);
}

/* Rounded down, so that 100 % is what is the same. */
static int percent(double share)
{
    return (int)(share * 100);
}

/* "93 % like", "97 % of it in": in front of the id of what it is like. */
static void print_manner(const ndup_index_match *match)
{
    switch (match->kind) {
    case NDUP_KIND_IDENTICAL:
        fputs("the text of ", stdout);
        break;
    case NDUP_KIND_NORMALIZED:
        fputs("the words of ", stdout);
        break;
    case NDUP_KIND_CONTAINED:
        printf("%d %% of it in ", percent(match->containment));
        break;
    case NDUP_KIND_TEMPLATE:
        printf("no copy, but the form of ");
        break;
    default:
        printf("%d %% like ", percent(match->similarity));
    }
}

/* " (BBC, 2026-05-31, estimated, 0.88 to 0.95)" */
static void print_facts(const ndup_index_match *match)
{
    const char *before = " (";
    const ndup_text facts[] = {match->source, match->date};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (facts[i].length > 0) {
            fputs(before, stdout);
            print_text(facts[i]);
            before = ", ";
        }
    }
    if (match->is_estimated) {
        printf("%sestimated, %.2f to %.2f", before, match->low, match->high);
        before = ", ";
    }
    fputs(strcmp(before, " (") == 0 ? "" : ")", stdout);
}

static void print_match(const ndup_index_match *match)
{
    print_manner(match);
    print_text(match->id);
    print_facts(match);
}

static void print_answer(const ndup_index_answer *answer, ndup_text id, const cli_colours *colours)
{
    printf("%s%-5s%s  ", answer->is_known ? colours->marked : colours->good,
           answer->is_known ? "known" : "new", colours->plain);
    print_text(id);
    for (size_t i = 0; i < answer->match_count; i++) {
        fputs(i == 0 ? "  " : "; ", stdout);
        print_match(&answer->matches[i]);
    }
    cli_formatted count;
    if (answer->group_size > 1) {
        printf(", group of %s", cli_format_count(&count, answer->group_size));
    }
    printf("%s%s\n", answer->is_update ? ", an update" : "",
           answer->was_replaced                       ? ", replaced"
           : answer->number > 0 && answer->is_same_id ? ", there already"
           : answer->number > 0 && answer->is_known   ? ", added"
                                                      : "");
}

ndup_status cli_answer_print(cli_answer_form form, ndup_index_answers *answers, size_t i,
                             ndup_text id, const cli_colours *colours, ndup_error *error)
{
    ndup_text json;
    if (form == CLI_ANSWER_NONE) {
        return NDUP_STATUS_OK;
    }
    if (form == CLI_ANSWER_TEXT) {
        print_answer(ndup_index_answers_get(answers, i), id, colours);
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup_index_answers_json(&json, answers, i, id, error);
    if (status == NDUP_STATUS_OK) {
        fwrite(json.bytes, 1, json.length, stdout);
        putchar('\n');
    }
    return status;
}

void cli_answer_print_error(cli_answer_form form, uint64_t line, const char *message)
{
    if (form == CLI_ANSWER_JSON) {
        cli_json json = {.out = stdout};
        cli_json_open(&json, NULL, '{');
        cli_json_word(&json, "id", NULL);
        cli_json_count(&json, "line", line);
        cli_json_word(&json, "error", message);
        cli_json_close(&json, '}');
        putchar('\n');
    }
}
