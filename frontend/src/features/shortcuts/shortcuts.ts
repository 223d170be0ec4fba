/** Every key of the page, for the sheet that `?` shows. */
export const SHORTCUTS = [
  {
    where: "everywhere",
    keys: [
      { does: "palette", press: ["Ctrl+K"] },
      { does: "sheet", press: ["?"] },
    ],
  },
  {
    where: "table",
    keys: [
      { does: "edit", press: ["Enter", "F2"] },
      { does: "lineBreak", press: ["Alt+Enter"] },
      { does: "everywhere", press: ["Ctrl+Enter"] },
      { does: "leave", press: ["Esc"] },
      { does: "open", press: ["Space"] },
      { does: "find", press: ["Ctrl+F"] },
      { does: "generate", press: ["Alt+G"] },
      { does: "undo", press: ["Ctrl+Z"] },
      { does: "redo", press: ["Ctrl+Shift+Z", "Ctrl+Y"] },
      { does: "clipboard", press: ["Ctrl+C", "Ctrl+X", "Ctrl+V"] },
      { does: "stars", press: ["0 – 5"] },
      { does: "clear", press: ["Delete"] },
      { does: "remove", press: ["Ctrl+Delete"] },
      { does: "insert", press: ["Ctrl+Enter"] },
      { does: "duplicate", press: ["Ctrl+Shift+D"] },
      { does: "fillDown", press: ["Ctrl+D"] },
      { does: "fillRight", press: ["Ctrl+R"] },
      { does: "move", press: ["Alt+↑", "Alt+↓"] },
      { does: "grow", press: ["Shift+↑↓←→"] },
      { does: "row", press: ["Shift+Space"] },
      { does: "column", press: ["Ctrl+Space"] },
      { does: "all", press: ["Ctrl+A"] },
      { does: "ends", press: ["Ctrl+↑↓←→"] },
    ],
  },
] as const;
