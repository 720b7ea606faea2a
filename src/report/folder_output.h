/* SPDX-License-Identifier: MIT */
/* Outputs that are a folder: it grows under a temporary name. */
#ifndef NDUP__REPORT_FOLDER_OUTPUT_H
#define NDUP__REPORT_FOLDER_OUTPUT_H

#include "base/folder.h"
#include "base/made_names.h"
#include "base/unfinished.h"
#include "report/sink.h"

/* The folder grows beside DIR, which it then becomes, or inside a DIR that is there already, into
 * which its files are then moved. The structure of an output begins with this. */
typedef struct ndup__folder_output {
    ndup__output base;
    bool replaces;         /* DIR was there at begin */
    bool is_made;          /* the temporary folder exists */
    int holder;            /* of the temporary folder, while is_made */
    ndup__made_names made; /* in the temporary folder, while is_made */
    char temporary[NDUP__FOLDER_PATH_BYTES];
    size_t temporary_length;
    ndup__unfinished unfinished; /* the temporary folder */
} ndup__folder_output;

/* Makes an output of `bytes` bytes for the folder `path`; the caller sets the functions of its sink
 * but for commit. Errors: EXISTS, INVALID for standard output, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__folder_output_open(ndup__output **output, size_t bytes,
                                                    const char *path,
                                                    const ndup_output_options *options,
                                                    ndup_error *error);

/* Makes the temporary folder; no input may be in the place of DIR or inside. */
NDUP_NODISCARD ndup_status ndup__folder_output_begin(ndup__folder_output *folder,
                                                     const char *const *inputs, size_t input_count,
                                                     ndup_error *error);

/* Writes the path where the file `relative` of the folder is to be made now; makes the folders that
 * it stands in. Errors: EXISTS when a file has the name of a folder, IO. */
NDUP_NODISCARD ndup_status ndup__folder_output_place(char place[NDUP__FOLDER_PATH_BYTES],
                                                     ndup__folder_output *folder,
                                                     const char *relative, ndup_error *error);

/* Brings the files to the disk. IO when a link to a folder, or a folder in the place of a
 * file, stands where files are to go in a DIR that was there. */
NDUP_NODISCARD ndup_status ndup__folder_output_finish(ndup__folder_output *folder,
                                                      ndup_error *error);

/* Puts the folder in its place: what `commit` of its sink does. */
NDUP_NODISCARD ndup_status ndup__folder_output_commit(ndup__folder_output *folder,
                                                      ndup_error *error);

/* Removes the temporary folder, if there is one. */
void ndup__folder_output_give_up(ndup__folder_output *folder);

/* IO: a path that is too long. */
NDUP_NODISCARD ndup_status ndup__folder_output_fail_long(const char *path, ndup_error *error);

#endif
