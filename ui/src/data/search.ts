/** The words of a search, as Rust compares them: case and accents away. */
export function folded(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().normalize("NFC");
}

/** Each has to be found; figures with spaces between are one number. */
export function searchWords(search: string): readonly string[] {
  const text = folded(search.trim());
  return /^[\d\s]+$/.test(text) ? [text.replaceAll(/\s/g, "")] : text.split(/\s+/);
}
