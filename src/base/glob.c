/* SPDX-License-Identifier: MIT */
/* Shell-like patterns over byte strings that need not end in a zero. */
#include "base/glob.h"

#include <stddef.h>
#include <string.h>

/* Reads the class at pattern[0] == '[' and sets *past behind its ']'. A '[' that is never closed
 * stands for itself. */
static bool match_class(const char *pattern, const char **past, char byte, bool *is_class)
{
    const char *at = pattern + 1;
    bool negated = *at == '!' || *at == '^';
    at += negated;
    bool found = false;
    const char *first = at;
    while (*at != '\0' && (*at != ']' || at == first)) {
        unsigned char low = (unsigned char)*at;
        unsigned char high = low;
        if (at[1] == '-' && at[2] != '\0' && at[2] != ']') {
            high = (unsigned char)at[2];
            at += 2;
        }
        found |= low <= (unsigned char)byte && (unsigned char)byte <= high;
        at++;
    }
    *is_class = *at == ']';
    *past = at + 1;
    return found != negated;
}

/* Matches one pattern element other than '*' against a byte. */
static bool match_one(const char *pattern, const char **past, char byte)
{
    if (*pattern == '[') {
        bool is_class;
        bool matches = match_class(pattern, past, byte, &is_class);
        if (is_class) {
            return matches;
        }
    }
    if (*pattern == '\\' && pattern[1] != '\0') {
        pattern++;
    } else if (*pattern == '?') {
        *past = pattern + 1;
        return true;
    }
    *past = pattern + 1;
    return *pattern == byte;
}

bool ndup__glob_match(const char *pattern, ndup_text text)
{
    const char *star = NULL; /* behind the last '*', */
    size_t star_at = 0;      /* which stands for the text up to here */
    size_t at = 0;
    while (at < text.length) {
        const char *past;
        if (*pattern == '*') {
            star = ++pattern;
            star_at = at;
        } else if (*pattern != '\0' && match_one(pattern, &past, text.bytes[at])) {
            pattern = past;
            at++;
        } else if (star != NULL) {
            pattern = star;
            at = ++star_at;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}

/* Where the last star and the last double star of a path pattern stand, and up to where in the path
 * they have been tried. */
typedef struct path_stars {
    const char *star;
    const char *star_at;
    const char *folders; /* behind "**" and its slash */
    const char *folders_at;
} path_stars;

/* Reads the stars at *pattern; false where they match all that is left. */
static bool read_stars(path_stars *stars, const char **pattern, const char *at)
{
    const char *behind = *pattern + strspn(*pattern, "*");
    if (behind - *pattern < 2 || (*behind != '/' && *behind != '\0')) {
        stars->star = *pattern = behind;
        stars->star_at = at;
        return true;
    }
    if (*behind == '\0') {
        return false;
    }
    stars->star = NULL;
    stars->folders = *pattern = behind + 1;
    stars->folders_at = at;
    return true;
}

/* Lets the last star that can take one more byte, or one more folder, do so. */
static bool try_more(path_stars *stars, const char **pattern, const char **at)
{
    if (stars->star != NULL && *stars->star_at != '/') {
        *pattern = stars->star;
        *at = ++stars->star_at;
        return true;
    }
    const char *slash = stars->folders != NULL ? strchr(stars->folders_at, '/') : NULL;
    if (slash == NULL) {
        return false;
    }
    stars->star = NULL;
    *pattern = stars->folders;
    *at = stars->folders_at = slash + 1;
    return true;
}

bool ndup__glob_match_path(const char *pattern, const char *path)
{
    path_stars stars = {NULL, NULL, NULL, NULL};
    const char *at = path;
    while (*at != '\0') {
        const char *past;
        if (*pattern == '*') {
            if (!read_stars(&stars, &pattern, at)) {
                return true;
            }
        } else if (*pattern != '\0' && match_one(pattern, &past, *at) &&
                   (*at != '/' || *pattern == '/')) {
            pattern = past;
            at++;
        } else if (!try_more(&stars, &pattern, &at)) {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}
