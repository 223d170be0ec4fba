"""The words that people are read by: what they do, feel, wear and are."""

LOWER = {
    "lie": (
        "lie|lies|lying|lay|sleep~|asleep|collapsed|unconscious|눕~|누운|누워|누웠|잔다|잠든|잠들~|"
        "자고 있|쓰러져|쓰러진|엎드~"
    ),
    "fall": (
        "fall|falls|falling|trips|stumbles|slips|collapses|떨어진~|떨어지~|넘어진~|넘어지~|넘어져|추락|"
        "미끄러~|쓰러진다|쓰러지~"
    ),
    "jump": "jump~|leap~|hop~|점프~|뛰어오르~|뛰어넘~|도약|뛰어내리~|펄쩍",
    "drive": "drive|drives|driving|at the wheel|behind the wheel|운전~|핸들을 잡~",
    "ride": "rides|riding|cycling|자전거를 타~|자전거를 탄|오토바이를 타~|말을 타~|타고 달리~",
    "run": (
        "run|runs|running|sprint~|chase~|chasing|flees|fleeing|dash~|rushes|달리~|달린|달려~|뛰~|뛴다|"
        "뛰어~|도망~|쫓~|질주|추격|달아나~"
    ),
    "kneel": "kneel~|kneels|on his knees|on her knees|proposes|무릎 꿇|무릎을 꿇|꿇어|꿇고|무릎꿇",
    "crouch": ("crouch~|squat~|hides|hiding|ducks|crawl~|쪼그~|웅크~|숨는다|숨어|숨은|쭈그~|몸을 숙|기어~"),
    "sit": (
        "sit|sits|sitting|seated|sat|at the table|at a table|at his desk|at her desk|앉~|앉아|앉은|앉는|앉았|걸터앉"
    ),
    "climb": "climb~|ascend~|기어오르~|오른다|오르~|올라간~|올라가~",
    "dance": "dance|dances|dancing|춤~|춤을 추~|춤춘",
    "walk": (
        "walk|walks|walking|stroll~|wander~|march~|strides|approaches|enters|exits|leaves|crosses|"
        "steps into|follows|paces|걷~|걸어~|걸으~|걷는|걸어온|걸어간|다가가~|다가간|다가온|다가오~|"
        "거닐~|거니~|산책|들어온~|들어오~|들어선|나간다|나온다|나가~|지나간~|지나가~|건너~|건넌~|"
        "따라간~|떠난~|향한다|향해 간"
    ),
    "stand": (
        "stand|stands|standing|waits|waiting|stops|서 있|서있|선다|서서|섰다|멈춰|멈춘~|기다린~|기다리~|"
        "일어선~|일어서~|일어난~"
    ),
}
ARMS = {
    "hug": "hug|hugs|hugging|embrac~|껴안~|끌어안~|안는다|안아|안고|포옹|안긴~",
    "fight": (
        "fight|fights|fighting|punch~|struggl~|attack~|grabs|hits|kick~|싸우~|싸운|때린~|때리~|주먹|"
        "몸싸움|멱살|공격|휘두르~|격투"
    ),
    "handshake": "shake hands|shakes hands|handshake|악수",
    "hold_hands": "holding hands|hold hands|hand in hand|손을 잡~|손잡~|손을 꼭",
    "phone": (
        "on the phone|phone call|calls|calling|answers the phone|talks on|phones|전화~|통화~|전화를 받|전화를 건|수화기"
    ),
    "text": (
        "texting|looks at her phone|looks at his phone|scroll~|smartphone|at the phone|휴대폰을 본|"
        "휴대폰을 보~|핸드폰을 본|핸드폰을 보~|문자|스마트폰을|화면을 본|화면을 보~"
    ),
    "drink": "drink~|sips|sipping|drinks|마시~|마신|마셔|들이켜~|홀짝",
    "eat": "eat|eats|eating|chew~|먹~|먹는|먹고|식사~|씹~",
    "read": "read|reads|reading|읽~|읽는|읽고|책을 본|책을 보~|신문을 보~|편지를 본",
    "type": "type|types|typing|타자|타이핑|키보드를|컴퓨터를 하|노트북을 두드",
    "write": "write|writes|writing|draws|signs|쓴다|적는다|그린다|글을 쓰~|서명|메모",
    "cook": "cook~|stirs|chops|요리~|볶~|끓인|썬다|썰~",
    "wave": "wave|waves|waving|손을 흔들~|손을 흔든|손 흔들~|손인사|인사한다",
    "point": "point|points|pointing|가리키~|가리킨|손가락질|지목",
    "reach": ("reach~|reaches|stretches out|offers|hands over|gives|손을 뻗~|내민~|내밀~|건넨~|건네~|뻗는|잡으려"),
    "throw": "throw~|hurl~|toss~|던진~|던지~",
    "cheer": (
        "cheer~|raises her arms|raises his arms|arms raised|celebrat~|victory|hands up|만세|환호|두 팔|"
        "팔을 벌리~|팔을 번쩍|손을 들어"
    ),
    "cover_face": (
        "covers her face|covers his face|sob~|weep~|hands over face|얼굴을 감싸~|얼굴을 가린~|얼굴을 묻|흐느끼~|오열"
    ),
    "think": "think~|ponder~|hand on chin|생각~|고민~|턱을 괴~|턱을 괸",
    "cross": "arms crossed|crosses her arms|crosses his arms|folded arms|팔짱",
    "pray": "pray~|prays|begs|pleads|기도~|빌~|두 손을 모으~|두손|애원|절한다|합장",
    "hips": "hands on hips|hand on hip|허리에 손",
    "pockets": "hands in pockets|hand in pocket|주머니에 손",
    "open": (
        "opens the door|opens a door|opening the door|pushes the door|pushing the door|door open|"
        "knocks|문을 연~|문을 열~|문을 두드|노크|문고리"
    ),
    "carry": "carr~|carries|lifts|drags|나른다|나르~|옮긴~|들어 올~|안아 든|끌고|짊어",
    "hold": (
        "hold|holds|holding|clutch~|grip~|takes out|picks up|looks at the|들고|든다|든 채|쥐~|쥔|쥐고|"
        "꺼낸~|꺼내~|들어 보|움켜|집어~|집는|받아 든|받쳐|쓰고"
    ),
    "play": "plays the piano|plays piano|plays guitar|playing guitar|연주~|피아노를 친|기타를 친",
    "talk": (
        "talk|talks|talking|speaks|speaking|argues|arguing|explains|shouts|says|tells|asks|conversation|"
        "dialogue|말한다|말하~|대화~|이야기~|얘기~|다툰~|다투~|외친~|외치~|설명~|소리친~|소리치~|따진~|"
        "묻는다|대답"
    ),
}
HEADS = {
    "up": (
        "look up|looks up|looking up|gazes up|stares up|up at the|하늘을 본|하늘을 바라|올려다~|올려 본|"
        "위를 본|위를 바라|고개를 든|고개를 들~|하늘을 보"
    ),
    "down": (
        "look down|looks down|looking down|bows|lowers her head|lowers his head|head down|"
        "stares at the floor|내려다~|고개를 숙~|고개를 떨|아래를 본|바닥을 본|시선을 떨|내려 본|고개 숙"
    ),
    "back": (
        "looks back|looking back|over her shoulder at|glances back|turns around|뒤돌아~|뒤를 돌아~|"
        "뒤돌~|돌아본~|돌아보~"
    ),
    "side": "looks away|glances|looks aside|고개를 돌린~|고개를 돌리~|외면|곁눈|시선을 피하~",
    "to_camera": (
        "into camera|at the camera|to camera|looks at us|faces camera|카메라를 본|카메라를 보|카메라를 응시|정면을"
    ),
}
TURNED_AWAY = (
    "turns away|turned away|back to camera|back to us|from behind|facing away|back turned|등을 돌린~|"
    "등을 돌리~|돌아선~|돌아서~|돌아섰|뒷모습|등지고|등을 보|뒤에서 본"
)
PROFILE = "profile|side view|in profile|옆모습|측면|프로필"
LOOK_AT = (
    "look at|looks at|looking at|stares at|gazes at|watches|faces|facing|바라보~|바라본|쳐다보~|쳐다본|"
    "응시|마주보~|마주 보~|마주 본|마주본|노려보~|노려본|지켜보~|지켜본|마주"
)
EXPRESSIONS = {
    "cry": ("cry|cries|crying|tear|tears|tearful|sob~|weep~|운다|울고|울며|우는|울음|눈물|울먹~|흐느끼~|오열"),
    "laugh": "laugh~|giggle~|grin~|웃음을 터|깔깔|폭소|크게 웃~|활짝 웃~|활짝|웃으며|웃는다",
    "smile": "smile~|smiling|happy|happily|joy~|cheerful~|glad|미소|웃~|기쁜|기뻐~|행복~|흐뭇~|즐거~|즐겁~",
    "angry": (
        "angry|anger|angrily|furious~|rage|glare~|glaring|yells|yelling|shouts|argues|화난|화를 내~|"
        "화가 난|화내~|분노|성난|노려보~|노려본|소리친~|소리치~|격분|다툰~"
    ),
    "surprised": "surprise~|shock~|astonish~|gasps|startled|amazed|wide-eyed|놀란~|놀라~|깜짝|충격|경악|휘둥그~",
    "afraid": (
        "afraid|fear~|scared|terrif~|horror|panic~|nervous~|anxious~|두려~|두렵~|무서~|무섭~|겁에|겁먹~|"
        "공포|불안~|긴장~|떨며|초조"
    ),
    "sad": (
        "sad|sadly|sadness|lonely|melanchol~|grief|grieving|depressed|tired|exhausted|weary|슬픈|슬프~|"
        "슬픔|외로~|외롭~|쓸쓸~|우울~|지친|피곤~|허탈|그리움|그리워~"
    ),
    "determined": (
        "determined|determination|serious~|resolute~|stern|focused|grim|결연~|단호~|진지~|굳은 표정|"
        "비장~|결심~|심각~|집중~"
    ),
    "asleep": (
        "asleep|sleeping|eyes closed|closes her eyes|closes his eyes|sleeps|눈을 감~|감은 눈|잠든|잠들~|"
        "자고 있|unconscious"
    ),
    "suspicious": "suspicio~|skeptical|doubt~|smirk~|sly|의심~|비웃~|냉소|수상",
    "disgust": "disgust~|grimace~|pain|hurt|wince~|찡그린~|찡그리~|고통|아파~|괴로~",
}
KINDS = {
    "dog": "dog|puppy|hound|강아지|개|반려견|진돗개|멍멍이",
    "cat": "cat|kitten|고양이|길고양이|야옹이",
    "bird": "bird|crow|parrot|까마귀|앵무새|비둘기",
    "horse": "horse|pony|조랑말|백마|흑마",
    "robot": "robot|android|cyborg|droid|mech|로봇|안드로이드|사이보그|기계인간",
}
AGES = {
    "baby": "baby|infant|toddler|아기|갓난",
    "child": (
        "child|kid|boy|girl|little|son|daughter|8-year-old|10-year-old|아이|어린이|소년|소녀|꼬마|초등학생|아들|딸|어린"
    ),
    "teen": (
        "teen|teenager|teenage|student|high school|schoolgirl|schoolboy|학생|고등학생|중학생|십대|10대|"
        "청소년|여고생|남고생"
    ),
    "old": (
        "old|elderly|aged|sixty~|seventy~|eighty~|ninety~|sixties|seventies|eighties|nineties|"
        "예순~|일흔~|여든~|아흔~|grandmother|grandfather|grandma|grandpa|senior|노인|할머니|할아버지|늙은|노파|"
        "노년|백발|70대|80대|60대"
    ),
}
WOMAN = (
    "woman|girl|female|lady|mother|mom|wife|daughter|she|her|grandmother|grandma|queen|princess|actress|"
    "waitress|sister|heroine|여자|여성|소녀|엄마|어머니|아내|할머니|아줌마|여인|여왕|공주|누나|언니|"
    "여배우|그녀|여학생|여고생|딸|노파|아가씨|이모|고모"
)
MAN = (
    "man|boy|male|father|dad|husband|son|he|his|grandfather|grandpa|king|prince|actor|waiter|brother|"
    "hero|남자|남성|소년|아빠|아버지|남편|할아버지|아저씨|사내|왕|왕자|형|오빠|남배우|남학생|남고생|"
    "아들|청년|신사|삼촌"
)
BUILDS = {
    "heavy": "fat|heavy|chubby|stocky|large|overweight|burly|뚱뚱~|통통~|덩치|거구|살찐|육중",
    "thin": "thin|skinny|slim|slender|lanky|gaunt|마른|날씬~|호리호리|야윈|여윈",
    "strong": "muscular|strong|athletic|bodybuilder|buff|근육~|건장~|우람|다부진",
    "tall": "tall|키가 큰|키 큰|장신|키큰",
    "short": "short man|short woman|petite|키가 작|키 작|단신|아담",
}
HAIR_STYLES = {
    "bald": "bald|shaved head|대머리|민머리|삭발|스킨헤드",
    "buzz": "buzz cut|crew cut|cropped hair|까까머리|스포츠머리|짧게 깎",
    "ponytail": "ponytail|pony tail|포니테일|하나로 묶|묶은 머리|말총",
    "bun": "bun|topknot|hair up|hair bun|올림머리|쪽진 머리|쪽머리|상투|똥머리|비녀",
    "braid": "braid~|pigtails|twin tails|땋은|양갈래|댕기|갈래머리",
    "curly": "curly|curls|afro|perm|permed|wavy hair|frizzy|곱슬~|파마|펌|뽀글",
    "bob": "bob|bobbed|bob cut|shoulder-length|단발|보브|중단발|칼단발",
    "long": (
        "long hair|long black hair|long blonde hair|long brown hair|long red hair|long silver hair|"
        "long white hair|flowing hair|긴 머리|긴머리|긴 생머리|장발|생머리"
    ),
    "spiky": "spiky|messy hair|tousled|unkempt|삐죽|헝클어진|부스스|더벅머리",
    "short": ("short hair|short black hair|short brown hair|pixie|짧은 머리|짧은머리|숏컷|쇼트커트|short dark hair"),
}
WOMAN_SIGNS = "bun|skirt|dress|floral|blouse|lipstick|earrings|hanbok skirt|쪽머리|치마|원피스|꽃무늬|비녀|앞치마"
HAIR_WORDS = "hair|haired|머리|머리카락|blonde|brunette|redhead|금발|백발|은발|흑발|갈색머리"
HAIR_COLOURS = {
    "blonde": "blonde|blond|golden hair|yellow hair|금발|노란 머리|노랑머리",
    "red": "redhead|red hair|red-haired|ginger|auburn|빨간 머리|빨강머리|붉은 머리|적발",
    "white": "white hair|white-haired|흰머리|흰 머리|백발|하얀 머리",
    "grey": (
        "gray hair|grey hair|gray-haired|grey-haired|silver hair|silver-haired|salt and pepper|은발|회색 머리|희끗"
    ),
    "brown": "brown hair|brown-haired|brunette|chestnut|갈색 머리|갈색머리|밤색 머리",
    "black": "black hair|black-haired|dark hair|dark-haired|raven|흑발|검은 머리|까만 머리|검정 머리",
    "pink": "pink hair|pink-haired|분홍 머리|핑크 머리",
    "blue": "blue hair|blue-haired|파란 머리|푸른 머리",
    "green": "green hair|green-haired|초록 머리|녹색 머리",
    "purple": "purple hair|purple-haired|보라 머리|보라색 머리",
}
COLOURS = {
    "red": "red|crimson|scarlet|빨간|빨강|빨간색|붉은|적색|홍색|다홍",
    "orange": "orange|주황|주황색|오렌지",
    "yellow": "yellow|노란|노랑|노란색|황색",
    "olive": "olive|khaki|army green|카키|국방색|올리브",
    "green": "green|emerald|초록|녹색|초록색|연두",
    "mint": "mint|turquoise|teal|cyan|민트|청록|옥색",
    "navy": "navy|dark blue|남색|네이비|군청|곤색",
    "blue": "blue|denim|azure|파란|파랑|파란색|푸른|하늘색|청색|light blue|sky blue|청바지",
    "purple": "purple|violet|lavender|보라|보라색|자주",
    "pink": "pink|rose-coloured|분홍|분홍색|핑크",
    "brown": "brown|tan|leather|갈색|브라운|밤색|가죽",
    "beige": "beige|cream|ivory|camel|sand|trench|베이지|크림색|아이보리|상아|트렌치",
    "white": "white|흰|하얀|흰색|하양|백색|순백",
    "grey": "gray|grey|silver|회색|잿빛|은색|그레이",
    "black": "black|dark|검은|검정|까만|검은색|블랙",
}
GARMENTS = {
    "raincoat": "raincoat|rain coat|poncho|slicker|우비|비옷|레인코트|우의",
    "coat": (
        "coat|overcoat|trench coat|trench|trenchcoat|parka|robe|lab coat|cloak|cape|코트|외투|바바리|"
        "가운|두루마기|망토|패딩|롱패딩|도포"
    ),
    "suit": "suit|tuxedo|blazer|양복|정장|수트|슈트|턱시도|블레이저",
    "hanbok": "hanbok|traditional dress|kimono|한복|저고리|기모노",
    "dress": "dress|gown|sundress|wedding dress|원피스|드레스|치마 원피스|웨딩드레스",
    "hoodie": "hoodie|hooded|sweatshirt|후드|후드티|맨투맨|후디",
    "jacket": ("jacket|bomber|leather jacket|windbreaker|cardigan|vest|자켓|재킷|점퍼|잠바|가디건|조끼|가죽 재킷|야상"),
    "sweater": "sweater|jumper|knit|pullover|turtleneck|스웨터|니트|목폴라|터틀넥",
    "uniform": ("uniform|police|officer|soldier|교복|제복|군복|유니폼|경찰|군인|armor|armour|spacesuit|갑옷|우주복"),
    "apron": "apron|chef|앞치마|요리사|셰프",
    "shirt": "shirt|blouse|button-down|셔츠|블라우스|남방|와이셔츠|와이셔츠",
    "tshirt": "t-shirt|tee|tank top|티셔츠|반팔|런닝|나시|민소매|jersey",
}
BOTTOMS = {
    "skirt": "skirt|치마|스커트",
    "shorts": "shorts|반바지",
    "trousers": "pants|trousers|jeans|slacks|leggings|바지|청바지|슬랙스|레깅스",
}
SHOES = "boots|shoes|sneakers|heels|sandals|장화|신발|구두|운동화|부츠|샌들|고무신"
HATS = {
    "helmet": "helmet|hard hat|헬멧|안전모|철모",
    "fedora": "fedora|hat|bowler|top hat|cowboy hat|straw hat|중절모|모자|갓|밀짚모자|페도라|챙모자",
    "cap": "cap|baseball cap|police cap|야구모자|캡|야구 모자",
    "beanie": "beanie|knit cap|wool hat|비니|털모자|니트모자",
    "hood": "hood up|wearing a hood|후드를 쓴|후드를 쓰~|hood",
    "crown": "crown|tiara|왕관|티아라",
}
GLASSES = {
    "sunglasses": "sunglasses|shades|선글라스|색안경",
    "glasses": "glasses|spectacles|eyeglasses|안경|뿔테",
    "eyepatch": "eyepatch|eye patch|안대",
}
BEARDS = {
    "beard": "beard|bearded|수염|턱수염|구레나룻",
    "moustache": "moustache|mustache|콧수염",
    "stubble": "stubble|unshaven|까칠|수염 자국",
}
EXTRAS = {
    "scarf": "scarf|muffler|shawl|목도리|스카프|머플러|숄",
    "tie": "tie|necktie|넥타이|bow tie",
    "backpack": "backpack|rucksack|schoolbag|배낭|책가방|백팩",
    "bag": "handbag|shoulder bag|purse|tote|핸드백|숄더백|에코백",
    "scar": "scar|흉터",
    "earrings": "earring|귀걸이",
    "freckles": "freckles|주근깨",
    "mask": "mask|face mask|마스크|복면",
    "headphones": "headphones|earphones|헤드폰|헤드셋",
}
SKINS = {
    "dark": "dark skin|dark-skinned|black man|black woman|african|검은 피부|흑인",
    "brown": "brown skin|tanned|indian|latina|latino|hispanic|구릿빛|까무잡잡|그을린",
    "pale": "pale|fair skin|porcelain|창백|하얀 피부|흰 피부|뽀얀",
}
JOINED = "both|together|each other|둘이|둘은|두 사람|함께|서로"
