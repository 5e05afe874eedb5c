/** Light, dark, or as the system says; kept on this computer. */
const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
const STORED_AS = "theme";

function isTheme(value: string | null): value is Theme {
  return THEMES.some((theme) => theme === value);
}

class ThemeChoice {
  now = $state<Theme>("system");

  get next(): Theme {
    return THEMES[(THEMES.indexOf(this.now) + 1) % THEMES.length] ?? "system";
  }

  restore(): void {
    const stored = localStorage.getItem(STORED_AS);
    this.#apply(isTheme(stored) ? stored : "system");
  }

  advance(): void {
    this.#apply(this.next);
    localStorage.setItem(STORED_AS, this.now);
  }

  #apply(theme: Theme): void {
    this.now = theme;
    document.documentElement.dataset["theme"] = theme;
  }
}

export const theme = new ThemeChoice();
