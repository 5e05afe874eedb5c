import { expect, test } from "vitest";
import { installCommand } from "./upgrade";

test("a package is installed by the command of its system, whatever its folder is called", () => {
  expect(installCommand("deb", "/home/ana/Downloads/esim-watch_0.2.0_amd64.deb")).toBe(
    "sudo apt install /home/ana/Downloads/esim-watch_0.2.0_amd64.deb",
  );
  expect(installCommand("rpm", "/home/ana/Mes téléchargements/l'été; rm -rf/x.rpm")).toBe(
    "sudo dnf install '/home/ana/Mes téléchargements/l'\\''été; rm -rf/x.rpm'",
  );
  expect(installCommand("tarball", "/x")).toBeNull();
});
