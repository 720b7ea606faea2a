# SPDX-License-Identifier: MIT
"""rensa: RMinHashLSH, pickled for the next process."""
import os
import pickle

REQUIREMENTS = ["rensa==0.5.0"]
SETTINGS = {
    "candidates": "128 slots in 16 bands of 8, insert_pairs: the example of its README",
    "estimated": "256 slots in 32 bands of 8; the sketches are kept beside it, and answers below "
                 "an estimate of .8 are passed over",
}
ANSWERS = "numbers; how alike they are by an estimate, where the caller keeps the sketches"

if __name__ == "__main__":
    os.environ["RAYON_NUM_THREADS"] = "1"
    import rensa
    import index_peer

    OPTIONS = {"candidates": (128, 16), "estimated": (256, 32)}

    def sketches_of(texts, slots):
        return rensa.RMinHash.from_token_sets(index_peer.shingle_sets(texts), num_perm=slots,
                                              seed=42)

    def fill(task, texts):
        slots, bands = OPTIONS[task.settings]
        index = rensa.RMinHashLSH(threshold=0.8, num_perm=slots, num_bands=bands)
        rows = []

        def add(first, some):
            sketches = sketches_of(some, slots)
            index.insert_pairs([(first + i, sketch) for i, sketch in enumerate(sketches)])
            if task.settings == "estimated":
                rows.extend(sketches)

        def save():
            with open(task.folder / "index", "wb") as out:
                pickle.dump((index, rows), out, pickle.HIGHEST_PROTOCOL)
            return index_peer.size_of(task.folder / "index")

        return index_peer.fill(task, texts, add, save)

    def ask(task, texts):
        slots, _ = OPTIONS[task.settings]

        def load():
            with open(task.folder / "index", "rb") as saved:
                index, rows = pickle.load(saved)

            def answer(sketch, found):
                return [key for key in found if not rows or rows[key].jaccard(sketch) >= 0.8]

            def query(some):
                sketches = sketches_of(some, slots)
                return list(map(answer, sketches, index.query_all(sketches)))
            return query

        return index_peer.ask(task, texts, load)

    index_peer.main(lambda task, ids, texts: (fill if task.phase == "fill" else ask)(task, texts))
