import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import {
  listCharactersOptions,
  listCinematicOptionsOptions,
  listSequencesOptions,
  type ProjectView,
  type ShotStatus,
  showSteps,
} from "@/api";
import { useConnection } from "@/api/live/provider";
import { onStep, tabId } from "@/lib/tab";
import { usePromptBible } from "@/lib/prompt/use-prompt-bible";
import { prompted } from "./prompted";
import {
  clockOf,
  EditDesk,
  type EditName,
  type Heard,
  type NewRow,
  keepReading,
  type Reading,
  ShotRows,
} from "./rows";
import { requestsOf } from "./rows/requests";
import { shelfOf } from "./rows/unsent";
import type { Bible } from "./table/bible";
import type { ShotEdit } from "./table/block-edit";
import { tagsOf } from "./table/marks";
import { WORKFLOW_TYPES } from "./workflow-types";

const NONE: never[] = [];
/** The shots of a project, who writes them, and what their cells refer to. */
export function useShotRoom(project: ProjectView, heard: Heard) {
  const { code, fps_num, fps_den, start_timecode } = project;
  const path = { code };
  const sequences = useQuery(listSequencesOptions({ path })).data?.rows ?? NONE;
  const characters = useQuery(listCharactersOptions({ path })).data?.rows ?? NONE;
  const options = useQuery(listCinematicOptionsOptions({ path })).data?.rows ?? NONE;
  const connection = useConnection();
  const { t } = useTranslation();
  const [reading, setReading] = useState<Reading>({ loaded: 0, total: undefined, error: undefined });
  const [tab] = useState(tabId);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- only what the clock is made of
  const clock = useMemo(() => clockOf(project), [fps_num, fps_den, start_timecode]);
  const rows = useMemo(() => new ShotRows(clock), [clock]);
  const desk = useMemo(() => new EditDesk(rows, requestsOf(code), tab, shelfOf(code)), [rows, code, tab]);
  useEffect(() => desk.tell(heard), [desk, heard]);
  useEffect(() => void desk.catchUp(), [desk]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (desk.wouldLose) event.preventDefault();
    };
    globalThis.addEventListener("beforeunload", warn);
    return () => globalThis.removeEventListener("beforeunload", warn);
  }, [desk]);
  const bible = useMemo((): Bible => {
    const tags = () => tagsOf(rows);
    const statusLabel = (status: ShotStatus) => t(`status.shot.${status}`);
    return { characters, options, sequences, workflowTypes: WORKFLOW_TYPES, tags, statusLabel, clock };
  }, [characters, options, sequences, clock, rows, t]);

  useEffect(() => rows.setSequences(sequences), [rows, sequences]);
  useEffect(() => keepReading(code, rows, setReading), [code, rows]);
  useEffect(() => {
    const know = () =>
      void showSteps({ path: { code }, query: { tab } }).then(({ data }) => data && desk.know(data));
    know();
    return onStep(know);
  }, [code, tab, desk]);
  useEffect(() => {
    if (connection === "live") desk.hurry();
  }, [connection, desk]);

  const prompts = usePromptBible(project, characters, options);
  /** Changes of shots as one gesture, with the prompts that they give. */
  const write = useCallback(
    (name: EditName, changes: readonly ShotEdit[], create: readonly NewRow[] = []) =>
      desk.edit({ name, changes: changes.map((edit) => prompted(edit, rows, prompts)), create }),
    [desk, rows, prompts],
  );

  const work = useSyncExternalStore(desk.subscribe, desk.read);
  return useMemo(
    () => ({ project, rows, desk, write, bible, prompts, reading, work, tab }),
    [project, rows, desk, write, bible, prompts, reading, work, tab],
  );
}

export type ShotRoom = ReturnType<typeof useShotRoom>;
