// Writes down what Pi does, one line an event, into the repository it works in: only where the user
// enrolled it. It prints nothing, answers nothing, never throws, and starts no timer. It imports
// nothing of Pi's, so that any release of Pi loads it.

import * as child from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

type Json = Record<string, unknown>;
type Pick = (event: any, context: any) => Json;

/** Characters of a text above which only its digest and its length are written down. */
const LONGEST = 1_000_000;

/** Bytes of a request's parts that one line holds; of those beyond it, digests. A reader takes no line above 8 MB. */
const ROOM = 6_000_000;

const LEVELS = [".opentraces", "pi"];
const CLOSING = new Set(["agent_end", "session_shutdown"]);
const TOLD = ["HOME", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME", "PI_CODING_AGENT_DIR", "PI_CODING_AGENT_SESSION_DIR"];
const BODIES = "OPENTRACES_PI_RETAIN_RAW_PROVIDER_BODIES";
const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = fs.constants;

/** Never through a link, and never waiting as a named pipe makes one. */
const ADDED_TO = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;

/** Where all that is kept is, and what starts a worker: as a setup wrote it beside this package. */
function whereabouts(): { home: string; worker: string[] } {
  const usual = process.env.OPENTRACES_HOME || path.join(process.env.HOME || "/", ".opentraces");
  try {
    const here = path.dirname(fileURLToPath(import.meta.url));
    const said = JSON.parse(fs.readFileSync(path.join(here, "..", "where.json"), "utf8"));
    return { home: said.home, worker: [said.python, "-E", "-P", "-m", "opentraces"] };
  } catch {
    return { home: usual, worker: ["opentraces"] };
  }
}

function weighed(text: string): { sha256: string; bytes: number } {
  const data = Buffer.from(text);
  return { sha256: crypto.createHash("sha256").update(data).digest("hex"), bytes: data.length };
}

function summed(value: unknown): { sha256: string; bytes: number } {
  return weighed(JSON.stringify(value) ?? "");
}

/** Where a cache ends: the mark moves on with each request, and is no word of a message. */
const MARK = "cache_control";

/** A message, or a block of one, without marks; what the model gave a tool stays as it is. */
function plain(block: any): any {
  if (typeof block !== "object" || block === null || Array.isArray(block)) return block;
  const { [MARK]: _, ...rest } = block;
  return Array.isArray(block.content) ? { ...rest, content: block.content.map(plain) } : rest;
}

/** Whether two values are the same but for marks: much cheaper than writing both as text. */
function same(one: any, other: any): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one).filter((key) => key !== MARK);
  const others = Object.keys(other).filter((key) => key !== MARK);
  return keys.length === others.length && keys.every((key) => same(one[key], other[key]));
}

function bounded(text: unknown): unknown {
  return typeof text === "string" && text.length > LONGEST ? summed(text) : text;
}

/** The top of the enrolled repository around a folder: the first upwards that is listed or has a `.git` decides. */
function enrolled(home: string, folder: string): string | undefined {
  const listed = fs.readFileSync(path.join(home, "state", "enrolled", "pi"), "utf8").split("\n");
  for (let at = fs.realpathSync(folder); ; at = path.dirname(at)) {
    if (listed.includes(at)) return at;
    if (at === path.dirname(at) || fs.lstatSync(path.join(at, ".git"), { throwIfNoEntry: false })) return undefined;
  }
}

/** A folder below a repository; no level of it is a link, or another user's. */
function folder(top: string, ...levels: string[]): string {
  let at = top;
  for (const level of levels) {
    at = path.join(at, level);
    if (!fs.lstatSync(at, { throwIfNoEntry: false })) {
      try {
        fs.mkdirSync(at, { mode: 0o700 });
      } catch (error: any) {
        if (error.code !== "EEXIST") throw error;
      }
    }
    const found = fs.lstatSync(at);
    if (!found.isDirectory() || found.uid !== process.geteuid?.()) throw new Error(at);
  }
  return at;
}

/**
 * Add a line by one write; a file that was taken away meanwhile does not have it, so the next gets it.
 * Says whether all of it stands there.
 */
function append(file: string, line: string): boolean {
  for (let tries = 0; tries < 3; tries++) {
    const opened = fs.openSync(file, ADDED_TO, 0o600);
    try {
      const before = fs.fstatSync(opened);
      if (!before.isFile() || before.nlink > 1 || before.uid !== process.geteuid?.()) throw new Error(file);
      const data = Buffer.from(line);
      const is_whole = fs.writeSync(opened, data) === data.length;
      if (!is_whole) fs.writeSync(opened, "\n");
      if (fs.lstatSync(file, { throwIfNoEntry: false })?.ino === before.ino) return is_whole;
    } finally {
      fs.closeSync(opened);
    }
  }
  return false;
}

