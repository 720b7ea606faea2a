/* SPDX-License-Identifier: MIT */
/* Pieces of dates: digits, names, times of day, zones. */
#include <string.h>

#include "cluster/date_parts.h"

bool ndup__read_digits(ndup__cursor *reader, unsigned count, int *value)
{
    int digits = 0;
    ndup__cursor ahead = *reader;
    for (unsigned i = 0; i < count; i++) {
        if (!ndup__at_digit(&ahead)) {
            return false;
        }
        digits = digits * 10 + (*ahead.at++ - '0');
    }
    *value = digits;
    *reader = ahead;
    return true;
}

unsigned ndup__count_digits(const ndup__cursor *reader)
{
    ndup__cursor ahead = *reader;
    while (ndup__at_digit(&ahead)) {
        ahead.at++;
    }
    return (unsigned)(ahead.at - reader->at);
}

unsigned ndup__read_number(ndup__cursor *reader, unsigned most, int *value)
{
    unsigned count = ndup__count_digits(reader);
    return count <= most && ndup__read_digits(reader, count, value) ? count : 0;
}

bool ndup__read_byte(ndup__cursor *reader, char wanted)
{
    bool found = reader->at < reader->end && *reader->at == wanted;
    reader->at += found;
    return found;
}

bool ndup__skip_any(ndup__cursor *reader, const char *list)
{
    const char *begin = reader->at;
    while (reader->at < reader->end && *reader->at != '\0' && strchr(list, *reader->at) != NULL) {
        reader->at++;
    }
    return reader->at > begin;
}

int ndup__read_name(ndup__cursor *reader, const char *const *names, int count)
{
    ndup__cursor ahead = *reader;
    while (ndup__at_letter(&ahead)) {
        ahead.at++;
    }
    size_t length = (size_t)(ahead.at - reader->at);
    for (int i = 0; i < count && length >= 3; i++) {
        size_t same = 0;
        while (same < length && names[i][same] == (reader->at[same] | 32)) {
            same++;
        }
        if (same == length || (same == 3 && length == 4 && strncmp(names[i], "sep", 3) == 0)) {
            *reader = ahead;
            (void)ndup__read_byte(reader, '.');
            return i;
        }
    }
    return -1;
}

/* "am", "pm", "a.m.", "p.m." behind a time: hours to be added, or -1 if there is none. */
static int read_half(ndup__cursor *reader, int hour)
{
    ndup__cursor ahead = *reader;
    (void)ndup__skip_any(&ahead, " ");
    if (!ndup__at_letter(&ahead)) {
        return -1;
    }
    char half = (char)(*ahead.at++ | 32);
    bool dotted = ndup__read_byte(&ahead, '.');
    if ((half != 'a' && half != 'p') || !ndup__at_letter(&ahead) || (*ahead.at | 32) != 'm') {
        return -1;
    }
    ahead.at++;
    if ((dotted && !ndup__read_byte(&ahead, '.')) || ndup__at_letter(&ahead)) {
        return -1;
    }
    *reader = ahead;
    return half == 'p' ? (hour == 12 ? 0 : 12) : (hour == 12 ? -12 : 0);
}

static int read_fraction(ndup__cursor *reader)
{
    int milliseconds = 0;
    int scale = 100;
    if (ndup__read_byte(reader, '.') || ndup__read_byte(reader, ',')) {
        for (int digit; ndup__read_digits(reader, 1, &digit); scale /= 10) {
            milliseconds += digit * scale;
        }
    }
    return milliseconds;
}

/* Minutes and seconds, with colons or without. */
static bool read_parts(ndup__cursor *reader, bool basic, int *minute, int *second)
{
    bool colons = ndup__read_byte(reader, ':');
    if (!colons && (!basic || !ndup__at_digit(reader))) {
        return true;
    }
    if (!ndup__read_digits(reader, 2, minute)) {
        return false;
    }
    bool more = colons ? ndup__read_byte(reader, ':') : ndup__at_digit(reader);
    return !more || ndup__read_digits(reader, 2, second);
}

