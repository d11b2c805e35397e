"""Names of fields in a CRM, where they are not those of this package."""

from collections.abc import Mapping
from pathlib import Path

from ecosystem_graph.errors import MappingError
from ecosystem_graph.files.small_files import read_text, toml_from
from ecosystem_graph.tables import did_you_mean
from ecosystem_graph.tables.messages.notes import quoted


def field_names(path: Path | None, system: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Names of the fields of a system, those of a TOML file in place of the defaults.

    The file has a table for each system, such as `[salesforce]` with `probability =
    "Win_Chance__c"`; an empty name leaves a field out.

    Raises
    ------
    MappingError
        If it cannot be read, or names a field that an export does not have.
    """
    if path is None:
        return dict(fields)
    try:
        content = toml_from(read_text(path))
    except OSError as error:
        raise MappingError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise MappingError(f"{path} is no TOML: {error}.") from error
    stated = content.get(system, {})
    faults = [] if isinstance(stated, dict) else [f"{system} must be a table, [{system}]."]
    for name, value in stated.items() if isinstance(stated, dict) else ():
        if name not in fields:
            hint = did_you_mean(name, fields)
            faults.append(
                f"[{system}] has no field {quoted(name)}.{hint} Known: {', '.join(fields)}."
            )
        elif not isinstance(value, str):
            faults.append(f"[{system}] {name} must be a text. Got {value!r:.60}.")
    if faults:
        raise MappingError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return {**fields, **stated}
