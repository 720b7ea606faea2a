# SPDX-License-Identifier: MIT
"""nlp-dedup: datasketch in parallel jobs."""
import os
import sys

REQUIREMENTS = ["nlp-dedup==0.1.2"]
SETTINGS = {
    "comparable": "Deduper(ngram_size=5): 5-word shingles, 128 permutations, 0.8",
    "own": "Deduper(): 13-word shingles, 128 permutations, 0.8",
}
DIFFERS = "candidates are not compared; joblib processes for sketches, nothing stored but the mask"

if __name__ == "__main__":
    sys.path.append(sys.path.pop(0))
    from nlp_dedup import Deduper
    import peer

    def run(task):
        ids, texts = peer.documents(task.input)
        size = {"ngram_size": 5} if task.settings == "comparable" else {}
        deduper = Deduper(**size, n_jobs=task.workers, store_corpus_to_disk=False,
                          store_mask_to_disk=False, store_lsh_cache_to_disk=False,
                          store_config_to_disk=False, verbose=False)
        deduper.deduplicate(texts, output_dir=os.path.join(task.scratch, "nlp-dedup"))
        return [ids[entry["id"]] for entry in deduper.mask if not entry["duplicate"]]

    peer.main(run)
