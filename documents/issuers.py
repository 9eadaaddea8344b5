"""Which issuers an agency has had documents of: few names among very many documents."""

from django.db import connection

# Hops along the index from one name to the next, so the cost is that of the names, not of the
# documents. The database's own order of text is what the index has.
_NAMES = """
WITH RECURSIVE names AS (
    (SELECT organ_name FROM documents_document
     WHERE agency_id = %(agency)s ORDER BY organ_name LIMIT 1)
    UNION ALL
    SELECT (SELECT later.organ_name FROM documents_document later
            WHERE later.agency_id = %(agency)s AND later.organ_name > names.organ_name
            ORDER BY later.organ_name LIMIT 1)
    FROM names WHERE names.organ_name IS NOT NULL
)
SELECT organ_name FROM names WHERE organ_name IS NOT NULL LIMIT %(most)s
"""


def issuers_of(agency_id: int, most: int = 1000) -> list[str] | None:
    """Every issuer's name in the agency's documents; None when there are more than ``most``.

    For narrowing what is filtered by rights anyway: never to be shown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"agency": agency_id, "most": most + 1})
        names = [name for (name,) in cursor.fetchall()]
    return names if len(names) <= most else None
