/* SPDX-License-Identifier: MIT */
/* Any bytes as a record: what is accepted decodes, and comes back after escaping and scanning. */
#include <stdlib.h>
#include <string.h>

#include "corpus/record_scan.h"
#include "fuzz/fuzz_target.h"
#include "text/utf8.h"

static const char *const paths[] = {"text", "id", "meta.url", "meta", "a.b.c", "text"};
enum { PATHS = sizeof paths / sizeof *paths };

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static void *new_bytes(size_t count)
{
    void *bytes = malloc(count + 1);
    check(bytes != NULL);
    return bytes;
}

/* `text` with its damaged bytes replaced, which is how escaping writes it. */
static size_t repair(char *out, const char *text, size_t length)
{
    size_t written = 0;
    for (size_t i = 0; i < length;) {
        uint32_t code_point;
        uint64_t replaced = 0;
        i += ndup__utf8_read(&code_point, text + i, length - i, &replaced);
        written += ndup__utf8_write(out + written, code_point);
    }
    return written;
}

/* {"text":"<escaped text>"} gives `text` again. */
static void check_written_again(const ndup__record_scanner *scanner, const char *text,
                                size_t length)
{
    static const char head[] = "{\"text\":\"";
    char *line = new_bytes(6 * length + sizeof head + 2);
    char *decoded = new_bytes(6 * length + NDUP__DECODE_SLACK);
    char *expected = new_bytes(4 * length);
    size_t at = sizeof head - 1;
    memcpy(line, head, at);
    at += ndup__json_escape(line + at, text, length);
    memcpy(line + at, "\"}", 2);
    ndup__value fields[PATHS];
    check(ndup__record_scan(fields, scanner, line, at + 2, NULL) == NDUP_STATUS_OK);
    check(fields[0].kind == NDUP__VALUE_STRING);
    uint64_t replaced = 0;
    size_t decoded_length = ndup__value_decode(decoded, &fields[0], &replaced);
    check(replaced == 0);
    check(decoded_length == repair(expected, text, length));
    check(memcmp(decoded, expected, decoded_length) == 0);
    free(line);
    free(decoded);
    free(expected);
}

static void check_value(const ndup__record_scanner *scanner, const ndup__value *value,
                        const char *line, size_t length)
{
    if (value->kind == NDUP__VALUE_ABSENT) {
        return;
    }
    check(value->raw >= line && value->length <= (size_t)(line + length - value->raw));
    if (value->kind == NDUP__VALUE_STRING) {
        char *decoded = new_bytes(value->length + NDUP__DECODE_SLACK);
        uint64_t replaced = 0;
        size_t decoded_length = ndup__value_decode(decoded, value, &replaced);
        check(decoded_length <= value->length);
        check_written_again(scanner, decoded, decoded_length);
        free(decoded);
    }
}

/* Decoding in passing finds what is wrong at the same place, and gives what decoding behind gives.
 */
static void check_decoding(const ndup__record_scanner *scanner, const char *line, size_t length,
                           ndup_status status, const ndup_error *error, const ndup__value *fields)
{
    ndup_error other = {0};
    ndup__value values[PATHS];
    ndup__decoding decoding = {.fields = ~(uint32_t)0,
                               .room = new_bytes(length + NDUP__DECODE_SLACK)};
    check(ndup__record_scan_decoding(values, scanner, line, length, &decoding, &other) == status);
    check(status == NDUP_STATUS_OK || (error->byte == other.byte && decoding.used <= length &&
                                       strcmp(error->message, other.message) == 0));
    for (size_t i = 0; i < PATHS; i++) {
        check(values[i].kind == fields[i].kind);
        if (values[i].kind == NDUP__VALUE_STRING) {
            char *decoded = new_bytes(fields[i].length + NDUP__DECODE_SLACK);
            uint64_t replaced = 0;
            check(ndup__value_decode(decoded, &fields[i], &replaced) == values[i].length);
            check(memcmp(decoded, values[i].raw, values[i].length) == 0);
            check(values[i].replaced == (replaced > 0) && !values[i].escaped);
            free(decoded);
        }
    }
    free(decoding.room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *line = (const char *)data;
    ndup__record_scanner *scanner;
    ndup_error error;
    ndup__value fields[PATHS];
    check(ndup__record_scanner_new(&scanner, paths, PATHS, NULL, &error) == NDUP_STATUS_OK);
    ndup_status status = ndup__record_scan(fields, scanner, line, size, &error);
    check(status == NDUP_STATUS_OK || (error.status == status && error.byte <= size));
    for (size_t i = 0; i < PATHS; i++) {
        check(status == NDUP_STATUS_OK || fields[i].kind == NDUP__VALUE_ABSENT);
        check_value(scanner, &fields[i], line, size);
    }
    check(fields[0].kind == fields[5].kind);
    check(fields[0].kind == NDUP__VALUE_ABSENT || fields[0].raw == fields[5].raw);
    check_decoding(scanner, line, size, status, &error, fields);
    check_written_again(scanner, line, size);
    ndup__record_scanner_free(scanner);
    return 0;
}
