/* SPDX-License-Identifier: MIT */
/* Reading of parameters. An unknown one is an error: it would be a wish that nobody heard. */
#include "serve_query.h"

#include <stdlib.h>
#include <string.h>

#include "serve_request.h"
#include "serve_utf8.h"

enum { MATCHES_MOST = 1000, NUMBER_BYTES = 32 };

/* A number with at most one letter behind it, which is given. */
static bool read_number(double *number, char *unit, ndup_text value)
{
    char text[NUMBER_BYTES];
    char *end;
    if (value.length == 0 || value.length >= NUMBER_BYTES || value.bytes[0] < '0' ||
        value.bytes[0] > '9') {
        return false;
    }
    memcpy(text, value.bytes, value.length);
    text[value.length] = '\0';
    *number = strtod(text, &end);
    *unit = *end;
    return *end == '\0' || end[1] == '\0';
}

static bool read_matches(serve_query *query, ndup_text value)
{
    double number;
    char unit;
    bool is_right =
        read_number(&number, &unit, value) && unit == '\0' && number >= 1 && number <= MATCHES_MOST;
    query->how.matches = is_right ? (size_t)number : 1;
    return is_right && (double)query->how.matches == number;
}

static bool read_within(serve_query *query, ndup_text value)
{
    static const char units[] = "hdw";
    static const double days[] = {1.0 / 24, 1, 7};
    double number;
    char unit;
    if (!read_number(&number, &unit, value) || !(number > 0)) {
        return false;
    }
    const char *found = unit != '\0' ? strchr(units, unit) : units + 1;
    query->how.within_days = found != NULL ? number * days[found - units] : 0;
    return found != NULL && query->how.within_days < 1e9;
}

static bool read_add_known(serve_query *query, ndup_text value)
{
    query->how.add_known = serve_same_word(value, "1") || serve_same_word(value, "true");
    return query->how.add_known || serve_same_word(value, "0") || serve_same_word(value, "false");
}

/* The place for a parameter that tells of the document; NULL for others. */
static ndup_text *place_of(ndup_document *about, ndup_text name)
{
    return serve_same_word(name, "id")       ? &about->id
           : serve_same_word(name, "url")    ? &about->url
           : serve_same_word(name, "source") ? &about->source
           : serve_same_word(name, "date")   ? &about->date
           : serve_same_word(name, "title")  ? &about->title
                                             : NULL;
}

/* What is expected of the value where it is wrong; NULL where it is right. */
static const char *read_one(serve_query *query, const serve_parameter *one, bool is_text)
{
    ndup_text *place = is_text ? place_of(&query->about, one->name) : NULL;
    if (place != NULL) {
        *place = one->value;
        return serve_utf8_damage(one->value.bytes, one->value.length) < one->value.length ? "UTF-8"
                                                                                          : NULL;
    }
    if (serve_same_word(one->name, "matches")) {
        return read_matches(query, one->value) ? NULL : "a whole number from 1 to 1000";
    }
    if (serve_same_word(one->name, "within")) {
        return read_within(query, one->value) ? NULL : "a length of time, such as 30d, 12h or 2w";
    }
    if (serve_same_word(one->name, "add_known")) {
        return read_add_known(query, one->value) ? NULL : "true or false";
    }
    return is_text ? "one of matches, within, add_known, id, url, source, date, title"
                   : "one of matches, within, add_known";
}

bool serve_query_read(serve_query *query, serve_request *request)
{
    bool is_text = request->type == SERVE_TYPE_TEXT || request->type == SERVE_TYPE_PAGE;
    *query = (serve_query){.how = {.struct_size = sizeof query->how, .matches = 1, .threads = 1}};
    for (size_t i = 0; i < request->target.parameter_count; i++) {
        const serve_parameter *one = &request->target.parameters[i];
        const char *expected = read_one(query, one, is_text);
        if (expected != NULL) {
            serve_refuse(&request->answer, 400, "the parameter %.*s=%.*s must be %s",
                         (int)(one->name.length < 40 ? one->name.length : 40), one->name.bytes,
                         (int)(one->value.length < 40 ? one->value.length : 40), one->value.bytes,
                         expected);
            return false;
        }
    }
    return true;
}

static void fill(ndup_text *own, ndup_text given)
{
    if (own->length == 0) {
        *own = given;
    }
}

void serve_query_fill(ndup_document *document, const serve_query *query)
{
    fill(&document->id, query->about.id);
    fill(&document->url, query->about.url);
    fill(&document->source, query->about.source);
    fill(&document->date, query->about.date);
    fill(&document->title, query->about.title);
}
