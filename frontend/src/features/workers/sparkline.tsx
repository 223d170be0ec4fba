import { useEffect, useRef } from "react";
import { onMetrics, ringOf } from "@/api/live/metrics";
import { useTheme } from "@/lib/theme";
import { inkOf } from "@/lib/ink";

const SECONDS = 300;
const HEIGHT = 28;

/** Five minutes of a device's utilisation, drawn while it is on the screen. */
export function Sparkline({ deviceId, label }: { deviceId: string; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const { lines } = inkOf();
    let seen = false;
    let asked = 0;
    const draw = () => drawLine(element, deviceId, lines[0] ?? "");
    const stop = onMetrics(() => {
      if (!seen) return;
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(draw);
    });
    const watcher = new IntersectionObserver(([entry]) => {
      seen = entry?.isIntersecting ?? false;
      if (seen) draw();
    });
    watcher.observe(element);
    return () => {
      stop();
      watcher.disconnect();
      cancelAnimationFrame(asked);
    };
  }, [deviceId, theme]);
  return <canvas ref={canvas} role="img" aria-label={label} className="w-full" style={{ height: HEIGHT }} />;
}

function drawLine(canvas: HTMLCanvasElement, deviceId: string, colour: string): void {
  const ring = ringOf(deviceId);
  const pen = canvas.getContext("2d");
  if (!pen || !ring) return;
  const width = canvas.clientWidth;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== HEIGHT) canvas.height = HEIGHT;
  pen.clearRect(0, 0, width, HEIGHT);
  pen.strokeStyle = colour;
  pen.lineWidth = 1.25;
  pen.beginPath();
  const first = Math.floor(Date.now() / 1000) - SECONDS;
  let open = false;
  for (let at = 0; at <= SECONDS; at += 2) {
    const value = ring.at("utilisation_percent", first + at);
    if (value === null) {
      open = false;
      continue;
    }
    const x = (at / SECONDS) * width;
    const y = HEIGHT - 1.5 - (value / 100) * (HEIGHT - 3);
    if (open) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    open = true;
  }
  pen.stroke();
}
