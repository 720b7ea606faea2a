/* SPDX-License-Identifier: MIT */
/* Verdicts and counts from a table and its groups. */
#include "dedup/result.h"

#include <string.h>

#include "base/alloc.h"
#include "dedup/losses.h"
#include "dedup/run_profile.h"

const char *ndup_kind_name(ndup_kind kind)
{
    static const char *const names[] = {"none",      "identical", "normalized",
                                        "contained", "near",      "template"};
    return (unsigned)kind < sizeof names / sizeof names[0] ? names[kind] : "unknown";
}

static ndup_status copy_string(ndup_result *result, const char **string, ndup_error *error)
{
    if (*string == NULL) {
        return NDUP_STATUS_OK;
    }
    char *copy;
    ndup_status status = ndup__arena_copy(&result->strings, &copy, *string, strlen(*string), error);
    *string = copy;
    return status;
}

static ndup_status copy_list(ndup_result *result, const char *const **list, size_t count,
                             ndup_error *error)
{
    void *block;
    ndup_status status =
        ndup__arena_take(&result->strings, &block, (count + 1) * sizeof(char *), error);
    const char **copies = block;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        copies[i] = (*list)[i];
        status = copy_string(result, &copies[i], error);
    }
    *list = copies;
    return status;
}

static ndup_status copy_options(ndup_result *result, const ndup_dedup_options *given,
                                ndup_error *error)
{
    ndup_dedup_options *options = &result->options;
    *options = *given;
    options->preset = options->preset != NULL ? options->preset : "custom";
    options->keep = options->keep != NULL ? options->keep : "first";
    ndup_status status = copy_string(result, &options->preset, error);
    if (status == NDUP_STATUS_OK) {
        status = copy_string(result, &options->keep, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_string(result, &options->sketch, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_list(result, &options->never_drop, options->never_drop_count, error);
    }
    options->max_loss = NULL; /* did its work in the run */
    options->max_loss_count = 0;
    options->frequencies = NULL;
    return status;
}

static ndup_status copy_corpus(ndup_result *result, const ndup_corpus *corpus, ndup_error *error)
{
    result->corpus_options = *ndup__corpus_options(corpus);
    result->input_count = ndup__corpus_inputs(corpus, &result->inputs);
    ndup_corpus_options *fields = &result->corpus_options;
    const char **const strings[] = {
        &fields->text_field, &fields->id_field,         &fields->source_field,
        &fields->url_field,  &fields->date_field,       &fields->title_field,
        &fields->html_field, &fields->temporary_folder, &fields->format};
    ndup_status status = copy_list(result, &result->inputs, result->input_count, error);
    if (status == NDUP_STATUS_OK) {
        status = copy_list(result, &fields->include, fields->include_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_list(result, &fields->exclude, fields->exclude_count, error);
    }
    for (size_t i = 0; i < sizeof strings / sizeof strings[0] && status == NDUP_STATUS_OK; i++) {
        status = copy_string(result, strings[i], error);
    }
    return status;
}

/* How one of two that belong together is in the other, which stays. */
static ndup_kind kind_of(const ndup_dedup_options *options, double similarity, double containment)
{
    bool is_contained = containment >= 1 || (options->rule != NDUP_RULE_JACCARD &&
                                             similarity < options->matching.threshold);
    return is_contained ? NDUP_KIND_CONTAINED : NDUP_KIND_NEAR;
}

static ndup_status name_pairs(ndup_result *result, ndup_error *error)
{
    const ndup__class_pairs *pairs = &result->class_pairs;
    ndup_status status = ndup__resize(result->allocator, &result->pairs, 0, pairs->count,
                                      sizeof *result->pairs, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    result->pair_count = pairs->count;
    for (size_t i = 0; i < pairs->count; i++) {
        ndup__breathe_at(result->table.breath, i, NDUP__BREATH_ANYWHERE);
        const ndup__class_pair *pair = &pairs->items[i];
        result->pairs[i] = (ndup_pair){
            .a = result->table.class_documents[pair->a],
            .b = result->table.class_documents[pair->b],
            .similarity = pair->similarity,
            .containment_a = pair->containment_a,
            .containment_b = pair->containment_b,
            .kind = pair->is_form
                        ? NDUP_KIND_TEMPLATE
                        : kind_of(&result->options, pair->similarity, pair->containment_b),
        };
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__result_allocate(ndup_result **result, const ndup_allocator *allocator,
                                  ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(allocator, result, 1, sizeof **result, error);
    if (status == NDUP_STATUS_OK) {
        (*result)->allocator = allocator;
        (*result)->strings.allocator = allocator;
    }
    return status;
}

ndup_status ndup__result_describe(ndup_result *result, const ndup_dedup_options *options,
                                  const ndup_corpus *corpus, ndup_error *error)
{
    ndup_status status = copy_options(result, options, error);
    return status == NDUP_STATUS_OK ? copy_corpus(result, corpus, error) : status;
}

ndup_status ndup__result_new(ndup_result **out, ndup__run *run, ndup__groups *groups,
                             ndup__class_pairs *pairs, ndup_error *error)
{
    ndup_result *result;
    *out = NULL;
    ndup_status status = ndup__result_allocate(&result, run->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    result->summary = run->summary;
    result->policy = run->policy;
    result->table = run->table;
    result->table.policy = &result->policy;
    result->groups = *groups;
    result->class_pairs = *pairs;
    run->table = (ndup__table){0};
    *groups = (ndup__groups){0};
    *pairs = (ndup__class_pairs){0};
    ndup_dedup_options options = *run->options;
    options.sketch = ndup_sketcher_info(run->sketcher)->name;
    options.keep = ndup__options_keep(run->options);
    if (options.rule != NDUP_RULE_JACCARD) {
        options.containment = ndup__options_containment(run->options);
    }
    options.slots = ndup_sketcher_slots(run->sketcher);
    status = ndup__result_describe(result, &options, run->corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = name_pairs(result, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__result_count(result, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__profile_new(result, run, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_result_free(result);
        return status;
    }
    *out = result;
    return NDUP_STATUS_OK;
}

void ndup_result_free(ndup_result *result)
{
    if (result == NULL) {
        return;
    }
    const ndup_allocator *allocator = result->allocator;
    ndup__budget *budget = result->budget;
    ndup__profile_free(result);
    ndup__free(allocator, &result->group_sizes, result->table.class_count,
               sizeof *result->group_sizes);
    ndup__free(allocator, &result->forms, result->table.class_count, sizeof *result->forms);
    ndup__free(allocator, &result->losses, result->loss_count, sizeof *result->losses);
    ndup__free(allocator, &result->pairs, result->pair_count, sizeof *result->pairs);
    ndup__free(allocator, &result->known, result->table.count, 1);
    ndup__free(allocator, &result->plan_rows, result->table.count, sizeof *result->plan_rows);
    ndup__class_pairs_deinit(&result->class_pairs);
    ndup__groups_deinit(&result->groups);
    ndup__table_deinit(&result->table);
    ndup__arena_deinit(&result->strings);
    ndup__free(allocator, &result, 1, sizeof *result);
    ndup__budget_free(budget);
}

const ndup_dedup_options *ndup_result_options(const ndup_result *result)
{
    if (result == NULL) {
        return NULL;
    }
    return &result->options;
}

const ndup_summary *ndup_result_summary(const ndup_result *result)
{
    if (result == NULL) {
        return NULL;
    }
    return &result->summary;
}

const ndup_profile *ndup_result_profile(const ndup_result *result)
{
    if (result == NULL) {
        return NULL;
    }
    return result->profile;
}

size_t ndup_result_inputs(const ndup_result *result, const char *const **inputs)
{
    if (inputs != NULL) {
        *inputs = result != NULL ? result->inputs : NULL;
    }
    return result != NULL ? result->input_count : 0;
}

const ndup_corpus_options *ndup_result_corpus_options(const ndup_result *result)
{
    if (result == NULL) {
        return NULL;
    }
    return &result->corpus_options;
}

size_t ndup_result_pairs(const ndup_result *result, const ndup_pair **pairs)
{
    if (pairs != NULL) {
        *pairs = result != NULL ? result->pairs : NULL;
    }
    return result != NULL ? result->pair_count : 0;
}

/* How a document compares with the document of its own class that survives. */
static void judge_copy(const ndup_result *result, uint64_t number, uint32_t class_number,
                       ndup_verdict *verdict)
{
    const ndup__table *table = &result->table;
    uint32_t first = table->class_documents[class_number];
    bool same_bytes = table->text_hashes[number] == table->text_hashes[first] &&
                      table->text_lengths[number] == table->text_lengths[first];
    verdict->kind = same_bytes ? NDUP_KIND_IDENTICAL : NDUP_KIND_NORMALIZED;
    verdict->survivor = first;
    if (result->options.spans) { /* the whole text */
        verdict->span_tokens = table->class_tokens[class_number];
        verdict->span_bytes = table->text_lengths[number];
    }
}

static void judge_near(const ndup_result *result, uint64_t number, uint32_t class_number,
                       ndup_verdict *verdict)
{
    const ndup__table *table = &result->table;
    const ndup__match *match = &result->groups.matches[result->groups.match_of[class_number]];
    verdict->kind = match->is_form
                        ? NDUP_KIND_TEMPLATE
                        : kind_of(&result->options, match->similarity, match->containment);
    verdict->survivor = table->class_documents[match->other];
    verdict->similarity = match->similarity;
    verdict->containment = match->containment;
    verdict->survivor_containment = match->other_containment;
    verdict->span_tokens = match->span_tokens;
    /* The span was measured in the text that stands for the class; another copy's bytes may lie
     * elsewhere. */
    bool same_bytes =
        table->text_hashes[number] == table->text_hashes[table->class_documents[class_number]];
    verdict->span_offset = same_bytes ? match->span_offset : 0;
    verdict->span_bytes = same_bytes ? match->span_bytes : 0;
}

/* The verdict that a plan recorded. */
static void recall_verdict(const ndup_result *result, uint64_t number, ndup_verdict *verdict)
{
    const ndup__plan_row *row = &result->plan_rows[number];
    bool is_copy = row->kind == NDUP_KIND_IDENTICAL || row->kind == NDUP_KIND_NORMALIZED;
    *verdict = (ndup_verdict){.document = number,
                              .survivor = row->survivor,
                              .same_text = is_copy ? row->survivor : number,
                              .kept = row->kept,
                              .grouped = row->grouped,
                              .kind = row->kind,
                              .similarity = row->similarity,
                              .containment = row->containment,
                              .survivor_containment = row->survivor_containment,
                              .formed = row->formed,
                              .form = row->form,
                              .form_similarity = row->form_similarity,
                              .span_tokens = row->span_tokens,
                              .span_offset = row->span_offset,
                              .span_bytes = row->span_bytes,
                              .keep_hash = row->keep_hash};
}

static uint64_t hash_kept_by(const ndup_result *result, uint64_t number)
{
    const ndup__table *table = &result->table;
    bool reads_record = table->keep_values != NULL && ndup__keep_reads_record(table->policy);
    if (!reads_record && result->options.never_drop_count == 0) {
        return 0;
    }
    const ndup__keep_value *values =
        reads_record ? table->keep_values + number * table->policy->count : NULL;
    return ndup__keep_hash(table->policy, values, ndup__table_protects(table, number));
}

/* The family of a document that is kept, if it fills a form with others. */
static void find_form(const ndup_result *result, uint32_t class_number, ndup_verdict *verdict)
{
    const ndup__match *match = ndup__groups_form(&result->groups, class_number);
    uint32_t first = result->forms[class_number];
    verdict->formed = first != NDUP__NO_CLASS;
    verdict->form = verdict->formed ? result->table.class_documents[first] : verdict->document;
    verdict->form_similarity = match != NULL ? match->similarity : 1;
    if (match != NULL) {
        verdict->kind = NDUP_KIND_TEMPLATE;
    }
}

static void judge_document(const ndup_result *result, uint64_t number, ndup_verdict *verdict)
{
    const ndup__table *table = &result->table;
    uint32_t class_number = table->classes[number];
    bool class_is_kept = result->groups.survivors[class_number] == class_number;
    bool is_protected = ndup__table_protects(table, number);
    *verdict = (ndup_verdict){.document = number,
                              .survivor = number,
                              .same_text = table->class_documents[class_number],
                              .similarity = 1,
                              .containment = 1,
                              .survivor_containment = 1,
                              .form = number,
                              .form_similarity = 1,
                              .keep_hash = hash_kept_by(result, number)};
    bool stands_for_class = table->class_documents[class_number] == number;
    if (!is_protected && !class_is_kept) {
        judge_near(result, number, class_number, verdict);
    } else if (!is_protected && !stands_for_class) {
        judge_copy(result, number, class_number, verdict);
    } else if (stands_for_class && class_is_kept) {
        find_form(result, class_number, verdict);
    }
    verdict->grouped = (!is_protected || stands_for_class) &&
                       result->group_sizes[result->groups.survivors[class_number]] > 1;
    verdict->kept = verdict->survivor == number &&
                    (is_protected || !result->options.drop_all || !verdict->grouped);
}

/* The verdict without the ids. */
static void decide(const ndup_result *result, uint64_t number, ndup_verdict *verdict)
{
    if (result->plan_rows != NULL) {
        recall_verdict(result, number, verdict);
    } else {
        judge_document(result, number, verdict);
    }
}

void ndup_result_verdict(const ndup_result *result, uint64_t number, ndup_verdict *verdict)
{
    if (verdict == NULL) {
        return;
    }
    if (result == NULL || number >= result->table.count) {
        *verdict = (ndup_verdict){
            .document = number, .survivor = number, .same_text = number, .form = number};
        return;
    }
    decide(result, number, verdict);
    verdict->text_hash = result->table.text_hashes[number];
    verdict->reading = ndup__table_reading(&result->table, number);
    verdict->known = result->known != NULL && result->known[number] != 0;
    verdict->id = ndup__table_id(&result->table, number);
    if (result->table.sources[number] < result->table.source_names.count) {
        verdict->source = result->table.source_names.rows[result->table.sources[number]].name;
    }
    verdict->title = ndup__titles_get(&result->table.titles, number);
    verdict->survivor_id = verdict->survivor == number
                               ? verdict->id
                               : ndup__table_id(&result->table, verdict->survivor);
    verdict->form_id = ndup__table_id(&result->table, verdict->form);
}

static void count_verdict(ndup_summary *summary, const ndup_verdict *verdict, uint64_t text_bytes)
{
    summary->templates += verdict->kind == NDUP_KIND_TEMPLATE;
    if (verdict->kept) {
        summary->kept++;
        summary->kept_bytes += text_bytes;
        return;
    }
    summary->dropped++;
    switch (verdict->kind) {
    case NDUP_KIND_NONE:
        summary->dropped_survivors++;
        break;
    case NDUP_KIND_IDENTICAL:
        summary->identical++;
        break;
    case NDUP_KIND_NORMALIZED:
        summary->normalized++;
        break;
    case NDUP_KIND_CONTAINED:
        summary->contained++;
        break;
    case NDUP_KIND_NEAR:
        summary->near++;
        break;
    case NDUP_KIND_TEMPLATE: /* of which a survivor may be, too */
        summary->dropped_survivors += verdict->survivor == verdict->document;
        break;
    }
}

static void count_source(ndup_result *result, uint64_t number, const ndup_verdict *verdict)
{
    ndup__source_counts *row = &result->table.source_names.rows[result->table.sources[number]];
    row->documents++;
    row->dropped += !verdict->kept;
}

/* The first class in keep order of every form family, for all of its classes. */
static ndup_status find_forms(ndup_result *result, ndup_error *error)
{
    const ndup__table *table = &result->table;
    size_t count = table->class_count;
    ndup_status status =
        ndup__resize(result->allocator, &result->forms, 0, count, sizeof *result->forms, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < count; i++) {
        ndup__breathe_at(table->breath, i, NDUP__BREATH_IN_ORDER);
        result->forms[i] = NDUP__NO_CLASS;
    }
    for (size_t rank = 0; status == NDUP_STATUS_OK && rank < count; rank++) {
        ndup__breathe_at(table->breath, rank, NDUP__BREATH_ANYWHERE);
        uint32_t class_number = ndup__table_class_at(table, rank);
        const ndup__match *match = ndup__groups_form(&result->groups, class_number);
        if (match != NULL) {
            uint32_t *first = &result->forms[match->other];
            *first = *first == NDUP__NO_CLASS ? match->other : *first;
            result->forms[class_number] = *first;
        }
    }
    return status;
}

/* Counts families by their first documents. */
static ndup_status count_forms(ndup_result *result, ndup_error *error)
{
    ndup_summary *summary = &result->summary;
    uint32_t *sizes = NULL; /* [documents] */
    size_t count = result->table.count;
    const ndup__breath *breath = result->table.breath;
    ndup_status status = ndup__breath_allocate_zeroed(breath, result->allocator, &sizes, count,
                                                      sizeof *sizes, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < count; i++) {
        ndup__breathe_at(breath, i, NDUP__BREATH_ANYWHERE);
        ndup_verdict verdict;
        decide(result, i, &verdict);
        if (verdict.formed && verdict.kept) {
            uint32_t size = ++sizes[verdict.form];
            summary->forms += size == 2;
            summary->largest_form = size > summary->largest_form ? size : summary->largest_form;
        }
    }
    ndup__free(result->allocator, &sizes, count, sizeof *sizes);
    return status;
}

ndup_status ndup__result_count(ndup_result *result, ndup_error *error)
{
    const ndup__table *table = &result->table;
    ndup_summary *summary = &result->summary;
    ndup_status status =
        ndup__breath_allocate_zeroed(table->breath, result->allocator, &result->group_sizes,
                                     table->class_count, sizeof *result->group_sizes, error);
    if (status == NDUP_STATUS_OK && result->plan_rows == NULL) {
        status = find_forms(result, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = count_forms(result, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < table->count; i++) {
        ndup__breathe_at(table->breath, i, NDUP__BREATH_ANYWHERE);
        uint32_t class_number = table->classes[i];
        if (ndup__table_protects(table, i) && table->class_documents[class_number] != i) {
            continue; /* stays beside the document that stands for its text: a group of its own */
        }
        uint32_t size = ++result->group_sizes[result->groups.survivors[class_number]];
        summary->groups += size == 2;
        summary->largest_group = size > summary->largest_group ? size : summary->largest_group;
    }
    for (size_t i = 0; i < table->count; i++) {
        ndup_verdict verdict;
        ndup__breathe_at(table->breath, i, NDUP__BREATH_ANYWHERE);
        decide(result, i, &verdict);
        count_verdict(summary, &verdict, table->text_lengths[i]);
        count_source(result, i, &verdict);
    }
    return ndup__losses_find(result, error);
}
