/* SPDX-License-Identifier: MIT */
/* Pieces one behind the other: in memory until there is much, then in the file. */
#include "report/aside.h"

#include "base/error.h"
#include "base/file.h"
#include "base/temporary_file.h"

#define HELD_BYTES ((size_t)1 << 17)
#define FILE_NAME "the temporary file of the report"

ndup_status ndup__aside_init(ndup__aside *aside, const char *folder,
                             const ndup_allocator *allocator, ndup_error *error)
{
    *aside = (ndup__aside){.descriptor = -1};
    ndup__out_init(&aside->out, NULL, allocator);
    return ndup__temporary_file_open(&aside->descriptor, folder, error);
}

void ndup__aside_deinit(ndup__aside *aside)
{
    if (aside->descriptor >= 0) {
        ndup__file_close_quietly(aside->descriptor);
    }
    ndup__out_deinit(&aside->out);
    aside->descriptor = -1;
}

uint64_t ndup__aside_begin(ndup__aside *aside)
{
    aside->out.needs_comma = false;
    return aside->stored + aside->out.held;
}

ndup_status ndup__aside_end(size_t *bytes, ndup__aside *aside, uint64_t begin, ndup_error *error)
{
    *bytes = (size_t)(aside->stored + aside->out.held - begin);
    ndup_status status = ndup__out_status(&aside->out, error);
    return status == NDUP_STATUS_OK && aside->out.held > HELD_BYTES
               ? ndup__aside_complete(aside, error)
               : status;
}

ndup_status ndup__aside_complete(ndup__aside *aside, ndup_error *error)
{
    ndup_status status = ndup__file_write_all(aside->descriptor, aside->out.bytes, aside->out.held,
                                              FILE_NAME, error);
    aside->stored += aside->out.held;
    aside->out.held = 0;
    return status;
}

ndup_status ndup__aside_copy(ndup__out *out, const ndup__aside *aside, uint64_t begin, size_t bytes,
                             ndup_error *error)
{
    size_t got;
    char *room = ndup__out_room(out, bytes);
    if (room == NULL) {
        return ndup__out_status(out, error);
    }
    ndup_status status =
        ndup__file_read_at(aside->descriptor, room, bytes, begin, &got, FILE_NAME, error);
    if (status == NDUP_STATUS_OK && got < bytes) {
        status = ndup__fail(error, NDUP_STATUS_IO, "%s ends too early", FILE_NAME);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__out_keep(out, room + bytes);
    }
    return status;
}

ndup_status ndup__aside_copy_half(ndup__out *out, const ndup__aside *aside,
                                  const ndup__aside_piece *piece, bool of_folded, ndup_error *error)
{
    uint64_t begin = piece->place + (of_folded ? piece->bytes : 0);
    size_t bytes = of_folded ? piece->all_bytes - piece->bytes : piece->bytes;
    return ndup__aside_copy(out, aside, begin, bytes, error);
}
