/* SPDX-License-Identifier: MIT */
/* Walks over text that is known to be valid JSON. */
#include "corpus/json_list.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "kernel/kernel.h"

/* Between the strings of a list; JSON has at least three bytes there. */
static const char between[] = "\n\n";

ndup__value_kind ndup__json_kind(const char *at)
{
    switch (*at) {
    case '"':
        return NDUP__VALUE_STRING;
    case '{':
        return NDUP__VALUE_OBJECT;
    case '[':
        return NDUP__VALUE_ARRAY;
    case 'n':
        return NDUP__VALUE_NULL;
    case 't':
        return NDUP__VALUE_TRUE;
    case 'f':
        return NDUP__VALUE_FALSE;
    case 'N':
    case 'I':
        return NDUP__VALUE_NOT_FINITE;
    default:
        return at[0] == '-' && at[1] == 'I' ? NDUP__VALUE_NOT_FINITE : NDUP__VALUE_NUMBER;
    }
}

const char *ndup__json_kind_text(ndup__value_kind kind)
{
    static const char *const texts[] = {
        [NDUP__VALUE_ABSENT] = "absent",       [NDUP__VALUE_NULL] = "null",
        [NDUP__VALUE_FALSE] = "a truth value", [NDUP__VALUE_TRUE] = "a truth value",
        [NDUP__VALUE_NUMBER] = "a number",     [NDUP__VALUE_NOT_FINITE] = "NaN or infinite",
        [NDUP__VALUE_STRING] = "a string",     [NDUP__VALUE_ARRAY] = "a list",
        [NDUP__VALUE_OBJECT] = "an object",
    };
    return texts[kind];
}

/* Behind the string at `at`. */
static const char *skip_string(bool *escaped, const char *at, const char *end)
{
    uint32_t has_escapes = 0;
    at += 1 + ndup__string_pass(&has_escapes, at + 1, (size_t)(end - at - 1));
    *escaped = has_escapes != 0;
    return at + 1;
}

static const char *find_value(const char *at, const char *end)
{
    while (at < end && strchr(" \t\r\n,:", *at) != NULL) {
        at++;
    }
    return at;
}

ndup_status ndup__json_list_join(ndup_text *text, uint64_t *replaced, const ndup__value *list,
                                 const char *name, ndup__arena *arena, ndup_error *error)
{
    void *room;
    ndup_status status = ndup__arena_take(arena, &room, list->length + NDUP__DECODE_SLACK, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    char *write = room;
    const char *end = list->raw + list->length;
    for (const char *at = find_value(list->raw + 1, end); *at != ']'; at = find_value(at, end)) {
        ndup__value value = {.kind = ndup__json_kind(at), .raw = at + 1};
        if (value.kind != NDUP__VALUE_STRING && value.kind != NDUP__VALUE_NULL) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "field '%.80s' is a list that holds %s, must hold strings", name,
                              ndup__json_kind_text(value.kind));
        }
        if (value.kind == NDUP__VALUE_NULL) {
            at += strlen("null");
            continue;
        }
        at = skip_string(&value.escaped, at, end);
        value.length = (size_t)(at - 1 - value.raw);
        if (value.length > 0 && write > (char *)room) {
            memcpy(write, between, sizeof between - 1);
            write += sizeof between - 1;
        }
        write += ndup__value_decode(write, &value, replaced);
    }
    ndup__arena_trim(arena, room, (size_t)(write - (char *)room));
    *text = (ndup_text){room, (size_t)(write - (char *)room)};
    return NDUP_STATUS_OK;
}

/* Moves on to the object's next key; NULL at its end. *at comes in behind the opening bracket. */
static const char *next_key(size_t *length, const char **at, const char *end)
{
    size_t depth = 1;
    while (*at < end && depth > 0) {
        const char *here = *at;
        bool escaped;
        if (*here != '"') {
            depth += *here == '{' || *here == '[';
            depth -= *here == '}' || *here == ']';
            ++*at;
            continue;
        }
        *at = skip_string(&escaped, here, end);
        const char *behind = *at;
        while (behind < end && strchr(" \t\r\n", *behind) != NULL) {
            behind++;
        }
        if (depth == 1 && behind < end && *behind == ':') {
            *length = (size_t)(*at - here) - 2;
            return here + 1;
        }
    }
    return NULL;
}

enum { KEY_SHOWN = 24, MORE_BYTES = 24 };

/* Where a key is cut that is too long. */
static size_t shown_length(const char *key, size_t length)
{
    if (length <= KEY_SHOWN) {
        return length;
    }
    length = KEY_SHOWN;
    while (length > 0 && ((unsigned char)key[length] & 0xC0) == 0x80) {
        length--;
    }
    return length;
}

const char *ndup__json_name_keys(char *out, size_t capacity, const char *object, size_t length)
{
    const char *end = object + length;
    const char *at = memchr(object, '{', length);
    size_t written = 0;
    size_t left_out = 0;
    size_t key_length;
    const char *key;
    out[0] = '\0';
    at = at != NULL ? at + 1 : end;
    while ((key = next_key(&key_length, &at, end)) != NULL) {
        size_t shown = shown_length(key, key_length);
        const char *dots = shown < key_length ? "..." : "";
        if (left_out > 0 || written + shown + strlen(", ''...") + MORE_BYTES > capacity) {
            left_out++;
            continue;
        }
        written += (size_t)snprintf(out + written, capacity - written, "%s'%.*s%s'",
                                    written > 0 ? ", " : "", (int)shown, key, dots);
    }
    if (left_out > 0) {
        snprintf(out + written, capacity - written, "%s%zu more", written > 0 ? " and " : "",
                 left_out);
    }
    return out;
}
