/* SPDX-License-Identifier: MIT */
/* The folder of a run is opened before its inputs, and has done its work when the outputs have
 * their names. */
#include "work_options.h"

#include "console.h"

const cli_option cli_work_table[] = {
    {.name = "work-dir",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_work_options, folder),
     .argument = "DIR",
     .is_path = true,
     .help = "keep what is finished of the run in this folder: after a kill the same command goes "
             "on there. 'neardup work DIR' says how far it is"},
    {.name = "restart",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_work_options, restart),
     .help = "with --work-dir: delete what is there of an earlier run, and begin anew"},
    {.name = NULL}};

int cli_work_check(const cli_work_options *typed, const cli_command *command)
{
    return typed->restart && typed->folder == NULL
               ? cli_usage_error(command, "--restart goes with --work-dir DIR")
               : CLI_GO_ON;
}

ndup_status cli_work_open(ndup_work **work, const cli_work_options *typed, ndup_error *error)
{
    *work = NULL;
    return typed->folder != NULL ? ndup_work_open(work, typed->folder, typed->restart, NULL, error)
                                 : NDUP_STATUS_OK;
}

ndup_status cli_work_finish(ndup_work *work, ndup_error *error)
{
    return work != NULL ? ndup_work_finish(work, error) : NDUP_STATUS_OK;
}
