import { Outlet } from "@tanstack/react-router";
import { Toaster } from "sonner";
import { useEntered, useRefused } from "@/api/access";
import { LiveProvider } from "@/api/live/provider";
import { useTheme } from "@/lib/theme";
import { Door, DoorAgain } from "./door";
import { Keys } from "./keys";
import { NewVersion } from "./new-version";
import { TopBar } from "./top-bar";

export function App() {
  const refused = useRefused();
  const theme = useTheme();
  const entered = useEntered();
  if (refused && !entered) return <Door />; // else what is open, and may not be saved yet, stays behind it
  return (
    <LiveProvider>
      <NewVersion />
      {refused && <DoorAgain />}
      <TopBar />
      <Keys />
      <main id="main" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
      <Toaster
        theme={theme}
        position="bottom-right"
        offset={{ bottom: 76 }}
        toastOptions={{
          style: {
            pointerEvents: "auto", // above an open drawer, too
            background: "var(--raised)",
            border: "1px solid var(--line)",
            color: "var(--ink)",
            fontFamily: "var(--font-sans)",
          },
        }}
      />
    </LiveProvider>
  );
}
