import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  // Tests mount components, so they need Svelte's browser build.
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  build: {
    // WebKitGTK 2.46+, WKWebView of macOS 14.5+, WebView2: all have light-dark() and nesting.
    target: ["safari17.5", "chrome123"],
    // The content security policy allows no data: fonts, and the polyfill would fetch.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    // What is slow on a busy machine is not wrong.
    testTimeout: 30_000,
    // A failed query names what it looked for; the whole document is no help.
    env: { DEBUG_PRINT_LIMIT: "0" },
  },
}));
