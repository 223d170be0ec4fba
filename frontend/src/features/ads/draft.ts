import { useState } from "react";
import { type AdForm, BLANK } from "./form";

let kept: AdForm = BLANK;

/** The form of the next ad. It outlives a look at another page, not a reload: the photo is a file of this visit. */
export function useDraft(): [AdForm, (changed: Partial<AdForm>) => void, () => void] {
  const [form, setForm] = useState(kept);
  const write = (now: AdForm) => {
    kept = now;
    setForm(now);
  };
  return [form, (changed) => write({ ...kept, ...changed }), () => write(BLANK)];
}
