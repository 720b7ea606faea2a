/* SPDX-License-Identifier: MIT */
/* The presets. The figures behind them stand in tests/quality/TABLE.md. */
#include "neardup/preset.h"

#include <string.h>

/* Files of source code, and of records that may hold some. Build files and data are left out: their
 * lists are not written but made. */
static const char *const source_files[] = {
    "*.c",   "*.h",     "*.cc",  "*.cpp",   "*.cxx",      "*.hh",       "*.hpp",  "*.hxx",
    "*.inl", "*.m",     "*.mm",  "*.cs",    "*.cu",       "*.d",        "*.dart", "*.erl",
    "*.ex",  "*.exs",   "*.f",   "*.f90",   "*.go",       "*.groovy",   "*.hs",   "*.java",
    "*.jl",  "*.js",    "*.jsx", "*.mjs",   "*.kt",       "*.kts",      "*.lua",  "*.ml",
    "*.mli", "*.php",   "*.pl",  "*.pm",    "*.proto",    "*.ps1",      "*.py",   "*.pyx",
    "*.r",   "*.R",     "*.rb",  "*.rs",    "*.sc",       "*.scala",    "*.sh",   "*.bash",
    "*.sql", "*.swift", "*.tcl", "*.ts",    "*.tsx",      "*.v",        "*.sv",   "*.vb",
    "*.vhd", "*.vue",   "*.zig", "*.jsonl", "*.jsonl.gz", "*.jsonl.zst"};

static const ndup_preset presets[] = {
    {"news",
     "articles, releases, laws, licences: copies with edits; form reports with other figures stay",
     {0.55, 5, NDUP_TOKEN_WORDS, 0.75},
     NULL,
     0},
    {"strict",
     "only texts that are the same but for a few words: nothing is lost that a reader would miss",
     {0.90, 5, NDUP_TOKEN_WORDS, 0.90},
     NULL,
     0},
    {"web",
     "crawled pages for training: copies with other menus and dates around them",
     {0.70, 5, NDUP_TOKEN_WORDS, 0},
     NULL,
     0},
    {"code",
     "source files: copies with renamed variables and other comments",
     {0.60, 5, NDUP_TOKEN_CODE, 0},
     source_files,
     sizeof source_files / sizeof source_files[0]},
    {"noisy",
     "scanned and recognised text with damaged letters",
     {0.38, 6, NDUP_TOKEN_CHARACTERS, 0},
     NULL,
     0},
    {"short",
     "posts: who else shares one, its links and its tags do not count; other numbers do",
     {0.60, 3, NDUP_TOKEN_POSTS, 1},
     NULL,
     0},
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
