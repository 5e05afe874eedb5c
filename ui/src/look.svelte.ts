/** How the window looks and speaks: theme, density, language, the time of day, the columns of the list. Kept by the program. */
import { THEMES } from "./data/facts/lists";
import type { Density, Host, Hours, Look as Kept, Language, Theme } from "./host";
import { messageOf } from "./host";
import { speak, text, wordsLocale } from "./locales";
import { setFormats } from "./locales/format";

type Choices = Required<Kept>;

const ROW_HEIGHTS: Record<Density, number> = { comfortable: 36, compact: 28 };
const USUAL: Choices = {
  theme: "system",
  density: "comfortable",
  hours: "usual",
  language: null,
  columns: [],
};

export class Look {
  #choices = $state.raw<Choices>(USUAL);
  /** Grows when every word on the screen may be another: the screens are drawn anew. */
  edition = $state(0);
  /** Why the last choice could not be kept; it counts all the same. */
  problem = $state<string | null>(null);
  #host: Host | null = null;
  #system: Language = "en";

  get theme(): Theme {
    return this.#choices.theme;
  }

  get nextTheme(): Theme {
    return THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? "system";
  }

  get density(): Density {
    return this.#choices.density;
  }

  get hours(): Hours {
    return this.#choices.hours;
  }

  /** null: the system's. */
  get language(): Language | null {
    return this.#choices.language;
  }

  /** What the system speaks, as far as there is a catalogue of it. */
  get systemLanguage(): Language {
    return this.#system;
  }

  get columns(): readonly string[] {
    return this.#choices.columns;
  }

  /** Height of a row of a dense list, in pixels. */
  get rowHeight(): number {
    return ROW_HEIGHTS[this.density];
  }

  /** Takes over what was chosen before; a window that can't ask for it is drawn as usual. */
  async restore(host: Host): Promise<void> {
    this.#host = host;
    try {
      const [kept, system] = await Promise.all([host.look(), host.systemLanguage()]);
      this.#system = system;
      await this.#apply(kept);
    } catch (error) {
      this.problem = messageOf(error);
      await this.#apply(USUAL);
    }
  }

  async choose(change: Partial<Choices>): Promise<void> {
    const choices = { ...this.#choices, ...change };
    const reworded = choices.hours !== this.hours || choices.language !== this.language;
    await this.#apply(choices);
    if (reworded) this.edition += 1;
    try {
      await this.#host?.setLook(choices);
      this.problem = null;
    } catch (error) {
      this.problem = messageOf(error) ?? "";
    }
  }

  async #apply(kept: Kept): Promise<void> {
    const choices = { ...USUAL, ...kept };
    const language = choices.language ?? this.#system;
    if (language !== wordsLocale()) {
      try {
        await speak(language);
      } catch {
        this.problem = text("language.failed");
      }
    }
    this.#choices = choices;
    setFormats(choices.hours);
    const { dataset } = document.documentElement;
    dataset["theme"] = choices.theme;
    dataset["density"] = choices.density;
  }
}

export const look = new Look();
