/** A link in a bar of links; the router marks the one that is shown. */
export const TAB =
  "flex shrink-0 items-center gap-2 border-b-2 border-transparent px-3 text-[0.8125rem] text-soft hover:text-ink " +
  "data-[status=active]:border-accent data-[status=active]:text-ink [&_svg]:size-4";
