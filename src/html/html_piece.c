/* SPDX-License-Identifier: MIT */
/* Start tags, end tags, and the stack of what is open. */
#include "html/html_piece.h"

void ndup__html_piece_put_mark(ndup__html_trim *trim, ndup__html_mark mark)
{
    char text[] = " " NDUP__HTML_MARK_NAME "=0";
    if (mark != NDUP__HTML_PLAIN) {
        text[sizeof text - 2] = (char)('0' + mark);
        ndup__html_piece_put_string(trim, text);
    }
}

ndup_status ndup__html_piece_put_end(ndup__html_trim *trim, GumboTag tag, ndup_error *error)
{
    ndup_status status = ndup__html_piece_reserve(trim, NDUP__HTML_NAME_BYTES, error);
    if (status == NDUP_STATUS_OK) {
        ndup__html_piece_put_string(trim, "</");
        ndup__html_piece_put_string(trim, ndup__html_tag_name(tag));
        ndup__html_piece_put(trim, ">", 1);
    }
    return status;
}

void ndup__html_piece_open(ndup__html_trim *trim, GumboTag tag, ndup__html_mark mark)
{
    trim->tags[trim->depth] = (uint8_t)tag;
    trim->marks[trim->depth] = (uint8_t)mark;
    trim->depth++;
    trim->open[tag]++;
}

void ndup__html_piece_close(ndup__html_trim *trim, GumboTag tag, unsigned traits)
{
    if (trim->open[tag] == 0) {
        return;
    }
    unsigned at = trim->depth - 1;
    while (trim->tags[at] != tag) {
        at--;
    }
    if ((traits & NDUP__HTML_INLINE) != 0) {
        size_t above = trim->depth - at - 1;
        memmove(trim->tags + at, trim->tags + at + 1, above);
        memmove(trim->marks + at, trim->marks + at + 1, above);
        trim->open[tag]--;
        trim->depth--;
        return;
    }
    while (trim->depth > at) {
        trim->open[trim->tags[--trim->depth]]--;
    }
}

void ndup__html_piece_forget(ndup__html_trim *trim)
{
    trim->depth = 0;
    memset(trim->open, 0, sizeof trim->open);
}

ndup_status ndup__html_piece_reopen(ndup__html_trim *trim, ndup_error *error)
{
    ndup_status status = ndup__html_piece_reserve(
        trim, trim->depth * (NDUP__HTML_NAME_BYTES + NDUP__HTML_MARK_BYTES) + 1, error);
    for (unsigned i = 0; i < trim->depth && status == NDUP_STATUS_OK; i++) {
        ndup__html_piece_put(trim, "<", 1);
        ndup__html_piece_put_string(trim, ndup__html_tag_name((GumboTag)trim->tags[i]));
        ndup__html_piece_put_mark(trim, (ndup__html_mark)trim->marks[i]);
        ndup__html_piece_put(trim, ">", 1);
    }
    return status;
}

ndup_status ndup__html_piece_end_inside(ndup__html_trim *trim, GumboTag tag, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (trim->open[tag] > 0) {
        for (unsigned at = trim->depth; trim->tags[at - 1] != tag && status == NDUP_STATUS_OK;) {
            status = ndup__html_piece_put_end(trim, (GumboTag)trim->tags[--at], error);
        }
    }
    return status;
}
