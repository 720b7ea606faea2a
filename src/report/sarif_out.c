/* SPDX-License-Identifier: MIT */
/* The frame of a SARIF file, and its results, one a line. */
#include "report/sarif_out.h"

#include <string.h>

#include "neardup/version.h"
#include "report/json_out.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static void write_text(ndup__out *out, const char *key, ndup_text text)
{
    ndup__json_open(out, key, '{');
    ndup__json_string(out, "text", text);
    ndup__json_close(out, '}');
}

static void write_rules(ndup__out *out, const ndup__sarif_rule *rules, size_t rule_count)
{
    ndup__json_open(out, "rules", '[');
    for (size_t i = 0; i < rule_count; i++) {
        ndup__json_open(out, NULL, '{');
        ndup__json_word(out, "id", rules[i].id);
        write_text(out, "shortDescription", ndup__text_of(rules[i].summary));
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, ']');
}

void ndup__sarif_begin(ndup__out *out, const ndup__sarif_rule *rules, size_t rule_count)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "$schema", SCHEMA);
    ndup__json_word(out, "version", "2.1.0");
    ndup__json_open(out, "runs", '[');
    ndup__json_open(out, NULL, '{');
    ndup__json_open(out, "tool", '{');
    ndup__json_open(out, "driver", '{');
    ndup__json_word(out, "name", "neardup");
    ndup__json_word(out, "version", ndup_version());
    write_rules(out, rules, rule_count);
    ndup__json_close(out, '}');
    ndup__json_close(out, '}');
    ndup__json_open(out, "results", '[');
}

static bool is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~/", c) != NULL);
}

/* A path as a URI reference (RFC 3986): all but unreserved characters and slashes as %XX. */
static void write_uri(ndup__out *out, ndup_text path)
{
    static const char hex[] = "0123456789ABCDEF";
    ndup__json_string(out, "uri", ndup__text_of(path.bytes[0] == '/' ? "file://" : ""));
    out->held--; /* the closing quote: the string goes on */
    while (path.length > 2 && memcmp(path.bytes, "./", 2) == 0) {
        path.bytes += 2;
        path.length -= 2;
    }
    for (size_t i = 0; i < path.length; i++) {
        unsigned char c = (unsigned char)path.bytes[i];
        const char escaped[3] = {'%', hex[c >> 4], hex[c & 15]};
        if (is_plain(c)) {
            ndup__out_bytes(out, path.bytes + i, 1);
        } else {
            ndup__out_bytes(out, escaped, sizeof escaped);
        }
    }
    ndup__out_bytes(out, "\"", 1);
}

static void write_place(ndup__out *out, const ndup__sarif_place *place)
{
    ndup__json_open(out, "physicalLocation", '{');
    ndup__json_open(out, "artifactLocation", '{');
    write_uri(out, place->path);
    ndup__json_close(out, '}');
    if (place->first_line > 0) {
        ndup__json_open(out, "region", '{');
        ndup__json_count(out, "startLine", place->first_line);
        ndup__json_count(out, "endLine", place->last_line);
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, '}');
}

/* Brackets would make a link of the text between them. */
static void write_message(ndup__out *out, ndup_text message)
{
    ndup__json_open(out, "message", '{');
    ndup__json_string(out, "text", (ndup_text){NULL, 0});
    out->held--;
    size_t written = 0;
    for (size_t i = 0; i < message.length; i++) {
        char c = message.bytes[i];
        if (c == '[' || c == ']' || c == '\\') {
            ndup__json_escaped(out, (ndup_text){message.bytes + written, i - written});
            ndup__out_text(out, "\\\\");
            written = i;
        }
    }
    ndup__json_escaped(out, (ndup_text){message.bytes + written, message.length - written});
    ndup__out_bytes(out, "\"", 1);
    ndup__json_close(out, '}');
}

void ndup__sarif_next_result(ndup__out *out)
{
    ndup__out_text(out, out->needs_comma ? ",\n" : "\n");
    out->needs_comma = false;
}

void ndup__sarif_open_result(ndup__out *out, const ndup__sarif_rule *rules, size_t rule,
                             ndup_text message, const ndup__sarif_place *place)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "ruleId", rules[rule].id);
    ndup__json_count(out, "ruleIndex", rule);
    ndup__json_word(out, "level", "warning");
    write_message(out, message);
    ndup__json_open(out, "locations", '[');
    if (place->path.length > 0) {
        ndup__json_open(out, NULL, '{');
        write_place(out, place);
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, ']');
}

void ndup__sarif_close_result(ndup__out *out, const char *state)
{
    if (state != NULL) {
        ndup__json_word(out, "baselineState", state);
    }
    ndup__json_close(out, '}');
}

void ndup__sarif_related(ndup__out *out, const ndup__sarif_place *place, const char *message)
{
    if (place->path.length == 0) {
        return;
    }
    ndup__json_open(out, "relatedLocations", '[');
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "id", 1);
    write_place(out, place);
    write_text(out, "message", ndup__text_of(message));
    ndup__json_close(out, '}');
    ndup__json_close(out, ']');
}

void ndup__sarif_fingerprints(ndup__out *out, uint64_t id_hash, uint64_t text_hash)
{
    ndup__json_open(out, "partialFingerprints", '{');
    ndup__json_hash(out, NDUP__SARIF_ID_KEY, id_hash);
    ndup__json_hash(out, NDUP__SARIF_TEXT_KEY, text_hash);
    ndup__json_close(out, '}');
}

void ndup__sarif_end(ndup__out *out)
{
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}
