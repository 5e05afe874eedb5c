/** The test DOM has no layout: give elements a size, so that virtual rows are drawn. */
import { cleanup } from "@testing-library/svelte";
import { afterEach } from "vitest";

const size = { width: 1000, height: 600 };
Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, value: size.width });
Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, value: size.height });
Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, value: size.height });

afterEach(() => {
  cleanup();
  localStorage.clear();
  delete document.documentElement.dataset["ready"];
});
