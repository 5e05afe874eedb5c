/** The program itself: what it is made of, and how newer versions stand, as far as the window can change it. */
import type { ThisProgram, UpgradeState } from "../host";
import { RecordedAlerts } from "./recordedAlerts";

/** Where somebody publishes newer versions; nobody was asked yet. */
export function upgrade(over: Partial<UpgradeState> = {}): UpgradeState {
  return {
    running: "0.1.0",
    installation: "setup",
    host: "updates.test",
    consent: "unasked",
    lookedAtMs: null,
    newer: null,
    work: { kind: "idle" },
    problem: null,
    package: null,
    ...over,
  };
}

export class RecordedUpgrades extends RecordedAlerts {
  upgradeState: UpgradeState | null = null;
  /** What was asked for. */
  readonly upgradeActs: string[] = [];

  /** What the program is made of; "": it was built without the list. */
  madeOf = "serde 1.0.0 (MIT)";

  about(): Promise<ThisProgram> {
    return this.answer(() => ({ version: "0.1.0", hasLicences: this.madeOf !== "" }));
  }

  licences(): Promise<string> {
    return this.answer(() => this.madeOf);
  }

  /** Tells that they stand otherwise. */
  tellUpgrade(over: Partial<UpgradeState>): void {
    this.upgradeState = { ...(this.upgradeState ?? upgrade()), ...over };
    this.tell({ kind: "upgrade", state: this.upgradeState });
  }

  setUpgradeConsent(agrees: boolean): Promise<void> {
    return this.answer(() => {
      this.upgradeActs.push(agrees ? "agree" : "decline");
      this.tellUpgrade({ consent: agrees ? "agreed" : "declined" });
    });
  }

  lookForUpgrade(): Promise<void> {
    return this.answer(() => {
      this.upgradeActs.push("look");
    });
  }

  installUpgrade(): Promise<void> {
    return this.answer(() => {
      this.upgradeActs.push("install");
    });
  }

  stopUpgrade(): Promise<void> {
    return this.answer(() => {
      this.upgradeActs.push("stop");
    });
  }
}
