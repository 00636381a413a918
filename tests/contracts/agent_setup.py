"""What every AgentSetup keeps to."""

import pytest

from opentraces.domain.errors import Busy, SettingsInvalid
from opentraces.domain.setup import SetupPlan
from opentraces.ports.agent_setup import AgentSetup


class AgentSetupContract:
    FOREIGN: bytes
    """Settings that hold something, and nothing of ours."""

    BROKEN: bytes
    """Settings that cannot be edited."""

    @pytest.fixture
    def setup(self) -> AgentSetup:
        raise NotImplementedError("give the setup of an agent that has no settings yet")

    def other(self) -> AgentSetup:
        """Another setup of the same agent: by another Python, for another home."""
        raise NotImplementedError

    def files(self) -> dict[str, bytes]:
        """What the agent has, by path."""
        raise NotImplementedError

    def settings(self) -> bytes | None:
        """The agent's settings; None: there are none."""
        raise NotImplementedError

    def write_settings(self, data: bytes) -> None:
        """Be the user, and write the settings."""
        raise NotImplementedError

    def edit(self, data: bytes) -> bytes:
        """Change settings as a user may, so that nothing of ours is touched."""
        raise NotImplementedError

    @pytest.fixture(params=["no settings", "settings"])
    def before(self, request: pytest.FixtureRequest, setup: AgentSetup) -> dict[str, bytes]:
        """The files of an agent that was not set up yet."""
        if request.param == "settings":
            self.write_settings(self.FOREIGN)
        return self.files()

    def test_nothing_is_installed_at_first(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        found = setup.inspect()

        assert not found.is_installed
        assert (found.events, found.interpreter, found.script, found.home) == ((), None, None, None)
        assert (found.backup, found.problem, found.is_for_us) == (None, None, False)
        assert len(found.missing) > 1

    def test_a_plan_changes_nothing(self, setup: AgentSetup, before: dict[str, bytes]) -> None:
        assert setup.install().changes
        assert self.files() == before

    def test_installed_all_of_it_is_found(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        missing = setup.inspect().missing
        setup.apply(setup.install())
        found = setup.inspect()

        assert found.is_installed
        assert (set(found.events), found.missing) == (set(missing), ())
        assert (found.is_for_us, found.script_is_ours, found.problem) == (True, True, None)
        assert found.script in self.files()
        assert (found.backup in self.files()) == bool(before)

    def test_a_plan_says_what_is_and_what_will_be(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        for plan in (setup.install, setup.remove):
            made, held = plan(), self.files()
            assert [held.get(change.path) for change in made.changes] == [
                change.before for change in made.changes
            ]
            setup.apply(made)
            for change in made.changes:
                assert self.files().get(change.path) == change.after

    def test_only_the_settings_are_shared(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        shared = [change for change in setup.install().changes if change.is_shared]

        assert [(change.before, self.settings()) for change in shared] == [(self.settings(),) * 2]

    def test_installed_twice_nothing_is_to_be_done(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        setup.apply(setup.install())

        assert setup.install() == SetupPlan(())

    def test_where_nothing_is_installed_nothing_is_removed(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        assert setup.remove() == SetupPlan(())

    def test_removed_each_file_is_as_before(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        setup.apply(setup.install())
        setup.apply(setup.remove())

        assert self.files() == before
        assert not setup.inspect().is_installed

    def test_an_edit_in_between_survives(self, setup: AgentSetup) -> None:
        self.write_settings(self.FOREIGN)
        setup.apply(setup.install())
        self.write_settings(self.edit(self.settings() or b""))
        setup.apply(setup.install())
        setup.apply(setup.remove())

        assert self.settings() == self.edit(self.FOREIGN)

    def test_another_python_takes_the_place_of_the_first(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        setup.apply(setup.install())
        other = self.other()
        assert not other.inspect().is_for_us
        other.apply(other.install())

        assert other.inspect().is_for_us
        assert not setup.inspect().is_for_us
        assert setup.inspect().events == other.inspect().events
        setup.apply(setup.remove())
        assert self.files() == before

    def test_a_plan_that_is_out_of_date_is_refused(self, setup: AgentSetup) -> None:
        plan = setup.install()
        self.write_settings(self.FOREIGN)
        held = self.files()

        with pytest.raises(Busy):
            setup.apply(plan)
        assert self.files() == held

    def test_an_install_interrupted_anywhere_is_finished_by_the_next(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        for number in range(len(setup.install().changes)):
            setup.apply(SetupPlan(setup.install().changes[:number]))
            setup.apply(setup.install())
            assert setup.inspect().missing == ()
            setup.apply(setup.remove())
            assert self.files() == before

    def test_an_install_interrupted_anywhere_is_undone_by_a_removal(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        for number in range(len(setup.install().changes)):
            setup.apply(SetupPlan(setup.install().changes[:number]))
            setup.apply(setup.remove())
            assert self.files() == before

    def test_a_removal_interrupted_anywhere_is_finished_by_the_next(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        setup.apply(setup.install())
        for number in range(len(setup.remove().changes)):
            setup.apply(SetupPlan(setup.remove().changes[:number]))
            setup.apply(setup.remove())
            assert self.files() == before
            setup.apply(setup.install())

    def test_what_runs_the_script_is_never_there_without_it(
        self, setup: AgentSetup, before: dict[str, bytes]
    ) -> None:
        for plan in (setup.install, setup.remove):
            while changes := plan().changes:
                setup.apply(SetupPlan(changes[:1]))
                found = setup.inspect()
                assert found.script_is_ours == found.is_installed

    def test_settings_that_cannot_be_edited_stay_as_they_are(self, setup: AgentSetup) -> None:
        self.write_settings(self.BROKEN)

        for plan in (setup.install, setup.remove):
            with pytest.raises(SettingsInvalid):
                plan()
        assert self.settings() == self.BROKEN
        assert setup.inspect().problem
        assert not setup.inspect().is_installed
