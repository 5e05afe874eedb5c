/** One "save" of this screen: under way, done, or failed with what the program said. */
import { type Connection, messageOf } from "../../host";
import { text } from "../../locales";

export class Action {
  state = $state<"idle" | "saving" | "saved" | "failed">("idle");
  reason = $state("");
  /** What is said when it is done. */
  done = $state("");

  /** Resolves to the new connection, or null if it failed (and says so). */
  async run(
    save: () => Promise<Connection>,
    done: (connection: Connection) => string = () => text("connection.saved"),
  ): Promise<Connection | null> {
    this.state = "saving";
    try {
      const connection = await save();
      this.done = done(connection);
      this.state = "saved";
      return connection;
    } catch (error) {
      this.fail(messageOf(error) ?? text("error.unknown"));
      return null;
    }
  }

  fail(reason: string): void {
    this.state = "failed";
    this.reason = reason;
  }

  clear(): void {
    if (this.state !== "saving") this.state = "idle";
  }
}
