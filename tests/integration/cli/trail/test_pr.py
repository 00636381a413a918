"""`trail pr`: commits by their prompts, as Markdown that nothing can break out of."""

import re

import pytest
from markdown_it import MarkdownIt

from tests.git_repositories import git
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.trail.conftest import PROMPT
from tests.integration.cli.trail.widgets import SECOND, THIRD, Widgets

HOSTILE = {
    "html": "<img src=x onerror=alert(1)> <!-- --> </details>",
    "a fence": "```\n# not a heading\n```\n~~~",
    "a longer fence": "`````` <script>alert(1)</script>",
    "a link": "[click](javascript:alert(1)) https://evil.example/?q=1",
    "mentions": "@octocat fixes #12, closes GH-3, acme/widgets@1234567",
    "a terminal's": "\x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x1b[31mred\x9b2J",
    "another direction": "abc \u202egnp.exe\u2066 end",
    "a table": "| a | b |\n|---|---|\n",
    "nothing but ticks": "`",
    "a surrogate": "half \ud800 of it",
}


READER = MarkdownIt("gfm-like", {"linkify": False})

PLAIN = {
    *("heading", "paragraph", "inline", "text", "softbreak"),
    *("bullet_list", "list_item", "code_inline", "fence"),
}


def block_of(markdown: str) -> list[str]:
    """The lines of the only block of code, without its indentation."""
    found = re.search(r"^  (`{3,})text\n(.*?)^  \1$", markdown, re.MULTILINE | re.DOTALL)
    assert found is not None
    assert found[1] not in found[2]
    return [line.removeprefix("  ") for line in found[2].splitlines()]


def outside(markdown: str) -> str:
    """The text that is no code; nothing but headings, paragraphs and lists is around it."""
    tokens = READER.parse(markdown)
    inner = [each for token in tokens for each in token.children or ()]
    kinds = {each.type.removesuffix("_open").removesuffix("_close") for each in (*tokens, *inner)}
    assert kinds <= PLAIN
    return "\n".join(each.content for each in inner if each.type == "text")


def test_a_commit_has_its_session_and_prompt(trace: str, widgets: Widgets, call: Call) -> None:
    head = git(widgets.folder, "rev-parse", "HEAD")

    said = call("trail", "pr", "HEAD~1..HEAD")

    assert (said.exit_code, said.stderr) == (0, "")
    assert "1 commit · 4 lines added · 4 of 4 lines (100 %) by sessions" in said.stdout
    assert f"\n### {head[:8]} `Add the second one`\n" in said.stdout
    assert re.search(
        r"^- `claude-code` `[0-9a-f]{8}:1` · 4 lines · `exact_blob_hash` 4$", said.stdout, re.M
    )
    assert "\n  - `a.py`\n" in said.stdout
    assert block_of(said.stdout) == PROMPT.splitlines()
    assert "Nobody is credited with" not in said.stdout


def test_what_is_nobody_s_is_said_with_its_share(
    trace: str, widgets: Widgets, call: Call, document: Document
) -> None:
    file = widgets.folder / "a.py"
    file.write_text(file.read_text() + "by_hand = 'a person wrote this'\n")
    (widgets.folder / "b.py").write_text("a = 'somebody else'\nb = 'somebody else, too'\n")
    widgets.commit("Add by hand", at=50)

    said = call("trail", "pr", "HEAD~2..HEAD").stdout

    added = document("trail", "pr", "HEAD~2..HEAD")
    assert (added["added"], added["credited"]) == (8, 5)
    assert added["commits"][1]["uncredited"] == {"a.py": 1, "b.py": 2}
    rest = said.partition("### Nobody is credited with\n")[2]
    assert "3 of 8 lines (38 %)" in rest
    assert rest.splitlines()[-2:] == ["- `b.py` 2", "- `a.py` 1"]


