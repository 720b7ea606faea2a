/* SPDX-License-Identifier: MIT */
/* versions:FILE, a line a group of copies: each text with what it changed of the one it was copied
 * from. */
#include <stdio.h>
#include <string.h>

#include "report/group_output.h"
#include "report/json_out.h"

/* Bytes of a changed part that are written; of a longer one the beginning, and how much follows. */
#define SHOWN_BYTES 400

static void write_part(ndup__out *out, const char *key, ndup_text text)
{
    char shown[SHOWN_BYTES + 64];
    size_t length = ndup__cut_at_character(text, SHOWN_BYTES);
    if (length == text.length) {
        ndup__json_string(out, key, text);
        return;
    }
    memcpy(shown, text.bytes, length); /* which may have zero bytes */
    int used = snprintf(shown + length, sizeof shown - length, " [... %zu bytes more]",
                        text.length - length);
    ndup__json_string(out, key, (ndup_text){shown, length + (size_t)used});
}

static void write_change(ndup__out *out, const ndup_text_version *version,
                         const ndup_change *change)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "at", change->at);
    ndup__json_count(out, "bytes", change->bytes);
    ndup__json_count(out, "tokens", change->tokens);
    write_part(out, "text", (ndup_text){version->document->text.bytes + change->at, change->bytes});
    ndup__json_count(out, "was_at", change->of_at);
    ndup__json_count(out, "was_bytes", change->of_bytes);
    ndup__json_count(out, "was_tokens", change->of_tokens);
    write_part(out, "was", (ndup_text){version->of->text.bytes + change->of_at, change->of_bytes});
    ndup__json_close(out, '}');
}

static ndup_status write_version(ndup__group_output *output, const ndup_text_version *version,
                                 ndup_error *error)
{
    (void)error;
    ndup__out *out = &output->target.out;
    const ndup_grouping *grouping = version->grouping;
    if (version->number == 0) {
        ndup__json_open(out, NULL, '{');
        ndup__json_count(out, "copy_group", grouping->copy_group);
        ndup__json_count(out, "story", grouping->story);
        ndup__json_count(out, "documents", version->group_size);
        ndup__json_open(out, "versions", '[');
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "id", grouping->id);
    ndup__json_optional(out, "source", grouping->source);
    ndup__json_optional(out, "date", grouping->date);
    ndup__json_optional(out, "title", version->document->title);
    ndup__json_word(out, "role", ndup_role_name(grouping->role));
    ndup__json_string(out, "of", grouping->of_id);
    ndup__json_fixed(out, "share", grouping->share);
    ndup__json_fixed(out, "of_share", grouping->of_share);
    ndup__json_fixed(out, "similarity", grouping->similarity);
    ndup__json_open(out, "changes", '[');
    for (size_t i = 0; i < version->change_count; i++) {
        write_change(out, version, &version->changes[i]);
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    if (version->number + 1 == version->group_size) {
        ndup__json_close(out, ']');
        ndup__json_close(out, '}');
        ndup__json_end_line(out);
    }
    return NDUP_STATUS_OK;
}

const ndup__group_kind ndup__group_versions = {
    .info = {"versions", "one line a group of copies: what each changed of the one it was copied "
                         "from"},
    .version = write_version,
};
