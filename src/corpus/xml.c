/* SPDX-License-Identifier: MIT */
/* Finding the pieces of XML by their first bytes. */
#include "corpus/xml.h"

#include <stdint.h>
#include <string.h>

#include "text/utf8.h"

/* Where `word` begins in bytes[at..length), or length. */
static size_t find(const char *bytes, size_t length, size_t at, const char *word)
{
    size_t word_length = strlen(word);
    while (at + word_length <= length) {
        const char *hit = memchr(bytes + at, word[0], length - at - word_length + 1);
        if (hit == NULL) {
            break;
        }
        at = (size_t)(hit - bytes);
        if (memcmp(hit, word, word_length) == 0) {
            return at;
        }
        at++;
    }
    return length;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_name_start(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (unsigned char)byte >= 0x80;
}

static bool is_name(char byte)
{
    return is_name_start(byte) || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' ||
           byte == ':';
}

typedef enum tag_end { TAG_WHOLE, TAG_PARTIAL, TAG_NONE } tag_end;

/* Where the tag that begins at `at` ends: at its '>'. */
static tag_end find_tag_end(size_t *end, const char *bytes, size_t length, size_t at, bool ended)
{
    size_t stop = length - at > NDUP__XML_TAG_MOST ? at + NDUP__XML_TAG_MOST : length;
    char quote = '\0';
    bool may_quote = false; /* only '=' stands between here and the name of an attribute */
    for (size_t i = at + 1; i < stop; i++) {
        char byte = bytes[i];
        if (quote != '\0') {
            quote = byte == quote ? '\0' : quote;
        } else if (byte == '>') {
            *end = i;
            return TAG_WHOLE;
        } else if (byte == '<') {
            return TAG_NONE;
        } else if (may_quote && (byte == '"' || byte == '\'')) {
            quote = byte;
        }
        may_quote = byte == '=' || (may_quote && is_blank(byte));
    }
    return stop == length && !ended ? TAG_PARTIAL : TAG_NONE;
}

static void set_tag(ndup__xml_piece *piece, const char *bytes, size_t end)
{
    bool is_close = bytes[piece->begin + 1] == '/';
    size_t name = piece->begin + 1 + is_close;
    size_t name_end = name;
    while (name_end < end && is_name(bytes[name_end])) {
        name_end++;
    }
    piece->kind = is_close ? NDUP__XML_CLOSE : NDUP__XML_START;
    piece->is_empty = !is_close && bytes[end - 1] == '/';
    piece->name = (ndup_text){bytes + name, name_end - name};
    piece->content = (ndup_text){bytes + name_end, end - name_end};
    piece->next = end + 1;
}

/* Text from `begin` on, whose first byte is taken for text whatever it is. */
static ndup__xml_kind take_text(ndup__xml_piece *piece, const char *bytes, size_t length)
{
    const char *stop = memchr(bytes + piece->begin + 1, '<', length - piece->begin - 1);
    piece->next = stop != NULL ? (size_t)(stop - bytes) : length;
    piece->content = (ndup_text){bytes + piece->begin, piece->next - piece->begin};
    return piece->kind = NDUP__XML_TEXT;
}

/* A comment, a section or an instruction: from `open` to `close`. */
static ndup__xml_kind take_closed(ndup__xml_piece *piece, const char *bytes, size_t length,
                                  ndup__xml_kind kind, const char *open, const char *close)
{
    size_t inside = piece->begin + strlen(open);
    size_t end = find(bytes, length, inside < length ? inside : length, close);
    if (end == length) {
        piece->next = length;
        return piece->kind = NDUP__XML_PARTIAL;
    }
    piece->content = (ndup_text){bytes + inside, end - inside};
    piece->next = end + strlen(close);
    return piece->kind = kind;
}

/* <!DOCTYPE name [ ... ]>: the part in brackets may hold '>'. */
static ndup__xml_kind take_declaration(ndup__xml_piece *piece, const char *bytes, size_t length)
{
    size_t end = find(bytes, length, piece->begin, ">");
    size_t bracket = find(bytes, end, piece->begin, "[");
    if (bracket < end) {
        end = find(bytes, length, find(bytes, length, bracket, "]"), ">");
    }
    piece->next = end < length ? end + 1 : length;
    return piece->kind = end < length ? NDUP__XML_OTHER : NDUP__XML_PARTIAL;
}

/* Whether bytes[at..length) begin with the word; *is_open: they may, once there are more. */
static bool begins_with(bool *is_open, const char *bytes, size_t length, size_t at,
                        const char *word)
{
    size_t word_length = strlen(word);
    size_t held = length - at < word_length ? length - at : word_length;
    bool is_same = memcmp(bytes + at, word, held) == 0;
    *is_open |= is_same && held < word_length;
    return is_same && held == word_length;
}

ndup__xml_kind ndup__xml_next(ndup__xml_piece *piece, const char *bytes, size_t length, size_t at,
                              bool ended)
{
    bool is_open = false;
    size_t end = 0;
    *piece = (ndup__xml_piece){.kind = NDUP__XML_END, .begin = at, .next = at};
    if (at >= length) {
        return NDUP__XML_END;
    }
    if (bytes[at] != '<') {
        return take_text(piece, bytes, length);
    }
    if (begins_with(&is_open, bytes, length, at, "<!--")) {
        return take_closed(piece, bytes, length, NDUP__XML_OTHER, "<!--", "-->");
    }
    if (begins_with(&is_open, bytes, length, at, "<![CDATA[")) {
        return take_closed(piece, bytes, length, NDUP__XML_CDATA, "<![CDATA[", "]]>");
    }
    if (begins_with(&is_open, bytes, length, at, "<?")) {
        return take_closed(piece, bytes, length, NDUP__XML_OTHER, "<?", "?>");
    }
    if (begins_with(&is_open, bytes, length, at, "<!DOCTYPE")) {
        return take_declaration(piece, bytes, length);
    }
    size_t name = at + 1 + (at + 1 < length && bytes[at + 1] == '/');
    tag_end found = TAG_NONE;
    if (name < length && is_name_start(bytes[name])) {
        found = find_tag_end(&end, bytes, length, at, ended);
    } else if ((is_open || name == length) && !ended) {
        found = TAG_PARTIAL;
    }
    if (found == TAG_WHOLE) {
        set_tag(piece, bytes, end);
        return piece->kind;
    }
    return found == TAG_PARTIAL ? (piece->kind = NDUP__XML_PARTIAL)
                                : take_text(piece, bytes, length);
}

size_t ndup__xml_element_end(const char *bytes, size_t length, const ndup__xml_piece *start,
                             bool ended, bool *is_closed)
{
    ndup__xml_piece piece = *start;
    size_t depth = 1;
    *is_closed = start->is_empty;
    while (!*is_closed) {
        ndup__xml_kind kind = ndup__xml_next(&piece, bytes, length, piece.next, ended);
        if (kind == NDUP__XML_END || kind == NDUP__XML_PARTIAL) {
            return length;
        }
        bool is_same = piece.name.length == start->name.length && piece.name.length > 0 &&
                       memcmp(piece.name.bytes, start->name.bytes, piece.name.length) == 0;
        depth += is_same && kind == NDUP__XML_START && !piece.is_empty;
        depth -= is_same && kind == NDUP__XML_CLOSE;
        *is_closed = depth == 0;
    }
    return piece.next;
}

ndup_text ndup__xml_attribute(ndup_text attributes, const char *name)
{
    const char *at = attributes.bytes;
    const char *end = attributes.length > 0 ? at + attributes.length : at;
    while (at < end) {
        while (at < end && !is_name_start(*at)) {
            at++;
        }
        const char *begin = at;
        while (at < end && is_name(*at)) {
            at++;
        }
        ndup_text found = {begin, (size_t)(at - begin)};
        while (at < end && (is_blank(*at) || *at == '=')) {
            at++;
        }
        if (at == end || (*at != '"' && *at != '\'')) {
            continue;
        }
        const char *value = at + 1;
        const char *stop = memchr(value, *at, (size_t)(end - value));
        stop = stop != NULL ? stop : end;
        if (ndup__xml_is(found, name)) {
            return (ndup_text){value, (size_t)(stop - value)};
        }
        at = stop < end ? stop + 1 : end;
    }
    return (ndup_text){NULL, 0};
}

bool ndup__xml_is(ndup_text name, const char *wanted)
{
    return name.length == strlen(wanted) && memcmp(name.bytes, wanted, name.length) == 0;
}

ndup_text ndup__xml_local(ndup_text name)
{
    const char *colon = name.length > 0 ? memchr(name.bytes, ':', name.length) : NULL;
    if (colon != NULL) {
        name.length -= (size_t)(colon + 1 - name.bytes);
        name.bytes = colon + 1;
    }
    return name;
}

ndup_text ndup__xml_trim(ndup_text text)
{
    while (text.length > 0 && is_blank(text.bytes[0])) {
        text.bytes++;
        text.length--;
    }
    while (text.length > 0 && is_blank(text.bytes[text.length - 1])) {
        text.length--;
    }
    return text;
}

/* "#38" or "#x26"; 0 if it is none or stands for what XML does not allow. */
static uint32_t read_number(ndup_text reference)
{
    bool is_hex = reference.length > 1 && (reference.bytes[1] == 'x' || reference.bytes[1] == 'X');
    uint32_t base = is_hex ? 16 : 10;
    uint32_t value = 0;
    for (size_t i = is_hex ? 2 : 1; i < reference.length; i++) {
        char byte = reference.bytes[i];
        uint32_t digit = 99;
        if (byte >= '0' && byte <= '9') {
            digit = (uint32_t)(byte - '0');
        } else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f') {
            digit = (uint32_t)((byte | 0x20) - 'a') + 10;
        }
        if (digit >= base || value > 0x10FFFF) {
            return 0;
        }
        value = value * base + digit;
    }
    bool is_allowed = value >= 0x20 || value == '\t' || value == '\n' || value == '\r';
    return is_allowed && value <= 0x10FFFF ? value : 0;
}

