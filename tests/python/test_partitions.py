# SPDX-License-Identifier: MIT
"""Functions over columns in the partitions of Dask, and of Ray where NEARDUP_TEST_RAY is set."""
import os

import pytest
from neardup import columns

pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas", minversion="3")

TEXTS = [f"Text {i % 70}, number{'!' * (i % 3)}" for i in range(1000)]


def test_dask():
    dask = pytest.importorskip("dask.dataframe")

    def mark(part):
        prints = pa.array(columns.fingerprint(part["text"])).to_pandas()
        return part.assign(fingerprint=prints.values)

    rows = dask.from_pandas(pd.DataFrame({"text": TEXTS}), npartitions=4)
    unique = rows.map_partitions(mark).drop_duplicates("fingerprint")
    assert len(unique.compute(scheduler="threads")) == 70


@pytest.mark.skipif("NEARDUP_TEST_RAY" not in os.environ, reason="Ray starts for a minute")
def test_ray():
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.data")

    def mark(rows):
        return rows.append_column("fingerprint", pa.array(columns.fingerprint(rows["text"])))

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    try:
        rows = ray.data.from_arrow(pa.table({"text": TEXTS}))
        marked = rows.map_batches(mark, batch_format="pyarrow")
        assert len(marked.unique("fingerprint")) == 70
    finally:
        ray.shutdown()
