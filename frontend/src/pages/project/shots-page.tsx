import { Sparkle, Upload } from "lucide-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { DropOnPage } from "@/features/exchange/drop-on-page";
import { ExportMenu } from "@/features/exchange/export-menu";
import { ImportDialog } from "@/features/exchange/import-dialog";
import { FilmShelf } from "@/features/films/film-shelf";
import { GenerateDialog } from "@/features/generate/generate-dialog";
import { BatchBar } from "@/features/jobs/batch-bar";
import { useCurrentBatch } from "@/features/jobs/current-batch";
import { ProjectHead } from "@/features/projects/project-head";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { useProject } from "./open-project";
import { ProjectShots } from "./shots";
import { useProjectShots } from "./use-project-shots";

/** Puts the features of a project together; none of them knows another. */
export function ShotsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const { code } = project;
  const aspect = `${project.width} / ${project.height}`;
  const room = useProjectShots(code);
  const { batch, dismiss } = useCurrentBatch(code);
  const [importing, setImporting] = useState(false);
  const [dropped, setDropped] = useState<File>();
  const [generating, setGenerating] = useState(false);
  const takeFile = useCallback((file: File) => {
    setDropped(file);
    setImporting(true);
  }, []);
  const picked = room.selection.ids.size;
  const importButton = (
    <Button icon={<Upload />} onClick={() => setImporting(true)}>
      {t("project.import")}
    </Button>
  );

  return (
    <Page>
      <ProjectHead project={project} frames={room.frames} sequences={room.sequences} counts={room.counts}>
        {importButton}
        <ExportMenu code={code} />
        <Button
          look="primary"
          icon={<Sparkle />}
          why={room.shots.length === 0 ? t("generate.noShots") : undefined}
          onClick={() => setGenerating(true)}
        >
          {picked > 0 ? t("project.generateSelected", { count: picked }) : t("project.generate")}
        </Button>
      </ProjectHead>
      <FilmShelf project={code} aspect={aspect} />
      <ProjectShots room={room} aspect={aspect}>
        {importButton}
      </ProjectShots>
      <ImportDialog
        code={code}
        open={importing}
        dropped={dropped}
        onClose={() => {
          setImporting(false);
          setDropped(undefined);
        }}
      />
      <DropOnPage off={importing || generating} onFile={takeFile} />
      <GenerateDialog
        code={code}
        shots={room.shots}
        selected={room.selection.ids}
        open={generating}
        onClose={() => setGenerating(false)}
        onSubmitted={() => {
          setGenerating(false);
          room.selection.clear();
        }}
      />
      {batch && (
        <div className="pt-20">
          <BatchBar batch={batch} onDismiss={dismiss} />
        </div>
      )}
    </Page>
  );
}
