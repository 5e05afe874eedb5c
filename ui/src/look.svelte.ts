/** How the window looks: theme, density, the time of day, the columns of the list. Kept by the program. */
import type { Density, Host, Hours, Look as Kept, Theme } from "./host";
import { messageOf } from "./host";
import { setHours } from "./locales/format";

type Choices = Required<Kept>;

const THEMES: readonly Theme[] = ["system", "light", "dark"];
const ROW_HEIGHTS: Record<Density, number> = { comfortable: 36, compact: 28 };
const USUAL: Choices = { theme: "system", density: "comfortable", hours: "usual", columns: [] };

export class Look {
  #choices = $state.raw<Choices>(USUAL);
  /** Grows when every word on the screen may be another: the screens are drawn anew. */
  edition = $state(0);
  /** Why the last choice could not be kept; it counts all the same. */
  problem = $state<string | null>(null);
  #host: Host | null = null;

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
      this.#apply(await host.look());
    } catch (error) {
      this.problem = messageOf(error);
      this.#apply(USUAL);
    }
  }

  async choose(change: Partial<Choices>): Promise<void> {
    const choices = { ...this.#choices, ...change };
    const reworded = choices.hours !== this.hours;
    this.#apply(choices);
    if (reworded) this.edition += 1;
    try {
      await this.#host?.setLook(choices);
      this.problem = null;
    } catch (error) {
      this.problem = messageOf(error) ?? "";
    }
  }

  #apply(kept: Kept): void {
    const choices = { ...USUAL, ...kept };
    this.#choices = choices;
    setHours(choices.hours);
    const { dataset } = document.documentElement;
    dataset["theme"] = choices.theme;
    dataset["density"] = choices.density;
  }
}

export const look = new Look();
