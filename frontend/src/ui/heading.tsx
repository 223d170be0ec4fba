import clsx from "clsx";
import type { ReactNode } from "react";

/** The head of a page: what it is, facts about it, and what can be done. */
export function PageHead({
  title,
  facts,
  children,
}: {
  title: ReactNode;
  facts?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-2xl leading-tight font-bold">{title}</h1>
        {facts}
      </div>
      {children !== undefined && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </div>
  );
}

export function Section({
  title,
  tools,
  children,
}: {
  title: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="mt-6 first:mt-0">
      <div className="mb-2 flex items-center justify-between gap-3">
        <h3 className="text-xs font-semibold text-soft">{title}</h3>
        {tools}
      </div>
      {children}
    </section>
  );
}

/** A word and its value, one under the other. */
export function Fact({ label, wide, children }: { label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={clsx("min-w-0", wide && "col-span-2")}>
      <dt className="text-2xs text-faint">{label}</dt>
      <dd className="text-[0.8125rem]">{children}</dd>
    </div>
  );
}
