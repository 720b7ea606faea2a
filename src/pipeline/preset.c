/* SPDX-License-Identifier: MIT */
/* The presets. The figures behind them stand in tests/quality/TABLE.md. */
#include "neardup/preset.h"

#include <string.h>

static const ndup_preset presets[] = {
    {"news",
     "articles, releases, laws, licences: copies with edits; form reports with other figures stay",
     {0.60, 5, NDUP_TOKEN_WORDS, 0.75}},
    {"strict",
     "only texts that are the same but for a few words: nothing is lost that a reader would miss",
     {0.90, 5, NDUP_TOKEN_WORDS, 0.90}},
    {"web",
     "crawled pages for training: copies with other menus and dates around them",
     {0.70, 5, NDUP_TOKEN_WORDS, 0}},
    {"code",
     "source files: copies with renamed variables and other comments",
     {0.60, 5, NDUP_TOKEN_CODE, 0}},
    {"noisy",
     "scanned and recognised text with damaged letters",
     {0.38, 6, NDUP_TOKEN_CHARACTERS, 0}},
    {"short",
     "posts: who else shares one, its links and its tags do not count; other numbers do",
     {0.60, 3, NDUP_TOKEN_POSTS, 1}},
};
#define PRESET_COUNT (sizeof presets / sizeof presets[0])

const char *ndup_token_mode_name(ndup_token_mode mode)
{
    static const char *const names[] = {
        [NDUP_TOKEN_WORDS] = "words", [NDUP_TOKEN_CHARACTERS] = "characters",
        [NDUP_TOKEN_EXACT] = "exact", [NDUP_TOKEN_CODE] = "code",
        [NDUP_TOKEN_POSTS] = "posts",
    };
    return (size_t)mode < sizeof names / sizeof *names ? names[mode] : "unknown";
}

size_t ndup_preset_count(void)
{
    return PRESET_COUNT;
}

const ndup_preset *ndup_preset_get(size_t i)
{
    return i < PRESET_COUNT ? &presets[i] : NULL;
}

const ndup_preset *ndup_preset_find(const char *name)
{
    if (name == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        if (strcmp(presets[i].name, name) == 0) {
            return &presets[i];
        }
    }
    return NULL;
}
