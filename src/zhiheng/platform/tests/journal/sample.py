"""Records for the tests of the journal, in a registry of their own: nothing else of the product sees them."""

from django.apps.registry import Apps
from django.db import connection, models

from zhiheng.platform.journal import JournaledModel, register_act

REGISTRY = Apps(["zhiheng.platform"])


class Folder(JournaledModel):
    name = models.CharField(max_length=50)

    class Meta:
        apps = REGISTRY
        app_label = "platform"
        db_table = "sample_folder"


class Note(JournaledModel):
    journal_omit = frozenset({"read_at"})
    journal_masked = frozenset({"secret"})

    title = models.CharField(max_length=50)
    body = models.TextField(blank=True)
    stars = models.IntegerField(default=0)
    labels = models.JSONField(default=dict)
    secret = models.CharField(max_length=50, blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    due_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(auto_now=True)
    folder = models.ForeignKey(Folder, models.CASCADE, null=True)
    related = models.ForeignKey("self", models.SET_NULL, null=True)

    class Meta:
        apps = REGISTRY
        app_label = "platform"
        db_table = "sample_note"


register_act("platform.note.renamed", label="renamed", public=True)
register_act(
    "platform.note.moved",
    label="moved",
    version=3,
    upcasts={
        1: lambda data: {**data, "to": data.get("target")},
        2: lambda data: {key: value for key, value in data.items() if key != "target"},
    },
)


def create_tables() -> None:
    """Make the tables afresh: the database may be one that an earlier run left."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS sample_note")
        cursor.execute("DROP TABLE IF EXISTS sample_folder")
    with connection.schema_editor() as editor:
        editor.create_model(Folder)
        editor.create_model(Note)
