"""Services, what they rest on and what can be asked for within them: what the database holds to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import override

from zhiheng.catalog.choices import DeliveryForm, LifecycleStage
from zhiheng.catalog.models import Offering, Service, ServiceItem
from zhiheng.cmdb.models import ConfigurationItem, ItemClass
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.journal import entries_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail() -> Iterator[Service]:
    with acting(SYSTEM, Cause.SETUP):
        yield Service.objects.create(slug="mail", name={"zh": "邮件", "en": "Mail"})


def test_a_service_speaks_the_readers_language(mail: Service) -> None:
    with override("zh-hans"):
        assert str(mail) == "邮件"
    with override("en"):
        assert str(mail) == "Mail"
    assert (mail.delivery, mail.stage, mail.in_portal) == (
        DeliveryForm.MANAGED,
        LifecycleStage.OPERATION,
        True,
    )


def test_a_service_with_offerings_is_not_deleted_from_under_them(mail: Service) -> None:
    offering = Offering.objects.create(service=mail, slug="mailbox", name={"en": "New mailbox"})
    with pytest.raises(ProtectedError), transaction.atomic():
        mail.delete()
    offering.delete()
    mail.delete()
    assert not Service.objects.exists()


def test_an_item_stands_once_under_a_service_and_goes_with_it(mail: Service) -> None:
    item_class = ItemClass.objects.create(slug="server", name={"en": "Server"})
    item = ConfigurationItem.objects.create(name="mx1", item_class=item_class)
    link = ServiceItem.objects.create(service=mail, item=item)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceItem.objects.create(service=mail, item=item)
    with override("en"):
        assert str(link) == "Mail – mx1"
    linked = link.pk
    mail.delete()
    assert not ServiceItem.objects.filter(pk=linked).exists()
    assert ConfigurationItem.objects.filter(pk=item.pk).exists()


def test_every_change_of_a_service_is_on_record(mail: Service) -> None:
    mail.stage = LifecycleStage.RETIREMENT
    mail.save()
    changed, created = entries_for(mail)
    assert (created.act, changed.act) == ("catalog.service.created", "catalog.service.changed")
    assert changed.changes == {"stage": ["operation", "retirement"]}
