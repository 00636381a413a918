"""The word that marks what is not to be trusted."""

import pytest

from opentraces.domain import untrusted
from opentraces.domain.untrusted import nonce_of


def test_the_word_follows_from_the_text() -> None:
    assert nonce_of(["a"]) == nonce_of(["a"]) != nonce_of(["b"])
    assert len(nonce_of([])) == 32


def test_a_word_that_stands_in_the_text_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    words = iter(["0" * 64, "1" * 64])
    monkeypatch.setattr(untrusted, "content_id", lambda _: next(words))

    assert nonce_of([f"it says {'0' * 32}"]) == "1" * 32
