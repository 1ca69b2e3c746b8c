"""QEMU key names ("qcodes") for the characters of a US keyboard."""

from __future__ import annotations

_PLAIN = {
    " ": "spc", "\n": "ret", "\t": "tab", "\b": "backspace", "-": "minus", "=": "equal",
    "[": "bracket_left", "]": "bracket_right", "\\": "backslash", ";": "semicolon",
    "'": "apostrophe", "`": "grave_accent", ",": "comma", ".": "dot", "/": "slash",
}
_SHIFTED = dict(zip('!@#$%^&*()_+{}|:"~<>?', "1234567890-=[]\\;'`,./"))


def keys_of_character(character: str) -> list[str]:
    """The keys pressed together for one character."""
    if character in _SHIFTED:
        return ["shift", *keys_of_character(_SHIFTED[character])]
    if character in _PLAIN:
        return [_PLAIN[character]]
    if character.isascii() and character.isalnum():
        return ["shift", character.lower()] if character.isupper() else [character]
    raise ValueError(f"no key of a US keyboard types {character!r}")
