import clsx from "clsx";

/** What shows through where a picture is transparent. */
const CHECKERED =
  "bg-[repeating-conic-gradient(var(--sunken)_0_25%,var(--raised)_0_50%)] bg-[length:16px_16px]";

interface PictureProps {
  url: string;
  alt: string;
  className?: string;
}

export function Picture({ url, alt, className }: PictureProps) {
  return <img src={url} alt={alt} draggable={false} className={clsx(CHECKERED, className)} />;
}
