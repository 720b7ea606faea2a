# SPDX-License-Identifier: MIT
"""The same decisions on a standalone cluster: a master and two workers, on this machine."""
import os
import pathlib
import re
import subprocess
import time

import pyspark
import pytest
from spark_session import differences, start
from spark_texts import generated

NONE = [0]
CLASSES = "org.apache.spark.deploy"
SPARK_CLASS = pathlib.Path(pyspark.__file__).parent / "bin" / "spark-class"


def wait_for(log, pattern, process):
    """What the log of a process says, within two minutes."""
    for _ in range(1200):
        found = re.search(pattern, log.read_text(errors="replace"))
        if found:
            return found.group(1)
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        time.sleep(0.1)
    raise AssertionError(f"nothing like {pattern} in {log}")


@pytest.fixture
def start_process(tmp_path):
    """Starts classes of Spark, and ends them afterwards."""
    started = []

    def run(name, *arguments):
        log = tmp_path / f"{len(started)}.log"
        command = [str(SPARK_CLASS), f"{CLASSES}.{name}", "--host", "127.0.0.1", *arguments]
        environment = {**os.environ, "SPARK_WORKER_DIR": str(tmp_path / f"work{len(started)}")}
        with open(log, "w") as output:
            started.append(subprocess.Popen(
                command, env=environment, stdout=output, stderr=subprocess.STDOUT))
        return log, started[-1]

    yield run
    for process in reversed(started):
        process.terminate()
        process.wait()


@pytest.fixture
def cluster(start_process):
    log, process = start_process("master.Master", "--port", "0", "--webui-port", "0")
    address = wait_for(log, r"(spark://127\.0\.0\.1:\d+)", process)
    for _ in range(2):
        log, process = start_process(
            "worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0", address)
        wait_for(log, "(Successfully registered)", process)
    return address


def test_two_workers_that_speculate(cluster, tmp_path):
    """Slow tasks are run twice, and half of the partitions are wherever the others are not."""
    session = start(
        cluster,
        tmp_path,
        **{
            "spark.executor.memory": "512m",
            "spark.executor.cores": "1",
            "spark.executorEnv.PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "spark.speculation": "true",
            "spark.speculation.interval": "20ms",
            "spark.speculation.quantile": "0.1",
            "spark.speculation.multiplier": "1.01",
            "spark.speculation.minTaskRuntime": "1ms",
        },
    )
    session.sparkContext.setCheckpointDir(str(tmp_path / "checkpoints"))
    table = generated(3000, seed=3)
    try:
        rows = session.createDataFrame(table).repartition(6)
        rows.write.parquet(str(tmp_path / "rows"))
        rows = session.read.parquet(str(tmp_path / "rows"))
        assert differences(rows, table, partitions=7) == NONE
        assert differences(rows, table, solve_edges=0) == NONE
        hosts = session.sparkContext._jsc.sc().statusTracker().getExecutorInfos()
        assert len(hosts) == 3  # the driver, too
    finally:
        session.stop()
