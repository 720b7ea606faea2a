/* SPDX-License-Identifier: MIT */
/* Reading --max-loss. */
#include "max_loss.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "value.h"

static bool read_limit(ndup_max_loss *limit, const char *text)
{
    char number[32];
    double percent;
    const char *colon = strchr(text, ':');
    size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);
    bool has_sign = length > 0 && text[length - 1] == '%';
    if (length - has_sign >= sizeof number || (colon != NULL && colon[1] == '\0')) {
        return false;
    }
    snprintf(number, sizeof number, "%.*s", (int)(length - has_sign), text);
    if (!cli_value_number(&percent, number) || !(percent >= 0 && percent <= 100)) {
        return false;
    }
    *limit = (ndup_max_loss){percent / 100, colon != NULL ? colon + 1 : NULL};
    return true;
}

int cli_max_loss_resolve(ndup_max_loss **limits, ndup_dedup_options *resolved,
                         const cli_list *typed, const cli_command *command)
{
    *limits = typed->count > 0 ? cli_resize(NULL, typed->count * sizeof **limits) : NULL;
    for (size_t i = 0; i < typed->count; i++) {
        if (!read_limit(&(*limits)[i], typed->items[i])) {
            return cli_usage_error(command,
                                   "--max-loss: '%s' must be PERCENT or PERCENT:SOURCE, with a "
                                   "number between 0 and 100",
                                   typed->items[i]);
        }
    }
    resolved->max_loss = *limits;
    resolved->max_loss_count = typed->count;
    return CLI_GO_ON;
}
