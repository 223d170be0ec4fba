"""The sheets and columns that travel in a workbook, CSV or JSON file, with their names in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SCHEMA_VERSION = 1  # of the workbook's hidden columns and of data.json

ID, REV, BASE = "_id", "_rev", "_base"
HIDDEN = (ID, REV, BASE)


class Kind(StrEnum):
    """What one row of a sheet is; imported in this order, so that shots find the names they use."""

    SEQUENCES = "sequences"
    CHARACTERS = "characters"
    LOOKS = "looks"
    OPTIONS = "options"
    SHOTS = "shots"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is the field it fills; `also` are further names that people write above it."""

    key: str
    en: str
    ko: str
    also: tuple[str, ...] = ()
    read_only: bool = False  # written on export, reported and left alone on import
    width: int = 18  # characters
    number: bool = False
    exported: bool = True

    def title(self, language: str) -> str:
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class SheetSpec:
    kind: Kind
    en: str
    ko: str
    also: tuple[str, ...]
    columns: tuple[Column, ...]
    name_key: str  # the column by which a row without id is found

    def title(self, language: str) -> str:
        return self.ko if language == "ko" else self.en

    @property
    def by_key(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.columns}


_SHOTS = (
    Column(
        "code",
        "Shot",
        "샷",
        ("샷 코드", "샷코드", "샷 번호", "샷넘버", "Shot code", "Shot no", "Code", "코드", "컷"),
        width=14,
    ),
    Column("sequence", "Sequence", "시퀀스", ("씬", "Seq", "Sequence code", "씬 번호", "시퀀스 코드", "막"), width=12),
    Column("position", "Order", "순서", ("Position", "정렬", "순번", "Sort"), width=8, number=True),
    Column(
        "scene_description",
        "Scene",
        "장면 설명",
        ("장면", "씬 설명", "장면설명", "Scene description", "Setting", "Description", "설명", "화면"),
        width=44,
    ),
    Column("action", "Action", "액션", ("동작", "연기", "행동", "Action/동작", "Action description"), width=44),
    Column("characters", "Characters", "등장인물", ("캐릭터", "인물", "출연", "Character", "Cast"), width=28),
    Column(
        "looks",
        "Look",
        "의상",
        ("룩", "의상/룩", "복장", "Looks", "Costume", "Outfit", "Wardrobe", "Clothing"),
        exported=False,  # stands in the characters' cell
    ),
    Column(
        "option",
        "Cinematic option",
        "시네마틱 옵션",
        ("카메라 설정", "시네마틱", "카메라", "Cinematic", "Camera setup", "Camera", "촬영 옵션"),
        width=22,
    ),
    Column(
        "seconds",
        "Seconds",
        "길이(초)",
        (
            "초",
            "길이",
            "시간",
            "Duration",
            "Duration (s)",
            "Duration (seconds)",
            "Duration seconds",
            "Length",
            "Sec",
            "시간(초)",
        ),
        width=10,
        number=True,
    ),
    Column(
        "frames",
        "Frames",
        "프레임",
        ("Frame count", "프레임 수", "길이(프레임)", "Duration (frames)", "Fr"),
        width=9,
        number=True,
    ),
    Column(
        "timecode",
        "Duration timecode",
        "타임코드 길이",
        ("길이 타임코드", "Timecode duration", "타임코드", "Timecode", "길이(TC)"),
        exported=False,  # frames and seconds say it
    ),
    Column("workflow_type", "Workflow", "워크플로", ("워크플로우", "Workflow type", "작업 방식"), width=14),
    Column(
        "prompt_override",
        "Prompt override",
        "프롬프트 직접 입력",
        ("프롬프트 덮어쓰기", "Override", "Custom prompt"),
        width=36,
    ),
    Column(
        "negative_prompt",
        "Negative prompt",
        "네거티브 프롬프트",
        ("네거티브", "Negative", "제외 프롬프트", "부정 프롬프트"),
        width=28,
    ),
    Column("notes", "Notes", "메모", ("비고", "노트", "Note", "Remarks", "Comment", "Comments", "메모/비고"), width=30),
    Column("rating", "Rating", "별점", ("Stars", "Score", "별", "평점"), width=9, number=True),
    Column("tags", "Tags", "태그", ("Tag", "Labels", "태그 목록", "꼬리표"), width=24),
    Column("status", "Status", "상태", ("진행", "진행 상태", "State"), read_only=True, width=14),
    Column(
        "generated_prompt",
        "Prompt",
        "프롬프트",
        ("Generated prompt", "생성 프롬프트", "조립된 프롬프트"),
        read_only=True,
        width=50,
    ),
    Column("timecode_in", "Timecode in", "시작 타임코드", ("TC in", "In", "시작"), read_only=True, width=14),
    Column("timecode_out", "Timecode out", "끝 타임코드", ("TC out", "Out", "끝"), read_only=True, width=14),
    Column(
        "panel", "Panel", "패널", ("Image", "이미지", "그림", "썸네일", "Thumbnail", "콘티"), read_only=True, width=26
    ),
)

