from opentraces.adapters.memory.privacy import MemoryPrivacy
from opentraces.application.diagnosing.privacy import PrivacyChecker
from opentraces.domain.health import Check, Level

FIX = "opentraces doctor --fix"
WELL = Check("privacy", Level.OK, "what is kept is for you alone")


def test_what_is_private_is_well() -> None:
    checker = PrivacyChecker(MemoryPrivacy())

    assert list(checker.checks()) == [WELL]
    assert list(checker.mend()) == []


def test_what_is_exposed_is_named_and_closed() -> None:
    checker = PrivacyChecker(MemoryPrivacy(["/h/bucket", "/h/spool"]))

    text = "2 of our files and folders are not private: /h/bucket, …"
    assert list(checker.checks()) == [Check("privacy", Level.WARN, text, FIX)]
    assert list(checker.mend()) == ["made 2 of our files and folders private"]
    assert list(checker.checks()) == [WELL]


def test_of_much_that_is_exposed_not_all_is_counted() -> None:
    for number, much in ((99, "99"), (100, "100 or more"), (101, "100 or more")):
        (check,) = PrivacyChecker(MemoryPrivacy(map(str, range(number)))).checks()

        assert check.text == f"{much} of our files and folders are not private: 0, …"


def test_an_agents_own_folder_is_told_and_never_changed() -> None:
    privacy = MemoryPrivacy(open_to_others=["/home/me/a b/projects"])
    checker = PrivacyChecker(privacy)

    assert list(checker.checks())[1:] == [
        Check(
            "privacy",
            Level.WARN,
            "other users of this machine may look into /home/me/a b/projects",
            "chmod go-rwx '/home/me/a b/projects'",
        )
    ]
    assert list(checker.mend()) == []
    assert privacy.open_to_others() == ("/home/me/a b/projects",)
