/**
 * One path of a whole Lucide icon, for icons that change in every frame of a scrolled list: to set a `d` costs a hundredth of making the
 * elements of another icon.
 */
import type { IconNode } from "lucide";

/**
 * The outline of an icon in its 24 × 24 box.
 *
 * @throws if the icon has a shape that no icon of ours had so far: add it below
 */
export function outline(icon: IconNode): string {
  return icon.map(([shape, attributes]) => drawn(shape, attributes)).join("");
}

function drawn(shape: string, attributes: Record<string, string | number | undefined>): string {
  const of = (name: string): number => Number(attributes[name] ?? 0);
  switch (shape) {
    case "path":
      // A path may begin with a relative move: it counts from the corner, not from the end of the shape before.
      return `M0 0${attributes["d"]}`;
    case "line":
      return `M${of("x1")} ${of("y1")}L${of("x2")} ${of("y2")}`;
    case "polyline":
      return `M${attributes["points"]}`;
    case "circle": {
      const r = of("r");
      return `M${of("cx") - r} ${of("cy")}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    }
    case "rect": {
      const r = of("rx");
      const [across, down] = [of("width") - 2 * r, of("height") - 2 * r];
      const corner = (x: number, y: number): string => `a${r} ${r} 0 0 1 ${x} ${y}`;
      return `M${of("x") + r} ${of("y")}h${across}${corner(r, r)}v${down}${corner(-r, r)}h${-across}${corner(-r, -r)}v${-down}${corner(r, -r)}z`;
    }
    default:
      throw new Error(`an icon has a ${shape}, which outline() can't draw`);
  }
}
