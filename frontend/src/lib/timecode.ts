/** Frames as SMPTE timecode, exactly as the master counts them (cinefarm/timecode.py). */
export interface FrameRate {
  num: number;
  den: number;
}

export const nominal = ({ num, den }: FrameRate): number => Math.round(num / den);

const pad = (value: number): string => String(value).padStart(2, "0");

export function formatTimecode(frames: number, rate: FrameRate, drop = false): string {
  const perSecond = nominal(rate);
  let count = frames;
  if (drop) {
    const dropped = perSecond / 15;
    const tenMinutes = 600 * perSecond - 9 * dropped;
    const oneMinute = 60 * perSecond - dropped;
    count %= 144 * tenMinutes;
    const tens = Math.floor(count / tenMinutes);
    const rest = count % tenMinutes;
    const minutes = rest < 60 * perSecond ? 0 : 1 + Math.floor((rest - 60 * perSecond) / oneMinute);
    count += dropped * (tens * 9 + minutes);
  }
  count %= 24 * 3600 * perSecond;
  const seconds = Math.floor(count / perSecond);
  const clock = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${clock}${drop ? ";" : ":"}${pad(count % perSecond)}`;
}

/** `24`, or `23.976` for 24000/1001. */
export function formatRate({ num, den }: FrameRate): string {
  return den === 1 ? String(num) : String(Math.round((num / den) * 1000) / 1000);
}

export const RATES: readonly FrameRate[] = [
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
];
