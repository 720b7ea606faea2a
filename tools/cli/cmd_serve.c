/* SPDX-License-Identifier: MIT */
/* neardup serve: an index over HTTP. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "index_options.h"
#include "neardup.h"
#include "serve/serve.h"

#define STANDARD_PLACE "127.0.0.1:7450"
#define TOKEN_VARIABLE "NEARDUP_TOKEN"

enum { TOKEN_LEAST = 16, TOKEN_MOST = 1000, CONNECTIONS_USUAL = 4096, SECONDS_USUAL = 30 };
#define BODY_USUAL ((uint64_t)16 << 20)

typedef struct serve_own_options {
    const char *index;
    const char *listen;
    const char *unix_path;
    const char *token_file;
    bool open;
    bool read_only;
    cli_count body;
    cli_count connections;
    cli_number seconds;
    cli_count threads;
    const char *access_log;
} serve_own_options;

typedef struct serve_typed {
    serve_own_options own;
    cli_index_write_options write;
} serve_typed;

static int run_serve(int argc, char *argv[]);

static const cli_option index_table[] = {
    {.name = "index",
     .kind = CLI_TEXT,
     .offset = offsetof(serve_own_options, index),
     .argument = "PATH",
     .is_path = true,
     .help = "the index, which 'neardup index create PATH' makes"},
    {.name = "read-only",
     .kind = CLI_FLAG,
     .offset = offsetof(serve_own_options, read_only),
     .help = "answer questions only; adding and removing is refused"},
    {.name = NULL}};
static const cli_option place_table[] = {
    {.name = "listen",
     .kind = CLI_TEXT,
     .offset = offsetof(serve_own_options, listen),
     .argument = "HOST:PORT",
     .standard = STANDARD_PLACE,
     .help = "where to listen; port 0 is any that is free"},
    {.name = "unix",
     .kind = CLI_TEXT,
     .offset = offsetof(serve_own_options, unix_path),
     .argument = "PATH",
     .is_path = true,
     .help = "listen at a Unix socket instead, for this user and group"},
    {.name = "token-file",
     .kind = CLI_TEXT,
     .offset = offsetof(serve_own_options, token_file),
     .argument = "FILE",
     .is_path = true,
     .help = "ask for the token in this file: 'Authorization: Bearer TOKEN'; without this option "
             "that of the environment, " TOKEN_VARIABLE},
    {.name = "open",
     .kind = CLI_FLAG,
     .offset = offsetof(serve_own_options, open),
     .help = "let other machines in without a token"},
    {.name = NULL}};
static const cli_option limit_table[] = {
    {.name = "max-body",
     .kind = CLI_SIZE,
     .offset = offsetof(serve_own_options, body),
     .argument = "SIZE",
     .range = {.least = 1, .most = 1 << 30},
     .standard = "16MiB",
     .help = "larger bodies are refused (413); all together may take 32 times as much (503)"},
    {.name = "max-connections",
     .kind = CLI_COUNT,
     .offset = offsetof(serve_own_options, connections),
     .argument = "N",
     .range = {.least = 1, .most = 1e6},
     .standard = "4096",
     .help = "further ones are told to come later (503)"},
    {.name = "timeout",
     .kind = CLI_NUMBER,
     .offset = offsetof(serve_own_options, seconds),
     .argument = "SECONDS",
     .range = {.least = 1, .most = 3600},
     .standard = "30",
     .help = "a request that takes longer to arrive is given up (408)"},
    {.name = "threads",
     .letter = 'j',
     .kind = CLI_COUNT,
     .offset = offsetof(serve_own_options, threads),
     .argument = "N",
     .range = {.least = 1, .most = 1024},
     .standard = "as many as processors",
     .help = "threads that answer checks"},
    {.name = NULL}};
static const cli_option running_table[] = {
    {.name = "access-log",
     .kind = CLI_TEXT,
     .offset = offsetof(serve_own_options, access_log),
     .argument = "FILE",
     .is_path = true,
     .help = "append a line of JSON for each request; - is standard output"},
    {.name = "help", .letter = 'h', .kind = CLI_HELP, .help = "print this help"},
    {.name = NULL}};
static const cli_group serve_groups[] = {
    {CLI_INDEX_TITLE, index_table, offsetof(serve_typed, own)},
    {CLI_INDEX_TITLE, cli_index_write_table, offsetof(serve_typed, write)},
    {"Who may ask", place_table, offsetof(serve_typed, own)},
    {"Limits", limit_table, offsetof(serve_typed, own)},
    {"Running", running_table, offsetof(serve_typed, own)},

    {NULL, NULL, 0}};

static const cli_example serve_examples[] = {
    {"an index, and a server that this machine may ask",
     "neardup index create seen.ndx --secret-random\nneardup serve --index seen.ndx"},
    {"have we this text already? If not, remember it",
     "curl -s localhost:7450/v1/check-and-add?id=a1 -H 'Content-Type: text/plain' "
     "--data-binary @page.txt"},
    {"a thousand records at once, a verdict line for each",
     "curl -s localhost:7450/v1/check -H 'Content-Type: application/x-ndjson' "
     "--data-binary @records.jsonl"},
    {"for other machines, which need a token",
     "neardup serve --index seen.ndx --listen 0.0.0.0:7450 --token-file token"},
    {NULL, NULL}};

static const char *const serve_exit_lines[] = {
    "0  ended by a signal, after what was under way was answered", "2  wrong use", "4  failed",
    NULL};

const cli_command cli_command_serve = {
    .name = "serve",
    .summary = "answer \"seen this before?\" over HTTP, from an index",
    .operands = "",
    .description =
        "POST /v1/check asks about a document, POST /v1/add adds one, POST /v1/check-and-add adds "
        "it unless it is known. The body is a JSON record, or with its Content-Type a plain text "
        "or "
        "a web page, of which the address then tells the rest: ?id=a1&url=...&date=.... JSON lines "
        "(application/x-ndjson) are answered with a line each, in their order. "
        "?matches=N shows further matches, ?within=30d leaves out what is dated otherwise.\n\n"
        "GET and DELETE /v1/documents/ID show and remove one; GET /v1/stats and /metrics tell what "
        "the index holds and what was asked, /v1/health whether it can be read, /openapi.json all "
        "of this for programs. The page at / shows the index and tries a text.\n\n"
        "SIGTERM and SIGINT end the server: no new connections, what is under way is answered. A "
        "second signal ends it at once.\n\n"
        "Pages of other sites may not ask, whatever a browser would let them, and without a token "
        "only under names that mean this machine. There is no encryption: beyond this machine, "
        "put a proxy in front.",
    .examples = serve_examples,
    .groups = serve_groups,
    .exit_lines = serve_exit_lines,
    .run = run_serve};

static void say(const char *message)
{
    cli_complain("%s", message);
}

/* The first line of a file, without its end. */
static bool read_token(char token[TOKEN_MOST], const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(token, TOKEN_MOST, file) == NULL) {
        cli_complain("%s: %s", path, file == NULL ? strerror(errno) : "holds no token");
        if (file != NULL) {
            fclose(file);
        }
        return false;
    }
    fclose(file);
    token[strcspn(token, "\r\n")] = '\0';
    return true;
}

