"""Who gets what at every address: each URL × each of the cast × own, foreign and unknown."""

import functools
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from PIL import Image

from accounts.models import Unit, User
from core import clock
from documents.actions import saving
from documents.choices import AssignmentRole, Book
from documents.models import DocumentAct, Register, SavedFilter
from dossiers import actions as dossier_actions
from dossiers.actions import Fields, Line, cataloguing, issuing
from dossiers.actions.cataloguing import LineEntry
from dossiers.forms.verbs import FORMS as DOSSIER_FORMS
from dossiers.models import Catalogue, Dossier
from incoming import actions
from incoming.forms.papers import FORMS as MOVES
from incoming.forms.verbs import FORMS
from incoming.models import EntryDraft
from outgoing import actions as drafting
from outgoing.actions import batching
from outgoing.actions.uploading import looked_at
from outgoing.forms.compose import of_content
from outgoing.forms.verbs import FORMS as DRAFT_FORMS
from outgoing.models import AnnexFile, Batch, BatchRow, OutgoingDocument
from signatures.actions import errand_for
from signatures.choices import BackEnd
from signatures.models import Errand, SigningKey
from tests import cast as play
from tests.cast import act_as, make_office
from tests.files import build
from tests.kept import made_once, with_files
from tests.keys import make_key
from tests.outgoing import drafts
from tests.outgoing.issuing import sealed
from tests.outgoing.test_preparing import SIGNED, typed
from tests.quick import glance  # noqa: F401 -- a fixture

