"""Setting the demo up and loading its log, moved by whole weeks so that it ends within the past seven days."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.choices import OrganisationKind, Tier
from zhiheng.accounts.models import Organisation
from zhiheng.analyze import readers
from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import load as load_mapping
from zhiheng.desk.services import LoadResult, load_history
from zhiheng.desk.services.history.cases import Window
from zhiheng.kernel.errors import NotFound
from zhiheng.kernel.text import bilingual
from zhiheng.kernel.time import now, to_epoch
from zhiheng.platform.jobs import progress, report
from zhiheng.processes.queries import kind_named
from zhiheng.web.services.demo.agreements import install_agreements
from zhiheng.web.services.demo.catalogue import install_catalogue
from zhiheng.web.services.demo.exemptions import install_exemptions
from zhiheng.web.services.demo.people import install_people, join_busiest_teams

WEEK_S = 7 * 86_400
# After May 2016 the log thins to a tail: every recent month would be "not enough data".
CUT = datetime(2016, 5, 31, tzinfo=UTC)
SOURCE = "servicenow"
STATE_NAMES = {
    "New": bilingual(zh="新建", en="New"),
    "Active": bilingual(zh="处理中", en="Active"),
    "Awaiting User Info": bilingual(zh="待用户信息", en="Awaiting user info"),
    "Awaiting Problem": bilingual(zh="待问题处理", en="Awaiting problem"),
    "Awaiting Vendor": bilingual(zh="待供应商", en="Awaiting vendor"),
    "Awaiting Evidence": bilingual(zh="待证据", en="Awaiting evidence"),
    "Resolved": bilingual(zh="已解决", en="Resolved"),
    "Closed": bilingual(zh="已办结", en="Closed"),
}


def set_up_demo() -> None:
    """Organisations, people and promises of the demo; safe to run again."""
    provider = _organisation("质衡示例服务商", OrganisationKind.PROVIDER)
    customer = _organisation("示例客户集团", OrganisationKind.CUSTOMER, tier=Tier.HIGH)
    install_people(customer=customer, provider=provider)
    install_catalogue()
    install_agreements(customer=customer)
    install_exemptions(customer=customer)


def load_sample(*, path: Path, shift: bool = True) -> LoadResult:
    """Load the sample log. Raises NotFound when the file is not there."""
    if not path.exists():
        raise NotFound(
            _("The sample log %(path)s is missing.") % {"path": path}, code="no_sample", field="path"
        )
    progress(done=0, note=str(_("Reading the log")))
    log = readers.read([path], mapping=load_mapping("servicenow"), timezone="UTC")
    moment = now()
    cut_s = to_epoch(CUT)
    shift_s = weeks_to(_last_before(log, cut_s), to_epoch(moment)) if shift else 0
    progress(done=0, note=str(_("Loading tickets")))
    result = load_history(
        log=log, kind=kind_named("incident"), source=SOURCE, window=Window(cut_s=cut_s, shift_s=shift_s),
        organisation=Organisation.objects.get(name="示例客户集团"), state_names=STATE_NAMES, as_of=moment,
    )  # fmt: skip
    join_busiest_teams()
    told = {"tickets": result.tickets, "entries": result.entries, "there": result.already_there}
    report(
        gettext("Loaded: %(tickets)s tickets, %(entries)s entries; there before: %(there)s tickets") % told
    )
    return result


def weeks_to(last_s: int, now_s: int) -> int:
    """The whole weeks, in seconds, that move ``last_s`` into the seven days before ``now_s``."""
    return (now_s - last_s) // WEEK_S * WEEK_S


def _last_before(log: EventLog, cut_s: int) -> int:
    times = log.times_s
    return int(times[times < cut_s].max())


def _organisation(name: str, kind: str, tier: str = Tier.NONE) -> Organisation:
    found = Organisation.objects.filter(name=name).first()
    if found is None:
        found = Organisation(name=name, kind=kind, tier=tier)
        found.save()
    return found
