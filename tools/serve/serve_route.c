/* SPDX-License-Identifier: MIT */
/* The list of routes, and reading of addresses. */
#include "serve_route.h"

#include <stdlib.h>
#include <string.h>

#include "serve_answers.h"

static const serve_route routes[SERVE_ROUTES] = {
    {.name = "page", .method = "GET", .path = "/", .is_public = true, .answer = serve_answer_page},
    {.name = "check",
     .method = "POST",
     .path = "/v1/check",
     .takes_body = true,
     .answer = serve_answer_check},
    {.name = "add",
     .method = "POST",
     .path = "/v1/add",
     .takes_body = true,
     .changes = true,
     .answer = serve_answer_add},
    {.name = "check-and-add",
     .method = "POST",
     .path = "/v1/check-and-add",
     .takes_body = true,
     .changes = true,
     .answer = serve_answer_check_and_add},
    {.name = "document",
     .method = "GET",
     .path = "/v1/documents/",
     .has_operand = true,
     .answer = serve_answer_document},
    {.name = "remove",
     .method = "DELETE",
     .path = "/v1/documents/",
     .has_operand = true,
     .changes = true,
     .answer = serve_answer_remove},
    {.name = "stats", .method = "GET", .path = "/v1/stats", .answer = serve_answer_stats},
    {.name = "health",
     .method = "GET",
     .path = "/v1/health",
     .is_public = true,
     .answer = serve_answer_health},
    {.name = "metrics", .method = "GET", .path = "/metrics", .answer = serve_answer_metrics},
    {.name = "openapi",
     .method = "GET",
     .path = "/openapi.json",
     .is_public = true,
     .answer = serve_answer_openapi},
    {.name = "other"}};

const serve_route *serve_route_get(size_t i)
{
    return i < SERVE_ROUTES ? &routes[i] : NULL;
}

size_t serve_route_index(const serve_route *route)
{
    return route != NULL ? (size_t)(route - routes) : SERVE_ROUTES - 1;
}

static bool is_text(ndup_text text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

bool serve_same_word(ndup_text text, const char *word)
{
    size_t i = 0;
    while (i < text.length && word[i] != '\0' && lower(text.bytes[i]) == lower(word[i])) {
        i++;
    }
    return i == text.length && word[i] == '\0';
}

serve_type serve_type_of(ndup_text content_type)
{
    static const struct {
        const char *name;
        serve_type type;
    } types[] = {{"application/json", SERVE_TYPE_JSON},
                 {"application/x-ndjson", SERVE_TYPE_JSON_LINES},
                 {"application/ndjson", SERVE_TYPE_JSON_LINES},
                 {"application/jsonl", SERVE_TYPE_JSON_LINES},
                 {"text/plain", SERVE_TYPE_TEXT},
                 {"text/html", SERVE_TYPE_PAGE},
                 {"application/xhtml+xml", SERVE_TYPE_PAGE}};
    ndup_text name = {content_type.bytes, 0};
    while (name.length < content_type.length &&
           strchr("; \t", content_type.bytes[name.length]) == NULL) {
        name.length++;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (serve_same_word(name, types[i].name)) {
            return types[i].type;
        }
    }
    return content_type.length > 0 ? SERVE_TYPE_UNKNOWN : SERVE_TYPE_NONE;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Reads percent signs, and in queries plus signs, into the room at *out; false where two hex digits
 * are missing. */
static bool read_percent(ndup_text *read, char **out, ndup_text written, bool is_query)
{
    *read = (ndup_text){*out, 0};
    for (size_t i = 0; i < written.length; i++) {
        char c = written.bytes[i];
        if (c == '%') {
            int high = written.length - i > 2 ? hex_digit(written.bytes[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(written.bytes[i + 2]) : -1;
            if (low < 0) {
                return false;
            }
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && is_query) {
            c = ' ';
        }
        *(*out)++ = c;
        read->length++;
    }
    return true;
}

/* What stands in front of `mark`; the rest, behind it, is left. */
static ndup_text cut(ndup_text *rest, char mark)
{
    ndup_text front = *rest;
    const char *found = rest->length > 0 ? memchr(rest->bytes, mark, rest->length) : NULL;
    if (found == NULL) {
        rest->length = 0;
        return front;
    }
    front.length = (size_t)(found - rest->bytes);
    *rest = (ndup_text){found + 1, rest->length - front.length - 1};
    return front;
}

static serve_target_fault read_query(serve_target *target, char **out, ndup_text query)
{
    while (query.length > 0) {
        ndup_text value = cut(&query, '&');
        ndup_text name = cut(&value, '=');
        if (name.length == 0) {
            continue;
        }
        if (target->parameter_count == SERVE_PARAMETERS) {
            return SERVE_TARGET_PARAMETERS;
        }
        serve_parameter *parameter = &target->parameters[target->parameter_count++];
        if (!read_percent(&parameter->name, out, name, true) ||
            !read_percent(&parameter->value, out, value, true)) {
            return SERVE_TARGET_PERCENT;
        }
    }
    return SERVE_TARGET_OK;
}

serve_target_fault serve_target_read(serve_target *target, ndup_text written)
{
    *target = (serve_target){.room = malloc(written.length + 1)};
    if (target->room == NULL) {
        return SERVE_TARGET_MEMORY;
    }
    char *out = target->room;
    ndup_text query = written;
    ndup_text path = cut(&query, '?');
    if (!read_percent(&target->path, &out, path, false)) {
        return SERVE_TARGET_PERCENT;
    }
    return read_query(target, &out, query);
}

void serve_target_free(serve_target *target)
{
    free(target->room);
    *target = (serve_target){.room = NULL};
}

static bool is_at(const serve_route *route, ndup_text path)
{
    size_t length = route->path != NULL ? strlen(route->path) : 0;
    if (route->has_operand) {
        return path.length > length && memcmp(path.bytes, route->path, length) == 0;
    }
    return length > 0 && is_text(path, route->path);
}

static void list_method(char allow[40], const char *method)
{
    if (allow[0] != '\0') {
        strcat(allow, ", ");
    }
    strcat(allow, method);
}

const serve_route *serve_route_find(serve_target *target, ndup_text method, char allow[40])
{
    allow[0] = '\0';
    for (size_t i = 0; i < SERVE_ROUTES; i++) {
        const serve_route *route = &routes[i];
        if (!is_at(route, target->path)) {
            continue;
        }
        bool is_head = is_text(method, "HEAD") && strcmp(route->method, "GET") == 0;
        if (is_head || is_text(method, route->method)) {
            size_t length = strlen(route->path);
            target->operand =
                (ndup_text){target->path.bytes + length, target->path.length - length};
            return route;
        }
        list_method(allow, route->method);
        if (strcmp(route->method, "GET") == 0) {
            list_method(allow, "HEAD");
        }
    }
    return NULL;
}
