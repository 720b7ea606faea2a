# SPDX-License-Identifier: MIT
"""What the C library itself makes of single texts, called through its shared library."""
import ctypes
import os
import pathlib

import neardup
import pytest

SLOTS = 128


class Text(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_char_p), ("length", ctypes.c_size_t)]


class ReadText(ctypes.Structure):
    _fields_ = [
        ("reading", ctypes.c_int),
        ("tokens", ctypes.c_uint64),
        ("fingerprint", ctypes.c_uint8 * 16),
        ("sketch", ctypes.POINTER(ctypes.c_uint32)),
    ]


class Explanation(ctypes.Structure):
    """Only its beginning."""

    _fields_ = [
        ("kind", ctypes.c_int),
        ("similar", ctypes.c_bool),
        ("a_reading", ctypes.c_int),
        ("b_reading", ctypes.c_int),
        ("similarity", ctypes.c_double),
    ]


def _find():
    beside = pathlib.Path(neardup.__file__).parents[2] / "src" / "libneardup.so"
    path = pathlib.Path(os.environ.get("NEARDUP_LIBRARY", beside))
    if not path.exists():
        pytest.skip(f"no shared library of the build at {path}", allow_module_level=True)
    return ctypes.CDLL(str(path))


def _text(text):
    data = text.encode("utf-8")
    return Text(data, len(data))


class Library:
    """A reader and a cleaner with the defaults."""

    def __init__(self):
        self.c = _find()
        self.reader = ctypes.c_void_p()
        self.cleaner = ctypes.c_void_p()
        for name in ("ndup_text_read", "ndup_text_clean"):
            getattr(self.c, name).argtypes = [
                ctypes.c_void_p,
                ctypes.c_void_p,
                Text,
                ctypes.c_void_p,
            ]
        self.c.ndup_explain.argtypes = [
            ctypes.c_void_p,
            Text,
            Text,
            ctypes.c_void_p,
            ctypes.c_size_t,
            ctypes.c_void_p,
        ]
        self.c.ndup_explanation_free.argtypes = [ctypes.c_void_p]
        new = self.c.ndup_text_reader_new
        assert new(ctypes.byref(self.reader), None, ctypes.c_bool(True), None) == 0
        assert self.c.ndup_text_cleaner_new(ctypes.byref(self.cleaner), None, None) == 0

    def read(self, text):
        """Number of tokens, fingerprint, sketch."""
        read = ReadText()
        assert self.c.ndup_text_read(ctypes.byref(read), self.reader, _text(text), None) == 0
        return read.tokens, bytes(read.fingerprint), read.sketch[:SLOTS]

    def clean(self, text):
        cleaned = Text()
        given = _text(text)
        assert self.c.ndup_text_clean(ctypes.byref(cleaned), self.cleaner, given, None) == 0
        address = ctypes.c_void_p.from_buffer(cleaned).value
        return ctypes.string_at(address, cleaned.length).decode() if cleaned.length else ""

    def similarity(self, a, b):
        found = ctypes.POINTER(Explanation)()
        assert self.c.ndup_explain(ctypes.byref(found), _text(a), _text(b), None, 0, None) == 0
        similarity = found.contents.similarity
        self.c.ndup_explanation_free(found)
        return similarity
