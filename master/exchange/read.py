"""An uploaded file, whatever it is, as tables."""

from master.exchange.json_tables import tables_of_document
from master.exchange.limits import LIMITS, ImportLimits
from master.exchange.strict_json import read_json
from master.exchange.tables import Upload, check_size, kind_of, sheets_of


def read_upload(content: bytes, limits: ImportLimits = LIMITS) -> Upload:
    """By content, never by name. Raises `TooLarge`, `WrongType` or `BadInput`."""
    check_size(content, limits)
    kind = kind_of(content)
    if kind == "json":
        return tables_of_document(read_json(content, limits), limits)
    return sheets_of(content, kind, limits)
