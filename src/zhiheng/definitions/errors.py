"""The one error of this package: a definition, target or question that breaks a rule, said so that a person can act."""


class DefinitionError(ValueError):
    """Raised with the file or argument and the rule it breaks."""

    def __init__(self, where: str, rule: str) -> None:
        super().__init__(f"{where}: {rule}")
        self.where = where
        self.rule = rule
