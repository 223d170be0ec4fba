import { Link } from "@tanstack/react-router";
import { MapPinOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/ui/states";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Empty icon={<MapPinOff />} title="404" help={t("app.notFound")}>
      <Link to="/" className="text-accent underline underline-offset-4">
        {t("app.toProjects")}
      </Link>
    </Empty>
  );
}
