"""What people call a background, a colour, an hour.

Words are parted by |. Those of a mood are marked by ~: they choose only where no thing or place is named.
"""

STYLES = {
    "market_stall": (
        "전통시장 | 전통 시장 | 재래시장 | 시장 | 장터 | 좌판 | 시장 가판대 | 가판대 | 노점 | 청과 | 과일가게 | "
        "수산시장 | traditional market | market stall | market | stall | bazaar | street food | grocery | "
        "fruit stand | fish market"
    ),
    "wood_table": (
        "나무 테이블 | 원목 테이블 | 나무 | 원목 | 우드 | 식탁 | 카페 | 주방 | 부엌 | 집밥 | 시골 | ~내추럴 | "
        "~자연스러운 | ~빈티지 | wooden table | wood table | wood | wooden | rustic | kitchen | cafe | café | "
        "farmhouse | ~cozy | ~natural | ~vintage | ~home"
    ),
    "marble": (
        "대리석 | 대리석 테이블 | 마블 | 돌 | 욕실 | 화장품 | ~깨끗한 | ~청결한 | ~모던 | marble | marble table | "
        "stone | bathroom | cosmetics | ~clean | ~modern | countertop"
    ),
    "linen": (
        "린넨 | 리넨 | 천 | 면 | 패브릭 | 식탁보 | ~부드러운 | ~포근한 | 한지 | 보자기 | linen | cloth | fabric | "
        "cotton | tablecloth | ~soft | textile | cosy fabric | hygge"
    ),
    "studio": (
        "스튜디오 | 스튜디오 배경 | ~단색 | 배경지 | 호리존 | 제품 사진 | 쇼핑몰 | studio | studio sweep | "
        "seamless | ~plain | backdrop paper | product photo | catalog | catalogue | solid colour | solid color"
    ),
    "neon_street": (
        "네온 거리 | 네온 | 네온사인 | 사이버펑크 | 도시의 밤거리 | 밤거리 | 비 오는 거리 | 클럽 | ~힙한 | "
        "neon street | neon | cyberpunk | night street | rainy street | nightclub | club | street | arcade | "
        "~futuristic"
    ),
    "bokeh_night": (
        "밤 보케 | 보케 | 야경 | 도시 야경 | ~밤 | 빛망울 | 파티 | ~반짝이는 | 크리스마스 조명 | 연말 | "
        "night bokeh | bokeh | ~night | city lights | city | ~party | ~sparkling | ~glitter | ~evening | bar"
    ),
    "sunlit_window": (
        "창가 햇살 | 창가 | 햇살 | 햇빛 | 아침 햇살 | 자연광 | 창문 | ~그림자 | ~따뜻한 | ~감성 | sunlit window | "
        "sunlight | sunlit | window | window light | sunny | sun | morning light | ~shadow | ~warm"
    ),
    "festival": (
        "축제 | 페스티벌 | 잔치 | 연등 | 등불 | 한가위 | 추석 | 명절 | 야시장 | ~이벤트 | ~개업 | festival | "
        "fair | carnival | lantern | lanterns | ~celebration | ~holiday | night market | grand opening | ~event | "
        "fiesta"
    ),
    "minimal": (
        "~미니멀 | ~미니멀리즘 | ~심플 | ~심플한 | ~단순한 | ~깔끔한 | 포디움 | 단상 | 그라데이션 | 그라디언트 | "
        "~파스텔 | 모던 미니멀 | ~minimal | ~minimalist | ~simple | podium | pedestal | gradient | ~pastel | "
        "geometric | ~abstract"
    ),
    "luxury": (
        "럭셔리 | ~고급 | ~고급스러운 | ~고급진 | ~프리미엄 | ~명품 | 벨벳 | ~골드 | ~황금 | ~화려한 | ~우아한 | "
        "블랙 골드 | ~luxury | ~luxurious | ~premium | velvet | ~gold | ~golden | ~elegant | high-end | high end | "
        "~classy | ~exclusive | dark luxury"
    ),
    "snow": (
        "~눈 | 설경 | ~겨울 | 눈밭 | 눈 내리는 | 크리스마스 | 스키장 | 얼음 | ~시원한 | ~차가운 | ~snow | snowy | "
        "~winter | christmas | ice | frost | icy | ~cold | ski"
    ),
    "beach": (
        "바다 | 해변 | 바닷가 | 모래사장 | 백사장 | 휴가 | 바캉스 | 해수욕장 | 어촌 | ~여름 | ~청량한 | beach | "
        "sea | seaside | ocean | sand | sandy | coast | shore | vacation | tropical | ~summer | ~refreshing"
    ),
    "blossom": (
        "벚꽃 | 꽃 | 꽃밭 | 매화 | 봄꽃 | 꽃집 | ~봄 | ~화사한 | ~로맨틱한 | ~사랑스러운 | blossom | "
        "cherry blossom | flower | floral | sakura | petal | bouquet | ~spring | ~romantic | ~lovely"
    ),
    "garden": (
        "정원 | 숲 | 숲속 | 풀밭 | 초원 | 나뭇잎 | 농장 | 과수원 | 텃밭 | 야외 | ~자연 | ~싱그러운 | ~친환경 | "
        "~유기농 | garden | forest | green leaves | leaf | leafy | meadow | farm | orchard | outdoor | ~nature | "
        "~fresh | ~organic | ~eco"
    ),
}

HUES = {  # OKLCH hue, degrees
    25.0: "빨강 | 빨간 | 빨강색 | 빨간색 | 레드 | 붉은 | red | crimson | scarlet",
    55.0: "주황 | 주황색 | 오렌지 | orange | coral | 코랄",
    95.0: "노랑 | 노란 | 노란색 | 옐로 | yellow | lemon",
    75.0: "베이지 | 크림색 | beige | cream | ivory | 아이보리",
    145.0: "초록 | 초록색 | 녹색 | 그린 | green | emerald",
    165.0: "민트 | 민트색 | mint",
    195.0: "청록 | 청록색 | teal | turquoise | cyan",
    250.0: "파랑 | 파란 | 파란색 | 블루 | 하늘색 | 푸른 | blue | sky blue | navy | 남색",
    305.0: "보라 | 보라색 | 퍼플 | purple | violet | lavender | 라벤더",
    0.0: "분홍 | 분홍색 | 핑크 | pink | rose | magenta",
}

TONES = {
    "dark": "어두운 | 검정 | 검은 | 검은색 | 블랙 | 다크 | dark | black | moody | navy | 남색",
    "light": "밝은 | 흰 | 하얀 | 흰색 | 하얀색 | 화이트 | bright | white | light | airy",
}

TIMES = {
    "morning": "아침 | 새벽 | morning | dawn | sunrise",
    "sunset": "노을 | 석양 | 해질녘 | 저녁 | sunset | dusk | golden hour | evening",
    "night": "밤 | 야간 | 한밤 | night | midnight | 야시장",
}
