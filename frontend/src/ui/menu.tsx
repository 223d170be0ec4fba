import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

const ITEM =
  "flex cursor-pointer items-center gap-2 rounded px-2.5 py-1.5 text-[0.8125rem] outline-none select-none " +
  "data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:text-faint";

export function Menu({ trigger, children }: { trigger: ReactNode; children: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-50 min-w-44 animate-rise rounded-lg border border-line bg-raised p-1 shadow-float"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** A file to keep. */
export function MenuLink({ href, icon, children }: { href: string; icon: ReactNode; children: ReactNode }) {
  return (
    <DropdownMenu.Item asChild className={ITEM}>
      <a href={href} download>
        {icon}
        {children}
      </a>
    </DropdownMenu.Item>
  );
}

export function MenuChoices<Value extends string>(props: {
  choices: readonly { value: Value; label: string }[];
  value: Value;
  onChoose: (value: Value) => void;
}) {
  return (
    <DropdownMenu.RadioGroup value={props.value} onValueChange={(value) => props.onChoose(value as Value)}>
      {props.choices.map(({ value, label }) => (
        <DropdownMenu.RadioItem key={value} value={value} className={ITEM}>
          <span className="w-4">
            <DropdownMenu.ItemIndicator>
              <Check />
            </DropdownMenu.ItemIndicator>
          </span>
          {label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

interface MenuItemProps {
  icon?: ReactNode;
  onChoose: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, onChoose, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item className={ITEM} onSelect={onChoose}>
      {icon}
      {children}
    </DropdownMenu.Item>
  );
}

/** A menu at a point of the window, open from the start: for what is drawn, not made of elements. */
export function MenuAt(props: {
  x: number;
  y: number;
  label: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && props.onClose()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="fixed size-0" style={{ left: props.x, top: props.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          aria-label={props.label}
          className="z-50 min-w-44 animate-rise rounded-lg border border-line bg-raised p-1 shadow-float"
        >
          {props.children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
