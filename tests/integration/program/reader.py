"""A reader of buckets that knows docs/bucket-format.md, the standard library and zstandard.

`python reader.py BUCKET FOLDER` checks every digest, writes each trace's files below FOLDER, and
prints a line of JSON for each trace: its header, its steps as last amended, its files' sizes.
"""

import hashlib
import json
import sys
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import zstandard

OPERATORS = frozenset(("$from", "$join", "$trim", "$numbered", "$concat", "$blob", "$part"))
OF_BODIES = frozenset(("$head", "$marked", "$text"))
"""Keys that make an object stand for something else: no other key does."""
NAMESPACE = UUID("5c6f4f5e-6f70-5e74-9261-636573000001")
SPACE = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
SEAL = len(b',"digest":"0123456789abcdef"}\n')


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def sealed(file: Path, family: str) -> dict[str, Any]:
    """Read a document whose last member is the digest of the bytes before it."""
    data = file.read_bytes()
    said: dict[str, Any] = json.loads(data)
    assert said["digest"] == digest(data[:-SEAL]), file
    assert said["format"] == f"opentraces.{family}/1", said["format"]
    return said


def trace_folders(bucket: Path) -> Iterator[Path]:
    """Every trace that was committed and not deleted."""
    deleted = {file.stem for file in bucket.glob("tombstones/v1/*/*.json")}
    for envelope in sorted(bucket.glob("traces/v1/*/*/trace.json")):
        if envelope.parent.name not in deleted:
            yield envelope.parent


def unpacked(stored: bytes, name: str) -> bytes:
    if name.endswith(".gz"):
        reader = zlib.decompressobj(31)
        data = reader.decompress(stored)
        assert reader.eof, name
        assert not reader.unused_data, name
        return data
    return zstandard.ZstdDecompressor().decompress(stored, allow_extra_data=False)


def members(folder: Path, name: str, listed: dict[str, Any]) -> Iterator[bytes]:
    """The plain bytes of each run of a file; never a byte beyond the committed length."""
    stored = (folder / name).read_bytes()
    offset = 0
    for _, _, plain, length, of_stored, of_plain, *_ in listed["members"]:
        run = stored[offset : offset + length]
        offset += length
        assert (len(run), digest(run)) == (length, of_stored), (folder, name)
        data = unpacked(run, name)
        assert (len(data), digest(data)) == (plain, of_plain), (folder, name)
        yield data
    assert offset == listed["length"], (folder, name)


def file_of(files: dict[str, Any], stem: str, ending: str) -> str | None:
    """The one file of a kind that an envelope lists, of whatever generation."""
    return next((f for f in files if f.startswith(f"{stem}.") and f.endswith(ending)), None)


def steps(folder: Path, said: dict[str, Any]) -> list[Any]:
    """The lines of a trace's steps, by number, each as last amended."""
    name = file_of(said["files"], "steps", ".jsonl.gz")
    latest: dict[int, Any] = {}
    for data in members(folder, name, said["files"][name]) if name else ():
        for line in data.splitlines():
            kept = json.loads(line)
            latest[kept["step"]["step_index"]] = kept
    assert sorted(latest) == list(range(1, said["header"].get("steps", 0) + 1)), folder
    return [latest[number] for number in sorted(latest)]


def trail(folder: Path, said: dict[str, Any]) -> list[Any]:
    """The events of a trace's trail, as they were written."""
    name = file_of(said["files"], "trail", ".jsonl.gz")
    data = b"".join(members(folder, name, said["files"][name])) if name else b""
    return [json.loads(line) for line in data.splitlines()]


def text_at(folder: Path, said: dict[str, Any], place: dict[str, Any]) -> str:
    """The text that stands at a place."""
    data = source(folder, said, place.get("source", 0))
    value = json.loads(data[place["offset"] :][: place["length"]])
    for part in place["pointer"].split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    assert isinstance(value, str), (folder, place)
    return value


