/** Newer versions of the program: what the window makes of how they stand. It must not know screens or Svelte. */
import type { InstallationKind, UpgradeState } from "../host";

/** Whether this kind of installation replaces itself; others get the package and the way to install it. */
export const replacesItself = (kind: InstallationKind): boolean => kind === "setup";

/** Whether there is anything to bring. */
export const hasPackage = (kind: InstallationKind): boolean => kind !== "other";

/** The command that installs a package; null: there is none. */
export function installCommand(kind: InstallationKind, path: string): string | null {
  if (kind === "deb") return `sudo apt install ${quoted(path)}`;
  return kind === "rpm" ? `sudo dnf install ${quoted(path)}` : null;
}

/** As a shell on Linux takes any path for one word. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Whether something is under way. */
export const isBusy = (state: UpgradeState): boolean => state.work.kind !== "idle";

/** Whether what is under way can be stopped: a setup that is at work can't. */
export const canStop = (state: UpgradeState): boolean =>
  state.work.kind === "backingUp" || state.work.kind === "downloading";
