#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write tests/unit/date_forms.h: dates in many forms, with what Python's datetime and email.utils
make of them, in milliseconds since 1970.

usage: date_forms.py [--check] OUT

--check writes nothing and fails when OUT differs from what would be written.
"""
import datetime
import email.utils
import pathlib
import sys

UTC = datetime.timezone.utc
MILLISECOND = datetime.timedelta(milliseconds=1)
MOMENTS = [datetime.datetime(*parts, tzinfo=UTC) for parts in (
    (2026, 1, 29, 15, 30, 0), (1987, 4, 7, 11, 2, 3), (2000, 2, 29, 23, 59, 59),
    (1969, 12, 31, 0, 0, 1), (2024, 12, 30, 8, 5, 9), (1999, 10, 3, 12, 0, 0),
    (2021, 6, 15, 0, 7, 42))]
OFFSETS = [0, 60, -300, 330, -210, 765]

# Forms of strftime; the flag says whether the time of day is in them.
PLAIN = [
    ("%Y-%m-%d", 0), ("%Y%m%d", 0), ("%Y/%m/%d", 0), ("%Y.%m.%d", 0), ("%Y-%j", 0), ("%Y%j", 0),
    ("%G-W%V-%u", 0), ("%GW%V%u", 0),
    ("%Y-%m-%dT%H:%M:%S", 1), ("%Y-%m-%d %H:%M:%S", 1), ("%Y%m%dT%H%M%S", 1), ("%Y%m%d%H%M%S", 1),
    ("%Y-%m-%dt%H:%M:%SZ", 1), ("%Y-%jT%H:%M:%SZ", 1), ("%G-W%V-%uT%H:%M:%SZ", 1),
    ("%GW%V%uT%H%M%SZ", 1), ("%Y/%m/%d %H:%M:%S", 1), ("%Y-%m-%d %H:%M:%S UTC", 1),
    ("%a, %d %b %Y %H:%M:%S", 1), ("%d %b %Y %H:%M:%S GMT", 1), ("%A, %d-%b-%y %H:%M:%S GMT", 1),
    ("%a %b %d %H:%M:%S %Y", 1), ("%a %b %d %H:%M:%S UTC %Y", 1), ("%d-%b-%Y %H:%M:%S", 1),
    ("%d %B %Y", 0), ("%B %d, %Y", 0), ("%b %d, %Y", 0), ("%b. %d %Y", 0), ("%A, %B %d, %Y", 0),
    ("%d. %B %Y", 0), ("%d/%b/%Y", 0), ("%d/%b/%Y:%H:%M:%S", None), ("%Y %b %d", 0),
    ("%Y-%b-%d", 0), ("%B %d, %Y, %H:%M:%S", 1), ("%B %d, %Y at %I:%M:%S %p", 1),
    ("%b %d %Y %I:%M:%S%p", 1), ("%a, %d %b %y %H:%M:%S UT", 1),
    ("%d %b %Y %H:%M:%S.250", 2), ("%Y-%m-%dT%H:%M:%S.250Z", 2), ("%Y-%m-%dT%H:%M:%S,250999Z", 2),
]
ZONES = {"UT": 0, "GMT": 0, "Z": 0, "UTC": 0, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
         "MST": -420, "MDT": -360, "PST": -480, "PDT": -420}
# More zones than email.utils knows, by their usual offset in minutes.
OTHER_ZONES = {"CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "BST": 60, "JST": 540,
               "AEST": 600, "NZDT": 780, "AKST": -540, "HST": -600, "GMT+0100": 60, "UTC-5": -300}
UNREAD = [
    "", " ", "yesterday", "2026-13-01", "2026-00-10", "2026-02-30", "2023-02-29", "2026-W54-1",
    "2026-W05-8", "2025-W53-1", "2026-366", "2026-000", "2026-01-29T25:00", "2026-01-29T12:60:00",
    "2026-01-29T24:00:01", "0001-01-01", "0001-01-01T00:00:00Z", "9999-12-31", "31 Feb 2026",
    "April 31, 2026", "7 Foo 1987", "12345678901", "12345678901234", "12345", "20261301",
    "2026-01-29T", "2026-01-29T12:00+", "2026-01-29 noon", "Thu,", "29 Jan", "January 2026 x",
    "12:00:00", "29 Jan 2026 12:00:00 (CET", "2026-1-29", "29 Jan 226", "13 pm 2026",
    "2026-01-29 13:00 pm", "2026-01-29 0:30 am x", "NaN", "-", "--", "1e9", "0x5f5e1000",
    "2026-01-29Z12:00", "Jan 29", "2026--01-29",
]
OPEN = ["03/04/2021", "3/4/21", "31/12/2021", "12/31/2021", "29.01.2026", "1.2.2026 12:00",
        "03-04-2021", "01/02/03", "29/01/2026 10:11:12", "3.4.1999"]


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=UTC)


def milliseconds(moment):
    return (moment - utc(1970, 1, 1)) // MILLISECOND


def plain_rows():
    for moment in MOMENTS:
        for form, time in PLAIN:
            if time is None:
                continue
            if "%y" in form and not 1970 <= moment.year < 2050:
                continue
            value = moment if time else moment.replace(hour=0, minute=0, second=0)
            extra = 250 if time == 2 else 0
            yield moment.strftime(form), milliseconds(value) + extra


def zone_rows():
    for moment in MOMENTS[:3]:
        for offset in OFFSETS:
            local = moment.astimezone(datetime.timezone(datetime.timedelta(minutes=offset)))
            for text in (local.isoformat(), local.isoformat(" "),
                         email.utils.format_datetime(local),
                         local.strftime("%Y-%m-%d %H:%M:%S %z"), local.strftime("%Y%m%dT%H%M%S%z"),
                         local.strftime("%a, %d %b %Y %H:%M:%S %z (a comment)")):
                yield text, milliseconds(moment)
        for name in ZONES:
            text = moment.strftime(f"%a, %d %b %Y %H:%M:%S {name}")
            read = email.utils.parsedate_tz(text)
            assert read[9] == 60 * ZONES[name], text
            yield text, 1000 * email.utils.mktime_tz(read)
        for name, minutes in OTHER_ZONES.items():
            text = moment.strftime(f"%a %b %d %Y %H:%M:%S {name}")
            yield text, milliseconds(moment) - 60000 * minutes
        yield moment.strftime("%d %b %Y %H:%M:%S XYZ"), milliseconds(moment)


def single_rows():
    day = utc(2026, 1, 29)
    for text, moment in (
            ("2026-01", day.replace(day=1)), ("2026", day.replace(day=1)),
            ("2026-W05", day.replace(day=26)), ("2020-W01-1", utc(2019, 12, 30)),
            ("2020-W53-7", utc(2021, 1, 3)),
            ("20260129T1530Z", day.replace(hour=15, minute=30)),
            ("2026-01-29T15Z", day.replace(hour=15)),
            ("2026-01-29T15:30+01", day.replace(hour=14, minute=30)),
            ("2026-01-29T24:00:00", day.replace(day=30)),
            ("2026-01-29 12:15 am", day.replace(minute=15)),
            ("January 29, 2026 3:04 p.m.", day.replace(hour=15, minute=4)),
            ("29th January 2026", day), ("January 1st, 2026", day.replace(day=1)),
            ("Sept 3 2026", day.replace(month=9, day=3)), ("thurs, 29 jan 2026", day),
            ("  2026-01-29\n", day),
            ("THU, 29 JAN 2026 15:30:00 GMT", day.replace(hour=15, minute=30)),
            ("29 Jan 26", day), ("29 Jan 75", utc(1975, 1, 29)),
            ("Thu Jan 29 2026 12:00:00 GMT+0100 (Central European Standard Time)",
             day.replace(hour=11)),
            ("2016-12-31T23:59:60Z", utc(2017, 1, 1)),
            ("7-APR-1987 11:02:03", utc(1987, 4, 7, 11, 2, 3)),
            ("2050-01-01", utc(2050, 1, 1)),
            ("1066-10-14", utc(1066, 10, 14))):
        yield text, milliseconds(moment)
    for moment in MOMENTS:
        value = milliseconds(moment)
        if value >= 10**11:
            yield f"{value // 1000}", value
            yield f"{value // 1000}.0", value
            yield f"{value // 1000}.125", value + 125
            yield f"{value}", value
    yield "-123456789", -123456789000


def text():
    out = ["/* Generated by tools/gen/date_forms.py; do not edit. */",
           "/* SPDX-License-Identifier: MIT */",
           "/* Dates in many forms and what they are in milliseconds since 1970. */",
           "/* clang-format off */",
           "static const struct {", "    const char *text;", "    int64_t milliseconds;",
           "} read_dates[] = {"]
    seen = set()
    for text, value in (*plain_rows(), *zone_rows(), *single_rows()):
        if text not in seen:
            seen.add(text)
            quoted = text.replace("\n", "\\n")
            out.append(f'    {{"{quoted}", {value}}},')
    for name, texts in (("unread_dates", UNREAD), ("open_dates", OPEN)):
        out += ["};", f"static const char *const {name}[] = {{"]
        out += [f'    "{item}",' for item in texts]
    return "\n".join(out + ["};", ""])


def main(arguments):
    checking = "--check" in arguments
    paths = [word for word in arguments if word != "--check"]
    if len(paths) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    path = pathlib.Path(paths[0])
    if checking:
        if path.read_text(encoding="utf-8") != text():
            print(f"{path} is not what {sys.argv[0]} writes", file=sys.stderr)
            return 1
        return 0
    path.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
