import { Braces, Download, Sheet, Table } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/i18n";
import { Button } from "@/ui/button";
import { Menu, MenuLink } from "@/ui/menu";

export function ExportMenu({ code }: { code: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const href = (suffix: string, query = "") =>
    `/api/projects/${encodeURIComponent(code)}/export.${suffix}${query}`;
  return (
    <Menu trigger={<Button icon={<Download />}>{t("project.export")}</Button>}>
      <MenuLink href={href("xlsx", `?lang=${language}&thumbnails=true`)} icon={<Sheet />}>
        {t("project.exports.xlsx")}
      </MenuLink>
      <MenuLink href={href("csv", `?lang=${language}`)} icon={<Table />}>
        {t("project.exports.csv")}
      </MenuLink>
      <MenuLink href={href("json")} icon={<Braces />}>
        {t("project.exports.json")}
      </MenuLink>
    </Menu>
  );
}