# What somebody gets who opens an address (GET) or sends a form there, rightly filled in (POST).
#   200 the page      302 on to another page    in  to the sign-in
#   404 no such page  405 not that way          409 a rule refuses    422 typed wrongly
# A document "tray" has arrived; "work" is led by the planning unit (head), assigned to the
# specialist and coordinated by finance, its paper is on the way to the specialist; "ward" was
# submitted to the ward's chair; "file" is a completed dossier of the specialist; "job" one that the
# chair gave to the planning unit, whose specialist has asked for all that may be asked; "sheet" is
# a draft that he has submitted, with its head now, and about which finance is asked; "out" is one
# of his that the clerk has sealed. The last
# four before nobody are of the ward below and of another agency. "rounds" is nobody's under Kon
# Tum's regulation; tests/incoming/test_rounds.py tries it under Bình Định's.
READERS = {
    "clk": "clerk",
    "chf": "chief",
    "chr": "chair",
    "vic": "vice",
    "arc": "archivist",
    "hea": "head",
    "spe": "specialist",
    "fin": "finance_head",
    "dep": "deputy",
    "col": "colleague",
    "adv": "adviser",
    "adm": "admin",
    "wch": "ward_chair",
    "wcl": "ward_clerk",
    "wof": "ward_officer",
    "str": "stranger",
    "ano": "anonymous",
}
TABLE = """
                               clk chf chr vic arc hea spe fin dep col adv adm wch wcl wof str ano
GET  healthz                   200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST healthz                   405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  readyz                    200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST readyz                    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  admin                     in  in  in  in  in  in  in  in  in  in  in  200 in  in  in  in  in
GET  set_language              302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST set_language              302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  start                     302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 in
POST start                     405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
GET  login                     302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 200
POST login                     302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 200
GET  logout                    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST logout                    in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in
GET  account                   200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 in
POST account                   302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 in
GET  sign_out_others           405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
POST sign_out_others           302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 in
GET  password_change           200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 in
POST password_change           422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 in
GET  switch                    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
POST switch                    302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 in
GET  plugin_source             404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST plugin_source             405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  plugin_upload             405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST plugin_upload             403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  keys                      200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 in
POST keys                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
GET  key_add                   200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 in
POST key_add                   422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 in
GET  key_picture key           404 404 404 200 404 404 404 404 404 404 404 404 404 404 404 404 in
POST key_picture key           404 404 404 422 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  key_shown key             404 404 404 200 404 404 404 404 404 404 404 404 404 404 404 404 in
POST key_shown key             405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
GET  key_unlock key            405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
POST key_unlock key            404 404 404 302 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  key_retire key            405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
POST key_retire key            404 404 404 302 404 404 404 404 404 404 404 404 404 404 404 404 in

GET  desk                      200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST desk                      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  notifications             200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST notifications             302 302 302 302 302 302 302 302 302 302 302 302 404 404 404 404 in
GET  search                    200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST search                    405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  issuers                   200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST issuers                   405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  saved                     200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST saved                     302 302 302 302 302 302 302 302 302 302 302 302 404 404 404 404 in
GET  saved_change saved        405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST saved_change saved        302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  book                      200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST book                      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  paper_register            200 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
POST paper_register            302 409 409 409 409 404 404 404 404 404 404 404 404 404 404 404 in
GET  directives                404 200 200 200 404 404 404 404 404 404 404 404 404 404 404 404 in
POST directives                405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  backlog                   404 200 200 200 404 200 404 200 404 404 404 404 404 404 404 404 in
POST backlog                   405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  help                      200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST help                      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  delegations               200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST delegations               422 422 422 422 422 422 422 422 422 422 422 409 404 404 404 404 in
GET  revoke                    405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST revoke                    404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  grid                      404 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST grid                      404 422 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  tray                      200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST tray                      302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  merge                     302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST merge                     409 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  draft                     405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST draft                     302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  discard_draft             405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST discard_draft             302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  sender                    200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST sender                    405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  rounds                    404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST rounds                    404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  register                  200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST register                  302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  export                    200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST export                    405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  bulk/share                200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST bulk/share                422 422 422 422 422 422 422 422 422 422 422 422 404 404 404 404 in
GET  dossiers                  200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST dossiers                  405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  new_dossier               200 200 200 200 200 200 200 200 200 200 200 409 404 404 404 404 in
POST new_dossier               302 302 302 302 302 302 302 302 302 302 302 409 404 404 404 404 in
GET  new_task                  409 200 200 200 409 200 409 200 409 409 409 409 404 404 404 404 in
POST new_task                  409 302 302 302 409 302 409 302 409 409 409 409 404 404 404 404 in
GET  papers                    200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST papers                    405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  catalogues                200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST catalogues                302 302 409 409 302 409 409 409 409 409 409 409 404 404 404 404 in
GET  catalogue_template        200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST catalogue_template        405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  catalogue/draft           200 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
GET  catalogue/issued          200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST catalogue/issued          405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  catalogue_heading_add/draft 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST catalogue_heading_add/draft 302 302 409 409 302 404 404 404 404 404 404 404 404 404 404 404 in
POST catalogue_heading_add/issued 409 409 409 409 409 409 409 409 409 409 409 409 404 404 404 404 in
GET  catalogue_heading/draft   405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST catalogue_heading/draft   302 302 409 409 302 404 404 404 404 404 404 404 404 404 404 404 in
POST catalogue_heading/issued  409 409 409 409 409 409 409 409 409 409 409 409 404 404 404 404 in
GET  catalogue_line_add/draft  405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST catalogue_line_add/draft  302 302 409 409 302 404 404 404 404 404 404 404 404 404 404 404 in
POST catalogue_line_add/issued 302 302 302 302 302 302 302 302 302 302 302 409 404 404 404 404 in
GET  catalogue_line/draft      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST catalogue_line/draft      302 302 409 409 302 404 404 404 404 404 404 404 404 404 404 404 in
POST catalogue_line/issued     409 409 409 409 409 409 409 409 409 409 409 409 404 404 404 404 in
GET  catalogue_import/draft    200 200 409 409 200 404 404 404 404 404 404 404 404 404 404 404 in
POST catalogue_import/draft    422 422 409 409 422 404 404 404 404 404 404 404 404 404 404 404 in
GET  catalogue_import/issued   409 409 409 409 409 409 409 409 409 409 409 409 404 404 404 404 in
GET  catalogue_export/draft    200 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
GET  catalogue_export/issued   200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST catalogue_export/issued   405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  catalogue_print/draft     200 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
GET  catalogue_print/issued    200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST catalogue_print/issued    405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  catalogue_history/draft   200 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
GET  catalogue_history/issued  200 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
POST catalogue_history/issued  405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  catalogue_verb/draft      302 302 302 302 302 404 404 404 404 404 404 404 404 404 404 404 in
POST catalogue_verb/draft      302 302 409 409 302 404 404 404 404 404 404 404 404 404 404 404 in
POST catalogue_verb/issued     409 409 409 409 409 409 409 409 409 409 409 409 404 404 404 404 in

GET  outgoing:outgoing         200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST outgoing:outgoing         405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:submit_many      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:submit_many      302 302 302 302 302 302 302 302 302 302 302 302 404 404 404 404 in
GET  outgoing:book             200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST outgoing:book             405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:book_print       200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST outgoing:book_print       405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:book_export      200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST outgoing:book_export      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:many/number      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:many/number      302 302 302 302 302 302 302 302 302 302 302 302 404 404 404 404 in
GET  outgoing:many/dance       405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:many/dance       404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  outgoing:batch batch      200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST outgoing:batch batch      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:device batch     404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST outgoing:device batch     404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  outgoing:undelivered      200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST outgoing:undelivered      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:weakening        200 200 409 409 409 409 409 409 409 409 409 200 404 404 404 404 in
POST outgoing:weakening        405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:renew            405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:renew            302 302 409 409 409 409 409 409 409 409 409 302 404 404 404 404 in
GET  outgoing:left             200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST outgoing:left             405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:new              200 200 200 200 200 200 200 200 200 200 200 409 404 404 404 404 in
POST outgoing:new              302 302 302 302 302 302 302 302 302 302 302 409 404 404 404 404 in
GET  outgoing:typed_new        405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:typed_new        200 200 200 200 200 200 200 200 200 200 200 409 404 404 404 404 in
GET  outgoing:typed_drop       405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:typed_drop       404 404 404 404 404 404 302 404 404 404 404 404 404 404 404 404 in
GET  outgoing:preview_new      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:preview_new      200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
GET  outgoing:preview_page     404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST outgoing:preview_page     405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:templates        200 200 200 200 409 409 409 409 409 409 409 409 404 404 404 404 in
POST outgoing:templates        405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:template_new     200 200 200 200 409 409 409 409 409 409 409 409 404 404 404 404 in
POST outgoing:template_new     302 302 302 302 409 409 409 409 409 409 409 409 404 404 404 404 in
GET  outgoing:template model   200 200 200 200 409 409 409 409 409 409 409 409 404 404 404 404 in
POST outgoing:template model   302 302 302 302 409 409 409 409 409 409 409 409 404 404 404 404 in
GET  outgoing:template_delete model 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:template_delete model 302 302 302 302 409 409 409 409 409 409 409 409 404 404 404 404 in
GET  outgoing:phrase_add       405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:phrase_add       302 302 302 302 409 409 409 409 409 409 409 409 404 404 404 404 in
GET  outgoing:phrase_delete phrase 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:phrase_delete phrase 302 302 302 302 409 409 409 409 409 409 409 409 404 404 404 404 in

GET  detail tray               302 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
GET  register_received tray    200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST register_received tray    302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  draft_received tray       405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST draft_received tray       302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  split tray                405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST split tray                302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  refuse tray               200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST refuse tray               302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  return_slip tray          404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST return_slip tray          405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  correct tray              409 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST correct tray              409 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  history tray              200 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
GET  related tray              200 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
POST related tray              409 409 409 409 409 404 404 404 404 404 404 404 404 404 404 404 in
GET  file tray                 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  page tray                 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  verb/comment tray         302 302 302 302 302 404 404 404 404 404 404 404 404 404 404 404 in
POST verb/comment tray         409 409 409 409 409 404 404 404 404 404 404 404 404 404 404 404 in
POST verb/submit tray          409 409 409 409 409 404 404 404 404 404 404 404 404 404 404 404 in
GET  keep_paper tray           404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  resolution tray           404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  stamped tray              404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in

GET  detail work               200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST detail work               405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  register_received work    302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST register_received work    302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  refuse work               302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST refuse work               302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  correct work              200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST correct work              302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  history work              200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST history work              405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  related work              200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST related work              409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
GET  file work                 200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST file work                 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  page work                 200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST page work                 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  verb/comment work         302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  verb/dance work           404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST verb/dance work           404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST verb/read work            404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST verb/submit work          409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/propose work         409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/direct work          409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/distribute work      409 302 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/assign work          409 409 409 409 409 302 409 302 404 404 404 404 404 404 404 404 in
POST verb/progress work        409 409 409 409 409 302 302 302 404 404 404 404 404 404 404 404 in
POST verb/comment work         302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST verb/finish work          409 409 409 409 409 409 302 302 404 404 404 404 404 404 404 404 in
POST verb/take_back work       409 422 409 409 409 302 409 409 404 404 404 404 404 404 404 404 in
POST verb/send_back work       409 409 409 409 409 302 302 302 404 404 404 404 404 404 404 404 in
POST verb/share work           302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST verb/purge work           409 409 302 302 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/urge work            409 302 302 302 409 302 409 409 404 404 404 404 404 404 404 404 in
POST verb/request_extension work 409 409 409 409 409 302 409 302 404 404 404 404 404 404 404 404 in
POST verb/decide_extension work 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/ask_opinion work     409 409 409 409 409 302 302 302 404 404 404 404 404 404 404 404 in
POST verb/give_opinion work    409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/withdraw_opinion work 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/reopen work          409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
GET  paper work                200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST paper work                405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  paper_slip work           200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST paper_slip work           405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  paper_receipt work        200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST paper_receipt work        405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  paper_move/take_over work 302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST paper_move/take_over work 302 409 409 409 409 409 302 409 404 404 404 404 404 404 404 404 in
POST paper_move/sign work      302 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST paper_move/hand_over work 302 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST paper_move/return_paper work 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST paper_move/report_lost work 302 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST paper_move/attach_slip work 302 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
GET  paper_move/attach_slip work 302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  paper_signed work         200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST paper_signed work         405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST paper_move/dance work     404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  keep_paper work           200 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST keep_paper work           302 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
GET  resolution work           200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST resolution work           405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  stamped work              200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST stamped work              405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  file_in work              200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST file_in work              409 302 302 302 409 302 302 404 404 404 404 404 404 404 404 404 in
POST verb/cancel work          409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/keep work            409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST verb/recall work          409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in

GET  dossier file              200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404 in
POST dossier file              405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  contents file             200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404 in
POST contents file             405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  dossier_file file         200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404 in
POST dossier_file file         405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  dossier_pages file        200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404 in
POST dossier_pages file        405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  dossier_page file         200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404 in
POST dossier_page file         405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  add_item file             302 200 200 200 302 200 200 404 404 404 404 404 404 404 404 404 in
POST add_item file             409 302 302 302 409 302 302 404 404 404 404 404 404 404 404 404 in
GET  move_item file            405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST move_item file            302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 404 in
GET  remove_item file          302 200 200 200 302 200 200 404 404 404 404 404 404 404 404 404 in
POST remove_item file          409 302 302 302 409 302 302 404 404 404 404 404 404 404 404 404 in
GET  dossier_verb/close file   302 302 302 302 302 200 200 404 404 404 404 404 404 404 404 404 in
POST dossier_verb/close file   409 409 409 409 409 302 302 404 404 404 404 404 404 404 404 404 in
POST dossier_verb/complete file 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 404 in
POST dossier_verb/send_back file 409 409 409 409 409 302 302 404 404 404 404 404 404 404 404 404 in
POST dossier_verb/correct file 409 302 302 302 409 302 302 404 404 404 404 404 404 404 404 404 in
POST dossier_verb/reopen file  409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 404 in
POST dossier_verb/grow file    409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 404 in
POST dossier_verb/dance file   404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in

GET  dossier job               200 200 200 200 200 200 200 200 404 404 200 404 404 404 404 404 in
GET  dossier_verb/give_out job 302 200 200 200 302 200 302 302 404 404 302 404 404 404 404 404 in
POST dossier_verb/give_out job 409 302 302 302 409 422 409 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/assign job   409 409 409 409 409 302 409 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/take_back job 409 302 302 302 409 302 409 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/progress job 409 409 409 409 409 302 302 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/finish job   409 409 409 409 409 409 302 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/send_back job 409 409 409 409 409 302 302 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/propose_coordinators job 409 409 409 409 409 302 302 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/answer_proposal job 409 409 409 409 409 409 409 302 404 404 302 404 404 404 404 404 in
POST dossier_verb/urge job     409 302 302 302 409 302 409 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/request_extension job 409 409 409 409 409 302 409 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/decide_extension job 409 409 409 409 409 302 409 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/ask_opinion job 409 409 409 409 409 302 302 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/give_opinion job 409 409 409 409 409 409 409 302 404 404 409 404 404 404 404 404 in
POST dossier_verb/withdraw_opinion job 409 409 409 409 409 409 302 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/comment job  302 302 302 302 302 302 302 302 404 404 302 404 404 404 404 404 in
POST dossier_verb/share job    409 302 302 302 409 302 302 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/complete job 409 409 409 409 409 409 409 409 404 404 409 404 404 404 404 404 in
POST dossier_verb/close job    409 409 409 409 409 409 409 409 404 404 409 404 404 404 404 404 in

GET  outgoing:detail sheet     200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST outgoing:detail sheet     405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:compose sheet    302 302 302 302 302 200 302 302 404 404 404 404 404 404 404 404 in
POST outgoing:compose sheet    409 409 409 409 409 302 409 409 404 404 404 404 404 404 404 404 in
GET  outgoing:typed sheet      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:typed sheet      409 409 409 409 409 200 409 409 404 404 404 404 404 404 404 404 in
GET  outgoing:upload sheet     409 409 409 409 409 200 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:upload sheet     409 409 409 409 409 302 409 409 404 404 404 404 404 404 404 404 in
GET  outgoing:place sheet      302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST outgoing:place sheet      302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:file_in sheet    200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST outgoing:file_in sheet    409 302 302 302 409 302 302 404 404 404 404 404 404 404 404 404 in
GET  outgoing:look_into sheet  405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:look_into sheet  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  outgoing:conversion sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:conversion sheet 302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:opinion_file sheet 200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST outgoing:opinion_file sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:preview sheet    405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:preview sheet    200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
GET  outgoing:picture_add sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:picture_add sheet 302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:picture sheet    200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST outgoing:picture sheet    405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:picture_drop sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:picture_drop sheet 302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:versions sheet   200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST outgoing:versions sheet   405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:version_file sheet 200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST outgoing:version_file sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:version_page sheet 200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST outgoing:version_page sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:remark sheet     405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:remark sheet     302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:settle sheet     405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:settle sheet     302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:issue sheet      302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST outgoing:issue sheet      409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
GET  outgoing:resend sheet     405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:resend sheet     302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:note_sent sheet  405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:note_sent sheet  302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:copy sheet       302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST outgoing:copy sheet       409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
GET  outgoing:copy work        200 200 200 200 302 302 302 302 404 404 404 404 404 404 404 404 in
POST outgoing:copy work        302 302 302 302 409 409 409 409 404 404 404 404 404 404 404 404 in
GET  outgoing:copy tray        302 302 302 302 302 404 404 404 404 404 404 404 404 404 404 404 in
POST outgoing:copy tray        409 409 409 409 409 404 404 404 404 404 404 404 404 404 404 404 in
GET  outgoing:recall_again sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:recall_again sheet 302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:note_answer sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:note_answer sheet 302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST outgoing:verb/recall sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
GET  outgoing:verb/dance sheet 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST outgoing:verb/dance sheet 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  outgoing:verb/comment sheet 200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
GET  outgoing:verb/approve_content sheet 302 302 302 302 302 200 302 302 404 404 404 404 404 404 404 404 in
POST outgoing:verb/submit sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/approve_content sheet 409 409 409 409 409 302 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/check_format sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/appraise sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/release sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/check_again sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/approve sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/take_over sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/note_paper sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/send_back sheet 409 409 409 409 409 302 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/withdraw sheet 409 409 409 409 409 409 302 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/abandon sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/resume sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/hand_over sheet 409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/comment sheet 302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST outgoing:verb/share sheet  409 302 302 409 409 302 302 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/ask_opinion sheet 409 302 302 409 409 302 302 409 404 404 404 404 404 404 404 404 in
POST outgoing:verb/give_opinion sheet 409 409 409 409 409 409 409 302 404 404 404 404 404 404 404 404 in
POST outgoing:verb/withdraw_opinion sheet 409 409 409 409 409 409 302 409 404 404 404 404 404 404 404 404 in
GET  outgoing:issued_file out  200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404 in
POST outgoing:issued_file out  405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:issued_page out  200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404 in
POST outgoing:issued_page out  405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:signature_report out 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404 in
POST outgoing:signature_report out 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:annexes sheet    409 409 409 409 409 200 409 409 404 404 404 404 404 404 404 404 in
POST outgoing:annexes sheet    409 409 409 409 409 302 409 409 404 404 404 404 404 404 404 404 in
GET  outgoing:annex_drop sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST outgoing:annex_drop sheet 302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  outgoing:annex_file sheet 200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST outgoing:annex_file sheet 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  outgoing:verb/seal out    302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 404 in
POST outgoing:verb/seal out    409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 404 in
GET  outgoing:verb/sign out    302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 404 in
POST outgoing:verb/sign out    409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 404 in
GET  outgoing:verb/number out  302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 404 in
POST outgoing:verb/number out  409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 404 in
GET  outgoing:verb/attach_scan out 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 404 in
POST outgoing:verb/attach_scan out 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 404 in
GET  outgoing:verb/void out    200 200 200 200 302 302 302 404 404 404 404 404 404 404 404 404 in
POST outgoing:verb/void out    302 302 302 302 409 409 409 404 404 404 404 404 404 404 404 404 in
GET  outgoing:issue out        200 302 302 302 302 302 302 404 404 404 404 404 404 404 404 404 in
POST outgoing:issue out        302 409 409 409 409 409 409 404 404 404 404 404 404 404 404 404 in
GET  outgoing:copy out         302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 404 in
POST outgoing:copy out         409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 404 in
GET  outgoing:detail out       200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404 in
POST outgoing:detail out       405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  errand errand             404 404 200 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST errand errand             405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  errand_begin errand       405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST errand_begin errand       404 404 200 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  errand_file errand        404 404 200 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST errand_file errand        405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  errand_upload errand      405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
POST errand_upload errand      404 404 302 404 404 404 404 404 404 404 404 404 404 404 404 404 in

GET  desk ward                 404 404 404 404 404 404 404 404 404 404 404 404 200 200 200 404 in
GET  book ward                 404 404 404 404 404 404 404 404 404 404 404 404 200 200 200 404 in
GET  outgoing:outgoing ward    404 404 404 404 404 404 404 404 404 404 404 404 200 200 200 404 in
POST outgoing:new ward         404 404 404 404 404 404 404 404 404 404 404 404 302 302 302 404 in
GET  outgoing:templates ward   404 404 404 404 404 404 404 404 404 404 404 404 200 200 409 404 in
GET  grid ward                 404 404 404 404 404 404 404 404 404 404 404 404 200 404 404 404 in
GET  tray ward                 404 404 404 404 404 404 404 404 404 404 404 404 404 200 404 404 in
GET  detail ward               404 404 404 404 404 404 404 404 404 404 404 404 200 200 404 404 in
GET  file ward                 404 404 404 404 404 404 404 404 404 404 404 404 200 200 404 404 in
POST verb/propose ward         404 404 404 404 404 404 404 404 404 404 404 404 409 409 404 404 in
POST verb/distribute ward      404 404 404 404 404 404 404 404 404 404 404 404 302 409 404 404 in
POST verb/recall ward          404 404 404 404 404 404 404 404 404 404 404 404 409 409 404 404 in
POST verb/finish ward          404 404 404 404 404 404 404 404 404 404 404 404 302 409 404 404 in
"""  # noqa: E501 -- a row is a row
PEOPLE = [name for name in READERS.values() if name != "anonymous"]
BLOCKS = {
    name: [line.split() for line in block.splitlines()]
    for name, block in zip(
        ("outside", "agency", "drafts", "tray", "work", "file", "job", "draft", "ward"),
        TABLE.strip().partition("\n")[2].split("\n\n"),
        strict=True,
    )
}
ROWS = [row for block in BLOCKS.values() for row in block]


