import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface PopoverProps {
  trigger: ReactNode;
  /** What it is, read aloud. */
  label: string;
  open?: boolean;
  onOpen?: (open: boolean) => void;
  children: ReactNode;
}

/** A small panel at what opened it. */
export function Popover({ trigger, label, open, onOpen, children }: PopoverProps) {
  return (
    <Radix.Root {...(open !== undefined && { open })} {...(onOpen && { onOpenChange: onOpen })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="start"
          sideOffset={6}
          collisionPadding={12}
          aria-label={label}
          className="z-40 max-h-[70vh] max-w-[94vw] animate-rise overflow-y-auto rounded-lg border border-line bg-raised p-3 shadow-float outline-none"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
