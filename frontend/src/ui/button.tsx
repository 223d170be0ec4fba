import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";

const LOOKS = {
  primary: "bg-accent-fill text-accent-ink font-semibold enabled:hover:brightness-110",
  plain: "bg-raised border border-line enabled:hover:border-line-strong enabled:hover:bg-hover",
  quiet: "text-soft enabled:hover:bg-hover enabled:hover:text-ink",
  danger: "border border-line text-tone-bad enabled:hover:bg-hover",
} as const;

const SIZES = { sm: "h-7 px-2 text-xs gap-1.5", md: "h-8.5 px-3 text-[0.8125rem] gap-2" } as const;

export type ButtonLook = keyof typeof LOOKS;

interface ButtonProps extends Omit<ComponentProps<"button">, "disabled"> {
  look?: ButtonLook;
  size?: keyof typeof SIZES;
  icon?: ReactNode;
  /** Why it cannot be pressed now; the button is disabled and says so. */
  why?: string | undefined;
  busy?: boolean;
}

export function Button({
  look = "plain",
  size = "md",
  icon,
  why,
  busy,
  children,
  className,
  ...rest
}: ButtonProps) {
  const disabled = busy === true || why !== undefined;
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled}
      aria-busy={busy}
      title={why ?? rest.title}
      className={clsx(
        "inline-flex shrink-0 items-center justify-center rounded-md whitespace-nowrap transition-colors",
        "disabled:opacity-45 [&_svg]:size-4 [&_svg]:shrink-0",
        LOOKS[look],
        SIZES[size],
        className,
      )}
    >
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "icon" | "children"> {
  /** Read aloud and shown as a tip. */
  label: string;
  children: ReactNode;
}

export function IconButton({
  label,
  children,
  className,
  look = "quiet",
  size = "md",
  ...rest
}: IconButtonProps) {
  return (
    <Button
      {...rest}
      look={look}
      size={size}
      aria-label={label}
      title={label}
      className={clsx(size === "md" ? "w-8.5 px-0!" : "w-7 px-0!", className)}
    >
      {children}
    </Button>
  );
}
