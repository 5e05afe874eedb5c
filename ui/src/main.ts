import "@fontsource-variable/inter/wght.css";
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { tauriHost } from "./host";
import { look } from "./look.svelte";

const target = document.getElementById("app");
// Nothing is drawn before it is known how: no flash of another theme.
if (target !== null) {
  void look.restore(tauriHost).then(() => mount(App, { target, props: { host: tauriHost } }));
}
