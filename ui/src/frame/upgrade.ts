/** The way from anywhere to the card on newer versions. */
import { tick } from "svelte";
import type { Router } from "./router.svelte";

/** Shows the card, as much of it as there is room for, and has it read out. */
export async function goToUpgrade(router: Router): Promise<void> {
  router.go({ screen: "settings" });
  await tick();
  const title = document.getElementById("upgrade-title");
  title?.focus();
  title?.closest("section")?.scrollIntoView({ block: "nearest" });
}
