/* SPDX-License-Identifier: MIT */
/* The verbs of neardup index; a new one is one line here. */
#ifndef CLI_INDEX_VERBS_H
#define CLI_INDEX_VERBS_H

#include "index_options.h"
#include "option_table.h"

/* X(name): the command cli_index_<name>, in the order of the overview. */
#define CLI_INDEX_VERB_LIST(X) \
    X(create)                  \
    X(build)                   \
    X(check)                   \
    X(add)                     \
    X(check_and_add)           \
    X(remove)                  \
    X(expire)                  \
    X(merge)                   \
    X(compact)                 \
    X(verify)                  \
    X(stat)                    \
    X(dump)                    \
    X(load)                    \
    X(upgrade)

#define CLI_INDEX_VERB_DECLARE(name) extern const cli_command cli_index_##name;
CLI_INDEX_VERB_LIST(CLI_INDEX_VERB_DECLARE)
#undef CLI_INDEX_VERB_DECLARE

/* Reads a verb's command line and takes the index's path off its operands. Gives CLI_GO_ON, or an
 * exit status; `least` operands have to follow, and `most` may. */
int cli_index_parse(void *values, const char **path, cli_operands *operands,
                    const cli_command *command, int argc, char *argv[], size_t least, size_t most);

/* What a verb does with the open index. */
typedef ndup_status cli_index_work(ndup_index *index, cli_job *job, void *context,
                                   ndup_error *error);

/* Opens the index (for reading only where `write` is NULL), works, closes it and ends the job.
 * Gives CLI_GO_ON, or an exit status when something failed. */
int cli_index_do(cli_job *job, const cli_command *command, const char *path,
                 const cli_index_write_options *write, const cli_talk_options *talk,
                 cli_index_work *work, void *context);

#endif
