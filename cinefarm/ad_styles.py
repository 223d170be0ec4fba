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
        "수산시장 | 오일장 | 시장통 | 어시장 | 포장마차 | 건어물 | 채소 가게 | 정육점 | 생선 가게 | traditional "
        "market | market stall | market | stall | bazaar | street food | grocery | fruit stand | fish market | "
        "farmers market | butcher | greengrocer",
        "a rustic wooden market stall in a traditional Korean market, striped awning, warm hanging bulbs, baskets "
        "of goods out of focus behind",
    ),
    Style(
        "wood_table",
        "Wooden table",
        "나무 테이블",
        "나무 테이블 | 원목 테이블 | 나무 | 원목 | 우드 | 식탁 | 카페 | 주방 | 부엌 | 집밥 | 시골 | ~내추럴 | "
        "~자연스러운 | ~빈티지 | 책상 | 식당 | 한식당 | 맛집 | 빵집 | 베이커리 | 제과점 | 거실 | 한옥 | 사무실 | ~집 "
        "| wooden table | wood table | wood | wooden | rustic | kitchen | cafe | café | farmhouse | ~cozy | ~natural "
        "| ~vintage | ~home | restaurant | bakery | diner | desk | office | living room",
        "a warm oak table top with visible grain, a softly blurred kitchen behind, daylight from the side",
    ),
    Style(
        "marble",
        "Marble",
        "대리석",
        "대리석 | 대리석 테이블 | 마블 | 돌 | 욕실 | 화장품 | ~깨끗한 | ~청결한 | ~모던 | 호텔 욕실 | 병원 | 약국 | "
        "세면대 | 스파 | 피부과 | ~위생적인 | marble | marble table | stone | bathroom | cosmetics | ~clean | "
        "~modern | countertop | clinic | pharmacy | spa | skincare",
        "a polished white marble counter with fine grey veins, a clean bright wall behind, soft reflections",
    ),
    Style(
        "linen",
        "Linen",
        "린넨",
        "린넨 | 리넨 | 천 | 면 | 패브릭 | 식탁보 | ~부드러운 | ~포근한 | 한지 | 보자기 | 한복 | 이불 | 침대 | 침구 | "
        "담요 | 피크닉 | ~아기 | linen | cloth | fabric | cotton | tablecloth | ~soft | textile | cosy fabric | "
        "hygge | bedding | blanket | ~bed | picnic | ~baby",
        "a softly draped natural linen cloth with gentle folds, diffuse daylight, calm and warm",
    ),
    Style(
        "studio",
        "Studio sweep",
        "스튜디오",
        "스튜디오 | 스튜디오 배경 | ~단색 | 배경지 | 호리존 | 제품 사진 | 쇼핑몰 | 배경 없이 | 무지 | 누끼 | "
        "상세페이지 | studio | studio sweep | seamless | ~plain | backdrop paper | product photo | catalog | "
        "catalogue | solid colour | solid color | plain background",
        "a seamless studio paper sweep, large softbox from the left, gentle falloff, clean catalogue look",
    ),
    Style(
        "neon_street",
        "Neon street",
        "네온 거리",
        "네온 거리 | 네온 | 네온사인 | 사이버펑크 | 도시의 밤거리 | 밤거리 | 비 오는 거리 | 클럽 | ~힙한 | 골목 | "
        "홍대 | 피시방 | 게임 | 게이밍 | 헬스장 | neon street | neon | cyberpunk | night street | rainy street | "
        "nightclub | club | street | arcade | ~futuristic | alley | gaming | gym",
        "a rainy city street at night with glowing neon signs, wet asphalt with colourful reflections, shallow "
        "depth of field",
    ),
    Style(
        "bokeh_night",
        "Night bokeh",
        "밤 보케",
        "밤 보케 | 보케 | 야경 | 도시 야경 | ~밤 | 빛망울 | 파티 | ~반짝이는 | 크리스마스 조명 | 연말 | 한강 | 술집 "
        "| 와인바 | 칵테일 | 바 | 별 | 별빛 | 은하수 | 새해 | 연말연시 | ~축하 | night bokeh | bokeh | ~night | city "
        "lights | city | ~party | ~sparkling | ~glitter | ~evening | bar | cocktail | pub | stars | starry | new "
        "year",
        "a dark reflective surface before large soft bokeh of city lights at night, warm and blue",
    ),
    Style(
        "sunlit_window",
        "Sunlit window",
        "창가 햇살",
        "창가 햇살 | 창가 | 햇살 | 햇빛 | 아침 햇살 | 자연광 | 창문 | ~그림자 | ~따뜻한 | ~감성 | 브런치 | 발코니 | "
        "베란다 | 빛이 드는 | ~아침 | ~오후 | ~아늑한 | sunlit window | sunlight | sunlit | window | window light | "
        "sunny | sun | morning light | ~shadow | ~warm | brunch | balcony | ~morning | ~afternoon",
        "morning sun through a window on a plain wall and a light table, crisp shadows of panes and leaves",
    ),
    Style(
        "festival",
        "Festival",
        "축제",
        "축제 | 페스티벌 | 잔치 | 연등 | 등불 | 한가위 | 추석 | 명절 | 야시장 | ~이벤트 | ~개업 | 설날 | 설 | 단오 | "
        "정월대보름 | 생일 | 돌잔치 | festival | fair | carnival | lantern | lanterns | ~celebration | ~holiday | "
        "night market | grand opening | ~event | fiesta | lunar new year | birthday",
        "a festive evening with rows of glowing paper lanterns and confetti, a warm wooden counter in front",
    ),
    Style(
        "minimal",
        "Minimal",
        "미니멀",
        "~미니멀 | ~미니멀리즘 | ~심플 | ~심플한 | ~단순한 | ~깔끔한 | 포디움 | 단상 | 그라데이션 | 그라디언트 | "
        "~파스텔 | 모던 미니멀 | ~세련된 | ~트렌디한 | ~기본 | ~minimal | ~minimalist | ~simple | podium | pedestal "
        "| gradient | ~pastel | geometric | ~abstract | ~trendy | ~basic",
        "a minimal scene with a round podium before a smooth pastel gradient wall, soft even light",
    ),
    Style(
        "luxury",
        "Dark luxury",
        "고급스러운",
        "럭셔리 | ~고급 | ~고급스러운 | ~고급진 | ~프리미엄 | ~명품 | 벨벳 | ~골드 | ~황금 | ~화려한 | ~우아한 | "
        "블랙 골드 | 호텔 | 백화점 | 와인 | 위스키 | 보석 | 주얼리 | 향수 | 한우 | ~품격 | ~고품격 | ~luxury | "
        "~luxurious | ~premium | velvet | ~gold | ~golden | ~elegant | high-end | high end | ~classy | ~exclusive | "
        "dark luxury | hotel | wine | whisky | jewelry | jewellery | perfume",
        "a dark luxurious setting, black glossy surface, fine gold accents, a single soft spotlight, deep shadows",
    ),
    Style(
        "snow",
        "Snow",
        "눈",
        "~눈 | 설경 | ~겨울 | 눈밭 | 눈 내리는 | 크리스마스 | 스키장 | 얼음 | ~시원한 | ~차가운 | 설산 | 눈사람 | "
        "눈꽃 | 빙하 | 북극 | 냉동 | 산타 | ~추운 | ~snow | snowy | ~winter | christmas | ice | frost | icy | ~cold "
        "| ski | arctic | frozen",
        "fresh powder snow with softly falling flakes, blurred winter forest behind, cool clear light",
    ),
    Style(
        "beach",
        "Beach",
        "바닷가",
        "바다 | 해변 | 바닷가 | 모래사장 | 백사장 | 휴가 | 바캉스 | 해수욕장 | 어촌 | ~여름 | ~청량한 | 제주 | "
        "제주도 | 섬 | 항구 | 파도 | 수영장 | 서핑 | ~하늘 | beach | sea | seaside | ocean | sand | sandy | coast | "
        "shore | vacation | tropical | ~summer | ~refreshing | island | waves | pool | surf | ~sky",
        "fine sand and smooth pebbles on a sunny beach, turquoise sea and sky out of focus behind",
    ),
    Style(
        "blossom",
        "Blossom",
        "벚꽃",
        "벚꽃 | 꽃 | 꽃밭 | 매화 | 봄꽃 | 꽃집 | ~봄 | ~화사한 | ~로맨틱한 | ~사랑스러운 | 봄날 | 장미 | 튤립 | "
        "카네이션 | 웨딩 | 결혼 | 어버이날 | ~예쁜 | ~여성스러운 | blossom | cherry blossom | flower | floral | "
        "sakura | petal | bouquet | ~spring | ~romantic | ~lovely | roses | wedding | ~pretty",
        "a pale table under blooming cherry branches, drifting petals, soft pink spring light",
    ),
    Style(
        "garden",
        "Garden",
        "정원",
        "정원 | 숲 | 숲속 | 풀밭 | 초원 | 나뭇잎 | 농장 | 과수원 | 텃밭 | 야외 | ~자연 | ~싱그러운 | ~친환경 | "
        "~유기농 | 산 | 산속 | 들판 | 캠핑 | 잔디 | 공원 | 대나무 | 녹차밭 | 가을 | 단풍 | 낙엽 | ~신선한 | ~싱싱한 "
        "| ~건강한 | garden | forest | green leaves | leaf | leafy | meadow | farm | orchard | outdoor | ~nature | "
        "~fresh | ~organic | ~eco | mountain | camping | park | bamboo | autumn | autumn leaves | maple | grass | "
        "jungle | ~healthy",
        "a mossy stone in a lush green garden, leaves out of focus behind, dappled sunlight",
    ),
)

