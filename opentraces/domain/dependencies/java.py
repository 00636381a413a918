"""Packages of Java: pom.xml, build scripts of Gradle, and its lock file. Named `group:artifact`."""

import re
from collections.abc import Iterator

from opentraces.domain.dependencies.declared import Declared, clean, declared, lines_of, without
from opentraces.domain.environment import Pin

_GROUP = re.compile(r"<groupId>\s*([^<]*?)\s*</groupId>")
_ARTIFACT = re.compile(r"<artifactId>\s*([^<]*?)\s*</artifactId>")
_CONFIGURATION = (
    r"\b(?:\w*(?:[iI]mplementation|[aA]pi|[cC]ompileOnly|[rR]untimeOnly|[aA]nnotationProcessor)"
    r"|classpath|kapt|ksp|compile|testCompile)\s*\(?\s*"
    r"(?:(?:platform|enforcedPlatform)\s*\(\s*)?"
)
_COORDINATES = re.compile(_CONFIGURATION + r"[\"']([\w.$-]+):([\w.$-]+)(?::[^\"']*)?[\"']")
_NAMED = re.compile(
    _CONFIGURATION + r"group\s*[:=]\s*[\"']([\w.-]+)[\"']\s*,\s*name\s*[:=]\s*[\"']([\w.-]+)[\"']"
)
_TO_END = re.compile(r"(?<![:\w])//[^\n]*")
_LOCKED = re.compile(r"([^:=\s]+):([^:=\s]+):([^:=\s]+)=\S*")


def pom(text: str) -> Declared:
    """Read pom.xml; what stands in a property is not a name."""
    return declared(_of_pom(without(text, "<!--", "-->")))


def gradle(text: str) -> Declared:
    """Read build.gradle or build.gradle.kts: dependencies that are spelled out."""
    code = " ".join(_TO_END.sub("", without(text, "/*", "*/")).split())
    found = (*_COORDINATES.findall(code), *_NAMED.findall(code))
    return declared(f"{group}:{name}" for group, name in found if "$" not in group + name)


def gradle_lock(text: str) -> Declared:
    """Read gradle.lockfile."""
    found = (_LOCKED.fullmatch(line.strip()) for line in lines_of(text))
    return declared(
        (),
        [Pin(name=clean(f"{each[1]}:{each[2]}"), version=clean(each[3])) for each in found if each],
    )


def _of_pom(text: str) -> Iterator[str]:
    for part in text.split("<dependency>")[1:]:
        own = without(part.partition("</dependency>")[0], "<exclusions>", "</exclusions>")
        group, artifact = _GROUP.search(own), _ARTIFACT.search(own)
        if group and artifact and "$" not in group[1] + artifact[1]:
            yield f"{group[1]}:{artifact[1]}"
