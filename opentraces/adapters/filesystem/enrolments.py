"""Enrolled projects as projects.json, and the lists of their folders that hooks read."""

import os
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from opentraces.adapters.filesystem.commit_notes import bring_notes_in_line
from opentraces.adapters.filesystem.durable import Folder, replace
from opentraces.adapters.filesystem.enrolled import LISTS, age, listed_folders
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.projects_file import PROJECTS_FILE, decode, encode
from opentraces.adapters.filesystem.tree import Tree, translated
from opentraces.domain.enrolment import Project, listed_paths
from opentraces.domain.session import Agent
from opentraces.ports.enrolments import Change, Enrolments, Projects


class FilesystemEnrolments(Enrolments):
    """See Enrolments. A list is in line when it is of the same moment as projects.json.

    The moment is set, so it does not depend on the clock.
    """

    def __init__(self, home: Path) -> None:
        """Keep projects.json in `home`, and the lists in `state` below it."""
        self._home = home
        self._state = Tree(home / "state")
        self._locks = Locks(home / "state")

    def projects(self) -> Projects:
        """See Enrolments."""
        stored = self._stored()
        return () if stored is None else decode(stored)

    def update(self, change: Change) -> Projects:
        """See Enrolments. What a list loses, it loses first; what it gains, it gains last."""
        with closing(self._locks.hold(PROJECTS_FILE, wait=True)):
            stored = self._stored()
            before = () if stored is None else decode(stored)
            after = change(before)
            if after != before:
                self._shrink(after)
                replace(self._home, PROJECTS_FILE, encode(after, stored))
            self._bring_in_line(after)
            return after

    def listed(self, agent: str) -> tuple[str, ...]:
        """See Enrolments."""
        return listed_folders(self._home / "state", agent)

    def relist(self) -> None:
        """See Enrolments."""
        with closing(self._locks.hold(PROJECTS_FILE, wait=True)):
            self._bring_in_line(self.projects())

    def _stored(self) -> bytes | None:
        return Tree(self._home).read(PROJECTS_FILE)

    def _shrink(self, after: Projects) -> None:
        for agent in self._agents(after):
            listed = self.listed(agent)
            left = {*listed} & {*listed_paths(after, agent)}
            if len(left) < len(listed):
                self._write(agent, left)

    def _bring_in_line(self, projects: Projects) -> None:
        moment = age(self._home / PROJECTS_FILE)
        for agent in self._agents(projects):
            place = self._home / "state" / LISTS / agent
            wanted = listed_paths(projects, agent)
            if moment is None:
                self._remove(agent)
            elif age(place) != moment or self.listed(agent) != wanted:
                self._write(agent, wanted)
                with translated(str(place)):
                    os.utime(place, ns=(moment, moment))
        bring_notes_in_line(self._home, projects)

    def _agents(self, projects: Iterable[Project]) -> list[str]:
        """Return every agent that has a list, or should have one."""
        enrolled = (agent for project in projects for agent in project.agents)
        lists = (name for name in self._state.names(LISTS) if not name.startswith("."))
        return sorted({*Agent, *enrolled, *lists})

    def _write(self, agent: str, paths: Iterable[str]) -> None:
        data = b"".join(os.fsencode(path) + b"\n" for path in sorted(paths))
        with closing(Folder(self._home / "state", LISTS)) as folder:
            folder.write(f".{agent}.tmp", data)
            folder.rename(f".{agent}.tmp", agent)

    def _remove(self, agent: str) -> None:
        if self._state.size(f"{LISTS}/{agent}") is not None:
            with closing(Folder(self._home / "state", LISTS)) as folder:
                folder.remove(agent)
