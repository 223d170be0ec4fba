import type { WorkflowType } from "@/api";

// A new short name in the API is a compile error here until it is listed.
const KNOWN: Record<WorkflowType, true> = {
  storyboard: true,
  flux_basic: true,
  flux_lora_mix: true,
  flux_upscale: true,
  sdxl_controlnet_text: true,
  animatic: true,
  wan: true,
  wan_i2v: true,
  wan_animate: true,
  ltx2: true,
  svi: true,
  telestyle: true,
  fflf: true,
  kling: true,
  runway: true,
  i2v_kling: true,
  i2v_runway: true,
};

/** The short names of the ways a shot is made, as they are offered; a workflow's full name may stand in their place. */
export const WORKFLOW_TYPES = Object.keys(KNOWN) as WorkflowType[];