/* Points `token` to the token, or to nothing where none is asked for. */
static int find_token(const char **token, char room[TOKEN_MOST], const serve_own_options *typed)
{
    *token = getenv(TOKEN_VARIABLE);
    if (typed->token_file != NULL) {
        if (!read_token(room, typed->token_file)) {
            return CLI_EXIT_FAILED;
        }
        *token = room;
    }
    if (*token == NULL) {
        return CLI_GO_ON;
    }
    for (const char *c = *token; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~') {
            return cli_usage_error(&cli_command_serve,
                                   "the token must be of visible ASCII characters");
        }
    }
    return strlen(*token) >= TOKEN_LEAST
               ? CLI_GO_ON
               : cli_usage_error(&cli_command_serve,
                                 "a token of %zu characters, must be at least %d", strlen(*token),
                                 TOKEN_LEAST);
}

static int check(const serve_own_options *typed, const cli_operands *operands)
{
    if (operands->count > 0) {
        return cli_usage_error(&cli_command_serve,
                               "'%s' is not expected; the index is --index PATH",
                               operands->items[0]);
    }
    if (typed->index == NULL) {
        return cli_usage_error(&cli_command_serve, "no index given: neardup serve --index PATH");
    }
    if (typed->listen != NULL && typed->unix_path != NULL) {
        return cli_usage_error(&cli_command_serve, "--listen and --unix exclude each other");
    }
    return CLI_GO_ON;
}

static serve_options resolve(const serve_typed *typed, const char *token)
{
    const serve_own_options *own = &typed->own;
    return (serve_options){.index_path = own->index,
                           .opening = cli_index_opening(own->read_only ? NULL : &typed->write),
                           .listen = own->listen != NULL ? own->listen : STANDARD_PLACE,
                           .unix_path = own->unix_path,
                           .token = token,
                           .is_open = own->open,
                           .body_most = own->body.given ? own->body.value : BODY_USUAL,
                           .connections_most = own->connections.given
                                                   ? (size_t)own->connections.value
                                                   : CONNECTIONS_USUAL,
                           .seconds = own->seconds.given ? own->seconds.value : SECONDS_USUAL,
                           .threads = (unsigned)own->threads.value,
                           .access_log = own->access_log,
                           .say = say};
}

static int serve(const serve_typed *typed)
{
    char room[TOKEN_MOST];
    const char *token;
    ndup_error error = {0};
    int status = find_token(&token, room, &typed->own);
    if (status != CLI_GO_ON) {
        return status;
    }
    const serve_options options = resolve(typed, token);
    if (serve_run(&options, &error) == NDUP_STATUS_OK) {
        return CLI_EXIT_DONE;
    }
    status = cli_failure(&cli_command_serve, &error);
    if (error.status == NDUP_STATUS_NOT_FOUND) {
        cli_complain("'neardup index create %s' makes an index", typed->own.index);
    }
    return status;
}

static int run_serve(int argc, char *argv[])
{
    serve_typed typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_serve, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = check(&typed.own, &operands);
    if (status == CLI_GO_ON) {
        status = serve(&typed);
    }
    cli_options_free(&typed, &cli_command_serve);
    return status;
}
