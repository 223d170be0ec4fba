import type { LiveHere, LiveMessage, LiveWatch } from "@/api/generated";
import { resumed, type Seq, step } from "./sequence";
import type { LiveBody } from "./cache";
import { tellPage } from "./version";

export type Here = Omit<LiveHere, "kind">;
export type Connection = "connecting" | "live" | "lost";

interface Listener {
  onBody: (body: LiveBody) => void;
  onReread: () => void;
  onConnection: (connection: Connection) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const HERE_EVERY_MS = 250;

/** The socket over which the master has said hello, and where this page is. */
let line: WebSocket | undefined;
let here: Here | undefined;
let said: Here | undefined;
let pause: ReturnType<typeof setTimeout> | undefined;

/** Tells everybody where this page is; the newest place counts, and it is told again after each break. */
export function tellHere(now: Here): void {
  here = now;
  if (pause !== undefined) return;
  sayHere();
  pause = setTimeout(() => {
    pause = undefined;
    if (here !== said) sayHere();
  }, HERE_EVERY_MS);
}

function sayHere(): void {
  if (here === undefined || line?.readyState !== WebSocket.OPEN) return;
  said = here;
  line.send(JSON.stringify({ kind: "here", ...here } satisfies LiveHere));
}

let watching = false;

/** Whether this page wants the readings of all devices; told again after each break. */
export function tellWatch(metrics: boolean): void {
  watching = metrics;
  sayWatch();
}

function sayWatch(): void {
  if (line?.readyState === WebSocket.OPEN)
    line.send(JSON.stringify({ kind: "watch", metrics: watching } satisfies LiveWatch));
}

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
      if (mine === socket) hear(mine, JSON.parse(String(data)) as LiveMessage);
    };
    mine.onclose = () => {
      if (!closed && mine === socket) retry();
    };
  }

  function hear(from: WebSocket, message: LiveMessage): void {
    const { at, reread, skip } = step(last, message);
    last = at;
    if (message.body.kind === "hello") {
      tries = 0;
      tellPage(message.body.page);
      listener.onConnection("live");
      line = from;
      sayHere();
      if (watching) sayWatch();
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

/** Sentences come in the page's language. */
export function liveUrl({ protocol, host }: Location, language: string): string {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/ws/live?language=${language}`;
}
