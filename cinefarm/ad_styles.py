"""The backgrounds and the lettering that an ad may be asked for by name: one dictionary for the API, for
prompts without a language model, and for the stages that draw. A `prompt` tells an image model in English.
"""

from cinefarm.ad_words import Style, named

__all__ = ["BACKGROUNDS", "LETTERINGS", "Style", "named"]

BACKGROUNDS = (
    Style(
        "market_stall",
        "Traditional market",
        "전통시장",
        "전통시장 | 전통 시장 | 재래시장 | 시장 | 장터 | 좌판 | 시장 가판대 | 가판대 | 노점 | 청과 | 과일가게 | "
        "수산시장 | traditional market | market stall | market | stall | bazaar | street food | grocery | fruit "
        "stand | fish market",
        "a rustic wooden market stall in a traditional Korean market, striped awning, warm hanging bulbs, baskets "
        "of goods out of focus behind",
    ),
    Style(
        "wood_table",
        "Wooden table",
        "나무 테이블",
        "나무 테이블 | 원목 테이블 | 나무 | 원목 | 우드 | 식탁 | 카페 | 주방 | 부엌 | 집밥 | 시골 | ~내추럴 | "
        "~자연스러운 | ~빈티지 | wooden table | wood table | wood | wooden | rustic | kitchen | cafe | café | "
        "farmhouse | ~cozy | ~natural | ~vintage | ~home",
        "a warm oak table top with visible grain, a softly blurred kitchen behind, daylight from the side",
    ),
    Style(
        "marble",
        "Marble",
        "대리석",
        "대리석 | 대리석 테이블 | 마블 | 돌 | 욕실 | 화장품 | ~깨끗한 | ~청결한 | ~모던 | marble | marble table | "
        "stone | bathroom | cosmetics | ~clean | ~modern | countertop",
        "a polished white marble counter with fine grey veins, a clean bright wall behind, soft reflections",
    ),
    Style(
        "linen",
        "Linen",
        "린넨",
        "린넨 | 리넨 | 천 | 면 | 패브릭 | 식탁보 | ~부드러운 | ~포근한 | 한지 | 보자기 | linen | cloth | fabric | "
        "cotton | tablecloth | ~soft | textile | cosy fabric | hygge",
        "a softly draped natural linen cloth with gentle folds, diffuse daylight, calm and warm",
    ),
    Style(
        "studio",
        "Studio sweep",
        "스튜디오",
        "스튜디오 | 스튜디오 배경 | ~단색 | 배경지 | 호리존 | 제품 사진 | 쇼핑몰 | studio | studio sweep | "
        "seamless | ~plain | backdrop paper | product photo | catalog | catalogue | solid colour | solid color",
        "a seamless studio paper sweep, large softbox from the left, gentle falloff, clean catalogue look",
    ),
    Style(
        "neon_street",
        "Neon street",
        "네온 거리",
        "네온 거리 | 네온 | 네온사인 | 사이버펑크 | 도시의 밤거리 | 밤거리 | 비 오는 거리 | 클럽 | ~힙한 | neon "
        "street | neon | cyberpunk | night street | rainy street | nightclub | club | street | arcade | "
        "~futuristic",
        "a rainy city street at night with glowing neon signs, wet asphalt with colourful reflections, shallow "
        "depth of field",
    ),
    Style(
        "bokeh_night",
        "Night bokeh",
        "밤 보케",
        "밤 보케 | 보케 | 야경 | 도시 야경 | ~밤 | 빛망울 | 파티 | ~반짝이는 | 크리스마스 조명 | 연말 | night "
        "bokeh | bokeh | ~night | city lights | city | ~party | ~sparkling | ~glitter | ~evening | bar",
        "a dark reflective surface before large soft bokeh of city lights at night, warm and blue",
    ),
    Style(
        "sunlit_window",
        "Sunlit window",
        "창가 햇살",
        "창가 햇살 | 창가 | 햇살 | 햇빛 | 아침 햇살 | 자연광 | 창문 | ~그림자 | ~따뜻한 | ~감성 | sunlit window | "
        "sunlight | sunlit | window | window light | sunny | sun | morning light | ~shadow | ~warm",
        "morning sun through a window on a plain wall and a light table, crisp shadows of panes and leaves",
    ),
    Style(
        "festival",
        "Festival",
        "축제",
        "축제 | 페스티벌 | 잔치 | 연등 | 등불 | 한가위 | 추석 | 명절 | 야시장 | ~이벤트 | ~개업 | festival | fair "
        "| carnival | lantern | lanterns | ~celebration | ~holiday | night market | grand opening | ~event | "
        "fiesta",
        "a festive evening with rows of glowing paper lanterns and confetti, a warm wooden counter in front",
    ),
    Style(
        "minimal",
        "Minimal",
        "미니멀",
        "~미니멀 | ~미니멀리즘 | ~심플 | ~심플한 | ~단순한 | ~깔끔한 | 포디움 | 단상 | 그라데이션 | 그라디언트 | "
        "~파스텔 | 모던 미니멀 | ~minimal | ~minimalist | ~simple | podium | pedestal | gradient | ~pastel | "
        "geometric | ~abstract",
        "a minimal scene with a round podium before a smooth pastel gradient wall, soft even light",
    ),
    Style(
        "luxury",
        "Dark luxury",
        "고급스러운",
        "럭셔리 | ~고급 | ~고급스러운 | ~고급진 | ~프리미엄 | ~명품 | 벨벳 | ~골드 | ~황금 | ~화려한 | ~우아한 | "
        "블랙 골드 | ~luxury | ~luxurious | ~premium | velvet | ~gold | ~golden | ~elegant | high-end | high end "
        "| ~classy | ~exclusive | dark luxury",
        "a dark luxurious setting, black glossy surface, fine gold accents, a single soft spotlight, deep shadows",
    ),
    Style(
        "snow",
        "Snow",
        "눈",
        "~눈 | 설경 | ~겨울 | 눈밭 | 눈 내리는 | 크리스마스 | 스키장 | 얼음 | ~시원한 | ~차가운 | ~snow | snowy | "
        "~winter | christmas | ice | frost | icy | ~cold | ski",
        "fresh powder snow with softly falling flakes, blurred winter forest behind, cool clear light",
    ),
    Style(
        "beach",
        "Beach",
        "바닷가",
        "바다 | 해변 | 바닷가 | 모래사장 | 백사장 | 휴가 | 바캉스 | 해수욕장 | 어촌 | ~여름 | ~청량한 | beach | "
        "sea | seaside | ocean | sand | sandy | coast | shore | vacation | tropical | ~summer | ~refreshing",
        "fine sand and smooth pebbles on a sunny beach, turquoise sea and sky out of focus behind",
    ),
    Style(
        "blossom",
        "Blossom",
        "벚꽃",
        "벚꽃 | 꽃 | 꽃밭 | 매화 | 봄꽃 | 꽃집 | ~봄 | ~화사한 | ~로맨틱한 | ~사랑스러운 | blossom | cherry "
        "blossom | flower | floral | sakura | petal | bouquet | ~spring | ~romantic | ~lovely",
        "a pale table under blooming cherry branches, drifting petals, soft pink spring light",
    ),
    Style(
        "garden",
        "Garden",
        "정원",
        "정원 | 숲 | 숲속 | 풀밭 | 초원 | 나뭇잎 | 농장 | 과수원 | 텃밭 | 야외 | ~자연 | ~싱그러운 | ~친환경 | "
        "~유기농 | garden | forest | green leaves | leaf | leafy | meadow | farm | orchard | outdoor | ~nature | "
        "~fresh | ~organic | ~eco",
        "a mossy stone in a lush green garden, leaves out of focus behind, dappled sunlight",
    ),
)

