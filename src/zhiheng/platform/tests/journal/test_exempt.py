"""Every model is journaled or listed with a reason; no journaled model can be written past the journal."""

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.db import models

from zhiheng.platform.journal import JournaledModel
from zhiheng.platform.journal.checks import check_journaled_models, problems_of
from zhiheng.platform.journal.exempt import EXEMPT
from zhiheng.platform.tests.journal.sample import Note

whole = pytest.mark.skipif(
    "zhiheng.web" not in settings.INSTALLED_APPS, reason="only part of the apps is installed"
)


@whole
def test_every_model_is_journaled_or_exempt():
    found = {
        model._meta.label_lower: issubclass(model, JournaledModel)
        for model in apps.get_models(include_auto_created=True)
    }
    assert {name for name, journaled in found.items() if not journaled} - set(EXEMPT) == set()
    assert set(EXEMPT) - {name for name, journaled in found.items() if not journaled} == set(), "stale"


@whole
def test_no_journaled_model_has_a_way_around_the_journal():
    assert check_journaled_models(None) == []


def test_each_way_around_is_named():
    registry = Apps(["zhiheng.platform"])

    class Plain(models.Model):
        class Meta:
            apps = registry
            app_label = "platform"

    class Leaky(JournaledModel):
        journal_omit = frozenset({"vanished"})
        links = models.ManyToManyField(Plain, related_name="+")
        owner = models.ForeignKey(Plain, models.CASCADE, related_name="+")
        objects = models.Manager()

        class Meta:
            apps = registry
            app_label = "platform"

    assert sorted({problem.id for problem in problems_of(Leaky)}) == [
        "zhiheng.J001",
        "zhiheng.J002",
        "zhiheng.J003",
        "zhiheng.J004",
    ]
    assert list(problems_of(Note)) == []
