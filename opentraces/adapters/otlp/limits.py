"""How much of anything one client, and all of them, may have."""

BODY = 4 << 20
"""Bytes of a body, as it is sent and as it is inflated. A client sends each second what its agent
did in it: a hundredth of this."""

VALUES = 200_000
"""Objects, arrays, and commas between what stands in them, of a body in JSON's form: as many
values of Python's may take 30 MB."""

RECORDS = 20_000
"""Records of a request, and all that they stand in: each costs time, however small it is. A client
sends some hundreds at most."""

MESSAGE = 256 << 10
"""Bytes of one record in protobuf's form: as many empty messages may take 20 MB."""

IN_FLIGHT = 8 << 20
"""Bytes of all bodies that are being read or decoded."""

SMALL = 64 << 10
"""Bytes of a body up to which it is decoded beside others; larger ones go one by one."""

HEAD = 64 << 10
"""Bytes of a request's line and headers, and of the pieces in which a body is read."""

CONNECTIONS = 64
"""Connections, a thread each."""

STACK = 512 << 10
"""Bytes of a thread's stack."""

REQUEST_S = 10.0
"""How long a request may take to arrive, from its first byte; also an answer to be taken."""

IDLE_S = 120.0
"""How long a connection may wait for its next request; for its first, a request's time."""

LINGER_S = 1.0
"""How long what a refused client still sends is thrown away: else it could not read why."""
