/* SPDX-License-Identifier: MIT */
/* A writer of JSON: it sets the commas and escapes the strings. */
#ifndef CLI_JSON_PRINT_H
#define CLI_JSON_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Zero-initialise with the stream set. */
typedef struct cli_json {
    FILE *out;
    bool comma; /* something stands before in this object or array */
} cli_json;

/* key is NULL inside arrays and at the top. bracket is '{' or '['. */
void cli_json_open(cli_json *json, const char *key, char bracket);
void cli_json_close(cli_json *json, char bracket);
void cli_json_text(cli_json *json, const char *key, const char *text, size_t length);
void cli_json_word(cli_json *json, const char *key, const char *word); /* NULL is null */
void cli_json_number(cli_json *json, const char *key, double value);
void cli_json_count(cli_json *json, const char *key, uint64_t value);
void cli_json_bool(cli_json *json, const char *key, bool value);
/* A value that is JSON already, on one line. */
void cli_json_value(cli_json *json, const char *key, const char *value);

/* Opens the outermost object of an output, with its schema_version. */
void cli_json_begin(cli_json *json);
/* Closes it and ends the line. */
void cli_json_end(cli_json *json);

#endif
