"""Dotted names in the bank that no installed library can resolve, each with the reason why it is right all the same."""

KNOWN: dict[str, str] = {}