LETTERINGS = (
    Style(
        "gold_balloon",
        "Gold balloon",
        "골드풍선",
        "골드풍선 | 골드 풍선 | 금박 풍선 | 금풍선 | 풍선 | 황금 풍선 | ~파티 | 호일 풍선 | 헬륨 풍선 | 벌룬 | 생일 "
        "풍선 | ~금 | ~금색 | ~금빛 | ~골드 | ~황금 | ~반짝반짝 | ~반짝이는 | ~블링블링 | ~생일 | ~축하 | ~화려한 | "
        "~축제 | ~크리스마스 | gold balloon | foil balloon | balloon | ~party | mylar | ~gold | ~golden | ~foil | "
        "~glitter | ~bling | ~birthday | ~festive | ~christmas",
        "inflated gold foil balloon letters, shiny seams, soft highlights, warm reflections",
    ),
    Style(
        "neon",
        "Neon",
        "네온",
        "네온 | 네온사인 | 네온 사인 | 형광 | 빛나는 | ~클럽 | 네온등 | 형광등 | 야광 | 불빛 | 사이버펑크 | ~밤 | "
        "~힙한 | ~술집 | ~야간 | neon | neon sign | glowing | glow | fluorescent | ~cyberpunk | led sign | led | "
        "~night | ~hip | ~bar",
        "glowing neon tube letters, bright core, soft coloured halo",
    ),
    Style(
        "metal_3d",
        "3D metal",
        "3D 메탈",
        "3D 메탈 | 3d 금속 | 입체 금속 | 입체 | 메탈 | 금속 | 크롬 | 쓰리디 | ~강한 | 은색 | 실버 | 강철 | 철 | 쇠 | "
        "스틸 | 입체감 | ~굵은 | ~두꺼운 | ~묵직한 | ~강렬한 | ~힘있는 | ~임팩트 | 3D | 3d metal | metal | metallic "
        "| chrome | steel | extruded | ~strong | silver | iron | titanium | ~bold | ~heavy | ~thick | ~powerful",
        "extruded three-dimensional polished metal letters, bevelled edges, studio reflections",
    ),
    Style(
        "brush",
        "Brush",
        "붓글씨",
        "붓글씨 | 붓 | 캘리그라피 | 캘리 | 손글씨 | 먹글씨 | 서예 | ~전통 | 브러시 | 브러쉬 | 붓펜 | 붓터치 | "
        "캘리그래피 | 손 글씨 | 먹 | 먹물 | 수묵 | 수묵화 | 궁서 | 궁체 | ~한국적인 | ~동양적인 | ~한식 | brush | "
        "calligraphy | handwritten | ink | ~traditional | brush stroke | brushed | paintbrush | handwriting | hand "
        "lettering | hand written | script | ~korean | ~oriental",
        "bold hand-brushed calligraphy letters in ink, dry brush edges",
    ),
    Style(
        "retro_print",
        "Retro print",
        "레트로 인쇄",
        "레트로 인쇄 | 레트로 | 복고 | 옛날 인쇄 | 포스터 | ~빈티지 | ~추억 | 뉴트로 | 옛날 | 옛날식 | 추억의 | 7080 "
        "| 80년대 | 90년대 | 신문 | 극장 | ~간판 | retro print | retro | vintage | poster | letterpress | ~70s | "
        "newtro | old school | oldschool | groovy | ~old | ~80s | ~90s",
        "retro letterpress poster letters, offset two-colour print, halftone shade, slightly worn ink",
    ),
    Style(
        "luxury_serif",
        "Luxury serif",
        "고급 명조",
        "고급 명조 | 명조 | 세리프 | ~고급 | ~고급스러운 | ~럭셔리 | ~우아한 | ~프리미엄 | 금박 | 금박 인쇄 | 바탕체 "
        "| 부리 | ~명품 | ~세련된 | ~클래식 | ~품격 | ~감성 | ~웨딩 | ~와인 | ~호텔 | luxury serif | serif | ~luxury "
        "| ~luxurious | ~elegant | ~premium | ~classy | gold foil | gold leaf | foil stamp | ~classic | ~wedding | "
        "~chic | ~high end",
        "elegant thin serif letters with wide spacing, subtle gold sheen",
    ),
    Style(
        "sale_burst",
        "Sale burst",
        "세일 팡팡",
        "세일 팡팡 | 세일 | 할인 | 특가 | 대박 | 폭탄세일 | 전단지 | ~이벤트 | 파격 | 반값 | 행사 | 폭탄 | 폭탄 세일 "
        "| 떨이 | 땡처리 | 전단 | 찌라시 | 오픈 행사 | sale burst | sale | discount | burst | bargain | flyer | "
        "~event | clearance | special offer | offer | deal | starburst | explosion | ~promo",
        "heavy slanted sale letters with thick outline over a jagged burst, red and yellow",
    ),
    Style(
        "chalk",
        "Chalk",
        "분필",
        "분필 | 칠판 | 초크 | 분필 글씨 | ~카페 | 칠판 글씨 | 메뉴판 | 메뉴 보드 | 초크아트 | 블랙보드 | chalk | "
        "chalkboard | blackboard | ~cafe | chalk board | chalk art | menu board | menu",
        "hand-drawn chalk letters with grainy strokes",
    ),
    Style(
        "glass",
        "Glass",
        "유리",
        "유리 | 글래스 | 투명 | 물방울 | 얼음 | ~시원한 | 글라스 | 유리창 | 반투명 | 크리스탈 | 수정 | ~물 | ~맑은 | "
        "~청량한 | ~시원하게 | ~시원 | glass | transparent | frosted | crystal | ice | ~fresh | see through | "
        "translucent | ~clear | ~cool | ~water",
        "translucent frosted glass letters with bright rims and gentle refraction",
    ),
    Style(
        "sticker",
        "Sticker",
        "스티커",
        "스티커 | 팝 | 귀여운 | 말랑한 | 둥근 | ~재미있는 | 귀엽게 | 귀여움 | 아기자기 | 동글동글 | 동그란 | 만화 | "
        "팝아트 | 라벨 | 키즈 | 어린이 | ~발랄한 | ~재밌는 | sticker | pop | cute | bubbly | cartoon | ~fun | comic "
        "| pop art | kids | playful | bubble | bubble letters | label | rounded",
        "die-cut sticker letters with a thick white border and a soft drop shadow, playful colours",
    ),
    Style(
        "candy",
        "Candy",
        "캔디",
        "캔디 | 사탕 | 젤리 | 구미 | 달콤한 | 디저트 | 말랑 | 말랑말랑 | 통통한 | 달달한 | 마카롱 | 도넛 | 초콜릿 | "
        "푸딩 | 아이스크림 | candy | jelly | gummy | sweet | bubblegum | dessert | ~dessert | donut | doughnut | "
        "chocolate | ice cream | macaron | plump | squishy",
        "plump glossy candy letters with a wet shine and a white rim, sweet colours",
    ),
    Style(
        "minimal",
        "Minimal",
        "미니멀",
        "미니멀 | 심플 | 심플한 | 깔끔한 | 단순한 | 모던 | 고딕 | 산세리프 | 미니멀리즘 | 깔끔 | 단순 | 심플하게 | "
        "모던하게 | 돋움 | 돋움체 | 고딕체 | 기본 | 평범한 | ~가독성 | ~읽기 쉬운 | minimal | minimalist | simple | "
        "clean | modern | plain | sans | basic | default | sans serif | gothic | ~readable | ~legible",
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
