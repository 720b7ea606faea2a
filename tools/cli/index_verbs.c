/* SPDX-License-Identifier: MIT */
/* What the verbs of neardup index share. */
#include "index_verbs.h"

#include "console.h"

int cli_index_parse(void *values, const char **path, cli_operands *operands,
                    const cli_command *command, int argc, char *argv[], size_t least, size_t most)
{
    int status = cli_options_parse(values, operands, command, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (operands->count == 0) {
        status = cli_usage_error(command, "no index given: name its folder");
    } else if (operands->count - 1 < least || operands->count - 1 > most) {
        status = cli_usage_error(command, "%s is expected: %s",
                                 operands->count - 1 > most ? "less" : "more", command->operands);
    }
    if (status != CLI_GO_ON) {
        cli_options_free(values, command);
        return status;
    }
    *path = operands->items[0];
    operands->items++;
    operands->count--;
    return CLI_GO_ON;
}

int cli_index_do(cli_job *job, const cli_command *command, const char *path,
                 const cli_index_write_options *write, const cli_talk_options *talk,
                 cli_index_work *work, void *context)
{
    ndup_index *index;
    ndup_error error = {0};
    cli_job_begin(job, command, talk);
    if (write != NULL) {
        cli_job_changes_index(job);
    }
    ndup_status status = cli_index_open(&index, path, write, job, &error);
    if (status == NDUP_STATUS_OK) {
        status = work(index, job, context, &error);
    }
    ndup_index_close(index);
    if (status != NDUP_STATUS_OK) {
        return cli_job_fail(job, &error);
    }
    cli_job_end(job);
    return CLI_GO_ON;
}
