import type { EditResult, SkippedCell, Steps } from "@/api";
import { ApiError } from "@/api/errors";
import { randomKey } from "@/lib/random-key";
import { type Gesture, isNothing, withIds } from "./gesture";
import { madeRow, newId } from "./made";
import type { ShotRows } from "./shot-rows";
import { OLDEST_MS, type UnsentShelf } from "./unsent";

export interface Requests {
  /** Always in the name of the tab where it was made. */
  edit: (gesture: Gesture, key: string, tab: string) => Promise<EditResult>;
  undo: (key: string, tab: string) => Promise<EditResult>;
  redo: (key: string, tab: string) => Promise<EditResult>;
}

type Task = { gesture: Gesture; layer: object } | { step: "undo" | "redo" };

interface Order {
  /** The same when it is sent again, so that the master does it once. */
  key: string;
  tab: string;
  /** Whether it outlives the page. */
  kept: boolean;
  /** A page that is gone left it behind: of these is told together what became of them. */
  left?: Left;
}
type Work = Order & Task;

/** What became of what was left behind by a page that was closed. */
export interface Left {
  sent: number;
  refused: number;
  waiting: number;
  /** Why the first of them was refused. */
  error: ApiError | undefined;
}

export interface DeskState {
  /** Gestures that are on their way, or wait for the connection. */
  waiting: number;
  offline: boolean;
  steps: Steps;
}

export interface Heard {
  /** The master refused: nothing of this gesture was written. */
  refused: (gesture: Gesture | undefined, error: ApiError) => void;
  /** Written but for these cells. */
  skipped: (cells: readonly SkippedCell[], gesture: Gesture | undefined) => void;
  done: (result: EditResult, gesture: Gesture | undefined) => void;
  /** Edits of before, which only now could be sent. */
  caughtUp: (left: Left) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const NO_STEPS: Steps = { undo: null, redo: null };

/**
 * Sends gestures one after the other, in the order they were made. What is typed is seen at once; what the master
 * refuses is taken back; without a connection gestures wait and go on when it is there again.
 */
export class EditDesk {
  private readonly queue: Work[] = [];
  private readonly listeners = new Set<() => void>();
  private busy = false;
  private wake: (() => void) | undefined;
  private heard: Heard | undefined;
  state: DeskState = { waiting: 0, offline: false, steps: NO_STEPS };

