/* SPDX-License-Identifier: MIT */
/* Settings to and from the table `parameters`, as words that a person can read. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "index/prepared.h"
#include "index/settings.h"
#include "lsh/bands.h"
#include "text/fold_tables.h"

/* The parameter that keeps a hash of the others. */
#define SEAL_NAME "seal"

/* Room for a parameter as a word. */
enum { VALUE_BYTES = 64 };

/* Letters of several scripts, figures, marks and damage: what a change of reading would touch. */
static const char witness_text[] =
    "Crème brûlée, İstanbul & STRASSE straße: 1,234.50 or ١٢٣ and 3rd; \xE6\xBC\xA2\xE5\xAD\x97 "
    "\xE3\x81\x8B\xE3\x81\xAA \xE0\xB8\xA0\xE0\xB8\xB2\xE0\xB8\xA9\xE0\xB8\xB2 "
    "\xD1\x91\xD0\xBB\xD0\xBA\xD0\xB0 fi\xEF\xAC\x81 C++ -5 \xFF it's state-of-the-art "
    "http://example.org/?q=1 (c) 2026-01-02T03:04:05Z";

/* What this version makes of the witness. */
static ndup_status hash_witness(const ndup__index_settings *settings, uint64_t *hash,
                                ndup_error *error)
{
    ndup__preparer preparer;
    ndup__prepared prepared = {.allocator = settings->options.dedup.allocator};
    const ndup_document document = {.text = {witness_text, sizeof witness_text - 1}};
    ndup_status status = ndup__preparer_init(&preparer, settings, prepared.allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__prepare(&preparer, &prepared, &document, error);
    }
    if (status == NDUP_STATUS_OK) {
        *hash = ndup__hash_bytes(prepared.row, settings->row_bytes, prepared.class_hash[0]) ^
                ndup__hash_bytes(prepared.keys + NDUP__TABLE_BANDS,
                                 settings->bands.bands * sizeof *prepared.keys, 0) ^
                ndup__hash_bytes(prepared.tokens, prepared.token_bytes, 0);
    }
    ndup__prepared_deinit(&prepared);
    ndup__preparer_deinit(&preparer);
    return status;
}

/* Writing: the first failure stays. */
typedef struct parameter_writer {
    ndup__database *database;
    ndup_error *error;
    ndup_status status;
} parameter_writer;

static void put_text(parameter_writer *out, const char *name, ndup_text value)
{
    if (out->status == NDUP_STATUS_OK) {
        out->status = ndup__database_set_parameter(out->database, name, value, out->error);
    }
}

static void put_word(parameter_writer *out, const char *name, const char *value)
{
    put_text(out, name, (ndup_text){value, strlen(value)});
}

static void put_count(parameter_writer *out, const char *name, uint64_t value)
{
    char word[VALUE_BYTES];
    snprintf(word, sizeof word, "%" PRIu64, value);
    put_word(out, name, word);
}

static void put_real(parameter_writer *out, const char *name, double value)
{
    char word[VALUE_BYTES];
    snprintf(word, sizeof word, "%.17g", value);
    put_word(out, name, word);
}

ndup_status ndup__settings_write(const ndup__index_settings *settings, ndup_text secret,
                                 ndup__database *database, ndup_error *error)
{
    const ndup_dedup_options *dedup = &settings->options.dedup;
    uint64_t witness = 0;
    uint64_t seal = 0;
    parameter_writer out = {database, error, hash_witness(settings, &witness, error)};
    put_word(&out, "library", NDUP_VERSION_STRING);
    put_word(&out, "unicode", NDUP__UNICODE_VERSION);
    put_word(&out, "preset", dedup->preset != NULL ? dedup->preset : "custom");
    put_word(&out, "tokens", ndup_token_mode_name(dedup->matching.tokens));
    put_count(&out, "shingle", dedup->matching.shingle_size);
    put_real(&out, "threshold", dedup->matching.threshold);
    put_real(&out, "numbers", dedup->matching.number_agreement);
    put_word(&out, "sketch", dedup->sketch);
    put_count(&out, "slots", settings->bands.slots);
    put_count(&out, "bands", settings->bands.bands);
    put_count(&out, "rows", settings->bands.rows);
    put_real(&out, "recall", dedup->recall);
    put_real(&out, "reached", settings->bands.recall);
    put_count(&out, "seed", dedup->seed);
    put_word(&out, "rule", ndup_rule_name(dedup->rule));
    put_real(&out, "containment", dedup->containment);
    put_word(&out, "templates", ndup_templates_name(dedup->templates));
    put_word(&out, "store", ndup_index_store_name(settings->options.store));
    put_count(&out, "identity", settings->identity);
    put_count(&out, "witness", witness);
    put_text(&out, "secret", secret);
    if (out.status == NDUP_STATUS_OK) {
        out.status = ndup__database_hash_parameters(database, SEAL_NAME, &seal, error);
    }
    put_count(&out, SEAL_NAME, seal);
    return out.status;
}

