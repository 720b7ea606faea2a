/* SPDX-License-Identifier: MIT */
/* A phrase for every policy of a chain. */
#include "report/keep_words.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct word_list {
    char *words; /* [NDUP__KEEP_WORDS_BYTES] */
    size_t length;
} word_list;

static __attribute__((format(printf, 2, 3))) void add(word_list *list, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(list->words + list->length, NDUP__KEEP_WORDS_BYTES - list->length,
                           format, arguments);
    va_end(arguments);
    list->length += length > 0 ? (size_t)length : 0;
    if (list->length >= NDUP__KEEP_WORDS_BYTES) {
        list->length = NDUP__KEEP_WORDS_BYTES - 1;
    }
}

static bool is_policy(const char *policy, size_t length, const char *name)
{
    return strlen(name) == length && strncmp(policy, name, length) == 0;
}

static bool begins_with(const char *text, size_t length, const char *prefix)
{
    return length > strlen(prefix) && strncmp(text, prefix, strlen(prefix)) == 0;
}

/* field:NAME:asc or field:NAME:desc, behind "field:". */
static void add_field(word_list *list, const char *field, size_t length)
{
    size_t name = length;
    while (name > 0 && field[name - 1] != ':') {
        name--;
    }
    bool rises = name > 0 && strncmp(field + name, "asc", length - name) == 0;
    add(list, "the document with the %s %.*s", rises ? "lowest" : "highest",
        (int)(name > 0 ? name - 1 : length), field);
}

static void add_policy(word_list *list, const char *policy, size_t length)
{
    static const struct {
        const char *name;
        const char *phrase;
    } phrases[] = {{"first", "the document that comes first in the input"},
                   {"last", "the document that comes last in the input"},
                   {"longest", "the longest text"},
                   {"shortest", "the shortest text"},
                   {"newest", "the document with the latest date"},
                   {"oldest", "the document with the earliest date"}};
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
        if (is_policy(policy, length, phrases[i].name)) {
            add(list, "%s", phrases[i].phrase);
            return;
        }
    }
    if (begins_with(policy, length, "prefer=")) {
        size_t prefix = strlen("prefer=");
        add(list, "a document that matches %.*s", (int)(length - prefix), policy + prefix);
    } else if (begins_with(policy, length, "field:")) {
        size_t prefix = strlen("field:");
        add_field(list, policy + prefix, length - prefix);
    } else {
        add(list, "%.*s", (int)length, policy);
    }
}

void ndup__keep_words(char words[NDUP__KEEP_WORDS_BYTES], const char *keep)
{
    word_list list = {words, 0};
    bool by_place = false;
    words[0] = '\0';
    while (*keep != '\0') {
        size_t length = strcspn(keep, ",");
        if (length > 0) {
            add(&list, "%s", list.length > 0 ? "; among equals " : "");
            add_policy(&list, keep, length);
        }
        by_place |= is_policy(keep, length, "first") || is_policy(keep, length, "last");
        keep += length + (keep[length] == ',');
    }
    if (!by_place) {
        add(&list, "; among equals the one whose id comes first");
    }
}
