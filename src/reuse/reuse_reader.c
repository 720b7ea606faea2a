/* SPDX-License-Identifier: MIT */
/* One block, and what was read into it last. */
#include "reuse/reuse_reader.h"

#include "base/error.h"

void ndup__reuse_reader_init(ndup__reuse_reader *reader, const ndup__reuse_run *run)
{
    *reader = (ndup__reuse_reader){.run = run};
    ndup__block_init(&reader->block, run->allocator);
}

void ndup__reuse_reader_deinit(ndup__reuse_reader *reader)
{
    ndup__block_deinit(&reader->block);
    reader->has_item = false;
}

ndup_status ndup__reuse_reader_read(ndup_document *document, void *context, uint64_t number,
                                    ndup_error *error)
{
    ndup__reuse_reader *reader = context;
    ndup_status status = NDUP_STATUS_OK;
    if (number >= reader->run->document_count) {
        return ndup__fail(error, NDUP_STATUS_NOT_FOUND, "document %llu, of %zu",
                          (unsigned long long)number, reader->run->document_count);
    }
    const ndup__reuse_document *known = &reader->run->documents[number];
    if (!reader->has_item || reader->number != number) {
        reader->has_item = false;
        status = ndup__reuse_fetch(reader->run, &reader->item, known, &reader->block, error);
    }
    if (status == NDUP_STATUS_OK) {
        reader->has_item = true;
        reader->number = number;
        *document = reader->item.document;
        document->number = number;
        document->id = known->id;
    }
    return status;
}
