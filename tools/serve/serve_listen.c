/* SPDX-License-Identifier: MIT */
/* Places as they are written, and the sockets there. */
#include "serve_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024, PORT_MOST = 65535 };

ndup_status serve_fail(ndup_error *error, ndup_status status, const char *format, ...)
{
    va_list arguments;
    *error = (ndup_error){.status = status, .system_errno = errno};
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return status;
}

/* Parts HOST:PORT; without a host it is this machine alone. */
static ndup_status part_place(char host[256], char port[8], const char *place, ndup_error *error)
{
    const char *colon = strrchr(place, ':');
    size_t length = colon != NULL ? (size_t)(colon - place) : 0;
    const char *digits = colon != NULL ? colon + 1 : place;
    bool has_brackets = length > 1 && place[0] == '[' && place[length - 1] == ']';
    snprintf(host, 256, "%s", "127.0.0.1");
    if (length > 0 && length < 255) {
        snprintf(host, 256, "%.*s", (int)(has_brackets ? length - 2 : length),
                 place + has_brackets);
    }
    snprintf(port, 8, "%.7s", digits);
    bool is_number = digits[0] != '\0' && strspn(digits, "0123456789") == strlen(digits);
    if (!is_number || strtol(digits, NULL, 10) > PORT_MOST || length >= 255) {
        return serve_fail(error, NDUP_STATUS_INVALID,
                          "'%.100s' is no place to listen at, must be HOST:PORT such as "
                          "127.0.0.1:7450",
                          place);
    }
    return NDUP_STATUS_OK;
}

static bool is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)address;
        return ntohl(four->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *six = (const void *)address;
    return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

static void describe(serve_listening *listening)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char host[100], port[16];
    getsockname(listening->descriptor, (struct sockaddr *)&address, &length);
    getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    bool is_six = address.ss_family == AF_INET6;
    listening->is_loopback = is_loopback(&address);
    snprintf(listening->place, sizeof listening->place, "http://%s%s%s:%s", is_six ? "[" : "", host,
             is_six ? "]" : "", port);
}

/* A socket at an address; -1 with errno. */
static int listen_at(const struct sockaddr *address, socklen_t length)
{
    int one = 1;
    int made = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) {
        return -1;
    }
    if (address->sa_family != AF_UNIX) {
        setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    }
    if (bind(made, address, length) != 0 || listen(made, BACKLOG) != 0) {
        int reason = errno;
        close(made);
        errno = reason;
        return -1;
    }
    return made;
}

ndup_status serve_listen_tcp(serve_listening *listening, const char *place, ndup_error *error)
{
    char host[256], port[8];
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICSERV | AI_PASSIVE};
    ndup_status status = part_place(host, port, place, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    int reason = getaddrinfo(host, port, &hints, &found);
    if (reason != 0) {
        return serve_fail(error, NDUP_STATUS_INVALID, "%.100s: %s", host, gai_strerror(reason));
    }
    listening->descriptor = listen_at(found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (listening->descriptor < 0) {
        return serve_fail(error, NDUP_STATUS_IO, "%.100s: %s", place, strerror(errno));
    }
    describe(listening);
    return NDUP_STATUS_OK;
}

/* Whether somebody answers at a socket's path. */
static bool is_answered(const struct sockaddr_un *address)
{
    int asking = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_there = connect(asking, (const struct sockaddr *)address, sizeof *address) == 0;
    close(asking);
    return is_there;
}

ndup_status serve_listen_unix(serve_listening *listening, const char *path, ndup_error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat about;
    if (strlen(path) >= sizeof address.sun_path) {
        return serve_fail(error, NDUP_STATUS_INVALID, "the path of a socket has at most %zu bytes",
                          sizeof address.sun_path - 1);
    }
    strcpy(address.sun_path, path);
    if (lstat(path, &about) == 0) {
        if (!S_ISSOCK(about.st_mode) || is_answered(&address)) {
            return serve_fail(error, NDUP_STATUS_IO, "%.100s: %s", path,
                              S_ISSOCK(about.st_mode) ? "another server listens there"
                                                      : "there is a file that is no socket");
        }
        unlink(path);
    }
    mode_t before = umask(S_IRWXO); /* who may connect: the user and the group */
    listening->descriptor = listen_at((const struct sockaddr *)&address, sizeof address);
    umask(before);
    if (listening->descriptor < 0) {
        return serve_fail(error, NDUP_STATUS_IO, "%.100s: %s", path, strerror(errno));
    }
    listening->is_loopback = true;
    snprintf(listening->place, sizeof listening->place, "unix:%s", path);
    return NDUP_STATUS_OK;
}
