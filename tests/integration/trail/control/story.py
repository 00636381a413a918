"""A repository that agents, people and machines change in the same files and the same hours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.integration.trail.control.credits import SECOND, Checkout, User
from tests.integration.trail.control.sessions import ClaudeCode, Codex, Pi, Session

AGENTS: tuple[type[Session], ...] = (ClaudeCode, Codex, Pi)
WORDS = (
    *("parser", "retry", "backoff", "cache", "token", "stream", "buffer", "cursor", "search"),
    *("query", "schema", "migrate", "anchor", "commit", "timeout", "socket", "decode", "unicode"),
    *("secret", "bucket", "manifest", "ledger", "atomic", "policy", "ingest"),
)
MODULES = tuple(f"src/{name}.py" for name in ("reader", "writer", "server", "client"))
LOCK = "requirements.txt"


@dataclass
class Story:
    """What happened, and who did it."""

    user: User
    main: Checkout
    """Where the agents work."""

    away: Checkout
    """A clone, in which others work."""

    random: Random
    sessions: list[Session] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    """Whose a commit is, by its id: `agent`, or who cannot be one."""

    now: int = SECOND
    number: int = 0

    def function(self, name: str, hand: str) -> str:
        """Return a function that nobody wrote before; much of it stands in all of them."""
        one, two, three = self.random.sample(WORDS, 3)
        self.number += 1
        return (
            f"\n\ndef {name}_{one}_{self.number}(value, {two}=None):\n"
            f'    """Handle the {three} of a {one}, as {hand} likes it."""\n'
            "    if not value:\n"
            '        raise ValueError("empty")\n'
            f"    {two} = {two} or [{self.number}]\n"
            f'    return ["{three}", value, *{two}]\n'
        )

    def commit(self, where: Checkout, kind: str, who: str) -> None:
        """Commit what is there; whose it is stays known."""
        self.now += 30
        self.kinds[where.commit(f"{kind}: {self.number}", self.now, who)] = kind

    def fetch(self) -> None:
        """Bring together what was committed in both checkouts."""
        self.now += 60
        self.main.git("pull", "--quiet", "--no-rebase", "--no-edit", "away", "main", at=self.now)
        self.kinds[self.main.git("rev-parse", "HEAD")] = "merge"
        self.away.git("pull", "--quiet", "--ff-only", "origin", "main")


def tell(root: Path, seed: int = 7, rounds: int = 9, options: Sequence[str] = ()) -> Story:
    """Let it happen below `root`; `options` of the repository, as `git init` takes them."""
    user = User(root / "home")
    main, away = (Checkout(root / name, user) for name in ("app", "away"))
    for folder in (user.home, main.folder):
        folder.mkdir(parents=True)
    story = Story(user, main, away, Random(seed))
    _before(story, root, options)
    for number in range(rounds):
        _agent_works(story, AGENTS[number % len(AGENTS)])
        for part in story.random.sample(OTHERS, len(OTHERS)):
            part(story)
        story.fetch()
        _person_by_hand(story)
    return story


def _before(story: Story, root: Path, options: Sequence[str]) -> None:
    """What was there before any agent was."""
    main = story.main
    main.git("init", "--quiet", "--initial-branch=main", *options)
    main.write(LOCK, "requests==2.31.0\npytest==8.1.0\n")
    for path in MODULES:
        main.write(path, f'"""The {path}, as it was."""\n' + story.function("first", "a founder"))
    story.commit(main, "before", "founder")
    for path in MODULES * 2:
        main.write(path, main.read(path) + story.function("early", "a founder"))
        story.commit(main, "before", "founder")
    (main.folder / ".git/info/attributes").write_text("* merge=union\n")
    main.git("clone", "--quiet", str(main.folder), str(root / "away"))
    main.git("remote", "add", "away", str(root / "away"))


def _agent_works(story: Story, agent: type[Session]) -> None:
    """A session of a few edits, which are committed; a person adds to two files before that."""
    session = agent(story.user.home, story.main.folder, len(story.sessions) + 1, story.now + 60)
    story.sessions.append(session)
    session.ask(f"make it handle more, {session.number}")
    for path in story.random.sample(MODULES, 3):
        text = story.main.read(path)
        last = "\n".join(text.splitlines()[-2:])
        made = story.function("made", "a model")
        if text.count(f"{last}\n") == 1:
            session.edit(path, f"{last}\n", f"{last}\n{made}")
        else:
            session.write(path, text + made)
        if story.random.random() < 0.4:
            first = story.main.read(path).splitlines()[0]
            story.number += 1
            session.edit(path, first, f"{first}\nLIMIT_{story.number} = {story.number} * 1000")
    session.write(f"src/part_{session.number}.py", story.function("whole", "a model").lstrip())
    session.end()
    for path in (MODULES[session.number % 4], f"src/part_{session.number}.py"):
        story.main.write(path, f"# looked over by hand, {story.number}\n{story.main.read(path)}")
    story.now = session.moment
    story.commit(story.main, "agent", "dev")


def _person_by_hand(story: Story) -> None:
    """A person goes on in the files that agents wrote, where these work."""
    for path in story.random.sample(MODULES, 2):
        text = story.function("typed", "a person") + story.main.read(path)
        story.main.write(path, text.lstrip("\n"))
    story.commit(story.main, "person, same checkout", "dev")


def _colleague(story: Story) -> None:
    """Somebody else goes on in the same files, elsewhere."""
    for path in story.random.sample(MODULES, 2):
        lines = story.away.read(path).split("\n\n\n")
        lines.insert(1, story.function("others", "a colleague").strip())
        story.away.write(path, "\n\n\n".join(lines))
    story.commit(story.away, "other people", "colleague")


def _colleague_copies(story: Story) -> None:
    """Somebody else copies what an agent wrote elsewhere, whole, or changed a little."""
    made = [part for part in story.main.read(MODULES[0]).split("\n\n\n") if "a model" in part]
    theirs = "\n\n\n".join(made[-2:])
    story.number += 1
    story.away.write(f"tools/copied_{story.number}.py", f"{theirs}\n")
    text = story.away.read(MODULES[1])
    changed = theirs.replace("value", "given")
    story.away.write(MODULES[1], f"{text.rstrip()}\n\n\n{changed}\n")
    story.commit(story.away, "other people, copies", "colleague")


def _raises_versions(story: Story) -> None:
    story.number += 1
    story.away.write(LOCK, f"requests==2.31.{story.number}\npytest==8.1.{story.number}\n")
    story.commit(story.away, "bot, dependencies", "dependabot[bot]")


def _formats(story: Story) -> None:
    """A formatter changes quotes and breaks lines, in files of all."""
    for path in story.random.sample(MODULES, 2):
        text = (
            story.away.read(path).replace('return ["', "return ['").replace('", value', "', value")
        )
        text = text.replace("(value, ", "(\n    value,\n    ")
        story.away.write(path, text)
    story.commit(story.away, "bot, formatter", "formatter[bot]")


def _generates(story: Story) -> None:
    """Files are generated that repeat the lines of others."""
    every = "".join(story.main.read(path) for path in MODULES)
    heads = [line for line in every.splitlines() if line.startswith("def ")]
    story.away.write("docs/api.md", "# All there is\n\n" + "".join(f"{one}\n" for one in heads))
    story.away.write("vendor/src/reader.py", story.main.read("src/reader.py"))
    story.commit(story.away, "bot, generated", "generator[bot]")


OTHERS: tuple[Callable[[Story], None], ...] = (
    _colleague,
    _colleague_copies,
    _raises_versions,
    _formats,
    _generates,
)