# --- The office; what a request does is undone after it.

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]


@pytest.fixture(scope="module")
def _made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """For the whole file."""
    folder = tmp_path_factory.mktemp("store") / "files"
    with made_once(make_matrix, django_db_blocker, folder) as made:
        yield made


@pytest.fixture
def office(_made: SimpleNamespace, db: None) -> SimpleNamespace:
    """The cast, its documents, and a signed-in client for each."""
    return with_files(_made)


def make_matrix() -> SimpleNamespace:
    """The same for those who keep it longer than one test (tests/security)."""
    cast, pdf = make_office(), build()
    ward = play.registered(cast.ward_clerk, pdf, code_number="17")
    # What nobody here may see, and what nobody has: the same to everybody.
    foreign = play.registered(cast.stranger, pdf, code_number="99")
    made = SimpleNamespace(
        cast=cast,
        tray=play.received(cast.clerk, build(pages=3)),
        work=play.assigned(cast, pdf),
        ward=actions.submit(act_as(cast.ward_clerk), ward),
        saved=_saved(cast),
        draft=_draft(cast),
        file=_file(cast, pdf),
        job=_job(cast),
        foreign=foreign,
        paper=None,
        key=_key(cast),
        **_sheet(cast),
        clients={"anonymous": Client()},
        places={},
    )
    made.catalogues = _catalogues(cast)
    clerk = act_as(cast.clerk)
    made.paper = actions.keep_paper(clerk, made.work, sheets=2)
    made.paper = actions.hand_over(clerk, made.paper, cast.planning, cast.specialist, sheets=2)
    slip = play.upload(build(version="1.5"), "phieu.pdf")
    actions.attach_slip(clerk, made.paper, move=made.paper.moves.last(), slip=slip)
    made.slip = DocumentAct.objects.get(verb="attach_slip").ordinal
    for name in PEOPLE:
        made.clients[name] = Client()
        made.clients[name].force_login(getattr(cast, name))
    return made


