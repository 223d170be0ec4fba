import clsx from "clsx";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button";
import { giveBack, keepOrigin } from "./focus";

interface OverlayProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** One sentence under the title. */
  description?: string | undefined;
  /** Beside the close button. */
  tools?: ReactNode;
  footer?: ReactNode;
  children: ReactNode;
}

/** The keyboard starts in the first field, else on the overlay itself: not on its close button. */
function focusInside(event: Event) {
  keepOrigin(event);
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  event.preventDefault();
  const field = content.querySelector<HTMLElement>("[data-body] :is(input, select, textarea):not(:disabled)");
  (field ?? content).focus();
}

/** A sheet is read first; its fields come later. */
function focusContent(event: Event) {
  keepOrigin(event);
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}

/** A notice above the overlay is not outside of it: its “undo” must not close what it speaks of. */
function keepForNotices(event: Event) {
  if (event.target instanceof HTMLElement && event.target.closest("[data-sonner-toaster]") !== null)
    event.preventDefault();
}

const SHADE = "fixed inset-0 z-40 bg-black/55";

type FrameProps = Omit<OverlayProps, "open" | "onClose"> & { flush?: boolean };

function Frame({ title, description, tools, footer, flush, children }: FrameProps) {
  const { t } = useTranslation();
  return (
    <>
      <header
        className={clsx(
          "flex gap-3 border-b border-line px-5",
          flush ? "flex-wrap items-center py-2" : "items-start py-3.5",
        )}
      >
        <div className="min-w-0 flex-1">
          <Radix.Title className="truncate text-base font-semibold">{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description className="mt-0.5 text-xs text-soft">{description}</Radix.Description>
          )}
        </div>
        {tools}
        <Radix.Close asChild>
          <IconButton label={t("action.close")} size="sm">
            <X />
          </IconButton>
        </Radix.Close>
      </header>
      <div
        data-body
        className={clsx("min-h-0 flex-1", flush ? "flex overflow-hidden" : "overflow-y-auto px-5 py-4")}
      >
        {children}
      </div>
      {footer !== undefined && (
        <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">
          {footer}
        </footer>
      )}
    </>
  );
}

export function Dialog({ open, onClose, wide, ...frame }: OverlayProps & { wide?: boolean }) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={clsx(SHADE, "flex items-center justify-center p-4")}>
          <Radix.Content
            {...(frame.description === undefined && { "aria-describedby": undefined })}
            onOpenAutoFocus={focusInside}
            onCloseAutoFocus={giveBack}
            onInteractOutside={keepForNotices}
            className={clsx(
              "z-50 flex max-h-[88vh] w-full animate-rise flex-col rounded-xl border border-line bg-surface shadow-float outline-none",
              wide ? "max-w-3xl" : "max-w-lg",
            )}
          >
            <Frame {...frame} />
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A sheet at the right edge, for one row of a list. */
export function Drawer({ open, onClose, ...frame }: OverlayProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={SHADE} />
        <Radix.Content
          {...(frame.description === undefined && { "aria-describedby": undefined })}
          onOpenAutoFocus={focusContent}
          onCloseAutoFocus={giveBack}
          onInteractOutside={keepForNotices}
          className="fixed inset-y-0 right-0 z-50 flex w-full max-w-160 animate-sheet flex-col border-l border-line bg-surface shadow-float outline-none"
        >
          <Frame {...frame} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * The whole window, for looking at pictures. Its keys hold wherever the focus is: a button that was just pressed, and
 * then cannot be any more, loses it.
 */
export function Theatre({
  open,
  onClose,
  onKey,
  ...frame
}: OverlayProps & { onKey?: (event: KeyboardEvent) => void }) {
  useEffect(() => {
    if (!open || !onKey) return;
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [open, onKey]);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Content
          {...(frame.description === undefined && { "aria-describedby": undefined })}
          onOpenAutoFocus={focusContent}
          onCloseAutoFocus={giveBack}
          className="fixed inset-0 z-50 flex flex-col bg-surface outline-none"
        >
          <Frame {...frame} flush />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
