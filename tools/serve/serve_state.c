/* SPDX-License-Identifier: MIT */
/* GET /v1/stats, /v1/health, /metrics: what the index holds, and how the server does. */
#include "neardup/preset.h"
#include "serve_answers.h"
#include "serve_page.h"
#include "serve_request.h"

static void write_matching(serve_text *out, const ndup_index_options *options)
{
    const ndup_matching *matching = &options->dedup.matching;
    serve_json_open(out, "matching", '{');
    serve_json_word(out, "store", ndup_index_store_name(options->store));
    serve_json_number(out, "threshold", matching->threshold);
    serve_json_count(out, "shingle_size", matching->shingle_size);
    serve_json_word(out, "tokens", ndup_token_mode_name(matching->tokens));
    serve_json_number(out, "number_agreement", matching->number_agreement);
    serve_json_close(out, '}');
}

void serve_answer_stats(serve_request *request, ndup_text body)
{
    ndup_index_statistics now;
    ndup_error error = {0};
    serve_text *out = &request->answer.body;
    (void)body;
    if (ndup_index_stat(request->service->index, &now, &error) != NDUP_STATUS_OK) {
        serve_refuse_for(&request->answer, &error, false);
        return;
    }
    serve_json_open(out, NULL, '{');
    serve_json_word(out, "neardup_version", ndup_version());
    serve_json_count(out, "documents", now.documents);
    serve_json_count(out, "groups", now.groups);
    serve_json_count(out, "copies", now.copies);
    serve_json_count(out, "database_bytes", now.database_bytes);
    serve_json_count(out, "segment_bytes", now.segment_bytes);
    serve_json_count(out, "segments", now.segments);
    serve_json_count(out, "fresh", now.fresh);
    write_matching(out, ndup_index_get_options(request->service->index));
    serve_json_close(out, '}');
    serve_text_add(out, "\n", 1);
}

/* Whoever asks learns whether the index can be read, and nothing of what is in it. */
void serve_answer_health(serve_request *request, ndup_text body)
{
    ndup_index_statistics now;
    ndup_error error = {0};
    (void)body;
    if (ndup_index_stat(request->service->index, &now, &error) != NDUP_STATUS_OK) {
        serve_refuse(&request->answer, 503, "the index cannot be read");
        return;
    }
    serve_text_print(&request->answer.body, "{\"status\":\"ok\"}\n");
}

static void write_gauge(serve_text *out, const char *name, const char *help, uint64_t value)
{
    serve_text_print(out,
                     "# HELP neardup_index_%s %s\n# TYPE neardup_index_%s gauge\n"
                     "neardup_index_%s %llu\n",
                     name, help, name, name, (unsigned long long)value);
}

void serve_answer_metrics(serve_request *request, ndup_text body)
{
    ndup_index_statistics now;
    ndup_error error = {0};
    serve_text *out = &request->answer.body;
    (void)body;
    if (ndup_index_stat(request->service->index, &now, &error) != NDUP_STATUS_OK) {
        serve_refuse_for(&request->answer, &error, false);
        return;
    }
    request->answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    write_gauge(out, "documents", "Documents in the index.", now.documents);
    write_gauge(out, "copies", "Documents that are copies of others.", now.copies);
    write_gauge(out, "groups", "Groups of copies.", now.groups);
    write_gauge(out, "segments", "Files of sorted keys.", now.segments);
    write_gauge(out, "fresh", "Documents that no segment holds yet.", now.fresh);
    write_gauge(out, "database_bytes", "Bytes of the database.", now.database_bytes);
    write_gauge(out, "segment_bytes", "Bytes of the segments.", now.segment_bytes);
    serve_metrics_write(out, &request->service->metrics);
}

/* Frames cannot be refused by the page itself, only by a header. */
#define PAGE_POLICY "frame-ancestors 'none'"

void serve_answer_page(serve_request *request, ndup_text body)
{
    (void)body;
    request->answer.content_type = "text/html; charset=utf-8";
    request->answer.policy = PAGE_POLICY;
    request->answer.fixed = (const char *)serve_page;
    request->answer.fixed_length = serve_page_bytes;
}

void serve_answer_openapi(serve_request *request, ndup_text body)
{
    (void)body;
    request->answer.fixed = (const char *)serve_openapi;
    request->answer.fixed_length = serve_openapi_bytes;
}
