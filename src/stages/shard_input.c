/* SPDX-License-Identifier: MIT */
/* Checks that files of stages belong together. */
#include "stages/shard_input.h"

#include "base/error.h"
#include "base/require.h"

void ndup_shard_options_init(ndup_shard_options *options)
{
    if (options != NULL) {
        *options = (ndup_shard_options){.struct_size = sizeof *options, .shards = 1};
    }
}

static ndup_status check_options(const ndup_shard_options *options, const ndup_hooks *hooks,
                                 ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "options", options);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_size(options->struct_size, sizeof *options, "options", error);
    }
    if (status == NDUP_STATUS_OK) {
        status = NDUP__REQUIRE(error, "parts", options->parts, "components", options->components);
    }
    return status == NDUP_STATUS_OK ? ndup__require_hooks(hooks, error) : status;
}

static ndup_status check_components(const ndup__components *components,
                                    const ndup_shard_options *options, const ndup__part_set *set,
                                    ndup_error *error)
{
    const char *shown = components->file.shown;
    if (components->identity != set->identity ||
        components->document_count != ndup__part_set_documents(set)) {
        return ndup__fail(
            error, NDUP_STATUS_INVALID,
            "%s is of other parts than those that are given: all stages take the same "
            "parts",
            shown);
    }
    if (options->shards != components->shard_count || options->shard >= options->shards) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "shard %u of %u, but %s was made with --shards %u", options->shard + 1,
                          options->shards, shown, components->shard_count);
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__shard_input_open(ndup__shard_input *input, const ndup_shard_options *options,
                                   const ndup_hooks *hooks, ndup_error *error)
{
    *input = (ndup__shard_input){.components = {.count = 0}};
    ndup_status status = check_options(options, hooks, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__components_open(&input->components, options->components, options->allocator,
                                       error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__part_run_open(&input->parts, options, hooks, error);
    }
    return status == NDUP_STATUS_OK
               ? check_components(&input->components, options, &input->parts.set, error)
               : status;
}

void ndup__shard_input_close(ndup__shard_input *input)
{
    ndup__part_run_close(&input->parts);
    ndup__components_close(&input->components);
}

ndup_status ndup__shard_refuse_parted(const ndup__run *run, size_t classes_before,
                                      ndup_error *error)
{
    size_t parted = run->table.class_count - classes_before;
    return parted == 0
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                            "%zu documents have the hash of another text, which does not happen by "
                            "chance; shards cannot part them: sketch again with --seed random",
                            parted);
}
