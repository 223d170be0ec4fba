"""Ads from the command line."""

from pathlib import Path
from typing import Annotated

import typer

from cinefarm.cli.output import AsJson, Lang, Token, Url, connect, err, out, show_json, show_table
from cinefarm.picture_names import named_branches
from cinefarm.records import Ad
from cinefarm.sentences import Language
from cinefarm.statuses import AdStatus

ads = typer.Typer(help="Ads made so far.", invoke_without_command=True)


def add_to(app: typer.Typer) -> None:
    app.command()(ad)
    ads.callback()(list_ads)
    ads.command("download")(download_ad)
    ads.command("delete")(delete_ad)
    ads.command("restore")(restore_ad)
    app.add_typer(ads, name="ads")


def ad(
    photo: Annotated[Path, typer.Argument(help="Photo of the product: JPG or PNG.", exists=True, dir_okay=False)],
    text: Annotated[str, typer.Argument(help="The words of the ad.")],
    background: Annotated[str | None, typer.Option(help="e.g. 전통시장, marble, luxurious")] = None,
    text_style: Annotated[str | None, typer.Option(help="e.g. 골드풍선, neon, 3D metal")] = None,
    sub_text: Annotated[str | None, typer.Option(help="A second line, smaller.")] = None,
    size: Annotated[
        list[str] | None,
        typer.Option(help="1:1, 4:5, 9:16, 16:9 or pixels like 800x1200; may be given more than once."),
    ] = None,
    variants: Annotated[int, typer.Option(min=1, max=6, help="So many to choose from.")] = 1,
    position: Annotated[str | None, typer.Option(help="Of the words: auto, top, middle or bottom.")] = None,
    color: Annotated[str | None, typer.Option(help="Of the words, e.g. #ffcc00.")] = None,
    font: Annotated[str | None, typer.Option(help="A font by its name.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed gives the same ad.")] = None,
    extruded: Annotated[bool, typer.Option("--3d", help="Modelled lettering.")] = False,
    test_mode: Annotated[bool, typer.Option("--test", help="Without any model, as a quick check.")] = False,
    save: Annotated[
        Path, typer.Option("-o", "--out", help="Where to save it; of several each has its size in the name.")
    ] = Path("ad.png"),
    timeout_s: Annotated[float | None, typer.Option(min=1, help="Give up waiting after so many seconds.")] = None,
    lang: Lang = Language.EN,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Make an advertisement of a product photo and a line of text."""
    with connect(url, token, lang) as farm:
        begun = farm.make_ad(
            photo,
            text,
            workflow="ads/v1_3d_text" if extruded else None,
            background_style=background,
            text_style=text_style,
            sub_text=sub_text,
            sizes=size or None,
            variants=variants,
            text_position=position,
            text_color=color,
            font=font,
            seed=seed,
            test_mode=test_mode,
        )
        for name in begun.ignored:
            err.print(f"warning: {name} has no effect here", markup=False)
        done = farm.wait_ad(begun.id, timeout_s=timeout_s, on_progress=None if as_json else _Lines())
        places = [
            (branch, save.with_name(name)) for branch, name in named_branches(save.stem, save.suffix, done.branches)
        ]
        saved = [farm.download(branch.result.url, path) for branch, path in places if branch.result]
    for warning in done.warnings:
        err.print(f"warning: {warning}", markup=False, soft_wrap=True)
    for path in saved:
        err.print(f"saved {path}", markup=False, soft_wrap=True)
    show_json(done) if as_json else out.print(f"Ad {done.id}: {done.status}.", markup=False)
    if done.status is not AdStatus.COMPLETED:
        err.print(done.message, markup=False, soft_wrap=True)
        raise typer.Exit(1)


def list_ads(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Ads, newest first."""
    if context.invoked_subcommand:
        return
    with connect(url, token) as farm:
        rows = farm.ads(limit=limit)
    if as_json:
        show_json(rows)
        return
    show_table(
        ("Id", "Text", "Status", "Pictures"),
        [(row.id, row.name, row.status, len(row.results)) for row in rows],
        "No ads yet; make one with `cinefarm ad PHOTO TEXT`.",
    )


AdId = Annotated[str, typer.Argument(help="Id of the ad, as `cinefarm ads` lists it.")]


def download_ad(
    ad_id: AdId,
    save: Annotated[Path, typer.Option("-o", "--out", help="Folder; it is made if it is not there.")] = Path(),
    url: Url = None,
    token: Token = None,
) -> None:
    """Save all pictures of an ad that are done, each named with its size and variant."""
    with connect(url, token) as farm:
        saved = farm.download_ad(ad_id, save)
    for path in saved:
        out.print(f"saved {path}", markup=False, soft_wrap=True)
    if not saved:
        err.print(f"Ad {ad_id} has no picture that is done yet.", markup=False)
        raise typer.Exit(1)


def delete_ad(ad_id: AdId, url: Url = None, token: Token = None) -> None:
    """Put an ad that is not being made into the trash."""
    with connect(url, token) as farm:
        farm.delete_ad(ad_id)
    out.print(
        f"Ad {ad_id} is in the trash; `cinefarm ads restore {ad_id}` brings it back.", markup=False, soft_wrap=True
    )


def restore_ad(ad_id: AdId, url: Url = None, token: Token = None) -> None:
    """Bring an ad back out of the trash."""
    with connect(url, token) as farm:
        back = farm.restore_ad(ad_id)
    out.print(f"Ad {ad_id} is back: {back.name}", markup=False)


class _Lines:
    """A line at each new thing that is done."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, now: Ad) -> None:
        if now.status is AdStatus.PROCESSING and now.sub_step != self._last:
            self._last = now.sub_step
            left = f", about {now.eta_seconds:.0f} s left" if now.eta_seconds else ""
            err.print(f"{now.progress_percent:3.0f} % {now.sub_step}{left}", markup=False)
