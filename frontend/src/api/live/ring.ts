import type { Quantity, Reading } from "./metrics";

export const KEPT_S = 3600;

/** An hour of readings of one device, a second each; NaN where nothing was read. */
export class Ring {
  private readonly columns = new Map<Quantity, Float32Array>();
  /** The newest second with a reading. */
  last = 0;

  write(quantity: Quantity, first: number, values: readonly (number | null)[]): void {
    let column = this.columns.get(quantity);
    if (column === undefined) {
      column = new Float32Array(KEPT_S).fill(Number.NaN);
      this.columns.set(quantity, column);
    }
    values.forEach((value, at) => {
      if (value !== null) this.reach(first + at);
      if (first + at > this.last - KEPT_S && first + at <= this.last)
        column[(first + at) % KEPT_S] = value ?? Number.NaN;
    });
  }

  /** The places that are now of new seconds are empty. */
  private reach(second: number): void {
    if (second <= this.last) return;
    const from = Math.max(this.last + 1, second - KEPT_S + 1);
    for (const column of this.columns.values())
      for (let at = from; at <= second; at += 1) column[at % KEPT_S] = Number.NaN;
    this.last = second;
  }

  at(quantity: Quantity, second: number): number | null {
    if (second > this.last || second <= this.last - KEPT_S) return null;
    const value = this.columns.get(quantity)?.[second % KEPT_S];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  has(quantity: Quantity): boolean {
    return this.columns.has(quantity);
  }

  /** From `first` on, as many as asked for; null for gaps. */
  read(quantity: Quantity, first: number, count: number): (number | null)[] {
    return Array.from({ length: count }, (_, at) => this.at(quantity, first + at));
  }

  newest(): Reading {
    const reading: Reading = {};
    for (const [quantity, column] of this.columns) {
      const value = column[this.last % KEPT_S];
      if (value !== undefined && !Number.isNaN(value)) reading[quantity] = value;
    }
    return reading;
  }
}
