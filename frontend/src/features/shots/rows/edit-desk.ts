import type { EditResult, ShotView, SkippedCell, Steps } from "@/api";
import { ApiError } from "@/api/errors";
import { randomKey } from "@/lib/random-key";
import type { ShotRows } from "./shot-rows";

export type EditName =
  "type" | "paste" | "fill" | "cut" | "clear" | "delete" | "insert" | "move" | "bulk" | "duplicate";

/** One gesture: however many cells it changes, it is one request and one undo. */
export interface Gesture {
  name: EditName;
  changes: readonly { id: string; send: Record<string, unknown>; show: Partial<ShotView> }[];
  create?: readonly Record<string, unknown>[];
  remove?: readonly string[];
  restore?: readonly string[];
}

export interface Requests {
  edit: (gesture: Gesture, key: string) => Promise<EditResult>;
  undo: (key: string) => Promise<EditResult>;
  redo: (key: string) => Promise<EditResult>;
}

/** The key is the same when it is sent again, so that the master does it once. */
type Work = { key: string } & ({ gesture: Gesture; layer: object } | { step: "undo" | "redo" });

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
  skipped: (cells: readonly SkippedCell[], result: EditResult) => void;
  done: (result: EditResult, gesture: Gesture | undefined) => void;
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

  edit(gesture: Gesture): void {
    const shown = new Map(gesture.changes.map(({ id, show }) => [id, show]));
    const layer = this.rows.type(shown, new Set(gesture.remove));
    this.put({ gesture, layer });
  }

  step(step: "undo" | "redo"): void {
    this.put({ step });
  }

  private put(work: { gesture: Gesture; layer: object } | { step: "undo" | "redo" }): void {
    this.queue.push({ key: randomKey(), ...work });
    void this.work();
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
      try {
        this.take(work, await this.ask(work));
        tries = 0;
      } catch (error) {
        const said = error instanceof ApiError ? error : undefined;
        if (said === undefined || isPassing(said)) {
          this.set({ offline: true });
          await this.pause(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries));
          tries += 1;
          continue;
        }
        if ("layer" in work) this.rows.answered(work.layer);
        this.heard?.refused("gesture" in work ? work.gesture : undefined, said);
      }
      this.queue.shift();
      this.set({ waiting: this.queue.length, offline: false });
    }
    this.busy = false;
  }

  private ask(work: Work): Promise<EditResult> {
    return "step" in work ? this.requests[work.step](work.key) : this.requests.edit(work.gesture, work.key);
  }

  /** What the master says comes first, then what was typed goes: nothing flickers. */
  private take(work: Work, result: EditResult): void {
    this.rows.told(result.rows);
    this.rows.removed(result.deleted);
    if ("layer" in work) this.rows.answered(work.layer);
    this.set({ steps: result.steps });
    if (result.skipped.length > 0) this.heard?.skipped(result.skipped, result);
    this.heard?.done(result, "gesture" in work ? work.gesture : undefined);
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

/** No answer, or one that a while later may be another: the gesture waits and is sent again. */
const isPassing = ({ status }: ApiError): boolean => status === 0 || status === 429 || status >= 502;
