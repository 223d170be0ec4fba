import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Save, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  createViewMutation,
  deleteViewMutation,
  listViewsOptions,
  restoreViewMutation,
  type SavedView,
  updateViewMutation,
} from "@/api";
import { readView, type TableView } from "@/features/shots/table/view";
import { Button, IconButton } from "@/ui/button";
import { Input } from "@/ui/field";
import { Popover } from "@/ui/popover";
import { useErrorText } from "@/ui/states";

interface SavedViewsProps {
  code: string;
  view: TableView;
  onView: (view: TableView) => void;
}

/** Ways to look at the table that everybody in the project shares. */
export function SavedViews({ code, view, onView }: SavedViewsProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const client = useQueryClient();
  const views = useQuery(listViewsOptions({ path: { code } }));
  const [name, setName] = useState("");
  const renew = () =>
    void client.invalidateQueries({ queryKey: listViewsOptions({ path: { code } }).queryKey });
  const outcome = { onError: (error: Error) => toast.error(say(error)), onSuccess: renew };
  const create = useMutation({ ...createViewMutation(), ...outcome });
  const update = useMutation({ ...updateViewMutation(), ...outcome });
  const restore = useMutation({ ...restoreViewMutation(), ...outcome });
  const remove = useMutation({ ...deleteViewMutation(), ...outcome });
  const config = { ...view };

  const save = () =>
    create.mutate(
      { path: { code }, body: { name: name.trim(), config } },
      {
        onSuccess: () => {
          setName("");
          toast.success(t("table.views.saved", { name: name.trim() }));
        },
      },
    );
  const overwrite = ({ id, rev, name: its }: SavedView) =>
    update.mutate(
      { path: { id }, body: { config, rev } },
      { onSuccess: () => toast.success(t("table.views.saved", { name: its })) },
    );
  const drop = ({ id, rev, name: its }: SavedView) =>
    remove.mutate(
      { path: { id }, headers: { "if-match": String(rev) } },
      {
        onSuccess: () =>
          toast.success(t("table.views.removed", { name: its }), {
            action: { label: t("table.undo"), onClick: () => restore.mutate({ path: { id } }) },
          }),
      },
    );

  return (
    <Popover
      label={t("table.views.title")}
      trigger={
        <Button look="quiet" icon={<Bookmark />}>
          {t("table.views.title")}
        </Button>
      }
    >
      <ul className="flex w-72 flex-col">
        {views.data?.rows.length === 0 && (
          <li className="px-1 pb-2 text-xs text-faint">{t("table.views.none")}</li>
        )}
        {views.data?.rows.map((saved) => (
          <li key={saved.id} className="flex items-center gap-1">
            <button
              type="button"
              className="min-w-0 flex-1 truncate rounded px-2 py-1.5 text-left text-[0.8125rem] hover:bg-hover"
              onClick={() => onView(readView(saved.config))}
            >
              {saved.name}
            </button>
            <IconButton
              size="sm"
              label={t("table.views.overwrite", { name: saved.name })}
              onClick={() => overwrite(saved)}
            >
              <Save />
            </IconButton>
            <IconButton
              size="sm"
              label={t("table.views.remove", { name: saved.name })}
              onClick={() => drop(saved)}
            >
              <Trash2 />
            </IconButton>
          </li>
        ))}
      </ul>
      <form
        className="mt-2 flex gap-2 border-t border-line pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) save();
        }}
      >
        <Input
          aria-label={t("table.views.name")}
          placeholder={t("table.views.name")}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
        />
        <Button
          type="submit"
          why={name.trim() ? undefined : t("table.views.needsName")}
          busy={create.isPending}
        >
          {t("table.views.save")}
        </Button>
      </form>
    </Popover>
  );
}
