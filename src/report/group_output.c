/* SPDX-License-Identifier: MIT */
/* Outputs of groups: from the calls of a sink to those of a format. */
#include "report/group_output.h"

#include "base/alloc.h"

static ndup_status begin_target(ndup__group_output *output, const ndup_group_run *run,
                                ndup_error *error)
{
    return output->folder != NULL
               ? ndup__folder_output_begin(output->folder, run->inputs, run->input_count, error)
               : ndup__file_target_begin(&output->target, run->inputs, run->input_count, error);
}

static ndup_status begin(void *context, const ndup_group_run *run, ndup_error *error)
{
    ndup__group_output *output = context;
    ndup_status status = begin_target(output, run, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    output->run = run;
    return output->kind->begin != NULL ? output->kind->begin(output, error) : NDUP_STATUS_OK;
}

static ndup_status take_document(void *context, const ndup_grouping *grouping,
                                 const ndup_document *document, ndup_error *error)
{
    ndup__group_output *output = context;
    ndup_status status = output->kind->document(output, grouping, document, error);
    return status == NDUP_STATUS_OK ? ndup__out_status(&output->target.out, error) : status;
}

static ndup_status take_version(void *context, const ndup_text_version *version, ndup_error *error)
{
    ndup__group_output *output = context;
    ndup_status status = output->kind->version(output, version, error);
    return status == NDUP_STATUS_OK ? ndup__out_status(&output->target.out, error) : status;
}

static ndup_status take_story(void *context, const ndup_story *story, ndup_error *error)
{
    ndup__group_output *output = context;
    ndup_status status = output->kind->story(output, story, error);
    return status == NDUP_STATUS_OK ? ndup__out_status(&output->target.out, error) : status;
}

static ndup_status finish(void *context, const ndup_group_summary *summary, ndup_error *error)
{
    ndup__group_output *output = context;
    ndup_status status = output->kind->finish != NULL ? output->kind->finish(output, summary, error)
                                                      : NDUP_STATUS_OK;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return output->folder != NULL ? ndup__folder_output_finish(output->folder, error)
                                  : ndup__file_target_finish(&output->target, error);
}

static ndup_status commit(void *context, ndup_error *error)
{
    ndup__group_output *output = context;
    if (output->folder == NULL) {
        return ndup__file_target_commit(&output->target, &output->sink.committed, error);
    }
    ndup_status status = ndup__folder_output_commit(output->folder, error);
    output->sink.committed = output->folder->base.sink.committed;
    return status;
}

static void give_up(void *context)
{
    ndup__group_output *output = context;
    if (output->folder != NULL) {
        ndup__folder_output_give_up(output->folder);
    } else {
        ndup__file_target_abort(&output->target);
    }
}

static ndup_status open_target(ndup__group_output *output, const char *path,
                               const ndup_output_options *options, ndup_error *error)
{
    if (!output->kind->is_folder) {
        return ndup__file_target_open(&output->target, path, output->kind->has_header, options,
                                      error);
    }
    ndup__output *made;
    ndup_status status =
        ndup__folder_output_open(&made, sizeof(ndup__folder_output), path, options, error);
    output->folder = (ndup__folder_output *)made;
    return status;
}

ndup_status ndup__group_output_open(ndup_group_sink **sink, const ndup__group_kind *kind,
                                    const char *path, const ndup_output_options *options,
                                    ndup_error *error)
{
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    ndup__group_output *output;
    size_t bytes = kind->own_bytes > 0 ? kind->own_bytes : sizeof *output;
    ndup_status status = ndup__allocate_zeroed(allocator, &output, bytes, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    output->kind = kind;
    output->own_bytes = bytes;
    output->target.allocator = *ndup__allocator(allocator);
    output->sink = (ndup_group_sink){.struct_size = sizeof output->sink,
                                     .context = output,
                                     .begin = begin,
                                     .document = kind->document != NULL ? take_document : NULL,
                                     .version = kind->version != NULL ? take_version : NULL,
                                     .story = kind->story != NULL ? take_story : NULL,
                                     .finish = finish,
                                     .commit = commit,
                                     .abort = give_up};
    status = open_target(output, path, options, error);
    if (status != NDUP_STATUS_OK) {
        ndup_group_output_close(&output->sink);
        return status;
    }
    *sink = &output->sink;
    return NDUP_STATUS_OK;
}

void ndup_group_output_close(ndup_group_sink *sink)
{
    if (sink != NULL && sink->context != NULL) {
        ndup__group_output *output = sink->context;
        ndup_allocator allocator = output->target.allocator;
        if (output->kind->release != NULL) {
            output->kind->release(output);
        }
        give_up(output);
        if (output->folder != NULL) {
            ndup__output_free(&output->folder->base);
        }
        ndup__file_target_close(&output->target);
        ndup__free(&allocator, &output, output->own_bytes, 1);
    }
}