def test_prompts_of_one_session_are_told_apart(
    trace: str, widgets: Widgets, document: Document, call: Call
) -> None:
    session = widgets.session("0b7d6f3a-0000-4000-8000-000000000002")
    session.asks("first a third one", at=60).adds("a.py", THIRD, at=61)
    session.asks("then a fourth", at=62).adds("a.py", THIRD.replace("third", "fourth"), at=63)
    session.leave()
    widgets.commit("Add two more", at=70)
    call("import", "--all")

    asked = document("trail", "pr", "HEAD")["commits"][0]["asked"]

    own = [each for each in asked if each["prompt"] != PROMPT]
    assert [each["prompt"] for each in own] == ["first a third one", "then a fourth"]
    assert own[0]["trace_id"] == own[1]["trace_id"] != asked[-1]["trace_id"]
    assert [each["steps"] for each in own] == [[2], [4]]


def test_the_oldest_commit_comes_first(trace: str, document: Document) -> None:
    subjects = [each["subject"] for each in document("trail", "pr", "HEAD~1..HEAD")["commits"]]
    assert subjects == ["Add the second one"]

    (only,) = document("trail", "pr", "HEAD~1")["commits"]
    assert (only["subject"], only["asked"], only["credited"]) == ("Begin widgets", [], 0)
    assert only["uncredited"] == {"README": 1, "a.py": 5}


def test_an_empty_range_is_no_error(trace: str, call: Call) -> None:
    said = call("trail", "pr", "HEAD..HEAD")

    assert (said.exit_code, said.stderr) == (0, "")
    assert "0 commits · 0 lines added" in said.stdout


@pytest.mark.parametrize("prompt", HOSTILE.values(), ids=HOSTILE)
def test_a_prompt_is_read_as_nothing_but_text(prompt: str, widgets: Widgets, call: Call) -> None:
    session = widgets.session().asks(prompt, at=10).adds("a.py", SECOND, at=20)
    widgets.commit(" ".join(prompt.encode("utf-8", "replace").decode().split()), at=30)
    session.leave()
    call("import", "--all")

    said = call("trail", "pr", "HEAD")

    assert said.exit_code == 0
    assert not [c for c in said.stdout if c < " " and c != "\n"]
    assert not {"\x9b", "\u202e", "\u2066"} & set(said.stdout)
    read = outside(said.stdout)
    assert not re.search(r"[<>@\[\]|`]|#\d|https?:|~~~", read)
    block_of(said.stdout)


@pytest.mark.parametrize("name", ["<b>.py", "a`b``c.py", "@octocat", "[x](y).py", "ünïcode.py"])
def test_so_is_the_name_of_a_file(name: str, widgets: Widgets, call: Call) -> None:
    session = widgets.session().asks("a file", at=10)
    session.writes(name, "something_to_tell = 1234567\n", at=20).leave()
    widgets.commit("Add it", at=30)
    call("import", "--all")

    said = call("trail", "pr", "HEAD").stdout

    assert name in said
    assert not re.search(r"[<>@\[\]`]", outside(said))


def test_of_a_long_prompt_the_beginning_is_quoted(
    widgets: Widgets, call: Call, document: Document
) -> None:
    prompt = "\n".join([f"line {number} " + "word " * 60 for number in range(40)])
    session = widgets.session().asks(prompt, at=10).adds("a.py", SECOND, at=20)
    widgets.commit("Add it", at=30)
    session.leave()
    call("import", "--all")

    block = block_of(call("trail", "pr", "HEAD").stdout)

    assert (len(block), block[-1]) == (12, "…")
    assert max(map(len, block)) <= 100
    assert document("trail", "pr", "HEAD")["commits"][0]["asked"][0]["prompt"] == prompt


def test_a_trace_that_was_damaged_since_leaves_the_rest_readable(
    trace: str, widgets: Widgets, home: str, call: Call, document: Document
) -> None:
    document("trail", "status")
    sick = document("trace", "get", trace)["trace_id"]
    bucket = widgets.home / ".opentraces" / "bucket"
    next(bucket.rglob(f"{sick}/steps.jsonl.gz")).write_bytes(b"")

    said = call("trail", "pr", "HEAD")

    assert said.exit_code == 0
    assert "its prompt cannot be read any more" in said.stdout
