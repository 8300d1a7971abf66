"""The errors a user can mend: one message each, no traceback."""


class ProjectError(Exception):
    """Something that the user can mend; `str()` of it says what, where and how."""

    exit_code = 2


class SettingsError(ProjectError):
    """A fault in params.yaml or schema.yaml."""


class DataError(ProjectError):
    """A fault in the data, or data that does not fit the settings."""


class ModelError(ProjectError):
    """A model that is missing, damaged, or not the one that was packaged."""


class GateError(ProjectError):
    """A model that misses its goal."""

    exit_code = 1


def join_faults(what: str, faults: list[str]) -> str:
    """Compose one message of all that is wrong."""
    return "\n       - ".join([f"{what}:", *faults])
