"""What a job is told about shots: plain records that the master fills in and an engine draws from."""

from pydantic import BaseModel, ConfigDict, Field


class Brief(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CharacterBrief(Brief):
    """One character in one shot, wearing one look."""

    id: str  # stable over the project; colours and silhouette derive from it
    name: str
    description: str = ""
    look_name: str = ""
    look: str = ""  # what is worn, e.g. "red raincoat, yellow boots"
    style_keywords: str = ""
    trigger_words: str = ""
    reference_input: str | None = None  # name of the job input that holds the reference picture


class CameraBrief(Brief):
    """The cinematic option, as the artist wrote it; every field may be empty."""

    camera_body: str = ""
    focal_length: str = ""  # e.g. "35mm"
    lens_type: str = ""
    film_stock: str = ""
    style: str = ""
    look_and_feel: str = ""
    lighting_source: str = ""
    lighting_style: str = ""
    environment: str = ""
    atmosphere: str = ""
    filter: str = ""
    aspect_ratio: str = ""


class ShotBrief(Brief):
    """One shot with everything a panel needs. Times are frames at `fps_num/fps_den`."""

    id: str
    code: str  # SHT-00001
    project: str  # the project's name
    sequence: str = ""  # the sequence's code
    number: int = 1  # position in the cut, from 1
    scene_description: str = ""
    action: str = ""
    characters: tuple[CharacterBrief, ...] = ()
    camera: CameraBrief = CameraBrief()
    notes: str = ""
    frame_count: int = Field(24, ge=1)
    fps_num: int = 24
    fps_den: int = 1
    timecode_in: str = "00:00:00:00"
    timecode_out: str = "00:00:00:00"
    picture_height: int | None = Field(None, ge=1)  # of a take that is the job's input: its top rows are the picture


class ClipBrief(Brief):
    """One shot of a film: which picture is held for how long."""

    shot_id: str
    code: str
    input: str  # name of the job input that holds the confirmed take (image or video)
    sequence: str = ""
    frames: int = Field(ge=1)
    action: str = ""  # camera moves are read from it
    scene_description: str = ""
    camera: str = ""  # a line such as "Arri Alexa · 35mm"
    status: str = ""
    take: int = 1
    picture_height: int | None = Field(None, ge=1)  # the image's top rows that hold the picture; a caption lies below
