import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { WorkflowView } from "@/api";
import { useLanguage } from "@/i18n";
import { Badge } from "@/ui/badge";
import { Button, IconButton } from "@/ui/button";
import { RemoveDialog } from "./remove-dialog";

interface ShelfProps {
  title: string;
  rows: readonly WorkflowView[];
  /** Only the studio's own can be edited and deleted. */
  onEdit?: (name: string) => void;
}

/** Workflows with what they make, and whether some device can run them. */
export function Shelf({ title, rows, onEdit }: ShelfProps) {
  const [removing, setRemoving] = useState<WorkflowView>();
  return (
    <section aria-label={title} className="rounded-xl border border-line bg-surface">
      <h2 className="border-b border-line px-4 py-2.5 text-xs font-semibold text-soft">
        {title} <span className="font-normal text-faint">{rows.length}</span>
      </h2>
      <ul>
        {rows.map((row) => (
          <Row key={row.name} row={row} {...(onEdit && { onEdit, onRemove: setRemoving })} />
        ))}
      </ul>
      {removing && <RemoveDialog workflow={removing} onClose={() => setRemoving(undefined)} />}
    </section>
  );
}

function Row(props: {
  row: WorkflowView;
  onEdit?: (name: string) => void;
  onRemove?: (row: WorkflowView) => void;
}) {
  const { t } = useTranslation("own");
  const language = useLanguage();
  const { row } = props;
  const name = row.title[language];
  const can = row.runs && row.lacks === null;
  return (
    <li
      data-workflow={row.name}
      className="flex flex-wrap items-start gap-x-4 gap-y-1 border-b border-line px-4 py-3 last:border-b-0"
    >
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-[0.8125rem] font-semibold">
          {name} <span className="ml-1 font-mono text-xs font-normal text-faint">{row.name}</span>
        </p>
        <p className="text-xs text-soft">{row.description[language]}</p>
        {row.lacks && <p className="mt-1 text-xs text-faint">{row.lacks[language]}</p>}
      </div>
      <div className="flex items-center gap-3">
        <Badge tone={can ? "good" : "warn"}>{t(can ? "runs" : "cannot")}</Badge>
        <span className="text-xs text-faint">{t("version", { version: row.version })}</span>
        {props.onEdit && (
          <Button
            size="sm"
            icon={<Pencil />}
            aria-label={t("editOf", { title: name })}
            onClick={() => props.onEdit?.(row.name.split("/")[1] ?? "")}
          >
            {t("edit")}
          </Button>
        )}
        {props.onRemove && (
          <IconButton size="sm" label={t("removeOf", { title: name })} onClick={() => props.onRemove?.(row)}>
            <Trash2 />
          </IconButton>
        )}
      </div>
    </li>
  );
}
