import { editShots, redoEdit, undoEdit } from "@/api";
import type { Requests } from "./edit-desk";

/** How gestures reach the master. */
export function requestsOf(code: string): Requests {
  const path = { code };
  return {
    edit: async ({ name, changes, create = [], remove = [], restore = [] }, key, tab) => {
      const sent = changes.map(({ id, send }) => ({ id, ...send }));
      const body = {
        tab,
        key,
        name,
        changes: sent,
        create: create.map(({ send }) => send),
        delete: [...remove],
        restore: [...restore],
      };
      return (await editShots({ path, body, throwOnError: true })).data;
    },
    undo: async (key, tab) => (await undoEdit({ path, body: { tab, key }, throwOnError: true })).data,
    redo: async (key, tab) => (await redoEdit({ path, body: { tab, key }, throwOnError: true })).data,
  };
}
