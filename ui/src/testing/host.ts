/**
 * A host that records what it was asked and answers from memory. `hold` keeps answers back until
 * `release`, so that a test decides in which order they arrive.
 */
import type {
  Account,
  Ages,
  CaughtUp,
  Connection,
  DeliveryDetail,
  DeliveryPage,
  DeliveryProof,
  DeliveryQuery,
  DesktopState,
  EsimDetail,
  EsimFilter,
  EsimPage,
  EsimQuery,
  EsimRow,
  EsimTraveller,
  EsimUsage,
  EventRow,
  Exported,
  ExportProgress,
  ExportRequest,
  Host,
  HourCount,
  ImportPreview,
  ImportRow,
  Language,
  Look,
  Message,
  ProofSpan,
  ProviderConnection,
  Reading,
  Receipt,
  Refusal,
  Resent,
  SinceSeen,
  StatusCount,
  TokenSet,
  Traveller,
  TravellerPage,
  TravellerQuery,
  TravellerRow,
  Trial,
  UndoneImport,
  Update,
} from "../host";
import { RecordedUpgrades } from "./recordedUpgrades";
import { connection, deliveryProof, desktop, present } from "./samples";

export class RecordedHost extends RecordedUpgrades implements Host {
  rows: EsimRow[] = [];
  details = new Map<string, EsimDetail>();
  payloads = new Map<number, string>();
  hours: HourCount[] = [];
  /** As of the start of the day. */
  countsBefore: StatusCount[] = [];
  missed: SinceSeen | null = null;
  /** What became of absences, latest first. */
  became: Receipt[] = [];
  demo = false;
  proof: DeliveryProof = deliveryProof();
  readonly proofSpans: ProofSpan[] = [];
  looks = 0;
  readonly activityAsked: number[][] = [];
  settings: Connection = connection();
  refused: Refusal[] = [];
  place: DesktopState = desktop();
  ages: Ages = { bodiesDays: 400, usageDays: 90 };
  tested = 0;

  books: Account = {
    balances: [],
    funds: [],
    failedOrders: 0,
    orders: [],
    totals: [],
    voidOrders: 0,
    refunds: [],
    all: { balances: 0, orders: 0, refunds: 0 },
  };
  readonly exported: ExportRequest[] = [];
  /** Newest first. */
  delivered: DeliveryDetail[] = [];
  readonly deliveryQueries: DeliveryQuery[] = [];
  trial: Trial = { public: true, signed: true, status: 200, tookMs: 84, stored: true, problem: null };
  choices: Look = { theme: "system", density: "comfortable", hours: "usual", language: null, columns: [] };
  language: Language = "en";
  olderEvents = new Map<string, EventRow[]>();
  usages = new Map<string, EsimUsage>();
  ofEsim = new Map<string, EsimTraveller>();
  tags: string[] = [];
  guests: TravellerRow[] = [];
  /** What a catch-up does. */
  caughtUp: CaughtUp = {
    requests: 5,
    esims: 2,
    found: 9,
    new: 3,
    tookMs: 2500,
    problems: [],
    needsSomebody: false,
    first: false,
    listedOtherwise: null,
  };
  /** Why the API does not take the token; null: it does. */
  tokenRefused: unknown = null;
  /** What becomes of a token that is set. */
  tokenProblem: { problem: Message | null; refused: boolean } = { problem: null, refused: false };
  /** The booking list that every file is. */
  list: ImportPreview | null = null;
  readonly previewed: [string, string, Reading][] = [];
  readonly imported: number[] = [];
  pastImports: ImportRow[] = [];
  readonly queries: EsimQuery[] = [];
  readonly opened: string[] = [];
  readonly copied: string[] = [];
  refusalsAsked = 0;
  watch(onUpdate: (update: Update) => void): Promise<void> {
    this.listen(onUpdate);
    return this.answer(() => undefined);
  }

  esims(query: EsimQuery): Promise<EsimPage> {
    this.queries.push(query);
    return this.answer(() => {
      const found = this.#found(query.filter);
      const rows = found.slice(query.offset, query.offset + query.limit);
      return { total: found.length, offset: query.offset, rows };
    });
  }

