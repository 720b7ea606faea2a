/* SPDX-License-Identifier: MIT */
/* Outputs of passages: from the calls of a sink to those of a format. */
#include "report/passage_output.h"

#include "base/alloc.h"

static ndup_status begin(void *context, const ndup_passage_run *run, ndup_error *error)
{
    ndup__passage_output *output = context;
    ndup_status status =
        output->folder != NULL
            ? ndup__folder_output_begin(output->folder, run->inputs, run->input_count, error)
            : ndup__file_target_begin(&output->target, run->inputs, run->input_count, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    output->run = run;
    return output->kind->begin != NULL ? output->kind->begin(output, error) : NDUP_STATUS_OK;
}

static ndup_status take_passage(void *context, const ndup_passage *passage, ndup_error *error)
{
    ndup__passage_output *output = context;
    output->kind->passage(output, passage);
    return ndup__out_status(&output->target.out, error);
}

static ndup_status take_family(void *context, const ndup_passage_family *family, ndup_error *error)
{
    ndup__passage_output *output = context;
    ndup_status status = output->kind->family(output, family, error);
    return status == NDUP_STATUS_OK ? ndup__out_status(&output->target.out, error) : status;
}

static ndup_status finish(void *context, const ndup_passage_summary *summary, ndup_error *error)
{
    ndup__passage_output *output = context;
    ndup_status status = NDUP_STATUS_OK;
    if (output->kind->finish != NULL) {
        status = output->kind->finish(output, summary, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return output->folder != NULL ? ndup__folder_output_finish(output->folder, error)
                                  : ndup__file_target_finish(&output->target, error);
}

static ndup_status commit(void *context, ndup_error *error)
{
    ndup__passage_output *output = context;
    if (output->folder == NULL) {
        return ndup__file_target_commit(&output->target, &output->sink.committed, error);
    }
    ndup_status status = ndup__folder_output_commit(output->folder, error);
    output->sink.committed = output->folder->base.sink.committed;
    return status;
}

static void give_up(void *context)
{
    ndup__passage_output *output = context;
    if (output->folder != NULL) {
        ndup__folder_output_give_up(output->folder);
    } else {
        ndup__file_target_abort(&output->target);
    }
}

static ndup_status open_folder(ndup__passage_output *output, const char *path,
                               const ndup_output_options *options, ndup_error *error)
{
    ndup__output *made;
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    output->target.allocator = *ndup__allocator(allocator);
    ndup_status status =
        ndup__folder_output_open(&made, sizeof(ndup__folder_output), path, options, error);
    output->folder = (ndup__folder_output *)made;
    return status;
}

ndup_status ndup__passage_output_open(ndup_passage_sink **sink, const ndup__passage_kind *kind,
                                      const char *path, const ndup_output_options *options,
                                      ndup_error *error)
{
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    ndup__passage_output *output;
    ndup_status status = ndup__allocate_zeroed(allocator, &output, 1, sizeof *output, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    output->kind = kind;
    output->sink = (ndup_passage_sink){.struct_size = sizeof output->sink,
                                       .context = output,
                                       .begin = begin,
                                       .passage = kind->passage != NULL ? take_passage : NULL,
                                       .family = kind->family != NULL ? take_family : NULL,
                                       .finish = finish,
                                       .commit = commit,
                                       .abort = give_up};
    status = kind->is_folder
                 ? open_folder(output, path, options, error)
                 : ndup__file_target_open(&output->target, path, kind->has_header, options, error);
    if (status != NDUP_STATUS_OK) {
        ndup_passage_output_close(&output->sink);
        return status;
    }
    *sink = &output->sink;
    return NDUP_STATUS_OK;
}

void ndup_passage_output_close(ndup_passage_sink *sink)
{
    if (sink == NULL || sink->context == NULL) {
        return;
    }
    ndup__passage_output *output = sink->context;
    ndup_allocator allocator = output->target.allocator;
    if (output->run != NULL && output->kind->end != NULL) {
        output->kind->end(output);
    }
    if (output->folder != NULL) {
        ndup__folder_output_give_up(output->folder);
        ndup__output_free(&output->folder->base);
    } else {
        ndup__file_target_close(&output->target);
    }
    ndup__free(&allocator, &output, 1, sizeof *output);
}
