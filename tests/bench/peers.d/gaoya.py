# SPDX-License-Identifier: MIT
"""gaoya: locality-sensitive hashing in Rust with Python bindings."""
import os
import sys

REQUIREMENTS = ["gaoya==0.2.2"]
SETTINGS = {
    "comparable": "its 5-word shingles, lower case, num_hashes=128, threshold 0.8: bands by its "
                  "own curve, 32-bit slots",
    "own": "single words, lower case, threshold 0.5, 42 bands of 3: the example of its "
           "documentation",
}
DIFFERS = "its own words and shingles; accepts by the sketch's estimate; bulk insert, bulk query"

if __name__ == "__main__":
    os.environ["RAYON_NUM_THREADS"] = sys.argv[2]
    sys.path.append(sys.path.pop(0))
    from gaoya.minhash import MinHashStringIndex
    import peer

    def run(task):
        ids, texts = peer.documents(task.input)
        if task.settings == "comparable":
            index = MinHashStringIndex(hash_size=32, jaccard_threshold=0.8, num_bands=None,
                                       band_size=None, num_hashes=128, analyzer="word",
                                       lowercase=True, ngram_range=(5, 5), id_container="smallvec")
        else:
            index = MinHashStringIndex(hash_size=32, jaccard_threshold=0.5, num_bands=42,
                                       band_size=3, num_hashes=None, analyzer="word",
                                       lowercase=True, ngram_range=(1, 1), id_container="smallvec")
        index.par_bulk_insert_docs(list(range(len(texts))), texts)
        found = index.par_bulk_query(texts)
        kept = peer.first_of_each(len(ids), found.__getitem__)
        return [name for name, stays in zip(ids, kept) if stays]

    peer.main(run)
