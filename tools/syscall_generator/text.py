"""Pieces that several generated files have in common."""

import textwrap

from .table import Call, Parameter

ORIGIN = "generated from syscall.def by tools/generate-syscalls"
ABI_HEADERS = ["types", "status", "message", "event", "shared", "log", "process", "device", "debug", "system"]
NEVER_BLOCKS = "Never blocks."
WIDTH = 96


def abi_includes() -> str:
    return "".join(f"#include <abi/{name}.h>\n" for name in ABI_HEADERS)


def heading(sentence: str, rules: str = "") -> str:
    """The comment that opens a C file: what it is, where it is from, and the rules for its users."""
    lines = [sentence, f"({ORIGIN})"] + (["", *rules.strip().splitlines()] if rules else [])
    return "/*\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n"


def wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest,
                         break_long_words=False, break_on_hyphens=False)


def sleep_sentence(call: Call) -> str:
    if call.never_returns:
        return "Does not come back."
    if call.noreturn:
        return f"Comes back only with an error. {NEVER_BLOCKS}"
    if call.blocks:
        return "The caller may sleep in it."
    return "" if NEVER_BLOCKS in " ".join(call.text) else NEVER_BLOCKS


def class_sentence(call: Call) -> str:
    return {"driver": "For drivers.", "server": "For servers and drivers.",
            "application": "For all classes."}[call.lowest_class]


def direction(parameter: Parameter) -> str:
    return {"in": "in", "struct": "in", "bytes": "in", "fill": "out", "buffer": "out", "result": "out",
            "update": "in, out"}[parameter.kind]


def meanings(parameter: Parameter) -> list[tuple[str, str]]:
    """Each C parameter that it becomes, with what it is."""
    text = parameter.text
    if parameter.kind == "result":
        text += "; may be NULL" if parameter.stored_always else "; stored only with OK; may be NULL"
    lines = [(parameter.c_names[0], text)]
    if len(parameter.c_names) == 2:
        lines.append((parameter.c_names[1], "bytes of it"))
    return lines
