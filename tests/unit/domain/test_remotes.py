"""Remotes: one name for each way to reach a repository, and no secret in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.remotes import plain_remote

WIDGETS = "github.com/acme/widgets"

ALIKE = [
    "https://github.com/acme/widgets",
    "https://github.com/acme/widgets.git",
    "https://github.com/acme/widgets/",
    "https://github.com/acme/widgets.git/",
    "https://GitHub.com/acme/widgets",
    "HTTPS://github.com/acme/widgets",
    "https://github.com:443/acme/widgets",
    "https://me@github.com/acme/widgets",
    "https://me:hunter2@github.com/acme/widgets.git",
    "https://me:hunt@er2@github.com/acme/widgets.git",
    "https://github.com/acme/widgets.git?token=hunter2",
    "https://github.com/acme/widgets.git#hunter2",
    "http://github.com/acme/widgets",
    "git://github.com/acme/widgets.git",
    "ssh://git@github.com/acme/widgets.git",
    "ssh://git@github.com:22/acme/widgets.git",
    "git+ssh://git@github.com/acme/widgets",
    "git@github.com:acme/widgets.git",
    "git@github.com:/acme/widgets.git",
    "github.com:acme/widgets",
    "me:hunter2@github.com:acme/widgets.git",
    "foreign::https://me:hunter2@github.com/acme/widgets",
]

OTHERS = {
    "/srv/git/widgets.git": "/srv/git/widgets.git",
    "../widgets": "../widgets",
    "./a:b": "./a:b",
    "/srv/a@b:c": "/srv/a@b:c",
    "widgets": "widgets",
    "file:///srv/git/widgets.git": "/srv/git/widgets.git",
    "git@github.com:widgets.git": "github.com/widgets",
    "https://git.example.org/~me/sub/group/widgets.git": "git.example.org/~me/sub/group/widgets",
    "https://[::1]:8080/acme/widgets": "[::1]/acme/widgets",
    "git@[::1]:acme/widgets": "[::1]/acme/widgets",
    "s3://key:hunter2@bucket/widgets": "bucket/widgets",
    "https://github.com": "github.com",
}

NONE = ["", "https://", "ext::sh -c hunter2", "https://a/\nb", "/srv/a\0b", "x" * 3000, "file://"]


@pytest.mark.parametrize("address", ALIKE)
def test_each_way_to_a_repository_is_written_alike(address: str) -> None:
    assert plain_remote(address) == WIDGETS


@pytest.mark.parametrize(("address", "name"), OTHERS.items())
def test_others(address: str, name: str) -> None:
    assert plain_remote(address) == name


@pytest.mark.parametrize("address", NONE)
def test_what_names_no_place_is_none(address: str) -> None:
    assert plain_remote(address) is None


@given(
    scheme=st.sampled_from(["https", "http", "ssh", "ftp", "s3", "x+y"]),
    user=st.text(st.characters(codec="ascii", exclude_characters="/?#SECRET\0\n"), max_size=9),
    path=st.text("abc/.:", max_size=9),
)
def test_no_password_is_left(scheme: str, user: str, path: str) -> None:
    said = plain_remote(f"{scheme}://{user}:SECRET@host/{path}")

    assert "SECRET" not in (said or "")


@given(st.text(max_size=40))
def test_any_text_is_an_address(address: str) -> None:
    said = plain_remote(address)

    assert said is None or said
