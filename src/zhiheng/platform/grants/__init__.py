"""Who may do what to which rows: roles, grants, scopes.

A grant is a permission ``app.model[.kind]:action`` (``*`` for any) within a scope: own, team, organisation,
service, contract or all. Import from here:

- declare: `register_scopes(model, [Own("requester"), Team("team")], confidential=, kind_field=, actions=)`,
  `Everyone() Own() Team() Organisation() Service() Contract()`; `register_scope(name, ids_for=, depends_on=)`
  says which teams, organisations … an actor has; `register_delegate(kind, find)` whom a token serves;
- ask: `visible_to(actor, action, queryset)`; for long lists `page_of(…, order=, limit=)` and
  `count_visible(…, cap=)`, `some_visible(…, cap=)` to count within a statement; `may`, `require`,
  `branches(actor, action, model)` (`.all`, `.qs`), `facts_predicate` for the facts mirror (DuckDB);
- after a write: `second_look`, `second_look_many`, inside the transaction;
- `remembering()` around a request loads what an actor holds once; `person_of(actor)`: also behind a token.

Persons, tokens and anonymous visitors pass through grants; system, job and rule actors are trusted code.
"""

from zhiheng.platform.grants.branches import Branch, Branches, branches
from zhiheng.platform.grants.facts import facts_predicate
from zhiheng.platform.grants.holdings import (
    Delegation,
    forget_holdings,
    holdings_of,
    person_of,
    register_delegate,
    register_scope,
    remembering,
)
from zhiheng.platform.grants.permissions import GENERIC_ACTIONS, Permission, parse, permissions
from zhiheng.platform.grants.queries import (
    count_visible,
    may,
    page_of,
    require,
    second_look,
    second_look_many,
    some_visible,
    visible_to,
)
from zhiheng.platform.grants.scopes import (
    Contract,
    Everyone,
    Organisation,
    Own,
    Scope,
    Service,
    Team,
    register_scopes,
    scopes_of,
    withdraw_scopes,
)

__all__ = [
    "GENERIC_ACTIONS",
    "Branch",
    "Branches",
    "Contract",
    "Delegation",
    "Everyone",
    "Organisation",
    "Own",
    "Permission",
    "Scope",
    "Service",
    "Team",
    "branches",
    "count_visible",
    "facts_predicate",
    "forget_holdings",
    "holdings_of",
    "may",
    "page_of",
    "parse",
    "permissions",
    "person_of",
    "register_delegate",
    "register_scope",
    "register_scopes",
    "remembering",
    "require",
    "scopes_of",
    "second_look",
    "second_look_many",
    "some_visible",
    "visible_to",
    "withdraw_scopes",
]