bool ndup__read_time(ndup__cursor *reader, bool basic, int64_t *time_ms)
{
    int hour;
    int minute = 0;
    int second = 0;
    const char *begin = reader->at;
    if (!ndup__read_digits(reader, 2, &hour) && !ndup__read_digits(reader, 1, &hour)) {
        return false;
    }
    if (!read_parts(reader, basic, &minute, &second)) {
        return false;
    }
    int fraction = reader->at - begin > 5 ? read_fraction(reader) : 0;
    bool has_minutes = reader->at - begin > 2;
    int half = read_half(reader, hour);
    bool is_half = half != -1;
    if (is_half ? hour < 1 || hour > 12 : hour > 24 || !(has_minutes || basic)) {
        return false;
    }
    hour += is_half ? half : 0;
    *time_ms += ((hour * 60 + minute) * 60 + second) * (int64_t)1000 + fraction;
    bool past_midnight = hour == 24 && (minute > 0 || second > 0 || fraction > 0);
    return minute < 60 && second <= 60 && !past_midnight;
}

static const struct {
    const char *name;
    int minutes;
} zones[] = {
    {"z", 0},      {"ut", 0},      {"utc", 0},     {"gmt", 0},    {"wet", 0},    {"west", 60},
    {"bst", 60},   {"cet", 60},    {"met", 60},    {"cest", 120}, {"mest", 120}, {"eet", 120},
    {"eest", 180}, {"msk", 180},   {"sast", 120},  {"pkt", 300},  {"ict", 420},  {"wib", 420},
    {"hkt", 480},  {"sgt", 480},   {"awst", 480},  {"jst", 540},  {"kst", 540},  {"acst", 570},
    {"acdt", 630}, {"aest", 600},  {"aedt", 660},  {"nzst", 720}, {"nzdt", 780}, {"brt", -180},
    {"art", -180}, {"nst", -210},  {"ndt", -150},  {"ast", -240}, {"adt", -180}, {"est", -300},
    {"edt", -240}, {"cst", -360},  {"cdt", -300},  {"mst", -420}, {"mdt", -360}, {"pst", -480},
    {"pdt", -420}, {"akst", -540}, {"akdt", -480}, {"hst", -600},
};

/* Minutes that a named zone is ahead of UTC. */
static int read_zone_name(ndup__cursor *reader)
{
    const char *name = reader->at;
    while (ndup__at_letter(reader)) {
        reader->at++;
    }
    size_t length = (size_t)(reader->at - name);
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        size_t same = 0;
        while (same < length && zones[i].name[same] == (name[same] | 32)) {
            same++;
        }
        if (same == length && zones[i].name[same] == '\0') {
            return zones[i].minutes;
        }
    }
    return 0;
}

/* "+02:00", "+0200", "+02", "+2" */
static bool read_offset(ndup__cursor *reader, int *minutes)
{
    bool ahead = ndup__read_byte(reader, '+');
    int hours;
    int rest = 0;
    if (!ahead && !ndup__read_byte(reader, '-')) {
        return false;
    }
    if (!ndup__read_digits(reader, 2, &hours) && !ndup__read_digits(reader, 1, &hours)) {
        return false;
    }
    if ((ndup__read_byte(reader, ':') || ndup__at_digit(reader)) &&
        !ndup__read_digits(reader, 2, &rest)) {
        return false;
    }
    *minutes += (ahead ? 1 : -1) * (hours * 60 + rest);
    return hours < 24 && rest < 60;
}

bool ndup__read_zone(ndup__cursor *reader, int64_t *time_ms)
{
    int minutes = 0;
    (void)ndup__skip_any(reader, " \t\r\n");
    if (ndup__at_letter(reader)) {
        minutes = read_zone_name(reader);
    }
    bool has_offset = reader->at < reader->end && (*reader->at == '+' || *reader->at == '-');
    if (has_offset && !read_offset(reader, &minutes)) {
        return false;
    }
    (void)ndup__skip_any(reader, " \t\r\n");
    if (ndup__read_byte(reader, '(')) {
        while (reader->at < reader->end && *reader->at != ')') {
            reader->at++;
        }
        if (!ndup__read_byte(reader, ')')) {
            return false;
        }
    }
    *time_ms -= minutes * (int64_t)60000;
    return true;
}
