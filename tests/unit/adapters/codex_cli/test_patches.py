"""Patches, in every shape in which the model gives them."""

import orjson
import pytest

from tests.unit.adapters.codex_cli.lines import call, parsed, response

PATCH = (
    "*** Begin Patch\n*** Update File: a b.py\n*** Move to: c.py\n@@\n-x\n+y\n"
    "*** Add File: d/e\n+*** Delete File: f\n*** Delete File: g\n*** End Patch\n"
)
FILES = "R a b.py -> c.py\nA d/e\nD g"

SHAPES = {
    "custom": response("custom_tool_call", name="apply_patch", input=PATCH, call_id="c"),
    "function": call("c", "apply_patch", orjson.dumps({"input": PATCH, "cwd": "/w"}).decode()),
    "shell": call(
        "c", "exec_command", orjson.dumps({"cmd": f"apply_patch <<'E'\n{PATCH}E\n"}).decode()
    ),
    "script": response(
        "custom_tool_call",
        name="exec",
        input=f"await tools.apply_patch({orjson.dumps(PATCH).decode()});",
        call_id="c",
    ),
}


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_patch_is_found_in_every_shape(shape: str) -> None:
    (step,) = parsed(SHAPES[shape]).steps

    assert (step.native["patch"], step.native["patched_files"]) == (shape, FILES)


def test_a_patch_as_an_argument_of_the_shell_is_found() -> None:
    arguments = orjson.dumps({"command": ["apply_patch", PATCH]}).decode()
    (step,) = parsed(call("c", "shell", arguments)).steps

    assert (step.native["patch"], step.native["patched_files"]) == ("shell", FILES)


def test_a_text_about_patches_is_none() -> None:
    (step,) = parsed(call("c", arguments='{"cmd":"grep \'*** Begin Patch\' log"}')).steps

    assert "patch" not in step.native
