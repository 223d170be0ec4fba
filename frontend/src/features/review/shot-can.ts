import type { ShotView } from "@/api";

type Why = "shot.needsTake" | "shot.alreadyApproved";

/** What may be done with a shot: undefined when it may, else the key of the sentence that says why not. */
export const shotCan = {
  approve: (shot: ShotView): Why | undefined => {
    if (shot.confirmed_take_id === null) return "shot.needsTake";
    return shot.status === "approved" ? "shot.alreadyApproved" : undefined;
  },
  sendBack: (shot: ShotView): Why | undefined =>
    shot.confirmed_take_id === null ? "shot.needsTake" : undefined,
};