def _catalogues(cast: SimpleNamespace) -> dict[str, Catalogue]:
    """Last year's was issued, this year's is a draft; one heading and one dossier in each."""
    keeper, year, made = act_as(cast.archivist), clock.today().year, {}
    for state in ("issued", "draft"):
        catalogue = issuing.start(keeper, year)
        heading = cataloguing.add_heading(keeper, catalogue, title="Tổng hợp")
        entry = LineEntry("01.TH", "Báo cáo năm", "20 năm", "VP", heading, unit=cast.office)
        cataloguing.add_line(keeper, catalogue, entry)
        if state == "issued":
            catalogue = issuing.submit(keeper, catalogue)
            words = {"decision_number": "06/QĐ-UBND", "decided_date": clock.today()}
            issuing.approve(act_as(cast.chair), catalogue, version=catalogue.version, **words)
            Catalogue.objects.filter(pk=catalogue.pk).update(year=year - 1)
        made[state] = Catalogue.objects.get(pk=catalogue.pk)
    return made


def _saved(cast: SimpleNamespace) -> SavedFilter:
    """A filter of the clerk, with a key that no document has."""
    row = saving.save_filter(act_as(cast.clerk), page="book", name="Khẩn", query="q=a")
    SavedFilter.objects.filter(pk=row.pk).update(id=2 * 10**9)
    return SavedFilter.objects.get(user=cast.clerk)


