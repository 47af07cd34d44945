// @ts-check

/** Outlines on a 20 by 20 grid. @type {Record<string, string>} */
const PATHS = {
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5L5 15",
  trash: "M3.500 5.500h13M8 5.500V3.500h4v2M5.500 5.500l.7 11h7.600l.7-11M8.500 8.500v5M11.500 8.500v5",
  clip: "M15.500 9.500l-5.700 5.700a3.600 3.600 0 0 1-5.100-5.100l6.200-6.200a2.400 2.400 0 0 1 3.400 3.400l-6.100 6.100a1.200 1.200 0 0 1-1.700-1.700l5.500-5.500",
  send: "M10 16V4.500M5 9.300l5-5 5 5",
  stop: "M6 6h8v8H6z",
  file: "M5 2.500h6.500L15.500 6.500v11H5zM11.500 2.500v4h4",
  archive: "M3 4h14v4H3zM4.500 8v8.500h11V8M8 11.500h4",
  search: "M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4M12.700 12.700L16.500 16.500",
  panel: "M3 4h14v12H3zM12.500 4v12",
  sun: "M10 6.700a3.300 3.300 0 1 1 0 6.600 3.300 3.300 0 0 1 0-6.600M10 2v1.700M10 16.300V18M2 10h1.700M16.300 10H18M4.300 4.300l1.200 1.200M14.500 14.500l1.200 1.200M15.700 4.300l-1.200 1.200M5.500 14.500l-1.200 1.200",
  moon: "M16 11.800A6.500 6.500 0 1 1 8.200 4a5.200 5.200 0 0 0 7.800 7.800z",
  back: "M12.500 4.500L7 10l5.500 5.500",
  forward: "M7.500 4.500L13 10l-5.500 5.500",
  minus: "M4 10h12",
  width: "M2.500 4v12M17.500 4v12M5.500 10h9M8 7.500L5.500 10 8 12.500M12 7.500l2.500 2.500-2.500 2.500",
  open: "M11 3.500h5.500V9M16 4L9 11M14 11.500v5H3.500V6h5",
  copy: "M7 7h9.500v9.500H7zM13 7V3.500H3.500V13H7",
  check: "M4 10.500l4 4 8-9",
  warning: "M10 3.500l7.500 13h-15zM10 8.500v3.500M10 14.200v.1",
  fold: "M5 8l5 5 5-5",
  down: "M10 4v11.500M5 11l5 5 5-5",
  chart: "M3.500 16.500h13M6 16.500V10M10 16.500V4.500M14 16.500V8",
  plug: "M7 2.500v4M13 2.500v4M4.500 6.500h11v3a5.500 5.500 0 0 1-11 0zM10 15v3",
  book: "M10 5.500C8 4 5.500 3.700 3 4v11.500c2.500-.3 5 0 7 1.500 2-1.500 4.500-1.800 7-1.500V4c-2.500-.3-5 0-7 1.500zM10 5.500V17",
};

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @returns {SVGSVGElement} A decoration: the control around it carries the words.
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  svg.append(path);
  return svg;
}

/** Puts icons into the places that index.html keeps for them. */
export function placeIcons() {
  for (const element of document.querySelectorAll("[data-icon]")) {
    element.prepend(icon(element.getAttribute("data-icon") ?? ""));
    element.removeAttribute("data-icon");
  }
}
