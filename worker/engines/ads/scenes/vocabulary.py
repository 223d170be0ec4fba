"""What people call a colour, a tone, an hour, beside the words for backgrounds in `cinefarm/ad_styles.py`. Words are
parted by |.
"""

HUES = {  # OKLCH hue, degrees
    25.0: "빨강 | 빨간 | 빨강색 | 빨간색 | 레드 | 붉은 | red | crimson | scarlet",
    55.0: "주황 | 주황색 | 오렌지 | orange | coral | 코랄 | 가을 | 단풍 | 낙엽 | autumn | maple",
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
    "light": "밝은 | 흰 | 하얀 | 흰색 | 하얀색 | 화이트 | bright | white | light | airy | 파스텔 | pastel",
}

TIMES = {
    "morning": "아침 | 새벽 | morning | dawn | sunrise",
    "sunset": "노을 | 석양 | 해질녘 | 저녁 | sunset | dusk | golden hour | evening",
    "night": "밤 | 야간 | 한밤 | night | midnight | 야시장",
}
