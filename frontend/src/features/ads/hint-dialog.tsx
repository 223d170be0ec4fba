import { Eraser, Undo2 } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { DialogFooter } from "@/ui/dialog-footer";
import { Check, Switcher } from "@/ui/field";
import { Dialog } from "@/ui/overlay";
import { Notice, useErrorText } from "@/ui/states";
import { COLOURS, hintFile, hintSize, paint, type Stroke } from "./hint";
import { dataUrlOf } from "./photo";

interface HintDialogProps {
  photoUrl: string;
  /** How the product is cut out now: the rest of the photo is dimmed. */
  cutOutUrl: string | undefined;
  /** What was painted before. */
  hintUrl: string | undefined;
  busy: boolean;
  onClose: () => void;
  /** A PNG as a data URL. */
  onPainted: (hint: string) => void;
}

const WIDTHS = { thin: 0.015, middle: 0.035, thick: 0.07 } as const;
const STEP = 0.02;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};
const within = (value: number): number => Math.min(1, Math.max(0, value));

/** Painting over the photo which part is the product: by pointer, or by the arrow keys; Space sets the brush down and lifts it. */
export function HintDialog({ photoUrl, cutOutUrl, hintUrl, busy, onClose, onPainted }: HintDialogProps) {
  const { t } = useTranslation("ads");
  const say = useErrorText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<[number, number]>();
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [keep, setKeep] = useState(true);
  const [width, setWidth] = useState<keyof typeof WIDTHS>("middle");
  const [cursor, setCursor] = useState<readonly [number, number]>();
  const [error, setError] = useState<unknown>();
  const [before, setBefore] = useState<HTMLImageElement>();
  const [seen, setSeen] = useState(true);
  const painting = useRef(false);

  useEffect(() => {
    if (hintUrl === undefined) return;
    const image = new Image();
    image.onload = () => setBefore(image);
    image.src = hintUrl;
    return () => void (image.onload = null);
  }, [hintUrl]);
  useEffect(() => {
    const brush = canvas.current?.getContext("2d");
    if (brush) paint(brush, strokes, before);
  }, [strokes, size, before]);

  const at = (event: PointerEvent<HTMLElement>): readonly [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  };
  const begin = (point: Stroke["points"][number]) =>
    setStrokes((now) => [...now, { keep, width: WIDTHS[width], points: [point] }]);
  const goOn = (point: Stroke["points"][number]) =>
    setStrokes((now) => {
      const last = now.at(-1);
      return last ? [...now.slice(0, -1), { ...last, points: [...last.points, point] }] : now;
    });
  function pressed(event: KeyboardEvent) {
    const by = ARROWS[event.key];
    const [x, y] = cursor ?? [0.5, 0.5];
    if (event.key === " ") {
      event.preventDefault();
      setCursor([x, y]);
      if (!painting.current) begin([x, y]);
      painting.current = !painting.current;
    } else if (by) {
      event.preventDefault();
      const to = [within(x + by[0]), within(y + by[1])] as const;
      setCursor(to);
      if (painting.current) goOn(to);
    }
  }
  function submit() {
    if (canvas.current) hintFile(canvas.current).then(dataUrlOf).then(onPainted, setError);
  }
  const [wide, high] = size ?? [1, 1];
  const blank = strokes.length === 0 && before === undefined;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("hint.title")}
      description={t("hint.help")}
      footer={
        <DialogFooter
          submit={t("hint.submit")}
          busy={busy}
          why={strokes.length === 0 ? t("hint.nothing") : undefined}
          onClick={submit}
          onCancel={onClose}
        />
      }
    >
      {error !== undefined && <Notice tone="bad">{say(error)}</Notice>}
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Switcher
          label={t("hint.brush")}
          value={keep ? "keep" : "remove"}
          onChoose={(value) => setKeep(value === "keep")}
          choices={(["keep", "remove"] as const).map((value) => ({
            value,
            name: t(`hint.${value}`),
            label: (
              <>
                <span aria-hidden className="size-3 rounded-full" style={{ background: COLOURS[value] }} />
                {t(`hint.${value}`)}
              </>
            ),
          }))}
        />
        <Switcher
          label={t("hint.width")}
          value={width}
          onChoose={setWidth}
          choices={(["thin", "middle", "thick"] as const).map((value) => ({
            value,
            name: t(`hint.${value}`),
            label: t(`hint.${value}`),
          }))}
        />
        {cutOutUrl !== undefined && (
          <Check label={t("hint.seen")} checked={seen} onChange={({ target }) => setSeen(target.checked)} />
        )}
        <span className="ml-auto flex gap-1">
          <Button
            look="quiet"
            icon={<Undo2 />}
            why={strokes.length === 0 ? t("hint.nothing") : undefined}
            onClick={() => setStrokes((now) => now.slice(0, -1))}
          >
            {t("hint.undo")}
          </Button>
          <Button
            look="quiet"
            icon={<Eraser />}
            why={blank ? t("hint.nothing") : undefined}
            onClick={() => {
              setStrokes([]);
              setBefore(undefined);
            }}
          >
            {t("hint.clear")}
          </Button>
        </span>
      </div>
      <div className="flex justify-center rounded-lg bg-sunken p-3">
        <div
          role="application"
          tabIndex={0}
          aria-label={t("hint.area")}
          onKeyDown={pressed}
          onBlur={() => (painting.current = false)}
          className="relative cursor-crosshair touch-none select-none"
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setCursor(undefined);
            painting.current = true;
            begin(at(event));
          }}
          onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && goOn(at(event))}
          onPointerUp={() => (painting.current = false)}
        >
          <img
            src={photoUrl}
            alt=""
            draggable={false}
            className="max-h-[56vh] max-w-full"
            onLoad={({ currentTarget }) =>
              setSize(hintSize(currentTarget.naturalWidth, currentTarget.naturalHeight))
            }
            onError={() => setError(t("photo.unreadable"))}
          />
          {cutOutUrl !== undefined && seen && (
            <span
              aria-hidden
              className="absolute inset-0 bg-black/65"
              style={{
                maskImage: `url("${cutOutUrl}"), linear-gradient(#000 0 0)`,
                maskSize: "100% 100%",
                maskComposite: "exclude",
              }}
            />
          )}
          <canvas ref={canvas} width={wide} height={high} className="absolute inset-0 size-full opacity-60" />
          {cursor && (
            <span
              aria-hidden
              className="pointer-events-none absolute size-4 -translate-1/2 rounded-full border-2 border-white shadow-[0_0_0_1px_black]"
              style={{ left: `${cursor[0] * 100}%`, top: `${cursor[1] * 100}%` }}
            />
          )}
        </div>
      </div>
    </Dialog>
  );
}
