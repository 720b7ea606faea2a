/* SPDX-License-Identifier: MIT */
/* CSV cells. */
#include "report/csv_out.h"

#include "neardup/visible.h"
#include "text/spreadsheet.h"
#include "text/utf8.h"

static void begin_cell(ndup__out *out)
{
    if (out->needs_cell) {
        ndup__out_bytes(out, out->has_tabs ? "\t" : ",", 1);
    }
    out->needs_cell = true;
}

static bool needs_quotes(const ndup__out *out, ndup_text text)
{
    char separator = out->has_tabs ? '\t' : ',';
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        if (c == '"' || c == separator || c == '\n' || c == '\r') {
            return true;
        }
    }
    return false;
}

static bool is_control(uint32_t code_point)
{
    bool is_white = code_point == '\t' || code_point == '\n' || code_point == '\r';
    return (code_point < 0x20 && !is_white) || (code_point >= 0x7F && code_point < 0xA0);
}

static void write_character(ndup__out *out, uint32_t code_point)
{
    char bytes[NDUP_VISIBLE_BYTES];
    if (code_point == '"') {
        ndup__out_bytes(out, "\"\"", 2);
        return;
    }
    code_point = code_point != 0 ? code_point : NDUP__REPLACEMENT;
    size_t length = ndup__utf8_write(bytes, code_point);
    if (!out->csv_raw && is_control(code_point)) {
        char form[NDUP_VISIBLE_BYTES];
        (void)ndup_character_visible(form, NULL, (ndup_text){bytes, length});
        ndup__out_text(out, form);
        return;
    }
    ndup__out_bytes(out, bytes, length);
}

void ndup__csv_text(ndup__out *out, ndup_text text)
{
    begin_cell(out);
    bool quoted = needs_quotes(out, text);
    if (quoted) {
        ndup__out_bytes(out, "\"", 1);
    }
    if (!out->csv_raw && ndup__spreadsheet_runs(text)) {
        ndup__out_bytes(out, "'", 1);
    }
    uint64_t replaced = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t code_point;
        i += ndup__utf8_read(&code_point, text.bytes + i, text.length - i, &replaced);
        write_character(out, code_point);
    }
    if (quoted) {
        ndup__out_bytes(out, "\"", 1);
    }
}

void ndup__csv_word(ndup__out *out, const char *word)
{
    ndup__csv_text(out, ndup__text_of(word));
}

void ndup__csv_count(ndup__out *out, uint64_t value)
{
    char text[NDUP__NUMBER_BYTES];
    begin_cell(out);
    ndup__out_bytes(out, text, ndup__format_count(text, value));
}

void ndup__csv_fixed(ndup__out *out, double value)
{
    char text[NDUP__NUMBER_BYTES];
    begin_cell(out);
    ndup__out_bytes(out, text, ndup__format_fixed(text, value));
}

void ndup__csv_hash(ndup__out *out, uint64_t value)
{
    char text[NDUP__NUMBER_BYTES];
    begin_cell(out);
    ndup__out_bytes(out, text, ndup__format_hash(text, value));
}

void ndup__csv_empty(ndup__out *out)
{
    begin_cell(out);
}

void ndup__csv_end_row(ndup__out *out)
{
    ndup__out_bytes(out, "\n", 1);
    out->needs_cell = false;
}
