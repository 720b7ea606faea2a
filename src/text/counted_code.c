/* SPDX-License-Identifier: MIT */
/* Source code, read in one pass that knows what stood before and looks at what comes next. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text/counted_text.h"

/* Longest of the keywords. */
#define KEYWORD_BYTES 16

/* Longest string: looking for an end that is not there must not take time for each quote. */
#define STRING_BYTES 1024

/* Of C, C++, C#, Go, Java, JavaScript, Kotlin, Perl, PHP, Python, Ruby, Rust, Swift and their kin:
 * a name that one language has free and another not stays in all of them. In the order of bytes. */
static const char *const keywords[] = {
    "abstract",  "and",          "as",        "assert",    "async",      "auto",      "await",
    "base",      "begin",        "bool",      "boolean",   "break",      "byte",      "case",
    "catch",     "chan",         "char",      "class",     "const",      "constexpr", "continue",
    "def",       "default",      "defer",     "define",    "del",        "delete",    "do",
    "double",    "elif",         "else",      "elseif",    "elsif",      "end",       "endif",
    "ensure",    "enum",         "except",    "exec",      "explicit",   "export",    "extends",
    "extern",    "false",        "final",     "finally",   "float",      "fn",        "for",
    "foreach",   "from",         "func",      "function",  "global",     "go",        "goto",
    "if",        "ifdef",        "ifndef",    "impl",      "implements", "import",    "in",
    "include",   "inline",       "int",       "interface", "internal",   "is",        "lambda",
    "let",       "long",         "loop",      "match",     "mod",        "module",    "mut",
    "namespace", "native",       "new",       "nil",       "none",       "nonlocal",  "not",
    "null",      "nullptr",      "operator",  "or",        "override",   "package",   "pass",
    "pragma",    "private",      "protected", "pub",       "public",     "raise",     "range",
    "readonly",  "ref",          "rescue",    "return",    "sealed",     "select",    "self",
    "short",     "signed",       "sizeof",    "static",    "string",     "struct",    "super",
    "switch",    "synchronized", "template",  "then",      "this",       "throw",     "throws",
    "trait",     "transient",    "true",      "try",       "type",       "typedef",   "typename",
    "typeof",    "undef",        "union",     "unless",    "unsigned",   "until",     "use",
    "using",     "var",          "virtual",   "void",      "volatile",   "when",      "where",
    "while",     "with",         "yield"};

/* Behind a # they are commands to a compiler. */
static const char *const directives[] = {"define", "elif",   "else",    "endif",  "error", "if",
                                         "ifdef",  "ifndef", "include", "pragma", "undef"};

