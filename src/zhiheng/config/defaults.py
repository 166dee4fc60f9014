"""What every installation starts with: roles, calendars, kinds and processes, priorities. Safe to run again."""

from django.conf import settings
from django.utils.translation import override

from zhiheng.accounts.services import install_shipped_roles
from zhiheng.calendars.services import install_calendars
from zhiheng.desk.services import install_priority_matrix
from zhiheng.processes.services import install_processes


def install_defaults() -> None:
    """Add what is missing, in the installation's language; never touch what the organisation changed."""
    with override(settings.LANGUAGE_CODE):
        install_shipped_roles()
        install_calendars()
        install_processes()
        install_priority_matrix()
