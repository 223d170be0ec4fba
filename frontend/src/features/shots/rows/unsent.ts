import { randomKey } from "@/lib/random-key";
import type { Gesture } from "./gesture";

/** What was not answered yet: a gesture, or an undo or redo between gestures. */
export interface Unsent {
  /** The master does it once for each key, if it comes from the same tab. */
  key: string;
  tab: string;
  /** Who sends it: a page from its loading to its end. */
  page: string;
  /** When it was made: they are sent in this order. */
  at: number;
  what: { gesture: Gesture } | { step: "undo" | "redo" };
}

type Storage = Pick<globalThis.Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

const ANSWER_MS = 400;
const CHANNEL = "cinefarm.unsent";
/** The master forgets the steps of a tab after a week; what is older could be done twice. */
export const OLDEST_MS = 6 * 24 * 3600 * 1000;

/** This page, as long as it is not loaded anew. */
export const PAGE = randomKey();

/**
 * Keeps what a project's pages could not send yet, also when they are closed. It lies in the browser's storage, which
 * is written at once: nothing is lost that was typed a moment before. Pages ask each other who is still there; what a
 * page took over, the one that made it sends no more.
 */
export class UnsentShelf {
  private last = 0;
  private readonly prefix: string;

  constructor(
    code: string,
    private readonly storage: Storage,
    private readonly page: string = PAGE,
  ) {
    this.prefix = `cinefarm.unsent.${code}.`;
  }

  /** False when it does not fit: then it is gone with the page. */
  keep(work: Pick<Unsent, "key" | "tab" | "what">): boolean {
    const at = (this.last = Math.max(Date.now(), this.last + 0.001));
    return this.write({ ...work, page: this.page, at });
  }

  private write(unsent: Unsent): boolean {
    answerPages();
    try {
      this.storage.setItem(this.prefix + unsent.key, JSON.stringify(unsent));
      return true;
    } catch {
      return false;
    }
  }

  /** What is kept is about other rows now. */
  update(key: string, what: Unsent["what"]): void {
    const kept = this.read(this.prefix + key);
    if (kept?.page === this.page) this.write({ ...kept, what });
  }

  /** Whether it is still this page's to send. */
  isMine(key: string): boolean {
    return this.read(this.prefix + key)?.page === this.page;
  }

  drop(key: string): void {
    this.storage.removeItem(this.prefix + key);
  }

  /** Takes over what pages left behind that are no longer there. The oldest come first. */
  async takeOver(living: (pages: ReadonlySet<string>) => Promise<ReadonlySet<string>> = askPages) {
    const others = () => this.all().filter(({ page }) => page !== this.page);
    const pages = new Set(others().map(({ page }) => page));
    if (pages.size === 0) return [];
    const alive = await living(pages);
    const left = others().filter(({ page }) => pages.has(page) && !alive.has(page));
    return left.filter((unsent) => this.write({ ...unsent, page: this.page }));
  }

  private all(): Unsent[] {
    const names = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
    return names
      .flatMap((name) => (name?.startsWith(this.prefix) ? (this.read(name) ?? []) : []))
      .sort((a, b) => a.at - b.at);
  }

  private read(name: string): Unsent | undefined {
    try {
      return (JSON.parse(this.storage.getItem(name) ?? "null") as Unsent | null) ?? undefined;
    } catch {
      return undefined;
    }
  }
}

type Message = { ask: string[] } | { here: string };

/** Which of these pages are still there. */
async function askPages(pages: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  if (typeof BroadcastChannel === "undefined") return pages;
  const channel = new BroadcastChannel(CHANNEL);
  const alive = new Set<string>();
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("here" in data) alive.add(data.here);
  };
  channel.postMessage({ ask: [...pages] } satisfies Message);
  await new Promise((done) => setTimeout(done, ANSWER_MS));
  channel.close();
  return alive;
}

let answering = false;

/** Says that this page is there whenever one asks, from the first work it keeps. */
function answerPages(): void {
  if (answering || typeof BroadcastChannel === "undefined") return;
  answering = true;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("ask" in data && data.ask.includes(PAGE)) channel.postMessage({ here: PAGE } satisfies Message);
  };
}

/** A browser that keeps nothing (private mode) forgets what was not sent when the page is closed. */
export function shelfOf(code: string): UnsentShelf {
  try {
    return new UnsentShelf(code, globalThis.localStorage);
  } catch {
    return new UnsentShelf(code, FORGETFUL);
  }
}

const FORGETFUL: Storage = {
  length: 0,
  key: () => null,
  getItem: () => null,
  setItem: () => {
    throw new Error("nothing is kept here");
  },
  removeItem: () => undefined,
};
