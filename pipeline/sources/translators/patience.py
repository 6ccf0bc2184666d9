"""How long the desk waits for a busy service: a request in, its answer or a ``TranslationError`` out. Waits grow, and are bounded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pipeline.errors import TranslationError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds for one answer, how often a busy service is asked, the first wait between (then doubled), and the longest."""

    answer: float = 60.0
    times: int = 4
    wait: float = 2.0
    longest: float = 30.0


PATIENCE = Patience()


class BusyError(Exception):
    """The service is busy or did not answer; ``message`` is what to say if it stays so, ``after`` the seconds it asked us to wait."""

    def __init__(self, message: str, *, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


def patiently(ask: Callable[[], T], patience: Patience) -> T:
    """Ask until there is an answer; ``TranslationError`` with the last reason when patience has run out."""
    wait = patience.wait
    for turn in range(patience.times):
        try:
            return ask()
        except BusyError as error:
            if turn == patience.times - 1:
                raise TranslationError(str(error)) from None
            time.sleep(min(max(wait, error.after), patience.longest))
            wait *= 2
    raise AssertionError("asked not even once")


def seconds(retry_after: str | None) -> float:
    """What a ``Retry-After`` header asks for; 0 if it is a date or nonsense."""
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else 0.0


BUSY = "{name} が混み合っています（429）。訳し終えた段落は残してあります。しばらく待って、もう一度実行してください。"
SILENT = "{name} から時間内に返事がありません。接続先と回線を確かめて、もう一度実行してください。訳し終えた段落は残してあります。"
UNREACHABLE = "{name} につながりません。接続先と回線を確かめて、もう一度実行してください。訳し終えた段落は残してあります。"
DOWN = "{name} が一時的に止まっています（{status}）。訳し終えた段落は残してあります。しばらく待って、もう一度実行してください。"
KEY = "{name} に鍵を断られました（{status}）。環境変数 {variable} を確かめてください。"
QUOTA = "{name} の利用枠を使い切りました。訳し終えた段落は残してあります。枠が戻ってから、もう一度実行すると続きから訳します。"
LONG = "文が {name} の上限を超えて長すぎます"
ODD = "{name} の返事を読み取れません（{why}）。newsletter.toml の [translate] の接続先を確かめてください。"
