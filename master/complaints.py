"""What pydantic complains of, as sentences that say what to do."""

from collections.abc import Mapping
from typing import Any

from cinefarm.sentences import Said, plain, sentence_of

# by pydantic's name of the complaint; the values are those of its `ctx`
COMPLAINTS: dict[str, str] = {
    "missing": "Missing; it is needed.",
    "extra_forbidden": "Unknown here; leave it out.",
    "none_required": "Must be empty.",
    "string_type": "Must be text.",
    "string_too_long": "Too long; at most {max_length} characters.",
    "string_too_short": "Too short; at least {min_length} characters.",
    "string_pattern_mismatch": "Not written as asked for ({pattern}).",
    "int_type": "Must be a whole number.",
    "int_parsing": "Must be a whole number.",
    "int_from_float": "Must be a whole number.",
    "int_parsing_size": "The number has too many digits.",
    "float_type": "Must be a number.",
    "float_parsing": "Must be a number.",
    "finite_number": "Must be a finite number.",
    "bool_type": "Must be true or false.",
    "bool_parsing": "Must be true or false.",
    "greater_than": "Must be greater than {gt}.",
    "greater_than_equal": "Too small; at least {ge}.",
    "less_than": "Must be less than {lt}.",
    "less_than_equal": "Too large; at most {le}.",
    "list_type": "Must be a list.",
    "dict_type": "Must be an object.",
    "model_attributes_type": "Must be an object.",
    "too_long": "Too many; at most {max_length}.",
    "too_short": "Too few; at least {min_length}.",
    "enum": "Must be one of {expected}.",
    "literal_error": "Must be one of {expected}.",
    "json_invalid": "Not JSON: {error}.",
}


def complaint_of(item: Mapping[str, Any]) -> Said:
    """The sentence for one entry of `ValidationError.errors()`: our own where one of our checks raised it."""
    context = item.get("ctx", {})
    if item["type"] == "value_error" and isinstance(context.get("error"), ValueError):
        return sentence_of(context["error"])
    template = COMPLAINTS.get(item["type"])
    return plain(item["msg"]) if template is None else Said(template, context)