/** Write what a provider is sent, whole, for the user who asked for it. */
function retain(top: string, session: string, body: string, sum: string): void {
  const file = path.join(folder(top, ...LEVELS, "bodies", session), `${sum}.json`);
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
  if (fs.lstatSync(file, { throwIfNoEntry: false })) return;
  const opened = fs.openSync(file, flags, 0o600);
  try {
    fs.writeSync(opened, body);
  } finally {
    fs.closeSync(opened);
  }
}

function settled({ message, said: { role, sha256, bytes } }: Sent): Sent {
  return { message, said: { role, sha256, bytes }, isToCome: false };
}

function model(given: any): string | null {
  return given ? `${given.provider}/${given.id}` : null;
}

const EVENTS: Record<string, Pick> = {
  session_start: (e, c) => ({ reason: e.reason, previous: e.previousSessionFile ?? null, model: model(c.model) }),
  input: (e) => ({ source: e.source, length: e.text?.length ?? 0, images: e.images?.length ?? 0 }),
  agent_start: () => ({}),
  turn_start: (e) => ({ turn: e.turnIndex }),
  context: (e) => ({ messages: e.messages?.length ?? 0 }),
  after_provider_response: (e) => ({
    status: e.status,
    request_id: e.headers?.["request-id"] ?? e.headers?.["x-request-id"] ?? null,
  }),
  tool_execution_start: (e) => ({ tool_use_id: e.toolCallId, tool_name: e.toolName }),
  tool_execution_end: (e) => ({ tool_use_id: e.toolCallId, tool_name: e.toolName, is_error: e.isError === true }),
  turn_end: (e) => ({
    turn: e.turnIndex,
    response_id: e.message?.responseId ?? null,
    asked: e.message?.timestamp ?? null,
    stop_reason: e.message?.stopReason ?? null,
    entry: e.messageEntryId ?? null,
    usage: e.message?.usage ?? null,
  }),
  model_select: (e) => ({ model: model(e.model), previous: model(e.previousModel), source: e.source }),
  thinking_level_select: (e) => ({ level: e.level, previous: e.previousLevel ?? null }),
  user_bash: (e) => ({ command: bounded(e.command), is_unseen: e.excludeFromContext === true, cwd: e.cwd }),
  session_tree: (e) => ({ new_leaf: e.newLeafId, old_leaf: e.oldLeafId, summary: e.summaryEntry?.id ?? null }),
  session_before_compact: (e) => ({
    tokens_before: e.preparation?.tokensBefore,
    first_kept: e.preparation?.firstKeptEntryId,
  }),
  session_compact: (e) => ({ entry: e.compactionEntry?.id, reason: e.reason ?? null }),
  session_compact_failed: (e) => ({ reason: e.reason, error: bounded(e.errorMessage), is_aborted: e.aborted === true }),
  session_info_changed: (e) => ({ name: bounded(e.name) }),
  agent_end: () => ({}),
  session_shutdown: (e) => ({ reason: e.reason, target: e.targetSessionFile ?? null }),
};

/** A message of the last request, and what was written down of it. */
type Sent = {
  message: unknown;
  said: { role: unknown; sha256: string; bytes: number; message?: unknown };
  isToCome: boolean;
};

class Recorder {
  private readonly where = whereabouts();
  private sequence = 0;
  private writtenOf = "";
  private sent: Sent[] = [];
  private values = new Set<string>();
  private room = 0;
  private session: Json = {};

  /** Write one event down, and start a worker where a session may be over. */
  record(name: string, event: any, context: any): void {
    const top = enrolled(this.where.home, this.cwd(context));
    if (top === undefined) return;
    const known = this.known(context);
    const id = String(known.session_id ?? "unknown");
    if (!/^[0-9A-Za-z_-]{1,128}$/.test(id)) return;
    if (id !== this.writtenOf) this.forget(id);
    let isWhole = false;
    try {
      const said = this.said(name, event, context, top, id);
      const told = { hook_event_name: name, ...known, pid: process.pid, sequence: this.sequence++, ...said };
      const line = `{"opentraces":1,"at":${Date.now()}000000,"event":${JSON.stringify(told)}}\n`;
      isWhole = append(path.join(folder(top, ...LEVELS, "events"), `${id}.jsonl`), line);
    } finally {
      if (!isWhole) this.forget(id);
    }
    if (CLOSING.has(name)) this.work(id);
  }

  /** What was written down before is not built upon: it is of another session, or it is not there. */
  private forget(id: string): void {
    this.writtenOf = id;
    this.sent = [];
    this.values.clear();
  }

  private said(name: string, event: any, context: any, top: string, id: string): Json {
    if (name === "before_agent_start") return this.prompted(event);
    if (name === "before_provider_request") return this.requested(event, top, id);
    return EVENTS[name](event, context);
  }

