/* SPDX-License-Identifier: MIT */
/* Reading the headers of HTTP responses as servers and crawlers write them. */
#include "corpus/http.h"

#include <string.h>
#include <strings.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static ndup_text trim(const char *at, const char *end)
{
    while (at < end && is_space(*at)) {
        at++;
    }
    while (end > at && is_space(end[-1])) {
        end--;
    }
    return (ndup_text){at, (size_t)(end - at)};
}

static bool is_word(ndup_text text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.bytes, word, text.length) == 0;
}

/* Adds the names of a list "gzip, chunked"; more than there is room for are ignored, as bodies that
 * were encoded so often are. */
static void add_codings(ndup__http_codings *list, bool *is_chunked, ndup_text value)
{
    const char *at = value.bytes;
    const char *end = at + value.length;
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma != NULL ? comma : end;
        ndup_text name = trim(at, stop);
        if (is_word(name, "chunked") || is_word(name, "aws-chunked")) {
            *is_chunked = true;
        } else if (name.length > 0 && list->count < NDUP__HTTP_CODINGS) {
            list->names[list->count++] = name;
        }
        at = comma != NULL ? comma + 1 : end;
    }
}

/* Of several types the last that is one counts. */
static bool is_media_type(ndup_text value)
{
    return value.length > 0 && value.bytes[0] != '*';
}

static void set_field(ndup__http_response *response, ndup_text name, ndup_text value)
{
    if (is_word(name, "Content-Type")) {
        response->content_type = is_media_type(value) ? value : response->content_type;
    } else if (is_word(name, "Content-Encoding")) {
        add_codings(&response->content, &response->is_chunked, value);
    } else if (is_word(name, "Transfer-Encoding")) {
        add_codings(&response->transfer, &response->is_chunked, value);
    }
}

/* "HTTP/1.1 200 OK", in any case and version, and "ICY 200 OK", as servers of streams say it. Zeros
 * before the number do not count. */
static bool read_status(unsigned *status, ndup_text line)
{
    const char *at = line.bytes;
    const char *end = at + line.length;
    bool is_http = line.length > 4 && strncasecmp(at, "HTTP", 4) == 0;
    if (!is_http && (line.length < 4 || strncasecmp(at, "ICY ", 4) != 0)) {
        return false;
    }
    while (at < end && !is_space(*at)) {
        at++;
    }
    while (at < end && (is_space(*at) || *at == '0')) {
        at++;
    }
    unsigned digits = 0;
    *status = 0;
    for (; at < end && *at >= '0' && *at <= '9' && digits < 4; at++, digits++) {
        *status = 10 * *status + (unsigned)(*at - '0');
    }
    return digits == 3;
}

/* Whether the line goes on with the one before it; one of blanks alone ends the header. */
static bool is_folded(const char *at, const char *end)
{
    const char *first = at;
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    return at > first && at < end && *at != '\r' && *at != '\n';
}

/* Where the next line begins; NULL when the text ends before. */
static const char *next_line(const char *at, const char *end)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return stop != NULL ? stop + 1 : NULL;
}

/* Sets the field that a line states, if it does. */
static void read_field(ndup__http_response *response, const char *at, const char *end)
{
    const char *colon = memchr(at, ':', (size_t)(end - at));
    if (colon != NULL) {
        set_field(response, trim(at, colon), trim(colon + 1, end));
    }
}

static bool read_header(ndup__http_response *response, const char *at, const char *end)
{
    const char *stop = next_line(at, end);
    *response = (ndup__http_response){.status = 0};
    if (stop == NULL || !read_status(&response->status, trim(at, stop))) {
        return false;
    }
    at = stop;
    while ((stop = next_line(at, end)) != NULL) {
        if (trim(at, stop).length == 0) {
            response->body = (ndup_text){stop, (size_t)(end - stop)};
            return true;
        }
        while (stop != NULL && is_folded(stop, end)) {
            stop = next_line(stop, end);
        }
        if (stop == NULL) {
            return false;
        }
        read_field(response, at, stop);
        at = stop;
    }
    return false;
}

/* Whether another response follows that counts: behind "100 Continue", or behind what a proxy said,
 * "200 Connection established", which has no type. */
static bool is_before_another(const ndup__http_response *response)
{
    return response->status / 100 == 1 || response->content_type.length == 0;
}

bool ndup__http_read(ndup__http_response *response, const char *bytes, size_t length)
{
    const char *at = bytes;
    const char *end = bytes + length;
    while (at < end && (*at == '\r' || *at == '\n')) {
        at++;
    }
    bool is_read = read_header(response, at, end);
    ndup__http_response next;
    while (is_read && is_before_another(response) &&
           read_header(&next, response->body.bytes, end)) {
        *response = next;
    }
    return is_read;
}
