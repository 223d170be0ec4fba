import type { ShotView } from "@/api";

/** Fields of a shot that a person writes, with what follows from them for the eye at once (names, seconds). */
export type Patch = Partial<ShotView>;
