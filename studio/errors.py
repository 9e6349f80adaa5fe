"""Every error a photographer can meet.

StudioError
├── PhotoError          a photo cannot be read or holds nothing to work on
├── OutputError         a result cannot be written
├── RecipeError         a recipe is malformed or asks for the impossible
├── EngineError         the engine lacks a model, a device or memory
├── StoreError          the database of jobs is locked, damaged or too new
├── AccountError        the account service refuses, or needs somebody to sign in first
│   └── NetworkError    the account service cannot be reached, or not safely
└── UsageError          a command was given wrong words

Cancelled is not an error: it says that a person (or the end of the program) stopped the work.
"""


class StudioError(Exception):
    """An error to show: a title, a sentence that names what and which file, and what to do about it."""

    def __init__(self, title: str, message: str, hint: str = "", *, retryable: bool = False) -> None:
        super().__init__(f"{title}: {message}")
        self.title = title
        self.message = message
        self.hint = hint
        self.retryable = retryable

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.title, self.message, self.hint, self.retryable))


def _rebuild(kind: type[StudioError], title: str, message: str, hint: str, retryable: bool) -> StudioError:
    return kind(title, message, hint, retryable=retryable)


class PhotoError(StudioError):
    """A photo cannot be read, or there is nothing in it to work on."""


class OutputError(StudioError):
    """A result cannot be written."""


class RecipeError(StudioError):
    """A recipe is malformed or asks for what cannot be done."""


class EngineError(StudioError):
    """The engine lacks a model, a device or memory."""


class StoreError(StudioError):
    """The database of jobs is locked, damaged, or made by a newer program."""


class AccountError(StudioError):
    """The account service refuses, or needs somebody to sign in. code: the service's own word, stable; "" = none."""

    code = ""

    @property
    def is_of_sign_in(self) -> bool:
        """Whether this computer's sign-in is at fault, whatever was asked: nothing else gets through either."""
        return self.code in ("signed_out", "unauthorized", "locked", "too_old")


class NetworkError(AccountError):
    """The account service cannot be reached, does not answer, or is not the one it should be."""


class UsageError(StudioError):
    """A command was given words it does not know."""


class Cancelled(Exception):
    """The work was stopped on purpose, between two steps; nothing is left behind."""