_SEQUENCES = (
    Column("code", "Sequence", "시퀀스", ("시퀀스 코드", "Sequence code", "씬", "Code", "코드"), width=14),
    Column("name", "Name", "이름", ("제목", "Title", "시퀀스 이름", "Sequence name"), width=40),
    Column("position", "Order", "순서", ("Position", "정렬", "순번"), width=8, number=True),
)

_CHARACTERS = (
    Column(
        "name", "Name", "이름", ("캐릭터", "등장인물", "인물", "Character", "캐릭터 이름", "Character name"), width=18
    ),
    Column("description", "Description", "설명", ("외모", "생김새", "Appearance", "인물 설명", "묘사"), width=48),
    Column("style_keywords", "Style keywords", "스타일 키워드", ("키워드", "Keywords", "Style", "스타일"), width=30),
    Column("trigger_words", "Trigger words", "트리거 단어", ("트리거", "Triggers", "트리거 워드", "Trigger"), width=22),
    Column("lora_file", "LoRA file", "LoRA 파일", ("LoRA", "로라", "로라 파일"), width=22),
    Column("lora_strength", "LoRA strength", "LoRA 강도", ("로라 강도", "Strength", "강도"), width=12, number=True),
    Column("default_look", "Default look", "기본 의상", ("기본 룩", "기본 의상/룩"), width=18),
    Column(
        "looks", "Looks", "의상 목록", ("의상", "룩", "의상/룩", "복장", "Wardrobe"), exported=False
    ),  # have a sheet
)

_LOOKS = (
    Column("character", "Character", "등장인물", ("캐릭터", "인물", "캐릭터 이름", "Character name"), width=18),
    Column("name", "Look", "의상", ("룩", "의상 이름", "이름", "Name", "Costume", "Outfit", "의상/룩"), width=22),
    Column("description", "Description", "설명", ("의상 설명", "입은 것", "Worn", "묘사"), width=50),
)

_OPTIONS = (
    Column(
        "name",
        "Name",
        "이름",
        ("옵션", "옵션 이름", "시네마틱 옵션", "Option", "Cinematic option", "카메라 설정"),
        width=22,
    ),
    Column("camera_body", "Camera", "카메라", ("Camera body", "카메라 바디", "바디"), width=22),
    Column("focal_length", "Focal length", "초점 거리", ("화각", "렌즈 mm", "Focal"), width=14),
    Column("lens_type", "Lens", "렌즈", ("Lens type", "렌즈 종류"), width=18),
    Column("film_stock", "Film stock", "필름", ("Film", "필름 스톡"), width=22),
    Column("style", "Style", "스타일", ("양식",), width=18),
    Column("look_and_feel", "Look and feel", "색감", ("Look & feel", "룩앤필", "분위기 색감", "Grade"), width=18),
    Column("lighting_source", "Light source", "광원", ("Lighting source", "조명 광원", "Light"), width=18),
    Column("lighting_style", "Lighting style", "조명 스타일", ("조명", "Lighting"), width=18),
    Column("environment", "Environment", "환경", ("배경", "장소", "Location"), width=20),
    Column("atmosphere", "Atmosphere", "분위기", ("공기", "Mood"), width=16),
    Column("filter", "Filter", "필터", ("렌즈 필터",), width=18),
    Column("aspect_ratio", "Aspect ratio", "화면비", ("종횡비", "Ratio", "비율"), width=14),
)

SHEETS: Mapping[Kind, SheetSpec] = {
    spec.kind: spec
    for spec in (
        SheetSpec(Kind.SEQUENCES, "Sequences", "시퀀스", ("시퀀스 목록", "Sequence list"), _SEQUENCES, "code"),
        SheetSpec(
            Kind.CHARACTERS,
            "Characters",
            "등장인물",
            ("캐릭터", "인물", "캐릭터 시트", "Character bible", "Cast"),
            _CHARACTERS,
            "name",
        ),
        SheetSpec(Kind.LOOKS, "Looks", "의상", ("룩", "의상/룩", "Wardrobe", "Costumes", "의상 목록"), _LOOKS, "name"),
        SheetSpec(
            Kind.OPTIONS,
            "Cinematic options",
            "시네마틱 옵션",
            ("카메라 설정", "Options", "Cinematic", "Camera setups", "시네마틱"),
            _OPTIONS,
            "name",
        ),
        SheetSpec(
            Kind.SHOTS,
            "Shots",
            "샷",
            ("샷 목록", "샷 리스트", "Shot list", "Shotlist", "콘티", "스토리보드"),
            _SHOTS,
            "code",
        ),
    )
}
