"""Tables, one file a noun."""

from master.models.ad import AD_PICTURES, Ad, AdStage
from master.models.base import Fields, Row, utc_now
from master.models.character import Character, CharacterFields, Look, LookFields
from master.models.cinematic import CinematicFields, CinematicOption
from master.models.event import Event
from master.models.job import Attempt, Batch, Dependency, Job, LogLine
from master.models.media import Media, SweepMark
from master.models.project import Project, ProjectFields, Sequence, SequenceFields
from master.models.review_note import Freehand, NoteFields, Rectangle, Region, ReviewNote
from master.models.saved_view import ViewFields, ViewRow, ViewTable
from master.models.shot import Shot, ShotCharacter, ShotFields, Take
from master.models.steering import FarmLimit, LimitFields, Profile, Share, ShareFields, ShareKind
from master.models.step import EditName, StepRow
from master.models.worker import ApiToken, Device, EnrolToken, Worker

__all__ = [
    "AD_PICTURES",
    "Ad",
    "AdStage",
    "ApiToken",
    "Attempt",
    "Batch",
    "Character",
    "CharacterFields",
    "CinematicFields",
    "CinematicOption",
    "Dependency",
    "Device",
    "EditName",
    "EnrolToken",
    "Event",
    "FarmLimit",
    "Fields",
    "Freehand",
    "Job",
    "LimitFields",
    "LogLine",
    "Look",
    "LookFields",
    "Media",
    "NoteFields",
    "Profile",
    "Project",
    "ProjectFields",
    "Rectangle",
    "Region",
    "ReviewNote",
    "Row",
    "Sequence",
    "SequenceFields",
    "Share",
    "ShareFields",
    "ShareKind",
    "Shot",
    "ShotCharacter",
    "ShotFields",
    "StepRow",
    "SweepMark",
    "Take",
    "ViewFields",
    "ViewRow",
    "ViewTable",
    "Worker",
    "utc_now",
]