/* Reading: likewise. */
typedef struct parameter_reader {
    ndup__database *database;
    ndup_error *error;
    ndup_status status;
} parameter_reader;

static void fail_parameter(parameter_reader *in, const char *name)
{
    if (in->status == NDUP_STATUS_OK) {
        in->status = ndup__fail(in->error, NDUP_STATUS_CORRUPT,
                                "the index's parameter '%s' is missing or damaged", name);
    }
}

static ndup_text get_text(parameter_reader *in, const char *name)
{
    ndup_text value = {"", 0};
    bool found = false;
    if (in->status == NDUP_STATUS_OK) {
        in->status = ndup__database_get_parameter(in->database, name, &value, &found, in->error);
    }
    if (!found) {
        fail_parameter(in, name);
    }
    return value;
}

static const char *get_word(parameter_reader *in, const char *name, char word[VALUE_BYTES])
{
    ndup_text value = get_text(in, name);
    size_t length = value.length < VALUE_BYTES ? value.length : 0;
    if (length > 0) {
        memcpy(word, value.bytes, length);
    } else {
        fail_parameter(in, name);
    }
    word[length] = '\0';
    return word;
}

static uint64_t get_count(parameter_reader *in, const char *name)
{
    char word[VALUE_BYTES];
    char *end;
    uint64_t value = strtoull(get_word(in, name, word), &end, 10);
    if (*end != '\0' || end == word) {
        fail_parameter(in, name);
    }
    return value;
}

static double get_real(parameter_reader *in, const char *name)
{
    char word[VALUE_BYTES];
    char *end;
    double value = strtod(get_word(in, name, word), &end);
    if (*end != '\0' || end == word) {
        fail_parameter(in, name);
    }
    return value;
}

/* Compares the parameters with the hash of them. */
static void check_seal(parameter_reader *in)
{
    uint64_t made = 0;
    uint64_t seal = get_count(in, SEAL_NAME);
    if (in->status == NDUP_STATUS_OK) {
        in->status = ndup__database_hash_parameters(in->database, SEAL_NAME, &made, in->error);
    }
    if (made != seal) {
        fail_parameter(in, SEAL_NAME);
    }
}

/* The value whose name a parameter has: names[0 .. count). */
#define GET_NAMED(in, parameter, name_of, count) \
    get_named(in, parameter, (const char *(*)(int))(void (*)(void))(name_of), count)

static int get_named(parameter_reader *in, const char *parameter, const char *(*name_of)(int),
                     int count)
{
    char word[VALUE_BYTES];
    get_word(in, parameter, word);
    for (int i = 0; i < count; i++) {
        if (strcmp(name_of(i), word) == 0) {
            return i;
        }
    }
    fail_parameter(in, parameter);
    return 0;
}

static const char *find_preset(parameter_reader *in)
{
    char word[VALUE_BYTES];
    const ndup_preset *preset = ndup_preset_find(get_word(in, "preset", word));
    return preset != NULL ? preset->name : NULL;
}

static const char *find_sketch(parameter_reader *in)
{
    char word[VALUE_BYTES];
    get_word(in, "sketch", word);
    for (size_t i = 0; i < ndup_sketch_count(); i++) {
        if (strcmp(ndup_sketch_get(i)->name, word) == 0) {
            return ndup_sketch_get(i)->name;
        }
    }
    fail_parameter(in, "sketch");
    return NULL;
}

