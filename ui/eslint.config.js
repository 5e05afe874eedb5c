import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import textOnly from "./eslint-text-only.js";
import svelteConfig from "./svelte.config.js";

const onlyHost = {
  patterns: [{ group: ["@tauri-apps/*"], message: "Only src/host talks to Tauri; use the Host interface." }],
};

export default ts.config(
  { ignores: ["dist", "node_modules", "src/host/bindings.ts"] },
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        extraFileExtensions: [".svelte"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "no-restricted-imports": ["error", onlyHost],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // What is left out of an object by naming it beside the rest.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "svelte/no-at-html-tags": "error",
      // The content security policy forbids style attributes; style:property={value} goes through the CSSOM.
      "no-restricted-syntax": [
        "error",
        { selector: "SvelteAttribute[key.name='style']", message: "Use a class or style:property={value}." },
      ],
      "svelte/button-has-type": "error",
      "svelte/no-target-blank": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ["**/*.svelte"],
    plugins: { desk: { rules: { "text-only": textOnly } } },
    rules: { "desk/text-only": "error" },
  },
  { files: ["src/host/**"], rules: { "no-restricted-imports": "off" } },
  // What a command throws is a plain object, and tests throw the same.
  { files: ["src/testing/**", "src/**/*.test.ts"], rules: { "@typescript-eslint/only-throw-error": "off" } },
  { files: ["*.js"], extends: [ts.configs.disableTypeChecked] },
);
