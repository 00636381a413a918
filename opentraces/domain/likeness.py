"""Words that are nearly others."""


def is_like(word: str, other: str, distance: int) -> bool:
    """Whether so many changes make one word the other.

    A change: a letter is missing, is too many, is another, or is swapped with the next.
    """
    is_too_long = abs(len(word) - len(other)) > distance
    if is_too_long or len({*word} ^ {*other}) > 2 * distance:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, 1):
        earlier, before, row = before, row, [at]
        for place, wanted in enumerate(other, 1):
            best = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != wanted))
            is_swapped = at > 1 and place > 1 and letter == other[place - 2]
            if is_swapped and word[at - 2] == wanted:
                best = min(best, earlier[place - 2] + 1)
            row.append(best)
        if min(row) > distance:
            return False
    return row[-1] <= distance
