/** A, B, C … for variants that stand side by side; they count from 1. */
export const letterOf = (variant: number): string => String.fromCodePoint(64 + variant);