LETTERINGS = (
    Style(
        "gold_balloon",
        "Gold balloon",
        "골드풍선",
        "골드풍선 | 골드 풍선 | 금박 풍선 | 금풍선 | 풍선 | 황금 풍선 | gold balloon | foil balloon | balloon | "
        "~party | ~파티",
        "inflated gold foil balloon letters, shiny seams, soft highlights, warm reflections",
    ),
    Style(
        "neon",
        "Neon",
        "네온",
        "네온 | 네온사인 | 네온 사인 | 형광 | 빛나는 | neon | neon sign | glowing | glow | fluorescent | "
        "~cyberpunk | ~클럽",
        "glowing neon tube letters, bright core, soft coloured halo",
    ),
    Style(
        "metal_3d",
        "3D metal",
        "3D 메탈",
        "3D 메탈 | 3d 금속 | 입체 금속 | 입체 | 메탈 | 금속 | 크롬 | 3D | 쓰리디 | 3d metal | metal | metallic | "
        "chrome | steel | extruded | ~강한 | ~strong",
        "extruded three-dimensional polished metal letters, bevelled edges, studio reflections",
    ),
    Style(
        "brush",
        "Brush",
        "붓글씨",
        "붓글씨 | 붓 | 캘리그라피 | 캘리 | 손글씨 | 먹글씨 | 서예 | brush | calligraphy | handwritten | ink | "
        "~전통 | ~traditional",
        "bold hand-brushed calligraphy letters in ink, dry brush edges",
    ),
    Style(
        "retro_print",
        "Retro print",
        "레트로 인쇄",
        "레트로 인쇄 | 레트로 | 복고 | 옛날 인쇄 | 포스터 | retro print | retro | vintage | poster | letterpress "
        "| ~70s | ~빈티지 | ~추억",
        "retro letterpress poster letters, offset two-colour print, halftone shade, slightly worn ink",
    ),
    Style(
        "luxury_serif",
        "Luxury serif",
        "고급 명조",
        "고급 명조 | 명조 | 세리프 | ~고급 | ~고급스러운 | ~럭셔리 | ~우아한 | ~프리미엄 | luxury serif | serif | "
        "~luxury | ~luxurious | ~elegant | ~premium | ~classy",
        "elegant thin serif letters with wide spacing, subtle gold sheen",
    ),
    Style(
        "sale_burst",
        "Sale burst",
        "세일 팡팡",
        "세일 팡팡 | 세일 | 할인 | 특가 | 대박 | 폭탄세일 | 전단지 | sale burst | sale | discount | burst | "
        "bargain | flyer | ~event | ~이벤트",
        "heavy slanted sale letters with thick outline over a jagged burst, red and yellow",
    ),
    Style(
        "chalk",
        "Chalk",
        "분필",
        "분필 | 칠판 | 초크 | 분필 글씨 | chalk | chalkboard | blackboard | ~카페 | ~cafe",
        "hand-drawn chalk letters with grainy strokes",
    ),
    Style(
        "glass",
        "Glass",
        "유리",
        "유리 | 글래스 | 투명 | 물방울 | 얼음 | glass | transparent | frosted | crystal | ice | ~시원한 | ~fresh",
        "translucent frosted glass letters with bright rims and gentle refraction",
    ),
    Style(
        "sticker",
        "Sticker",
        "스티커",
        "스티커 | 팝 | 귀여운 | 말랑한 | 둥근 | sticker | pop | cute | bubbly | cartoon | ~fun | ~재미있는",
        "die-cut sticker letters with a thick white border and a soft drop shadow, playful colours",
    ),
    Style(
        "candy",
        "Candy",
        "캔디",
        "캔디 | 사탕 | 젤리 | 구미 | 달콤한 | 디저트 | candy | jelly | gummy | sweet | bubblegum | dessert | ~dessert",
        "plump glossy candy letters with a wet shine and a white rim, sweet colours",
    ),
    Style(
        "minimal",
        "Minimal",
        "미니멀",
        "미니멀 | 심플 | 심플한 | 깔끔한 | 단순한 | 모던 | 고딕 | 산세리프 | minimal | minimalist | simple | clean | "
        "modern | plain | sans",
        "clean bold sans-serif letters, flat, with one small accent bar",
    ),
)

