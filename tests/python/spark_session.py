# SPDX-License-Identifier: MIT
"""A session of Spark for tests, and what a run is compared by."""
import os
import shutil
import sys
import warnings

import pyarrow as pa
import pytest

pytest.importorskip("pyspark", reason="no pyspark: see NEARDUP_TEST_SPARK in make_venv.py's test")
if shutil.which("java") is None:
    pytest.skip("no java", allow_module_level=True)
warnings.simplefilter("ignore", FutureWarning)
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

import neardup  # noqa: E402
import neardup.spark  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

COLUMNS = ["kept", "decision", "survivor_id", "similarity", "containment", "kind", "group_size",
           "span_offset", "span_bytes"]


def start(master, folder, **more):
    """Settings are given with _ in place of dots."""
    builder = SparkSession.builder.master(master).appName("neardup tests")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "4",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        **more,
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def by_id(table, columns=COLUMNS):
    """Rows as a list, sorted, so that ids may occur twice."""
    names = ["id", *columns]
    return sorted(map(repr, zip(*(table[name].to_pylist() for name in names))))


def one_process(table, **options):
    return by_id(pa.table(neardup.dedup(table, **options)))


def differences(df, table, order="n", columns=None, **options):
    """What Spark decides otherwise than one process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        got = by_id(neardup.spark.dedup(df, order=order, **options).toArrow())
    for name in ("partitions", "solve_edges"):
        options.pop(name, None)
    wanted = one_process(table, **options)
    return [(a, b) for a, b in zip(got, wanted) if a != b] + [len(got) - len(wanted)]
