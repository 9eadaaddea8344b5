"""pg_trgm for searching, and triggers that let acts and seals only be inserted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION documents_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only inserted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER act_insert_only BEFORE UPDATE OR DELETE ON documents_documentact
    FOR EACH ROW EXECUTE FUNCTION documents_insert_only();
CREATE TRIGGER seal_insert_only BEFORE UPDATE OR DELETE ON documents_trailseal
    FOR EACH ROW EXECUTE FUNCTION documents_insert_only();
"""
BACKWARD = """
DROP TRIGGER act_insert_only ON documents_documentact;
DROP TRIGGER seal_insert_only ON documents_trailseal;
DROP FUNCTION documents_insert_only();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
