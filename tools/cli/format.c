/* SPDX-License-Identifier: MIT */
/* Numbers for people. */
#include "format.h"

#include <stdio.h>
#include <string.h>

const char *cli_format_count(cli_formatted *formatted, uint64_t count)
{
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    char *out = formatted->text;
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            *out++ = ',';
        }
        *out++ = digits[i];
    }
    *out = '\0';
    return formatted->text;
}

const char *cli_format_round(cli_formatted *formatted, uint64_t count)
{
    uint64_t step = count < 1000 ? 1 : count < 100000 ? 100 : 1000;
    double millions = (double)count / 1e6;
    if (millions < 1) {
        return cli_format_count(formatted, (count + step / 2) / step * step);
    }
    if (millions < 1000) {
        snprintf(formatted->text, sizeof formatted->text, "%.*f million", millions < 99.95 ? 1 : 0,
                 millions);
    } else {
        snprintf(formatted->text, sizeof formatted->text, "%.2f billion", millions / 1000);
    }
    return formatted->text;
}

const char *cli_format_bytes(cli_formatted *formatted, double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;
    while (bytes >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        bytes /= 1000;
        unit++;
    }
    int places = unit == 0 || bytes >= 99.95 ? 0 : 1;
    snprintf(formatted->text, sizeof formatted->text, "%.*f %s", places, bytes, units[unit]);
    return formatted->text;
}

const char *cli_format_seconds(cli_formatted *formatted, double seconds)
{
    char *text = formatted->text;
    size_t size = sizeof formatted->text;
    if (seconds < 9.995) {
        snprintf(text, size, "%.2f s", seconds);
    } else if (seconds < 59.95) {
        snprintf(text, size, "%.1f s", seconds);
    } else {
        unsigned long long whole = seconds < 1e9 ? (unsigned long long)(seconds + 0.5) : 999999999;
        unsigned long long minutes = whole / 60;
        if (minutes < 60) {
            snprintf(text, size, "%llu:%02llu", minutes, whole % 60);
        } else {
            snprintf(text, size, "%llu:%02llu:%02llu", minutes / 60, minutes % 60, whole % 60);
        }
    }
    return text;
}

const char *cli_format_share(cli_formatted *formatted, uint64_t part, uint64_t whole)
{
    if (whole == 0) {
        strcpy(formatted->text, "-");
    } else {
        snprintf(formatted->text, sizeof formatted->text, "%.1f %%",
                 100.0 * (double)part / (double)whole);
    }
    return formatted->text;
}
