# SPDX-License-Identifier: MIT
"""datasketch in memory: MinHashLSH, pickled for the next process."""
import pickle

REQUIREMENTS = ["datasketch==2.0.0"]
SETTINGS = {
    "candidates": "128 permutations, threshold .8, an insertion session: the example of its "
                  "documentation; whatever shares a band is an answer",
    "estimated": "256 permutations in 32 bands of 8, which find as much as the other tools; the "
                 "sketches are kept beside it, and answers below an estimate of .8 are passed over",
}
ANSWERS = "keys; how alike they are by an estimate, where the caller keeps the sketches"

if __name__ == "__main__":
    from datasketch import MinHash, MinHashLSH
    import index_peer

    OPTIONS = {"candidates": {"threshold": 0.8, "num_perm": 128},
               "estimated": {"num_perm": 256, "params": (32, 8)}}

    def sketches_of(texts, options):
        return list(MinHash.generator(index_peer.shingle_sets(texts),
                                      num_perm=options["num_perm"]))

    def fill(task, texts):
        options = OPTIONS[task.settings]
        index = MinHashLSH(**options)
        rows = []

        def add(first, some):
            with index.insertion_session() as session:
                for i, sketch in enumerate(sketches_of(some, options)):
                    session.insert(first + i, sketch)
                    if task.settings == "estimated":
                        rows.append(sketch.hashvalues)

        def save():
            with open(task.folder / "index", "wb") as out:
                pickle.dump((index, rows), out, pickle.HIGHEST_PROTOCOL)
            return index_peer.size_of(task.folder / "index")

        return index_peer.fill(task, texts, add, save)

    def ask(task, texts):
        options = OPTIONS[task.settings]

        def load():
            with open(task.folder / "index", "rb") as saved:
                index, rows = pickle.load(saved)

            def answer(sketch):
                found = index.query(sketch)
                return [key for key in found
                        if not rows or (rows[key] == sketch.hashvalues).mean() >= 0.8]
            return lambda some: [answer(sketch) for sketch in sketches_of(some, options)]

        return index_peer.ask(task, texts, load)

    index_peer.main(lambda task, ids, texts: (fill if task.phase == "fill" else ask)(task, texts))
