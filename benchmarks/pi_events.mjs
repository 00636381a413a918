// Times handlers of Pi's extension, each event as Pi hands it over; prints medians in ms, as JSON.
import { pathToFileURL } from "node:url";

const TIMES = 300;
const [script, repository] = process.argv.slice(2);
const { default: load } = await import(pathToFileURL(script).href);
const handlers = {};
load({ on: (name, handler) => (handlers[name] = handler) });

const manager = {
  getSessionId: () => "01a21813-c13e-76d1-bfcb-04e02dd1df83",
  getSessionFile: () => "/home/dev/.pi/agent/sessions/x.jsonl",
  getLeafId: () => "8d56d2d8",
};
const context = { cwd: repository, sessionManager: manager };

function message(number, text) {
  return { role: number % 2 ? "assistant" : "user", content: [{ type: "text", text }] };
}

/** Requests that grow by two messages each, and are made anew each time, as Pi makes them. */
function* requests(messages, length) {
  const texts = Array.from({ length: messages }, (_, number) => "x".repeat(length) + number);
  for (let turn = 0; ; turn++) {
    texts.push("y".repeat(length) + turn, "z".repeat(length) + turn);
    const list = texts.map((text, number) => message(number, text));
    yield { payload: { model: "m", system: "s".repeat(9000), tools: [{ name: "t" }], messages: list } };
  }
}

function* same(event) {
  for (;;) yield event;
}

function median(name, events) {
  const times = [];
  for (let turn = 0; turn < TIMES; turn++) {
    const event = events.next().value;
    const began = process.hrtime.bigint();
    handlers[name](event, context);
    times.push(Number(process.hrtime.bigint() - began) / 1e6);
  }
  return times.sort((one, other) => one - other)[TIMES >> 1];
}

const ended = { turnIndex: 1, message: { responseId: "m", stopReason: "toolUse", usage: { input: 1 } } };
console.log(
  JSON.stringify({
    turn_end: median("turn_end", same(ended)),
    "a request of 50 kB": median("before_provider_request", requests(20, 2_000)),
    "a request of 2 MB": median("before_provider_request", requests(1_000, 1_500)),
  }),
);
