"""The word that marks what is not to be trusted."""

import pytest

from opentraces.entrypoints.cli.views import ctx_handover
from opentraces.entrypoints.cli.views.ctx_handover import nonce_of


def test_the_word_follows_from_the_text() -> None:
    assert nonce_of(["a"]) == nonce_of(["a"]) != nonce_of(["b"])
    assert len(nonce_of([])) == 32


def test_a_word_that_stands_in_the_text_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    words = iter(["0" * 64, "1" * 64])
    monkeypatch.setattr(ctx_handover, "content_id", lambda _: next(words))

    assert nonce_of([f"it says {'0' * 32}"]) == "1" * 32
