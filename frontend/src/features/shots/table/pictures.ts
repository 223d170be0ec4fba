/** Pictures for a canvas: loaded when first drawn, newest wish first, and forgotten when long unseen. */

const AT_ONCE = 10;
const KEPT = 1500;

interface Held {
  image: HTMLImageElement;
  state: "waiting" | "loading" | "there" | "broken";
}

export class Pictures {
  private readonly held = new Map<string, Held>();
  private readonly wishes: string[] = [];
  private loading = 0;

  /** `onThere` hears of each picture that can be drawn from now on. */
  constructor(private readonly onThere: (url: string) => void) {}

  /** The picture, if it can be drawn at once. */
  get(url: string): HTMLImageElement | undefined {
    const held = this.held.get(url);
    if (held === undefined) {
      this.held.set(url, { image: new Image(), state: "waiting" });
      this.wishes.push(url);
      this.begin();
      return undefined;
    }
    if (held.state === "there") {
      this.held.delete(url); // it moves to the end: those at the front go first
      this.held.set(url, held);
      return held.image;
    }
    if (held.state === "waiting") {
      const place = this.wishes.lastIndexOf(url);
      if (place >= 0 && place < this.wishes.length - AT_ONCE) {
        this.wishes.splice(place, 1);
        this.wishes.push(url); // seen again: before those that were scrolled past
      }
    }
    return undefined;
  }

  private begin(): void {
    while (this.loading < AT_ONCE) {
      const url = this.wishes.pop();
      if (url === undefined) return;
      const held = this.held.get(url);
      if (held?.state !== "waiting") continue;
      held.state = "loading";
      this.loading += 1;
      held.image.decoding = "async";
      held.image.src = url;
      held.image.decode().then(
        () => this.ended(url, held, "there"),
        () => this.ended(url, held, "broken"),
      );
    }
  }

  private ended(url: string, held: Held, state: "there" | "broken"): void {
    held.state = state;
    this.loading -= 1;
    if (this.wishes.length > KEPT) for (const old of this.wishes.splice(0, KEPT / 2)) this.held.delete(old);
    for (const [old, { state: its }] of this.held) {
      if (this.held.size <= KEPT) break;
      if (its === "there" || its === "broken") this.held.delete(old);
    }
    if (state === "there") this.onThere(url);
    this.begin();
  }
}
