/* SPDX-License-Identifier: MIT */
/* Files of mail: .eml, one message and one document each, and mailboxes (mbox), whose messages are
 * records, read as JSON objects. */
#include "corpus/mail.h"

#include <string.h>

#include "base/error.h"
#include "corpus/corpus_state.h"
#include "corpus/xml.h"

/* Lines between messages are shorter. */
#define FROM_MOST 1000

static bool begins_with(const char *bytes, size_t length, const char *word)
{
    size_t word_length = strlen(word);
    return length >= word_length && memcmp(bytes, word, word_length) == 0;
}

/* Whether the line bytes[0..length), which may lack its end, is one between messages: "From ", a
 * sender, a date with its time. Text may have lines that begin with "From ", too. */
static bool is_from_line(const char *bytes, size_t length)
{
    if (!begins_with(bytes, length, "From ")) {
        return false;
    }
    for (size_t i = 5; i + 1 < length; i++) {
        if (bytes[i] == ':' && bytes[i - 1] >= '0' && bytes[i - 1] <= '9' && bytes[i + 1] >= '0' &&
            bytes[i + 1] <= '9') {
            return true;
        }
    }
    return false;
}

/* Where the next message begins behind bytes[at], the beginning of one: at a line between messages,
 * which is whole, with a blank line in front. `length` if there is none. */
static size_t next_message(const char *bytes, size_t length, size_t at)
{
    const char *mark = bytes + at;
    while ((mark = memchr(mark, '\n', length - (size_t)(mark - bytes))) != NULL) {
        size_t line = (size_t)(++mark - bytes);
        bool has_blank = (line >= at + 2 && mark[-2] == '\n') ||
                         (line >= at + 3 && mark[-2] == '\r' && mark[-3] == '\n');
        if (!has_blank || line == length || *mark != 'F') {
            continue;
        }
        size_t most = length - line < FROM_MOST ? length - line : FROM_MOST;
        const char *stop = memchr(mark, '\n', most);
        if (stop != NULL && is_from_line(mark, (size_t)(stop - mark))) {
            return line;
        }
    }
    return length;
}

/* A message is whole when the next one has begun. */
static ndup_status cut(ndup__cut *cut, ndup_corpus *corpus, ndup__corpus_file *file,
                       const char *bytes, size_t length, bool ended, ndup_error *error)
{
    (void)corpus;
    (void)file;
    (void)ended;
    (void)error;
    for (size_t next = 0; next < length;) {
        next = next_message(bytes, length, next);
        cut->whole = next < length ? next : cut->whole;
    }
    return NDUP_STATUS_OK;
}

static bool find_next(size_t *next, ndup__corpus_file *file, const char *bytes, size_t length)
{
    (void)file;
    *next = next_message(bytes, length, 0);
    bool is_found = *next < length;
    if (!is_found) {
        *next = length > FROM_MOST + 3 ? length - FROM_MOST - 3 : 0;
    }
    return is_found;
}

/* Mailboxes write ">From " where a line of a message begins with "From ". */
static ndup_status unquote(ndup_text *text, ndup__block *block, ndup_error *error)
{
    ndup__json_line *room = &block->rooms[0];
    ndup_status status = NDUP_STATUS_OK;
    bool has_quote = false;
    char *copy;
    room->length = 0;
    for (size_t at = 0; at < text->length && status == NDUP_STATUS_OK;) {
        const char *line = text->bytes + at;
        const char *stop = memchr(line, '\n', text->length - at);
        size_t length = stop != NULL ? (size_t)(stop + 1 - line) : text->length - at;
        size_t marks = 0;
        while (marks < length && line[marks] == '>') {
            marks++;
        }
        bool is_quoted = marks > 0 && begins_with(line + marks, length - marks, "From ");
        has_quote |= is_quoted;
        status = ndup__json_line_add(room, line + is_quoted, length - is_quoted, error);
        at += length;
    }
    if (status == NDUP_STATUS_OK && has_quote) {
        status = ndup__arena_copy(&block->arena, &copy, room->bytes, room->length, error);
        *text = (ndup_text){copy, room->length};
    }
    return status;
}

static ndup_status make_json(ndup__block *block, const ndup__mail *mail, ndup_text name,
                             ndup_error *error)
{
    ndup__json_line *line = &block->json;
    const struct {
        const char *key;
        ndup_text value;
    } members[] = {{"id", mail->id.length > 0 ? mail->id : name},
                   {"date", mail->date},
                   {"source", mail->source},
                   {"title", mail->subject},
                   {"author", mail->author},
                   {"text", mail->page.text}};
    size_t count = sizeof members / sizeof members[0];
    line->length = 0;
    ndup_status status = ndup__json_line_add(line, "{", 1, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        if (members[i].value.length > 0 || i + 1 == count) {
            status = ndup__json_line_member(line, members[i].key, members[i].value, error);
        }
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "}", 1, error) : status;
}

