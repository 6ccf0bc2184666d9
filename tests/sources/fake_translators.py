"""A fake DeepL and a fake OpenAI-style endpoint over real HTTP on this machine: they "translate" by marking each text, and misbehave as told.

``fake.plan`` is a list of behaviours, one a request; when it is used up, ``fake.always`` answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs

from tests.sources.feedserver import Answer, FeedServer, Handler, status

Twist = Callable[[str], str]
Behaviour = Twist | Answer
MARK = re.compile("⟦([0-9]+)⟧")


def keep(text: str) -> str:
    """A faithful machine: Japanese letters around the words, every placeholder in its place."""
    return f"訳「{text}」です。"


def lose(text: str) -> str:
    """The last placeholder vanishes."""
    marks = MARK.findall(text)
    return keep(text.replace(f"⟦{marks[-1]}⟧", "") if marks else text)


def double(text: str) -> str:
    """The first placeholder comes twice."""
    return keep(text.replace("⟦1⟧", "⟦1⟧⟦1⟧"))


def bend(text: str) -> str:
    """Placeholders get Japanese brackets."""
    return keep(MARK.sub(r"【\1】", text))


def widen(text: str) -> str:
    """Placeholders get full-width digits."""
    return keep(MARK.sub(lambda match: f"⟦{chr(0xFF10 + int(match[1]))}⟧", text))


def deepl_answer(texts: list[str]) -> object:
    """Texts in the shape of DeepL's answer."""
    return {"translations": [{"detected_source_language": "EN", "billed_characters": len(text), "text": text} for text in texts]}


class FakeTranslator:
    """Both services on one server: DeepL below ``/v2``, the other at ``/v1/chat/completions``. ``asked`` holds the decoded requests."""

    def __init__(self, server: FeedServer) -> None:
        self.server = server
        self.plan: list[Behaviour] = []
        self.always: Behaviour = keep
        self.asked: list[dict[str, list[str]]] = []
        self.keys: list[str] = []
        server.routes["/v2/translate"] = self._deepl
        self.glossaries: dict[str, dict[str, object]] = {}
        self.glossary_entries: list[str] = []
        server.routes["/v3/glossaries"] = self._list_or_make
        server.routes["/v1/chat/completions"] = self._openai

    @property
    def texts(self) -> list[str]:
        """Every text that was sent, in order."""
        return [text for request in self.asked for text in request["text"]]

    def _deepl(self, handler: Handler) -> None:
        raw = _body(handler)
        row = json.loads(raw) if raw.startswith("{") else parse_qs(raw)
        self._note(handler, {key: value if isinstance(value, list) else [str(value)] for key, value in row.items()})
        self._answer(handler, deepl_answer)

    def _list_or_make(self, handler: Handler) -> None:
        if handler.command == "GET":
            send(handler, {"glossaries": list(self.glossaries.values())})
            return
        row = json.loads(_body(handler))
        self.glossary_entries.append(row["dictionaries"][0]["entries"])
        self.leave_glossary(f"g{len(self.glossary_entries)}", row["name"])
        send(handler, self.glossaries[f"g{len(self.glossary_entries)}"], 201)

    def leave_glossary(self, key: str, name: str) -> None:
        """A glossary that lies at the service."""
        languages = {"source_lang": "en", "target_lang": "ja", "entry_count": 1}
        self.glossaries[key] = {"glossary_id": key, "name": name, "dictionaries": [languages], "creation_time": "2025-01-01T00:00:00.0Z"}
        self.server.routes[f"/v3/glossaries/{key}"] = lambda handler: self._delete(handler, key)

    def _delete(self, handler: Handler, key: str) -> None:
        del self.glossaries[key]
        status(204)(handler)

    def _openai(self, handler: Handler) -> None:
        row = json.loads(_body(handler))
        system, user = row["messages"]
        self._note(handler, {"text": [user["content"]], "context": [system["content"]], "model": [row["model"]]})
        self._answer(handler, lambda texts: {"choices": [{"message": {"content": texts[0]}, "finish_reason": "stop"}]})

    def _note(self, handler: Handler, request: dict[str, list[str]]) -> None:
        self.asked.append(request)
        self.keys.append(handler.headers.get("Authorization", ""))

    def _answer(self, handler: Handler, shape: Callable[[list[str]], object]) -> None:
        behaviour = self.plan.pop(0) if self.plan else self.always
        if behaviour in (keep, lose, double, bend, widen):
            send(handler, shape([behaviour(text) for text in self.asked[-1]["text"]]))
        else:
            behaviour(handler)  # type: ignore[arg-type]


def _body(handler: Handler) -> str:
    return handler.rfile.read(int(handler.headers["Content-Length"])).decode()


def send(handler: Handler, row: object, code: int = 200) -> None:
    """A JSON answer."""
    data = json.dumps(row).encode()
    handler.begin(code, {"Content-Type": "application/json", "Content-Length": str(len(data))})
    handler.wfile.write(data)


def refused(code: int, why: str = "", echo: str = "") -> Answer:
    """An error with a service's own words; ``echo`` stands for a service that repeats what it should not."""
    return lambda handler: send(handler, {"error": {"code": why, "message": echo}, "message": echo}, code)


def nonsense(handler: Handler) -> None:
    """A good status and no translation."""
    send(handler, {"hello": "world"})


def page(handler: Handler) -> None:
    """A web page where JSON was expected."""
    data = b"<html>It works!</html>"
    handler.begin(200, {"Content-Type": "text/html", "Content-Length": str(len(data))})
    handler.wfile.write(data)


def cut(handler: Handler) -> None:
    """An answer that the model broke off."""
    send(handler, {"choices": [{"message": {"content": "訳「"}, "finish_reason": "length"}]})


throttle = status(429)
quota = status(456)
too_large = status(413)
