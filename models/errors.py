"""The project's own errors. Pages catch these and nothing else: anything else is a bug.

GlassboxError               its text is one sentence that a visitor can read
├── InputError              what the visitor gave cannot be used
├── BusyError               no place at the machine before the deadline, or too slow
└── ModelError              the model cannot answer
    ├── UnknownModelError   no model of that name in the catalogue
    ├── ReleaseError        a released file or card is missing, altered or wrong
    ├── DeviceError         the device that was asked for is not there
    └── UnsupportedError    this model has no such output, graph or method
"""


class GlassboxError(Exception):
    """Base of all errors of the project. `str(error)` is one sentence for the visitor."""


class InputError(GlassboxError):
    """What the visitor gave cannot be used; the text says what was wrong and what to do."""


class SettingError(GlassboxError):
    """An environment variable of the host has a value that it cannot have."""


class BusyError(GlassboxError):
    """The machine had no place before the deadline, or the run passed it."""


class ModelError(GlassboxError):
    """The model cannot answer, whatever the input."""


class UnknownModelError(ModelError):
    """No model of that name stands in the catalogue."""


class ReleaseError(ModelError):
    """A released file or its card is missing, altered or not of the agreed form."""


class DeviceError(ModelError):
    """`GLASSBOX_DEVICE=cuda` was asked for and no CUDA session could be made."""


class UnsupportedError(ModelError):
    """This model has no such graph, output or method."""
