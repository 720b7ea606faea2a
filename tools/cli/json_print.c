/* SPDX-License-Identifier: MIT */
/* A writer of JSON. */
#include "json_print.h"

#include <string.h>

#include "neardup.h"

/* Escapes what JSON wants escaped, and C1 controls; damaged bytes become U+FFFD. */
static void write_string(FILE *out, const char *text, size_t length)
{
    fputc('"', out);
    for (size_t i = 0; i < length;) {
        ndup_character character = ndup_character_read((ndup_text){text + i, length - i});
        if (character.damaged) {
            fputs("\\ufffd", out);
        } else if (character.code == '"' || character.code == '\\') {
            fprintf(out, "\\%c", (int)character.code);
        } else if (character.code == '\n') {
            fputs("\\n", out);
        } else if (character.code < 0x20 || (character.code >= 0x7F && character.code < 0xA0)) {
            fprintf(out, "\\u%04x", (unsigned)character.code);
        } else {
            fwrite(text + i, 1, character.bytes, out);
        }
        i += character.bytes;
    }
    fputc('"', out);
}

/* Writes what stands before a value. */
static void write_key(cli_json *json, const char *key)
{
    if (json->comma) {
        fputs(", ", json->out);
    }
    json->comma = true;
    if (key != NULL) {
        write_string(json->out, key, strlen(key));
        fputs(": ", json->out);
    }
}

void cli_json_open(cli_json *json, const char *key, char bracket)
{
    write_key(json, key);
    fputc(bracket, json->out);
    json->comma = false;
}

void cli_json_close(cli_json *json, char bracket)
{
    fputc(bracket, json->out);
    json->comma = true;
}

void cli_json_text(cli_json *json, const char *key, const char *text, size_t length)
{
    write_key(json, key);
    write_string(json->out, text, length);
}

void cli_json_word(cli_json *json, const char *key, const char *word)
{
    if (word != NULL) {
        cli_json_text(json, key, word, strlen(word));
        return;
    }
    write_key(json, key);
    fputs("null", json->out);
}

void cli_json_number(cli_json *json, const char *key, double value)
{
    write_key(json, key);
    fprintf(json->out, "%.9g", value);
}

void cli_json_count(cli_json *json, const char *key, uint64_t value)
{
    write_key(json, key);
    fprintf(json->out, "%llu", (unsigned long long)value);
}

void cli_json_bool(cli_json *json, const char *key, bool value)
{
    write_key(json, key);
    fputs(value ? "true" : "false", json->out);
}

void cli_json_value(cli_json *json, const char *key, const char *value)
{
    write_key(json, key);
    fwrite(value, 1, strcspn(value, "\n"), json->out);
}

void cli_json_begin(cli_json *json)
{
    cli_json_open(json, NULL, '{');
    cli_json_count(json, "schema_version", NDUP_SCHEMA_VERSION);
}

void cli_json_end(cli_json *json)
{
    cli_json_close(json, '}');
    fputc('\n', json->out);
    json->comma = false;
}