  esimKeys(filter: EsimFilter): Promise<string[]> {
    return this.answer(() => this.#found(filter).map(({ key }) => key));
  }

  copyRows(keys: string[], headings: Record<string, string>): Promise<number> {
    return this.answer(() => {
      this.copied.push([Object.values(headings).join("|"), ...keys].join(" "));
      return keys.length;
    });
  }

  copyIccids(keys: string[]): Promise<number> {
    return this.answer(() => {
      const iccids = keys.map((key) => this.rows.find((row) => row.key === key)?.iccid ?? null);
      const known = iccids.filter((iccid) => iccid !== null);
      this.copied.push(known.join("\n"));
      return known.length;
    });
  }

  esim(key: string): Promise<EsimDetail | null> {
    this.opened.push(key);
    return this.answer(() => this.details.get(key) ?? null);
  }

  eventPayload(id: number): Promise<string | null> {
    return this.answer(() => this.payloads.get(id) ?? null);
  }

  /** Never held back: it is asked for beside whatever a test is about. */
  async activity(firstHour: number, lastHour: number): Promise<HourCount[]> {
    this.activityAsked.push([firstHour, lastHour]);
    await Promise.resolve();
    if (this.failure !== null) throw this.failure;
    return this.hours.filter(({ hour }) => hour >= firstHour && hour <= lastHour);
  }

  async systemLanguage(): Promise<Language> {
    await Promise.resolve();
    return this.language;
  }

  /** Never held back, like the activity. */
  async statusCountsAt(): Promise<StatusCount[]> {
    await Promise.resolve();
    if (this.failure !== null) throw this.failure;
    return this.countsBefore;
  }

  async sinceSeen(): Promise<SinceSeen | null> {
    await Promise.resolve();
    return this.missed;
  }

  async receipts(most: number): Promise<Receipt[]> {
    await Promise.resolve();
    if (this.failure !== null) throw this.failure;
    return this.became.slice(0, most);
  }

  async isDemo(): Promise<boolean> {
    await Promise.resolve();
    return this.demo;
  }

  deliveryProof(span: ProofSpan): Promise<DeliveryProof> {
    this.proofSpans.push(span);
    return this.answer(() => ({ ...this.proof, span }));
  }

  copyDeliveryProof(span: ProofSpan): Promise<void> {
    return this.answer(() => {
      this.copied.push(`proof: ${span.toMs - span.fromMs}`);
    });
  }

  async markSeen(): Promise<void> {
    await Promise.resolve();
    this.looks += 1;
  }

  connection(): Promise<Connection> {
    return this.answer(() => this.settings);
  }

  setPort(port: number): Promise<Connection> {
    return this.#setting(port, { port });
  }

  setPublicUrl(url: string | null): Promise<Connection> {
    return this.#setting(url, {
      publicUrl: url,
      providers: this.settings.providers.map((one) => ({
        ...one,
        webhookUrl: url === null ? null : url + one.webhookPath,
      })),
    });
  }

  setWebhookSecret(provider: string, secret: string): Promise<Connection> {
    return this.#secret(provider, secret, (one) => ({
      secret: "keyring",
      previousSecret: one.secret !== "none",
    }));
  }

  removeWebhookSecret(provider: string): Promise<Connection> {
    return this.#secret(provider, null, () => ({ secret: "none", previousSecret: false }));
  }

  dropPreviousSecret(provider: string): Promise<Connection> {
    return this.#secret(provider, "drop the previous secret", () => ({ previousSecret: false }));
  }

  #secret(
    name: string,
    asked: string | null,
    change: (one: ProviderConnection) => Partial<ProviderConnection>,
  ): Promise<Connection> {
    return this.#setting(asked, {
      providers: this.settings.providers.map((one) => (one.name === name ? { ...one, ...change(one) } : one)),
    });
  }

  setApiToken(token: string, anyway: boolean): Promise<TokenSet> {
    return this.answer(() => {
      const { problem, refused } = this.tokenProblem;
      const saved = anyway || !refused;
      if (saved) this.set.push(token);
      return { saved, problem };
    });
  }

  removeApiToken(): Promise<void> {
    return this.answer(() => {
      this.set.push(null);
    });
  }

  tryApiToken(): Promise<void> {
    return this.answer(() => {
      this.acts.push(["try token"]);
      if (this.tokenRefused !== null) throw this.tokenRefused;
    });
  }

  setApiRate(rate: number | null): Promise<void> {
    return this.answer(() => {
      this.acts.push(["set rate", String(rate)]);
    });
  }

  catchUp(): Promise<CaughtUp> {
    return this.answer(() => {
      this.acts.push(["catch up"]);
      return this.caughtUp;
    });
  }

  catchUpEsim(key: string): Promise<CaughtUp> {
    return this.answer(() => {
      this.acts.push(["catch up", key]);
      return this.caughtUp;
    });
  }

  cancelCatchUp(): Promise<void> {
    return this.answer(() => {
      this.acts.push(["cancel catch-up"]);
    });
  }

  refusals(): Promise<Refusal[]> {
    this.refusalsAsked += 1;
    return this.answer(() => [...this.refused]);
  }

  copyText(text: string): Promise<void> {
    return this.answer(() => {
      this.copied.push(text);
    });
  }

  desktop(): Promise<DesktopState> {
    return this.answer(() => this.place);
  }

  setCloseToTray(stays: boolean): Promise<DesktopState> {
    return this.#place({ closeToTray: stays });
  }

  setStartWithSystem(starts: boolean): Promise<DesktopState> {
    return this.#place({ startWithSystem: starts });
  }

  testNotification(): Promise<void> {
    return this.answer(() => {
      this.tested += 1;
    });
  }

  retention(): Promise<Ages> {
    return this.answer(() => this.ages);
  }

  setRetention(ages: Ages): Promise<Ages> {
    return this.answer(() => {
      this.set.push(ages);
      this.ages = ages;
      return ages;
    });
  }

  export(request: ExportRequest, onProgress: (progress: ExportProgress) => void): Promise<Exported> {
    this.exported.push(request);
    onProgress({ done: 0, total: 3 });
    return this.answer(() => ({ path: `/home/desk/Downloads/${request.name}.${request.format}`, rows: 3 }));
  }

  cancelExport(id: number): Promise<void> {
    return this.answer(() => {
      this.acts.push(["cancel", id]);
    });
  }

  showInFolder(path: string): Promise<void> {
    return this.answer(() => {
      this.acts.push(["show", path]);
    });
  }

  account(): Promise<Account> {
    return this.answer(() => this.books);
  }

  deliveries(query: DeliveryQuery): Promise<DeliveryPage> {
    this.deliveryQueries.push(query);
    return this.answer(() => {
      const { before, verdicts } = query;
      const found = this.delivered.filter(
        ({ row }) =>
          (before === null || row.id < before) && (verdicts.length === 0 || verdicts.includes(row.verdict)),
      );
      return { rows: found.slice(0, query.limit).map(({ row }) => row), more: found.length > query.limit };
    });
  }

  delivery(id: number): Promise<DeliveryDetail | null> {
    return this.answer(() => this.delivered.find(({ row }) => row.id === id) ?? null);
  }

  resendDelivery(id: number): Promise<Resent> {
    return this.answer(() => {
      this.acts.push(["resend", id]);
      return "known";
    });
  }

  sendTestEvent(): Promise<Trial> {
    return this.answer(() => this.trial);
  }

  look(): Promise<Look> {
    return this.answer(() => this.choices);
  }

  setLook(look: Look): Promise<void> {
    return this.answer(() => {
      this.choices = look;
    });
  }

  esimEvents(key: string, skip: number): Promise<EventRow[]> {
    return this.answer(() => (this.olderEvents.get(key) ?? []).slice(skip));
  }

  esimUsage(key: string): Promise<EsimUsage | null> {
    return this.answer(() => this.usages.get(key) ?? null);
  }

  copyForSupport(key: string): Promise<string> {
    return this.answer(() => {
      this.copied.push(`support: ${key}`);
      return `support: ${key}`;
    });
  }

  travellers({ search, limit }: TravellerQuery): Promise<TravellerPage> {
    return this.answer(() => {
      const found = this.guests.filter(({ traveller }) => traveller.name.includes(search));
      return { total: found.length, rows: found.slice(0, limit) };
    });
  }

  previewImport(source: string, content: string, reading: Reading): Promise<ImportPreview> {
    this.previewed.push([source, content, reading]);
    return this.answer(() => {
      if (this.list === null) throw new Error("no list");
      return { ...this.list, reading: { ...this.list.reading, ...present(reading) } };
    });
  }

  importTravellers(id: number): Promise<number> {
    return this.answer(() => {
      this.imported.push(id);
      const count = (this.list?.added ?? 0) + (this.list?.changed ?? 0);
      const row = { id, importedAtMs: Date.now(), source: "list", travellers: count, undoneAtMs: null };
      this.pastImports = [row, ...this.pastImports];
      return count;
    });
  }

  imports(): Promise<ImportRow[]> {
    return this.answer(() => this.pastImports);
  }

  undoImport(id: number): Promise<UndoneImport> {
    return this.answer(() => {
      this.pastImports = this.pastImports.map((row) =>
        row.id === id ? { ...row, undoneAtMs: Date.now() } : row,
      );
      return { restored: 2, kept: 1 };
    });
  }

  esimTraveller(key: string): Promise<EsimTraveller | null> {
    return this.answer(() => this.ofEsim.get(key) ?? { own: null, ofOrder: null, orderSize: 1, other: null });
  }

  setEsimTraveller(key: string, ofOrder: boolean, traveller: Traveller | null): Promise<EsimTraveller> {
    return this.answer(() => {
      this.acts.push(["traveller", key, ofOrder, traveller]);
      const known = this.ofEsim.get(key) ?? { own: null, ofOrder: null, orderSize: 1, other: null };
      const now = ofOrder ? { ...known, ofOrder: traveller } : { ...known, own: traveller };
      this.ofEsim.set(key, now);
      return now;
    });
  }

  travellerTags(): Promise<string[]> {
    return this.answer(() => this.tags);
  }

  #found({ search, statuses }: EsimFilter): EsimRow[] {
    return this.rows.filter(
      (row) =>
        (statuses.length === 0 || statuses.includes(row.status)) &&
        (search === "" || [row.referenceId, row.traveller].some((name) => name?.includes(search) === true)),
    );
  }

  #place(change: Partial<DesktopState>): Promise<DesktopState> {
    return this.answer(() => {
      this.place = { ...this.place, ...change };
      return this.place;
    });
  }

  #setting(value: unknown, change: Partial<Connection>): Promise<Connection> {
    return this.answer(() => {
      this.set.push(value);
      this.settings = { ...this.settings, ...change };
      return this.settings;
    });
  }
}
