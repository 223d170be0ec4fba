export * from "./cut";
export * from "./shot-rows";
export type { Patch } from "./patch";
export * from "./edit-desk";
export * from "./gesture";
export { keepReading, type Reading } from "./reading";
