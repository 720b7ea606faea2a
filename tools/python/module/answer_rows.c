/* SPDX-License-Identifier: MIT */
/* The columns, in their order. */
#include "answer_rows.h"

const rows_column answer_columns[] = {{"document", CELL_COUNT},
                                      {"id", CELL_TEXT},
                                      {"decision", CELL_TEXT},
                                      {"group", CELL_COUNT},
                                      {"group_size", CELL_COUNT},
                                      {"update", CELL_FLAG},
                                      {"same_id", CELL_FLAG},
                                      {"added", CELL_FLAG},
                                      {"replaced", CELL_FLAG},
                                      {"capped", CELL_FLAG},
                                      {"reading", CELL_TEXT},
                                      {"match_id", CELL_TEXT},
                                      {"match_url", CELL_TEXT},
                                      {"match_source", CELL_TEXT},
                                      {"match_date", CELL_TEXT},
                                      {"match_title", CELL_TEXT},
                                      {"match_kind", CELL_TEXT},
                                      {"match_similarity", CELL_SHARE},
                                      {"match_low", CELL_SHARE},
                                      {"match_high", CELL_SHARE},
                                      {"match_containment", CELL_SHARE},
                                      {"match_other_containment", CELL_SHARE},
                                      {"match_estimated", CELL_FLAG},
                                      {.name = NULL}};

const rows_column match_columns[] = {{"document", CELL_COUNT},    {"id", CELL_TEXT},
                                     {"url", CELL_TEXT},          {"source", CELL_TEXT},
                                     {"date", CELL_TEXT},         {"title", CELL_TEXT},
                                     {"kind", CELL_TEXT},         {"similarity", CELL_SHARE},
                                     {"low", CELL_SHARE},         {"high", CELL_SHARE},
                                     {"containment", CELL_SHARE}, {"other_containment", CELL_SHARE},
                                     {"estimated", CELL_FLAG},    {.name = NULL}};

/* Cells of a match. */
#define MATCH_CELLS 12

/* A share, or null where it is not known. */
static void add_share(rows *to, double share)
{
    if (share < 0) {
        rows_add_null(to);
    } else {
        rows_add_share(to, share);
    }
}

static void add_match(rows *to, const ndup_index_match *match)
{
    rows_add_text(to, match->id);
    rows_add_optional(to, match->url);
    rows_add_optional(to, match->source);
    rows_add_optional(to, match->date);
    rows_add_optional(to, match->title);
    rows_add_name(to, ndup_kind_name(match->kind));
    rows_add_share(to, match->similarity);
    rows_add_share(to, match->low);
    rows_add_share(to, match->high);
    add_share(to, match->containment);
    add_share(to, match->other_containment);
    rows_add_flag(to, match->is_estimated);
}

static ndup_status add_answer(rows *to, const ndup_index_answer *answer, ndup_text id,
                              ndup_error *error)
{
    bool was_there = answer->is_same_id && !answer->was_replaced;
    rows_add_count(to, to->count);
    rows_add_optional(to, id);
    rows_add_name(to, answer->is_known ? "known" : "new");
    if (answer->group > 0) {
        rows_add_count(to, answer->group);
    } else {
        rows_add_null(to);
    }
    rows_add_count(to, answer->group_size);
    rows_add_flag(to, answer->is_update);
    rows_add_flag(to, answer->is_same_id);
    rows_add_flag(to, answer->number > 0 && !was_there);
    rows_add_flag(to, answer->was_replaced);
    rows_add_flag(to, answer->is_capped);
    rows_add_name(to, ndup_reading_name(answer->reading));
    if (answer->is_known) {
        add_match(to, &answer->matches[0]);
    }
    for (size_t i = 0; !answer->is_known && i < MATCH_CELLS; i++) {
        rows_add_null(to);
    }
    return rows_end(to, error);
}

static ndup_status add_others(rows *to, uint64_t document, const ndup_index_answer *answer,
                              ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = answer->is_known; i < answer->match_count && status == NDUP_STATUS_OK; i++) {
        rows_add_count(to, document);
        add_match(to, &answer->matches[i]);
        status = rows_end(to, error);
    }
    return status;
}

ndup_status answer_rows_add(rows *answers, rows *matches, const ndup_index_answers *from,
                            const ndup_document *documents, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t count = ndup_index_answers_count(from);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        const ndup_index_answer *answer = ndup_index_answers_get(from, i);
        status = add_others(matches, answers->count, answer, error);
        if (status == NDUP_STATUS_OK) {
            status = add_answer(answers, answer, documents[i].id, error);
        }
    }
    return status;
}
