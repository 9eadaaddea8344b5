"""The day of an item stands beside it, kept right by the database."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION dossiers_item_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."on" := coalesce(
        (SELECT day FROM documents_document WHERE id = NEW.document_id),
        (SELECT (answered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
           FROM documents_opinion WHERE id = NEW.opinion_id),
        (NEW.added_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date);
    RETURN NEW;
END $$;
CREATE TRIGGER item_day BEFORE INSERT OR UPDATE OF document_id, opinion_id, added_at, "on"
    ON dossiers_item FOR EACH ROW EXECUTE FUNCTION dossiers_item_day();
CREATE FUNCTION dossiers_follow_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dossiers_item SET "on" = NEW.day WHERE document_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER items_follow_day AFTER UPDATE OF day ON documents_document
    FOR EACH ROW WHEN (OLD.day IS DISTINCT FROM NEW.day)
    EXECUTE FUNCTION dossiers_follow_day();
UPDATE dossiers_item SET "on" = NULL;
"""
BACKWARD = """
DROP TRIGGER items_follow_day ON documents_document;
DROP FUNCTION dossiers_follow_day();
DROP TRIGGER item_day ON dossiers_item;
DROP FUNCTION dossiers_item_day();
"""


class Migration(migrations.Migration):
    dependencies = (
        ("dossiers", "0007_opinions_in_dossiers"),
        ("documents", "0016_quiet_acts"),
    )

    operations = (
        migrations.AddField("item", "on", models.DateField(editable=False, null=True)),
        migrations.AddIndex(
            "item", models.Index(fields=("dossier", "on", "ordinal"), name="item_by_time")
        ),
        # Last: the rows that it changes have checks that wait for the end of the transaction.
        migrations.RunSQL(FORWARD, BACKWARD),
    )
