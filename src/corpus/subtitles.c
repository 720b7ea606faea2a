/* SPDX-License-Identifier: MIT */
/* Files of subtitles (SubRip, WebVTT): a document of the lines that are shown. */
#include "corpus/subtitles.h"

#include <string.h>

#include "corpus/corpus_state.h"
#include "corpus/xml.h"
#include "text/utf8.h"

/* The longest tag; a '<' in front of a longer one is text. */
#define TAG_MOST 200

/* Lines one after the other; any line end. */
typedef struct line_walk {
    const char *at;
    const char *end;
} line_walk;

static bool next_line(ndup_text *line, line_walk *walk)
{
    const char *stop = walk->at;
    if (walk->at == walk->end) {
        return false;
    }
    while (stop < walk->end && *stop != '\n' && *stop != '\r') {
        stop++;
    }
    *line = (ndup_text){walk->at, (size_t)(stop - walk->at)};
    walk->at = stop;
    if (walk->at < walk->end) {
        walk->at += *stop == '\r' && stop + 1 < walk->end && stop[1] == '\n' ? 2 : 1;
    }
    return true;
}

/* The digits at the beginning of text[at..), at most `most`. */
static size_t count_digits(ndup_text text, size_t at, size_t most)
{
    size_t count = 0;
    while (count < most && at + count < text.length && text.bytes[at + count] >= '0' &&
           text.bytes[at + count] <= '9') {
        count++;
    }
    return count;
}

/* Behind "00:00:01,000", "00:01.000" or "1:02:03" at text[at..); `at` if there is none. */
static size_t pass_time(ndup_text text, size_t at)
{
    size_t parts = 0;
    size_t now = at;
    for (;;) {
        size_t digits = count_digits(text, now, parts == 0 ? 4 : 2);
        if (digits == 0) {
            return at;
        }
        now += digits;
        parts++;
        if (parts == 3 || now == text.length || text.bytes[now] != ':') {
            break;
        }
        now++;
    }
    if (now < text.length && (text.bytes[now] == ',' || text.bytes[now] == '.')) {
        now += 1 + count_digits(text, now + 1, 3);
    }
    return parts >= 2 ? now : at;
}

static size_t pass_blanks(ndup_text text, size_t at)
{
    while (at < text.length && (text.bytes[at] == ' ' || text.bytes[at] == '\t')) {
        at++;
    }
    return at;
}

/* "00:00:01,000 --> 00:00:02,500", whatever follows. */
static bool is_timing(ndup_text line)
{
    size_t begin = pass_blanks(line, 0);
    size_t at = pass_time(line, begin);
    if (at == begin) {
        return false;
    }
    at = pass_blanks(line, at);
    if (line.length - at < 3 || memcmp(line.bytes + at, "-->", 3) != 0) {
        return false;
    }
    begin = pass_blanks(line, at + 3);
    return pass_time(line, begin) > begin;
}

static bool is_number(ndup_text line)
{
    ndup_text trimmed = ndup__xml_trim(line);
    return trimmed.length > 0 && count_digits(trimmed, 0, 10) == trimmed.length;
}

static bool begins_with_word(ndup_text line, const char *word)
{
    size_t length = strlen(word);
    return line.length >= length && memcmp(line.bytes, word, length) == 0 &&
           (line.length == length || line.bytes[length] == ' ' || line.bytes[length] == '\t');
}

static line_walk begin_walk(const char *bytes, size_t length)
{
    return (line_walk){bytes + ndup__utf8_mark(bytes, length), bytes + length};
}

bool ndup__subtitles_begin(const char *bytes, size_t length)
{
    line_walk walk = begin_walk(bytes, length);
    ndup_text line = {NULL, 0};
    bool has_line = next_line(&line, &walk);
    if (has_line && begins_with_word(line, "WEBVTT")) {
        return true;
    }
    while (has_line && ndup__xml_trim(line).length == 0) {
        has_line = next_line(&line, &walk);
    }
    return has_line && is_number(line) && next_line(&line, &walk) && is_timing(line);
}

