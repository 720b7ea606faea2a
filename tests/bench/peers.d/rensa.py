# SPDX-License-Identifier: MIT
"""rensa: MinHash in Rust with Python bindings."""
import os
import sys

REQUIREMENTS = ["rensa==0.5.0"]
SETTINGS = {
    "comparable": "5-word shingles, 128 slots, R-MinHash, RMinHashDeduplicator(threshold=0.8, "
                  "use_lsh=True)",
    "own": "words of text.split(), 128 slots, RMinHashDeduplicator(threshold=0.8, use_lsh=True): "
           "the example of its README",
    "rho": "the pipeline of its own benchmark: 3-word shingles, rho sketch with 4 probes, 8 bands; "
           "rho only flags, so what it flags goes through RMinHashDeduplicator to keep one of each",
}
DIFFERS = "accepts by the sketch's estimate; shingles cut in Python, sketches made in threads"

if __name__ == "__main__":
    os.environ["RAYON_NUM_THREADS"] = sys.argv[2]
    sys.path.append(sys.path.pop(0))
    import rensa
    import peer

    BATCH = 2000

    def add(texts, cut):
        """Flags: whether a document was new."""
        seen = rensa.RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True)
        new = []
        for at in range(0, len(texts), BATCH):
            sketches = rensa.RMinHash.from_token_sets([cut(text) for text in texts[at:at + BATCH]],
                                                      num_perm=128, seed=42)
            new += seen.add_pairs((str(at + i), sketch) for i, sketch in enumerate(sketches))
        return new

    def three_words(text):
        words = text.lower().split()
        return [" ".join(words[i:i + 3]) for i in range(len(words) - 2)] or words

    def rho(texts):
        tokens = [three_words(text) for text in texts]
        matrix = rensa.RMinHash.digest_matrix_from_token_sets_rho(tokens, num_perm=128, seed=12345,
                                                                  probes=4)
        index = rensa.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=8)
        new = [not flag for flag in index.query_duplicate_flags_matrix_one_shot(matrix)]
        flagged = [i for i, is_new in enumerate(new) if not is_new]
        for i, is_new in zip(flagged, add([texts[i] for i in flagged], three_words)):
            new[i] = is_new
        return new

    def run(task):
        ids, texts = peer.documents(task.input)
        if task.settings == "rho":
            new = rho(texts)
        else:
            new = add(texts, peer.shingles if task.settings == "comparable" else str.split)
        return [name for name, is_new in zip(ids, new) if is_new]

    peer.main(run)
