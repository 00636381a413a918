"""What happens to files between the edit and the commit, and after: names, parts, forms."""

import pytest

from tests.integration.trail.scenarios.told import BLOB, CLEAN, RANGE, Run, functions
from tests.integration.trail.scenarios.world import Agent, Checkout, World


def test_a_file_that_was_moved_before_the_commit_is_credited(world: World, second: str) -> None:
    app = world.repository(text=functions("one", "two", "three", "four").lstrip())
    agent = world.agent(app)
    step = agent.adds("a.py", second)
    app.git("mv", "a.py", "b.py")
    made = app.commit()
    world.keep()

    assert world.credits(app) == {(made, "b.py"): [Run(15, 18, step, BLOB)]}
    assert agent.anchors() == {2: (made, ())}
    anchor = agent.record().patches[0].anchor
    assert anchor is not None
    assert (agent.record().patches[0].file_path, anchor.path) == ("a.py", "b.py")


def test_a_file_that_was_moved_after_the_commit_is_followed(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    made = app.commit()
    app.git("mv", "a.py", "b.py")
    app.commit()
    world.keep()

    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.blame(app, "b.py")[2:] == [step] * 4
    assert agent.survivals() == {2: ("alive", 4, 4)}


def test_a_file_that_is_new_and_moved_before_its_commit_is_not_followed(
    world: World, app: Checkout, agent: Agent
) -> None:
    agent.writes("new.py", functions("second").lstrip())
    (app.folder / "new.py").rename(app.folder / "other.py")
    app.commit()
    world.keep()

    assert world.credits(app) == {}


def test_an_agent_goes_on_in_a_file_that_was_moved(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    one = agent.adds("a.py", second)
    first = app.commit()
    app.git("mv", "a.py", "b.py")
    app.commit()
    two = agent.adds("b.py", functions("third"))
    last = app.commit()
    world.keep()

    assert world.credits(app) == {
        (first, "a.py"): [Run(3, 6, one, BLOB)],
        (last, "b.py"): [Run(7, 10, two, BLOB)],
    }


def test_what_was_staged_in_part_is_credited_in_part(
    world: World, app: Checkout, agent: Agent
) -> None:
    one = agent.adds("a.py", functions("second"))
    staged = app.read("a.py")
    two = agent.adds("a.py", functions("third"))
    whole = app.read("a.py")
    app.write("a.py", staged)
    app.git("add", "a.py")
    app.write("a.py", whole)
    app.git("commit", "--quiet", "--message", "a part")
    first = app.head
    last = app.commit("the rest")
    world.keep()

    assert world.credits(app) == {
        (first, "a.py"): [Run(3, 6, one, BLOB)],
        (last, "a.py"): [Run(7, 10, two, BLOB)],
    }


def test_one_edit_staged_in_parts_is_credited_in_both(
    world: World, app: Checkout, agent: Agent
) -> None:
    step = agent.adds("a.py", functions("second", "third"))
    whole = app.read("a.py")
    app.write("a.py", functions("first", "third").lstrip())
    app.git("add", "a.py")
    app.write("a.py", whole)
    app.git("commit", "--quiet", "--message", "a part")
    first = app.head
    last = app.commit("the rest")
    world.keep()

    found = world.credits(app)
    assert found == {
        (first, "a.py"): [Run(3, 6, step, RANGE)],
        (last, "a.py"): [Run(5, 8, step, BLOB)],
    }
    assert world.blame(app, "a.py")[2:] == [step] * 8
    assert agent.anchors() == {2: (first, ())}


def test_lines_that_a_formatter_changed_before_the_commit_are_nobody_s(
    world: World, app: Checkout, agent: Agent
) -> None:
    text = "\n\ndef second_handler(value):\n    return ['some_text', value, 'other_text']\n"
    step = agent.adds("a.py", text)
    app.write("a.py", app.read("a.py").replace("'", '"'))
    made = app.commit()
    world.keep()

    assert world.credits(app) == {(made, "a.py"): [Run(3, 5, step, RANGE)]}
    assert world.blame(app, "a.py")[-1] == "rewritten"


def test_a_formatter_s_commit_takes_lines_over(world: World, app: Checkout, agent: Agent) -> None:
    text = "\n\ndef second_handler(value):\n    return ['some_text', value, 'other_text']\n"
    step = agent.adds("a.py", text)
    made = app.commit()
    app.write("a.py", app.read("a.py").replace("'", '"'))
    app.commit("format")
    world.keep()

    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.blame(app, "a.py")[-2:] == [step, "rewritten"]
    assert agent.survivals() == {2: ("partial", 3, 4)}


def test_what_a_person_wrote_beside_it_is_the_person_s(
    world: World, app: Checkout, agent: Agent
) -> None:
    step = agent.adds("a.py", functions("second", "third"))
    app.replace("a.py", "second_result + 1", "second_result + by_hand")
    app.add("a.py", functions("typed"))
    made = app.commit()
    world.keep()

    assert world.credits(app) == {(made, "a.py"): [Run(3, 5, step, RANGE), Run(7, 10, step, RANGE)]}
    assert world.blame(app, "a.py")[5] == "rewritten"
    assert world.blame(app, "a.py")[12:] == ["rewritten"] * 2


def test_what_a_person_put_back_is_not_the_agent_s(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    agent.adds("a.py", second)
    app.write("a.py", functions("first").lstrip())
    agent.adds("a.py", functions("third"))
    app.write("a.py", functions("first", "second").lstrip())
    made = app.commit()
    world.keep()

    assert world.credits(app) == {}
    assert world.blame(app, "a.py")[4] == "ambiguous"
    assert made


@pytest.mark.parametrize("how", ["autocrlf", "text", "eol"])
def test_line_ends_that_git_cleans_do_not_matter(world: World, how: str) -> None:
    app = world.repository(text="")
    if how == "autocrlf":
        app.git("config", "core.autocrlf", "true")
    else:
        app.write(".gitattributes", f"*.py text{' eol=crlf' if how == 'eol' else ''}\n")
    app.write("a.py", functions("first").lstrip().replace("\n", "\r\n"))
    app.commit()
    agent = world.agent(app)
    step = agent.adds("a.py", functions("second"))
    assert "\r\n" in app.read("a.py")
    made = app.commit()
    assert b"\r" not in app.git("cat-file", "blob", "HEAD:a.py").encode()
    world.keep()

    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.blame(app, "a.py")[2:] == [step] * 4


def test_line_ends_that_git_keeps_and_a_call_does_not_tell_weaken_the_tie(world: World) -> None:
    app = world.repository(text=functions("first").lstrip().replace("\n", "\r\n"))
    agent = world.agent(app)
    step = agent.adds("a.py", functions("second"))
    made = app.commit()
    world.keep()

    weak = {(made, "a.py"): [Run(3, 6, step, "formatter_divergent")]}
    assert world.credits(app) in (weak, {})


def test_a_carriage_return_that_a_call_tells_is_cleaned(world: World) -> None:
    app = world.repository()
    app.write(".gitattributes", "*.py text\n")
    app.commit()
    agent = world.agent(app)
    step = agent.writes("b.py", functions("second").lstrip().replace("\n", "\r\n"))
    made = app.commit()
    world.keep()

    assert world.credits(app) == {(made, "b.py"): [Run(1, 2, step, CLEAN)]}


def test_an_ident_that_git_fills_in_is_no_change(world: World) -> None:
    app = world.repository(text="# $Id$\n" + functions("first").lstrip())
    app.write(".gitattributes", "*.py ident\n")
    app.commit()
    (app.folder / "a.py").unlink()
    app.git("checkout", "--quiet", "a.py")
    assert "$Id: " in app.read("a.py")
    agent = world.agent(app)
    step = agent.adds("a.py", functions("second"))
    made = app.commit()
    world.keep()

    found = world.credits(app)
    assert found == {(made, "a.py"): [Run(4, 7, step, found[made, "a.py"][0].tier)]}
    assert world.blame(app, "a.py")[3:] == [step] * 4


def test_what_is_not_committed_yet_is_told_of_the_worktree(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    app.add("a.py", functions("typed"))
    world.keep()

    assert world.credits(app) == {}
    assert world.blame(app, "a.py")[2:6] == [step] * 4
    assert set(world.blame(app, "a.py")[8:]) == {"rewritten"}
    assert agent.anchors() == {2: (None, ())}
