"""The jobs on the list of readers: a workspace's root and what the editor typed in, what was done out. One transaction a job; it prints nothing.

An address that comes out of here unasked is masked by the door. What leaves the desk as a file is private, and logged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.delivery import roster
from pipeline.delivery.addresses import parse_address
from pipeline.delivery.cells import parse_day, parse_language, parse_member, parse_segment, plain
from pipeline.delivery.handout import Rejects, free_name, write_readers, write_suppressions
from pipeline.delivery.intake import Counts, Options, take_in
from pipeline.delivery.layout import LIST, own_name
from pipeline.delivery.lists import open_list
from pipeline.delivery.people import Consent, Subscriber, Suppression, keyed
from pipeline.delivery.readers import subscriber_at
from pipeline.delivery.store import Rows, Store, check_file, open_store, scratch_store, set_aside, store_path
from pipeline.delivery.tables import Record
from pipeline.errors import StoreError

_SHOWN_REJECTS = 200
_FIELDS: dict[str, Callable[[str], Any]] = {
    "name": plain,
    "organisation": plain,
    "department": plain,
    "segment": parse_segment,
    "language": parse_language,
    "member": parse_member,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an editor says beside the verb. ``given`` are fields by name as typed, ``own`` an office's own columns; ``by`` is who does it."""

    now: str
    by: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    consent_how: str = ""
    consent_on: str = ""
    as_is: bool = False

    @property
    def consent(self) -> Consent:
        """The consent as typed; of today, if only how is said. ``ReaderError`` for a day that cannot be."""
        how = plain(self.consent_how)
        on = parse_day(self.consent_on, self.now) or (self.now[:10] if how else "")
        return Consent(how=how, on=on, by=plain(self.by) if how or on else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One file that was taken in: what it was found to be, its columns, what became of its rows, where the rejected ones lie."""

    name: str
    form: str
    kind: str
    columns: tuple[tuple[str, str], ...]
    counts: Counts
    rejects: tuple[tuple[int, str], ...]
    rejected_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Files to take in: ``columns`` are headings for a list without, ``sheet`` a workbook's, ``dry`` changes nothing."""

    paths: tuple[Path, ...]
    columns: str = ""
    sheet: str = ""
    dry: bool = False


class _UndoneError(Exception):
    """A rehearsal is over: nothing of it stays."""


def import_lists(root: Path, intake: Intake, settings: Settings) -> tuple[Taken, ...]:
    """Take files in, all in one transaction; lists of people who left come first. ``ReaderError`` names the file that cannot be read."""
    consent = settings.consent
    taken: list[Taken] = []
    paths = _in_order(intake, settings.now)
    with _store(root, rehearse=intake.dry) as store, ExitStack() as stack:
        options = Options(now=settings.now, secret=store.secret, consent=consent, as_is=settings.as_is)
        rejects: list[_Kept] = []
        try:
            with store.change() as rows:
                folder = store.path.parent
                taken += [_take(rows, path, intake, options, rejects=rejects, stack=stack, folder=folder) for path in paths]
                _end_rehearsal(intake)
        except _UndoneError:
            return tuple(taken)
        return tuple(replace(one, rejected_file=kept.keep()) for one, kept in zip(taken, rejects, strict=True))


def _end_rehearsal(intake: Intake) -> None:
    if intake.dry:
        raise _UndoneError


def _in_order(intake: Intake, now: str) -> list[Path]:
    """Lists of people who left before lists of readers: a newer consent lifts an older leaving, not the other way round."""
    kinds = []
    for path in intake.paths:
        with open_list(path, columns=intake.columns, sheet=intake.sheet, today=now) as found:
            kinds.append((found.layout.kind == LIST, path))
    return [path for _, path in sorted(kinds, key=lambda pair: pair[0])]


def _take(  # noqa: PLR0913 (one file of an intake)
    rows: Rows, path: Path, intake: Intake, options: Options, *, rejects: list[_Kept], stack: ExitStack, folder: Path
) -> Taken:
    with open_list(path, columns=intake.columns, sheet=intake.sheet, today=options.now) as found:
        file = None if intake.dry else Rejects(free_name(folder, path.stem), found.layout)
        kept = _Kept(file)
        if file:
            stack.callback(file.drop)
        rejects.append(kept)
        counts = take_in(rows, found.records, found.layout, options, reject=kept)
        shown = found.layout.shown()
    return Taken(name=path.name, form=found.form, kind=found.layout.kind, columns=shown, counts=counts, rejects=tuple(kept.first))


class _Kept:
    """Rejected rows on their way to the file, the first ones remembered for the screen."""

    def __init__(self, file: Rejects | None) -> None:
        self._file = file
        self.first: list[tuple[int, str]] = []

    def __call__(self, record: Record, reason: str) -> None:
        if len(self.first) < _SHOWN_REJECTS:
            self.first.append((record.line, reason))
        if self._file:
            self._file(record, reason)

    def keep(self) -> Path | None:
        """Put the file in its place, if there is one."""
        return self._file.keep() if self._file else None


@contextmanager
def _store(root: Path, *, rehearse: bool = False, create: bool = True) -> Iterator[Store]:
    """The desk's database; for a rehearsal without one, an empty one in memory."""
    if rehearse and not store_path(root).exists():
        with scratch_store() as store:
            yield store
    else:
        with open_store(root, create=create) as store:
            yield store


def add_reader(root: Path, address: str, settings: Settings) -> Subscriber:
    """One reader more. ``ReaderError`` if they are on the list, or left and did not agree anew."""
    given = _typed(settings)
    reader = Subscriber(address=parse_address(address, as_is=settings.as_is), consent=settings.consent, columns=_own(settings, {}), **given)
    with _store(root) as store, store.change() as rows:
        roster.add(rows, reader, secret=store.secret, now=settings.now)
    return reader


def change_reader(root: Path, address: str, settings: Settings, *, new_address: str = "") -> tuple[str, ...]:
    """Write a reader's fields anew; the names of those that changed, in Japanese."""
    address = parse_address(address, as_is=True)
    with _store(root, create=False) as store, store.change() as rows:
        old = roster.at(rows, address)
        typed = settings.consent
        consent = old.consent if typed == Consent() else typed
        target = parse_address(new_address, as_is=settings.as_is) if new_address else old.address
        new = replace(old, address=target, consent=consent, columns=_own(settings, old.columns), **_typed(settings, old=old))
        changed = roster.change(rows, address, new, secret=store.secret, now=settings.now)
    return tuple(roster.SHOWN[name] for name in changed)


def _typed(settings: Settings, *, old: Subscriber | None = None) -> dict[str, Any]:
    """The fields that were typed, as values; an empty word empties what may be empty."""
    found = {name: _FIELDS[name](text) for name, text in settings.given.items()}
    if found.get("language", "ja") == "":
        found["language"] = old.language if old else "ja"
    if "member" in found:
        found["member"] = bool(found["member"])
    return found


def _own(settings: Settings, old: Mapping[str, str]) -> dict[str, str]:
    """An office's own columns with those that were typed; an empty word takes a column away."""
    typed = {own_name(key): plain(value) for key, value in settings.own.items()}
    return {key: value for key, value in {**old, **typed}.items() if value}


def replace_in_office(root: Path, old: str, new: str, *, settings: Settings) -> Subscriber:
    """The successor in an office takes the place of ``old``; the new reader as they now stand."""
    successor = Subscriber(address=parse_address(new, as_is=settings.as_is), consent=settings.consent, **_typed(settings))
    with _store(root, create=False) as store, store.change() as rows:
        roster.replace_reader(rows, parse_address(old, as_is=True), successor, secret=store.secret, now=settings.now)
        return roster.at(rows, successor.address)


def suppress_reader(root: Path, address: str, *, reason: str, via: str, now: str) -> bool:
    """No mail to this address any more; whether that is new."""
    with _store(root) as store, store.change() as rows:
        return roster.suppress(rows, parse_address(address, as_is=True), reason=reason, via=plain(via), secret=store.secret, now=now)


def forget_reader(root: Path, address: str, *, now: str) -> bool:
    """Erase a person from the list, its history and the file's free space; whether they were on the list."""
    with _store(root) as store:
        with store.change() as rows:
            known = roster.forget(rows, parse_address(address, as_is=True), secret=store.secret, now=now)
        store.scrub()
    return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A reader with all that is known: why they get no mail, if so, and what was done (time, verb, names of fields)."""

    reader: Subscriber | None
    stopped: Suppression | None
    history: tuple[tuple[str, str, str], ...] = ()


def show_reader(root: Path, address: str) -> Shown:
    """What is known of an address. ``ReaderError`` if that is nothing."""
    address = parse_address(address, as_is=True)
    with _store(root, create=False) as store, store.read() as rows:
        stopped = roster.suppression_at(rows, address, store.secret)
        found = subscriber_at(rows, address)
        if found is None and stopped is None:
            roster.at(rows, address)
        return Shown(reader=found, stopped=stopped, history=roster.history_of(rows, found.id) if found else ())


def list_readers(root: Path, wanted: roster.Wanted) -> tuple[tuple[Subscriber, bool], ...]:
    """Readers, and whether each gets no mail."""
    with _store(root, create=False) as store, store.read() as rows:
        stopped = {one.keyed for one in roster.suppressions(rows)}
        return tuple((one, bool(stopped) and keyed(one.address, store.secret) in stopped) for one in roster.listed(rows, wanted))


def list_suppressions(root: Path) -> tuple[Suppression, ...]:
    """Who gets no mail; forgotten people without their address."""
    with _store(root, create=False) as store, store.read() as rows:
        return roster.suppressions(rows)


def reader_stats(root: Path) -> dict[str, Any]:
    """Readers in figures: all, those who get mail, by segment, language and membership, without a consent on record; suppressions by reason."""
    with _store(root, create=False) as store, store.read() as rows:
        stopped = roster.suppressions(rows)
        marks = {one.keyed for one in stopped}
        total = sum(number for _, number in roster.count_by(rows, "language"))
        off = sum(keyed(one.address, store.secret) in marks for one in roster.listed(rows)) if marks else 0
        return {
            "readers": total,
            "receiving": total - off,
            "segments": {value or "（なし）": number for value, number in roster.count_by(rows, "segment")},
            "languages": dict(roster.count_by(rows, "language")),
            "members": dict(roster.count_by(rows, "member")).get("1", 0),
            "without_consent": sum(1 for _ in roster.listed(rows, roster.Wanted(unconsented=True))),
            "suppressions": {reason: sum(one.reason == reason for one in stopped) for reason in roster.REASONS},
            "seeds": len(roster.seeds(rows)),
            "exports": [dict(row) for row in roster.exports(rows)],
        }


def export_readers(root: Path, path: Path, *, settings: Settings, suppressed: bool = False) -> int:
    """Write those who get mail, or the suppressions, as CSV; how many. Logged in the same transaction as it is counted."""
    with _store(root, create=False) as store, store.change() as rows:
        stopped = roster.suppressions(rows)
        if suppressed:
            count = write_suppressions(path, stopped)
        else:
            marks = {one.keyed for one in stopped}
            own = sorted({name for one in roster.listed(rows) for name in one.columns})
            welcome = (one for one in roster.listed(rows) if not marks or keyed(one.address, store.secret) not in marks)
            count = write_readers(path, welcome, own)
        roster.log_export(rows, who=settings.by, count=count, file=path.name, now=settings.now)
    return count


def back_up(root: Path, path: Path) -> int:
    """A whole copy of the database; how many readers are in it."""
    with _store(root, create=False) as store:
        store.backup(path)
        check_file(path)
        with store.read() as rows:
            return sum(number for _, number in roster.count_by(rows, "language"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A copy that was taken back: readers on the list now, where the database of before lies, whether what was learnt since was carried over."""

    readers: int
    aside: Path | None
    carried: bool


def take_back(root: Path, path: Path, *, now: str) -> Restored:
    """Bring a copy back. Who left and what was sent since stays known, if the present database can still be read; it is kept in any case."""
    if not path.is_file():
        raise StoreError(f"{path} がありません。控えのファイルを指定してください。")
    check_file(path)
    place, stamp = store_path(root), "before-" + "".join(ch for ch in now[:19] if ch.isdigit())
    aside: Path | None = None
    carried = place.exists()
    try:
        with open_store(root) as store, store.alone():
            if carried:
                aside = place.with_name(f"{place.stem}-{stamp}.sqlite3")
                store.backup(aside)
            return _taken_back(store, path, aside, carried=carried, now=now)
    except StoreError:
        if aside or not carried or not _broken(root):
            raise
    aside = set_aside(place, stamp)
    with open_store(root) as store, store.alone():
        return _taken_back(store, path, aside, carried=False, now=now)


def _taken_back(store: Store, path: Path, aside: Path | None, *, carried: bool, now: str) -> Restored:
    store.take_back(path)
    with store.change() as rows:
        roster.forget_again(rows, secret=store.secret, now=now)
        roster.write_history(rows, None, "restore", now=now)
    store.scrub()
    with store.read() as rows:
        readers = sum(number for _, number in roster.count_by(rows, "language"))
    return Restored(readers=readers, aside=aside, carried=carried)


def _broken(root: Path) -> bool:
    """Whether the database itself is damaged or none of ours: a key that does not fit, or somebody else's lock, is no reason to move it."""
    try:
        check_file(store_path(root))
    except StoreError:
        return True
    return False


def change_seeds(root: Path, verb: str, address: str = "", name: str = "") -> tuple[tuple[str, str], ...]:
    """Add or remove a test reader, or neither; all test readers, (address, name)."""
    with _store(root) as store, store.change() as rows:
        if verb == "add":
            roster.add_seed(rows, parse_address(address, as_is=True), plain(name))
        elif verb == "remove":
            roster.remove_seed(rows, parse_address(address, as_is=True))
        return roster.seeds(rows)


def total(taken: tuple[Taken, ...]) -> dict[str, int]:
    """The counts of all files together."""
    return {name: sum(asdict(one.counts)[name] for one in taken) for name in ("added", "updated", "unchanged", "suppressed", "rejected")}
