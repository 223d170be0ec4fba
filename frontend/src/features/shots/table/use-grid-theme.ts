import type { Theme } from "@glideapps/glide-data-grid";
import { useEffect, useState } from "react";
import { useTheme } from "@/lib/theme";
import { gridTheme } from "./theme";

/** The colours of the page for the grid, also when the system turns dark. */
export function useGridTheme(): Partial<Theme> {
  const chosen = useTheme();
  const [theme, setTheme] = useState(gridTheme);
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const renew = () => setTheme(gridTheme());
    renew();
    dark.addEventListener("change", renew);
    return () => dark.removeEventListener("change", renew);
  }, [chosen]);
  return theme;
}
