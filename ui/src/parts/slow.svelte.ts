/** Whether a screen has waited so long for its data that it says so: what comes at once shows no waiting. */
import { onMount } from "svelte";

const SAID_AFTER_MS = 150;

/** To be called while a component is made. */
export function waiting(): { readonly slow: boolean } {
  let slow = $state(false);
  onMount(() => {
    const timer = setTimeout(() => (slow = true), SAID_AFTER_MS);
    return () => clearTimeout(timer);
  });
  return {
    get slow() {
      return slow;
    },
  };
}
