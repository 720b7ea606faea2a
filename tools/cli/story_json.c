/* SPDX-License-Identifier: MIT */
/* Every fact of an explanation, under the names that the library gives it. */
#include "story_json.h"

#include "json_print.h"

static void print_text(cli_json *json, const char *key, ndup_text text)
{
    cli_json_text(json, key, text.bytes, text.length);
}

static void print_terms(cli_json *json, const ndup_story_term *terms, size_t count)
{
    cli_json_open(json, "terms", '[');
    for (size_t i = 0; i < count; i++) {
        cli_json_open(json, NULL, '{');
        print_text(json, "term", terms[i].term);
        cli_json_number(json, "weight", terms[i].weight);
        cli_json_close(json, '}');
    }
    cli_json_close(json, ']');
}

static void print_story(cli_json *json, const ndup_story *story)
{
    cli_json_count(json, "story", story->number);
    cli_json_count(json, "documents", story->count);
    cli_json_count(json, "copy_groups", story->copy_groups);
    cli_json_count(json, "sources", story->sources);
    print_text(json, "first_date", story->first_date);
    print_text(json, "last_date", story->last_date);
    print_text(json, "headline", story->headline);
    print_terms(json, story->terms, story->term_count);
}

static void print_likeness(cli_json *json, const char *key, const ndup_likeness *likeness)
{
    cli_json_open(json, key, '{');
    print_text(json, "a", likeness->a_id);
    print_text(json, "b", likeness->b_id);
    cli_json_number(json, "score", likeness->score);
    cli_json_word(json, "apart", ndup_apart_name(likeness->apart));
    print_terms(json, likeness->terms, likeness->term_count);
    cli_json_close(json, '}');
}

static void print_grouping(cli_json *json, const ndup_grouping *grouping)
{
    print_text(json, "id", grouping->id);
    print_text(json, "source", grouping->source);
    print_text(json, "date", grouping->date);
    cli_json_bool(json, "is_dated", grouping->is_dated);
    cli_json_count(json, "story", grouping->story);
    cli_json_count(json, "copy_group", grouping->copy_group);
    cli_json_word(json, "role", ndup_role_name(grouping->role));
    print_text(json, "of", grouping->of_id);
    cli_json_number(json, "share", grouping->share);
    cli_json_number(json, "of_share", grouping->of_share);
    cli_json_number(json, "similarity", grouping->similarity);
    cli_json_number(json, "score", grouping->story_score);
}

static void print_members(cli_json *json, const ndup_story_explanation *told)
{
    cli_json_open(json, "members", '[');
    for (size_t i = 0; i < told->story->count; i++) {
        cli_json_open(json, NULL, '{');
        print_grouping(json, &told->story->documents[i]);
        print_likeness(json, "nearest", &told->nearest[i]);
        cli_json_close(json, '}');
    }
    cli_json_close(json, ']');
}

static void print_other(cli_json *json, const ndup_story_explanation *told)
{
    cli_json_open(json, "nearest_story", '{');
    print_story(json, told->other);
    cli_json_number(json, "score", told->other_mean);
    cli_json_word(json, "apart", ndup_apart_name(told->apart));
    print_likeness(json, "closest", &told->closest);
    cli_json_close(json, '}');
}

static void print_pair(cli_json *json, const ndup_story_explanation *told)
{
    cli_json_open(json, "pair", '{');
    for (size_t i = 0; i < 2; i++) {
        cli_json_open(json, i == 0 ? "a" : "b", '{');
        print_grouping(json, &told->pair_of[i]);
        cli_json_close(json, '}');
    }
    cli_json_bool(json, "one_story", told->pair_of[0].story == told->pair_of[1].story);
    print_likeness(json, "likeness", told->pair);
    cli_json_number(json, "score_with_story", told->pair_mean);
    cli_json_close(json, '}');
}

void cli_story_json_print(FILE *out, const ndup_story_explanation *told)
{
    cli_json json = {.out = out};
    cli_json_begin(&json);
    cli_json_number(&json, "bar", told->bar);
    cli_json_number(&json, "within_days", told->within_days);
    if (told->pair != NULL) {
        print_pair(&json, told);
    }
    print_story(&json, told->story);
    cli_json_number(&json, "score", told->mean);
    print_members(&json, told);
    if (told->other != NULL) {
        print_other(&json, told);
    } else {
        cli_json_word(&json, "nearest_story", NULL);
    }
    cli_json_end(&json);
}