def _key(cast: SimpleNamespace) -> SigningKey:
    """The vice chair's own, with a number that no document has."""
    row = make_key("Lê Văn Hùng", owner=cast.vice)
    SigningKey.objects.filter(pk=row.pk).update(id=2 * 10**9)
    return SigningKey.objects.get(owner=cast.vice)


def _file(cast: SimpleNamespace, pdf: bytes) -> Dossier:
    """A dossier of the specialist with one file in it, completed and not closed."""
    me, typed = act_as(cast.specialist), Fields(title="Kè", file_notation="7TH", maintenance="5")
    dossier = dossier_actions.open(me, typed)
    dossier_actions.add_files(me, dossier, [play.upload(pdf)])
    return dossier_actions.complete(me, dossier, text="Đề xuất.")


def _job(cast: SimpleNamespace) -> Dossier:
    """A dossier on which people work; coordinators, a later day and an opinion are asked for."""
    today, do = clock.today(), dossier_actions
    typed = Fields(title="Chợ", file_notation="9TH", maintenance="5")
    lead = Line(AssignmentRole.LEAD, cast.planning, None, "Làm.", today + timedelta(days=10))
    dossier = do.begin(act_as(cast.chair), typed, lines=[lead])
    mine = Line(AssignmentRole.LEAD, cast.planning, cast.specialist, "", today + timedelta(days=8))
    dossier = do.assign(act_as(cast.head), dossier, [mine])
    me, unit = act_as(cast.specialist), Line(AssignmentRole.COORDINATE, cast.finance)
    both = [unit, Line(AssignmentRole.COORDINATE, cast.office, cast.adviser)]
    dossier = do.propose_coordinators(me, dossier, both, text="Cần dự toán.")
    day = today + timedelta(days=9)
    dossier = do.request_extension(me, dossier, day=day, text="Chờ số liệu.")
    return do.ask_opinion(me, dossier, [unit], text="Đủ tiền không?")


def _sheet(cast: SimpleNamespace) -> dict[str, Any]:
    """A submitted draft with a picture, a remark and an opinion that is asked for, and the file
    that it is; a draft of another agency; what the office keeps ready."""
    me, finance = act_as(cast.specialist), Line(AssignmentRole.COORDINATE, cast.finance)
    document = drafts.submitted(cast.specialist, drafts.drafted(cast))
    remark = drafting.remark(me, document, version=1, line=1, quote="", text="Ghi rõ hơn.")
    picture = play.upload(small_picture(), "so-do.png")
    picture = drafting.add_picture(act_as(cast.head), document, picture)
    theirs = drafting.draft(
        act_as(cast.strange_boss),
        drafts.content(),
        drafts.plan(cast.strange_boss),
        token=uuid4(),
        gate_kind="none",
    )
    chief = act_as(cast.chief)
    model = drafting.keep_template(chief, name="Công văn", content=drafts.content())
    phrase = drafting.keep_phrase(chief, "Đề nghị các đơn vị thực hiện.")
    typed = drafting.keep_typed(me, None, {"body": "Dở."}, token=uuid4(), window=uuid4())
    # No document has these keys.
    for one in (model, phrase):
        type(one).objects.filter(pk=one.pk).update(id=2 * 10**9)
        one.pk = 2 * 10**9
    lines = [finance, Line(AssignmentRole.COORDINATE, cast.office)]
    document = drafting.ask_opinion(me, document, lines, text="Đủ tiền không?")
    with looked_at(chief, play.upload(build(version="1.7"), "gop-y.pdf"), is_beside=True) as file:
        drafting.give_opinion(chief, document, stance="agree", file=file)
    return {
        "sheet": document,
        "opinion": document.acts.get(verb="give_opinion").ordinal,
        "foreign_sheet": theirs,
        "remark": remark,
        "picture": picture,
        "model": model,
        "phrase": phrase,
        "typed": typed,
        "errand": _errand(cast, document),
        **_out(cast, document),
    }


def _out(cast: SimpleNamespace, sheet: OutgoingDocument) -> dict[str, Any]:
    """One that waits to be issued, with its files; an annex of the draft; what the clerk has set
    going for many, with a key that no document has."""
    document = sealed(cast)
    # There is a register of copies: none is made anew by each request that is undone.
    Register.objects.create(agency=cast.city, book=Book.COPIES, year=clock.today().year)
    version = sheet.versions.get(ordinal=1)
    AnnexFile.objects.create(version=version, part=1, file=version.pdf, file_name="bieu-01.pdf")
    clerk, token = act_as(cast.clerk), uuid4()
    batch = batching.start(clerk, "number", {document.pk: 1}, entry_token=token)
    BatchRow.objects.all().delete()
    Batch.objects.filter(pk=batch.pk).update(id=2 * 10**9)
    made = document.issued_files.order_by("pk").last()
    return {"out": document, "made": made, "batch": Batch.objects.get()}


