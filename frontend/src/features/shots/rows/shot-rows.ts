import type { SequenceView, ShotView } from "@/api";
import { type Clock, inCutOrder } from "./cut";
import type { Patch } from "./patch";

export interface Place {
  /** From 1. */
  number: number;
  start: number;
  end: number;
}

/** What was typed in one gesture. */
interface Layer {
  patches: ReadonlyMap<string, Patch>;
  gone: ReadonlySet<string>;
  made: readonly string[];
}

/** What changed: the ids of rows, or everything; and whether the cut did (order, lengths, rows come or gone). */
export interface Change {
  ids: ReadonlySet<string> | "all";
  cut: boolean;
}

/**
 * The shots of one project as they are known here: what the master said, with what was typed and not yet answered over
 * it. They live outside React, so that a change of one cell redraws one cell, however many rows there are.
 */
export class ShotRows {
  private readonly said = new Map<string, ShotView>();
  private readonly typed: Layer[] = [];
  /** Rows that are to be made, by the id under which they are seen meanwhile. */
  private readonly made = new Map<string, ShotView>();
  /** What the master called them then: lists that were drawn before still have the other id. */
  readonly given = new Map<string, string>();
  private readonly shown = new Map<string, ShotView>();
  private readonly listeners = new Set<(change: Change) => void>();
  private sequences: readonly SequenceView[] = [];
  private order: string[] | undefined;
  private places: Map<string, Place> | undefined;
  /** Rows that were told while the list was being read are newer than what was read. */
  private toldMeanwhile: Set<string> | undefined;
  version = 0;

  constructor(readonly clock: Clock) {}