  constructor(
    private readonly rows: ShotRows,
    private readonly requests: Requests,
    private readonly tab: string,
    private readonly shelf: UnsentShelf,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  read = (): DeskState => this.state;

  /** Who hears what became of gestures, from now on. */
  tell(heard: Heard): void {
    this.heard = heard;
  }

  edit(wanted: Gesture): void {
    const made = wanted.create && { made: wanted.create.map(newId) };
    const gesture = { ...withIds(wanted, this.rows.given), ...made };
    this.put({ gesture, layer: this.layerOf(gesture) });
  }

  /** Sends what pages left behind that are no longer there, in the order it was made. */
  async catchUp(now = Date.now()): Promise<void> {
    const found = await this.shelf.takeOver();
    if (found.length === 0) return;
    const left: Left = { sent: 0, refused: 0, waiting: 0, error: undefined };
    for (const { key, tab, at, what } of found) {
      if (now - at > OLDEST_MS) {
        left.refused += 1;
        this.shelf.drop(key);
        continue;
      }
      left.waiting += 1;
      const layer = "gesture" in what && { layer: this.layerOf(what.gesture) };
      this.queue.push({ key, tab, kept: true, left, ...what, ...layer } as Work);
    }
    if (left.waiting === 0) this.heard?.caughtUp(left);
    void this.work();
  }

  private layerOf(gesture: Gesture): object {
    const shown = new Map(gesture.changes.map(({ id, show }) => [id, show]));
    const made = (gesture.create ?? []).map((row, nth) =>
      madeRow(gesture.made?.[nth] ?? newId(), row, this.rows, nth),
    );
    return this.rows.type(shown, new Set(gesture.remove), made);
  }

  step(step: "undo" | "redo"): void {
    this.put({ step });
  }

  private put(task: Task): void {
    const order = { key: randomKey(), tab: this.tab };
    const what = "step" in task ? { step: task.step } : { gesture: task.gesture };
    this.queue.push({ ...order, kept: this.shelf.keep({ ...order, what }), ...task });
    void this.work();
  }

  /** Whether something waits that would be gone with the page. */
  get wouldLose(): boolean {
    return this.queue.some(({ kept }) => !kept);
  }

  /** The connection is there again. */
  hurry(): void {
    this.wake?.();
  }

  know(steps: Steps): void {
    this.set({ steps });
  }

  private set(changed: Partial<DeskState>): void {
    this.state = { ...this.state, ...changed };
    for (const listener of this.listeners) listener();
  }

  private async work(): Promise<void> {
    this.set({ waiting: this.queue.length });
    if (this.busy) return;
    this.busy = true;
    let tries = 0;
    for (let work = this.queue[0]; work !== undefined; work = this.queue[0]) {
      const isOthers = work.kept && !this.shelf.isMine(work.key); // another page sends it
      if (isOthers || ("gesture" in work && isNothing(work.gesture))) {
        if (!isOthers) this.shelf.drop(work.key);
        this.leave(work);
        continue;
      }
      try {
        this.take(work, await this.ask(work));
        if (work.left) work.left.sent += 1;
        tries = 0;
      } catch (error) {
        const said = error instanceof ApiError ? error : undefined;
        if (said === undefined || isPassing(said)) {
          this.set({ offline: true });
          await this.pause(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries));
          tries += 1;
          continue;
        }
        if ("gesture" in work) this.nameMade(work.gesture, undefined);
        if (work.left) {
          work.left.refused += 1;
          work.left.error ??= said;
        } else this.heard?.refused("gesture" in work ? work.gesture : undefined, said);
      }
      this.shelf.drop(work.key);
      this.leave(work);
      this.set({ offline: false });
    }
    this.busy = false;
  }

  /** It is done with, one way or the other. */
  private leave(work: Work): void {
    this.queue.shift();
    if ("layer" in work) this.rows.answered(work.layer);
    if (work.left && (work.left.waiting -= 1) === 0 && work.left.sent + work.left.refused > 0)
      this.heard?.caughtUp(work.left);
    this.set({ waiting: this.queue.length });
  }

  private ask(work: Work): Promise<EditResult> {
    const { key, tab } = work;
    return "step" in work ? this.requests[work.step](key, tab) : this.requests.edit(work.gesture, key, tab);
  }

  /** What the master says comes first, then what was typed goes: nothing flickers. */
  private take(work: Work, result: EditResult): void {
    this.rows.told(result.rows);
    this.rows.removed(result.deleted);
    if ("layer" in work) {
      this.nameMade(work.gesture, result);
      this.rows.answered(work.layer);
    }
    if (work.tab === this.tab) this.set({ steps: result.steps });
    if (result.skipped.length > 0)
      this.heard?.skipped(result.skipped, "gesture" in work ? work.gesture : undefined);
    this.heard?.done(result, "gesture" in work ? work.gesture : undefined);
  }

  /** What follows was typed into rows that have their ids only now, or that will never come. */
  private nameMade({ made = [], changes, restore = [] }: Gesture, result: EditResult | undefined): void {
    if (made.length === 0) return;
    const before = new Set([...changes.map(({ id }) => id), ...restore]);
    const came = (result?.rows ?? []).filter(({ id }) => !before.has(id));
    const ids = new Map(made.map((id, nth) => [id, came[nth]?.id ?? null]));
    for (const [place, work] of this.queue.entries()) {
      if (place === 0 || !("gesture" in work)) continue;
      work.gesture = withIds(work.gesture, ids);
      if (work.kept) this.shelf.update(work.key, { gesture: work.gesture });
    }
    this.rows.renamed(ids);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

/** No answer, or one that a while later may be another, as after a new entry: the gesture waits and is sent again. */
const isPassing = ({ status }: ApiError): boolean =>
  status === 0 || status === 401 || status === 429 || status >= 502;
