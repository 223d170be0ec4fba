/** Whether everything on a page can be seen and reached: nothing wider than the window, nothing cut off or covered. */
import type { Page } from "@playwright/test";

export interface Reach {
  /** Controls that were tried. */
  controls: number;
  /** By how many pixels the page is wider than the window. */
  wider: number;
  /** Controls that cannot be brought into sight, or lie under something else. */
  lost: string[];
}

/**
 * Brings each control into sight as a person can: by scrolling what scrolls. What has `overflow: hidden` moves only for
 * programs, and a control that comes into sight by that is lost. While a dialog is open, only what is in it counts.
 */
export const reach = (page: Page): Promise<Reach> =>
  page.evaluate(() => {
    const CONTROLS = "a[href], button, input, select, textarea, summary, [role=slider], [role=option]";
    const dialogs = [...document.querySelectorAll("[role=dialog]")];
    const root = dialogs.at(-1) ?? document.body;
    const lost: string[] = [];
    let controls = 0;
    const moved = (at: Element | null): boolean =>
      at !== null &&
      at !== document.documentElement &&
      ((getComputedStyle(at).overflowX === "hidden" && at.scrollLeft > 1) ||
        (getComputedStyle(at).overflowY === "hidden" && at.scrollTop > 1) ||
        moved(at.parentElement));
    const cutBy = (box: DOMRect, at: Element | null): Element | undefined => {
      if (at === null || at === document.body || getComputedStyle(at).position === "fixed") return undefined;
      const clip = at.getBoundingClientRect();
      const { overflowX, overflowY } = getComputedStyle(at);
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      if (overflowX !== "visible" && (x < clip.left || x > clip.right)) return at;
      if (overflowY !== "visible" && (y < clip.top || y > clip.bottom)) return at;
      return cutBy(box, at.parentElement);
    };
    const isUnseen = (element: Element): boolean => {
      const { width, height } = element.getBoundingClientRect();
      return width <= 1 || height <= 1 || !element.checkVisibility({ visibilityProperty: true });
    };
    for (const element of root.querySelectorAll<HTMLElement>(CONTROLS)) {
      if (isUnseen(element) || element.closest("canvas, [data-sonner-toaster], [data-cell-input], [inert]"))
        continue;
      controls += 1;
      element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const name = (element.getAttribute("aria-label") ?? element.textContent.trim()) || element.outerHTML;
      const said = `${element.tagName.toLowerCase()} “${name.slice(0, 60)}”`;
      const at = `${Math.round(left)},${Math.round(top)} to ${Math.round(right)},${Math.round(bottom)}`;
      if (left < -1 || right > innerWidth + 1 || bottom < 1 || top > innerHeight - 1)
        lost.push(`${said} is cut off: ${at}`);
      else if (cutBy(element.getBoundingClientRect(), element.parentElement))
        lost.push(
          `${said} is cut off by ${cutBy(element.getBoundingClientRect(), element.parentElement)?.className}`,
        );
      else if (moved(element.parentElement)) lost.push(`${said} is in what does not scroll: ${at}`);
      else {
        const [x, y] = [(left + right) / 2, (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2];
        const hit = document.elementFromPoint(x, y);
        const label = element.closest("label");
        const isHit =
          hit !== null && (element.contains(hit) || hit.contains(element) || label?.contains(hit));
        if (!isHit) lost.push(`${said} is covered at ${at} by ${hit?.outerHTML.slice(0, 90)}`);
      }
    }
    scrollTo({ left: 9999, behavior: "instant" });
    const wider = scrollX;
    scrollTo({ left: 0, top: 0, behavior: "instant" });
    return { controls, wider, lost };
  });
