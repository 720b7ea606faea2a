# SPDX-License-Identifier: MIT
"""FastSketchLSH: Fast Similarity Sketching in C++ with Python bindings."""
import sys

REQUIREMENTS = ["fastsketchlsh==1.0.1"]
SETTINGS = {
    "comparable": "5-word shingles, 128 slots, 16 bands; candidates whose estimate is below 0.8 "
                  "are passed over",
    "own": "distinct lower-case words, 128 slots, 16 bands, flags in one shot: the example of its "
           "README; of the flagged, the first of each bucket stays",
}
DIFFERS = "no exact comparison; shingles are cut in Python, sketches are made in threads"

if __name__ == "__main__":
    sys.path.append(sys.path.pop(0))
    from FastSketchLSH import LSH, FastSimilaritySketch
    import peer

    def run(task):
        ids, texts = peer.documents(task.input)
        comparable = task.settings == "comparable"
        sets = [peer.shingles(text) if comparable else sorted(set(text.lower().split()))
                for text in texts]
        rows = FastSimilaritySketch(size=128, seed=42).batch(sets, num_threads=task.workers)
        index = LSH(num_perm=128, num_bands=16)
        flags = index.insert_and_query_duplicates(rows).tolist()

        def duplicates_of(i):
            if not flags[i]:
                return ()
            found = index.query(rows[i])
            if comparable:
                return [other for other in found if (rows[other] == rows[i]).mean() >= 0.8]
            return found

        kept = peer.first_of_each(len(ids), duplicates_of)
        return [name for name, stays in zip(ids, kept) if stays]

    peer.main(run)
