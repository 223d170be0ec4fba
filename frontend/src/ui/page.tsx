import type { ReactNode } from "react";

/** A page that is read from top to bottom. */
export function Page({ children }: { children: ReactNode }) {
  return <div className="mx-auto max-w-480 px-5 py-6 lg:px-8">{children}</div>;
}
