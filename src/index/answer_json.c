/* SPDX-License-Identifier: MIT */
/* Answers as JSON: what `neardup check`, the server and callers say alike. */
#include "base/error.h"
#include "base/require.h"
#include "index/answers.h"
#include "report/json_out.h"

/* A share, or null where it is not known. */
static void write_share(ndup__out *out, const char *key, double share)
{
    if (share < 0) {
        ndup__json_null(out, key);
    } else {
        ndup__json_fixed(out, key, share);
    }
}

static void write_match(ndup__out *out, const char *key, const ndup_index_match *match)
{
    ndup__json_open(out, key, '{');
    ndup__json_string(out, "id", match->id);
    ndup__json_optional(out, "url", match->url);
    ndup__json_optional(out, "source", match->source);
    ndup__json_optional(out, "date", match->date);
    ndup__json_optional(out, "title", match->title);
    ndup__json_word(out, "kind", ndup_kind_name(match->kind));
    ndup__json_fixed(out, "similarity", match->similarity);
    ndup__json_fixed(out, "low", match->low);
    ndup__json_fixed(out, "high", match->high);
    write_share(out, "containment", match->containment);
    write_share(out, "other_containment", match->other_containment);
    ndup__json_bool(out, "estimated", match->is_estimated);
    ndup__json_close(out, '}');
}

/* The match that the decision goes by, and then all others. */
static void write_matches(ndup__out *out, const ndup_index_answer *answer)
{
    if (answer->is_known) {
        write_match(out, "match", &answer->matches[0]);
    } else {
        ndup__json_null(out, "match");
    }
    ndup__json_open(out, "matches", '[');
    for (size_t i = answer->is_known; i < answer->match_count; i++) {
        write_match(out, NULL, &answer->matches[i]);
    }
    ndup__json_close(out, ']');
}

static void write_answer(ndup__out *out, const ndup_index_answer *answer, ndup_text id)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_optional(out, "id", id);
    ndup__json_word(out, "decision", answer->is_known ? "known" : "new");
    write_matches(out, answer);
    if (answer->group > 0) {
        ndup__json_count(out, "group", answer->group);
    } else {
        ndup__json_null(out, "group");
    }
    ndup__json_count(out, "group_size", answer->group_size);
    ndup__json_bool(out, "update", answer->is_update);
    ndup__json_bool(out, "same_id", answer->is_same_id);
    bool was_there = answer->is_same_id && !answer->was_replaced;
    ndup__json_bool(out, "added", answer->number > 0 && !was_there);
    ndup__json_bool(out, "replaced", answer->was_replaced);
    ndup__json_bool(out, "capped", answer->is_capped);
    ndup__json_word(out, "reading", ndup_reading_name(answer->reading));
    ndup__json_close(out, '}');
}

ndup_status ndup_index_answers_json(ndup_text *json, ndup_index_answers *answers, size_t i,
                                    ndup_text id, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "json", json, "answers", answers);
    if (status == NDUP_STATUS_OK && i >= answers->count) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "answer %zu, must be less than %zu", i,
                            answers->count);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__out *out = &answers->json;
    out->held = 0;
    out->needs_comma = false;
    write_answer(out, &answers->items[i], id);
    status = ndup__out_status(out, error);
    *json = status == NDUP_STATUS_OK ? (ndup_text){out->bytes, out->held} : (ndup_text){NULL, 0};
    return status;
}
