"""Searching the history: what a query demands of a job, and what is sorted by."""

from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, func, or_, select, text

from studio.jobs.tables import FileRow, JobRow, ModelUsedRow
from studio.model import HistoryOrder, HistoryQuery, JobStatus

_when = func.coalesce(JobRow.finished_at, JobRow.created_at)
_recipe_name = func.json_extract(JobRow.recipe, "$.name")
# From one model to the next by the index, instead of past every result that each of them took part in.
MODELS_USED = text("""
WITH RECURSIVE found(model) AS (
    SELECT min(model) FROM models_used
    UNION ALL
    SELECT (SELECT min(model) FROM models_used WHERE model > found.model) FROM found WHERE found.model IS NOT NULL
)
SELECT model FROM found WHERE model IS NOT NULL
""")


def conditions(query: HistoryQuery) -> list[ColumnElement[bool]]:
    """What a job must be for a search."""
    found: list[ColumnElement[bool]] = []
    if query.text:
        # The path is kept as bytes, which hold the words as they are.
        words = query.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        name = cast(JobRow.front, Text)
        recipe = _recipe_name.like(f"%{words}%", escape="\\")
        found.append(or_(name.like(f"%{words}%", escape="\\"), recipe))
    if query.status:
        found.append(JobRow.status == query.status)
    if query.since:
        found.append(_when >= query.since.astimezone(UTC).isoformat())
    if query.until:
        found.append(_when < query.until.astimezone(UTC).isoformat())
    if query.model:
        took_part = select(ModelUsedRow.job_number).where(ModelUsedRow.model == query.model)
        found.append(JobRow.number.in_(took_part))
    return found


def sort_key(order: HistoryOrder) -> ColumnElement[Any]:
    """What jobs are sorted by, where it is not their arrival."""
    first_file = select(FileRow.path).where(FileRow.job_id == JobRow.id, FileRow.planned.is_(False))
    keys: dict[HistoryOrder, ColumnElement[Any]] = {
        HistoryOrder.NAME: func.name_key(JobRow.front),
        HistoryOrder.STATUS: case({status.value: place for place, status in enumerate(JobStatus)}, value=JobRow.status),
        HistoryOrder.RECIPE: func.word_key(_recipe_name),
        HistoryOrder.CONFIDENCE: JobRow.confidence.expression,
        HistoryOrder.WHEN: _when,
        HistoryOrder.WHERE: func.path_key(first_file.order_by(FileRow.number).limit(1).scalar_subquery()),
    }
    return keys[order]
