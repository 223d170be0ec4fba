"""The words that a shot's text is read by. Order matters where the first match wins."""

SIZES = {
    "extreme_close": (
        "extreme close-up|extreme close up|extreme closeup|ecu|xcu|익스트림 클로즈업|익스트림클로즈업|초근접"
    ),
    "insert": "insert|insert shot|인서트|detail shot|macro",
    "medium_close": "medium close-up|medium close up|mcu|미디엄 클로즈업|바스트|바스트샷|바스트 샷|bust shot|가슴샷",
    "close": "close-up|close up|closeup|cu|클로즈업|클로즈 업|얼굴 클로즈|타이트 샷|tight on",
    "extreme_wide": (
        "extreme wide|extreme long shot|ews|els|establishing|establishing shot|설정샷|설정 샷|"
        "익스트림 롱|익스트림 와이드|전경|aerial|drone shot|드론|panorama~|파노라마"
    ),
    "medium_long": "medium long|medium wide|cowboy|american shot|mls|니샷|니 샷|미디엄 롱|미디엄 풀",
    "full": "full shot|full body|full-length|풀샷|풀 샷|전신",
    "wide": "wide|wide shot|wide angle|long shot|ws|ls|와이드|롱샷|롱 샷|와이드샷",
    "medium": "medium|medium shot|mid shot|ms|미디엄|미디엄샷|웨이스트|웨이스트샷|waist up|허리샷",
}
ANGLES = {
    "bird": ("bird's eye|birds eye|bird's-eye|top shot|overhead|top-down|god's eye|버즈아이|직부감|탑샷|탑 샷|조감"),
    "low": ("low angle|low-angle|from below|worm's eye|로우 앵글|로우앵글|앙각|올려다본 앵글|up at him|up at her"),
    "high": "high angle|high-angle|from above|하이 앵글|하이앵글|부감|내려다본 앵글",
}
DUTCH = "dutch|dutch angle|dutch tilt|canted|tilted angle|더치|더치 앵글|사각 앵글|기울어진 앵글"
OVER_SHOULDER = (
    "over the shoulder|over-the-shoulder|ots|over his shoulder|over her shoulder|오버 숄더|오버숄더|어깨 너머|어깨너머"
)
TWO_SHOT = "two shot|two-shot|2 shot|투샷|투 샷"
POV = "pov|point of view|subjective|시점|시점샷|주관적 시점"
MOVES = {
    "pan_left": "pan left|pans left|panning left|왼쪽으로 팬|좌팬|좌측 팬|팬 레프트|whip pan left",
    "pan_right": (
        "pan right|pans right|panning right|오른쪽으로 팬|우팬|우측 팬|팬 라이트|whip pan|camera pans|pan|팬|패닝"
    ),
    "tilt_down": "tilt down|tilts down|tilting down|틸트 다운|틸트다운",
    "tilt_up": "tilt up|tilts up|tilting up|틸트 업|틸트업|tilt|틸트",
    "pull_out": (
        "pull out|pulls out|pull back|pulls back|dolly out|dolly back|zoom out|zooms out|달리 아웃|"
        "달리아웃|줌 아웃|줌아웃|풀백|카메라가 멀어~"
    ),
    "push_in": (
        "push in|pushes in|push-in|dolly in|dollies in|dolly|zoom in|zooms in|slow zoom|zoom|달리|"
        "달리 인|달리인|줌 인|줌인|줌|푸시 인|푸시인|카메라가 다가"
    ),
    "track_left": "track left|tracks left|truck left|trucking left|왼쪽으로 트래킹|왼쪽 트래킹",
    "track_right": (
        "track right|tracks right|truck right|tracking shot|tracking|tracks|트래킹|트래킹샷|따라간다|follow shot"
    ),
    "crane_down": "crane down|cranes down|boom down|크레인 다운|크레인다운",
    "crane_up": "crane up|cranes up|crane|crane shot|boom up|크레인|크레인 업|jib",
    "arc": "arc|arcs around|orbit|orbits|circles around|360|아크|궤도|주위를 돈~",
    "handheld": "handheld|hand-held|hand held|shaky|핸드헬드|핸드 헬드|들고 찍기",
}
SUBJECT_MOVES = {
    "left": (
        "to the left|walks left|runs left|moves left|exits left|frame left|screen left|왼쪽으로|좌측으로|왼편으로"
    ),
    "right": (
        "to the right|walks right|runs right|moves right|exits right|frame right|screen right|"
        "오른쪽으로|우측으로|오른편으로"
    ),
    "toward": (
        "toward camera|towards camera|toward us|towards us|to camera|approaches|approaching|다가온다|"
        "다가오~|카메라 쪽으로|이쪽으로|걸어온~|걸어오~|뛰어온~|달려온~|달려오~|들어온~|들어오~|enters"
    ),
    "away": (
        "walks away|walking away|runs away|into the distance|leaves|away from camera|멀어진~|멀어지~|"
        "떠난~|떠나~|걸어간~|걸어가~|달려간~|달려가~|뛰어간~|뛰어가~|나간다|나가~|사라진~|exits frame|"
        "exits"
    ),
}
PLACES = {
    "car": (
        "car interior|inside the car|inside a car|in the car|in a car|back seat|driver's seat|backseat|"
        "in a taxi|inside the taxi|차 안|차안|자동차 안|운전석|조수석|택시 안|뒷좌석|차 내부|driving|"
        "운전~|운전석"
    ),
    "train": (
        "subway car|train car|inside the train|inside a train|on the train|on the subway|on a train|"
        "in the subway|carriage|train interior|on the bus|inside the bus|지하철 안|열차 안|기차 안|"
        "버스 안|전철 안|객차|전동차"
    ),
    "station": (
        "train station|subway station|station platform|platform|station|subway|metro|기차역|지하철역|"
        "승강장|플랫폼|역사|지하철|전철역|간이역|대합실|airport|공항|terminal|터미널"
    ),
    "cafe": (
        "cafe|café|coffee shop|coffeehouse|restaurant|diner|bar|pub|bistro|bakery|카페|커피숍|식당|"
        "레스토랑|술집|포장마차|다방|주점|분식집|빵집|cafeteria"
    ),
    "kitchen": "kitchen|주방|부엌|키친",
    "bedroom": "bedroom|bed|hotel room|침실|침대|방에서 잔|호텔방|motel|모텔|dormitory|기숙사",
    "bathroom": "bathroom|restroom|toilet|washroom|화장실|욕실|세면대",
    "office": (
        "office|meeting room|conference room|cubicle|newsroom|police station|interrogation room|사무실|"
        "회의실|오피스|경찰서|취조실|편집국|서재|studio|작업실"
    ),
    "classroom": "classroom|school|lecture hall|교실|학교|강의실|학원|lab|laboratory|실험실",
    "hospital": "hospital|ward|clinic|operating room|emergency room|patient room|병원|병실|응급실|수술실|진료실",
    "corridor": (
        "corridor|hallway|hall|passage|tunnel|stairwell|elevator|복도|터널|통로|계단실|엘리베이터|지하도|지하 통로"
    ),
    "store": (
        "convenience store|supermarket|grocery store|grocery|mini-mart|corner shop|corner store|7-eleven|편의점|"
        "마트|슈퍼마켓|슈퍼|식료품점|구멍가게"
    ),
    "shop": (
        "shop|store|bookstore|bookshop|library|pharmacy|가게|상점|서점|도서관|약국|책방|museum|gallery|미술관|박물관"
    ),
    "warehouse": (
        "warehouse|factory|garage|hangar|basement|cellar|parking garage|prison|cell|창고|공장|차고|"
        "지하실|지하주차장|감옥|교도소|폐공장|주차장|dungeon|cave|동굴|spaceship|우주선"
    ),
    "hall": (
        "church|cathedral|theater|theatre|stage|courtroom|ballroom|lobby|gym|교회|성당|극장|무대|법정|"
        "로비|체육관|강당|palace|궁전|throne room"
    ),
    "living": (
        "living room|apartment|house interior|lounge|sofa|couch|room|home|거실|아파트 안|집안|집 안|"
        "소파|방 안|방안|원룸|집에서|방"
    ),
    "rooftop": "rooftop|roof|terrace|balcony|옥상|지붕|테라스|발코니|베란다",
    "stall": "market stall|stall interior|in the stall|inside the stall|kiosk|시장 노점|노점|가판대|수선집|수리점",
    "market": "market|bazaar|stalls|시장|장터|좌판|야시장",
    "alley": "alley|alleyway|back street|backstreet|narrow street|골목|골목길|뒷골목|alleys",
    "hanok": (
        "hanok|temple|shrine|pagoda|palace gate|korean house|traditional house|한옥|사찰|절|궁|경복궁|"
        "초가집|마당|사당|절간|산사|기와집|고택"
    ),
    "river": "river|riverside|riverbank|한강|강가|강변|강둑",
    "beach": (
        "beach|sea|ocean|seaside|shore|coast|harbor|harbour|port|pier|boat|ship|바다|해변|바닷가|해안|"
        "항구|부두|선착장|파도|갯벌|lake|호수|백사장"
    ),
    "forest": "forest|woods|woodland|jungle|trees|숲|숲속|나무숲|밀림|대나무|수풀",
    "mountain": (
        "mountain|cliff|peak|valley|ridge|canyon|산|산꼭대기|절벽|계곡|산등성이|설산|산길|협곡|봉우리|능선|정상"
    ),
    "desert": "desert|dune|wasteland|사막|모래언덕|황무지|mars|화성|moon surface",
    "field": (
        "field|meadow|farm|countryside|prairie|grassland|rice paddy|hill|garden|park|playground|들판|밭|"
        "논|초원|시골|언덕|농장|정원|공원|놀이터|운동장|갈대밭|꽃밭|잔디|battlefield|전장|grave|"
        "cemetery|묘지"
    ),
    "bridge": "bridge|overpass|다리 위|대교|육교|교각",
    "skyline": ("skyline|cityscape|city from above|도시 전경|스카이라인|마천루|도심 전경|빌딩 숲|metropolis|도시 상공"),
    "highway": "highway|road|freeway|고속도로|도로|국도|길가|차도|시골길|해안도로",
    "street": (
        "street|sidewalk|avenue|crosswalk|intersection|city|downtown|town|village|bus stop|plaza|square|"
        "crossing|거리|길거리|횡단보도|도심|도시|번화가|인도|마을|버스정류장|버스 정류장|광장|사거리|"
        "교차로|보도|길|neighborhood|동네|주택가"
    ),
}
INTERIORS = frozenset(
    {
        "bathroom",
        "bedroom",
        "cafe",
        "car",
        "classroom",
        "corridor",
        "hall",
        "hospital",
        "kitchen",
        "living",
        "office",
        "shop",
        "stall",
        "station",
        "store",
        "train",
        "warehouse",
    }
)
INSIDE = "int|interior|indoors|inside|실내|내부|안에서"
OUTSIDE = "ext|exterior|outdoors|outside|실외|야외|바깥|밖에서|문 밖|창 밖에서"
FACADE = (
    "street corner|storefront|shopfront|shop front|facade|façade|awning|in front of the store|"
    "in front of the shop|길모퉁이|모퉁이|가게 앞|편의점 앞|카페 앞|처마|차양|건물 외관|외관|외경"
)
STREETS = "street|road|corner|sidewalk|crosswalk|crossing|거리|도로|횡단보도|길가|골목"
FURLED = (
    "folded umbrella|closed umbrella|furled umbrella|rolled umbrella|umbrella folded|umbrella closed|"
    "folded red umbrella|closed red umbrella|closes the umbrella|closes her umbrella|closes his umbrella|"
    "접은 우산|접힌 우산|우산을 접~|접은 빨간 우산|우산을 짚~|우산살"
)
UNFURLED = (
    "open umbrella|opens the~|opens her umbrella|opens his umbrella|opens an umbrella|open umbrellas|"
    "under the umbrella|under an umbrella|under a red umbrella|under the red umbrella|under her umbrella|"
    "under his umbrella|under the same|edge of a red umbrella|edge of an umbrella|edge of the umbrella|"
    "우산을 펴~|우산을 펼~|우산을 쓰~|우산 아래|우산 속|우산 밑|우산을 받~"
)
OFFERED = "holds out|hold out|offers|offering|hands over|hands him|hands her|gives|내민~|내미~|건네~|건넨~|돌려주~"
HUNG = "hang~|hung|clothesline|washing line|걸려~|걸린|매달~|매달려~|빨랫줄|걸어 둔|걸어둔"
AFLOAT = "drift~|float~|flies|flying|soars|blown|carried by the wind|떠다니~|떠오르~|날아가~|날아간|흩날리~|떠간~"
FALLING = {
    "stars": "paper stars|paper star|종이별|종이 별",
    "petals": "petal~|blossoms fall|confetti|꽃잎|벚꽃이 흩|꽃비|색종이",
    "leaves": "falling leaves|autumn leaves|leaves fall|낙엽",
    "feathers": "feather~|깃털",
}
REFLECTED = (
    "reflected in the~|reflection in the~|reflected in a window|face reflected|reflected face|her reflection|"
    "his reflection|창에 비친|창문에 비친|유리에 비친|유리창에 비친|차창에 비친"
)
LIGHTS_OUTSIDE = "lights|neon|headlights|불빛|야경|네온|가로등"
HANDS = "hand|hands|finger|fingers|fingertip|손|두 손|손가락|손끝|손길|thumb"
BODY_PARTS = "eye|eyes|face|mouth|lips|foot|feet|shoe|shoes|boots|leg|legs|ear|눈|눈동자|얼굴|입술|발|신발|다리|귀"
TIMES = {
    "night": (
        "night|midnight|nighttime|moonlight|moonlit|after dark|밤|한밤|심야|자정|달빛|새벽 2시|새벽 3시|"
        "밤중|야경|어두운 밤|야시장|밤거리"
    ),
    "golden": ("golden hour|magic hour|late afternoon|golden|골든아워|골든 아워|황금빛|늦은 오후|매직아워|매직 아워"),
    "dusk": (
        "sunset|dusk|twilight|evening|blue hour|해질녘|해 질 녘|노을|석양|황혼|저녁|일몰|블루아워|블루 아워|해질 무렵"
    ),
    "dawn": "dawn|sunrise|daybreak|early morning|새벽|일출|동틀|해돋이|여명|이른 아침|먼동",
    "day": ("day|daytime|noon|morning|afternoon|daylight|midday|sunny|낮|한낮|정오|아침|오전|오후|대낮|햇살|햇빛|맑은"),
}
WEATHER = {
    "rain": (
        "rain~|raining|rainy|downpour|drizzle|storm|비|비가 내리~|비 내리~|비오는|비 오는|빗속|폭우|"
        "소나기|장마|빗줄기|빗방울|비를 맞~|비가 쏟아|장대비|비에 젖"
    ),
    "snow": (
        "snow~|snowfall|blizzard|winter|눈이 내리~|눈 내리~|눈이 온|눈 오는|눈오는|눈 덮인|눈밭|눈보라|"
        "함박눈|겨울|눈송이|설원|눈길|폭설|눈이 쌓|설산"
    ),
    "fog": "fog~|mist~|haze|hazy|smoke|smoky|foggy|안개|연무|스모그|연기|자욱|뿌연",
    "wind": "wind|windy|gust|바람|강풍|돌풍",
}
MOODS = {
    "noir": "noir|film noir|chiaroscuro|느와르|누아르|명암 대비",
    "neo_noir": "neo-noir|neo noir|네오 누아르|네오누아르|네오 느와르|네오느와르",
    "neon": "neon|cyberpunk|네온|사이버펑크|네온사인",
    "high_key": "high key|high-key|하이키|bright and airy|밝고 화사",
    "low_key": (
        "low key|low-key|dark|moody|shadowy|로우키|어두운|어둡~|dim|candlelight|candle|촛불|underexposed|캄캄|어둠"
    ),
    "warm": "warm|tungsten|amber|firelight|fireplace|cozy|따뜻~|텅스텐|아늑~|kodak|portra|모닥불|따스~",
    "cold": "cold|cool|blue tone|steel blue|fluorescent|차가운|푸른|형광등|icy|sterile|서늘~|청록|teal",
    "mono": "black and white|black & white|b&w|monochrome|tri-x|흑백|모노크롬",
    "sepia": "sepia|vintage|세피아|빈티지|flashback|회상|old photo",
    "pastel": "pastel|wes anderson|soft palette|파스텔",
    "bleach": "bleach bypass|desaturated|gritty|블리치|무채색|탈색|황량",
    "vivid": "vivid|saturated|technicolor|velvia|선명~|강렬한 색|화려~",
    "backlit": "backlit|back light|backlight|silhouette|rim light|contre-jour|역광|실루엣|림 라이트|림라이트",
    "soft": "soft light|diffus~|overcast|softbox|부드러운|흐린|확산|pro-mist|black mist|promist|글리머",
    "hard": "hard light|harsh|direct sun|spotlight|강한 빛|하드 라이트|직사광|스포트라이트",
    "window": "window light|light through the window|blinds|창가|창문으로|창으로|블라인드|창밖",
    "bloom": "bloom|halation|glow~|mist filter|pro-mist|글로우|블룸|할레이션|빛번짐|dreamy|꿈같~|몽환",
    "vignette": "vignett~|비네트|비네팅",
}
LIGHT_SIDES = {
    "left": "from the left|camera left|left side light|왼쪽에서|좌측광|좌측에서",
    "right": "from the right|camera right|right side light|오른쪽에서|우측광|우측에서",
    "top": "top light|toplight|overhead light|from above light|탑라이트|탑 라이트|머리 위 조명",
    "under": "under light|underlight|from below light|uplight|언더라이트|아래에서 비추",
}
PROPS = {
    "car": "car|taxi|sedan|van|police car|자동차|승용차|택시|경찰차|차|차량|승합차",
    "truck": "truck|bus|ambulance|트럭|버스|구급차|화물차",
    "bicycle": "bicycle|bike|cycling|자전거",
    "motorbike": "motorbike|motorcycle|scooter|오토바이|스쿠터|모터사이클",
    "phone": "phone|cell phone|smartphone|mobile|전화|휴대폰|핸드폰|스마트폰|휴대전화|전화기",
    "cup": "cup|mug|coffee|tea|커피|컵|찻잔|머그|잔을|차를 마시~|술잔|glass of|wine glass|소주",
    "book": "book|novel|diary|notebook|책|소설|일기장|공책|노트|수첩",
    "letter": "letter|note|envelope|document|newspaper|편지|쪽지|봉투|서류|신문|종이|paper|receipt|영수증",
    "photo": "photo|photograph|polaroid|snapshot|사진",
    "tag": "tag|label|ticket|꼬리표|이름표|표지|딱지|표를|승차권",
    "register": "cash register|till|register|계산대|카운터|counter|금전 등록기",
    "umbrella": "umbrella|우산|양산",
    "lamp": "lamp|lantern|candle|스탠드|램프|등불|촛불|랜턴|조명등",
    "streetlight": "streetlight|street lamp|streetlamp|lamppost|가로등",
    "moon": "moon|moonlight|full moon|달|달빛|보름달|초승달",
    "sun": "sun|sunset|sunrise|태양|해|석양|일출|일몰|노을",
    "stars": "stars|starry|milky way|별|별빛|은하수",
    "tree": "tree|cherry blossom|나무|벚꽃|소나무|은행나무|가로수",
    "flower": "flower|rose|bouquet|꽃|장미|꽃다발",
    "box": "box|package|parcel|crate|상자|박스|택배|소포",
    "suitcase": "suitcase|luggage|briefcase|여행가방|캐리어|서류가방|트렁크",
    "bag": "bag|backpack|handbag|가방|배낭|핸드백",
    "dog": "dog|puppy|강아지|개|반려견|멍멍이",
    "cat": "cat|kitten|고양이|길고양이|야옹이",
    "bird": "bird|crow|pigeon|seagull|새|까마귀|비둘기|갈매기|새떼",
    "computer": "computer|laptop|monitor|keyboard|typing|컴퓨터|노트북|모니터|키보드|타이핑",
    "tv": "television|tv|텔레비전|티비",
    "clock": "clock|시계|벽시계",
    "mirror": "mirror|거울",
    "piano": "piano|피아노",
    "guitar": "guitar|기타",
    "fire": "fire|bonfire|campfire|flame|burning|불|모닥불|화염|불꽃|불길",
    "boat": "boat|ship|sailboat|fishing boat|배|어선|돛단배|요트|보트",
    "train": "train|subway train|기차|열차|전철|지하철이",
    "plane": "plane|airplane|aircraft|비행기|여객기",
    "balloon": "balloon|풍선",
    "ball": "ball|soccer ball|basketball|공|축구공|농구공",
    "bench": "bench|벤치",
    "chair": "chair|armchair|의자",
    "table": "table|desk|테이블|탁자|책상|식탁|밥상",
    "door": "door|doorway|문|현관|출입문|방문|대문|현관문",
    "window": "window|창문|창가|창",
    "stairs": "stairs|staircase|steps|계단|층계",
    "sign": "sign|signboard|billboard|간판|표지판|네온사인|광고판",
    "food": "food|meal|noodles|ramen|rice|bread|cake|soup|음식|밥|라면|국수|빵|케이크|국밥|떡볶이|도시락",
    "key": "key|열쇠",
    "ring": "ring|반지",
    "camera": "camera on tripod|film camera|photo camera|카메라를 들",
    "knife": "kitchen knife|식칼",
    "screen": "screen|hologram|스크린|화면|홀로그램",
}
HELD = (
    "phone",
    "cup",
    "book",
    "letter",
    "photo",
    "tag",
    "umbrella",
    "flower",
    "box",
    "suitcase",
    "bag",
    "balloon",
    "ball",
    "key",
    "lamp",
    "guitar",
    "food",
    "ring",
    "camera",
)
CROWD = (
    "crowd~|umbrellas in the rain|river of black umbrellas|우산들의 물결|우산의 물결|"
    "people|passers-by|passersby|pedestrians|bystanders|audience|busy|bustling|students|"
    "customers|군중|인파|사람들|행인|관객|북적|붐비~|손님들|학생들|승객들|passengers|shoppers"
)
EMPTY = "empty|deserted|no one|nobody|abandoned|텅 빈|아무도 없|비어 있|적막|인적 없|폐허"
