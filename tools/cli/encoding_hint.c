/* SPDX-License-Identifier: MIT */
/* The hint at another encoding. */
#include "encoding_hint.h"

#include <stdio.h>

#include "console.h"
#include "format.h"
#include "json_print.h"

bool cli_unread_say(const cli_job *job, uint64_t documents)
{
    char message[200];
    cli_formatted count;
    if (documents == 0) {
        return false;
    }
    snprintf(message, sizeof message,
             "unreadable: %s document%s of UTF-8 damaged throughout, compared by bytes only; if "
             "they have another encoding, name it with --encoding",
             cli_format_count(&count, documents), documents == 1 ? "" : "s");
    if (cli_job_is_json(job)) {
        cli_json json = {.out = stderr};
        cli_json_begin(&json);
        cli_json_word(&json, "event", "notice");
        cli_json_word(&json, "message", message);
        cli_json_end(&json);
    } else {
        cli_complain("%s", message);
    }
    return true;
}
