import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

export const INPUT =
  "w-full rounded-md border border-line bg-field px-2.5 text-[0.8125rem] text-ink placeholder:text-faint " +
  "hover:border-line-strong focus-visible:outline-offset-0 aria-invalid:border-tone-bad";

interface FieldProps {
  label: string;
  help?: string | undefined;
  error?: string | undefined;
  className?: string;
  children: (ids: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean;
  }) => ReactNode;
}

/** A label, a control, and beside it the sentence that says what is wrong. */
export function Field({ label, help, error, className, children }: FieldProps) {
  const id = useId();
  const said = error ?? help;
  return (
    <div className={clsx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="text-xs font-medium text-soft">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": said ? `${id}-said` : undefined,
        "aria-invalid": error !== undefined,
      })}
      {said !== undefined && (
        <p
          id={`${id}-said`}
          role={error ? "alert" : undefined}
          className={clsx("text-xs", error ? "text-tone-bad" : "text-faint")}
        >
          {said}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={clsx(INPUT, "h-8.5", className)} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={3} {...rest} className={clsx(INPUT, "py-2 leading-relaxed", className)} />;
}

export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select {...rest} className={clsx(INPUT, "h-8.5 pr-1", className)} />;
}

interface CheckProps extends Omit<ComponentProps<"input">, "type"> {
  label: string;
  help?: string | undefined;
}

export function Check({ label, help, className, ...rest }: CheckProps) {
  const id = useId();
  return (
    <div className={clsx("flex gap-2.5", rest.disabled && "opacity-50", className)}>
      <input
        {...rest}
        id={id}
        type="checkbox"
        aria-describedby={help && `${id}-help`}
        className="mt-0.5 size-4 accent-(--accent)"
      />
      <div>
        <label htmlFor={id} className="text-[0.8125rem] font-medium">
          {label}
        </label>
        {help !== undefined && (
          <p id={`${id}-help`} className="text-xs text-faint">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}

interface Choice<Value extends string> {
  value: Value;
  label: ReactNode;
  name: string;
}

/** A few choices side by side, one of which holds. */
export function Switcher<Value extends string>(props: {
  label: string;
  choices: readonly Choice<Value>[];
  value: Value;
  onChoose: (value: Value) => void;
}) {
  return (
    <div
      role="group"
      aria-label={props.label}
      className="inline-flex rounded-md border border-line bg-sunken p-0.5"
    >
      {props.choices.map(({ value, label, name }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === props.value}
          aria-label={name}
          title={name}
          onClick={() => props.onChoose(value)}
          className="inline-flex h-7 items-center gap-1.5 rounded-[5px] px-2 text-xs text-soft hover:text-ink aria-pressed:bg-raised aria-pressed:text-ink aria-pressed:ring-1 aria-pressed:ring-line [&_svg]:size-3.5"
        >
          {label}
        </button>
      ))}
    </div>
  );
}
