"""How a command is used, at the end of its help."""


def examples(*lines: str) -> str:
    """Return an epilog for click that keeps its lines as they are."""
    return "\b\n" + "\n".join(["Examples:", *(f"  {line}" for line in lines)])