def check_events(folder: Path, said: dict[str, Any], events: list[Any]) -> None:
    """Whether each text stands where an event says, and each patch is called as it should be."""
    keys = {kept["step"]["step_index"]: kept["key"] for kept in steps(folder, said)}
    for event in events:
        change = event.get("change", {})
        for place in (change.get("before"), change.get("after")):
            assert place is None or text_at(folder, said, place) is not None
        if event["event"] == "patch_created":
            named = {key: change.get(key) for key in ("call", "moved_from", "operation", "path")}
            named |= {"number": change.get("number", 0), "trace": said["trace_id"]}
            named |= {"step": keys[event["step_index"]]}
            text = json.dumps(named, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            assert event["patch_id"] == hashlib.sha256(text.encode()).hexdigest(), event


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def pointed(value: Any, pointer: str) -> Any:
    """What a JSON pointer names in a value."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


class Tree:
    """The Context Tree of a trace."""

    def __init__(self, folder: Path, said: dict[str, Any]) -> None:
        name = file_of(said["files"], "context", ".jsonl.gz")
        data = b"".join(members(folder, name, said["files"][name])) if name else b""
        self.events = [json.loads(line) for line in data.splitlines()]
        self.nodes = {e["node_id"]: e for e in self.events if e["event"] == "node"}
        self.layers = {e["layer_id"]: e for e in self.events if e["event"] == "layer"}
        self.parts = {e["part_id"]: e for e in self.events if e["event"] == "part"}
        self.bodies = {e["name"]: e for e in self.events if e["event"] == "body"}
        self._folder, self._said = folder, said
        self._sources: dict[int, bytes] = {}
        self._messages: dict[str, list[Any]] = {}
        self._texts: dict[str, str] = {}

    def rendered(self, template: Any) -> Any:
        """What a template stands for."""
        if isinstance(template, list):
            return [self.rendered(each) for each in template]
        if not isinstance(template, dict):
            return template
        operator = next(
            (key for key in template if key in OPERATORS | OF_BODIES | {"$literal"}), None
        )
        if operator is None:
            return {key: self.rendered(each) for key, each in template.items()}
        return self._operated(operator, template)

    def _operated(self, operator: str, template: dict[str, Any]) -> Any:
        given = template[operator]
        if operator == "$from":
            value = self._pointed(*given)
            without = template.get("without")
            return {k: v for k, v in value.items() if k not in without} if without else value
        if operator in ("$join", "$concat"):
            values = [self.rendered(each) for each in given]
            return "".join(values) if operator == "$join" else list(chain(*values))
        if operator == "$trim":
            return self.rendered(given).strip(SPACE)
        if operator == "$numbered":
            lines = self.rendered(given[0]).split("\n")
            return "\n".join(f"{given[1] + n}\t{line}" for n, line in enumerate(lines))
        if operator == "$blob":
            ref = next(each for each in self._said["header"]["parts"] if each["blob"] == given)
            return json.loads(blob(self._folder.parents[3], ref))
        if operator == "$part":
            return self.rendered(self.parts[given]["content"])
        return given if operator == "$literal" else self._of_body(operator, given)

    def _of_body(self, operator: str, given: Any) -> Any:
        """What stands for a piece of an earlier body, or puts marks into one."""
        if operator == "$marked":
            value = json.loads(json.dumps(self.rendered(given[0])))
            for pointer, mark in given[1].items():
                pointed(value, pointer).update(mark)
            return value
        if operator == "$text":
            return self.text(given[0])[given[1] : given[2]]
        assert operator == "$head", operator
        if given[0] not in self._messages:
            said = self.bodies[given[0]]["content"]["messages"]
            marked = said.get("$marked") if isinstance(said, dict) else None
            self._messages[given[0]] = self.rendered(marked[0] if marked else said)
        return self._messages[given[0]][: given[1]]

    def text(self, name: str) -> str:
        """What a body says, as text."""
        if name not in self._texts:
            value = self.rendered(self.bodies[name]["content"])
            is_text = self.bodies[name].get("is_text")
            self._texts[name] = value if is_text else dumped(value)
        return self._texts[name]

    def _pointed(self, number: int, offset: int, length: int, pointer: str) -> Any:
        if number not in self._sources:
            self._sources[number] = source(self._folder, self._said, number)
        return pointed(json.loads(self._sources[number][offset : offset + length]), pointer)

    def check(self) -> None:
        """Whether each body, layer, block and node is what it is named by."""
        for name, body in self.bodies.items():
            data = self.text(name).encode(body.get("encoding", "utf-8"))
            assert hashlib.sha256(data).hexdigest() == body["sha256"], name
        for layer in self.layers.values():
            value = self.rendered(layer["content"])
            value = [normal(each) for each in value] if isinstance(value, list) else value
            name = digest(layer["kind"].encode() + b"\0" + canonical(value))
            assert layer["layer_id"] == name, layer
        for node in self.nodes.values():
            for each in node.get("added", ()):
                value = normal(self.rendered(each["content"]))
                name = digest(each["role"].encode() + b"\0" + canonical(value))
                assert each["id"] == name, (node["node_id"], each)
            layers = [node.get(key) for key in ("system", "tool_registry", "runtime_state")]
            ids = [each["id"] for each in node.get("added", ())]
            material = [node.get("parent"), node.get("kept"), ids, layers]
            name = hashlib.sha256(canonical(material)).hexdigest()
            assert node["node_id"] == f"sha256:{name}", node


def normal(value: Any) -> Any:
    """A block in its normal form."""
    if isinstance(value, str):
        return {"type": "text", "text": value}
    if not isinstance(value, dict):
        return value
    left = {key: each for key, each in value.items() if key != "cache_control"}
    if left.get("type") == "thinking" and left.get("signature"):
        left.pop("thinking", None)
    if left.get("type") == "tool_result" and isinstance(left.get("content"), str | list):
        content = left["content"]
        left["content"] = [
            normal(each) for each in ([content] if isinstance(content, str) else content)
        ]
    return left


def source(folder: Path, said: dict[str, Any], number: int) -> bytes:
    """The bytes of one file of the session."""
    kept = said["header"]["sources"][number]
    if kept.get("blob"):
        data = blob(folder.parents[3], kept["blob"])
    else:
        name = file_of(said["files"], f"source-{number}", ".zst")
        data = b"".join(members(folder, name, said["files"][name])) if name else b""
    assert len(data) == kept["size"], (folder, number)
    return data


def blob(bucket: Path, ref: dict[str, Any]) -> bytes:
    stored = (bucket / "blobs" / "v1" / ref["blob"][:2] / f"{ref['blob']}.zst").read_bytes()
    assert (len(stored), digest(stored)) == (ref["stored"], ref["digest"]), ref
    reader = zstandard.ZstdDecompressor().stream_reader(stored, read_across_frames=True)
    data = reader.read()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (ref["size"], ref["blob"]), ref
    return data


def source_rows(folder: Path, said: dict[str, Any]) -> list[Any]:
    """The lines of the list of sources."""
    name = file_of(said["files"], "sources", ".jsonl.gz")
    data = b"".join(members(folder, name, said["files"][name])) if name else b""
    return [json.loads(line) for line in data.splitlines()]


def read(folder: Path, place: Path) -> dict[str, Any]:
    """Read one trace, and write its files below `place`."""
    said = sealed(folder / "trace.json", "trace")
    owner = f"{said['header']['agent']}\0{said['header']['session_id']}"
    assert said["trace_id"] == folder.name == str(uuid5(NAMESPACE, owner)), folder
    for number, kept in enumerate(said["header"].get("sources", ())):
        name = kept["name"]
        if kept.get("superseded"):
            name += f".{kept.get('generation', 0)}.before"
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(source(folder, said, number))
    events = trail(folder, said)
    check_events(folder, said, events)
    tree = Tree(folder, said)
    tree.check()
    return {
        "trace_id": said["trace_id"],
        "trail": events,
        "context": tree.events,
        "header": said["header"],
        "steps": steps(folder, said),
        "rows": source_rows(folder, said),
    }


def read_again(folder: Path, place: Path) -> dict[str, Any]:
    """Read one trace; when a file went meanwhile, as its newest envelope has it."""
    try:
        return read(folder, place)
    except FileNotFoundError:
        return read(folder, place)


def main(bucket: Path, place: Path) -> None:
    sealed(bucket / "bucket.json", "bucket")
    for file in bucket.glob("tombstones/v1/*/*.json"):
        assert sealed(file, "tombstone")["trace_id"] == file.stem
    for folder in trace_folders(bucket):
        sys.stdout.write(json.dumps(read_again(folder, place / folder.name)) + "\n")
    foreign = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
    assert "opentraces" not in foreign, foreign
    assert not foreign & {"orjson", "pydantic", "isal", "click"}, foreign


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
