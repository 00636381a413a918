"""Every error raised on purpose.

OpentracesError
├── BadRequest             what was asked for cannot be understood
│   ├── ConfigInvalid      a key of config.toml is unknown or of the wrong type
│   ├── SettingsInvalid    a configuration file of an agent's holds nothing that can be edited
│   └── Ambiguous          a prefix names several traces
├── NotFound               asked for by name, is not there
│   ├── BlobNotFound
│   ├── BytesReleased
│   ├── NoContext          what the model saw is not known of a step
│   ├── NoSuchFile         no file of this name in a repository
│   ├── NoSuchRevision     no commit of this name in a repository
│   ├── StepNotFound
│   └── TraceNotFound
├── Corrupt                is there, and is not what its digest says
├── RepositoryUnreadable   a repository cannot be read: damaged, another user's, no git
│   └── NoRepository       there is none around a folder
├── SourceUnreadable       a session's files cannot be read, or are not in their agent's format
│   └── SourceGone         a session's file was there a moment ago
├── Exhausted              the machine has no more of something for now: open files, memory
└── StorageUnavailable     the medium refused: disk full, permission, network
    ├── Busy               another process holds it; trying again later is right
    ├── SpoolFull          as much waits as may
    ├── ForeignBucket      the folder holds the bucket of another program
    └── NewerFormat        the folder was written by a later release than this one
"""


class OpentracesError(Exception):
    """Root of the tree: the command line shows the message, never a traceback."""


class BadRequest(OpentracesError):
    """What was asked for cannot be understood; the message says what would be."""


class ConfigInvalid(BadRequest):
    """A key of config.toml is unknown or of the wrong type; names file, key and type."""


class SettingsInvalid(BadRequest):
    """A configuration file of an agent's cannot be edited; names file and place."""


class Ambiguous(BadRequest):
    """A prefix names several traces; the message lists some of them."""


class NotFound(OpentracesError):
    """The name is well formed, and nothing is kept under it."""


class BlobNotFound(NotFound):
    """No blob has this id."""


class BytesReleased(NotFound):
    """The bytes of a trace's sources were let go by `retention.keep_raw_days`; names the trace."""


class NoContext(NotFound):
    """What the model saw at a step is not known; names it."""


class NoSuchFile(NotFound):
    """The repository has no file of this name; names it."""


class NoSuchRevision(NotFound):
    """The repository has no commit of this name; names it."""


class StepNotFound(NotFound):
    """The trace has no step of this number."""


class TraceNotFound(NotFound):
    """No trace has this id."""


class Corrupt(OpentracesError):
    """Stored bytes do not match the digest they are stored with; names the file."""


class RepositoryUnreadable(OpentracesError):
    """A repository cannot be read; names it, and says why."""


class NoRepository(RepositoryUnreadable):
    """A folder is in no repository; names it."""


class SourceUnreadable(OpentracesError):
    """A session's files cannot be read, or are not in their agent's format; names the file."""


class SourceGone(SourceUnreadable):
    """A session's file was there a moment ago, and is not now."""


class Exhausted(OpentracesError):
    """The machine has no more open files or memory for now; the same call may succeed later.

    Any port may raise it. It says nothing of the medium: what cannot be read now is not damaged.
    """


class StorageUnavailable(OpentracesError):
    """The medium refused; what was kept before is untouched."""


class Busy(StorageUnavailable):
    """Another process holds it; the same call may succeed later."""


class SpoolFull(StorageUnavailable):
    """As much waits as may; there is room again when it was taken up."""


class ForeignBucket(StorageUnavailable):
    """The folder holds the bucket of another program; names OPENTRACES_HOME as the way out."""


class NewerFormat(StorageUnavailable):
    """The folder was written by a later release; it is never written to by this one."""
