/* SPDX-License-Identifier: MIT */
/* Any request to the server, without a socket: a line with method and target, lines with the head,
 * an empty line, the body. Each is answered, in UTF-8, and with a status. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz_target.h"
#include "serve/serve_request.h"
#include "serve/serve_utf8.h"
#include "support/temp_dir.h"

/* What all inputs ask. */
static temp_dir folder;
static serve_service service;
static ndup_index *filled;

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static void clean_up(void)
{
    serve_service_deinit(&service);
    ndup_index_close(filled);
    temp_dir_deinit(&folder);
}

/* An index that inputs fill: what an earlier one added, a later one may meet. */
static void set_up(void)
{
    char path[512];
    ndup_index_options options;
    ndup_error error;
    const ndup_index_open_options opening = {.struct_size = sizeof opening,
                                             .sync = NDUP_INDEX_SYNC_NEVER};
    const serve_rules rules = {.is_loopback = true, .body_most = 1 << 20, .documents_most = 20};
    temp_dir_init(&folder);
    temp_dir_path(&folder, "index", path, sizeof path);
    check(ndup_index_options_init(&options, NULL, &error) == NDUP_STATUS_OK);
    check(ndup_index_create(path, &options, &error) == NDUP_STATUS_OK);
    check(ndup_index_open(&filled, path, &opening, NULL, &error) == NDUP_STATUS_OK);
    check(serve_service_init(&service, filled, &rules, &error) == NDUP_STATUS_OK);
    check(atexit(clean_up) == 0);
}

/* What stands in front of a byte, or all of it; the rest is left, without the byte. */
static ndup_text cut(ndup_text *rest, char mark)
{
    const char *found = rest->length > 0 ? memchr(rest->bytes, mark, rest->length) : NULL;
    ndup_text front = {rest->bytes, found != NULL ? (size_t)(found - rest->bytes) : rest->length};
    size_t passed = front.length + (found != NULL);
    *rest = (ndup_text){passed > 0 ? rest->bytes + passed : rest->bytes, rest->length - passed};
    return front;
}

/* The head, from lines that each begin with the letter of what they tell. */
static void read_head(serve_head *head, ndup_text *rest)
{
    ndup_text first = cut(rest, '\n');
    *head = (serve_head){.method = cut(&first, ' '), .host = {"localhost", 9}};
    head->target = first;
    for (ndup_text line = cut(rest, '\n'); line.length > 0; line = cut(rest, '\n')) {
        ndup_text value = {line.bytes + 1, line.length - 1};
        switch (line.bytes[0]) {
        case 'T':
            head->content_type = value;
            break;
        case 'A':
            head->authorization = value;
            break;
        case 'H':
            head->host = value;
            break;
        case 'O':
            head->origin = value;
            break;
        default:
            break;
        }
    }
    head->has_body = rest->length > 0;
    head->body_bytes = rest->length;
}

static void check_answer(const serve_answer *answer)
{
    const char *bytes = answer->fixed != NULL ? answer->fixed : answer->body.bytes;
    size_t length = answer->fixed != NULL ? answer->fixed_length : answer->body.length;
    check(answer->status >= 200 && answer->status < 600 && answer->content_type != NULL);
    check(length == 0 || serve_utf8_damage(bytes, length) == length);
    check(length == 0 || bytes[length - 1] == '\n');
    check((answer->status == 405) == (answer->allow[0] != '\0'));
    check(!answer->body.has_failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ndup_text body = {(const char *)data, size};
    serve_head head;
    serve_request request;
    if (filled == NULL) {
        set_up();
    }
    read_head(&head, &body);
    if (serve_request_begin(&request, &service, &head)) {
        (void)serve_request_is_quick(&request, body.length);
        serve_request_answer(&request, body);
    }
    check_answer(&request.answer);
    serve_request_count(&request, request.answer.status, 0);
    serve_request_end(&request);
    return 0;
}
