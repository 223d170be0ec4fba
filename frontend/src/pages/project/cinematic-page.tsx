import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, Aperture } from "lucide-react";
import { useTranslation } from "react-i18next";
import { listCinematicOptionsOptions } from "@/api";
import { useLibrary } from "@/features/cinematic/library";
import { OptionEditor } from "@/features/cinematic/option-editor";
import { OptionShelf } from "@/features/cinematic/option-shelf";
import { type Draft, freeName } from "@/features/cinematic/values";
import { useOptionWrites } from "@/features/cinematic/writes";
import { usePromptBible } from "@/lib/prompt/use-prompt-bible";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { Empty, Failed, Loading } from "@/ui/states";
import { useProject } from "./open-project";

const NONE: never[] = [];
const route = getRouteApi("/projects/$code/cinematic");

/** How the project is seen: its cinematic options, and the editor of one. */
export function CinematicPage() {
  const { t } = useTranslation();
  const project = useProject();
  const { code } = project;
  const { option: opened } = route.useSearch();
  const navigate = useNavigate();
  const listed = useQuery(listCinematicOptionsOptions({ path: { code } }));
  const options = listed.data?.rows ?? NONE;
  const { library, error, refetch } = useLibrary();
  const bible = usePromptBible(project, NONE, options);
  const writes = useOptionWrites(code);
  const open = (option?: string) =>
    void navigate({ to: "/projects/$code/cinematic", params: { code }, search: option ? { option } : {} });
  const create = (fields: Draft) => writes.create.mutate(fields, { onSuccess: ({ id }) => open(id) });

  const failed = listed.error ?? error;
  if (failed)
    return (
      <Page>
        <Failed
          error={failed}
          onRetry={() => {
            void listed.refetch();
            void refetch();
          }}
        />
      </Page>
    );
  if (!listed.data || !library || !bible) return <Loading />;
  const option = options.find(({ id }) => id === opened);
  if (option)
    return (
      <OptionEditor
        key={option.id}
        project={project}
        option={option}
        library={library}
        bible={bible}
        writes={writes}
        onDuplicate={(fields) =>
          create({ ...fields, name: freeName(fields.name, new Set(options.map(({ name }) => name))) })
        }
        onClose={() => open()}
      />
    );
  return (
    <Page>
      {opened !== undefined ? (
        <Empty icon={<Aperture />} title={t("cinematic.gone")} help="">
          <Button icon={<ArrowLeft />} onClick={() => open()}>
            {t("cinematic.back")}
          </Button>
        </Empty>
      ) : (
        <OptionShelf
          options={options}
          library={library}
          busy={writes.create.isPending}
          onOpen={open}
          onCreate={create}
        />
      )}
    </Page>
  );
}