/* Reads a message of a mailbox, whose first line stands between messages. */
static ndup_status read_message(ndup__mail *mail, const ndup_corpus *corpus, ndup__block *block,
                                ndup_text message, ndup_error *error)
{
    char name[NDUP__NAME_BYTES];
    uint64_t offset = block->offset + (uint64_t)(message.bytes - block->bytes);
    ndup_text id = ndup__found_name(name, corpus->files[block->file].path, offset);
    if (begins_with(message.bytes, message.length, "From ")) {
        const char *stop = memchr(message.bytes, '\n', message.length);
        size_t line = stop != NULL ? (size_t)(stop + 1 - message.bytes) : message.length;
        message = (ndup_text){message.bytes + line, message.length - line};
    }
    if (ndup__mail_header_line(message) == 0) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT, "a message without headers");
    }
    ndup_status status = ndup__mail_read(mail, block, message, error);
    if (status == NDUP_STATUS_OK && mail->page.units == NULL) {
        status = unquote(&mail->page.text, block, error);
    }
    return status == NDUP_STATUS_OK ? make_json(block, mail, id, error) : status;
}

static ndup_status scan_message(const ndup_corpus *corpus, ndup__block *block,
                                const ndup__visitor *visitor, size_t begin, size_t end,
                                ndup_error *error)
{
    ndup__found found = {.raw = {block->bytes + begin, end - begin}};
    ndup__mail mail = {.replaced = 0};
    ndup_error cause = {0};
    if (found.raw.length > corpus->max_record_bytes) {
        return ndup__note_too_long(corpus, block, 0, block->offset + begin, error);
    }
    if (!visitor->keeps) {
        ndup__arena_reset(&block->arena);
    }
    ndup_status status = ndup__check_memory(block, 2 * found.raw.length, &cause);
    if (status == NDUP_STATUS_OK) {
        status = read_message(&mail, corpus, block, found.raw, &cause);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__found_take_json(&found, block, visitor, &cause);
    }
    ndup__block_trim_rooms(block);
    return status == NDUP_STATUS_OK ? ndup__found_visit_page(corpus, block, visitor, &found,
                                                             &mail.page, mail.replaced, error)
                                    : ndup__found_reject(corpus, block, &found, &cause, error);
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t at = 0; at < block->length && status == NDUP_STATUS_OK;) {
        size_t next = next_message(block->bytes, block->length, at);
        bool is_blank = ndup__xml_trim((ndup_text){block->bytes + at, next - at}).length == 0;
        status = is_blank ? status : scan_message(corpus, block, visitor, at, next, error);
        at = next;
    }
    return status;
}

static bool is_mailbox(const char *bytes, size_t length)
{
    const char *stop = memchr(bytes, '\n', length);
    size_t line = stop != NULL ? (size_t)(stop - bytes) : length;
    return stop != NULL && is_from_line(bytes, line) &&
           ndup__mail_header_line((ndup_text){stop + 1, length - line - 1}) > 0;
}

/* Texts may begin with "From:" and "Subject:", too, so what only servers and programs write must be
 * among the headers. */
static bool is_message(const char *bytes, size_t length)
{
    static const char *const certain[] = {"Received", "Return-Path", "MIME-Version", "Message-ID"};
    ndup_text message = {bytes, length};
    unsigned found = ndup__mail_header(message, "From").length > 0;
    for (size_t i = 0; i < sizeof certain / sizeof certain[0]; i++) {
        found += ndup__mail_header(message, certain[i]).length > 0;
    }
    return ndup__mail_header_line(message) > 0 && found >= 3;
}

/* An .eml file stays the document that it is, named by its path. */
static ndup_status scan_file(const ndup_corpus *corpus, ndup__block *block, uint32_t number,
                             ndup__item *item, ndup_error *error)
{
    ndup__mail mail;
    ndup_document *document = &item->document;
    ndup_status status = ndup__plain_read(corpus, block, number, item, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    document->original = document->text;
    status = ndup__mail_read(&mail, block, document->original, error);
    ndup__block_trim_rooms(block);
    document->text = mail.page.text;
    document->units = mail.page.units;
    document->unit_count = mail.page.unit_count;
    document->title = mail.subject;
    document->date = mail.date;
    document->source = mail.source.length > 0 ? mail.source : document->source;
    item->replaced += mail.replaced;
    return status;
}

static ndup_status scan_files(const ndup_corpus *corpus, ndup__block *block,
                              const ndup__visitor *visitor, ndup_error *error)
{
    return ndup__plain_scan(corpus, block, visitor, scan_file, error);
}

static const char *const message_suffixes[] = {".eml", NULL};
static const char *const mailbox_suffixes[] = {".mbox", NULL};

const ndup__format ndup__format_mail = {
    .name = "eml",
    .suffixes = message_suffixes,
    .recognises = is_message,
    .take = ndup__plain_take,
    .scan = scan_files,
};

const ndup__format ndup__format_mailbox = {
    .name = "mbox",
    .suffixes = mailbox_suffixes,
    .streams = true,
    .is_converted = true,
    .recognises = is_mailbox,
    .cut = cut,
    .find_next = find_next,
    .take = ndup__stream_take,
    .scan = scan,
};
