/* SPDX-License-Identifier: MIT */
/* How mail writes what is not ASCII: base64, quoted-printable, encoded words. */
#include <string.h>

#include "corpus/labelled.h"
#include "corpus/mail.h"
#include "corpus/xml.h"

/* Output is gathered in pieces of this size. */
#define PIECE_BYTES 768
/* Encoded words have at most 75 characters; some write longer ones, nobody longer than this. */
#define WORD_MOST 1000

static int base64_value(char byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return byte - 'A';
    }
    if (byte >= 'a' && byte <= 'z') {
        return byte - 'a' + 26;
    }
    if (byte >= '0' && byte <= '9') {
        return byte - '0' + 52;
    }
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

ndup_status ndup__mail_add_base64(ndup__json_line *out, ndup_text text, ndup_error *error)
{
    char piece[PIECE_BYTES];
    size_t held = 0;
    unsigned bits = 0;
    unsigned value = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < text.length && status == NDUP_STATUS_OK; i++) {
        int digit = base64_value(text.bytes[i]);
        if (digit < 0) {
            bits = text.bytes[i] == '=' ? 0 : bits; /* what follows padding begins anew */
            continue;
        }
        value = (value << 6 | (unsigned)digit) & 0xFFFFFF;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            piece[held++] = (char)(value >> bits & 0xFF);
        }
        if (held == sizeof piece) {
            status = ndup__json_line_add(out, piece, held, error);
            held = 0;
        }
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(out, piece, held, error) : status;
}

static int hex_value(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    byte = (char)(byte | 0x20);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The length of a soft line end at text[at], a '=': blanks and a line end behind it; 0 if none. */
static size_t soft_end(ndup_text text, size_t at)
{
    size_t i = at + 1;
    while (i < text.length && (text.bytes[i] == ' ' || text.bytes[i] == '\t')) {
        i++;
    }
    if (i < text.length && text.bytes[i] == '\r') {
        i++;
    }
    bool is_end = i == text.length || text.bytes[i] == '\n';
    return is_end ? (i < text.length ? i + 1 : i) - at : 0;
}

ndup_status ndup__mail_add_quoted(ndup__json_line *out, ndup_text text, bool is_header,
                                  ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t at = 0; at < text.length && status == NDUP_STATUS_OK;) {
        char byte = text.bytes[at];
        size_t taken = 1;
        size_t put = 1;
        if (byte == '=' && at + 2 < text.length && hex_value(text.bytes[at + 1]) >= 0 &&
            hex_value(text.bytes[at + 2]) >= 0) {
            byte = (char)(hex_value(text.bytes[at + 1]) << 4 | hex_value(text.bytes[at + 2]));
            taken = 3;
        } else if (byte == '=' && soft_end(text, at) > 0) {
            taken = soft_end(text, at);
            put = 0;
        } else if (byte == '_' && is_header) {
            byte = ' ';
        }
        status = ndup__json_line_add(out, &byte, put, error);
        at += taken;
    }
    return status;
}

/* "=?charset?B?text?=" */
typedef struct encoded_word {
    ndup_text charset;
    char coding; /* 'b' or 'q' */
    ndup_text text;
    size_t length;
} encoded_word;

static bool find_word(encoded_word *word, ndup_text rest)
{
    size_t parts[3];
    size_t at = 2;
    size_t most = rest.length < WORD_MOST ? rest.length : WORD_MOST;
    if (rest.length < 8 || memcmp(rest.bytes, "=?", 2) != 0) {
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        const char *mark = memchr(rest.bytes + at, '?', most - at);
        if (mark == NULL) {
            return false;
        }
        parts[i] = (size_t)(mark - rest.bytes);
        at = parts[i] + 1;
    }
    char coding = (char)(rest.bytes[parts[0] + 1] | 0x20);
    if (parts[1] != parts[0] + 2 || (coding != 'b' && coding != 'q') || at >= rest.length ||
        rest.bytes[at] != '=') {
        return false;
    }
    word->charset = (ndup_text){rest.bytes + 2, parts[0] - 2};
    const char *star = memchr(word->charset.bytes, '*', word->charset.length); /* a language */
    word->charset.length = star != NULL ? (size_t)(star - word->charset.bytes) : parts[0] - 2;
    word->coding = coding;
    word->text = (ndup_text){rest.bytes + parts[1] + 1, parts[2] - parts[1] - 1};
    word->length = at + 1;
    return true;
}

static ndup_status add_word(ndup__json_line *out, ndup__block *block, const encoded_word *word,
                            ndup_error *error)
{
    ndup__json_line *room = &block->rooms[1];
    const ndup__charset *charset = ndup__charset_by_label(word->charset);
    ndup_text utf8 = {NULL, 0};
    uint64_t replaced = 0;
    room->length = 0;
    ndup_status status = word->coding == 'b' ? ndup__mail_add_base64(room, word->text, error)
                                             : ndup__mail_add_quoted(room, word->text, true, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__labelled_decode(
            &utf8, &replaced, charset != NULL ? charset : ndup__charset_utf8(), &block->arena,
            (ndup_text){room->bytes, room->length}, error);
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(out, utf8.bytes, utf8.length, error)
                                    : status;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* White space between two encoded words is not text, any other is one space. */
static ndup_status add_header(ndup__json_line *out, ndup__block *block, ndup_text raw,
                              ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    bool was_word = false;
    bool has_space = false;
    for (size_t at = 0; at < raw.length && status == NDUP_STATUS_OK;) {
        encoded_word word = {.length = 1};
        ndup_text rest = {raw.bytes + at, raw.length - at};
        if (is_blank(raw.bytes[at])) {
            has_space = true;
            at++;
            continue;
        }
        bool is_word = find_word(&word, rest);
        if (has_space && !(is_word && was_word)) {
            status = ndup__json_line_add(out, " ", 1, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = is_word ? add_word(out, block, &word, error)
                             : ndup__json_line_add(out, rest.bytes, 1, error);
        }
        was_word = is_word;
        has_space = false;
        at += word.length;
    }
    return status;
}

ndup_status ndup__mail_decode_header(ndup_text *value, ndup__block *block, ndup_text raw,
                                     ndup_error *error)
{
    ndup__json_line *room = &block->rooms[0];
    uint64_t replaced = 0;
    char *copy;
    room->length = 0;
    *value = (ndup_text){NULL, 0};
    ndup_status status = add_header(room, block, ndup__xml_trim(raw), error);
    if (status == NDUP_STATUS_OK && room->length > 0) {
        status = ndup__arena_copy(&block->arena, &copy, room->bytes, room->length, error);
        *value = (ndup_text){copy, room->length};
    }
    return status == NDUP_STATUS_OK && value->length > 0
               ? ndup__labelled_decode(value, &replaced,
                                       ndup__charset_by_label((ndup_text){"latin1", 6}),
                                       &block->arena, *value, error)
               : status;
}
