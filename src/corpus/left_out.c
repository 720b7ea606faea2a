/* SPDX-License-Identifier: MIT */
/* Files of folders that are not read: counted by suffix, and told. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "codec/codec.h"
#include "corpus/input_files.h"

/* Suffixes that are counted one by one, and those that are told. */
#define SUFFIXES_MOST 64
#define SUFFIXES_TOLD 6
#define SUFFIX_BYTES 16
#define OTHER_SUFFIX "..."

/* Writes the suffix of a name in lower case, with that of a codec; "" for none, OTHER_SUFFIX for
 * what is no suffix to people. */
static void read_suffix(char suffix[SUFFIX_BYTES], const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash != NULL ? slash + 1 : name;
    const ndup__codec *codec = ndup__codec_by_name(base);
    size_t end = strlen(base);
    size_t begin = codec != NULL ? end - strlen(codec->suffix) : end;
    size_t dot = begin;
    while (dot > 1 && base[dot - 1] != '.') {
        dot--;
    }
    begin = dot > 1 ? dot - 1 : begin;
    size_t length = end - begin;
    bool is_short = length < SUFFIX_BYTES;
    for (size_t i = 0; i < length && is_short; i++) {
        char byte = base[begin + i];
        is_short = byte > ' ' && byte < 0x7F && byte != '\'';
        suffix[i] = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
    }
    if (is_short) {
        suffix[length] = '\0';
    } else {
        memcpy(suffix, OTHER_SUFFIX, sizeof OTHER_SUFFIX);
    }
}

static ndup__suffix_count *find(ndup__listing *listing, const char *suffix)
{
    for (size_t i = 0; i < listing->suffix_count; i++) {
        if (strcmp(listing->suffixes[i].suffix, suffix) == 0) {
            return &listing->suffixes[i];
        }
    }
    return NULL;
}

ndup_status ndup__listing_leave_out(ndup__listing *listing, const char *name, ndup_error *error)
{
    char suffix[SUFFIX_BYTES];
    char *copy;
    read_suffix(suffix, name);
    ndup__suffix_count *counted = find(listing, suffix);
    if (counted == NULL && listing->suffix_count >= SUFFIXES_MOST) {
        memcpy(suffix, OTHER_SUFFIX, sizeof OTHER_SUFFIX);
        counted = find(listing, suffix);
    }
    if (counted != NULL) {
        counted->files++;
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__reserve(listing->corpus->allocator, &listing->suffixes, &listing->suffix_capacity,
                      listing->suffix_count + 1, sizeof *listing->suffixes, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(&listing->strings, &copy, suffix, strlen(suffix), error);
    }
    if (status == NDUP_STATUS_OK) {
        listing->suffixes[listing->suffix_count++] = (ndup__suffix_count){copy, 1};
    }
    return status;
}

/* Those with most files first; what is no suffix comes last. */
static int by_files(const void *left, const void *right)
{
    const ndup__suffix_count *a = left;
    const ndup__suffix_count *b = right;
    bool a_is_other = strcmp(a->suffix, OTHER_SUFFIX) == 0;
    bool b_is_other = strcmp(b->suffix, OTHER_SUFFIX) == 0;
    if (a_is_other != b_is_other) {
        return a_is_other ? 1 : -1;
    }
    return a->files != b->files ? (a->files > b->files ? -1 : 1) : strcmp(a->suffix, b->suffix);
}

typedef struct notice_text {
    char text[400];
    size_t length;
} notice_text;

static void __attribute__((format(printf, 2, 3))) say(notice_text *message, const char *format, ...)
{
    size_t room = sizeof message->text - message->length;
    va_list values;
    va_start(values, format);
    int length = vsnprintf(message->text + message->length, room, format, values);
    va_end(values);
    message->length += length < 0 || (size_t)length >= room ? room - 1 : (size_t)length;
}

static void list_suffixes(notice_text *message, const ndup__listing *listing)
{
    uint64_t others = 0;
    for (size_t i = 0; i < listing->suffix_count; i++) {
        const ndup__suffix_count *counted = &listing->suffixes[i];
        if (i >= SUFFIXES_TOLD || strcmp(counted->suffix, OTHER_SUFFIX) == 0) {
            others += counted->files;
        } else {
            say(message, "%s%" PRIu64 " %s", i > 0 ? ", " : "", counted->files,
                counted->suffix[0] != '\0' ? counted->suffix : "without suffix");
        }
    }
    if (others > 0) {
        say(message, "%s%" PRIu64 " others", listing->suffix_count > 1 ? ", " : "", others);
    }
}

void ndup__notice_text(const ndup_hooks *hooks, const char *message)
{
    if (hooks != NULL && hooks->notice != NULL) {
        hooks->notice(hooks->context, message);
    }
}

void ndup__listing_tell(ndup__listing *listing, const ndup_hooks *hooks)
{
    if (listing->suffix_count > 0) {
        notice_text left_out = {.length = 0};
        qsort(listing->suffixes, listing->suffix_count, sizeof *listing->suffixes, by_files);
        say(&left_out, "not read: ");
        list_suffixes(&left_out, listing);
        say(&left_out, "; --include GLOB reads other files than those with known suffixes");
        ndup__notice_text(hooks, left_out.text);
    }
    if (listing->folder_links > 0) {
        notice_text links = {.length = 0};
        say(&links, "links to folders, which are not followed: %" PRIu64, listing->folder_links);
        ndup__notice_text(hooks, links.text);
    }
    if (listing->own_outputs > 0) {
        notice_text own = {.length = 0};
        char shown[100];
        say(&own, "files that neardup wrote, not read as documents: %" PRIu64 " (%s)",
            listing->own_outputs, ndup__shorten_path(shown, sizeof shown, listing->own_output));
        ndup__notice_text(hooks, own.text);
    }
}