EXTRUDED = (
    Style(
        "metal",
        "Steel",
        "금속",
        "메탈 | 금속 | 크롬 | 강철 | 은색 | 실버 | 쇠 | metal | metallic | chrome | steel | silver | iron | "
        "~strong | ~강한",
        "massive extruded letters of polished steel",
    ),
    Style(
        "gold",
        "Gold",
        "황금",
        "황금 | 골드 | 금색 | 금빛 | 골드풍선 | ~고급 | ~고급스러운 | ~럭셔리 | ~프리미엄 | gold | golden | brass | "
        "~luxury | ~premium | ~elegant",
        "massive extruded letters of polished gold",
    ),
    Style(
        "candy",
        "Candy",
        "캔디",
        "캔디 | 사탕 | 젤리 | 스티커 | 팝 | 귀여운 | 달콤한 | 플라스틱 | candy | jelly | pop | cute | "
        "sweet | plastic | bubbly",
        "plump extruded letters of glossy candy",
    ),
    Style(
        "stone",
        "Stone",
        "돌",
        "돌 | 바위 | 석재 | 대리석 | 콘크리트 | 시멘트 | stone | rock | marble | concrete | "
        "granite | ~traditional | ~전통",
        "extruded letters carved of rough stone",
    ),
    Style(
        "wood",
        "Wood",
        "나무",
        "나무 | 원목 | 우드 | 목재 | wood | wooden | timber | rustic | ~natural | ~내추럴",
        "extruded letters cut of warm oak",
    ),
    Style(
        "ice",
        "Ice",
        "얼음",
        "얼음 | 아이스 | 유리 | 투명 | 시원한 | 겨울 | ice | icy | glass | crystal | frozen | ~cool | ~fresh | ~winter",
        "extruded letters of clear blue ice",
    ),
)
