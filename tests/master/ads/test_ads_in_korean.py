"""A page in Korean is told in Korean what the stages of an ad refuse, warn of and do."""

from typing import Any

from ads_farm_kit import AdWorker, make_ad, stages
from served import Served
from waiting import wait_until

from cinefarm.messages import MAX_LOG_LINE
from cinefarm.sentences import say
from worker.engines.ads.cutout.gate import UNSURE

KOREAN = {"Accept-Language": "ko-KR,ko;q=0.9"}
NOTHING = (
    "No product was found in the photo: it all looks like background. Use a photo in which the product is larger or "
    "stands out from what is behind it, or paint it green as a hint."
)


def in_korean(farm: Served, ad: Any) -> Any:
    return farm.ask("GET", f"/api/ads/{ad['id']}", headers=KOREAN)


def test_a_refusal(farm: Served, worker: AdWorker) -> None:
    ad = make_ad(farm)
    worker.fail(worker.run(), NOTHING)
    told = in_korean(farm, ad)
    assert told["error"] == told["message"] == stages(told)["cut_out"]["message"]
    assert told["error"].startswith("사진에서 제품을 찾지 못했습니다.")
    assert farm.ask("GET", f"/api/ads/{ad['id']}")["error"] == NOTHING


def test_warnings_of_the_ad_and_of_its_stages(farm: Served, worker: AdWorker) -> None:
    ad = make_ad(farm)
    run = worker.run()
    drawn = say("No background is called “{asked}”; {taken} was drawn.", asked="달 표면", taken="Marble")
    lines = [{"level": "warning", "text": str(text)[:MAX_LOG_LINE]} for text in (UNSURE, drawn)]
    worker.say({"kind": "log", "ref": run.ref.model_dump(), "lines": lines})
    worker.deliver(run)
    told = in_korean(farm, ad)
    assert told["warnings"] == stages(told)["cut_out"]["warnings"]
    assert told["warnings"][0].startswith("제품의 경계가 확실하지 않습니다.")
    assert told["warnings"][1] == "“달 표면” 배경이 없어 다른 것을 그렸습니다: 대리석."
    assert farm.ask("GET", f"/api/ads/{ad['id']}")["warnings"] == [UNSURE, drawn]


def test_what_is_being_done(farm: Served, worker: AdWorker) -> None:
    ad = make_ad(farm)
    doing = {"fraction": 0.5, "message": "refining the edge"}
    worker.say({"kind": "progress", "ref": worker.run().ref.model_dump(), **doing})
    wait_until(lambda: stages(in_korean(farm, ad))["cut_out"]["status"] == "running")
    wait_until(lambda: stages(in_korean(farm, ad))["cut_out"]["progress"] == 0.5)
    told = in_korean(farm, ad)
    assert stages(told)["cut_out"]["message"] == "경계를 다듬는 중"
    assert told["message"] == "제품 오려내기: 경계를 다듬는 중"


def test_why_it_was_stopped_and_why_a_model_did_not_do_it(farm: Served, worker: AdWorker) -> None:
    ad = make_ad(farm, test_mode=True)
    farm.ask("POST", f"/api/ads/{ad['id']}/stop")
    told = in_korean(farm, ad)
    assert "광고를 중지하면서 취소되었습니다" in stages(told)["cut_out"]["message"]
    assert told["prompts"]["why"] == "테스트 모드라 모델을 쓰지 않습니다."
    assert {choice["why"]["ko"] for choice in told["choices"]} == {"테스트 모드라 모델을 쓰지 않습니다."}
