import { lazy } from "react";

// What a project shows only when it is asked for: it is fetched then.

export const BatchBar = lazy(() =>
  import("@/features/jobs/batch-bar").then(({ BatchBar }) => ({ default: BatchBar })),
);
export const ImportDialog = lazy(() =>
  import("@/features/exchange/import-dialog").then(({ ImportDialog }) => ({ default: ImportDialog })),
);
export const Generate = lazy(() => import("./generate").then(({ Generate }) => ({ default: Generate })));
export const OpenedShot = lazy(() =>
  import("./opened-shot").then(({ OpenedShot }) => ({ default: OpenedShot })),
);
export const PlainShots = lazy(() =>
  import("./plain-shots").then(({ PlainShots }) => ({ default: PlainShots })),
);
export const ShotTable = lazy(() =>
  import("@/features/shots/table/shot-table").then(({ ShotTable }) => ({ default: ShotTable })),
);
