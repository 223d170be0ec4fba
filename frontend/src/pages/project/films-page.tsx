import { useTranslation } from "react-i18next";
import { FilmShelf } from "@/features/films/film-shelf";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { useProject } from "./open-project";

/** What the shots of the project became. */
export function FilmsPage() {
  const { t } = useTranslation();
  const { code, width, height } = useProject();
  return (
    <Page>
      <PageHead title={t("films.title")} />
      <FilmShelf project={code} aspect={`${width} / ${height}`} />
    </Page>
  );
}