  subscribe = (listener: (change: Change) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  // -- what the master says

  setSequences(sequences: readonly SequenceView[]): void {
    this.sequences = sequences;
    this.tell({ ids: new Set(), cut: true });
  }

  beginReading(): void {
    this.toldMeanwhile = new Set();
  }

  /** A page of the list. */
  read(page: readonly ShotView[]): void {
    this.put(page.filter(({ id }) => !this.toldMeanwhile?.has(id)));
  }

  /** The list was read to its end: what it did not hold is gone. */
  endReading(ids: ReadonlySet<string>): void {
    const gone = [...this.said.keys()].filter((id) => !ids.has(id) && !this.toldMeanwhile?.has(id));
    for (const id of gone) this.said.delete(id);
    this.toldMeanwhile = undefined;
    if (gone.length > 0) this.tell({ ids: new Set(gone), cut: true });
  }

  /** Rows as they are now; one that is deleted has `deleted_at`. */
  told(rows: readonly ShotView[]): void {
    for (const { id } of rows) this.toldMeanwhile?.add(id);
    this.put(rows);
  }

  removed(ids: readonly string[]): void {
    for (const id of ids) {
      this.toldMeanwhile?.add(id);
      this.said.delete(id);
    }
    if (ids.length > 0) this.tell({ ids: new Set(ids), cut: true });
  }

  private put(rows: readonly ShotView[]): void {
    let cut = false;
    const ids = new Set<string>();
    for (const row of rows) {
      const old = this.said.get(row.id);
      if (old !== undefined && old.rev > row.rev) continue; // an answer that was overtaken
      ids.add(row.id);
      if (row.deleted_at !== null) {
        cut = this.said.delete(row.id) || cut;
        continue;
      }
      cut ||= old === undefined || movesTheCut(old, row);
      this.said.set(row.id, row);
    }
    if (ids.size > 0) this.tell({ ids, cut });
  }

  // -- what was typed

  /** Shows patches and new rows, and hides rows, until `answered`. Returns what to hand back then. */
  type(
    patches: ReadonlyMap<string, Patch>,
    gone: ReadonlySet<string> = new Set(),
    made: readonly ShotView[] = [],
  ): object {
    const layer = { patches, gone, made: made.map(({ id }) => id) };
    for (const row of made) this.made.set(row.id, row);
    this.typed.push(layer);
    this.tellTyped(layer);
    return layer;
  }

  answered(layer: object): void {
    const place = this.typed.findIndex((known) => known === layer);
    const [over] = place < 0 ? [] : this.typed.splice(place, 1);
    for (const id of over?.made ?? []) this.made.delete(id);
    if (over) this.tellTyped(over);
  }

  /** Rows got their ids: what was typed in them meanwhile stays over them. */
  renamed(ids: ReadonlyMap<string, string | null>): void {
    const now = (id: string): string => ids.get(id) ?? id;
    for (const [id, given] of ids) if (given !== null) this.given.set(id, given);
    for (const layer of this.typed) {
      layer.patches = new Map([...layer.patches].map(([id, patch]) => [now(id), patch]));
      layer.gone = new Set([...layer.gone].map(now));
      this.tellTyped(layer);
    }
  }

  private tellTyped({ patches, gone, made }: Layer): void {
    const cut =
      gone.size + made.length > 0 ||
      [...patches.values()].some((patch) => CUT_FIELDS.some((field) => field in patch));
    this.tell({ ids: new Set([...patches.keys(), ...gone, ...made]), cut });
  }

  // -- reading

  get(asked: string): ShotView | undefined {
    const id = this.idNow(asked);
    const known = this.shown.get(id);
    if (known !== undefined) return known;
    const said = this.said.get(id) ?? this.made.get(id);
    if (said === undefined) return undefined;
    let row = said;
    for (const { patches } of this.typed) {
      const patch = patches.get(id);
      if (patch !== undefined) row = { ...row, ...patch };
    }
    this.shown.set(id, row);
    return row;
  }

  /** How the master calls a row that was seen before it was answered; any other id is itself. */
  idNow(id: string): string {
    return this.given.get(id) ?? id;
  }

  /** What the master last said, without what was typed here. */
  saidOf(id: string): ShotView | undefined {
    return this.said.get(id);
  }

  /** Ids in the order of the cut. */
  get ids(): readonly string[] {
    if (this.order === undefined) {
      const gone = (id: string) => this.typed.some((layer) => layer.gone.has(id));
      const rows: ShotView[] = [];
      for (const id of [...this.said.keys(), ...this.made.keys()]) {
        const row = gone(id) ? undefined : this.get(id);
        if (row !== undefined) rows.push(row);
      }
      this.order = rows.sort(inCutOrder(this.sequences)).map(({ id }) => id);
    }
    return this.order;
  }

  sequenceCode(id: string | null): string {
    return this.sequences.find((sequence) => sequence.id === id)?.code ?? "";
  }

  /** Of the last shot of a sequence; 0 when there is none. */
  lastPosition(sequence: string | null): number {
    const positions = this.ids.flatMap((id) => {
      const row = this.get(id);
      return row && row.sequence_id === sequence ? [row.position] : [];
    });
    return positions.reduce((last, position) => Math.max(last, position), 0);
  }

  placeOf(id: string): Place | undefined {
    if (this.places === undefined) {
      this.places = new Map();
      let start = this.clock.start;
      for (const [index, each] of this.ids.entries()) {
        const end = start + (this.get(each)?.frame_count ?? 0);
        this.places.set(each, { number: index + 1, start, end });
        start = end;
      }
    }
    return this.places.get(id);
  }

  private tell(change: Change): void {
    if (change.ids === "all") this.shown.clear();
    else for (const id of change.ids) this.shown.delete(id);
    if (change.cut) this.order = this.places = undefined;
    this.version += 1;
    for (const listener of this.listeners) listener(change);
  }
}

const CUT_FIELDS = ["sequence_id", "position", "frame_count"] as const;

const movesTheCut = (old: ShotView, row: ShotView): boolean =>
  CUT_FIELDS.some((field) => old[field] !== row[field]);
