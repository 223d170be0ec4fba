import "@glideapps/glide-data-grid/dist/index.css";
import {
  DataEditor,
  type DataEditorProps,
  type DataEditorRef,
  type Rectangle,
} from "@glideapps/glide-data-grid";
import { useEffect, useRef, useState } from "react";
import { CellInput, type CellInputHandle } from "./cell-input";
import { CellNotes } from "./cell-notes";
import type { ColumnKey } from "./columns";
import type { ShotGridProps } from "./grid-props";
import { starAt } from "./stars";
import { useCellEditing } from "./use-cell-editing";
import { useCells } from "./use-cells";
import { useClipboard } from "./use-clipboard";
import { useGridKeys } from "./use-grid-keys";
import { useGridTheme } from "./use-grid-theme";
import { useRedraw } from "./use-redraw";

const HEADER = 34;

// one object each, for ever: the grid measures all columns anew for a new one
const MARKERS: RowMarkerOptions = { kind: "checkbox-visible", width: 36 };
const KEYS: Partial<Keybinds> = {
  copy: false,
  cut: false,
  paste: false,
  search: false,
  downFill: false,
  rightFill: false,
};
type RowMarkerOptions = Exclude<DataEditorProps["rowMarkers"], string | undefined>;
type Keybinds = NonNullable<DataEditorProps["keybindings"]>;

/** The table itself. What it is asked to do goes to `onAct`; it writes nothing. */
export function ShotGrid(props: ShotGridProps) {
  const { rows, lines, columns, jobs, selection, onSelection } = props;
  const editor = useRef<DataEditorRef>(null);
  const input = useRef<CellInputHandle>(null);
  const wrap = useRef<HTMLDivElement>(null);
  const clicked = useRef<string>(undefined); // two clicks on two cells are no double click
  const theme = useGridTheme();
  const [host, setHost] = useState<HTMLElement>();
  const [region, setRegion] = useState<Rectangle>({ x: 0, y: 0, width: 1, height: 1 });

  useEffect(() => {
    let frame = 0;
    const find = () => {
      const found = wrap.current?.querySelector<HTMLElement>(".dvn-scroller");
      const canvas = wrap.current?.querySelector("canvas");
      if (canvas) canvas.tabIndex = -1; // the field is where Tab comes in
      if (found) setHost(found);
      else frame = requestAnimationFrame(find);
    };
    find();
    return () => cancelAnimationFrame(frame);
  }, []);

  const { renderers, see } = useRedraw({ rows, lines, columns, jobs, editor });

  const { getCellContent, titles, rowTheme, rowHeight } = useCells(props, theme);
  const editing = useCellEditing({ ...props, editor, input, region });
  const clipboard = useClipboard(props);
  const actOnKey = useGridKeys({ ...props, wrap, editing });
  const onKey = (event: KeyboardEvent) => {
    clicked.current = undefined; // nor are two clicks with writing between them
    return actOnKey(event);
  };

  const { covered } = props;
  const hasHost = host !== undefined;
  useEffect(() => {
    if (!covered && hasHost && document.activeElement === document.body) input.current?.focus();
  }, [covered, hasHost]);

  return (
    <div
      ref={wrap}
      className="h-full min-h-0 min-w-0 overflow-hidden"
      onKeyDownCapture={({ nativeEvent, target }) => {
        if (!(target instanceof HTMLCanvasElement) || !nativeEvent.isTrusted) return;
        nativeEvent.stopPropagation(); // it came before the field had the focus
        input.current?.focus();
        onKey(nativeEvent);
      }}
      onFocusCapture={(event) => {
        if (event.target instanceof HTMLCanvasElement) queueMicrotask(() => input.current?.focus());
      }}
    >
      <DataEditor
        ref={editor}
        width="100%"
        height="100%"
        theme={theme}
        columns={titles}
        rows={lines.length}
        rowHeight={rowHeight}
        headerHeight={HEADER}
        getCellContent={getCellContent}
        getRowThemeOverride={rowTheme}
        customRenderers={renderers}
        freezeColumns={props.pinned}
        rowMarkers={MARKERS}
        gridSelection={selection}
        onGridSelectionChange={onSelection}
        rangeSelect="multi-rect"
        editOnType={false}
        onPaste={false}
        keybindings={KEYS}
        fillHandle
        allowedFillDirections="orthogonal"
        onFillPattern={(event) => {
          event.preventDefault();
          props.onFill(event.patternSource, event.fillDestination);
        }}
        onVisibleRegionChanged={(range) => {
          see(range);
          setRegion(range);
        }}
        onCellClicked={([x, y], event) => {
          const line = lines[y];
          const star = columns[x]?.kind === "rating" ? starAt(event.localEventX) : undefined;
          const area = { x, y, width: 1, height: 1 };
          if (line?.is === "group") props.onFold(line.value);
          else if (star !== undefined && clicked.current === `${x} ${y}`)
            props.onAct({ is: "put", block: [[String(star)]], area, name: "type" });
          else if (event.isDoubleClick && clicked.current === `${x} ${y}`) editing.begin([x, y]);
          clicked.current = event.shiftKey ? undefined : `${x} ${y}`;
        }}
        {...(props.stuck === undefined && { onRowMoved: props.onMoveLines })}
        onColumnMoved={props.onReorder}
        onColumnResize={(column, width) => props.onResize(column.id as ColumnKey, width)}
        onHeaderMenuClick={(x, at) => columns[x] && props.onHeaderMenu(columns[x].key, at)}
        onDragOverCell={() => undefined}
        onDrop={([, y], transfer) => {
          const line = lines[y];
          const files = [...(transfer?.files ?? [])];
          if (line?.is === "shot" && files.length > 0) props.onFiles(line.id, files);
        }}
        highlightRegions={editing.regions}
        smoothScrollX
        smoothScrollY
        maxColumnWidth={900}
        minColumnWidth={48}
        getCellsForSelection
      />
      {host && (
        <CellInput
          ref={input}
          host={host}
          place={editing.place}
          editing={editing.open !== undefined}
          writable={editing.writable}
          invalid={editing.problem !== undefined}
          label={editing.label}
          onTyped={editing.typed}
          onKey={onKey}
          onLeave={(to) => editing.leave(to, wrap.current)}
          onClipboard={clipboard}
        >
          <CellNotes editing={editing} />
        </CellInput>
      )}
    </div>
  );
}