/* The length of what is left out at bytes[0]: "<...>" or "{\...}"; 0 if it is text. */
static size_t tag_length(const char *bytes, size_t length)
{
    bool is_tag = bytes[0] == '<' && length > 1 && strchr(" =<>", bytes[1]) == NULL;
    bool is_override = bytes[0] == '{' && length > 1 && bytes[1] == '\\';
    if (!is_tag && !is_override) {
        return 0;
    }
    size_t most = length < TAG_MOST ? length : TAG_MOST;
    const char *close = memchr(bytes, is_tag ? '>' : '}', most);
    return close != NULL ? (size_t)(close + 1 - bytes) : 0;
}

/* Appends a line without its tags, and a line end unless nothing is left. */
static ndup_status add_line(ndup__json_line *text, ndup_text line, bool has_references,
                            ndup_error *error)
{
    size_t before = text->length;
    size_t from = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t at = 0; at <= line.length && status == NDUP_STATUS_OK;) {
        size_t tag = at < line.length ? tag_length(line.bytes + at, line.length - at) : 0;
        if (tag == 0 && at < line.length) {
            at++;
            continue;
        }
        ndup_text piece = {line.bytes + from, at - from};
        status = has_references ? ndup__xml_resolve(text, piece, error)
                                : ndup__json_line_add(text, piece.bytes, piece.length, error);
        from = at += tag > 0 ? tag : 1;
    }
    if (status != NDUP_STATUS_OK || text->length == before) {
        text->length = before;
        return status;
    }
    ndup_text added = ndup__xml_trim((ndup_text){text->bytes + before, text->length - before});
    if (added.length == 0 || ndup__xml_is(added, "&nbsp;")) {
        text->length = before;
        return status;
    }
    memmove(text->bytes + before, added.bytes, added.length);
    text->length = before + added.length;
    return ndup__json_line_add(text, "\n", 1, error);
}

/* What has been seen of a file, up to the line in question. */
typedef struct reading {
    bool is_vtt;
    bool in_block;  /* of WebVTT that is not shown, up to a blank line */
    bool was_blank; /* the line before, or there was none */
} reading;

/* Whether the line is shown; `next` stands behind it. */
static bool is_shown(reading *now, ndup_text line, ndup_text next)
{
    bool is_begin = now->was_blank;
    now->was_blank = line.length == 0;
    if (line.length == 0 || is_timing(line)) {
        now->in_block = false;
        return false;
    }
    if (is_begin && now->is_vtt) {
        now->in_block = begins_with_word(line, "NOTE") || begins_with_word(line, "STYLE") ||
                        begins_with_word(line, "REGION");
    }
    bool is_name = is_timing(next) && (is_begin || is_number(line));
    return !now->in_block && !is_name;
}

ndup_status ndup__subtitles_read(ndup__json_line *text, const char *bytes, size_t length,
                                 ndup_error *error)
{
    line_walk walk = begin_walk(bytes, length);
    ndup_text line = {NULL, 0};
    ndup_text next = {NULL, 0};
    reading now = {.was_blank = true};
    ndup_status status = NDUP_STATUS_OK;
    bool has_line = next_line(&line, &walk);
    now.is_vtt = has_line && begins_with_word(line, "WEBVTT");
    bool is_header = now.is_vtt;
    while (has_line && status == NDUP_STATUS_OK) {
        bool has_next = next_line(&next, &walk);
        next = has_next ? next : (ndup_text){NULL, 0};
        if (is_shown(&now, line, next) && !is_header) {
            status = add_line(text, line, now.is_vtt, error);
        }
        is_header = is_header && line.length > 0 && !is_timing(line);
        line = next;
        has_line = has_next;
    }
    return status;
}

ndup_status ndup__subtitles_extract(ndup_text *text, ndup__block *block, ndup_error *error)
{
    ndup__json_line *room = &block->rooms[0];
    char *copy = NULL;
    room->length = 0;
    ndup_status status = ndup__subtitles_read(room, text->bytes, text->length, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(&block->arena, &copy, room->bytes, room->length, error);
        *text = (ndup_text){copy, room->length};
    }
    ndup__block_trim_rooms(block);
    return status;
}