typedef struct source {
    char *counted;
    const char *text;
    size_t length;
    char before; /* the last mark, or 'x' for a word, a number or a string; 0 at the beginning */
    char before_that;
} source;

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_small(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

/* Bytes of other letters than those of ASCII are parts of names. */
static bool is_name(char c)
{
    return is_small(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || (unsigned char)c >= 0x80;
}

static bool goes_on(const source *s, size_t at, const char *with)
{
    size_t length = strlen(with);
    return s->length - at >= length && memcmp(s->text + at, with, length) == 0;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

/* Whether text[at..end) is one of the words. */
static bool is_among(const source *s, size_t at, size_t end, const char *const *words, size_t count)
{
    char word[KEYWORD_BYTES];
    size_t length = end - at;
    if (length >= sizeof word) {
        return false;
    }
    memcpy(word, s->text + at, length);
    word[length] = '\0';
    return bsearch(word, words, count, sizeof *words, compare_words) != NULL;
}

static size_t line_end(const source *s, size_t at)
{
    const char *end = memchr(s->text + at, '\n', s->length - at);
    return end != NULL ? (size_t)(end - s->text) : s->length;
}

/* Behind the closing mark, or the end of the text. */
static size_t closing_end(const source *s, size_t at, const char *mark)
{
    while (at < s->length && !goes_on(s, at, mark)) {
        at++;
    }
    return at < s->length ? at + strlen(mark) : at;
}

static size_t name_end(const source *s, size_t at)
{
    while (at < s->length && is_name(s->text[at])) {
        at++;
    }
    return at;
}

static size_t skip_spaces(const source *s, size_t at)
{
    while (at < s->length && is_space(s->text[at])) {
        at++;
    }
    return at;
}

/* # begins a comment before a space, another # or !, unless a command to a compiler follows. */
static bool is_hash_comment(const source *s, size_t at)
{
    if (s->text[at] != '#' || (at > 0 && !is_space(s->text[at - 1]))) {
        return false;
    }
    char next = at + 1 < s->length ? s->text[at + 1] : '\n';
    if (next == '#' || goes_on(s, at, "#!/")) {
        return true;
    }
    size_t word = at + 1;
    while (word < s->length && (s->text[word] == ' ' || s->text[word] == '\t')) {
        word++;
    }
    size_t end = name_end(s, word);
    return is_space(next) &&
           !is_among(s, word, end, directives, sizeof directives / sizeof *directives);
}

/* Where a comment that begins here ends; `at` when none does. */
static size_t comment_end(const source *s, size_t at)
{
    if (goes_on(s, at, "/*")) {
        return closing_end(s, at + 2, "*/");
    }
    if (goes_on(s, at, "<!--")) {
        return closing_end(s, at + 4, "-->");
    }
    bool is_line =
        (goes_on(s, at, "//") && (at == 0 || s->text[at - 1] != ':')) || is_hash_comment(s, at);
    return is_line ? line_end(s, at) : at;
}

/* Where a string that begins here ends; `at` when none does: one that its line does not close is
 * no string but an apostrophe or a mark of another language. */
static size_t string_end(const source *s, size_t at)
{
    char quote = s->text[at];
    if (!is_quote(quote)) {
        return at;
    }
    size_t most = s->length - at < STRING_BYTES ? s->length : at + STRING_BYTES;
    for (size_t end = at + 1; end < most && s->text[end] != '\n'; end++) {
        if (s->text[end] == quote) {
            return end + 1;
        }
        end += s->text[end] == '\\';
    }
    return at;
}

/* What comes next that is no white space: a mark, or 'x' for a word, a number or a string. */
static char mark_behind(const source *s, size_t at)
{
    at = skip_spaces(s, at);
    if (at == s->length) {
        return 'x';
    }
    return is_name(s->text[at]) || is_quote(s->text[at]) ? 'x' : s->text[at];
}

static bool is_folded(const source *s, size_t at, size_t end)
{
    if (!is_small(s->text[at]) ||
        is_among(s, at, end, keywords, sizeof keywords / sizeof *keywords)) {
        return false;
    }
    for (size_t i = at; i < end; i++) {
        if ((unsigned char)s->text[i] >= 0x80) {
            return false;
        }
    }
    char next = mark_behind(s, end);
    bool is_member =
        s->before == '.' || s->before == ':' || (s->before == '>' && s->before_that == '-');
    bool is_prose = next == 'x' && (s->before == 'x' || s->before == '\0');
    return next != '(' && !is_member && !is_prose;
}

static void set_before(source *s, char mark)
{
    s->before_that = s->before;
    s->before = mark;
}

static void take(source *s, size_t at, size_t end)
{
    memcpy(s->counted + at, s->text + at, end - at);
    set_before(s, 'x');
}

static size_t take_name(source *s, size_t at)
{
    size_t end = name_end(s, at);
    bool folded = is_folded(s, at, end);
    take(s, at, end);
    if (folded) {
        memset(s->counted + at, ' ', end - at);
        s->counted[at] = 'x';
    }
    return end;
}

/* Takes something that is no comment. Returns where it ends. */
static size_t take_some(source *s, size_t at)
{
    size_t end = string_end(s, at);
    if (end > at) {
        take(s, at, end);
        return end;
    }
    if (is_name(s->text[at])) {
        return take_name(s, at);
    }
    s->counted[at] = s->text[at];
    if (!is_space(s->text[at]) && !is_quote(s->text[at])) {
        set_before(s, s->text[at]);
    }
    return at + 1;
}

void ndup__counted_code(char *counted, const char *text, size_t length)
{
    source s = {.counted = counted, .text = text, .length = length};
    for (size_t at = 0; at < length;) {
        size_t end = comment_end(&s, at);
        if (end > at) {
            memset(counted + at, ' ', end - at);
        } else {
            end = take_some(&s, at);
        }
        at = end;
    }
}
