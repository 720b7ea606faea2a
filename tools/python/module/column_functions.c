/* SPDX-License-Identifier: MIT */
/* The table of functions, and the loop over the rows that they share. */
#include "column_functions.h"

#include <stdio.h>
#include <string.h>

/* One call over columns. */
typedef struct job {
    column_options options; /* its own, since functions change them */
    column_type type;
    ndup_text_reader *reader;
    ndup_text_cleaner *cleaner;
    ndup_key_reader *keys;
} job;

struct column_function {
    const char *name;
    size_t inputs;
    column_kind kind;
    ndup_status (*begin)(job *now, ndup_error *error);
    ndup_status (*row)(job *now, column_builder *builder, const ndup_text *texts,
                       ndup_error *error);
};

static ndup_status begin_reading(job *now, ndup_error *error)
{
    return ndup_text_reader_new(&now->reader, &now->options.reading, false, error);
}

static ndup_status begin_sketches(job *now, ndup_error *error)
{
    ndup_status status = ndup_text_reader_new(&now->reader, &now->options.reading, true, error);
    now->type.words = ndup_sketcher_slots(ndup_text_reader_sketcher(now->reader));
    return status;
}

static ndup_status begin_simhash(job *now, ndup_error *error)
{
    now->options.reading.sketch = "simhash64";
    return begin_sketches(now, error);
}

static ndup_status begin_cleaning(job *now, ndup_error *error)
{
    return ndup_text_cleaner_new(&now->cleaner, &now->options.cleaning, error);
}

/* A key is two words wide. */
static ndup_status begin_keys(job *now, ndup_error *error)
{
    ndup_status status = ndup_key_reader_new(&now->keys, &now->options.reading, error);
    now->type.words = 2 * ndup_key_reader_count(now->keys);
    return status;
}

static ndup_status begin_nothing(job *now, ndup_error *error)
{
    (void)now;
    (void)error;
    return NDUP_STATUS_OK;
}

static ndup_status add_text_hash(job *now, column_builder *builder, const ndup_text *texts,
                                 ndup_error *error)
{
    (void)now;
    uint64_t hash = ndup_text_hash(texts[0]);
    return column_builder_add(builder, &hash, sizeof hash, error);
}

static ndup_status add_source_name(job *now, column_builder *builder, const ndup_text *texts,
                                   ndup_error *error)
{
    (void)now;
    ndup_text name = ndup_source_name(texts[0], texts[1]);
    return column_builder_add(builder, name.bytes, name.length, error);
}

static ndup_status add_form_shingles(job *now, column_builder *builder, const ndup_text *texts,
                                     ndup_error *error)
{
    const uint64_t *shingles;
    size_t count;
    ndup_status status = ndup_text_form_shingles(&shingles, &count, now->reader, texts[0], error);
    return status == NDUP_STATUS_OK
               ? column_builder_add(builder, shingles, count * sizeof *shingles, error)
               : status;
}

static ndup_status add_token_count(job *now, column_builder *builder, const ndup_text *texts,
                                   ndup_error *error)
{
    ndup_read_text read;
    ndup_status status = ndup_text_read(&read, now->reader, texts[0], error);
    uint32_t tokens = (uint32_t)read.tokens; /* texts have less than 4 GiB */
    return status == NDUP_STATUS_OK ? column_builder_add(builder, &tokens, sizeof tokens, error)
                                    : status;
}

static ndup_status add_fingerprint(job *now, column_builder *builder, const ndup_text *texts,
                                   ndup_error *error)
{
    ndup_read_text read;
    ndup_status status = ndup_text_read(&read, now->reader, texts[0], error);
    return status == NDUP_STATUS_OK
               ? column_builder_add(builder, read.fingerprint, sizeof read.fingerprint, error)
               : status;
}

static ndup_status add_sketch(job *now, column_builder *builder, const ndup_text *texts,
                              ndup_error *error)
{
    ndup_read_text read;
    ndup_status status = ndup_text_read(&read, now->reader, texts[0], error);
    return status == NDUP_STATUS_OK
               ? column_builder_add(builder, read.sketch, now->type.words * sizeof *read.sketch,
                                    error)
               : status;
}

static ndup_status add_keys(job *now, column_builder *builder, const ndup_text *texts,
                            ndup_error *error)
{
    const uint64_t *keys;
    ndup_status status = ndup_text_keys(&keys, now->keys, texts[0], error);
    return status == NDUP_STATUS_OK
               ? column_builder_add(builder, keys, now->type.words * sizeof(uint32_t), error)
               : status;
}

