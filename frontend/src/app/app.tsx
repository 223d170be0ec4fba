import { Outlet } from "@tanstack/react-router";
import { Toaster } from "sonner";
import { useRefused } from "@/api/access";
import { LiveProvider } from "@/api/live/provider";
import { useTheme } from "@/lib/theme";
import { Door } from "./door";
import { Keys } from "./keys";
import { TopBar } from "./top-bar";

export function App() {
  const refused = useRefused();
  const theme = useTheme();
  if (refused) return <Door />;
  return (
    <LiveProvider>
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
