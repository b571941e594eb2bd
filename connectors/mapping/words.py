"""What plants write for yes and no, in the languages of their HMIs."""

from typing import Any

_TRUE = "1 true t on yes y active raise raised set alarm alert fault 異常 警報 動作 故障 発生 报警"
_FALSE = "0 false f off no n inactive clear cleared reset normal norm ok 正常 復歸 复归 解除 恢復"
TRUE, FALSE = frozenset(_TRUE.split()), frozenset(_FALSE.split())


def truth(value: Any) -> bool | None:
    """Read a yes or no; None for what is neither (and for null)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value) if value in (0, 1) else None
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in TRUE else False if word in FALSE else None
    return None


def name(value: Any) -> str:
    """A scalar as a table key: 17.0 and 17 are "17", true is "true"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
