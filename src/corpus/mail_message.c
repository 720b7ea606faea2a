/* SPDX-License-Identifier: MIT */
/* Headers and parts of a message. */
#include <string.h>
#include <strings.h>

#include "corpus/labelled.h"
#include "corpus/mail.h"
#include "corpus/page.h"
#include "corpus/xml.h"

/* Parts in parts are looked into so deep. */
#define DEPTH_MOST 8

/* The line that begins at text[at..), with its line end; its length. */
static size_t line_length(ndup_text text, size_t at)
{
    const char *stop = memchr(text.bytes + at, '\n', text.length - at);
    return stop != NULL ? (size_t)(stop + 1 - text.bytes) - at : text.length - at;
}

static bool is_blank_line(ndup_text text, size_t at, size_t length)
{
    return length > 0 && (text.bytes[at] == '\n' ||
                          (text.bytes[at] == '\r' && length == 2 && text.bytes[at + 1] == '\n'));
}

size_t ndup__mail_header_line(ndup_text text)
{
    size_t name = 0;
    while (name < text.length && text.bytes[name] > ' ' && text.bytes[name] < 0x7F &&
           text.bytes[name] != ':') {
        name++;
    }
    return name > 0 && name < text.length && text.bytes[name] == ':' ? line_length(text, 0) : 0;
}

ndup_text ndup__mail_header(ndup_text message, const char *name)
{
    size_t name_length = strlen(name);
    for (size_t at = 0; at < message.length;) {
        size_t length = line_length(message, at);
        if (is_blank_line(message, at, length)) {
            break;
        }
        size_t end = at + length; /* behind the folds */
        while (end < message.length && (message.bytes[end] == ' ' || message.bytes[end] == '\t')) {
            end += line_length(message, end);
        }
        if (length > name_length && message.bytes[at + name_length] == ':' &&
            strncasecmp(message.bytes + at, name, name_length) == 0) {
            at += name_length + 1;
            return ndup__xml_trim((ndup_text){message.bytes + at, end - at});
        }
        at = end;
    }
    return (ndup_text){NULL, 0};
}

/* What stands behind the headers. */
static ndup_text body_of(ndup_text message)
{
    size_t at = 0;
    while (at < message.length) {
        size_t length = line_length(message, at);
        bool is_blank = is_blank_line(message, at, length);
        at += length;
        if (is_blank) {
            break;
        }
    }
    return (ndup_text){message.bytes + at, message.length - at};
}

/* Whether the value of a header begins with the word, which ends there. */
static bool is_word(ndup_text value, const char *word)
{
    size_t length = strlen(word);
    return value.length >= length && strncasecmp(value.bytes, word, length) == 0 &&
           (value.length == length || strchr("; \t\r\n", value.bytes[length]) != NULL);
}

/* The value of "; name=value" in a header, without quotes; empty if absent. */
static ndup_text parameter(ndup_text value, const char *name)
{
    size_t name_length = strlen(name);
    const char *at = value.length > 0 ? memchr(value.bytes, ';', value.length) : NULL;
    while (at != NULL) {
        const char *end = value.bytes + value.length;
        ndup_text rest = ndup__xml_trim((ndup_text){at + 1, (size_t)(end - at - 1)});
        at = memchr(rest.bytes, ';', rest.length);
        if (rest.length <= name_length || strncasecmp(rest.bytes, name, name_length) != 0) {
            continue;
        }
        rest = ndup__xml_trim((ndup_text){rest.bytes + name_length, rest.length - name_length});
        if (rest.length == 0 || rest.bytes[0] != '=') {
            continue;
        }
        rest = ndup__xml_trim((ndup_text){rest.bytes + 1, rest.length - 1});
        bool is_quoted = rest.length > 0 && rest.bytes[0] == '"';
        rest.bytes += is_quoted;
        rest.length -= is_quoted;
        size_t length = 0;
        while (length < rest.length &&
               strchr(is_quoted ? "\"" : "; \t\r\n", rest.bytes[length]) == NULL) {
            length++;
        }
        return (ndup_text){rest.bytes, length};
    }
    return (ndup_text){NULL, 0};
}

/* The parts that a text is made of: the first plain and the first HTML. */
typedef struct parts {
    ndup_text plain; /* with their headers */
    ndup_text html;
} parts;

/* The boundary's line at text[at..): 1 between parts, 2 behind the last, 0 if it is none. */
static int boundary_at(ndup_text text, size_t at, size_t length, ndup_text boundary)
{
    const char *line = text.bytes + at;
    if (length < boundary.length + 2 || memcmp(line, "--", 2) != 0 ||
        memcmp(line + 2, boundary.bytes, boundary.length) != 0) {
        return 0;
    }
    ndup_text rest = {line + 2 + boundary.length, length - 2 - boundary.length};
    if (rest.length >= 2 && memcmp(rest.bytes, "--", 2) == 0) {
        return 2;
    }
    return ndup__xml_trim(rest).length == 0 ? 1 : 0;
}

static void find_parts(parts *found, ndup_text part, unsigned depth);

