import type { LiveMessage } from "@/api/generated";
import { resumed, type Seq, step } from "./sequence";
import type { LiveBody } from "./cache";

export type Connection = "connecting" | "live" | "lost";

interface Listener {
  onBody: (body: LiveBody) => void;
  onReread: () => void;
  onConnection: (connection: Connection) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Keeps one socket to the master open, with growing waits between tries. After a break it is sent what it missed.
 * Returns how to close it for good.
 */
export function openLive(url: string, listener: Listener): () => void {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let tries = 0;
  let last: Seq = null;

  function connect(): void {
    clearTimeout(timer);
    const mine = new WebSocket(resumed(url, last));
    socket = mine;
    mine.onmessage = ({ data }) => {
      if (mine === socket) hear(JSON.parse(String(data)) as LiveMessage);
    };
    mine.onclose = () => {
      if (!closed && mine === socket) retry();
    };
  }

  function hear(message: LiveMessage): void {
    const { at, reread, skip } = step(last, message);
    last = at;
    if (message.body.kind === "hello") {
      tries = 0;
      listener.onConnection("live");
    }
    if (reread) listener.onReread();
    if (!skip) listener.onBody(message.body);
  }

  function retry(): void {
    listener.onConnection("lost");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries) * (0.75 + Math.random() / 2);
    tries += 1;
    timer = setTimeout(connect, wait);
  }

  function hurry(): void {
    if (closed || socket?.readyState === WebSocket.OPEN || socket?.readyState === WebSocket.CONNECTING)
      return;
    tries = 0;
    connect();
  }

  globalThis.addEventListener("online", hurry);
  listener.onConnection("connecting");
  connect();
  return () => {
    closed = true;
    clearTimeout(timer);
    globalThis.removeEventListener("online", hurry);
    socket?.close();
  };
}

export function liveUrl({ protocol, host }: Location): string {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/ws/live`;
}