/* What "&...;" stands for, or 0. */
static uint32_t look_up(ndup_text reference)
{
    static const struct {
        const char *name;
        uint32_t code_point;
    } known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    if (reference.length > 1 && reference.bytes[0] == '#') {
        return read_number(reference);
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (ndup__xml_is(reference, known[i].name)) {
            return known[i].code_point;
        }
    }
    return 0;
}

#define REFERENCE_MOST 12

ndup_status ndup__xml_resolve(ndup__json_line *out, ndup_text text, ndup_error *error)
{
    const char *at = text.bytes;
    const char *end = text.length > 0 ? at + text.length : at;
    ndup_status status = NDUP_STATUS_OK;
    while (at < end && status == NDUP_STATUS_OK) {
        const char *mark = memchr(at, '&', (size_t)(end - at));
        const char *stop = mark != NULL ? mark : end;
        status = ndup__json_line_add(out, at, (size_t)(stop - at), error);
        at = stop;
        if (mark == NULL || status != NDUP_STATUS_OK) {
            continue;
        }
        size_t most = (size_t)(end - mark) < REFERENCE_MOST ? (size_t)(end - mark) : REFERENCE_MOST;
        const char *semicolon = memchr(mark, ';', most);
        uint32_t found =
            semicolon != NULL ? look_up((ndup_text){mark + 1, (size_t)(semicolon - mark - 1)}) : 0;
        char bytes[4] = {'&'};
        status =
            ndup__json_line_add(out, bytes, found != 0 ? ndup__utf8_write(bytes, found) : 1, error);
        at = found != 0 ? semicolon + 1 : mark + 1;
    }
    return status;
}