/* Every part between two lines of the boundary; one that the end cuts off, too. */
static void find_in_multipart(parts *found, ndup_text body, ndup_text boundary, unsigned depth)
{
    size_t begin = 0;
    bool is_inside = false;
    int kind = 0;
    for (size_t at = 0; at < body.length && kind != 2;) {
        size_t length = line_length(body, at);
        kind = boundary_at(body, at, length, boundary);
        if (kind != 0 && is_inside) {
            find_parts(found, (ndup_text){body.bytes + begin, at - begin}, depth + 1);
        }
        at += length;
        is_inside = is_inside || kind == 1;
        begin = kind == 1 ? at : begin;
    }
    if (is_inside && kind != 2) {
        find_parts(found, (ndup_text){body.bytes + begin, body.length - begin}, depth + 1);
    }
}

static void find_parts(parts *found, ndup_text part, unsigned depth)
{
    ndup_text type = ndup__mail_header(part, "Content-Type");
    ndup_text boundary = parameter(type, "boundary");
    bool is_attached = is_word(ndup__mail_header(part, "Content-Disposition"), "attachment");
    if (is_attached || depth > DEPTH_MOST) {
        return;
    }
    if (type.length > 10 && strncasecmp(type.bytes, "multipart/", 10) == 0) {
        if (boundary.length > 0) {
            find_in_multipart(found, body_of(part), boundary, depth);
        }
    } else if (type.length == 0 || is_word(type, "text/plain") || is_word(type, "text")) {
        bool is_blank = ndup__xml_trim(body_of(part)).length == 0;
        found->plain = found->plain.length == 0 && !is_blank ? part : found->plain;
    } else if (is_word(type, "text/html")) {
        found->html = found->html.length == 0 ? part : found->html;
    }
}

/* The body of a part in UTF-8. */
static ndup_status decode_part(ndup_text *text, ndup__mail *mail, ndup__block *block,
                               ndup_text part, ndup_error *error)
{
    ndup__json_line *room = &block->rooms[0];
    ndup_text label = parameter(ndup__mail_header(part, "Content-Type"), "charset");
    const ndup__charset *charset =
        ndup__charset_by_label(label.length > 0 ? label : (ndup_text){"latin1", 6});
    ndup_text coding = ndup__mail_header(part, "Content-Transfer-Encoding");
    ndup_status status = NDUP_STATUS_OK;
    char *copy;
    *text = body_of(part);
    room->length = 0;
    bool is_base64 = is_word(coding, "base64");
    if (is_base64 || is_word(coding, "quoted-printable")) {
        status = is_base64 ? ndup__mail_add_base64(room, *text, error)
                           : ndup__mail_add_quoted(room, *text, false, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__arena_copy(&block->arena, &copy, room->bytes, room->length, error);
            *text = (ndup_text){copy, room->length};
        }
    }
    return status == NDUP_STATUS_OK
               ? ndup__labelled_decode(text, &mail->replaced,
                                       charset != NULL ? charset : ndup__charset_utf8(),
                                       &block->arena, *text, error)
               : status;
}

static ndup_status read_body(ndup__mail *mail, ndup__block *block, ndup_text message,
                             ndup_error *error)
{
    parts found = {.plain = {"", 0}, .html = {"", 0}};
    ndup__html_hints hints = {.is_utf8 = true};
    ndup_text text = {NULL, 0};
    find_parts(&found, message, 0);
    bool is_page = found.plain.length == 0 && found.html.length > 0;
    ndup_status status = decode_part(&text, mail, block, is_page ? found.html : found.plain, error);
    if (status == NDUP_STATUS_OK && is_page) {
        return ndup__page_read(&mail->page, &mail->replaced, block, text, &hints, error);
    }
    mail->page.text = text;
    return status;
}

/* "Name <local@domain>" or "local@domain (Name)": the domain. */
static ndup_text domain_of(ndup_text author)
{
    const char *at = NULL;
    for (size_t i = 0; i < author.length; i++) {
        at = author.bytes[i] == '@' ? author.bytes + i : at;
    }
    if (at == NULL) {
        return (ndup_text){NULL, 0};
    }
    const char *end = author.bytes + author.length;
    const char *stop = at + 1;
    while (stop < end && strchr("> \t)\",;", *stop) == NULL) {
        stop++;
    }
    return (ndup_text){at + 1, (size_t)(stop - at - 1)};
}

ndup_status ndup__mail_read(ndup__mail *mail, ndup__block *block, ndup_text message,
                            ndup_error *error)
{
    struct {
        const char *name;
        ndup_text *value;
    } headers[] = {{"Message-ID", &mail->id},
                   {"Subject", &mail->subject},
                   {"Date", &mail->date},
                   {"From", &mail->author}};
    ndup_status status = NDUP_STATUS_OK;
    *mail = (ndup__mail){.replaced = 0};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0] && status == NDUP_STATUS_OK; i++) {
        ndup_text raw = ndup__mail_header(message, headers[i].name);
        status = ndup__mail_decode_header(headers[i].value, block, raw, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (mail->id.length > 2 && mail->id.bytes[0] == '<') {
        bool is_closed = mail->id.bytes[mail->id.length - 1] == '>';
        mail->id.bytes++;
        mail->id.length -= is_closed ? 2 : 1;
    }
    mail->source = domain_of(mail->author);
    return read_body(mail, block, message, error);
}
