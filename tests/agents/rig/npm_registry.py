"""A registry of npm on loopback that has one package."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import orjson

from tests.agents.rig.loopback import listening


@contextmanager
def publishing(manifest: Mapping[str, Any], packed: bytes) -> Iterator[str]:
    """Serve a package, packed as `npm pack` does; yields the address of the registry."""
    name, version = manifest["name"], manifest["version"]

    class Bound(_Handler):
        package = f"/{name}"
        tarball = f"/{name}/-/{name}-{version}.tgz"

    with listening(Bound) as address:
        Bound.served = {
            Bound.package: orjson.dumps(_document(manifest, packed, address + Bound.tarball)),
            Bound.tarball: packed,
        }
        yield address


class _Handler(BaseHTTPRequestHandler):
    package: ClassVar[str]
    tarball: ClassVar[str]
    served: ClassVar[Mapping[str, bytes]]

    def do_GET(self) -> None:
        """Give the package, or what is said of it; know of nothing else."""
        path = self.path.partition("?")[0]
        body = self.served.get(path)
        self.send_response(404 if body is None else 200)
        is_packed = path == self.tarball
        kind = "application/octet-stream" if is_packed else "application/json"
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body or b"{}")))
        self.end_headers()
        self.wfile.write(body or b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Print nothing."""


def _document(manifest: Mapping[str, Any], packed: bytes, address: str) -> Mapping[str, Any]:
    name, version = manifest["name"], manifest["version"]
    sum_ = base64.b64encode(hashlib.sha512(packed).digest()).decode()
    dist = {"tarball": address, "integrity": f"sha512-{sum_}"}
    return {
        "_id": name,
        "name": name,
        "dist-tags": {"latest": version},
        "versions": {version: {**manifest, "_id": f"{name}@{version}", "dist": dist}},
    }
