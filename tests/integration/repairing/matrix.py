"""One damage after the other to a copy of a home, and what a repair makes of it."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from opentraces.adapters.filesystem.layout import TOMBSTONES, blob_file, trace_folder
from opentraces.domain.mending import Repaired
from opentraces.domain.session import SourceKind
from tests.integration.adapters.filesystem.on_disk import traces_of
from tests.integration.repairing.harm import Harm
from tests.integration.repairing.kept_home import KeptHome


def try_all(home: KeptHome, harms: Iterable[Harm], place: Path) -> int:
    """Damage copies of a home, and repair each; returns how many damages were tried."""
    tried = 0
    for harm in harms:
        shutil.copytree(home.path, place, symlinks=True)
        _try(home, KeptHome(place, home.agent, home.parser), harm)
        shutil.rmtree(place)
        tried += 1
    return tried


def _try(whole: KeptHome, home: KeptHome, harm: Harm) -> None:
    harm.do(home.bucket)
    damaged = home.files()
    foretold = home.repair(dry_run=True)
    assert home.files() == damaged, harm

    done = home.repair()

    assert (foretold.mended, foretold.left) == (done.mended, done.left), harm
    if harm.name.startswith(TOMBSTONES) and harm.kind == "missing":
        assert (done.ok, done.mended) == (True, ()), harm
    elif _can_be_mended(whole, harm):
        assert done.ok, (harm, done.left)
        assert done.mended, harm
        assert home.problems() == set(), harm
        assert home.all_kept() == whole.all_kept(), harm
    else:
        _assert_contained(whole, home, harm, done)
    _assert_evidence(home, harm, damaged, done)
    after = home.files()
    again = home.repair()
    assert (again.mended, again.left) == ((), done.left), harm
    assert home.files() == after, harm


def _can_be_mended(whole: KeptHome, harm: Harm) -> bool:
    """Whether the bytes that are lost are anywhere else."""
    traces = traces_of(whole.path)
    for trace in traces.ids():
        envelope = traces.envelope(trace)
        for number, kept in enumerate(envelope.header.sources):
            file = blob_file(kept.blob.blob) if kept.blob else envelope.source_file(number)
            if harm.name in (file, f"{trace_folder(trace)}/{file}"):
                return kept.kind is not SourceKind.HOOKS and whole.agent_has(trace, number)
    return True


def _assert_contained(whole: KeptHome, home: KeptHome, harm: Harm, done: Repaired) -> None:
    """The report names what is lost; nothing else has changed."""
    assert [each.path for each in done.left] == [harm.name], harm
    assert "lost" in done.left[0].text, harm
    assert (done.mended, done.aside) == ((), ()), harm
    files, before = home.files(), whole.files()
    touched = {name for name in {*files, *before} if files.get(name) != before.get(name)}
    assert touched <= {harm.name, f"{harm.name}/in it"}, harm
    for trace, kept in whole.all_kept().items():
        if trace != done.left[0].trace:
            assert home.kept(trace) == kept, harm


def _assert_evidence(home: KeptHome, harm: Harm, damaged: dict[str, bytes], done: Repaired) -> None:
    """What was damaged and replaced is in quarantine, as it was."""
    if done.left or harm.kind == "missing":
        assert done.aside == (), harm
        return
    [place] = done.aside
    evidence = home.bucket / place
    assert evidence.name == f"{harm.file}.0", harm
    if harm.kind == "link":
        assert evidence.readlink() == home.path / "elsewhere", harm
    elif harm.kind == "folder":
        assert (evidence / "in it").read_bytes() == damaged[f"{harm.name}/in it"], harm
    else:
        assert evidence.read_bytes() == damaged[harm.name], harm