  private prompted(event: any): Json {
    const files = event.systemPromptOptions?.contextFiles ?? [];
    return {
      system: weighed(String(event.systemPrompt ?? "")),
      files: files.map((each: any) => ({ path: each.path, ...summed(each.content) })),
      tools: event.systemPromptOptions?.selectedTools ?? null,
    };
  }

  /**
   * Say what a provider is sent. Of messages those that the request before did not begin with; the
   * system prompt, the tools and all else where they were not said before. What is said again has its
   * digest. The digest of the request is that of all digests, one a line.
   */
  private requested(event: any, top: string, id: string): Json {
    const { messages, input, system, instructions, tools, ...rest } = event.payload ?? {};
    const list: any[] = [messages, input].find(Array.isArray) ?? [];
    const kept = this.begins(list);
    this.room = ROOM;
    const said = {
      model: rest.model,
      system: this.part(system ?? instructions ?? null),
      tools: { ...this.part(tools ?? null), number: tools?.length ?? 0 },
      rest: this.part(rest),
    };
    const then = list.slice(kept).map((message) => this.message(message));
    const all = [...this.sent.slice(0, kept), ...then];
    const parts = [said.system, said.tools, said.rest, ...all.map((each) => each.said)];
    const request = weighed(parts.map((each) => each.sha256).join("\n")).sha256;
    const open = all.findIndex((each) => each.isToCome);
    this.sent = all.slice(0, open < 0 ? all.length : open).map(settled);
    const body = this.kept(event.payload, top, id);
    return { request, body, ...said, messages: { same: kept, then: then.map((each) => each.said) } };
  }

  /** Say a value: whole where it was not said before. */
  private part(value: unknown): { sha256: string; bytes: number; value?: unknown } {
    const sum = summed(value);
    if (this.values.has(sum.sha256) || !this.fits(sum.bytes)) return sum;
    this.values.add(sum.sha256);
    return { ...sum, value };
  }

  /** Say a message whole. One for which there is no room comes with the next request, if it can. */
  private message(given: any): Sent {
    const message = plain(given);
    const sum = { role: message?.role ?? message?.type, ...summed(message) };
    if (this.fits(sum.bytes)) return { message: given, said: { ...sum, message }, isToCome: false };
    return { message: given, said: sum, isToCome: sum.bytes <= ROOM };
  }

  private fits(bytes: number): boolean {
    if (bytes > ROOM) return false;
    this.room -= bytes;
    return this.room >= 0;
  }

  /** How many messages are those that the request before began with. */
  private begins(list: any[]): number {
    const differs = this.sent.findIndex((each, at) => at >= list.length || !same(each.message, list[at]));
    return differs < 0 ? this.sent.length : differs;
  }

  /** The digest of a body that was kept whole, as the user asked for. */
  private kept(payload: unknown, top: string, id: string): string | null {
    if (process.env[BODIES] !== "1") return null;
    const body = JSON.stringify(payload);
    const { sha256 } = weighed(body);
    retain(top, id, body, sha256);
    return sha256;
  }

  private cwd(context: any): string {
    try {
      return context.cwd;
    } catch {
      return process.cwd();
    }
  }

  /** What is known of the session; a context may be stale when a slow handler of another's delayed us. */
  private known(context: any): Json {
    try {
      const manager = context.sessionManager;
      this.session = {
        session_id: manager.getSessionId(),
        transcript_path: manager.getSessionFile() ?? null,
        leaf: manager.getLeafId() ?? null,
        cwd: context.cwd,
      };
    } catch {
      delete this.session.leaf;
    }
    return this.session;
  }

  private work(session: string): void {
    const { home, worker } = this.where;
    const env: Record<string, string> = { OPENTRACES_HOME: home };
    for (const name of TOLD) if (process.env[name] !== undefined) env[name] = process.env[name]!;
    if (worker.length === 1 && process.env.PATH) env.PATH = process.env.PATH;
    const log = fs.openSync(path.join(home, "state", "ingest.log"), ADDED_TO, 0o600);
    try {
      const [program, ...before] = worker;
      const started = child.spawn(program, [...before, "ingest", "--session", session], {
        cwd: home,
        detached: true,
        env,
        stdio: ["ignore", log, log],
      });
      started.on("error", () => {});
      started.unref();
    } finally {
      fs.closeSync(log);
    }
  }
}

export default function (pi: any): void {
  try {
    const recorder = new Recorder();
    for (const name of [...Object.keys(EVENTS), "before_agent_start", "before_provider_request"]) {
      pi.on(name, (event: any, context: any) => {
        try {
          recorder.record(name, event, context);
        } catch {
          // Pi is never disturbed: `opentraces doctor` says when hooks are not heard of.
        }
        return undefined;
      });
    }
  } catch {
    // A throw at load keeps Pi from starting.
  }
}