/* The bits of a SimHash are slots of one word each. A text without words has none. */
static ndup_status add_simhash(job *now, column_builder *builder, const ndup_text *texts,
                               ndup_error *error)
{
    ndup_read_text read;
    uint64_t bits = 0;
    ndup_status status = ndup_text_read(&read, now->reader, texts[0], error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (read.tokens == 0) {
        column_builder_add_null(builder);
        return status;
    }
    for (unsigned i = 0; i < 64; i++) {
        bits |= (uint64_t)(read.sketch[i] & 1) << i;
    }
    return column_builder_add(builder, &bits, sizeof bits, error);
}

static ndup_status add_cleaned(job *now, column_builder *builder, const ndup_text *texts,
                               ndup_error *error)
{
    ndup_text cleaned;
    ndup_status status = ndup_text_clean(&cleaned, now->cleaner, texts[0], error);
    return status == NDUP_STATUS_OK
               ? column_builder_add(builder, cleaned.bytes, cleaned.length, error)
               : status;
}

static ndup_status add_similarity(job *now, column_builder *builder, const ndup_text *texts,
                                  ndup_error *error)
{
    double similarity;
    ndup_status status = ndup_text_similarity(&similarity, now->reader, texts[0], texts[1], error);
    return status == NDUP_STATUS_OK
               ? column_builder_add(builder, &similarity, sizeof similarity, error)
               : status;
}

static const column_function functions[] = {
    {"n_tokens", 1, COLUMN_UINT32, begin_reading, add_token_count},
    {"fingerprint", 1, COLUMN_BINARY, begin_reading, add_fingerprint},
    {"simhash", 1, COLUMN_UINT64, begin_simhash, add_simhash},
    {"sketch", 1, COLUMN_WORDS, begin_sketches, add_sketch},
    {"sketch_bytes", 1, COLUMN_FIXED, begin_sketches, add_sketch},
    {"keys", 1, COLUMN_FIXED, begin_keys, add_keys},
    {"text_hash", 1, COLUMN_UINT64, begin_nothing, add_text_hash},
    {"source_name", 2, COLUMN_TEXT, begin_nothing, add_source_name},
    {"form_shingles", 1, COLUMN_BINARY, begin_reading, add_form_shingles},
    {"clean", 1, COLUMN_TEXT, begin_cleaning, add_cleaned},
    {"similarity", 2, COLUMN_FLOAT64, begin_reading, add_similarity},
};

const column_function *column_function_find(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

static ndup_status refuse_count(const column_function *function, size_t count, ndup_error *error)
{
    *error = (ndup_error){.status = NDUP_STATUS_INVALID};
    snprintf(error->message, sizeof error->message, "%s of %zu columns, must be of %zu",
             function->name, count, function->inputs);
    return NDUP_STATUS_INVALID;
}

static ndup_status begin(job *now, const column_function *function, size_t input_count,
                         const column_options *options, ndup_error *error)
{
    *now = (job){.options = *options, .type = {.kind = function->kind}};
    if (options->reading.sketch != NULL) {
        now->options.reading.sketch = now->options.sketch;
    }
    return input_count == function->inputs ? function->begin(now, error)
                                           : refuse_count(function, input_count, error);
}

static void end(job *now)
{
    ndup_text_reader_free(now->reader);
    ndup_text_cleaner_free(now->cleaner);
    ndup_key_reader_free(now->keys);
}

ndup_status column_function_type(column_type *type, const column_function *function,
                                 const struct ArrowSchema *const *inputs, size_t input_count,
                                 const column_options *options, ndup_error *error)
{
    job now;
    ndup_status status = begin(&now, function, input_count, options, error);
    for (size_t i = 0; i < input_count && status == NDUP_STATUS_OK; i++) {
        status = text_column_check(inputs[i], error);
    }
    *type = now.type;
    end(&now);
    return status;
}

/* Rows of the result: of the columns with more or less than one row, which must agree. */
static ndup_status count_rows(size_t *rows, const text_column *inputs, size_t input_count,
                              ndup_error *error)
{
    int64_t length = 1;
    for (size_t i = 0; i < input_count; i++) {
        int64_t other = inputs[i].length;
        if (length != 1 && other != 1 && other != length) {
            *error = (ndup_error){.status = NDUP_STATUS_INVALID};
            snprintf(error->message, sizeof error->message,
                     "columns of %lld and %lld rows, must be of as many", (long long)length,
                     (long long)other);
            return NDUP_STATUS_INVALID;
        }
        length = length == 1 ? other : length;
    }
    *rows = (size_t)length;
    return NDUP_STATUS_OK;
}

static ndup_status run_row(job *now, const column_function *function, column_builder *builder,
                           text_column *inputs, ndup_error *error)
{
    ndup_text texts[COLUMN_INPUTS];
    bool has_all = true;
    for (size_t i = 0; i < function->inputs; i++) {
        if (inputs[i].length == 1) {
            text_column_rewind(&inputs[i]);
        }
        has_all &= text_column_next(&inputs[i], &texts[i]);
    }
    if (!has_all) {
        column_builder_add_null(builder);
        return NDUP_STATUS_OK;
    }
    return function->row(now, builder, texts, error);
}

ndup_status column_function_run(struct ArrowArray *array, const column_function *function,
                                text_column *inputs, size_t input_count,
                                const column_options *options, ndup_error *error)
{
    job now;
    column_builder builder = {.rows = 0};
    size_t rows = 0;
    ndup_status status = begin(&now, function, input_count, options, error);
    if (status == NDUP_STATUS_OK) {
        status = count_rows(&rows, inputs, input_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = column_builder_init(&builder, now.type, rows, error);
    }
    for (size_t i = 0; i < rows && status == NDUP_STATUS_OK; i++) {
        status = run_row(&now, function, &builder, inputs, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = column_builder_end(array, &builder, error);
    }
    column_builder_deinit(&builder);
    end(&now);
    return status;
}
