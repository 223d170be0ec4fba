import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useLanguage } from "@/i18n";
import { LiveCache } from "./cache";
import { tellBody, tellHello, tellReread } from "./listen";
import { forgetPresence } from "./presence";
import { type Connection, liveUrl, openLive } from "./socket";

const ConnectionContext = createContext<Connection>("connecting");

/** Keeps the caches live for everything below it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const language = useLanguage(); // in another one all is read again
  const [connection, setConnection] = useState<Connection>("connecting");
  useEffect(() => {
    const cache = new LiveCache(client);
    const close = openLive(liveUrl(globalThis.location, language), {
      onBody: (body) => {
        cache.apply(body);
        tellBody(body);
      },
      onReread: () => {
        cache.reread();
        tellReread();
      },
      onConnection: (now) => {
        forgetPresence(); // after each hello everybody is told anew
        setConnection(now);
        if (now === "live") tellHello();
      },
    });
    return () => {
      close();
      cache.close();
    };
  }, [client, language]);
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

export const useConnection = (): Connection => useContext(ConnectionContext);
