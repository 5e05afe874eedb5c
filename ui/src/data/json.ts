/** What lies deeper stays on one line: indented, it would grow with the square of its depth. */
const DEEPEST_LAID_OUT = 32;

/**
 * Lays a JSON text out over lines without reading its values: a number of 20 digits stays the number
 * that arrived, a repeated name stays repeated. A text that is no JSON comes back as it is.
 */
export function layOut(text: string): string {
  if (!isJson(text)) return text;
  let out = "";
  let depth = 0;
  const line = (): string => (depth <= DEEPEST_LAID_OUT ? `\n${"  ".repeat(depth)}` : "");
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') {
      const end = endOfString(text, at);
      out += text.slice(at, end);
      at = end - 1;
    } else if (char === "{" || char === "[") {
      const next = afterSpace(text, at + 1);
      if (text.charAt(next) === (char === "{" ? "}" : "]")) {
        out += char + text.charAt(next);
        at = next;
      } else {
        depth += 1;
        out += char + line();
      }
    } else if (char === "}" || char === "]") {
      const end = depth <= DEEPEST_LAID_OUT;
      depth -= 1;
      out += end ? line() + char : char;
    } else if (char === ",") {
      out += depth <= DEEPEST_LAID_OUT ? `,${line()}` : ", ";
    } else if (char === ":") {
      out += ": ";
    } else if (!isSpace(char)) {
      out += char;
    }
  }
  return out;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === "\\" ? 2 : 1;
  return at + 1;
}

function afterSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSpace(text.charAt(at))) at += 1;
  return at;
}

function isSpace(char: string): boolean {
  return char === " " || char === "\n" || char === "\r" || char === "\t";
}