static void read_options(parameter_reader *in, ndup_index_options *options)
{
    ndup_dedup_options *dedup = &options->dedup;
    dedup->preset = find_preset(in);
    dedup->matching.tokens =
        (ndup_token_mode)GET_NAMED(in, "tokens", ndup_token_mode_name, NDUP_TOKEN_POSTS + 1);
    dedup->matching.shingle_size = (unsigned)get_count(in, "shingle");
    dedup->matching.threshold = get_real(in, "threshold");
    dedup->matching.number_agreement = get_real(in, "numbers");
    dedup->sketch = find_sketch(in);
    dedup->slots = (unsigned)get_count(in, "slots");
    dedup->recall = get_real(in, "recall");
    dedup->seed = get_count(in, "seed");
    dedup->rule = (ndup_rule)GET_NAMED(in, "rule", ndup_rule_name, NDUP_RULE_EITHER + 1);
    dedup->containment = get_real(in, "containment");
    dedup->templates =
        (ndup_templates)GET_NAMED(in, "templates", ndup_templates_name, NDUP_TEMPLATES_FOLD + 1);
    options->store =
        (ndup_index_store)GET_NAMED(in, "store", ndup_index_store_name, NDUP_INDEX_TEXTS + 1);
}

static bool bands_are_possible(const ndup_bands *bands, const ndup_sketch_info *kind)
{
    return bands->bands > 0 && bands->rows >= NDUP_ROWS_MIN && bands->slots <= kind->slots_max &&
           bands->slots >= kind->slots_min && bands->bands <= bands->slots &&
           bands->rows <= bands->slots / bands->bands;
}

/* The sketcher with the bands that the index was made with, whatever would be chosen today. */
static ndup_status make_sketcher(ndup__index_settings *settings, ndup_error *error)
{
    const ndup_dedup_options *dedup = &settings->options.dedup;
    ndup_status status = ndup_sketcher_new(&settings->sketcher, dedup->sketch, dedup->slots,
                                           dedup->seed, dedup->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup_sketch_info *kind = ndup_sketcher_info(settings->sketcher);
    if (!bands_are_possible(&settings->bands, kind)) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT, "the index's bands are damaged: %u of %u",
                          settings->bands.bands, settings->bands.rows);
    }
    ndup__row_widen(settings->sketcher, ndup__bands_wide_slots(&settings->bands, kind),
                    settings->bands.rows, settings->bands.bands);
    return NDUP_STATUS_OK;
}

static ndup_status check_witness(const ndup__index_settings *settings, uint64_t witness,
                                 ndup_error *error)
{
    uint64_t made;
    ndup_status status = hash_witness(settings, &made, error);
    if (status == NDUP_STATUS_OK && made != witness) {
        status = ndup__fail(error, NDUP_STATUS_VERSION,
                            "the index was made by a version that reads texts in another way; "
                            "build it anew with this one");
    }
    return status;
}

ndup_status ndup__settings_read(ndup__index_settings *settings, ndup__database *database,
                                const ndup_allocator *allocator, ndup_error *error)
{
    parameter_reader in = {database, error, NDUP_STATUS_OK};
    ndup_index_options *options = &settings->options;
    check_seal(&in);
    *settings = (ndup__index_settings){.options = {.struct_size = sizeof *options}};
    options->dedup.struct_size = sizeof options->dedup;
    options->dedup.allocator = allocator;
    read_options(&in, options);
    settings->bands = (ndup_bands){.bands = (unsigned)get_count(&in, "bands"),
                                   .rows = (unsigned)get_count(&in, "rows"),
                                   .slots = options->dedup.slots,
                                   .recall = get_real(&in, "reached")};
    settings->identity = get_count(&in, "identity");
    uint64_t witness = get_count(&in, "witness");
    settings->secret = ndup__settings_secret(get_text(&in, "secret"));
    if (in.status == NDUP_STATUS_OK) {
        in.status = ndup__settings_check(options, error);
    }
    if (in.status == NDUP_STATUS_OK) {
        in.status = make_sketcher(settings, error);
    }
    if (in.status == NDUP_STATUS_OK) {
        in.status = ndup__settings_derive(settings, error);
    }
    return in.status == NDUP_STATUS_OK ? check_witness(settings, witness, error) : in.status;
}