def _errand(cast: SimpleNamespace, document: OutgoingDocument) -> Errand:
    """Its file is out for the signature of the chair, with a key that no document has."""
    key = make_key("Nguyễn Đức Thành", owner=cast.chair, back_end=BackEnd.PLUGIN)
    SigningKey.objects.filter(pk=key.pk).update(id=2 * 10**9 + 1)
    errand = errand_for(
        act_as(cast.chair),
        document,
        purpose="sign",
        file=document.versions.get(ordinal=document.version_count).pdf,
        field="signer_signature",
        page=document.get_absolute_url(),
    )
    Errand.objects.filter(pk=errand.pk).update(id=2 * 10**9)
    return Errand.objects.get()


def small_picture() -> bytes:
    """A picture of one dot."""
    out = io.BytesIO()
    Image.new("RGB", (1, 1), "white").save(out, "PNG")
    return out.getvalue()


@functools.cache
def _typeset() -> bytes:
    """A PDF as another program makes it: who signs stands under the room for the signature."""
    return typed(signed=SIGNED.replace("Nguyễn Văn An", "Nguyễn Đức Thành"))


def _draft(cast: SimpleNamespace) -> EntryDraft:
    """What the clerk has typed of an entry whose scan has not come."""
    draft = actions.keep_draft(act_as(cast.clerk), uuid4(), {"subject": "Gõ dở"})
    assert draft is not None
    return draft


def ask(office: SimpleNamespace, reader: str, method: str, path: str, data: Any) -> HttpResponse:
    """One request of a fresh browser; nothing that it changes stays."""
    client = Client(raise_request_exception=True)
    client.cookies = office.clients[reader].cookies.copy()
    with transaction.atomic():
        response = getattr(client, method.lower())(path, data)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    if path == reverse("accounts:sign_out_others"):
        cache.clear()  # the browser's session there is of the round that was rolled back
    return response


def address(office: SimpleNamespace, words: str, pk: int | None = None) -> str:
    """The address of "verb/finish work"; ``pk`` puts another document there."""
    name, _, target = words.partition(" ")
    name, _, verb = name.partition("/")
    full, pattern = PATTERNS[name]
    parts: dict[str, Any] = {}
    if "<int:year>" in pattern:
        parts, verb = _of_catalogue(office, pattern, verb), ""
    if "agency" in pattern:
        parts["agency"] = office.cast.ward.slug if target == "ward" else office.cast.city.slug
    if "pk" in pattern:
        parts["pk"] = pk or getattr(office, target or "work").pk
    if verb:
        parts["verb"] = verb
    if "<int:draft>" in pattern:
        parts["draft"] = office.draft.pk
    if "<int:typed>" in pattern:
        parts["typed"] = office.typed.pk
    if "token" in pattern:
        is_preview = "uuid:token" in pattern  # nobody has looked at one
        parts["token"] = uuid4() if is_preview else office.paper.token
    if "<int:key>" in pattern:
        parts["key"] = office.made.pk
    for key in ("picture", "remark"):
        if f"<int:{key}>" in pattern:
            parts[key] = getattr(office, key).pk
    parts |= {key: 1 for key in ("ordinal", "page", "part") if f"<int:{key}>" in pattern}
    if name == "outgoing:opinion_file":
        parts["ordinal"] = office.opinion
    if name == "paper_signed":
        parts["ordinal"] = office.slip
    path = reverse(full, kwargs=parts)
    # One thing of the dossier is asked for by the query.
    return f"{path}?item={office.file.items.get().pk}" if name == "remove_item" else path


def _of_catalogue(office: SimpleNamespace, pattern: str, which: str) -> dict[str, Any]:
    """Year and keys of the draft or the issued catalogue."""
    catalogue = office.catalogues[which or "issued"]
    parts: dict[str, Any] = {"year": catalogue.year}
    if "<int:line>" in pattern:
        parts["line"] = catalogue.lines.get().pk
    if "<int:heading>" in pattern:
        parts["heading"] = catalogue.headings.get().pk
    if "<slug:verb>" in pattern:
        parts["verb"] = "submit"
    return parts


def _place(office: SimpleNamespace, reader: str) -> tuple[Unit, User | None]:
    """His unit, and who sits beside him there: asked once, no request changes it for long."""
    if reader not in office.places:
        me = getattr(office.cast, reader)
        unit = me.appointments.select_related("unit").get().unit
        held = unit.appointments.exclude(user=me).exclude(role="agency_admin")
        first = held.select_related("user").first()
        office.places[reader] = unit, first and first.user
    return office.places[reader]


