/* SPDX-License-Identifier: MIT */
/* Passages of a text in turn shared and not, as many of them as there is room for. */
#include "page/passages.h"

#include "report/json_out.h"

/* Fewer bytes are not worth being left out. */
#define LEFT_OUT_MIN 400
/* How far a cut is moved to stand between two words. */
#define WORD_REACH 30

typedef struct passage_writer {
    ndup__out *out;
    const ndup__marked_text *marked;
    ndup__passage_limits limits;
    ndup__folded *folded;
    size_t left; /* bytes that may still be written */
} passage_writer;

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

size_t ndup__cut_at_word(ndup_text text, size_t limit)
{
    size_t cut = ndup__cut_at_character(text, limit);
    for (size_t back = 0; cut < text.length && back < WORD_REACH && back < cut; back++) {
        if (is_space(text.bytes[cut - back - 1])) {
            return cut - back;
        }
    }
    return cut;
}

size_t ndup__start_of_end(ndup_text text, size_t limit)
{
    size_t start = text.length > limit ? text.length - limit : 0;
    for (size_t on = 0; start > 0 && on < WORD_REACH && start + on < text.length; on++) {
        if (is_space(text.bytes[start + on])) {
            return start + on;
        }
    }
    while (start < text.length && ((unsigned char)text.bytes[start] & 0xC0) == 0x80) {
        start++;
    }
    return start;
}

static ndup_text slice(const passage_writer *now, size_t start, size_t end)
{
    return (ndup_text){now->marked->text.bytes + start, end - start};
}

/* Writes text[start..end) or as much as there is room for; returns where it stopped. */
static size_t write_passage(passage_writer *now, size_t start, size_t end, bool is_shared)
{
    ndup_text text = slice(now, start, end);
    size_t length = text.length <= now->left ? text.length : ndup__cut_at_word(text, now->left);
    if (length == 0) {
        return start;
    }
    text.length = length;
    if (is_shared) {
        ndup__json_string(now->out, NULL, text);
    } else {
        ndup__json_open(now->out, NULL, '[');
        ndup__json_string(now->out, NULL, text);
        ndup__json_close(now->out, ']');
    }
    now->left -= length;
    return start + length;
}

/* Writes the shared text[start..end), without its middle if it is long. */
static size_t write_shared(passage_writer *now, size_t start, size_t end)
{
    size_t context = now->limits.context;
    ndup_text text = slice(now, start, end);
    size_t before = ndup__cut_at_word(text, context);
    size_t behind =
        end < now->marked->text.length ? ndup__start_of_end(text, context) : text.length;
    if (before + LEFT_OUT_MIN > behind || now->left < context) {
        return write_passage(now, start, end, true);
    }
    (void)write_passage(now, start, start + before, true);
    ndup__json_folded(now->out, now->folded, slice(now, start + before, start + behind));
    return behind < text.length ? write_passage(now, start + behind, end, true) : end;
}

static void write_cut(ndup__out *out, uint64_t characters)
{
    if (characters > 0) {
        ndup__json_open(out, NULL, '{');
        ndup__json_count(out, "cut", characters);
        ndup__json_close(out, '}');
    }
}

/* Where the run of tokens from `token` on ends that have the same mark. */
static size_t run_end(const ndup__marked_text *marked, size_t token)
{
    size_t end = token + 1;
    while (end < marked->tokens.count && marked->shared[end] == marked->shared[token]) {
        end++;
    }
    return end;
}

static bool has_differences(const ndup__marked_text *marked)
{
    for (size_t i = 0; i < marked->tokens.count; i++) {
        if (!marked->shared[i]) {
            return true;
        }
    }
    return false;
}

/* Writes passage by passage; returns where it stopped. */
static size_t write_passages(passage_writer *now)
{
    const ndup__marked_text *marked = now->marked;
    size_t at = 0; /* all before it is written */
    for (size_t token = 0; token < marked->tokens.count;) {
        size_t next = run_end(marked, token);
        size_t end = marked->tokens.ends[next - 1];
        size_t stopped;
        if (marked->shared[token]) {
            /* With what stands in front of the next word. */
            end = next < marked->tokens.count ? marked->tokens.starts[next] : marked->text.length;
            stopped = write_shared(now, at, end);
        } else {
            size_t start = marked->tokens.starts[token];
            stopped = write_passage(now, at, start, true);
            end = stopped == start ? end : start;
            stopped = stopped == start ? write_passage(now, start, end, false) : stopped;
        }
        at = stopped;
        if (stopped < end || now->left == 0) {
            return at;
        }
        token = next;
    }
    return write_passage(now, at, marked->text.length, true);
}

void ndup__json_passages(ndup__out *out, const char *key, const ndup__marked_text *marked,
                         uint64_t missing, ndup__passage_limits limits, ndup__folded *folded)
{
    passage_writer now = {
        .out = out, .marked = marked, .limits = limits, .folded = folded, .left = limits.total};
    if (!has_differences(marked)) {
        ndup__json_beginning(out, key, marked->text, missing, limits.total);
        return;
    }
    ndup__json_open(out, key, '[');
    size_t end = write_passages(&now);
    write_cut(out, missing + ndup__count_characters(slice(&now, end, marked->text.length)));
    ndup__json_close(out, ']');
}

void ndup__json_beginning(ndup__out *out, const char *key, ndup_text text, uint64_t missing,
                          size_t limit)
{
    size_t end = text.length <= limit ? text.length : ndup__cut_at_word(text, limit);
    ndup__json_open(out, key, '[');
    ndup__json_string(out, NULL, (ndup_text){text.bytes, end});
    write_cut(out,
              missing + ndup__count_characters((ndup_text){text.bytes + end, text.length - end}));
    ndup__json_close(out, ']');
}
