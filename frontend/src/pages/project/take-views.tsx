import { lazy, Suspense } from "react";

const Compare = lazy(() =>
  import("@/features/compare/compare").then(({ Compare }) => ({ default: Compare })),
);
const TakeTheatre = lazy(() =>
  import("@/features/review/take-theatre").then(({ TakeTheatre }) => ({ default: TakeTheatre })),
);

export interface TakeAddress {
  take?: string;
  compare?: string;
}

interface TakeViewsProps {
  address: TakeAddress;
  /** The takes around it, for the way from one to the next. */
  ids: readonly string[];
  onTake: (id: string | undefined) => void;
  onCompareEnd: () => void;
}

/** What the address says of takes: one of them over the window, or some compared. */
export function TakeViews({ address, ids, onTake, onCompareEnd }: TakeViewsProps) {
  const { take, compare } = address;
  const place = take === undefined ? -1 : ids.indexOf(take);
  const goTo = (index: number) => {
    const id = place < 0 ? undefined : ids[index];
    return id === undefined ? undefined : () => onTake(id);
  };
  return (
    <Suspense>
      {take !== undefined && (
        <TakeTheatre
          takeId={take}
          onClose={() => onTake(undefined)}
          previous={goTo(place - 1)}
          next={goTo(place + 1)}
        />
      )}
      {compare !== undefined && <Compare ids={comparedIds(compare)} onClose={onCompareEnd} />}
    </Suspense>
  );
}

const MOST = 4;

const comparedIds = (compare: string): string[] =>
  [...new Set(compare.split(",").filter((id) => id !== ""))].slice(0, MOST);
