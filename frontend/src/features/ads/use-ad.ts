import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { type AdView, showAdOptions, showAdQueryKey } from "@/api";
import { listenLive } from "@/api/live/listen";
import { jobIdsOf } from "./stages";

const TOGETHER_MS = 60; // news of several stages come in one burst

/** An ad as it is now: read again when one of its jobs has news. */
export function useAd(id: string) {
  const client = useQueryClient();
  const ad = useQuery(showAdOptions({ path: { ad_id: id } }));
  const concerns = useEffectEvent((jobIds: readonly string[]) => {
    const own = ad.data && jobIdsOf(ad.data);
    return own !== undefined && jobIds.some((job) => own.has(job));
  });
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const read = () => {
      soon = undefined;
      void client.invalidateQueries({ queryKey: showAdQueryKey({ path: { ad_id: id } }) });
    };
    const stop = listenLive({
      onBody: (body) => {
        if (body.kind !== "jobs" || !concerns(body.rows.map((row) => row.id))) return;
        soon ??= setTimeout(read, TOGETHER_MS);
      },
      onReread: () => undefined, // every query is read again
    });
    return () => {
      stop();
      clearTimeout(soon);
    };
  }, [client, id]);
  return ad;
}

/** Puts what the master answered in place of what was known. */
export function usePutAd(): (ad: AdView) => void {
  const client = useQueryClient();
  return (ad) => {
    const queryKey = showAdQueryKey({ path: { ad_id: ad.id } });
    void client.cancelQueries({ queryKey });
    client.setQueryData(queryKey, ad);
  };
}
