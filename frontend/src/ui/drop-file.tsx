import clsx from "clsx";
import { type ReactNode, useId, useState } from "react";

interface DropFileProps {
  accept: string;
  onFile: (file: File) => void;
  className?: string;
  children: ReactNode;
}

/** A place for one file: dropped, or chosen. The same one may be brought again, once it is mended. */
export function DropFile({ accept, onFile, className, children }: DropFileProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  return (
    <label
      htmlFor={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
      className={clsx(
        "flex items-center rounded-xl border border-dashed transition-colors",
        "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
        over ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-hover",
        className,
      )}
    >
      {children}
      <input
        id={id}
        type="file"
        accept={accept}
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
