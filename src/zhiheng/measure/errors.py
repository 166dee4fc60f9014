"""The one error of `measure`: an argument that breaks a stated rule."""

from __future__ import annotations


class MeasureError(ValueError):
    """An argument breaks a rule. `argument` names it, `rule` says in words what must hold."""

    def __init__(self, argument: str, rule: str) -> None:
        super().__init__(f"{argument}: {rule}")
        self.argument = argument
        self.rule = rule

    def __reduce__(self) -> tuple[type[MeasureError], tuple[str, str]]:
        # Exceptions cross process borders by pickle, which would otherwise call __init__ with the message.
        return type(self), (self.argument, self.rule)
