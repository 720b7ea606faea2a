/* SPDX-License-Identifier: MIT */
/* What a build without SQLite says of indexes: every function that could fail fails. */
#include "base/error.h"
#include "neardup/index.h"

static ndup_status fail_missing(ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "this build of neardup has no indexes: it was built without SQLite "
                      "(libsqlite3-dev, sqlite-devel)");
}

ndup_status ndup_index_create(const char *path, const ndup_index_options *options,
                              ndup_error *error)
{
    (void)path;
    (void)options;
    return fail_missing(error);
}

ndup_status ndup_index_open(ndup_index **index, const char *path,
                            const ndup_index_open_options *options, const ndup_hooks *hooks,
                            ndup_error *error)
{
    (void)path;
    (void)options;
    (void)hooks;
    if (index != NULL) {
        *index = NULL;
    }
    return fail_missing(error);
}

ndup_status ndup_index_open_temporary(ndup_index **index, const char *folder,
                                      const ndup_index_options *options, const ndup_hooks *hooks,
                                      ndup_error *error)
{
    (void)options;
    return ndup_index_open(index, folder, NULL, hooks, error);
}

void ndup_index_close(ndup_index *index)
{
    (void)index;
}

const ndup_index_options *ndup_index_get_options(const ndup_index *index)
{
    (void)index;
    return NULL;
}

bool ndup_index_has_secret(const ndup_index *index)
{
    (void)index;
    return false;
}

size_t ndup_index_answers_count(const ndup_index_answers *answers)
{
    (void)answers;
    return 0;
}

const ndup_index_answer *ndup_index_answers_get(const ndup_index_answers *answers, size_t i)
{
    (void)answers;
    (void)i;
    return NULL;
}

void ndup_index_answers_free(ndup_index_answers *answers)
{
    (void)answers;
}

ndup_status ndup_index_answers_json(ndup_text *json, ndup_index_answers *answers, size_t i,
                                    ndup_text id, ndup_error *error)
{
    (void)answers;
    (void)i;
    (void)id;
    if (json != NULL) {
        *json = (ndup_text){NULL, 0};
    }
    return fail_missing(error);
}

ndup_status ndup_index_check(ndup_index *index, ndup_index_answers **answers,
                             const ndup_document *documents, size_t count,
                             const ndup_index_query *query, ndup_error *error)
{
    (void)index;
    (void)answers;
    (void)documents;
    (void)count;
    (void)query;
    return fail_missing(error);
}

ndup_status ndup_index_check_and_add(ndup_index *index, ndup_index_answers **answers,
                                     const ndup_document *documents, size_t count,
                                     const ndup_index_query *query, ndup_error *error)
{
    return ndup_index_check(index, answers, documents, count, query, error);
}

ndup_status ndup_index_add(ndup_index *index, ndup_index_answers **answers,
                           const ndup_document *documents, size_t count, ndup_error *error)
{
    return ndup_index_check(index, answers, documents, count, NULL, error);
}

ndup_status ndup_index_build(ndup_index *index, ndup_index_built *built, ndup_corpus *corpus,
                             const ndup_hooks *hooks, ndup_error *error)
{
    (void)index;
    (void)built;
    (void)corpus;
    (void)hooks;
    return fail_missing(error);
}

ndup_status ndup_index_remove(ndup_index *index, uint64_t *removed, const ndup_text *ids,
                              size_t count, ndup_error *error)
{
    (void)index;
    (void)removed;
    (void)ids;
    (void)count;
    return fail_missing(error);
}

ndup_status ndup_index_expire(ndup_index *index, uint64_t *removed, int64_t before,
                              ndup_error *error)
{
    (void)before;
    return ndup_index_remove(index, removed, NULL, 0, error);
}

ndup_status ndup_index_get(ndup_index *index, ndup_text id, ndup_index_visitor visit, void *context,
                           ndup_error *error)
{
    (void)index;
    (void)id;
    (void)visit;
    (void)context;
    return fail_missing(error);
}

ndup_status ndup_index_iterate(ndup_index *index, ndup_index_visitor visit, void *context,
                               ndup_error *error)
{
    return ndup_index_get(index, (ndup_text){NULL, 0}, visit, context, error);
}

ndup_status ndup_index_get_number(ndup_index *index, uint64_t number, ndup_index_visitor visit,
                                  void *context, ndup_error *error)
{
    (void)number;
    return ndup_index_get(index, (ndup_text){NULL, 0}, visit, context, error);
}

ndup_status ndup_index_iterate_groups(ndup_index *index, ndup_index_group_visitor visit,
                                      void *context, ndup_error *error)
{
    (void)index;
    (void)visit;
    (void)context;
    return fail_missing(error);
}

ndup_status ndup_index_stat(ndup_index *index, ndup_index_statistics *statistics, ndup_error *error)
{
    (void)index;
    (void)statistics;
    return fail_missing(error);
}

ndup_status ndup_index_merge(ndup_index *index, ndup_index *other, const ndup_hooks *hooks,
                             ndup_error *error)
{
    (void)index;
    (void)other;
    (void)hooks;
    return fail_missing(error);
}

ndup_status ndup_index_dump(ndup_index *index, ndup_index_line_visitor visit, void *context,
                            const ndup_hooks *hooks, ndup_error *error)
{
    (void)index;
    (void)visit;
    (void)context;
    (void)hooks;
    return fail_missing(error);
}

ndup_status ndup_index_load(ndup_index *index, uint64_t *loaded, const ndup_text *lines,
                            size_t count, ndup_error *error)
{
    (void)index;
    (void)loaded;
    (void)lines;
    (void)count;
    return fail_missing(error);
}

ndup_status ndup_index_compact(ndup_index *index, ndup_error *error)
{
    (void)index;
    return fail_missing(error);
}

ndup_status ndup_index_verify(ndup_index *index, const ndup_hooks *hooks, ndup_error *error)
{
    (void)index;
    (void)hooks;
    return fail_missing(error);
}
