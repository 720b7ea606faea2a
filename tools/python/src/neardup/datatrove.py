# SPDX-License-Identifier: MIT
"""Steps for pipelines of datatrove."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from typing import IO, Any, Optional

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.typeshelper import StatHints

from . import Result
from . import dedup as _dedup

_PLAIN = (str, int, float, bool)


class NearDup(PipelineStep):  # type: ignore[misc]
    """Removes near-duplicates from all documents of a task, in one step.

    Options are those of `neardup.dedup`; the fields they name are those of a document's metadata,
    and `text` and `id`. Documents wait in a temporary file until all have been seen. Since a task
    sees its own documents only, the pipeline must have one task: `LocalPipelineExecutor(tasks=1)`.

    Args:
        exclusion_writer: gets what is removed, with `filter_reason` (the kind of copy),
            `duplicate_of` (the id of what stayed) and `similarity` in its metadata.
    """

    type = "🫂 - DEDUPS"
    name = "👯 neardup"

    def __init__(self, exclusion_writer: Optional[DiskWriter] = None, **options: Any) -> None:
        super().__init__()
        self.exclusion_writer = exclusion_writer
        self.options = options

    def run(
        self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1
    ) -> DocumentsPipeline:
        if world_size != 1:
            raise ValueError(
                f"{world_size} tasks: documents of one would not be compared with those of "
                "another; run this step with tasks=1"
            )
        with tempfile.TemporaryFile() as waiting:
            with self.track_time("run"):
                rows = self._rows(data, waiting)
                result = _dedup(rows, "text", id="id", **self.options)
            waiting.seek(0)
            yield from self._kept(result, waiting, rank)

    def _rows(self, data: DocumentsPipeline, waiting: IO[bytes]) -> Iterator[dict[str, Any]]:
        for document in data:
            pickle.dump(document, waiting, pickle.HIGHEST_PROTOCOL)
            plain = {
                name: value
                for name, value in document.metadata.items()
                if isinstance(value, _PLAIN) or hasattr(value, "isoformat")
            }
            yield {**plain, "text": document.text, "id": document.id}

    def _kept(self, result: Result, waiting: IO[bytes], rank: int) -> Iterator[Document]:
        with self.exclusion_writer or nullcontext() as writer:
            for verdict in result:
                document = pickle.load(waiting)
                self.stat_update(StatHints.total)
                if verdict.kept:
                    self.stat_update(StatHints.forwarded)
                    self.update_doc_stats(document)
                    yield document
                    continue
                self.stat_update(StatHints.dropped, f"dropped_{verdict.kind}")
                if writer is not None:
                    document.metadata["filter_reason"] = verdict.kind
                    document.metadata["duplicate_of"] = verdict.survivor_id
                    document.metadata["similarity"] = verdict.similarity
                    writer.write(document, rank)
