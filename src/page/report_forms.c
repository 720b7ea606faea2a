/* SPDX-License-Identifier: MIT */
/* The largest families of one form as JSON: names, and no texts but the first one's beginning. */
#include "page/passages.h"
#include "page/report_run.h"
#include "page/shown_parts.h"
#include "report/json_out.h"

/* Of the first document's text: what stands for a title. */
#define BEGINNING_BYTES 300

static ndup_status write_member(ndup__out *out, ndup__report_run *run, ndup__stored_room *room,
                                uint64_t number, ndup_error *error)
{
    ndup_verdict verdict;
    ndup__stored stored;
    ndup_status status = ndup__document_store_get(&stored, room, run->store, number, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_result_verdict(run->result, number, &verdict);
    ndup__json_open(out, NULL, '{');
    ndup__json_shown_id(out, verdict.id);
    ndup__json_shown_part(out, "source", ndup__sources_name(&run->sources, number),
                          NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_part(out, "date", stored.date, NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_part(out, "title", stored.title, NDUP__SHOWN_PART_BYTES);
    ndup__json_fixed(out, "similarity", verdict.form_similarity);
    if (stored.has_text) {
        ndup__json_beginning(out, "text", stored.text, 0, BEGINNING_BYTES);
    }
    ndup__json_close(out, '}');
    return ndup__out_status(out, error);
}

/* The first document leads, as its number tells: the others follow in corpus order. */
static ndup_status write_family(ndup__out *out, ndup__report_run *run, ndup__stored_room *room,
                                const ndup__ranked_group *family, ndup_error *error)
{
    uint64_t *members;
    size_t count = (size_t)ndup__grouping_members(&members, &run->form_grouping, family->survivor);
    size_t shown = count < NDUP__FORM_MEMBERS_SHOWN ? count : NDUP__FORM_MEMBERS_SHOWN;
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "size", family->size);
    ndup__json_open(out, "members", '[');
    ndup_status status = write_member(out, run, room, family->survivor, error);
    for (size_t i = 0; i < shown && status == NDUP_STATUS_OK; i++) {
        if (members[i] != family->survivor) {
            status = write_member(out, run, room, members[i], error);
        }
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    return status;
}

ndup_status ndup__report_forms_json(ndup__out *out, ndup__report_run *run, ndup_error *error)
{
    ndup__stored_room room = {.allocator = run->allocator};
    uint64_t start = ndup__out_written(out);
    ndup_status status = NDUP_STATUS_OK;
    ndup__json_count(out, "form_count", run->forms.count);
    ndup__json_open(out, "forms", '[');
    for (size_t i = 0; i < run->forms.count && i < NDUP__FORMS_SHOWN && status == NDUP_STATUS_OK &&
                       ndup__out_written(out) - start < run->limits.form_bytes;
         i++) {
        status = write_family(out, run, &room, &run->forms.items[i], error);
    }
    ndup__json_close(out, ']');
    ndup__stored_room_deinit(&room);
    return status;
}