def form(office: SimpleNamespace, words: str, reader: str) -> dict[str, Any]:
    """What is sent there: rightly filled in, so that only the reader and the state can be wrong."""
    cast = office.cast
    if reader == "anonymous":
        return {}
    day = (clock.today() + timedelta(days=3)).strftime("%d/%m/%Y")
    entry = {
        name: f"{value:%d/%m/%Y}" if hasattr(value, "year") else value
        for name, value in vars(play.entry(subject="Sửa trích yếu", code_number="4130")).items()
        if value is not None
    }
    scan = SimpleUploadedFile("quet.pdf", build(pages=2), content_type="application/pdf")
    mine, beside = _place(office, reader)
    unit = cast.ward_unit if reader.startswith("ward") else cast.office
    match words.split()[0]:
        case "catalogues":
            return {"year": clock.today().year + 1}
        case "catalogue_heading_add/draft" | "catalogue_heading_add/issued":
            return {"title": "Thanh tra", "abbreviation": "TTr"}
        case "catalogue_heading/draft" | "catalogue_heading/issued":
            return {"title": "Việc chung", "abbreviation": "TH", "version": "1"}
        case (
            "catalogue_line_add/draft"
            | "catalogue_line_add/issued"
            | "catalogue_line/draft"
            | "catalogue_line/issued"
        ) as found:
            catalogue = office.catalogues[found.rpartition("/")[2]]
            line = catalogue.lines.get()
            values = {"title": "Hồ sơ", "maintenance": "20", "who": f"u{cast.office.pk}"}
            values["file_notation"] = "09TH" if "_add" in found else line.file_notation
            return values | {"heading": line.heading_id, "version": line.version}
        case "tray":
            return {"files": scan}
        case "register":
            return entry | {"files": scan}
        case "draft":
            return entry | {"entry_token": str(uuid4())}
        case "draft_received":
            return entry
        case "merge":
            return {"entry": [office.tray.pk]}
        case "split":
            return {"file": "1"}
        case "register_received":
            return entry
        case "correct":
            # The day of work that is given out is the office's, not the paper's.
            theirs = {"due_date": f"{office.work.due_date:%d/%m/%Y}"} if "work" in words else {}
            return entry | {"reason": "Gõ nhầm."} | theirs
        case "refuse":
            return {"reason": "not_ours"}
        case "account":
            return {"letter_keys": "on", "one_line": "two", "language": "vi"}
        case "key_unlock":
            return {"password": play.PASSWORD}
        case "switch":
            return {"appointment": getattr(cast, reader).appointments.get().pk}
        case "saved":
            return {"page": "search", "name": "Sạt lở", "query": "q=sat"}
        case "saved_change":
            return {"do": "delete"}
        case "verb/propose":
            leader = cast.ward_chair if reader.startswith("ward") else cast.chair
            return {"leader": leader.pk, "text": "Đề xuất."}
        case "verb/distribute":
            if words.endswith("ward"):
                return {"rows": 1, "who-0": f"p{beside.pk}.{mine.pk}"}
            return {"rows": 2, "who-1": f"u{unit.pk}", "due_date-1": day}
        case "verb/assign":
            return {"rows": 2, "who-1": f"p{beside.pk}.{mine.pk}"} if beside else {"rows": 1}
        case "verb/take_back":
            part = office.work.assignments.get(person=cast.specialist, parent__isnull=False)
            return {"part": part.pk, "text": "Đi công tác."}
        case "verb/progress":
            return {"percent": "50", "text": "Đang làm."}
        case "paper_register":
            return {"kind": "state_secrets", "number": "5", "day": f"{clock.today():%d/%m/%Y}"}
        case "verb/purge":
            return {
                "reason": "state_secrets",
                "decision_number": "12/QĐ-UBND",
                "decision_date": f"{clock.today():%d/%m/%Y}",
                "understood": "on",
            }
        case "keep_paper":
            return {"part": "annex", "annex_pages": "20"}
        case "paper_move/hand_over":
            who = {"who": f"p{cast.accountant.pk}.{cast.finance.pk}", "sheets": "2"}
            return who | {"text": "Chuyển."}
        case "paper_move/attach_slip":
            move = office.paper.moves.last().pk
            return {"move": move, "slip": SimpleUploadedFile("phieu.pdf", build(version="1.6"))}
        case "paper_move/sign":
            return {"signed_by": str(cast.specialist.pk)}
        case "verb/urge":
            rows = office.work.assignments.order_by("-pk")
            mine = [one.pk for one in rows if one.person_id or reader != "head"]
            return {"who": mine[:1], "level": "1", "text": "Báo cáo ngay."}
        case "verb/request_extension":
            day = (clock.today() + timedelta(days=9)).strftime("%d/%m/%Y")
            return {"day": day, "text": "Chờ số liệu."}
        case "verb/ask_opinion":
            return {"people": [f"u{unit.pk}"], "text": "Có ý kiến gì không?"}
        case "verb/give_opinion":
            return {"stance": "agree"}
        case "verb/share":
            return {"people": [f"u{unit.pk}"]}
        case "outgoing:many/number":
            return {"pk": [office.out.pk], f"seen-{office.out.pk}": "1"}
        case "outgoing:annexes":
            made = SimpleUploadedFile("bieu-02.pdf", build(pages=2), content_type="application/pdf")
            return {"file": made, "base": "1", "not_forbidden": "1"}
        case "outgoing:annex_drop":
            return {"base": "1"}
        case "outgoing:submit_many":
            return {"pk": [office.sheet.pk]}
        case "outgoing:new" | "outgoing:compose" | "outgoing:preview" | "outgoing:preview_new":
            return _composed("Đề nghị thực hiện./.") | {"gate": "none", "base": "1"}
        case "outgoing:typed" | "outgoing:typed_new":
            # Always the same: answers are compared byte for byte.
            window = {"window": str(UUID(int=8)), "token": str(UUID(int=9))}
            return _composed("Đang gõ dở.") | {"base": "1"} | window
        case "outgoing:template_new" | "outgoing:template":
            return _composed("Nội dung mẫu./.") | {"name": "Thông báo họp"}
        case "outgoing:phrase_add":
            return {"text": "Trân trọng."}
        case "outgoing:upload":
            made = SimpleUploadedFile("du-thao.pdf", _typeset(), content_type="application/pdf")
            return {"file": made, "base": "1", "note": "Soạn lại."}
        case "outgoing:picture_add":
            return {"picture": SimpleUploadedFile("anh.png", small_picture())}
        case "outgoing:remark":
            return {"line": "1", "text": "Ghi rõ hơn."}
        case "outgoing:copy":
            # Always the same: answers are compared byte for byte, the query stands in them.
            return {"entry_token": str(UUID(int=7)), "kind": "SAO Y"}
        case "outgoing:issue":
            return {"lines": "Hội Nông dân | giấy"}
        case "outgoing:verb/send_back":
            return {"to": "drafting", "text": "Sửa lại."}
        case "outgoing:verb/note_paper":
            return {"day": f"{clock.today():%d/%m/%Y}"}
        case "outgoing:verb/ask_opinion":
            who = f"p{cast.adviser.pk}.{cast.office.pk}"
            return {"people": [who], "text": "Có ý kiến gì không?"}
        case "outgoing:verb/share":
            return {"people": [f"p{cast.adviser.pk}.{cast.office.pk}"], "confirmed": "on"}
        case "outgoing:verb/give_opinion":
            return {"stance": "agree"}
        case "outgoing:verb/withdraw_opinion":
            return {"who": [office.sheet.open_opinions[0].pk]}
        case step if step.startswith("outgoing:verb/"):
            return {"text": "Ý kiến.", "seen": "1"}
        case "new_dossier" | "dossier_verb/correct":
            own = getattr(cast, reader).appointments.get()
            return _typed(str(own.pk), title="Tên khác") | {"reason": "Nhầm."}
        case "new_task":
            to = beside or getattr(cast, reader)
            who = {"rows": 1, "who-0": f"p{to.pk}.{mine.pk}", "text": "Làm ngay."}
            return who | _typed("", title="Việc")
        case "file_in" | "outgoing:file_in":
            return {"dossier": office.file.pk}
        case "add_item":
            return {"what": "note", "text": "Ghi."}
        case "move_item":
            return {"item": office.file.items.get().pk, "to": "1"}
        case "remove_item":
            return {"item": office.file.items.get().pk, "text": "Thừa."}
        case "dossier_verb/reopen":
            return {"text": "Mở lại.", "decision_number": "5/QĐ"}
        case "dossier_verb/give_out":
            return {"rows": 2, "who-1": f"u{unit.pk}", "due_date-1": day}
        case "dossier_verb/assign":
            return {"rows": 2, "who-1": f"p{beside.pk}.{mine.pk}"} if beside else {"rows": 1}
        case "dossier_verb/take_back":
            part = office.job.assignments.get(person__isnull=reader != "head")
            return {"part": part.pk, "text": "Đi công tác."}
        case "dossier_verb/progress":
            return {"percent": "50", "text": "Đang làm."}
        case "dossier_verb/propose_coordinators":
            return {"people": [f"u{unit.pk}"], "text": "Cần giúp."}
        case "dossier_verb/answer_proposal":
            own = cast.adviser if reader == "adviser" else None
            return {"proposal": office.job.proposals.get(person=own).pk, "answer": "yes"}
        case "dossier_verb/urge":
            rows = office.job.assignments.filter(person__isnull=reader != "head")
            return {"who": [rows.get().pk], "level": "1", "text": "Báo cáo ngay."}
        case "dossier_verb/request_extension":
            day = (clock.today() + timedelta(days=19)).strftime("%d/%m/%Y")
            return {"day": day, "text": "Chờ số liệu."}
        case "dossier_verb/decide_extension":
            return {"extension": office.job.open_extensions[0].pk, "answer": "yes"}
        case "dossier_verb/ask_opinion":
            return {"people": [f"u{unit.pk}"], "text": "Có ý kiến gì không?"}
        case "dossier_verb/give_opinion":
            return {"stance": "agree"}
        case "dossier_verb/withdraw_opinion":
            return {"who": [office.job.open_opinions[0].pk]}
        case "dossier_verb/share":
            return {"people": [f"u{unit.pk}"], "confirmed": "on"}
        case "dossier_verb/close":
            return {"end_date": f"{clock.today():%d/%m/%Y}", "description": "Xong."}
    return {"text": "Ý kiến."}


