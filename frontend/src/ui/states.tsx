import clsx from "clsx";
import { CloudOff, LoaderCircle, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/errors";
import { Button } from "./button";

interface EmptyProps {
  icon: ReactNode;
  title: string;
  help: string;
  children?: ReactNode;
  className?: string;
}

/** Nothing here yet, and what to do about it. */
export function Empty({ icon, title, help, children, className }: EmptyProps) {
  return (
    <div className={clsx("flex flex-col items-center gap-2 px-6 py-20 text-center", className)}>
      <div className="mb-2 text-faint [&_svg]:size-9 [&_svg]:stroke-[1.25]">{icon}</div>
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="max-w-md text-soft">{help}</p>
      {children !== undefined && <div className="mt-4 flex gap-2">{children}</div>}
    </div>
  );
}

export function Loading({ className }: { className?: string }) {
  const { t } = useTranslation();
  return (
    <div role="status" className={clsx("flex items-center justify-center gap-2 py-20 text-soft", className)}>
      <LoaderCircle className="size-4 animate-spin" aria-hidden />
      {t("state.loading")}
    </div>
  );
}

/** The sentence for any error: the master's own, or that it does not answer. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (error instanceof ApiError && error.isOffline) return t("state.offline");
    return error instanceof Error ? error.message : String(error);
  };
}

export function Failed({
  error,
  onRetry,
  className,
}: {
  error: Error;
  onRetry: () => void;
  className?: string;
}) {
  const { t } = useTranslation();
  const say = useErrorText();
  const offline = error instanceof ApiError && error.isOffline;
  return (
    <div role="alert" className={className}>
      <Empty icon={offline ? <CloudOff /> : <TriangleAlert />} title={t("state.failed")} help={say(error)}>
        <Button onClick={onRetry}>{t("action.retry")}</Button>
      </Empty>
    </div>
  );
}

/** Something to read before going on. */
export function Notice({
  tone = "plain",
  children,
}: {
  tone?: "plain" | "bad" | "warn";
  children: ReactNode;
}) {
  return (
    <div
      role={tone === "bad" ? "alert" : undefined}
      className={clsx(
        "rounded-lg border-l-2 bg-raised px-3.5 py-2.5 text-[0.8125rem]",
        { plain: "border-line-strong", bad: "border-tone-bad", warn: "border-tone-warn" }[tone],
      )}
    >
      {children}
    </div>
  );
}
