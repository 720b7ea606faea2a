# SPDX-License-Identifier: MIT
"""Eighty stubs on lakes: one wording around a name, two figures, a river and a fish."""
import json

RIVERS = ("Ember", "Lower Sill", "Tarn", "Oster", "Great Mew")
FISH = ("pike", "perch", "char", "grayling")
for i in range(80):
    name = "LMNPRSTVBK"[i % 10].lower() + ("arel", "oddin", "usk", "ennet", "ilva", "amber", "ora",
                                           "inden")[i // 10]
    print(json.dumps({"id": f"lake{i}", "text": (
        f"Lake {name.title()} is a lake in the highlands in the north of the country, at a height "
        f"of {300 + 17 * i} metres above the sea. It covers {3 + i * 7 % 90} hectares and is fed "
        f"by the river {RIVERS[i % 5]}, which leaves it at the southern end. In winter the lake "
        "is frozen for several months, and since the last century it has belonged to a nature "
        "reserve, so that boats with engines are not allowed. Anglers know the lake for its "
        f"{FISH[i % 4]}, and a path for walkers leads around the shore in about two hours.")}))