def _composed(body: str) -> dict[str, Any]:
    """The fields of the composer as its page sends them."""
    typed = of_content(drafts.content(body=body))
    sent = {name: "" if value is None else value for name, value in typed.items()}
    return sent | {"annexes": "0"}


def _typed(keeper: str, **changes: str) -> dict[str, str]:
    """The fields of a dossier."""
    return {
        "file_notation": "08.TH",
        "maintenance": "5 năm",
        "start_date": f"{clock.today():%d/%m/%Y}",
        "creator": "Linh",
        "keeper": keeper,
        **changes,
    }


def outcome(response: HttpResponse) -> str:
    """The status as the table writes it."""
    if response.status_code == 302 and "/login/" in response["Location"]:
        return "in"
    return str(response.status_code)


# --- The table.


def _named(patterns: list[Any], path: str = "", space: str = "") -> Iterator[tuple[str, Any]]:
    """Short name, full name and path of every pattern; of the admin only its first page.

    Those of drafts bear their app's name: they have the words of incoming documents.
    """
    for one in patterns:
        here = path + str(one.pattern)
        if isinstance(one, URLPattern):
            before = space if space == "outgoing:" else ""
            yield f"{before}{one.name}", (f"{space}{one.name}", here)
        elif one.namespace == "admin":
            yield "admin", ("admin:index", here)
        else:
            yield from _named(
                one.url_patterns, here, f"{one.namespace}:" if one.namespace else space
            )


_FOUND = list(_named(get_resolver().url_patterns))
PATTERNS = dict(_FOUND)


def _row(row: list[str]) -> tuple[str, str, list[str]]:
    """Method, words, and what each reader gets."""
    return row[0], " ".join(row[1 : -len(READERS)]), row[-len(READERS) :]


def test_every_address_stands_in_the_table():
    assert len(_FOUND) == len(PATTERNS)  # the short names tell them apart
    words = [_row(row)[1].split()[0] for row in ROWS]
    assert {one.partition("/")[0] for one in words} == set(PATTERNS)
    for name, forms in (
        ("verb", {verb.value for verb in FORMS}),
        ("paper_move", set(MOVES)),
        ("dossier_verb", {verb.value for verb in DOSSIER_FORMS}),
        ("outgoing:verb", {str(verb.value) for verb in DRAFT_FORMS}),
    ):
        asked = {one.partition("/")[2] for one in words if one.partition("/")[0] == name}
        assert asked - {"dance", "read"} == forms
    assert TABLE.split()[: len(READERS)] == list(READERS)


@pytest.mark.parametrize("block", BLOCKS)
def test_everybody_gets_what_the_table_says(office, block):
    """Kon Tum Điều 9.3, 11.3, 23.1: nobody reaches what is not his."""
    wrong = []
    for row in BLOCKS[block]:
        method, words, cells = _row(row)
        path = address(office, words)
        for reader, expected in zip(READERS.values(), cells, strict=True):
            data = form(office, words, reader) if method == "POST" else {}
            given = outcome(ask(office, reader, method, path, data))
            if given != expected:
                wrong.append(f"{method} {words} by {reader}: {given}, not {expected}")
    assert wrong == []


# --- Foreign and unknown: not even that it exists.

_TOKENS = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+')
SEE_SHEET = ("clerk", "chief", "chair", "vice", "archivist", "head", "specialist", "finance_head")
DOCUMENT = sorted(name for name, path in PATTERNS.items() if "pk" in path[1])


def _bytes(response: HttpResponse, path: str) -> bytes:
    """The answer without its tokens and without the address that was asked for."""
    return _TOKENS.sub(b"", response.content).replace(path.encode(), b"PATH")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("reader", PEOPLE)
def test_a_foreign_document_looks_like_none_at_all(office, reader, method):
    """Kon Tum Điều 9.3: an id of another agency, a hidden one and one that nobody has."""
    sees_all = reader in ("clerk", "chief", "chair", "vice", "archivist")
    keys = [10**9, office.foreign.pk, office.foreign_sheet.pk, office.ward.pk]
    keys += [] if sees_all else [office.tray.pk]
    if reader not in SEE_SHEET:
        keys.append(office.sheet.pk)
    for name in DOCUMENT:
        is_verb = name in ("verb", "dossier_verb", "outgoing:verb")
        words = f"{name}/comment" if is_verb else name
        answers = set()
        for pk in keys:
            path = address(office, words, pk)
            response = ask(office, reader, method, path, form(office, words, reader))
            assert response.status_code in (404, 405), (name, reader, pk)
            answers.add(_bytes(response, path))
        assert len(answers) == 1, (name, reader)
