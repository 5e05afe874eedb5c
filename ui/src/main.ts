import "@fontsource-variable/inter/wght.css";
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { tauriHost } from "./host";
import { theme } from "./theme.svelte";

const target = document.getElementById("app");
if (target !== null) {
  theme.restore();
  mount(App, { target, props: { host: tauriHost } });
}
