"""The models whose writes are not journaled, each with the reason.

A test walks all models: there is no third kind.
"""

from __future__ import annotations

EXEMPT = {
    # the journal itself
    "platform.entry": "it is the journal",
    "platform.seal": "seals the journal",
    "platform.revision": "holds long texts of entries, which name it with its digest",
    "platform.handlercursor": "says how far a handler has read",
    "platform.parked": "entries that wait for a handler; what the handler then does is journaled",
    "platform.archivefile": "names a file of archived entries; archiving and taking back are acts",
    "platform.archivekey": "derived: says where in the files a record's entries lie",
    # background work
    "platform.job": "a job's writes are journaled under its actor; its own row has log and times",
    "platform.worker": "says who is alive",
    "platform.schedule": "says when a job last fired; the job has its own row",
    # derived: can be made again from what is journaled
    "records.searchdocument": "a search document is made from its record in the same transaction",
    "desk.ticketclock": "a clock is derived from the ticket's entries and can be derived again",
    "desk.clockflip": "a flip is derived from a clock and never changes",
    "processes.numbersequence": "the numbers it gave are in the entries of the records that got them",
    # content and read marks
    "platform.storedfile": "content-addressed bytes; attaching a file to a record is journaled",
    "platform.notification": "made by a handler from an entry; reading it is a read mark",
    "records.importrun": "staging: what an import applies is journaled row by row with its run",
    "records.importrow": "staging: what an import applies is journaled row by row with its run",
    # Django's and allauth's own tables; sign-in, factor and session acts are journaled by accounts
    "auth.permission": "Django's, unused: grants are our own",
    "auth.group": "Django's, unused: teams and roles are our own",
    "auth.group_permissions": "Django's, unused",
    "contenttypes.contenttype": "one row per model, kept by migrations",
    "sessions.session": "a session; signing in and out are acts",
    "usersessions.usersession": "a session; signing in and out are acts",
    "account.emailaddress": "a copy of the person's address, which is journaled",
    "account.emailconfirmation": "a one-time link",
    "mfa.authenticator": "a secret; adding and removing a factor are acts",
}
