import { useEffect, useState } from "react";

/** The present, in milliseconds, renewed every `every` ms: for clocks, never for asking the master. */
export function useNow(every = 5000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
