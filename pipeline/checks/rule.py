"""What a rule of the pre-flight is: a small function with its reason and its examples, and what it may look at. Records only.

The examples are the rule's tests, and ``docs/checks.md`` is made from all of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from pipeline.checks.held import Held
from pipeline.model import Edit, Email, Issue, Notation, Original, Place, Severity, Term

if TYPE_CHECKING:
    import re

    from pipeline.checks.passages import Passage
    from pipeline.config import Masthead


_Thing = TypeVar("_Thing")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that a rule found. ``severity`` only where it is not the rule's own."""

    message: str
    hint: str
    place: Place
    fix: tuple[Edit, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that a rule may look at. ``passages``: every entry and block of issue.md, the drafts and the case studies' Japanese, in order.

    ``prose``: those without entries that hold no prose of ours.
    """

    issue: Issue
    email: Email
    masthead: Masthead
    glossary: tuple[Term, ...] = ()
    notation: tuple[Notation, ...] = ()
    originals: Mapping[str, Original] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    prose: tuple[Passage, ...] = field(init=False)
    _held: dict[Callable[[str], str], Held] = field(init=False, repr=False, compare=False, default_factory=dict)
    _known: dict[object, tuple[object, object]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Every rule asks for ``prose``, so it is made once."""
        object.__setattr__(self, "prose", tuple(passage for passage in self.passages if not passage.is_data))

    def holding(self, *patterns: re.Pattern[str], read: Callable[[str], str] = str) -> Iterator[Passage]:
        """The passages of ``prose`` in which one of the patterns may match ``text`` or ``unquoted``; the others cannot.

        ``read``: how the rule reads the text, letter by letter (``form``).

        A rule that tries another pattern on them must name that one here, too.
        """
        if not self._held:
            self._held[str] = Held(passage.text + passage.unquoted for passage in self.prose)
        if read not in self._held:
            self._held[read] = self._held[str].read_as(read)
        return (self.prose[number] for number in self._held[read].of(patterns))

    def once(self, ask: Callable[[Sheet, _Thing], _Answer], thing: _Thing) -> _Answer:
        """``ask(self, thing)``, worked out once for all rules that ask. The thing is known by its identity, so it is kept."""
        key = ask, id(thing)
        if key not in self._known:
            self._known[key] = thing, ask(self, thing)
        return cast("_Answer", self._known[key][1])


Find = Callable[[Sheet], Iterator[Hit]]
Example = str | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A check that an editor can satisfy in a file. ``reason``: why it exists; ``source``: who says so.

    ``bad`` and ``good``: the body of an article in the sample masthead's issue 2025-01 of 31 January 2025; with a front matter of its own it
    is the whole draft, and a mapping gives whole files (``issue.md``, ``10-a.md``). The picture ``images/a.jpg`` is there.
    """

    code: str
    title: str
    severity: Severity
    reason: str
    source: str
    bad: Example
    good: Example
    find: Find
