# SPDX-License-Identifier: MIT
"""datasketch: MinHash and MinHashLSH in Python with NumPy."""
import sys

REQUIREMENTS = ["datasketch==2.0.0"]
SETTINGS = {
    "comparable": "5-word shingles, 128 permutations, MinHashLSH at 0.8; candidates whose estimate "
                  "is below 0.8 are passed over",
    "own": "single words, 128 permutations, MinHashLSH at its default threshold 0.9, every "
           "candidate counts: the example of its documentation",
}
DIFFERS = "sketches in worker processes, the index in one; no exact comparison"

if __name__ == "__main__":
    sys.path.append(sys.path.pop(0))  # this file has the name of the package
    from datasketch import MinHash, MinHashLSH
    import peer

    def sketch_shingles(texts):
        sets = ([item.encode() for item in peer.shingles(text)] for text in texts)
        return [sketch.hashvalues for sketch in MinHash.generator(sets, num_perm=128)]

    def sketch_words(texts):
        sets = ([item.encode() for item in set(text.split())] for text in texts)
        return [sketch.hashvalues for sketch in MinHash.generator(sets, num_perm=128)]

    def run(task):
        ids, texts = peer.documents(task.input)
        comparable = task.settings == "comparable"
        values = peer.in_processes(sketch_shingles if comparable else sketch_words, texts,
                                   task.workers)
        model = MinHash(num_perm=128)
        index = MinHashLSH(threshold=0.8 if comparable else 0.9, num_perm=128)
        kept = []
        for i, row in enumerate(values):
            sketch = MinHash(num_perm=128, hashvalues=row, permutations=model.permutations,
                             scheme=model.scheme)
            found = index.query(sketch)
            if comparable:
                found = [other for other in found if (values[other] == row).mean() >= 0.8]
            if not found:
                index.insert(i, sketch, check_duplication=False)
                kept.append(ids[i])
        return kept

    peer.main(run)
